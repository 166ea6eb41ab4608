"""The task's life: who signs, reports, verifies, returns and closes, and who may not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from anlan.directives import actions, rulings
from anlan.directives.flow import DIRECTIVE_TASK
from anlan.directives.models import DirectiveTask
from anlan.directives.queries import tone
from anlan.directives.states import OPEN, STATES, WORKING
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotNow, Problem, WrongState
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ledger.read import acts
from anlan.notify.models import Message
from tests.directives.conftest import Desk

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

DATA: dict[str, dict[str, Any]] = {
    "sign": {},
    "hand_back": {"reason": "不属于本单位职责。"},
    "start": {},
    "progress": {"words": "已排查三十座。"},
    "count": {"on": clock.today(), "words": "已开展一次。"},
    "comb": {"words": "已电话催办，答复本周五前完成。"},
    "verify": {},
    "return": {"reason": "缺少记录。"},
    "close": {},
    "withdraw": {"reason": "文件已废止。"},
}
SOURCES = {
    "sign": {"assigned"},
    "hand_back": {"assigned"},
    "reassign": {"handed_back"},
    "start": {"signed_for", "returned"},
    "progress": {"under_way"},
    "count": set(WORKING),
    "comb": set(OPEN),
    "report": set(WORKING),
    "verify": {"reported"},
    "return": {"reported"},
    "close": {"verified"},
    "change_due": {"assigned", *WORKING},
    "withdraw": set(OPEN),
}
"""Said here from the description, not from the code."""
OF_UNIT = {"sign", "hand_back", "start", "progress", "count", "report"}
STRANGERS = (
    "n_member",
    "inspector",
    "expert",
    "principal",
    "citizen",
    "auditor",
    "dispatcher",
    "office",
    "city_regulator",
)


def given(desk: Desk, step: str) -> dict[str, Any]:
    if step == "reassign":
        return {"unit": desk.n_unit.pk}
    if step == "report":
        with scope.acting(desk.member):
            photo = desk.city.photo(desk.member)
        return {"words": "已完成全部排查。", "finished_on": clock.today(), "files": [photo]}
    if step == "change_due":
        return {"due": clock.today() + timedelta(days=40), "reason": "上级调整时限。"}
    return DATA[step]


def test_every_step_people_take_is_described():
    assert {step.name for step in DIRECTIVE_TASK.steps if step.by_people} == set(SOURCES)


@pytest.mark.parametrize("state", [state.code for state in STATES])
def test_state_by_step_by_role(desk: Desk, state: str):
    task = desk.in_state(state)
    for step, sources in SOURCES.items():
        right = desk.member if step in OF_UNIT else desk.office
        wrong = desk.office if step in OF_UNIT else desk.member
        data = given(desk, step)
        if state not in sources:
            with pytest.raises(WrongState):
                desk.do(right, task, step, **data)
            continue
        with pytest.raises(Forbidden):
            desk.do(wrong, task, step, **data)
    assert desk.fresh(task).version == task.version


@pytest.mark.parametrize("stranger", STRANGERS)
def test_strangers_take_no_step(desk: Desk, stranger: str):
    task = desk.assigned()
    actor = desk.n_member if stranger == "n_member" else desk.city.actors[stranger]
    with pytest.raises((Forbidden, NotFound)):
        desk.do(actor, task, "sign")
    with pytest.raises((Forbidden, NotFound)):
        desk.do(actor, task, "withdraw", reason="不应成功。")
    assert desk.fresh(task).state == "assigned"


def test_from_assigned_to_done(desk: Desk):
    task = desk.done()
    with scope.acting(SYSTEM):
        steps = [one.step for one in acts(task.pk)]
    assert sorted(steps) == sorted(["assign", "sign", "start", "report", "verify", "close"])
    assert task.number.startswith("DB-")
    assert (task.what, task.unit_id) == ("在12月20日前完成加油站隐患排查", desk.unit.pk)


def test_what_is_returned_is_mended_and_reported_again(desk: Desk):
    task = desk.returned()
    assert (task.remark, task.returns, task.report) == ("缺少乡镇加油站的排查记录。", 1, "已完成全部加油站排查。")
    again = desk.report(task, words="已补充乡镇加油站记录。")
    assert (again.state, again.remark, again.report) == ("reported", "", "已补充乡镇加油站记录。")


def test_where_something_is_to_be_shown_a_report_needs_it(desk: Desk):
    task = desk.under_way()
    assert task.evidence == ["排查报告"]
    with pytest.raises(NotNow) as caught:
        desk.report(task, files=[])
    assert caught.value.code == "check.EvidenceShown"
    with pytest.raises(NotNow):
        desk.report(task, finished_on=clock.today() + timedelta(days=1))
    assert desk.report(task).reported_by == desk.member.person


def test_whoever_reported_does_not_verify(desk: Desk):
    task = desk.reported()
    both = replace(desk.office, person=desk.member.person)
    with pytest.raises(NotNow) as caught:
        desk.do(both, task, "verify")
    assert caught.value.code == "check.NotReporter"


def test_strangers_files_are_no_evidence(desk: Desk):
    task = desk.under_way()
    with scope.acting(desk.n_member):
        photo = desk.city.photo(desk.n_member)
    with pytest.raises(Invalid) as caught:
        desk.report(task, files=[photo])
    assert set(caught.value.fields) == {"files"}


def test_handed_back_and_assigned_anew(desk: Desk):
    task = desk.do(desk.office, desk.handed_back(), "reassign", unit=desk.n_unit.pk)
    assert (task.state, task.unit_id, task.region) == ("assigned", desk.n_unit.pk, desk.n_unit.region)
    with pytest.raises((Forbidden, NotFound)):
        desk.do(desk.member, task, "sign")
    assert desk.do(desk.n_member, task, "sign").state == "signed_for"


def test_a_task_goes_to_no_enterprise_and_to_no_unit_twice(desk: Desk):
    directive = desk.register()
    first, _second = desk.accept(1, desk.unit, desk.n_unit, directive=directive)
    handed = desk.do(desk.member, first, "hand_back", reason="不属于本单位职责。")
    for unit in (desk.n_unit.pk, desk.city.enterprise.pk):
        with pytest.raises(Invalid) as caught:
            desk.do(desk.office, handed, "reassign", unit=unit)
        assert set(caught.value.fields) == {"unit"}


def test_who_comes_second_is_told(desk: Desk):
    task = desk.assigned()
    desk.do(desk.member, task, "sign")
    with pytest.raises(WrongState):
        desk.do(desk.other_member, task, "sign")
    with scope.acting(desk.office), pytest.raises(Conflict):
        actions.take_step(
            actor=desk.office, task=task.pk, step="withdraw", data={"reason": "文件已废止。"}, version=task.version
        )


def test_what_the_platform_takes_no_person_takes(desk: Desk):
    task = desk.assigned()
    for step in ("assign", "fall_due", "remind", "nonsense"):
        with pytest.raises(Problem):
            desk.do(desk.office, task, step)


def test_the_clock_reminds_the_unit_and_then_the_office(desk: Desk):
    task = desk.signed_for()
    assert task.due_at == clock.end_of(task.due)
    with clock.at(task.due_at + timedelta(days=5)):
        tick()
        late = desk.fresh(task)
        assert late.late
        assert tone(late) == "overdue"
    with scope.acting(SYSTEM):
        told = set(Message.objects.filter(subject_id=task.pk, kind="task.late").values_list("person_id", flat=True))
    assert {desk.member.person, desk.other_member.person} <= told
    assert desk.office.person in told
    assert desk.n_member.person not in told


def test_how_near_its_day(desk: Desk):
    task = desk.signed_for()
    with clock.at(clock.end_of(task.due - timedelta(days=30))):
        assert tone(task) == "in_time"
    with clock.at(clock.end_of(task.due)):
        assert tone(task) == "soon"
    with clock.at(clock.end_of(task.due) + timedelta(days=1)):
        assert tone(task) == "overdue"
        assert tone(desk.fresh(task)) == "overdue"
    assert tone(desk.do(desk.office, task, "withdraw", reason="文件已废止。")) == "over"


def test_time_to_sign_is_of_working_days(desk: Desk):
    task = desk.assigned()
    assert task.due_at == min(rulings.due(task), clock.end_of(task.due))
    assert task.due_at > task.state_since


def test_the_day_is_changed_by_the_office_with_a_reason(desk: Desk):
    task = desk.signed_for()
    later = clock.today() + timedelta(days=60)
    changed = desk.do(desk.office, task, "change_due", due=later, reason="上级调整时限。")
    assert (changed.state, changed.due) == ("signed_for", later)
    with pytest.raises(Invalid):
        desk.do(desk.office, task, "change_due", due=clock.today() - timedelta(days=1), reason="倒签。")


def test_the_database_refuses_a_state_no_step_announced(desk: Desk):
    task = desk.assigned()
    with pytest.raises(Exception, match="step"), scope.acting(SYSTEM):
        DirectiveTask.objects.filter(pk=task.pk).update(state="done")
