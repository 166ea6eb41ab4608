"""Each self-check with a tree that is right and one that is wrong; and what publishing makes of it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.plans import actions
from anlan.plans.models import PlanItem, PlanNode, SubPlan
from anlan.plans.ordinals import is_code, order_of, tidy_code
from anlan.plans.queries.selfchecks import troubles_of
from anlan.plans.selfcheck import RULES, Line, Sub, Tree, troubles
from tests.plans.conftest import Office, year

FROM, TO = date(2024, 1, 1), date(2026, 12, 31)


def line(code: str, **over: Any) -> Line:
    facts: dict[str, Any] = {"ref": code, "code": code, "name": f"第{code}项"}
    if code.count(".") == 3:
        facts |= {
            "sub_plan": "Q01", "year": 2026, "unit_name": "县应急局", "unit_known": True, "due": date(2026, 6, 30),
        }  # fmt: skip
    return Line(**(facts | over))


def sub(**over: Any) -> Sub:
    facts: dict[str, Any] = {"ref": "Q01", "code": "Q01", "name": "县方案", "year": 2026, "document": "安委〔2026〕3号"}
    return Sub(**(facts | over))


RIGHT = (line("1"), line("1.1"), line("1.1.1"), line("1.1.1.1"))


def found(*lines: Line, subs: tuple[Sub, ...] = (sub(),)) -> set[str]:
    tree = Tree.of(lines or RIGHT, subs, from_day=FROM, to_day=TO, year=2026)
    return {one.rule for one in troubles(tree)}


WRONG: list[tuple[str, tuple[Line, ...], tuple[Sub, ...]]] = [
    ("no_unit", (*RIGHT, line("1.1.1.2", unit_name="", unit_known=False)), (sub(),)),
    ("unit_unknown", (*RIGHT, line("1.1.1.2", unit_known=False)), (sub(),)),
    ("upper_unit_unknown", (line("1", unit_name="市某局"), *RIGHT[1:]), (sub(),)),
    ("unit_gone", (*RIGHT, line("1.1.1.2", unit_gone=True)), (sub(),)),
    ("begins_after_due", (*RIGHT, line("1.1.1.2", starts_on=date(2026, 7, 1))), (sub(),)),
    ("no_parent", (*RIGHT, line("1.2.1.1")), (sub(),)),
    ("twice", (*RIGHT, line("1.1.1.1", ref="again")), (sub(),)),
    ("twice", (*RIGHT, line("1.1", ref="again")), (sub(),)),
    ("year_outside", (*RIGHT, line("1.1.1.2", year=2027)), (sub(), sub(year=2027))),
    ("due_after_parent", (*RIGHT[:2], line("1.1.1", due=date(2026, 6, 29)), RIGHT[3]), (sub(),)),
    ("due_outside", (*RIGHT, line("1.1.1.2", due=date(2027, 1, 1))), (sub(),)),
    ("no_due", (*RIGHT, line("1.1.1.2", due=None)), (sub(),)),
    (
        "sums",
        (*RIGHT[:2], line("1.1.1", target=Decimal(50), target_unit="家"),
         line("1.1.1.1", target=Decimal(20), target_unit="家"), line("1.1.1.2", target=Decimal(20), target_unit="家")),
        (sub(),),
    ),
    ("no_sub_plan", (*RIGHT, line("1.1.1.2", sub_plan="Q09")), (sub(),)),
    ("empty_sub_plan", RIGHT, (sub(), sub(code="Q02"))),
    ("not_approved", RIGHT, (sub(document=""),)),
    ("uncovered", (*RIGHT, line("1.1.2")), (sub(),)),
]  # fmt: skip


def test_a_right_tree_has_no_trouble():
    assert found() == set()


@pytest.mark.parametrize(("rule", "lines", "subs"), WRONG)
def test_each_trouble_is_found_and_nothing_else(rule: str, lines: tuple[Line, ...], subs: tuple[Sub, ...]):
    assert found(*lines, subs=subs) == {rule}


def test_every_rule_has_a_wrong_tree():
    assert {rule for rule, _lines, _subs in WRONG} == set(RULES)


def test_the_same_number_in_two_sub_plans_is_right():
    lines = (*RIGHT, line("1.1.1.1", sub_plan="X01"))
    assert found(*lines, subs=(sub(), sub(code="X01", kind="system"))) == set()


def test_sums_in_other_units_are_not_compared():
    lines = (*RIGHT[:2], line("1.1.1", target=Decimal(50), target_unit="家"))
    assert found(*lines, line("1.1.1.1", target=Decimal(3), target_unit="场次")) == set()


def test_messages_are_whole():
    for rule, lines, subs in WRONG:
        tree = Tree.of(lines, subs, from_day=FROM, to_day=TO, year=2026)
        for one in troubles(tree):
            assert one.rule == rule
            assert "%(" not in one.words


def test_ordinals():
    assert tidy_code(" １．２。3. ") == "1.2.3"
    assert [one for one in ("1", "1.2", "1.2.3.4", "0", "1.", "1.2.3.4.5", "a", "01") if is_code(one)] == [
        "1", "1.2", "1.2.3.4",
    ]  # fmt: skip
    assert sorted(["1.10", "1.9", "1", "2"], key=order_of) == ["1", "1.9", "1.10", "2"]


pytest_db = pytest.mark.django_db(databases=["default", "owner"])


@pytest_db
def test_a_plan_with_an_error_is_not_published(office: Office):
    office.item(unit_name="某某局")
    with pytest.raises(Conflict) as caught:
        office.publish()
    assert caught.value.code == "plans.errors"
    with scope.acting(SYSTEM):
        assert {one.rule for one in troubles_of(office.plan)} == {"unit_unknown"}
        item = PlanItem.objects.get()
    office.do(office.keeper, item, "match", unit=office.unit.pk)
    assert office.publish().published_at is not None
    assert office.fresh(item).state == "assigned"


@pytest_db
def test_only_the_keeper_writes_and_publishes(office: Office):
    for actor in (office.member, office.city.actors["office"], office.city.city_regulator):
        with pytest.raises((Forbidden, NotFound)):
            office.put("2", actor=actor)
        with pytest.raises((Forbidden, NotFound)):
            office.publish(actor=actor)
    assert office.put("2").code == "2"


@pytest_db
def test_written_again_a_line_is_changed_and_not_doubled(office: Office):
    first = office.put("1.1", "原来的说法")
    again = office.put("1.1", "新的说法")
    assert again.pk == first.pk
    item = office.item()
    assert office.item(target=50).pk == item.pk
    assert office.fresh(item).target == 50
    assert office.item(sub_plan="").pk != item.pk  # the city's own item of the same number is another
    with scope.acting(SYSTEM):
        assert PlanNode.objects.filter(plan=office.plan).count() == 3
        assert PlanItem.objects.count() == 2
        assert SubPlan.objects.filter(kind="own").count() == 1


@pytest_db
def test_what_was_given_out_keeps_its_unit_target_and_day(office: Office):
    item = office.assigned()
    assert office.item(method="逐企入户").pk == item.pk
    assert office.fresh(item).method == "逐企入户"
    for over in ({"target": 41}, {"due": clock.today() + timedelta(days=61)}, {"unit_name": office.n_unit.name}):
        with pytest.raises(Invalid):
            office.item(**over)


@pytest_db
@pytest.mark.parametrize("code", ["1.2.1", "2.1", "1.1.9.1"])
def test_a_line_without_the_one_above_is_refused(office: Office, code: str):
    with pytest.raises(Invalid) as caught:
        office.put(code)
    assert set(caught.value.fields) == {"code"}


@pytest_db
def test_a_year_outside_the_campaign_is_refused(office: Office):
    with pytest.raises(Invalid):
        office.item(year=year() + 2)
    with pytest.raises(Invalid):
        office.sub_plan(year=year() - 2)


@pytest_db
def test_a_second_plan_of_a_campaign_is_refused(office: Office):
    with scope.acting(office.keeper), pytest.raises(Conflict):
        actions.open_plan(actor=office.keeper, data={"campaign": office.plan.campaign_id})


@pytest_db
def test_published_again_only_what_is_new_is_given_out(office: Office):
    first = office.assigned()
    with pytest.raises(Conflict):
        office.publish()
    second = office.item("1.1.1.2")
    office.publish()
    assert (office.fresh(first).version, office.fresh(second).state) == (first.version, "assigned")
