"""What a clever insider tries: a neighbour's unit, one's own work, a day out of reach, a figure that falls, a unit that is gone."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from anlan.campaigns.models import Campaign
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotNow
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.read import acts
from anlan.plans import actions
from anlan.plans.models import Plan, PlanItem, Progress
from anlan.plans.queries.items import waiting_for
from anlan.plans.queries.selfchecks import troubles_of
from anlan.plans.workbooks import LINES
from tests.factories import CITY, COUNTY, NEIGHBOUR
from tests.plans.conftest import Office, make_member, make_unit, year
from tests.plans.test_loading import bring, line, sheet
from tests.together import acting, outcomes_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def dissolve(unit: Organisation) -> None:
    with scope.acting(SYSTEM):
        Organisation.objects.filter(pk=unit.pk).update(active=False)


# Whose item it is


def test_a_districts_office_gives_nothing_to_its_neighbour(office: Office):
    item = office.handed_back()
    county = office.city.actors["office"]
    with pytest.raises(Invalid) as caught:
        office.do(county, item, "reassign", unit=office.n_unit.pk)
    assert set(caught.value.fields) == {"unit"}
    other = make_unit("县住建局", COUNTY)
    assert office.do(county, item, "reassign", unit=other.pk).unit_id == other.pk


def test_in_a_districts_sub_plan_a_name_never_means_the_neighbours_body(office: Office):
    theirs = make_unit("教育局", NEIGHBOUR)
    item = office.item(unit_name="教育局")
    assert item.unit_id is None
    ours = make_unit("教育局", COUNTY)
    assert office.item(unit_name="教育局").unit_id == ours.pk
    assert office.item("1.1.1.2", sub_plan="", unit_name="教育局").unit_id is None  # which of the two, nobody knows
    dissolve(ours)
    assert office.item("1.1.1.3", sub_plan="", unit_name="教育局").unit_id == theirs.pk


def test_the_office_that_gave_it_sees_it_wherever_the_unit_lies(office: Office):
    """A district's plan may ask something of a body of the city: its office still verifies it."""
    body = make_unit("市消防救援支队", CITY)
    doer = make_member("fire", roles.REGULATOR, body)
    item = office.item(unit_name=body.name)
    office.publish()
    for step in ("sign", "start"):
        office.do(doer, item, step)
    with scope.acting(doer):
        photo = office.city.photo(doer)
    office.do(doer, item, "report", words="全部排查完毕。", finished_on=clock.today(), files=[photo], achieved=40)
    county, neighbour = office.city.actors["office"], office.city.actors["n_office"]
    with scope.acting(county):
        assert [row.pk for row, _step in waiting_for(county)] == [item.pk]
    with pytest.raises(NotFound):
        office.do(neighbour, item, "verify")
    assert office.do(county, item, "verify").state == "verified"


def test_what_a_districts_office_does_itself_the_office_above_verifies(office: Office):
    committee = make_unit("县安委会办公室", COUNTY)
    with scope.acting(SYSTEM):
        Organisation.objects.filter(pk=committee.pk).update(kind="committee")
    first, second = make_member("first", roles.OFFICE, committee), make_member("second", roles.OFFICE, committee)
    item = office.item(unit_name=committee.name)
    office.publish()
    for step in ("sign", "start"):
        office.do(first, item, step)
    with scope.acting(first):
        photo = office.city.photo(first)
    office.do(first, item, "report", words="全部排查完毕。", finished_on=clock.today(), files=[photo], achieved=40)
    for own in (first, second):
        with pytest.raises(Forbidden):
            office.do(own, item, "verify")
    with scope.acting(office.keeper):
        assert [(row.pk, step) for row, step in waiting_for(office.keeper)] == [(item.pk, "verify")]
    assert office.do(office.keeper, item, "verify").state == "verified"


def test_a_neighbours_own_plan_is_the_neighbours(office: Office):
    """A county's published plan is read in the county and above it."""
    n_office = office.city.actors["n_office"]
    with scope.acting(SYSTEM):
        theirs = Campaign.objects.create(
            id=new_id(), code="own", zh="邻县专项整治", en="The neighbour's", region=NEIGHBOUR,
            from_day=date(year(), 1, 1), to_day=None, created_at=clock.now(),
        )  # fmt: skip
    with scope.acting(n_office):
        plan = actions.open_plan(actor=n_office, data={"campaign": theirs.pk})
        actions.put_line(actor=n_office, plan=plan.pk, data={"code": "1", "name": "邻县行动"})
        actions.publish(actor=n_office, plan=plan.pk)
    for reader, sees in ((office.member, False), (office.n_member, True), (office.keeper, True)):
        with scope.acting(reader):
            assert Plan.objects.filter(pk=plan.pk).exists() is sees


def test_a_unit_that_is_dissolved_holds_nothing_up(office: Office):
    item = office.under_way()
    office.do(office.member, item, "progress", words="已排查十家。", achieved=10)
    dissolve(office.unit)
    with scope.acting(SYSTEM):
        assert {one.rule for one in troubles_of(office.plan)} == {"unit_gone"}
    heir = make_unit("县应急管理局", COUNTY)
    with pytest.raises(Forbidden):
        office.do(office.member, item, "transfer", unit=heir.pk, reason="机构改革。")
    moved = office.do(office.keeper, item, "transfer", unit=heir.pk, reason="机构改革，职责划转。")
    assert (moved.unit_id, moved.state, moved.achieved, moved.remark) == (
        heir.pk,
        "assigned",
        10,
        "机构改革，职责划转。",
    )
    with scope.acting(SYSTEM):
        assert troubles_of(office.plan) == []


def test_nothing_is_given_out_to_a_dissolved_unit(office: Office):
    office.item()
    dissolve(office.unit)
    with pytest.raises(Conflict) as caught:
        office.publish()
    assert caught.value.code == "plans.errors"


# Days and figures


def test_a_day_stays_within_that_of_the_line_above(office: Office):
    limit = clock.today() + timedelta(days=70)
    office.put("1.1.1", due=limit)
    item = office.assigned()
    county = office.city.actors["office"]
    with pytest.raises(Invalid) as caught:
        office.do(county, item, "change_due", due=limit + timedelta(days=1), reason="时间不够。")
    assert set(caught.value.fields) == {"due"}
    assert office.do(county, item, "change_due", due=limit, reason="时间不够。").due == limit
    with scope.acting(SYSTEM):
        assert not [one for one in troubles_of(office.plan) if one.is_error]


@pytest.mark.parametrize("days", [-1, 400])
def test_assigned_anew_with_a_day_that_can_be_kept(office: Office, days: int):
    office.put("1.1.1", due=clock.today() + timedelta(days=70))
    item = office.handed_back()
    with pytest.raises(Invalid) as caught:
        office.do(office.keeper, item, "reassign", unit=office.unit.pk, due=clock.today() + timedelta(days=days))
    assert set(caught.value.fields) == {"due"}


def test_nothing_is_due_before_it_begins(office: Office):
    begins = clock.today() + timedelta(days=30)
    item = office.item(starts_on=begins)
    office.publish()
    with pytest.raises(Invalid):
        office.do(office.keeper, item, "change_due", due=begins - timedelta(days=1), reason="提前。")


def test_a_figure_falls_only_when_it_was_wrong(office: Office):
    item = office.under_way()
    office.do(office.member, item, "progress", words="已排查三十家。", achieved=30)
    for tried in (
        lambda: office.do(office.member, item, "progress", words="只有二十家了。", achieved=20),
        lambda: office.report(item, achieved=20),
    ):
        with pytest.raises(Invalid) as caught:
            tried()
        assert set(caught.value.fields) == {"achieved"}
    after = office.do(office.member, item, "progress", words="前次重复统计。", achieved=20, corrects=True)
    assert (after.achieved, after.share) == (Decimal(20), 500)
    with scope.acting(SYSTEM):
        assert acts(item.pk)[-1].data["corrects"] is True
        assert [row.achieved for row in Progress.objects.filter(item=item).order_by("at", "id")][-2:] == [30, 20]


def test_a_share_falls_only_when_it_was_wrong(office: Office):
    item = office.item("1.1.1.2", target=None, target_unit="", target_text="实施方案")
    office.publish()
    office.do(office.member, item, "sign")
    office.do(office.member, item, "progress", words="初稿已成。", percent=60)
    with pytest.raises(Invalid) as caught:
        office.do(office.member, item, "progress", words="重新起草。", percent=20)
    assert set(caught.value.fields) == {"percent"}
    assert office.do(office.member, item, "progress", words="重新起草。", percent=20, corrects=True).share == 200


@pytest.mark.parametrize("achieved", ["-1", "NaN", "1e30", "Infinity", "三十", "😀"])
def test_figures_that_are_none(office: Office, achieved: str):
    with pytest.raises(Invalid):
        office.do(office.member, office.under_way(), "progress", words="数字有误。", achieved=achieved)


def test_nothing_was_finished_before_the_campaign_began(office: Office):
    with pytest.raises(Invalid) as caught:
        office.report(office.under_way(), finished_on=date(year() - 2, 12, 31))
    assert set(caught.value.fields) == {"finished_on"}


def test_the_same_person_at_another_post_does_not_verify(office: Office):
    """Four eyes are those of two people, whatever posts they hold."""
    item = office.reported()
    with scope.acting(SYSTEM):
        mine = Post.objects.get(pk=office.keeper.post)
        Post.objects.filter(pk=mine.pk).update(person_id=office.member.person)
        second = actor_for(Post.objects.get(pk=mine.pk))
    with scope.acting(second):
        assert waiting_for(second) == []
    with pytest.raises(NotNow) as caught:
        office.do(second, item, "verify")
    assert caught.value.code == "check.NotReporter"


# Writing again


def test_an_item_under_way_keeps_all_that_was_settled_when_its_words_change(office: Office, tmp_path: Path):
    item = office.under_way()
    office.do(office.member, item, "progress", words="已排查十家。", achieved=10)
    dissolve(office.unit)
    row = line("1.1.1.1", target=40, target_unit="家", due=item.due, evidence="台账", name="换一种说法")
    found = bring(office, sheet(tmp_path / "a.xlsx", LINES, [row]))
    assert [(one.row, one.code) for one in found.report.faults] == []
    after = office.fresh(item)
    assert (after.name, after.unit_id, after.state, after.achieved, after.due) == (
        "换一种说法", office.unit.pk, "under_way", 10, item.due,
    )  # fmt: skip


@pytest.mark.parametrize("state", ["done", "withdrawn"])
def test_what_is_finished_is_told_in_the_dry_run_already(office: Office, tmp_path: Path, state: str):
    item = office.in_state(state)
    facts: dict[str, Any] = {"target": 40, "target_unit": "家", "due": item.due, "evidence": "台账"}
    changed = line("1.1.1.1", name="换一种说法", **facts)
    found = bring(office, sheet(tmp_path / "a.xlsx", LINES, [changed]), write=False)
    assert [(one.row, one.code) for one in found.report.faults] == [(2, "plans.finished")]
    same = bring(office, sheet(tmp_path / "b.xlsx", LINES, [line("1.1.1.1", name=item.name, **facts)]))
    assert same.counts == {"new": 0, "changed": 0, "unchanged": 1}


def test_what_an_upper_line_said_before_is_in_the_ledger(office: Office, tmp_path: Path):
    office.put("1.1.1", "原来的说法", target=30, target_unit="家")
    office.put("1.1.1", "新的说法", target=20, target_unit="家")
    bring(office, sheet(tmp_path / "a.xlsx", LINES, [line("1.1.1", name="再新的说法", target=10, target_unit="家")]))
    with scope.acting(SYSTEM):
        told = acts(office.plan.pk)
    put, loaded = told[-2].changes, told[-1].changes
    assert (put["name"], put["target"]) == (["原来的说法", "新的说法"], ["30.00", "20"])
    assert loaded["1.1.1 name"] == ["新的说法", "再新的说法"]


def test_a_sub_plan_with_items_stays_where_it_lies(office: Office):
    office.assigned()
    with pytest.raises(Invalid) as caught:
        office.sub_plan(region=NEIGHBOUR)
    assert set(caught.value.fields) == {"region"}
    assert office.sub_plan(document="安委〔2026〕9号").document == "安委〔2026〕9号"
    with scope.acting(SYSTEM):
        assert acts(office.plan.pk)[-1].changes == {"document": ["安委〔2026〕3号", "安委〔2026〕9号"]}


def test_the_number_of_a_sub_plan_is_the_same_in_small_letters(office: Office):
    assert office.sub_plan(code="q01").code == "Q01"
    assert office.item(sub_plan="q01").pk == office.item().pk
    for over in ({"code": "own"}, {"kind": "own"}):
        with pytest.raises(Invalid):
            office.sub_plan(**over)


def test_campaigns_of_one_name_are_told_apart(office: Office, tmp_path: Path):
    """The city's and a county's campaign bear one name: a file of the city's office means its own."""
    county = office.city.actors["office"]
    with scope.acting(SYSTEM):
        theirs = Campaign.objects.create(
            id=new_id(), code="zbgj", zh="治本攻坚三年行动", en="Three-year campaign", region=COUNTY,
            from_day=date(year() - 1, 1, 1), to_day=date(year() + 1, 12, 31), created_at=clock.now(),
        )  # fmt: skip
    with scope.acting(county):
        plan = actions.open_plan(actor=county, data={"campaign": theirs.pk})
    path = sheet(tmp_path / "a.xlsx", LINES, [line("7", campaign="治本攻坚三年行动"), line("8")])
    assert bring(office, path).counts["new"] == 2
    assert bring(office, path, actor=county).counts["new"] == 2
    with scope.acting(SYSTEM):
        assert sorted(office.plan.nodes.filter(level="action").values_list("code", flat=True)) == ["1", "7", "8"]
        assert sorted(plan.nodes.values_list("code", flat=True)) == ["7", "8"]


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_pressed_twice_a_plan_is_published_once(office: Office):
    office.item()

    def press() -> Any:
        return actions.publish(actor=office.keeper, plan=office.plan.pk)

    answers = outcomes_of(acting(office.keeper, press), acting(office.keeper, press))
    assert sorted(type(one).__name__ for one in answers) == ["Conflict", "Plan"]
    with scope.acting(SYSTEM):
        assert [one.step for one in acts(office.plan.pk)].count("publish_plan") == 1
        assert PlanItem.objects.get().version == 2
