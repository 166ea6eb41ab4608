"""
Random people do random things to a few instruments on the real database while the clock jumps; what must always hold, holds.

`ANLAN_MACHINE=long` runs for minutes instead of about one; `ANLAN_MACHINE=200x60` sets examples × steps.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from anlan.enforcement import actions
from anlan.enforcement.flow import INSTRUMENT
from anlan.enforcement.models import Answer, Case, Instrument, Service, Text
from anlan.enforcement.states import DRAFTS, SERVED
from anlan.kernel import calendar, citysettings, clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import Entry
from tests.enforcement.conftest import Bench, make_bench
from tests.machines import People

SIZES = {"": (6, 20), "long": (100, 50)}
EXAMPLES, STEPS = SIZES.get(os.environ.get("ANLAN_MACHINE", "")) or map(int, os.environ["ANLAN_MACHINE"].split("x"))
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PEOPLE = (
    "inspector", "inspector2", "regulator", "regulator2", "office", "leader", "expert", "principal", "safety_manager",
    "city_office", "auditor", "n_regulator", "n_principal", "n_office", "two_hats",
)  # fmt: skip
"""`two_hats` is the inspector's person acting as the leader: four eyes must bind the person, not the post."""
VERBS = tuple(step.name for step in INSTRUMENT.steps if not step.opens)
KINDS = ("warning_letter", "rectification_order", "recheck_opinion", "exposure")
FIXED = ("number", "fields", "text_digest", "addressee", "pdf_digest", "docx_digest", "approver_id", "drafter_ids")
ENDINGS = ("discard", "send_back")


@contextmanager
def nothing_kept() -> Iterator[Bench]:
    with transaction.atomic():
        bench = make_bench()
        city = bench.city
        city.actors["two_hats"] = replace(city.leader, person=city.inspector.person, name=city.inspector.name)
        yield bench
        transaction.set_rollback(True)


class Office(People):
    def __init__(self) -> None:
        super().__init__()
        calendar.forget()
        citysettings.forget()
        self.stage = nothing_kept()
        self.bench: Bench = self.stage.__enter__()
        self.now = START
        self.ids: list[UUID] = []
        self.fixed: dict[UUID, dict[str, Any]] = {}

    @initialize()
    def begin(self) -> None:
        with clock.at(self.now):
            self.ids += [self.bench.draft().pk, self.bench.served(kind="rectification_order").pk]

    @rule(data=st.data(), what=st.sampled_from(("due",) * 7 + ("anything",) * 3 + ("draft", "time")))
    def live(self, data: st.DataObject, what: str) -> None:
        """One rule with weights, so that every run has something of everything and far states are reached."""
        match what:
            case "due":
                self.do_what_is_due(data)
            case "anything":
                who, verb = data.draw(st.sampled_from(PEOPLE)), data.draw(st.sampled_from(VERBS))
                self.step(data, data.draw(st.sampled_from(self.ids)), who, verb)
            case "draft":
                self.draft(data)
            case "time":
                self.now += timedelta(hours=data.draw(st.integers(1, 24 * 20)))
                with clock.at(self.now):
                    tick()

    def draft(self, data: st.DataObject) -> None:
        actor = self.bench.city.actors[data.draw(st.sampled_from(PEOPLE))]
        kind = data.draw(st.sampled_from(KINDS))
        earlier = data.draw(st.sampled_from([None, *self.ids]))
        withdraws = data.draw(st.sampled_from([None, None, *self.ids]))
        enterprise = data.draw(st.sampled_from((self.bench.city.enterprise.pk, self.bench.city.n_enterprise.pk)))
        whole = data.draw(st.booleans())

        def make() -> Instrument:
            return actions.draft(
                actor=actor, kind=kind, enterprise=enterprise, fields=self.bench.fields(kind) if whole else {},
                after=earlier, withdraws=withdraws,
            )  # fmt: skip

        if (made := self.attempt(actor, make)) is not None:
            event("drafted")
            self.ids.append(made.pk)

    def do_what_is_due(self, data: st.DataObject) -> None:
        """Something that leads on, by somebody who may."""
        key = data.draw(st.sampled_from(self.ids))
        likely: dict[str, list[str]] = {}
        with scope.acting(SYSTEM), clock.at(self.now):
            record = Instrument.objects.get(pk=key)
            for one in INSTRUMENT.steps:
                if record.state not in one.source or not one.by_people or one.name in ENDINGS:
                    continue
                for who in PEOPLE:
                    actor = self.bench.city.actors[who]
                    if one.by(actor, record) and all(guard.holds(record, actor, None) for guard in one.guards):
                        likely.setdefault(one.name, []).append(who)
        if likely:
            verb = data.draw(st.sampled_from(sorted(likely)))
            self.step(data, key, data.draw(st.sampled_from(likely[verb])), verb)

    def step(self, data: st.DataObject, key: UUID, who: str, verb: str) -> None:
        actor = self.bench.city.actors[who]
        sent = self.input(data, verb)

        def take() -> Instrument:
            return actions.take_step(actor=actor, instrument=key, step=verb, data=sent)

        if self.attempt(actor, take) is not None:
            event(f"took {verb}")

    def input(self, data: st.DataObject, verb: str) -> dict[str, Any]:
        match verb:
            case "amend":
                kind = data.draw(st.sampled_from(KINDS))
                return {"fields": self.bench.fields(kind)}
            case "send_back" | "discard":
                return {"reason": "需要补充。"}
            case "serve":
                if data.draw(st.booleans()):
                    return {
                        "way": "post",
                        "outcome": "failed",
                        "post_number": "EMS1",
                        "on": clock.day_of(self.now).isoformat(),
                    }
                return {**self.bench.handing(), "on": clock.day_of(self.now).isoformat()}
            case "answer":
                return {"words": "已整改。", "waives": data.draw(st.booleans())}
            case "withdraw":
                return {"by": str(self.ids[0])}
            case "remind" | "fall_due" | "escalate":
                return {"level": 1}
        return {}

    def everything(self) -> Any:
        with scope.acting(SYSTEM):
            counts = [model.objects.count() for model in (Text, Service, Answer, Case, Entry)]
            return counts, list(Instrument.objects.order_by("id").values())

    @invariant()
    def what_is_fixed_stays_and_what_binds_was_seen_by_others(self) -> None:
        with scope.acting(SYSTEM):
            rows = list(Instrument.objects.order_by("id"))
            for row in rows:
                steps = [act.step for act in acts(row.pk)]
                assert len(steps) == row.version
                if row.order is not None:
                    now = {name: getattr(row, name) for name in FIXED}
                    assert self.fixed.setdefault(row.pk, now) == now
                    assert row.approved_digest == row.text_digest
                    assert str(row.approver_id) not in row.drafter_ids
                    assert str(row.reviewer_id) not in row.drafter_ids
                if row.state in DRAFTS:
                    assert row.known_to_id is None
                    assert row.order is None
                if row.state in SERVED:
                    assert row.known_to_id == row.enterprise_id
                    assert row.served_on is not None
                if row.state == "withdrawn":
                    assert Instrument.objects.filter(withdraws=row, state__in=(*SERVED, "withdrawn")).exists()
            taken = [(row.organ_id, row.stem, row.year, row.order) for row in rows if row.order is not None]
        for organ, stem, year, _order in taken:
            orders = sorted(one[3] for one in taken if one[:3] == (organ, stem, year))
            assert orders == list(range(1, len(orders) + 1))
        self.nobody_outside_sees_a_draft(rows)

    def nobody_outside_sees_a_draft(self, rows: list[Instrument]) -> None:
        served = {row.pk for row in rows if row.served_at is not None}
        for name in ("principal", "n_principal"):
            actor: Actor = self.bench.city.actors[name]
            with scope.acting(actor):
                seen = set(Instrument.objects.values_list("pk", flat=True))
            assert seen == {row.pk for row in rows if row.pk in served and row.enterprise_id in actor.enterprises}


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.slow
def test_random_people() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )
