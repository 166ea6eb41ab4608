"""Who sees a reward: by the database itself, whatever the code forgets."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.identity.roles import ROLES
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.rewards import queries
from anlan.rewards.models import Bill, BillEvent, Budget, Payee, Reconciliation, Reward
from tests.rewards.conftest import Purse

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
TABLES = (Reward, Bill, BillEvent, Budget, Payee)


def _counts(actor: Actor) -> tuple[int, ...]:
    with scope.acting(actor):
        return tuple(model._default_manager.count() for model in TABLES)


@pytest.fixture
def rewards(purse: Purse) -> list[Reward]:
    """One of each way, with bills, events and a payee."""
    voucher = purse.paying(way="voucher")
    purse.pay_out(voucher)
    transfer = purse.claimable(actor=purse.town.second)
    return [voucher, purse.claim(transfer, purse.town.second)]


def test_each_post_sees_what_it_has_business_with(purse: Purse, rewards: list[Reward]) -> None:
    seen = {name: _counts(actor) for name, actor in purse.town.city.actors.items()}
    keepers = {"office", "dispatcher", "finance", "finance2", "auditor"}
    assert {name for name, found in seen.items() if found[0]} == keepers | {"city_office"}
    for name in keepers:
        assert seen[name] == (2, 2, 1, 1, 0), name
    assert seen["city_office"] == (2, 2, 1, 2, 0)
    for name in ("n_office", "n_finance", "n_auditor", "n_dispatcher"):
        assert seen[name] == (0, 0, 0, 1, 0), name  # the neighbour's own budget
    assert seen["regulator"] == seen["system_admin"] == seen["principal"] == seen["citizen"] == (0,) * 5


def test_whom_a_transfer_goes_to_is_seen_by_the_platform_alone(purse: Purse, rewards: list[Reward]) -> None:
    with scope.acting(SYSTEM):
        assert Payee.objects.count() == 1
    for actor in (*purse.town.city.actors.values(), purse.town.reporter, purse.town.second):
        with scope.acting(actor):
            assert not Payee.objects.exists(), actor.role


def test_a_reporter_sees_their_own_and_nobody_elses(purse: Purse, rewards: list[Reward]) -> None:
    mine, theirs = rewards
    for actor, own in ((purse.town.reporter, mine), (purse.town.second, theirs)):
        with scope.acting(actor):
            assert list(Reward.objects.values_list("pk", flat=True)) == [own.pk]
            assert [one.reward.pk for one in queries.of_reporter(actor)] == [own.pk]
            assert set(Bill.objects.values_list("reward_id", flat=True)) == {own.pk}
    with scope.acting(purse.town.guest):
        assert queries.of_reporter(purse.town.guest) == []
    with scope.acting(Actor(role="citizen")):
        assert not Reward.objects.exists()


def test_a_proposal_is_not_shown_to_its_reporter(purse: Purse) -> None:
    purse.proposed()
    with scope.acting(purse.town.reporter):
        assert queries.of_reporter(purse.town.reporter) == []


def test_nothing_an_official_reads_leads_to_the_reporter(purse: Purse, rewards: list[Reward]) -> None:
    """Every column of every row that finance sees, searched for the reporter."""
    secrets = {str(purse.town.reporter.person), "韩小满", "13835710001", "o-reporter-1"}
    with scope.acting(purse.finance):
        rows: list[Any] = [*Reward.objects.values(), *Bill.objects.values(), *BillEvent.objects.values()]
    assert rows
    text = str(rows)
    assert not [secret for secret in secrets if secret in text]


def test_figures_are_sums_and_nothing_else(purse: Purse) -> None:
    purse.paid()
    with scope.acting(purse.town.second):
        assert queries.figures() == {"paid": 1, "paid_fen": 30_000}
        today = clock.today()
        assert queries.paid_by_day(today, today + timedelta(days=1)) == {today: (1, 30_000)}
        assert queries.paid_by_day(today - timedelta(days=9), today) == {}


def test_no_scope_no_rows(purse: Purse, rewards: list[Reward]) -> None:
    for model in (*TABLES, Reconciliation):
        assert model._default_manager.count() == 0


def test_the_posts_that_keep_money_are_the_ones_the_menu_shows_it_to() -> None:
    from anlan.rewards.rules import READERS

    assert {code for code, role in ROLES.items() if role.desk} | {"auditor"} == READERS
