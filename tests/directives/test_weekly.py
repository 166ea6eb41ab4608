"""What is counted within a period, what a late task brings about, what waits for whom, and what the digest says."""

from datetime import timedelta

import pytest

from anlan.directives import actions, queries
from anlan.directives.models import Digest, DirectiveTask
from anlan.enforcement.models import Instrument
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotNow
from anlan.kernel.flow.clockwork import tick
from anlan.notify.models import Message
from tests.directives.conftest import TEXT, Desk

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
TWICE = TEXT.replace("各县区安委会每月25日前报送工作进展情况", "县应急局每半年至少组织2次应急演练")


def twice(desk: Desk) -> DirectiveTask:
    (task,) = desk.accept(2, directive=desk.register(text=TWICE))
    assert (task.wanted, task.counted) == (2, 0)
    return desk.do(desk.member, task, "sign")


def test_at_least_twice_is_not_once(desk: Desk):
    task = twice(desk)
    for n in (1, 2):
        with pytest.raises(NotNow, match=f"2× in this period; entered so far: {n - 1}"):
            desk.do(desk.member, task, "report", words="已全部开展。", finished_on=clock.today(), files=[])
        task = desk.do(desk.member, task, "count", on=clock.today(), words="组织演练一次。")
    assert task.counted == 2
    assert desk.do(desk.member, task, "report", words="已全部开展。", finished_on=clock.today()).state == "reported"


def test_what_was_done_before_the_period_or_lies_ahead_does_not_count(desk: Desk):
    task = twice(desk)
    assert task.period is not None
    for day in (task.period - timedelta(days=1), clock.today() + timedelta(days=1)):
        with pytest.raises((Invalid, NotNow)):
            desk.do(desk.member, task, "count", on=day, words="组织演练一次。")
    with pytest.raises(Forbidden):
        desk.do(desk.office, task, "count", on=clock.today(), words="替单位填报。")
    assert desk.fresh(task).counted == 0


def test_what_is_not_counted_cannot_be_entered(desk: Desk):
    task = desk.under_way()
    with pytest.raises(NotNow):
        desk.do(desk.member, task, "count", on=clock.today(), words="做了一次。")


def test_what_is_counted_is_told_of_weeks_before(desk: Desk):
    task = twice(desk)
    assert task.due is not None
    with scope.acting(SYSTEM):
        Message.objects.all().delete()
    with clock.at(clock.end_of(task.due) - timedelta(days=20)):
        tick()
    with scope.acting(SYSTEM):
        told = Message.objects.filter(subject_id=task.pk)
        assert {one.kind for one in told} == {"task.remind"}
        assert {one.person_id for one in told} == {desk.member.person, desk.other_member.person}


def test_a_late_task_gets_its_letter_drafted_once(desk: Desk):
    task = desk.accept(1)[0]
    desk.do(desk.member, task, "sign")
    assert task.due is not None
    for days in (4, 5):
        with clock.at(clock.end_of(task.due) + timedelta(days=days)):
            tick()
    with scope.acting(SYSTEM):
        letter = Instrument.objects.get(source_id=task.pk)
    assert (letter.kind, letter.state, letter.unit_id) == ("supervise_letter", "drafted", desk.unit.pk)
    assert letter.source_number == task.number


def test_what_waits_for_the_office_brings_no_letter(desk: Desk):
    task = desk.reported()
    assert task.due_at is not None
    with clock.at(task.due_at + timedelta(days=9)):
        tick()
    with scope.acting(SYSTEM):
        assert not Instrument.objects.filter(source_id=task.pk).exists()


def test_what_waits_for_whom(desk: Desk):
    first = desk.register()
    (signing,) = desk.accept(1, directive=first)
    (reported,) = desk.accept(3, directive=first)
    desk.do(desk.member, reported, "sign")
    desk.report(reported)
    with scope.acting(desk.member):
        assert [(one.pk, step) for one, step in queries.waiting_for(desk.member)] == [(signing.pk, "sign")]
    with scope.acting(desk.office):
        assert [(one.pk, step) for one, step in queries.waiting_for(desk.office)] == [(reported.pk, "verify")]
    for stranger in (desk.n_member, desk.city.auditor):
        with scope.acting(stranger):
            assert queries.waiting_for(stranger) == []


def test_the_comb_shows_who_is_silent_longest_and_the_looked_at_last(desk: Desk):
    first = desk.register()
    (silent,) = desk.accept(1, directive=first)
    (spoke,) = desk.accept(3, directive=first)
    with clock.at(clock.now() + timedelta(minutes=5)):
        desk.do(desk.member, spoke, "sign")
        with scope.acting(desk.office):
            assert [one.pk for one in queries.comb(desk.office)] == [silent.pk, spoke.pk]
        desk.do(desk.office, silent, "comb", words="已电话催办。")
        with scope.acting(desk.office):
            assert [one.pk for one in queries.comb(desk.office)] == [spoke.pk, silent.pk]
        with scope.acting(desk.city.actors["n_office"]):
            assert queries.comb(desk.city.actors["n_office"]) == []


def test_who_did_not_move_is_named(desk: Desk):
    task = desk.accept(1)[0]
    desk.do(desk.member, task, "sign")
    with clock.at(clock.now() + timedelta(days=7)), scope.acting(desk.office):
        drafted = actions.draft_digest(actor=desk.office)
        still = next(one["text"] for one in drafted.sections if one["heading"] == "本周没有进展的单位和任务")
    assert "1家单位承担的1项任务本周未报告任何进展：县应急局" in still
    assert task.number in still
    assert drafted.facts["still"]["tasks"] == [[str(task.pk), task.number]]
    with clock.at(clock.now() + timedelta(days=7)):
        desk.do(desk.member, task, "start")
        with scope.acting(desk.office):
            again = actions.draft_digest(actor=desk.office)
    assert again.facts["still"]["count"] == 0


def test_a_unit_drafts_no_digest(desk: Desk):
    desk.accept(1)
    with scope.acting(desk.member), pytest.raises(Forbidden):
        actions.draft_digest(actor=desk.member)
    with scope.acting(desk.office), pytest.raises(Invalid):
        actions.draft_digest(actor=desk.office, week=clock.today() + timedelta(days=8))


def test_a_number_typed_ahead_is_passed_over_when_its_turn_comes(desk: Desk):
    def issue(reference: str = "") -> Digest:
        with scope.acting(desk.office):
            draft = actions.draft_digest(actor=desk.office)
            if reference:
                facts = {"title": draft.title, "reference": reference, "sections": draft.sections}
                draft = actions.save_digest(actor=desk.office, draft_id=draft.pk, data=facts)
            return actions.issue_digest(actor=desk.office, draft_id=draft.pk)

    first = issue()
    number = first.reference
    ahead = issue(number.replace("1号", "3号"))
    assert ahead.reference != number
    assert issue().reference == number.replace("1号", "4号"), "two went with the typed one, three was typed"
    with pytest.raises(Conflict):
        issue(number)
