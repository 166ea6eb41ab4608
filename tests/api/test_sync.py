"""The command executor over HTTP: each command exactly once, and nothing kept of one that did not go through."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any

import pytest
from django.db import connection
from pydantic import Field

from anlan.files.actions import link_files
from anlan.files.models import File
from anlan.hazards.models import Hazard
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.commands import Command, Done, command, command_kinds
from anlan.kernel.errors import Forbidden
from anlan.kernel.ids import new_id
from anlan.kernel.inputs import Input, Line
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import DoneCommand, Entry, Refusal
from anlan_verify import canonical
from tests.api.conftest import Speaker, Speaking
from tests.api.test_problems import problem
from tests.api.tus_client import upload
from tests.factories import City, picture
from tests.together import at_once

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
committing = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
DEVICE = new_id()


class Noted(Input):
    words: Annotated[Line, Field(min_length=2)]
    more: list[str] = []
    forbidden: bool = False
    broken: bool = False


@pytest.fixture(autouse=True)
def small_kind() -> Iterator[None]:
    """A command that writes a note on its subject and ties its photos to it."""

    @command("test.note", Noted, fact=True, names=lambda data: data.more)
    def note(actor: Actor, asked: Command, data: Noted) -> Done:
        entry = write_note(
            actor=actor, subject_type="hazard", subject_id=asked.subject, step="noted", data={"words": data.words},
            region=actor.region, industry_bit=0,
        )  # fmt: skip
        link_files(
            actor=actor,
            ids=list(asked.photos.values()),
            subject_type="hazard",
            subject_id=asked.subject,
            field="photos",
        )
        if data.forbidden:
            raise Forbidden
        if data.broken:
            raise ZeroDivisionError
        return Done(version=entry.version, record={"words": data.words, "files": asked.files_of(data.more)})

    yield
    del command_kinds["test.note"]


def cmd(subject: Any, seq: int = 1, kind: str = "test.note", photos: Any = (), **over: Any) -> dict[str, Any]:
    made = {
        "id": str(new_id()), "seq": seq, "kind": kind, "subject": str(subject), "base_version": None,
        "at": clock.now().isoformat(), "payload": {"words": f"note {seq}"}, "photos": list(photos),
    }  # fmt: skip
    return made | over


def batch(*commands: Any, **over: Any) -> dict[str, Any]:
    return {"device": str(DEVICE), "sent_at": clock.now().isoformat(), "commands": list(commands)} | over


def sync(speaker: Speaker, *commands: Any, **over: Any) -> list[dict[str, Any]]:
    answer = speaker.post("/sync", batch(*commands, **over))
    assert answer.status_code == 200, answer.content
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def statuses(results: list[dict[str, Any]]) -> list[str]:
    return [one["status"] for one in results]


def noted(subject: Any) -> list[str]:
    """The words written on a subject, in the ledger's order."""
    with scope.acting(SYSTEM):
        rows = Entry.objects.filter(subject_id=subject, step="noted").order_by("version")
        return [canonical.loads(bytes(row.body))["data"]["words"] for row in rows]


def kept() -> int:
    with scope.acting(SYSTEM):
        return DoneCommand.objects.count()


def test_applied_in_the_phones_order_and_answered_again(speak: Speaking) -> None:
    inspector, subject = speak("inspector"), new_id()
    commands = [cmd(subject, 3), cmd(subject, 1), cmd(subject, 2)]
    first = sync(inspector, *commands)
    assert [(one["status"], one["version"], one["record"]["words"]) for one in first] == [
        ("applied", 1, "note 1"), ("applied", 2, "note 2"), ("applied", 3, "note 3"),
    ]  # fmt: skip
    again = sync(inspector, *commands)
    assert again == [one | {"status": "already"} for one in first]
    assert noted(subject) == ["note 1", "note 2", "note 3"]
    told = inspector.get(f"/sync/commands/{commands[1]['id']}")
    assert told.json() == again[0]
    problem(inspector.get(f"/sync/commands/{new_id()}"), 404, "not_found")
    problem(speak("inspector2").get(f"/sync/commands/{commands[1]['id']}"), 404, "not_found")


def test_the_same_id_for_something_else_is_refused_whoever_used_it(speak: Speaking) -> None:
    subject = new_id()
    one = cmd(subject)
    assert statuses(sync(speak("inspector"), one)) == ["applied"]
    for other in (one | {"payload": {"words": "other"}}, one | {"subject": str(new_id())}, one | {"base_version": 3}):
        (told,) = sync(speak("inspector"), other)
        assert (told["status"], told["code"], told["record"]) == ("reused", "sync.reused", {})
    (told,) = sync(speak("inspector2"), one)
    assert (told["status"], told["record"]) == ("reused", {}), "the answer is not told to somebody else"
    assert statuses(sync(speak("inspector"), one | {"seq": 40, "payload": dict(one["payload"])})) == ["already"]
    assert noted(subject) == ["note 1"]


def test_missing_photos_are_waited_for_and_what_follows_on_the_record_is_held(city: City, speak: Speaking) -> None:
    inspector, subject, other = speak("inspector"), city.found().pk, new_id()
    content, inner = picture(101), picture(102)
    hashes = [sha256(content).hexdigest(), sha256(inner).hexdigest()]
    commands = [
        cmd(subject, 1, photos=[hashes[0]], payload={"words": "with photo", "more": [hashes[1]]}),
        cmd(subject, 2),
        cmd(other, 3),
    ]
    first = sync(inspector, *commands)
    assert statuses(first) == ["waiting", "held", "applied"]
    assert first[0]["missing"] == hashes
    upload(inspector, content)
    assert sync(inspector, *commands)[0]["missing"] == [hashes[1]]
    upload(speak("inspector2"), inner)
    assert sync(inspector, *commands)[0]["missing"] == [hashes[1]], "somebody else's photo is not here"
    assert (noted(subject), kept()) == ([], 1)
    upload(inspector, inner)
    done = sync(inspector, *commands)
    assert statuses(done) == ["applied", "applied", "already"]
    with scope.acting(SYSTEM):
        tied = File.objects.filter(subject_id=subject, sha256__in=hashes)
        assert {one.sha256 for one in tied} == set(hashes)
        assert done[0]["record"]["files"] == [str(tied.get(sha256=hashes[1]).pk)]
    assert statuses(sync(inspector, *commands)) == ["already"] * 3


def test_wrong_fields_are_named_in_the_readers_language(speak: Speaking) -> None:
    inspector, subject = speak("inspector"), new_id()
    bad = cmd(subject, payload={"words": "x", "wrods": 1})
    (told,) = sync(inspector, bad)
    assert (told["status"], told["code"]) == ("rejected", "invalid")
    assert {one["field"] for one in told["errors"]} == {"words", "wrods"}
    assert "Please write at least 2 characters." in {one["message"] for one in told["errors"]}
    chinese = inspector.post("/sync", batch(bad), Accept_Language="zh-hans").json()["results"][0]
    assert "没有此字段" in "".join(one["message"] for one in chinese["errors"])
    mended = bad | {"payload": {"words": "mended"}}
    assert statuses(sync(inspector, mended)) == ["applied"], "the same id after mending"


def test_what_went_wrong_leaves_nothing(speak: Speaking) -> None:
    inspector, subject, other = speak("inspector"), new_id(), new_id()
    refused, failed = cmd(subject, 1), cmd(other, 3)
    refused["payload"]["forbidden"] = failed["payload"]["broken"] = True
    results = sync(inspector, refused, cmd(subject, 2), failed, cmd(other, 4), cmd(new_id(), 5))
    assert statuses(results) == ["rejected", "held", "held", "held", "applied"]
    assert [one["code"] for one in results] == ["forbidden", "sync.held", "sync.failed", "sync.held", ""]
    assert (noted(subject), noted(other), kept()) == ([], [], 1)
    with scope.acting(SYSTEM):
        refusal = Refusal.objects.get()
    assert (refusal.method, refusal.status, refusal.code) == ("COMMAND", 403, "forbidden")


def test_an_unknown_kind_says_so(speak: Speaking) -> None:
    (told,) = sync(speak("inspector"), cmd(new_id(), kind="visit.fly"))
    assert (told["status"], told["code"]) == ("rejected", "sync.unknown_kind")
    assert "visit.fly" in told["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"commands": [{}]}, {"device": "x"}, {"sent_at": "2026-11-21T08:00:00"}, {"commands": [cmd(DEVICE)] * 101},
        {"commands": [cmd(DEVICE, at="0001-01-01T00:00:00Z")]}, {"commands": [cmd(DEVICE, photos=["..", "x" * 64])]},
        {"commands": [cmd(DEVICE, base_version=-1)]}, {"commands": [cmd(DEVICE, kind="x" * 41)]},
    ],
)  # fmt: skip
def test_an_envelope_that_is_none(speak: Speaking, body: dict[str, Any]) -> None:
    problem(speak("inspector").post("/sync", (batch() | body) if body else {}), 422, "invalid")


def test_strangers_and_other_pages_send_nothing(city: City) -> None:
    from django.test import Client

    problem(Speaker("anl_wrong").post("/sync", batch(cmd(DEVICE))), 401, "sign_in_needed")
    client = Client(enforce_csrf_checks=True)
    client.force_login(city.posts["inspector"].person)
    assert client.post("/api/v1/sync", batch(cmd(DEVICE)), "application/json").status_code == 403


def test_the_phones_clock_is_put_right_and_never_ahead(city: City, speak: Speaking) -> None:
    subject, wrong = new_id(), timedelta(days=3, hours=5)
    now = datetime.now(UTC)
    ahead, future = now + wrong, now + timedelta(days=9)
    sync(
        speak("inspector"),
        cmd(subject, 1, at=(ahead - timedelta(hours=2)).isoformat()),
        cmd(subject, 2, at=future.isoformat()),
        sent_at=ahead.isoformat(),
    )
    with scope.acting(city.inspector):
        first, second = DoneCommand.objects.order_by("seq")
    assert abs(first.client_at - (now - timedelta(hours=2))) < timedelta(minutes=1)
    assert now <= second.client_at <= second.at
    with scope.acting(SYSTEM):
        body = canonical.loads(bytes(Entry.objects.get(subject_id=subject, version=1).body))
    assert canonical.parse_timestamp(body["client_at"]) == first.client_at


def test_a_done_command_is_never_changed_and_only_ones_own(city: City, speak: Speaking) -> None:
    from django.db import DatabaseError, transaction

    sync(speak("inspector"), cmd(new_id()))
    with scope.acting(city.office):
        assert DoneCommand.objects.count() == 0
    with scope.acting(SYSTEM):
        for change in (lambda: DoneCommand.objects.update(answer={}), lambda: DoneCommand.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_a_step_of_a_hazard(city: City, speak: Speaking) -> None:
    hazard = city.dispatched()
    manager, principal = speak("safety_manager"), speak("principal")
    digest = upload(principal, picture(900))
    evidence = cmd(
        hazard.pk, 1, "hazard.step", [digest], base_version=hazard.version, payload={"step": "add_evidence", "data": {"remark": "已设警戒线"}}
    )  # fmt: skip
    (told,) = sync(principal, evidence)
    assert (told["status"], told["version"]) == ("applied", hazard.version + 1), told
    assert told["record"]["number"] == hazard.number
    with scope.acting(city.principal):
        assert File.objects.get(sha256=digest, uploader_id=city.principal.person).subject_id == hazard.pk
    late = cmd(
        hazard.pk,
        2,
        "hazard.step",
        base_version=hazard.version,
        payload={"step": "add_evidence", "data": {"remark": "又来"}},
    )
    (told,) = sync(manager, late)
    assert (told["status"], told["code"], told["version"]) == ("conflict", "flow.changed", hazard.version + 1)
    assert city.principal.name in told["detail"]
    wrong = cmd(hazard.pk, 3, "hazard.step", payload={"step": "submit", "data": {"measure_done": "x"}})
    (told,) = sync(manager, wrong)
    assert (told["status"], told["code"]) == ("conflict", "flow.wrong_state")
    short = cmd(hazard.pk, 4, "hazard.step", payload={"step": "add_evidence", "data": {"remark": ""}})
    (told,) = sync(manager, short)
    assert (told["status"], [one["field"] for one in told["errors"]]) == ("rejected", ["data.remark"])
    (told,) = sync(speak("n_principal"), cmd(hazard.pk, 5, "hazard.step", payload={"step": "sign"}))
    assert (told["status"], told["code"]) == ("rejected", "not_found")
    for step in ("remind", "join", "nonsense"):
        (told,) = sync(manager, cmd(hazard.pk, 6, "hazard.step", payload={"step": step}))
        assert told["status"] == "rejected", step
    with scope.acting(SYSTEM):
        assert Hazard.objects.get().version == hazard.version + 1


@committing
def test_six_at_once_are_one(city: City, speak: Speaking) -> None:
    token, subject = speak("inspector").token, city.found().pk
    digest = upload(Speaker(token), picture(100))
    commands = [cmd(subject, 1, photos=[digest]), cmd(subject, 2), cmd(subject, 3)]
    answers = at_once(*[lambda: sync(Speaker(token), *commands)] * 6)
    flat = [one["status"] for answer in answers for one in answer]
    assert (flat.count("applied"), flat.count("already")) == (3, 15)
    assert {tuple(one["version"] for one in answer) for answer in answers} == {(2, 3, 4)}
    assert noted(subject) == ["note 1", "note 2", "note 3"]


@committing
def test_two_commands_want_one_photo_at_once(city: City, speak: Speaking) -> None:
    token, subjects = speak("inspector").token, [city.found().pk for _ in range(3)]
    digest = upload(Speaker(token), picture(100))
    answers = at_once(*[(lambda one=one: sync(Speaker(token), cmd(one, photos=[digest]))) for one in subjects])
    assert [statuses(one) for one in answers] == [["applied"]] * 3
    with scope.acting(SYSTEM):
        tied = File.objects.filter(sha256=digest).values_list("subject_id", flat=True)
        assert sorted(tied) == sorted(subjects)


class Killed(BaseException):
    """The server is gone in the middle of a batch."""


@committing
def test_a_server_killed_in_a_batch_keeps_what_was_finished(
    city: City, speak: Speaking, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anlan.site import sync as executor

    subject = new_id()
    commands = [cmd(subject, number) for number in range(1, 6)]
    carry_out, left = executor._carry_out, [3]

    def killed(*given: Any) -> Any:
        left[0] -= 1
        done = carry_out(*given)
        if left[0] == 0:
            raise Killed
        return done

    with monkeypatch.context() as patch:
        patch.setattr(executor, "_carry_out", killed)
        inspector = speak("inspector")
        inspector.client.raise_request_exception = True
        with pytest.raises(Killed):
            inspector.post("/sync", batch(*commands))
    connection.close()
    assert noted(subject) == ["note 1", "note 2", "note 3"]
    results = sync(speak("inspector"), *commands)
    assert statuses(results) == ["already"] * 3 + ["applied"] * 2
    assert noted(subject) == [f"note {number}" for number in range(1, 6)]
