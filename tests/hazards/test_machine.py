"""
Random people do random things to a few hazards on the real database while the clock jumps; what must always hold, holds.

`ANLAN_MACHINE=long` runs for minutes instead of about one; `ANLAN_MACHINE=200x60` sets examples × steps.
"""

import os
from collections import Counter
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

from anlan.files.models import File
from anlan.hazards.actions import register_hazard, take_step
from anlan.hazards.flow import HAZARD
from anlan.hazards.models import DueDate, Hazard, Signature
from anlan.hazards.sheet import sheet
from anlan.hazards.tallying import drift
from anlan.kernel import calendar, citysettings, clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.flow.take import snapshot
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import Entry, Timer
from anlan_verify import canonical
from tests.factories import DRAWING, TOWN, City, make_city
from tests.machines import People

SIZES = {"": (10, 25), "long": (150, 60)}
EXAMPLES, STEPS = SIZES.get(os.environ.get("ANLAN_MACHINE", "")) or map(int, os.environ["ANLAN_MACHINE"].split("x"))
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

PEOPLE = (
    "inspector", "inspector2", "regulator", "regulator2", "office", "group_leader", "leader", "expert", "principal",
    "safety_manager", "city_office", "city_regulator", "auditor", "citizen", "n_regulator", "n_principal", "other_field",
    "two_hats",
)  # fmt: skip
"""`two_hats` is inspector2's person acting as the enterprise's principal: separation of duties must bind the person."""
ENDINGS = ("dismiss", "merge", "transfer", "split", "add_evidence", "amend", "stop_use")
VERBS = tuple(step.name for step in HAZARD.steps if not step.opens)


@contextmanager
def nothing_kept() -> Iterator[City]:
    with transaction.atomic():
        city = make_city()
        city.actors["two_hats"] = replace(city.principal, person=city.inspector2.person, name=city.inspector2.name)
        yield city
        transaction.set_rollback(True)


class Loop(People):
    def __init__(self) -> None:
        super().__init__()
        calendar.forget()
        citysettings.forget()
        self.stage = nothing_kept()
        self.city = self.stage.__enter__()
        self.now = START
        self.seen: dict[str, Any] = {"signatures": {}, "due_dates": {}}
        self.ids: list[UUID] = []
        with scope.acting(self.city.inspector):
            self.picture = self.city.photo(self.city.inspector)

    # what people do

    @initialize(
        state=st.sampled_from(("found", "dispatched", "disputed", "rectifying", "rectified", "accepted", "closed")),
        grade=st.sampled_from(("general", "major")),
    )
    def begin(self, state: str, grade: str) -> None:
        with clock.at(self.now):
            self.city.in_state(state, grade=grade)
            self.city.found()
        self.collect()

    @rule(data=st.data(), what=st.sampled_from(("due",) * 6 + ("anything",) * 3 + ("find", "time")))
    def live(self, data: st.DataObject, what: str) -> None:
        """One rule with weights, so that every run has something of everything and far states are reached."""
        match what:
            case "due":
                self.do_what_is_due(data)
            case "anything":
                who, verb = data.draw(st.sampled_from(PEOPLE)), data.draw(st.sampled_from(VERBS))
                self.step(data, data.draw(st.sampled_from(self.ids)), who, verb)
            case "find":
                self.find(data)
            case "time":
                self.now += timedelta(hours=data.draw(st.integers(1, 24 * 20)))
                with clock.at(self.now):
                    tick()

    def find(self, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(("inspector", "expert", "safety_manager", "office", "n_regulator", "auditor")))
        source = data.draw(st.sampled_from(("county", "group", "self", "document")))
        place, photo = data.draw(st.integers(0, 2)), data.draw(st.booleans())
        actor = self.city.actors[who]

        def register() -> Hazard:
            facts = {
                "source": source, "industry": "gongmao", "region": TOWN, "enterprise": self.city.enterprise.pk,
                "place": f"{place}号炉", "category": "equipment", "description": "传动部位缺少防护罩。",
                "photos": [self.photo(actor)] if photo else [],
            }  # fmt: skip
            return register_hazard(actor=actor, data=facts)

        self.attempt(actor, register)

    def do_what_is_due(self, data: st.DataObject) -> None:
        """Something that leads on, by somebody who may."""
        hazard = data.draw(st.sampled_from(self.ids))
        with scope.acting(SYSTEM), clock.at(self.now):
            record = Hazard.objects.get(pk=hazard)
            likely: dict[str, list[str]] = {}
            for step in HAZARD.steps:
                if record.state not in step.source or step.clock or step.quiet or step.name in ENDINGS:
                    continue
                if step.name == "grade" and record.grade:
                    continue
                for who in PEOPLE:
                    actor = self.city.actors[who]
                    if step.by(actor, record) and all(guard.holds(record, actor, None) for guard in step.guards):
                        likely.setdefault(step.name, []).append(who)
        if likely:
            verb = data.draw(st.sampled_from(sorted(likely)))
            self.step(data, hazard, data.draw(st.sampled_from(likely[verb])), verb)

    @invariant()
    def kept_counts_are_those_of_the_table(self) -> None:
        assert drift() == []

    def step(self, data: st.DataObject, hazard: UUID, who: str, verb: str) -> None:
        actor = self.city.actors[who]

        def take() -> Hazard:
            return take_step(actor=actor, hazard=hazard, step=verb, data=self.input(data, actor, hazard, verb))

        if self.attempt(actor, take) is not None:
            event(f"took {verb}")

    def attempt(self, actor: Actor, call: Any) -> Any:
        found = super().attempt(actor, call)
        self.collect()
        return found

    def everything(self) -> Any:
        with scope.acting(SYSTEM):
            rows = [(one.pk, one.version, snapshot(HAZARD, one)) for one in Hazard.objects.order_by("pk")]
            counts = [model.objects.count() for model in (Entry, Timer, Signature, DueDate)]
            return rows, counts, File.objects.exclude(subject_id=None).count()

    def collect(self) -> None:
        """New hazards made by a split join the others."""
        with scope.acting(SYSTEM):
            self.ids += [pk for pk in Hazard.objects.order_by("pk").values_list("pk", flat=True) if pk not in self.ids]

    def input(self, data: st.DataObject, actor: Actor, hazard: UUID, verb: str) -> dict[str, Any]:
        """Mostly valid data with some that is not."""
        city, draw = self.city, data.draw
        with scope.acting(SYSTEM):
            record = Hazard.objects.get(pk=hazard)
            digest = sheet(record).digest
        day = clock.today() + timedelta(days=draw(st.integers(-2, 40)))
        soon = clock.today() + timedelta(days=draw(st.integers(0, 10)))
        photos = [self.photo(actor)] if draw(st.booleans()) or verb == "submit" else []
        officer = draw(st.sampled_from(("inspector", "inspector2", "regulator2", "n_inspector")))
        match verb:
            case "amend":
                return {
                    "place": "改正后的位置",
                    "category": "equipment",
                    "description": "传动部位缺少防护罩。",
                    "reason": "写错",
                }
            case "grade":
                grade = draw(st.sampled_from(("general", "major")))
                return {"grade": grade, "clause": city.clause.pk if grade == "major" else None}
            case "dispatch":
                return {"responsible": city.enterprise.pk, "due": day}
            case "dismiss":
                return {"reason": "现场核实不构成隐患。"}
            case "merge":
                return {"survivor": draw(st.sampled_from(self.ids)), "reason": "同一处隐患"}
            case "split":
                return {"place": "另一侧", "category": "equipment", "description": "另有一处缺护罩。", "reason": "分开整改",
                        "photos": photos}  # fmt: skip
            case "sign" | "refuse":
                told = digest if draw(st.integers(0, 5)) else "0" * 64
                return {"digest": told} | ({"drawing": DRAWING} if verb == "sign" else {"reason": "设备已停用。"})
            case "arbitrate":
                decision = draw(st.sampled_from(("uphold", "uphold", "dismiss", "resend")))
                return {"decision": decision, "reason": "现场核实属实。", "due": draw(st.sampled_from((None, day)))}
            case "plan":
                return city.plan(record) | {"due": soon}
            case "list":
                return {"level": draw(st.sampled_from(("county", "city")))}
            case "publish":
                return {"where": "市政府网站"}
            case "ask_extension":
                return {
                    "due": (record.rectify_due or day) + timedelta(days=draw(st.integers(-1, 20))),
                    "reason": "备件未到",
                }
            case "decide_extension":
                return {"granted": draw(st.booleans()), "reason": "情况属实"}
            case "submit":
                return {"measure_done": "护罩已装好。", "finished_on": clock.today(), "photos": photos}
            case "recheck":
                return {"passed": draw(st.booleans()), "remark": "现场查看过", "photos": photos, "new_due": soon,
                        "officers": [city.posts[officer].pk]}  # fmt: skip
            case "delist":
                return {"remark": "整改到位"}
            case "look_back":
                return {"holds": draw(st.booleans()), "remark": "护罩仍在原位", "new_due": soon}
            case "stop_use":
                return {"measure": "停止使用该设备", "officers": [city.posts[officer].pk]}
            case "transfer":
                return {"authority": "市场监督管理局", "accepted_ref": "收文1号", "reason": "属特种设备"}
            case "add_evidence":
                return {"remark": "补充", "photos": photos}
            case "remind" | "fall_due" | "escalate":
                return {"level": 1}
        return {}

    # what must always hold

    @invariant()
    def counts_reconcile(self) -> None:
        with scope.acting(SYSTEM):
            by_state = Counter(Hazard.objects.values_list("state", flat=True))
        ended = sum(by_state[state] for state in ("closed", "dismissed", "transferred"))
        assert sum(by_state.values()) == len(self.ids)
        assert sum(by_state.values()) - ended == sum(by_state[state.code] for state in HAZARD.states if state.waits_for)

    @invariant()
    def every_record_holds_together(self) -> None:
        with scope.acting(SYSTEM):
            for hazard in Hazard.objects.all():
                self.duties_are_apart(hazard)
                self.due_dates_only_grow(hazard)
                self.ledger_tells_the_row(hazard)
                self.signatures_stay(hazard)
                self.it_waits_once(hazard)

    def duties_are_apart(self, hazard: Hazard) -> None:
        rectifiers, recheckers = set(hazard.rectifier_ids), set(hazard.rechecker_ids)
        assert not rectifiers & recheckers
        if hazard.state == "closed":
            assert str(hazard.closer_id) not in rectifiers | recheckers
            assert not hazard.major or hazard.closer_id != hazard.finder_id
            assert not hazard.listed

    def due_dates_only_grow(self, hazard: Hazard) -> None:
        rows = list(DueDate.objects.filter(hazard=hazard).order_by("set_at", "id").values_list("id", "due", "step"))
        before = self.seen["due_dates"].get(hazard.pk, [])
        assert rows[: len(before)] == before
        self.seen["due_dates"][hazard.pk] = rows
        assert (rows[-1][1] if rows else None) == hazard.rectify_due

    def ledger_tells_the_row(self, hazard: Hazard) -> None:
        history, leaf, state, replayed = acts(hazard.pk), None, None, {}
        assert [act.version for act in history] == list(range(1, hazard.version + 1))
        bodies = Entry.objects.filter(subject_id=hazard.pk).order_by("version").values_list("body", flat=True)
        for act, body in zip(history, bodies, strict=True):
            assert canonical.loads(bytes(body))["prev"] == leaf
            assert act.state[0] == state
            assert (act.step, act.state[0] or "", act.state[1]) in HAZARD.edges()
            leaf, state = act.leaf, act.state[1]
            for name, (old, new) in act.changes.items():
                assert replayed.get(name) == old
                replayed[name] = new
        row = snapshot(HAZARD, hazard)
        assert state == hazard.state
        assert {name: replayed.get(name) for name in row} == row

    def signatures_stay(self, hazard: Hazard) -> None:
        rows = {row["id"]: row for row in Signature.objects.filter(hazard=hazard).values()}
        rows = {
            key: {name: bytes(one) if name == "shown" else one for name, one in row.items()}
            for key, row in rows.items()
        }
        for key, row in self.seen["signatures"].get(hazard.pk, {}).items():
            assert rows[key] == row
        self.seen["signatures"][hazard.pk] = rows
        if hazard.state in ("claimed", "rectifying", "rectified", "accepted", "closed"):
            present = [row for row in rows.values() if row["round"] == hazard.round]
            signed = {row["signer"] for row in present if not row["refused"]}
            assert set(hazard.required_signers) <= signed or any(row["refused"] for row in present)

    def it_waits_once(self, hazard: Hazard) -> None:
        live = Timer.objects.filter(record_id=hazard.pk, clock=hazard.clock).count()
        assert live <= 1
        if not hazard.open:
            assert live == 0
            assert not hazard.late
        if hazard.late:
            assert hazard.due_at < self.now


TestLoop = Loop.TestCase
TestLoop.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    print_blob=True,
)
TestLoop = pytest.mark.django_db(databases=["default", "owner"])(TestLoop)
TestLoop = pytest.mark.slow(TestLoop)
