"""
Random people do random things to a few reports on the real database while the clock jumps; what must always hold, holds.

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
from hypothesis.stateful import initialize, rule

from anlan.files.models import File
from anlan.hazards.actions import take_step as take_hazards_step
from anlan.kernel import calendar, citysettings, clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.flow.take import snapshot, take
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry, Timer
from anlan.reports import claims
from anlan.reports.actions import join, submit, take_by_claim, take_step
from anlan.reports.flow import REPORT
from anlan.reports.keeping import forget
from anlan.reports.models import (
    Check,
    Hold,
    Opinion,
    PublicPhoto,
    PublicReport,
    Report,
    ReportPhoto,
    Seal,
    Sending,
)
from tests.factories import NEIGHBOUR_TOWN, TOWN, make_city
from tests.machines import People
from tests.reports.always import Always
from tests.reports.conftest import NAME, PHONE, Town, make_town

SIZES = {"": (8, 25), "long": (120, 60)}
EXAMPLES, STEPS = SIZES.get(os.environ.get("ANLAN_MACHINE", "")) or map(int, os.environ["ANLAN_MACHINE"].split("x"))
START, LAST = datetime(2026, 3, 2, 2, 0, tzinfo=UTC), datetime(2027, 9, 1, tzinfo=UTC)
"""The test calendar reaches the end of 2027."""
POSTS = (
    "dispatcher", "office", "city_office", "finance", "leader", "auditor", "expert", "principal", "system_admin", "other_field",
    "n_dispatcher", "n_office", "two_hats",
)  # fmt: skip
"""`two_hats` is the inspector's person acting as the committee's office: separation of duties must bind the person."""
PEOPLE = (*POSTS, "inspector", "regulator", "other_inspector", "n_inspector", "reporter", "second", "guest")
CITIZENS = ("reporter", "second", "guest")
VERBS = tuple(step.name for step in REPORT.steps if not step.opens)
WORDS = (
    "安全出口上了锁，楼道堆满纸箱。",
    f"我叫{NAME}，电话{PHONE}，消防栓没水",
    "电话138.0013.8000找我，微信号hanxm1990，晋L12345挡路",
    "",
)
ROWS = (Entry, Timer, Seal, Sending, Check, Opinion, Hold, ReportPhoto, PublicReport, PublicPhoto)


@contextmanager
def nothing_kept() -> Iterator[Town]:
    with transaction.atomic():
        town = make_town(make_city())
        office = town.city.office
        town.city.actors["two_hats"] = replace(office, person=town.inspector.person, name=town.inspector.name)
        yield town
        transaction.set_rollback(True)


class Reports(Always, People):
    def __init__(self) -> None:
        super().__init__()
        calendar.forget()
        citysettings.forget()
        self.stage = nothing_kept()
        self.town = self.stage.__enter__()
        self.now = START
        self.ids: list[UUID] = []
        self.codes: dict[UUID, str] = {}
        with scope.acting(self.town.reporter):
            self.picture = self.town.city.photo(self.town.reporter)

    # what people do

    @initialize(states=st.lists(st.sampled_from(("submitted", "dispatched", "verified", "handled", "answered")), min_size=2, max_size=2))  # fmt: skip
    def begin(self, states: list[str]) -> None:
        with clock.at(self.now):
            self.ids += [self.town.in_state(state).pk for state in states]

    @rule(
        data=st.data(), what=st.sampled_from(("due",) * 7 + ("anything",) * 4 + ("send", "send", "join", "time", "time", "hazard", "claim", "check"))
    )  # fmt: skip
    def live(self, data: st.DataObject, what: str) -> None:
        """One rule with weights, so that every run has something of everything and far states are reached."""
        getattr(self, what)(data)

    def anything(self, data: st.DataObject) -> None:
        who, verb = data.draw(st.sampled_from(PEOPLE)), data.draw(st.sampled_from(VERBS))
        self.step(data, data.draw(st.sampled_from(self.ids)), who, verb)

    def due(self, data: st.DataObject) -> None:
        """Something that leads on, by somebody who may."""
        report = data.draw(st.sampled_from(self.ids))
        with scope.acting(SYSTEM), clock.at(self.now):
            record = Report.objects.get(pk=report)
            likely: dict[str, list[str]] = {}
            for step in REPORT.steps:
                if record.state not in step.source or step.clock or step.quiet:
                    continue
                for who in PEOPLE:
                    actor = self.actor(who)
                    if step.by(actor, record) and all(guard.holds(record, actor, None) for guard in step.guards):
                        likely.setdefault(step.name, []).append(who)
        if likely:
            verb = data.draw(st.sampled_from(sorted(likely)))
            self.step(data, report, data.draw(st.sampled_from(likely[verb])), verb)

    def send(self, data: st.DataObject) -> None:
        draw = data.draw
        who = draw(st.sampled_from((*CITIZENS, "dispatcher")))
        actor, anonymous = self.actor(who), draw(st.booleans())
        facts: dict[str, Any] = {
            "id": new_id(), "words": draw(st.sampled_from(WORDS)), "region": draw(st.sampled_from((TOWN, TOWN, NEIGHBOUR_TOWN))),
            "category": draw(st.sampled_from(("", "fire_exit", "machinery"))), "anonymous": anonymous,
            "photos": [self.photo(actor)] if draw(st.booleans()) else [], "address": draw(st.sampled_from(("", "三号楼二单元"))),
        }  # fmt: skip
        if draw(st.booleans()):
            facts |= {"lon": "111.518912", "lat": "36.088437"}
        if who == "dispatcher":
            facts |= {"channel": "desk", "name": NAME, "phone": draw(st.sampled_from(("", PHONE)))}
        made = self.attempt(actor, lambda: submit(actor=actor, data=dict(facts)))
        if made is None:
            return
        self.ids.append(made.pk)
        if anonymous:
            self.codes[made.pk] = claims.code_of(made.pk)
        again = self.attempt(actor, lambda: submit(actor=actor, data=dict(facts)))
        assert again is not None
        assert again.pk == made.pk  # a retry is the same report
        event(f"sent by {who}")

    def join(self, data: st.DataObject) -> None:
        actor = self.actor(data.draw(st.sampled_from((*CITIZENS, "leader"))))
        report, photos = data.draw(st.sampled_from(self.ids)), [self.photo(actor)] if data.draw(st.booleans()) else []
        self.attempt(actor, lambda: join(actor=actor, report=report, data={"words": "我也看到了", "photos": photos}))

    def claim(self, data: st.DataObject) -> None:
        if not self.codes:
            return
        code = data.draw(st.sampled_from(sorted(self.codes.values())))
        step = data.draw(st.sampled_from(("contest", "rate", "open_seal")))
        given = {"words": "现场还是老样子。"} if step == "contest" else {"satisfied": data.draw(st.booleans())}
        self.attempt(
            self.town.guest, lambda: take_by_claim(code=code, step=step, data=given, person=self.town.guest.person)
        )

    def hazard(self, data: st.DataObject) -> None:
        """A hazard ends, or comes together with another one."""
        with scope.acting(SYSTEM):
            found = list(Report.objects.filter(state="verified").order_by("pk").values_list("hazard_id", flat=True))
        if not found:
            return
        actor, hazard = self.town.city.regulator, data.draw(st.sampled_from(found))
        step, given = data.draw(
            st.sampled_from((
                ("dismiss", {"reason": "现场核实不构成隐患。"}),
                ("transfer", {"authority": "市场监督管理局", "accepted_ref": "收文1号", "reason": "属特种设备"}),
                ("merge", {"survivor": found[0], "reason": "同一处隐患"}),
            ))
        )  # fmt: skip
        self.attempt(actor, lambda: take_hazards_step(actor=actor, hazard=hazard, step=step, data=given))

    def check(self, data: st.DataObject) -> None:
        """A check from outside puts something aside, whatever state it is in."""
        report = data.draw(st.sampled_from(self.ids))
        facts = {"engine": "wechat", "label": "abuse"}
        self.attempt(SYSTEM, lambda: take(REPORT, report, "hold_back", actor=SYSTEM, data=facts))

    def time(self, data: st.DataObject) -> None:
        later = self.now + timedelta(hours=data.draw(st.sampled_from((1, 20, 30, 24 * 5, 24 * 40, 24 * 200))))
        self.now = min(later, LAST)
        with clock.at(self.now):
            tick()
            forget()

    def step(self, data: st.DataObject, report: UUID, who: str, verb: str) -> None:
        actor = self.actor(who)
        given = self.input(data, actor, verb)
        if self.attempt(actor, lambda: take_step(actor=actor, report=report, step=verb, data=given)) is not None:
            event(f"took {verb}")

    def everything(self) -> Any:
        with scope.acting(SYSTEM):
            rows = [(one.pk, one.version, snapshot(REPORT, one)) for one in Report.objects.order_by("pk")]
            counts = [model._default_manager.count() for model in ROWS]
            return rows, counts, File.objects.exclude(subject_id=None).count()

    def input(self, data: st.DataObject, actor: Actor, verb: str) -> dict[str, Any]:
        """Mostly valid data with some that is not."""
        draw, town = data.draw, self.town
        units = (town.unit.pk, town.unit.pk, town.other_unit.pk, town.n_unit.pk)
        photos = [self.photo(actor)] if draw(st.booleans()) or verb == "unfounded" else []
        match verb:
            case "screen" | "edit_public":
                with scope.acting(SYSTEM):
                    shown = list(ReportPhoto.objects.order_by("pk").values_list("pk", flat=True)[:1])
                chosen = {"shown": shown if draw(st.booleans()) else [], "public": draw(st.booleans())}
                words = {"public_words": draw(st.sampled_from(("", "安全出口上锁")))}
                return chosen | words | ({"category": "machinery"} if verb == "screen" else {})
            case "dispatch":
                return {
                    "unit": draw(st.sampled_from(units)),
                    "industry": draw(st.sampled_from(("", "gongmao", "hazchem"))),
                }
            case "verify":
                return {"words": "现场查看属实。", "on": clock.day_of(self.now), "place": draw(st.sampled_from(("一车间", "二车间"))),
                        "industry": "gongmao", "hazard_category": "guarding", "photos": photos}  # fmt: skip
            case "send_back" | "decline" | "send_again" | "open_seal":
                return {"reason": "说明理由如下。"}
            case "unfounded":
                return {"reason": "现场查看无此情况。", "words": "现场查看无此情况。", "photos": photos}
            case "duplicate":
                return {"of": draw(st.sampled_from(self.ids))}
            case "review":
                return {"answer": "已核实处理，感谢您的监督。"}
            case "contest":
                return {"words": f"我是{NAME}，现场还是老样子。", "photos": photos}
            case "rate":
                return {"satisfied": draw(st.booleans())}
            case "remind" | "fall_due" | "escalate" | "answer":
                return {"level": 1}
        return {}


TestReports = Reports.TestCase
TestReports.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    print_blob=True,
)
TestReports = pytest.mark.django_db(databases=["default", "owner"])(TestReports)
TestReports = pytest.mark.slow(TestReports)
