"""
Phones in a network that loses requests and answers, delivers twice and late, while apps and the server are killed.

Whatever happens: when at last everything got through, every command was done exactly once and every photo has its record.
`ANLAN_MACHINE=200x60` sets examples × steps.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from anlan.files import tus
from anlan.files.actions import link_files
from anlan.files.images import Derived, already_derived, inspect_and_derive
from anlan.files.models import File
from anlan.hazards.actions import register_hazard
from anlan.hazards.models import Hazard
from anlan.inspections.events import FindingRecorded
from anlan.inspections.models import Finding, SelfCheck
from anlan.inspections.self_check_duty import settle
from anlan.kernel import calendar, citysettings, clock, events, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.commands import Command, CommandKind, Done, command_kinds
from anlan.kernel.ids import new_id
from anlan.kernel.inputs import Input
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import DoneCommand, Entry
from anlan.site import sync as executor
from anlan.site.sync_api import SentCommand
from anlan_verify import canonical
from tests.factories import make_city, picture
from tests.inspections.self_checks import MONDAY, at, found, plan, sheet

EXAMPLES, STEPS = map(int, os.environ.get("ANLAN_MACHINE", "8x30").replace("long", "100x60").split("x"))
DEVICES = ("inspector", "inspector2", "safety_manager")
PIECE = 300


class Killed(BaseException):
    """The server is gone."""


class Noted(Input):
    words: str


def note(actor: Actor, asked: Command, data: Noted) -> Done:
    entry = write_note(
        actor=actor, subject_type="hazard", subject_id=asked.subject, step="noted", data={"words": data.words},
        region=actor.region, industry_bit=0,
    )  # fmt: skip
    link_files(actor=actor, ids=asked.files, subject_type="hazard", subject_id=asked.subject, field="photos")
    return Done(version=entry.version)


def hear(event: FindingRecorded) -> None:
    one = event.finding
    hazard = register_hazard(
        actor=event.actor,
        data={
            "source": "self", "industry": one.enterprise.industry_id, "region": one.region, "enterprise": one.enterprise_id,
            "place": one.place, "category": one.category, "description": one.description, "photos": one.files,
        },
    )  # fmt: skip
    event.settle(hazard.pk, hazard.number, hazard.version > 1)


@cache
def derived(seed: int) -> tuple[bytes, str, Derived]:
    """A picture decoded once for all examples: decoding is proved elsewhere."""
    content = picture(seed)
    made = inspect_and_derive(content, declared_name="p.jpg")
    return content, made.sha256, made


@dataclass
class Phone:
    """`outbox` is on its disk; what it heard since it last wrote there is lost when the app is killed."""

    actor: Actor
    id: UUID = field(default_factory=new_id)
    seq: int = 0
    outbox: list[dict[str, Any]] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    given_up: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    sent: list[list[dict[str, Any]]] = field(default_factory=list)


class Network(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        calendar.forget()
        citysettings.forget()
        self.stage = transaction.atomic()
        self.stage.__enter__()
        self.kept = dict(events._hearers), dict(command_kinds)
        events._hearers[FindingRecorded] = [hear]
        command_kinds["test.note"] = CommandKind(name="test.note", needs=Noted, run=note, fact=True)
        self.city = make_city()
        self.day, self.pictures, self.asked = MONDAY, 0, []  # type: ignore[var-annotated]
        self.contents: dict[str, bytes] = {}
        self.made: dict[str, Derived] = {}
        plan(self.city, on_rest_days=True)
        self.subjects = [self.city.found(photos=[], source="document").pk for _ in range(2)]
        self.phones = [Phone(self.city.actors[name]) for name in DEVICES]

    def photo(self) -> str:
        self.pictures += 1
        content, digest, made = derived(self.pictures)
        self.contents[digest], self.made[digest] = content, made
        return digest

    def ask(self, phone: Phone, kind: str, subject: UUID, payload: dict[str, Any], photos: list[str]) -> None:
        phone.seq += 1
        with at(self.day):
            moment = clock.now().isoformat()
        made = {
            "id": str(new_id()), "seq": phone.seq, "kind": kind, "subject": str(subject), "at": moment,
            "payload": payload, "photos": photos,
        }  # fmt: skip
        phone.outbox.append(made)
        self.asked.append((phone, made))

    # What people do

    @rule(device=st.integers(0, 1), subject=st.integers(0, 1), pictured=st.booleans())
    def notes_something(self, device: int, subject: int, pictured: bool) -> None:
        phone = self.phones[device]
        photos = [self.photo()] if pictured else []
        self.ask(phone, "test.note", self.subjects[subject], {"words": str(new_id())}, photos)

    @rule(bad=st.booleans())
    def checks_the_works(self, bad: bool) -> None:
        payload = sheet(self.city, self.day, excuse="网络中断", answers=[{"text": str(new_id()), "value": "yes"}])
        if bad:
            payload |= {"nothing_found": False, "findings": [found([self.photo()], place=f"{new_id()}处")]}
        self.ask(self.phones[2], "self_check.do", new_id(), payload, [])

    @rule()
    def a_night_passes(self) -> None:
        self.day += timedelta(days=1)
        with at(self.day, 1):
            settle()

    # What the network does

    @rule(
        device=st.integers(0, 2),
        fate=st.sampled_from(["through", "request lost", "answer lost", "twice", "server killed"]),
        after=st.integers(0, 3),
    )
    def syncs(self, device: int, fate: str, after: int) -> None:
        phone = self.phones[device]
        batch = list(phone.outbox)
        phone.sent.append(batch)
        if fate == "request lost":
            return
        if fate == "server killed":
            self.serve_until_killed(phone, batch, after)
            return
        results = self.serve(phone, batch)
        if fate == "twice":
            again = self.serve(phone, batch)
            assert [one.status for one in again if one.status != "already"] == [
                one.status for one in results if one.status not in executor.WENT_THROUGH
            ]
        if fate != "answer lost":
            self.hears(phone, results)

    @rule(device=st.integers(0, 2), which=st.integers(0, 20))
    def an_old_request_arrives_late(self, device: int, which: int) -> None:
        phone = self.phones[device]
        if phone.sent:
            self.serve(phone, phone.sent[which % len(phone.sent)])

    @rule(device=st.integers(0, 2), cut=st.integers(0, 6))
    def uploads(self, device: int, cut: int) -> None:
        """One missing photo in pieces, until the network is cut."""
        self.upload(self.phones[device], cut)

    @rule(device=st.integers(0, 2))
    def writes_down_what_it_heard(self, device: int) -> None:
        self.phones[device].heard.clear()

    @rule(device=st.integers(0, 2))
    def the_app_is_killed(self, device: int) -> None:
        phone = self.phones[device]
        phone.outbox = sorted([*phone.heard, *phone.outbox], key=lambda one: int(one["seq"]))
        phone.heard, phone.missing = [], set()

    # The works

    def serve(self, phone: Phone, batch: list[dict[str, Any]]) -> list[executor.Result]:
        commands = [SentCommand.model_validate(one) for one in batch]
        with at(self.day, 12), already_derived(self.made):
            moment = clock.now()
            return list(
                executor.run_batch(
                    actor=phone.actor, device=phone.id, sent_at=moment, commands=commands, received_at=moment
                )
            )

    def serve_until_killed(self, phone: Phone, batch: list[dict[str, Any]], after: int) -> None:
        """In the middle of a command whose effects are written and not yet committed."""
        left = after
        plain = executor._plain

        def killed(done: Done) -> dict[str, Any]:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return plain(done)

        executor._plain = killed
        try:
            self.serve(phone, batch)
        except Killed:
            pass
        finally:
            executor._plain = plain

    def hears(self, phone: Phone, results: list[executor.Result]) -> None:
        over = {str(one.id) for one in results if one.status in executor.WENT_THROUGH}
        dropped = {str(one.id) for one in results if one.status in ("conflict", "rejected", "reused")}
        assert not {one.code for one in results if one.status in ("rejected", "reused")}, "nothing wrong was asked"
        phone.given_up |= dropped
        phone.heard += [one for one in phone.outbox if one["id"] in over]
        phone.outbox = [one for one in phone.outbox if one["id"] not in over | dropped]
        phone.missing = {digest for one in results for digest in one.missing}

    def upload(self, phone: Phone, cut: int) -> None:
        if not phone.missing:
            return
        digest = min(phone.missing)
        content = self.contents[digest]
        with at(self.day, 11), already_derived(self.made), scope.acting(phone.actor):
            begun = tus.begin_upload(
                actor=phone.actor,
                length=len(content),
                sha256=digest,
                kind="photo",
                name="p.jpg",
                media_type="image/jpeg",
            )
            offset = 0
            while offset < len(content) and cut:
                part = content[offset : offset + PIECE]
                piece = tus.Piece(at=offset, size=len(part), source=BytesIO(part))
                offset = tus.add_piece(actor=phone.actor, upload=begun.pk, piece=piece).received
                cut -= 1
        if offset == len(content):
            phone.missing.discard(digest)

    def teardown(self) -> None:
        try:
            for phone in self.phones:
                self.the_app_is_killed(self.phones.index(phone))
                while phone.outbox:
                    self.hears(phone, self.serve(phone, list(phone.outbox)))
                    while phone.missing:
                        self.upload(phone, 99)
            with scope.acting(SYSTEM):
                self.everything_once()
        finally:
            transaction.set_rollback(True)
            self.stage.__exit__(None, None, None)
            events._hearers.clear()
            events._hearers.update(self.kept[0])
            command_kinds.clear()
            command_kinds.update(self.kept[1])

    def everything_once(self) -> None:
        done = set(DoneCommand.objects.values_list("id", flat=True))
        given_up = {one for phone in self.phones for one in phone.given_up} - {str(one) for one in done}
        through = [(phone, one) for phone, one in self.asked if one["id"] not in given_up]
        assert done == {UUID(one["id"]) for _phone, one in through}
        for subject in self.subjects:
            rows = Entry.objects.filter(subject_id=subject, step="noted").order_by("version")
            written = [canonical.loads(bytes(row.body))["data"]["words"] for row in rows]
            for phone in self.phones:
                asked = [
                    one["payload"]["words"]
                    for owner, one in through
                    if owner is phone and one["subject"] == str(subject)
                ]
                assert [words for words in written if words in set(asked)] == asked, "in each phone's order, once"
        texts = Counter(one["words"] for check in SelfCheck.objects.all() for one in check.answers)
        checks = [one for _phone, one in through if one["kind"] == "self_check.do"]
        assert texts == Counter(one["payload"]["answers"][0]["text"] for one in checks)
        meant = {one["id"] for check in checks for one in check["payload"].get("findings", [])}
        assert {str(one.pk) for one in Finding.objects.all()} == meant
        assert Hazard.objects.filter(source="self").count() == len(meant)
        named = Counter(digest for _phone, one in through for digest in self.photos_of(one))
        tied = Counter(File.objects.exclude(subject_id=None).values_list("sha256", flat=True))
        assert tied == named, "every photo in its record, once"
        lost = set(File.objects.filter(subject_id=None).values_list("sha256", flat=True))
        assert lost <= {digest for _phone, one in self.asked if one["id"] in given_up for digest in self.photos_of(one)}

    def photos_of(self, command: dict[str, Any]) -> list[str]:
        inner = [digest for one in command["payload"].get("findings", []) for digest in one["photos"]]
        return [*command["photos"], *inner]


TestNetwork = Network.TestCase
TestNetwork.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
TestNetwork = pytest.mark.django_db(databases=["default", "owner"])(TestNetwork)
TestNetwork = pytest.mark.slow(TestNetwork)
