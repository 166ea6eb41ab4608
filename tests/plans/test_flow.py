"""The item's life: who signs, reports, verifies, returns and closes, and who may not."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Forbidden, Invalid, NotFound, NotNow, WrongState
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.flow.given import WORKING
from anlan.kernel.ledger.read import acts
from anlan.notify.models import Message
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.models import PlanItem, Progress
from anlan.plans.states import OPEN, STATES
from anlan.plans.steps import share_of
from tests.plans.conftest import Office

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

DATA: dict[str, dict[str, Any]] = {
    "sign": {},
    "hand_back": {"reason": "不属于本单位职责。"},
    "start": {},
    "progress": {"words": "已排查四十家。", "achieved": 40},
    "verify": {},
    "return": {"reason": "缺少记录。"},
    "close": {},
    "withdraw": {"reason": "上级已取消。"},
}
SOURCES = {
    "match": {"planned"},
    "sign": {"assigned"},
    "hand_back": {"assigned"},
    "reassign": {"handed_back"},
    "start": {"signed_for", "returned"},
    "progress": set(WORKING),
    "report": set(WORKING),
    "verify": {"reported"},
    "return": {"reported"},
    "close": {"verified"},
    "change_due": {"assigned", *WORKING},
    "transfer": {"assigned", *WORKING},
    "withdraw": {"planned", *OPEN},
}
"""Said here from the description, not from the code."""
OF_UNIT = {"sign", "hand_back", "start", "progress", "report"}
STRANGERS = ("n_member", "inspector", "expert", "principal", "citizen", "auditor", "dispatcher", "city_regulator")


def given(office: Office, step: str) -> dict[str, Any]:
    match step:
        case "reassign" | "match":
            return {"unit": office.n_unit.pk}
        case "transfer":
            return {"unit": office.n_unit.pk, "reason": "职责已划转。"}
        case "report":
            with scope.acting(office.member):
                photo = office.city.photo(office.member)
            return {"words": "全部排查完毕。", "finished_on": clock.today(), "files": [photo], "achieved": 40}
        case "change_due":
            return {"due": clock.today() + timedelta(days=40), "reason": "上级调整时限。"}
    return DATA[step]


def test_every_step_people_take_is_described():
    assert {step.name for step in PLAN_ITEM.steps if step.by_people} == set(SOURCES)


@pytest.mark.parametrize("state", [state.code for state in STATES])
def test_state_by_step_by_role(office: Office, state: str):
    item = office.in_state(state)
    for step, sources in SOURCES.items():
        right = office.member if step in OF_UNIT else office.keeper
        wrong = office.keeper if step in OF_UNIT else office.member
        data = given(office, step)
        hidden = (NotFound,) if state == "planned" and right is office.member else (WrongState,)
        if state not in sources:
            with pytest.raises(hidden):
                office.do(right, item, step, **data)
            continue
        with pytest.raises((Forbidden, NotFound) if state == "planned" else Forbidden):
            office.do(wrong, item, step, **data)
    assert office.fresh(item).version == item.version


@pytest.mark.parametrize("step", sorted(SOURCES))
def test_every_step_is_taken_by_whom_it_belongs_to(office: Office, step: str):
    source = min(SOURCES[step])
    item = office.in_state(source)
    after = office.do(office.member if step in OF_UNIT else office.keeper, item, step, **given(office, step))
    targets = PLAN_ITEM.step(step).target
    assert after.state == (targets[0] if targets else source)
    assert after.version == item.version + 1


@pytest.mark.parametrize("stranger", STRANGERS)
def test_strangers_take_no_step(office: Office, stranger: str):
    item = office.assigned()
    actor = office.n_member if stranger == "n_member" else office.city.actors[stranger]
    for step, data in (("sign", {}), ("withdraw", {"reason": "不应成功。"})):
        with pytest.raises((Forbidden, NotFound)):
            office.do(actor, item, step, **data)
    assert office.fresh(item).state == "assigned"


def test_from_planned_to_done_every_move_leaves_a_row(office: Office):
    item = office.done()
    with scope.acting(SYSTEM):
        steps = [one.step for one in acts(item.pk)]
        rows = list(Progress.objects.filter(item=item).order_by("at", "id"))
    road = ["planned", "assigned", "signed_for", "under_way", "reported", "verified", "done"]
    assert sorted(steps) == sorted(["plan", "assign", "sign", "start", "report", "verify", "close"])
    assert [row.state for row in rows] == road
    assert [row.share for row in rows] == [0, 0, 0, 0, 1000, 1000, 1000]
    assert item.number.startswith("JH-")


def test_progress_is_append_only(office: Office):
    office.assigned()
    from django.db import DatabaseError

    with pytest.raises(DatabaseError), scope.acting(SYSTEM):
        Progress.objects.update(share=1000)


def test_a_figure_makes_the_share(office: Office):
    item = office.under_way()
    after = office.do(office.member, item, "progress", words="已排查三十家。", achieved=30)
    assert (after.share, after.achieved, after.state) == (750, Decimal(30), "under_way")
    with pytest.raises(Invalid) as caught:
        office.do(office.member, item, "progress", words="进展顺利。", percent=80)
    assert set(caught.value.fields) == {"achieved"}


def test_where_there_is_no_target_a_share_is_said(office: Office):
    item = office.item("1.1.1.2", target=None, target_unit="", target_text="实施方案")
    office.publish()
    office.do(office.member, item, "sign")
    with pytest.raises(Invalid) as caught:
        office.do(office.member, item, "progress", words="正在起草。")
    assert set(caught.value.fields) == {"percent"}
    assert office.do(office.member, item, "progress", words="正在起草。", percent=35).share == 350


@pytest.mark.parametrize(
    ("achieved", "target", "share"),
    [(None, 40, 0), (0, 40, 0), (39, 40, 975), (40, 40, 1000), (80, 40, 1000), (0, 0, 1000), (5, None, 0)],
)
def test_shares(achieved: int | None, target: int | None, share: int):
    as_decimal = [None if one is None else Decimal(one) for one in (achieved, target)]
    assert share_of(*as_decimal) == share


def test_a_report_below_the_target_shows_what_was_reached(office: Office):
    item = office.report(office.under_way(), achieved=20)
    assert (item.state, item.share) == ("reported", 500)


def test_where_something_is_to_be_shown_a_report_needs_it(office: Office):
    item = office.under_way()
    with pytest.raises(NotNow) as caught:
        office.report(item, files=[])
    assert caught.value.code == "check.EvidenceShown"
    with pytest.raises(NotNow) as caught:
        office.report(item, finished_on=clock.today() + timedelta(days=1))
    assert caught.value.code == "check.NotAhead"


def test_whoever_reported_does_not_verify(office: Office):
    item = office.reported()
    both = replace(office.keeper, person=office.member.person)
    with pytest.raises(NotNow) as caught:
        office.do(both, item, "verify")
    assert caught.value.code == "check.NotReporter"


def test_a_district_office_verifies_its_own_sub_plan(office: Office):
    assert office.do(office.city.actors["office"], office.reported(), "verify").state == "verified"
    assert office.city.actors["n_office"] is not None


def test_what_is_handed_back_goes_to_another_unit_and_lies_there(office: Office):
    item = office.do(office.keeper, office.handed_back(), "reassign", unit=office.n_unit.pk)
    assert (item.unit_id, item.region, item.remark) == (office.n_unit.pk, office.n_unit.region, "")
    assert office.do(office.n_member, item, "sign").state == "signed_for"


def test_a_day_that_has_passed_is_no_new_day(office: Office):
    with pytest.raises(Invalid):
        office.do(
            office.keeper, office.assigned(), "change_due", due=clock.today() - timedelta(days=1), reason="试试。"
        )


def test_the_clock_reminds_and_calls_it_late(office: Office):
    item = office.signed_for()
    assert item.due is not None
    with clock.at(clock.end_of(item.due) + timedelta(days=20)):
        while tick():
            pass
    late = office.fresh(item)
    assert (late.late, late.level, late.state) == (True, 3, "signed_for")
    with scope.acting(SYSTEM):
        told = Message.objects.filter(subject_id=item.pk, person_id=office.member.person)
        assert {one.kind for one in told} >= {"task.waits", "task.late"}
        assert all(f"/plans/items/{item.pk}/" in one.url for one in told)


def test_the_unit_is_told_when_it_is_given_out(office: Office):
    item = office.assigned()
    with scope.acting(SYSTEM):
        assert Message.objects.filter(subject_id=item.pk, person_id=office.member.person).count() == 1
        assert not Message.objects.filter(subject_id=item.pk, person_id=office.n_member.person).exists()


def test_before_it_is_published_nobody_below_reads_it(office: Office):
    item = office.item()
    with scope.acting(office.member):
        assert not PlanItem.objects.exists()
    office.publish()
    with scope.acting(office.member):
        assert PlanItem.objects.get().pk == item.pk
    with scope.acting(office.n_member):
        assert not PlanItem.objects.exists()  # the tree is published, a neighbour's items are not
