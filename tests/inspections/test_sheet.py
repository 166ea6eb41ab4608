"""The canonical sheet: the same bytes here and on the phone, holding all that was recorded, bound to everything that is signed."""

import json
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from anlan.files.models import File
from anlan.inspections.documents.facts import site_record
from anlan.inspections.models import RecordedSheet, Visit
from anlan.inspections.paper import paper
from anlan.inspections.queries.field import visits_for
from anlan.inspections.sheet import _first_form, made, minute, sheet, standing
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Invalid, NotNow
from anlan.registry.models import Enterprise
from anlan_verify import canonical
from tests.inspections.conftest import Field

VECTORS = json.loads((Path(__file__).parents[1] / "contracts" / "record_sheet.json").read_text(encoding="utf-8"))
database = pytest.mark.django_db(databases=["default", "owner"])


@pytest.mark.parametrize("vector", VECTORS)
def test_the_vectors_of_the_contract(vector: dict[str, object]) -> None:
    found = made(vector["sheet"])  # type: ignore[arg-type]
    assert found.shown.decode() == vector["canonical"]
    assert found.digest == vector["digest"] == sha256(str(vector["canonical"]).encode()).hexdigest()
    assert canonical.loads(found.shown) == vector["sheet"]


def photo(city: Field) -> tuple[UUID, str]:
    with scope.acting(city.inspector):
        made_ = city.photo(city.inspector)
        return made_, File.objects.get(pk=made_).sha256


def whole(city: Field) -> tuple[Visit, dict[str, str]]:
    """A visit with a bit of everything, and what the test must know of it."""
    visit = city.under_way()
    (front, front_sha), (back, back_sha) = photo(city), photo(city)
    city.answer(visit, city.items[1], "na")
    city.answer(visit, city.items[0], "yes", remark="已建立", photos=[back])
    kept = city.finding(visit, place="北侧", photos=[front, back])
    gone = city.finding(visit)
    city.do(city.inspector, visit, "withdraw_finding", finding=gone, reason="看错了位置")
    city.do(city.inspector, visit, "on_site", kind="training", words="现场讲解", people=4)
    city.do(city.inspector, visit, "on_site", kind="stop_use", words="停用机组", until=date(2026, 12, 1), finding=kept)
    return visit, {"front": front_sha, "back": back_sha, "kept": str(kept)}


@database
def test_the_sheet_of_a_visit_holds_what_is_signed(city: Field) -> None:
    visit, known = whole(city)
    left = clock.now()
    with scope.acting(city.inspector):
        fresh = Visit.objects.get(pk=visit.pk)
        facts = sheet(fresh, summary="好", met=("王某", "", ""), left=left).facts
    yes, na = str(city.items[0].pk), str(city.items[1].pk)
    assert facts["answers"] == sorted(
        [
            {"item": na, "value": "na", "remark": "", "photos": []},
            {"item": yes, "value": "yes", "remark": "已建立", "photos": [known["back"]]},
        ],
        key=lambda row: row["item"],
    )
    assert facts["findings"] == [
        {
            "category": "equipment",
            "clause": None,
            "description": "传动部位缺少防护罩，人员可触及。",
            "id": known["kept"],
            "item": None,
            "major": False,
            "photos": sorted([known["front"], known["back"]]),
            "place": "北侧",
            "risk_point": None,
        }
    ]
    assert facts["officers"] == [[city.inspector.name, "1410000000"], [city.inspector2.name, "1410000001"]]
    assert [{**row, "id": ""} for row in facts["on_site"]] == [
        {"id": "", "finding": None, "kind": "training", "people": 4, "until": None, "words": "现场讲解"},
        {
            "id": "",
            "finding": known["kept"],
            "kind": "stop_use",
            "people": None,
            "until": "2026-12-01",
            "words": "停用机组",
        },
    ]
    assert (facts["enterprise"], facts["number"], facts["visit"]) == (city.enterprise.name, fresh.number, str(fresh.pk))
    assert (facts["summary"], facts["met"], facts["form"]) == ("好", ["王某", "", ""], 2)
    assert (facts["kind"], facts["check"], facts["style"]) == ("administrative", "county", "notified")
    assert (facts["arrived"], facts["left"]) == (minute(fresh.arrived_at), minute(left))


@database
def test_every_part_of_it_binds(city: Field) -> None:
    """What one could have changed behind the signatures before."""
    visit, _known = whole(city)
    data = city.record_data(visit)
    another, _sha = photo(city)
    changes: list[Any] = [
        lambda: city.answer(visit, city.items[0], "yes", remark="已建立", photos=[another]),
        lambda: city.do(city.inspector2, visit, "on_site", kind="other", words="约谈负责人", until=date(2026, 12, 2)),
        lambda: data.update(left_at=data["left_at"] - timedelta(minutes=1)),
    ]
    for change in changes:
        data = city.record_data(visit, left_at=clock.now() + timedelta(minutes=2))
        change()
        with pytest.raises(Conflict) as caught:
            city.do(city.inspector, visit, "record", **data)
        assert caught.value.code == "visit.sheet_changed"
    assert city.recorded(city.again(visit)).state == "recorded"


@database
def test_signed_without_a_network_the_photos_that_arrive_must_be_those_that_were_signed(city: Field) -> None:
    visit = city.under_way()
    city.finding(visit)
    data = city.record_data(visit)
    with scope.acting(city.inspector):
        facts = sheet(Visit.objects.get(pk=visit.pk), summary=data["summary"], left=data["left_at"],
                      met=("王某", "厂长", "13800000000")).facts  # fmt: skip
        assert made(facts).digest == data["digest"]
        [row] = facts["findings"]
        assert row["photos"] == [File.objects.exclude(subject_id=None).get().sha256]
    row["photos"] = ["0" * 64]
    with pytest.raises(Conflict) as caught:
        city.do(city.inspector, visit, "record", **data | {"digest": made(facts).digest})
    assert caught.value.code == "visit.sheet_changed"
    assert city.again(visit).state == "under_way"


@database
def test_the_bytes_are_kept_and_answered_for_whatever_is_renamed_later(city: Field) -> None:
    visit = city.recorded(whole(city)[0])
    with scope.acting(SYSTEM):
        Enterprise.objects.filter(pk=city.enterprise.pk).update(name="改名后有限公司")
    with scope.acting(city.inspector2):
        kept = standing(visit)
        assert kept.digest == visit.record_digest
        assert sha256(RecordedSheet.objects.get().shown.encode()).hexdigest() == visit.record_digest
        assert paper(visit).enterprise == city.enterprise.name
        assert visits_for(city.inspector2, clock.today())[0]["sheet"] == kept.facts
    signed = city.sign_record(city.inspector2, visit, "officer", city.inspector2.name)
    assert signed.state == "recorded"


@database
def test_each_round_keeps_its_own_and_nobody_changes_one(city: Field) -> None:
    visit = city.recorded(whole(city)[0])
    first = visit.record_digest
    city.do(city.inspector, visit, "reopen", reason="漏记一处隐患")
    city.finding(visit)
    visit = city.recorded(city.again(visit))
    with scope.acting(city.inspector):
        rows = list(RecordedSheet.objects.order_by("round"))
        assert [(row.round, row.digest) for row in rows] == [(1, first), (2, visit.record_digest)]
        assert standing(visit).digest == visit.record_digest
        for change in (rows[0].delete, lambda: RecordedSheet.objects.update(shown="{}")):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
    for name, count in (("principal", 2), ("regulator", 2), ("n_inspector", 0), ("n_principal", 0), ("other_field", 0)):
        with scope.acting(city.actors[name]):
            assert RecordedSheet.objects.count() == count, name


@database
def test_what_was_signed_in_the_first_form_is_still_read_and_signed(
    city: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, known = whole(city)
    with monkeypatch.context() as before:  # as records were closed before sheets were kept
        before.setattr("anlan.inspections.steps.recording.sheet", _first_form)
        before.setattr("anlan.inspections.steps.recording.keep", lambda *_args: None)
        with scope.acting(city.inspector):
            old = Visit.objects.get(pk=visit.pk)
            old.summary, old.met_name = "查看了一号车间。", "王某"
            digest = _first_form(old).digest
        words = {"summary": "查看了一号车间。", "met_name": "王某", "left_at": clock.now(), "digest": digest}
        visit = city.do(city.inspector, visit, "record", **words)
    with scope.acting(city.inspector):
        assert "form" not in standing(visit).facts
        assert standing(visit).digest == visit.record_digest == digest
        read = paper(visit)
        assert [(one.id, one.place, one.photos) for one in read.findings] == [(known["kept"], "北侧", [])]
        assert (read.kind, read.when, read.measures[1].until) == ("", "", ""), "nothing is added to what was signed"
        assert site_record(visit).facts[6][1] == f"{local(visit.arrived_at)} – {local(visit.left_at)}"
    for actor in (city.inspector, city.inspector2):
        visit = city.sign_record(actor, visit, "officer", actor.name)
    assert city.sign_record(city.inspector, visit, "enterprise", "王某").state == "filed"


def local(moment: Any) -> str:
    return str(moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M"))


@database
@pytest.mark.parametrize(("away", "stands"), [(-9, True), (9, False), (-11, False), (None, False)])
def test_the_arrival_a_phone_wrote_down_stands_within_what_clocks_may_differ(
    city: Field, away: int | None, *, stands: bool
) -> None:
    """Nine minutes ahead lies in the future: then it is now."""
    now = datetime.combine(clock.today(), time(12), clock.SHANGHAI)  # at noon the hour before is the same day
    with clock.at(now - timedelta(hours=1)):
        visit = city.ready()
    told = now + timedelta(minutes=away) if away is not None else None
    with clock.at(now):
        arrived = city.do(city.inspector, visit, "arrive", arrived_at=told)
    assert arrived.arrived_at == (told if stands else now)


@database
def test_it_does_not_bring_the_arrival_before_the_visit_could_begin(city: Field) -> None:
    visit = city.ready()
    arrived = city.do(city.inspector, visit, "arrive", arrived_at=clock.now() - timedelta(minutes=9))
    assert arrived.arrived_at == visit.state_since
    with clock.at(clock.now() - timedelta(hours=3)):
        other = city.under_way(enterprise=city.other_enterprise().pk)
    with pytest.raises((Conflict, NotNow)):
        city.do(city.inspector, other, "arrive", arrived_at=clock.now())


@database
def test_leaving_lies_between_the_arrival_and_now(city: Field) -> None:
    visit = city.under_way()
    for minutes in (-1, 12):
        with pytest.raises(Invalid) as caught:
            city.do(
                city.inspector, visit, "record",
                **city.record_data(visit, left_at=visit.arrived_at + timedelta(minutes=minutes)),
            )  # fmt: skip
        assert set(caught.value.fields) == {"left_at"}
    same = visit.arrived_at.replace(second=0, microsecond=0)
    assert city.do(city.inspector, visit, "record", **city.record_data(visit, left_at=same)).left_at == same
