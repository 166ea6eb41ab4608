"""Boards, who is behind and the accounts, for programs: right sums, only what one sees, nobody without a part."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.plans.models import SubPlan
from anlan.plans.queries.accounts import BUCKETS
from anlan.plans.states import CODES
from tests.factories import COUNTY, NEIGHBOUR
from tests.plans.conftest import Office, year
from tests.plans.test_documents import upload
from tests.plans.test_pages import visit

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
KEY = {"Idempotency-Key": "00000000-0000-7000-8000-000000000002"}


@pytest.fixture
def busy(office: Office) -> Office:
    """One item is found in order, one called off, one not signed for by a neighbour, one slow."""
    office.put("1.1.1", target=100, target_unit="家")
    first, off = office.item(), office.item("1.1.1.2", target=5)
    office.item("1.1.1.3", sub_plan="", unit_name=office.n_unit.name, target=30, due=clock.today() + timedelta(days=1))
    office.publish()
    for step in ("sign", "start"):
        office.do(office.member, first, step)
    office.report(office.fresh(first))
    office.do(office.keeper, first, "verify")
    office.do(office.keeper, off, "withdraw", reason="上级已取消。")
    return office


def asked(office: Office, actor: Actor, name: str, **query: Any) -> Any:
    answer = visit(actor).get(f"/api/v1/plans/{office.plan.pk}/{name}", {"year": year(), **query})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_every_state_is_in_one_account():
    assert sorted(state for states in BUCKETS.values() for state in states) == sorted(CODES)


def test_a_units_and_a_regions_board(busy: Office):
    whole = asked(busy, busy.keeper, "board")
    assert (whole["sums"]["total"], whole["sums"]["done"], whole["states"]) == (2, 1, {"verified": 1, "assigned": 1})
    for query, states in (
        ({"unit": busy.unit.pk}, {"verified": 1}),
        ({"unit": busy.n_unit.pk}, {"assigned": 1}),
        ({"region": COUNTY}, {"verified": 1}),
        ({"region": NEIGHBOUR}, {"assigned": 1}),
        ({"region": COUNTY, "unit": busy.n_unit.pk}, {}),
    ):
        found = asked(busy, busy.keeper, "board", **query)
        assert found["states"] == states
        assert [one["code"] for one in found["sub_plans"]] == (
            [] if not states else ["Q01" if "verified" in states else "own"]
        )
    mine = asked(busy, busy.member, "board")
    assert mine["states"] == {"verified": 1}  # a neighbour's items are not counted
    assert asked(busy, busy.member, "board", unit=busy.n_unit.pk)["states"] == {}


def test_who_is_behind_and_by_how_much(busy: Office):
    with clock.at(clock.now() + timedelta(days=9)):
        found = asked(busy, busy.keeper, "behind", year=year())
        assert [(one["unit"], one["overdue_days"]) for one in found["items"]] == [(str(busy.n_unit.pk), 8)]
        assert asked(busy, busy.keeper, "behind", unit=busy.unit.pk)["items"] == []
        assert asked(busy, busy.member, "behind")["count"] == 0


def test_the_accounts_reconcile_and_a_target_is_held_against_its_parts(busy: Office):
    found = asked(busy, busy.keeper, "reconciliation")
    assert found["reconciles"] is True
    accounts = {one["code"]: one for one in found["accounts"]}
    assert (accounts["Q01"]["total"], accounts["Q01"]["done"], accounts["Q01"]["withdrawn"]) == (2, 1, 1)
    assert (accounts["own"]["total"], accounts["own"]["not_signed"]) == (1, 1)
    (one,) = found["sums"]
    assert [float(one[name]) for name in ("target", "promised", "reached", "difference")] == [100, 70, 40, -30]


def test_whoever_has_no_part_is_refused_and_a_hidden_plan_is_not_there(office: Office):
    office.item()
    with scope.acting(SYSTEM):
        sub = SubPlan.objects.get(code="Q01").pk
    addresses = [f"/api/v1/plans/{office.plan.pk}/{name}" for name in ("board", "behind", "reconciliation")]
    addresses.append(f"/api/v1/plans/sub-plans/{sub}")
    for address in addresses:
        assert visit(office.keeper).get(address).status_code == 200
        assert visit(office.member).get(address).status_code == 404  # not published
        assert visit(office.city.actors["principal"]).get(address).status_code == 403


def test_a_sub_plan_with_its_documents(office: Office):
    office.assigned()
    with scope.acting(SYSTEM):
        sub = SubPlan.objects.get(code="Q01").pk
    file = upload(office.member)
    post = {"data": {"files": [str(file)]}, "content_type": "application/json", "headers": KEY}
    assert visit(office.n_member).post(f"/api/v1/plans/sub-plans/{sub}/documents", **post).status_code == 403
    made = visit(office.member).post(f"/api/v1/plans/sub-plans/{sub}/documents", **post)
    assert (made.status_code, [one["id"] for one in made.json()["documents"]]) == (200, [str(file)])
    seen = visit(office.n_member).get(f"/api/v1/plans/sub-plans/{sub}").json()
    assert (seen["code"], seen["documents"][0]["name"]) == ("Q01", "县实施方案.docx")
