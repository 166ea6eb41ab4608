"""Documents taken in and what is decided on each proposal: by whom, once, and with which days."""

from datetime import date
from typing import Any

import pytest

from anlan.directives import actions
from anlan.directives.actions import ruling
from anlan.directives.models import Directive, DirectiveTask, Proposal
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.models import Entry
from tests.directives.conftest import TEXT, Desk
from tests.factories import CITY, COUNTY
from tests.together import acting, outcomes_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_a_document_is_read_when_it_is_taken_in(desk: Desk):
    made = desk.register(received_on=date(2026, 11, 20))
    assert (made.title, made.reference) == (
        "安澜市安全生产委员会办公室关于加强冬季安全生产工作的通知",
        "澜安办〔2026〕40号",
    )
    assert (made.issuer, made.dated) == ("安澜市安全生产委员会办公室", date(2026, 11, 18))
    assert made.addressees == ["各县区安委会", "各有关单位"]
    assert made.number.startswith("LW-")
    with scope.acting(desk.office):
        rows = list(Proposal.objects.filter(directive=made).order_by("position"))
        noted = Entry.objects.get(subject_id=made.pk)
    assert [row.fields["who"] for row in rows] == ["县应急局", "各县区安委会", "县住建局", "各单位"]
    assert all(made.normalised[row.start : row.end] == row.fields["text"] for row in rows)
    assert noted.step == "register_directive"


def test_what_a_person_types_wins_over_what_is_read(desk: Desk):
    made = desk.register(title="冬季通知", reference="澜安办〔2026〕41号", dated=date(2026, 11, 19))
    assert (made.title, made.reference, made.dated) == ("冬季通知", "澜安办〔2026〕41号", date(2026, 11, 19))


def test_the_same_document_is_taken_in_once_in_a_territory(desk: Desk):
    desk.register()
    with pytest.raises(Conflict):
        desk.register()
    assert desk.register(desk.city.office, region=COUNTY).region == COUNTY


@pytest.mark.parametrize(
    "name", ["office", "city_regulator", "leader", "inspector", "auditor", "principal", "citizen", "dispatcher"]
)
def test_only_the_office_of_the_territory_takes_documents_in(desk: Desk, name: str):
    with pytest.raises(Forbidden):
        desk.register(desk.city.actors[name])
    with scope.acting(SYSTEM):
        assert not Directive.objects.exists()


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "  \n "}, "text"),
        ({"text": "请各单位报送总结。"}, "title"),
        ({"text": "安" * 200_001}, "text"),
        ({"region": 1}, "region"),
    ],
)
def test_what_cannot_be_taken_in_is_said_at_its_field(desk: Desk, over: dict[str, Any], field: str):
    with pytest.raises(Invalid) as caught:
        desk.register(**over)
    assert set(caught.value.fields) == {field}


def test_accepted_becomes_one_task_for_each_unit(desk: Desk):
    directive = desk.register()
    first, second = desk.accept(1, desk.unit, desk.n_unit, directive=directive)
    assert {first.unit_id, second.unit_id} == {desk.unit.pk, desk.n_unit.pk}
    assert (first.due, first.evidence) == (date(2026, 12, 20), ["排查报告"])
    assert first.quote.startswith("县应急局要在12月20日前")
    row = desk.proposal(directive, 1)
    assert (row.ruling, row.ruled_by) == ("accepted", desk.office.person)
    with scope.acting(desk.office):
        entry = Entry.objects.get(subject_id=directive.pk, step="accepted_proposal")
    assert entry.actor_name == desk.office.name


def test_working_days_count_from_the_day_it_came_in(desk: Desk):
    directive = desk.register(received_on=date(2026, 11, 20))  # a Friday
    (task,) = desk.accept(3, directive=directive)
    assert task.due == date(2026, 11, 27)


NO_SUCH_DAY = TEXT.replace("12月20日前", "2月30日前").replace("每月25日前", "每月45日前")


@pytest.mark.parametrize(("position", "words"), [(1, "2月30日前"), (2, "每月45日前")])
def test_a_day_that_does_not_exist_is_settled_by_a_person(desk: Desk, position: int, words: str):
    directive = desk.register(text=NO_SUCH_DAY, limit=date(2026, 12, 31))
    row = desk.proposal(directive, position)
    assert row.fields["unsettled"] == words
    with scope.acting(desk.office):
        assert ruling.proposed(Proposal.objects.get(pk=row.pk)).due is None
    with pytest.raises(Invalid) as caught:
        desk.accept(position, directive=directive)
    assert words in str(caught.value.fields["due"][0])
    with scope.acting(SYSTEM):
        assert not DirectiveTask.objects.exists()
    data = {"units": [desk.unit.pk], "what": "完成排查", "due": date(2026, 12, 28)}
    with scope.acting(desk.office):
        (task,) = actions.mend(actor=desk.office, proposal=row.pk, data=data)
    assert task.due == date(2026, 12, 28)


def test_at_once_has_no_day_and_not_as_long_as_the_document(desk: Desk):
    text = TEXT.replace("县应急局要在12月20日前完成", "县应急局要立即开展")
    directive = desk.register(text=text, limit=date(2026, 12, 31))
    row = desk.proposal(directive, 1)
    assert (row.fields["urgent"], row.fields["when"]) == ("立即", None)
    (task,) = desk.accept(1, directive=directive)
    assert task.due is None


def test_a_proposal_that_was_read_before_these_were_noted_is_still_accepted(desk: Desk):
    directive = desk.register()
    row = desk.proposal(directive, 1)
    with scope.acting(SYSTEM):
        row.fields = {name: value for name, value in row.fields.items() if name not in ("urgent", "unsettled")}
        row.save(update_fields=["fields"])
    (task,) = desk.accept(1, directive=directive)
    assert task.due == date(2026, 12, 20)


def test_what_is_daily_is_one_task_without_a_day_of_its_own(desk: Desk):
    (task,) = desk.accept(4)
    assert (task.recurrence_id, task.due) == (None, None)
    limited = desk.register(limit=date(2026, 12, 31), text=TEXT.replace("40号", "42号"))
    (task,) = desk.accept(4, directive=limited)
    assert task.due == date(2026, 12, 31)


def test_mended_says_what_the_person_says(desk: Desk):
    directive = desk.register()
    row = desk.proposal(directive, 1)
    data = {
        "units": [desk.unit.pk],
        "what": "完成全县加油站和加气站排查",
        "due": date(2026, 12, 10),
        "evidence": ["汇总表"],
    }
    with scope.acting(desk.office):
        (task,) = actions.mend(actor=desk.office, proposal=row.pk, data=data)
    assert (task.what, task.due, task.evidence) == ("完成全县加油站和加气站排查", date(2026, 12, 10), ["汇总表"])
    assert desk.proposal(directive, 1).ruling == "mended"
    assert task.quote == row.fields["text"]


def test_a_day_and_a_rhythm_exclude_each_other(desk: Desk):
    row = desk.proposal(desk.register(), 1)
    data = {"units": [desk.unit.pk], "what": "报送进展", "due": date(2026, 12, 10), "rhythm": {"every": "month"}}
    with scope.acting(desk.office), pytest.raises(Invalid) as caught:
        actions.mend(actor=desk.office, proposal=row.pk, data=data)
    assert set(caught.value.fields) == {"due"}


def test_refused_with_a_reason_makes_no_task(desk: Desk):
    directive = desk.register()
    row = desk.proposal(directive, 4)
    with scope.acting(desk.office):
        with pytest.raises(Invalid):
            actions.refuse(actor=desk.office, proposal=row.pk, data={"reason": ""})
        actions.refuse(actor=desk.office, proposal=row.pk, data={"reason": "日常工作，不单独督办。"})
        assert not DirectiveTask.objects.exists()
    assert (desk.proposal(directive, 4).ruling, desk.proposal(directive, 4).reason) == (
        "refused",
        "日常工作，不单独督办。",
    )


def test_a_proposal_is_decided_on_once(desk: Desk):
    directive = desk.register()
    desk.accept(1, directive=directive)
    row = desk.proposal(directive, 1)
    with scope.acting(desk.office):
        with pytest.raises(Conflict):
            actions.refuse(actor=desk.office, proposal=row.pk, data={"reason": "重复。"})
        with pytest.raises(Conflict):
            actions.accept(actor=desk.office, proposal=row.pk, data={"units": [desk.n_unit.pk]})
        assert DirectiveTask.objects.count() == 1


@pytest.mark.parametrize("units", [["enterprise"], ["unit", "unknown"], []])
def test_only_units_of_the_territory_are_given_tasks(desk: Desk, units: list[str]):
    row = desk.proposal(desk.register(), 1)
    ids = {"enterprise": desk.city.enterprise.pk, "unit": desk.unit.pk, "unknown": row.pk}
    with scope.acting(desk.office), pytest.raises(Invalid) as caught:
        actions.accept(actor=desk.office, proposal=row.pk, data={"units": [ids[one] for one in units]})
    assert set(caught.value.fields) == {"units"}


def test_another_counties_unit_is_not_there_for_a_county_office(desk: Desk):
    directive = desk.register(desk.city.office, region=COUNTY)
    row = desk.proposal(directive, 1)
    with scope.acting(desk.city.office), pytest.raises(Invalid):
        actions.accept(actor=desk.city.office, proposal=row.pk, data={"units": [desk.n_unit.pk]})


def test_strangers_decide_nothing(desk: Desk):
    directive = desk.register()
    row = desk.proposal(directive, 1)
    strangers: list[Actor] = [
        desk.member,
        desk.n_member,
        *(desk.city.actors[name] for name in ("office", "city_regulator")),
    ]
    for actor in strangers:
        with scope.acting(actor), pytest.raises((Forbidden, NotFound)):
            actions.accept(actor=actor, proposal=row.pk, data={"units": [desk.unit.pk]})
    assert desk.proposal(directive, 1).ruling == ""


def seen(actor: Actor, model: Any) -> int:
    with scope.acting(actor):
        return int(model.objects.count())


def test_who_sees_what(desk: Desk):
    desk.accept(1, desk.unit)
    for actor, documents, proposals, tasks in (
        (desk.office, 1, 4, 1),
        (desk.member, 1, 0, 1),
        (desk.n_member, 0, 0, 0),
        (desk.city.principal, 0, 0, 0),
        (desk.city.citizen, 0, 0, 0),
    ):
        assert (seen(actor, Directive), seen(actor, Proposal), seen(actor, DirectiveTask)) == (
            documents,
            proposals,
            tasks,
        )


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_two_who_decide_at_once(desk: Desk):
    row = desk.proposal(desk.register(), 1)
    give = acting(
        desk.office, lambda: actions.accept(actor=desk.office, proposal=row.pk, data={"units": [desk.unit.pk]})
    )
    outcomes = outcomes_of(give, give, give)
    assert sum(isinstance(one, list) for one in outcomes) == 1
    assert sum(isinstance(one, Conflict) for one in outcomes) == 2
    assert seen(desk.office, DirectiveTask) == 1


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_two_who_take_the_same_document_in_at_once(desk: Desk):
    call = acting(desk.office, lambda: actions.register(actor=desk.office, data={"region": CITY, "text": TEXT}))
    outcomes = outcomes_of(call, call)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Directive"]


def test_months_are_the_calendars(desk: Desk):
    text = TEXT.replace("5个工作日内", "3个月内").replace("40号", "44号")
    directive = desk.register(received_on=date(2026, 11, 30), text=text)
    (task,) = desk.accept(3, directive=directive)
    assert task.due == date(2027, 3, 1), "the end of February is a Sunday"


def test_who_stands_above_gives_a_countys_tasks_to_its_own_units_only(desk: Desk):
    county = desk.register(desk.city.office, region=COUNTY)
    row = desk.proposal(county, 1)
    with scope.acting(desk.office):
        with pytest.raises(Invalid) as caught:
            actions.accept(actor=desk.office, proposal=row.pk, data={"units": [desk.n_unit.pk]})
        assert set(caught.value.fields) == {"units"}
        (task,) = actions.accept(actor=desk.office, proposal=row.pk, data={"units": [desk.unit.pk]})
    handed = desk.do(desk.member, task, "hand_back", reason="不属于本单位职责。")
    with pytest.raises(Invalid) as caught:
        desk.do(desk.office, handed, "reassign", unit=desk.n_unit.pk)
    assert set(caught.value.fields) == {"unit"}
