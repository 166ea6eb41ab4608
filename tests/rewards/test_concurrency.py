"""Two at once: the budget is never exceeded, nobody claims twice, a callback counts once."""

from functools import partial
from typing import Any

import pytest

from anlan.channels.pay import Told
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, NotNow, Problem
from anlan.rewards import actions
from anlan.rewards.actions import Ledger
from anlan.rewards.models import Bill, BillEvent, Reward
from tests.factories import COUNTY
from tests.rewards.conftest import OPENID, Purse, make_purse, no_caps
from tests.together import acting, outcomes_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture
def purse(transactional_db: None, paying_service: None) -> Purse:
    return make_purse()


def test_approvals_at_once_never_exceed_the_budget(purse: Purse) -> None:
    no_caps()
    with scope.acting(purse.office):
        actions.set_budget(actor=purse.office, region=COUNTY, data={"year": clock.today().year, "fen": 70_000})
    rewards = [purse.proposed(words=f"第{n}处安全出口上锁。") for n in range(4)]
    officers = [purse.finance, purse.finance2, purse.finance, purse.finance2]

    def approve(actor: Any, reward: Reward) -> Any:
        return acting(actor, lambda: actions.take_step(actor=actor, reward=reward.pk, step="approve"))

    outcomes = outcomes_of(*(approve(actor, reward) for actor, reward in zip(officers, rewards, strict=True)))
    assert sum(isinstance(one, Reward) for one in outcomes) == 2
    assert sum(isinstance(one, NotNow) and one.code == "reward.budget" for one in outcomes) == 2
    with scope.acting(SYSTEM):
        assert Reward.objects.filter(state="claimable").count() == 2


def test_one_reward_approved_by_two_is_approved_once(purse: Purse) -> None:
    reward = purse.proposed()
    outcomes = outcomes_of(
        *(
            acting(actor, lambda actor=actor: actions.take_step(actor=actor, reward=reward.pk, step="approve"))
            for actor in (purse.finance, purse.finance2)
        )
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["Reward", "WrongState"]


def test_claims_at_once_make_one_bill(purse: Purse) -> None:
    reward = purse.claimable()
    who = purse.town.reporter
    data = {"way": "wechat", "openid": OPENID}
    outcomes = outcomes_of(
        *(acting(who, lambda: actions.claim(actor=who, reward=reward.pk, data=data)) for _ in range(3))
    )
    assert all(isinstance(one, Reward | Conflict) for one in outcomes), outcomes
    assert any(isinstance(one, Reward) for one in outcomes)
    assert len(purse.bills(reward)) == 1


def test_a_person_s_cap_holds_for_reports_answered_at_once(purse: Purse) -> None:
    from anlan.rewards.actions.proposing import propose_for

    reports = [purse.town.fresh(purse.verified(words=f"第{n}处安全出口上锁。")) for n in range(5)]
    from anlan.kernel.flow.clockwork import tick
    from anlan.rewards import receivers

    before = receivers.propose_for
    receivers.propose_for = lambda report: None  # type: ignore[assignment] # proposed below, at once
    try:
        tick()
    finally:
        receivers.propose_for = before
    answered = [purse.town.fresh(report) for report in reports]
    outcomes_of(*(partial(propose_for, report) for report in answered))
    with scope.acting(SYSTEM):
        amounts = sorted(Reward.objects.values_list("amount_fen", flat=True))
    assert amounts == [0, 10_000, 30_000, 30_000, 30_000]


def test_the_same_callback_many_times_at_once_counts_once(purse: Purse) -> None:
    reward = purse.paying()
    purse.tend(reward)
    number = purse.bill(reward).out_bill_no
    told = Told(number=number, state="SUCCESS", fen=reward.amount_fen, transfer="1330")
    outcomes = outcomes_of(*(lambda: Ledger().hear(number, told, "callback", "EV-1") for _ in range(4)))
    assert sorted(str(one) for one in outcomes) == ["None", "None", "None", "ended"]
    assert purse.fresh(reward).state == "paid"
    with scope.acting(SYSTEM):
        assert BillEvent.objects.filter(notice="EV-1").count() == 1


def test_workers_at_once_ask_for_one_transfer(purse: Purse) -> None:
    reward = purse.paying()
    number = purse.bill(reward).out_bill_no
    outcomes = outcomes_of(*(lambda: actions.tend_bill(number, purse.service) for _ in range(4)))
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert list(purse.machine.bills) == [number]
    assert purse.bill(reward).state == "WAIT_USER_CONFIRM"


def test_claim_and_lapse_at_once_leave_one_of_both(purse: Purse) -> None:
    from datetime import timedelta

    from anlan.kernel.flow.clockwork import tick

    reward = purse.claimable()
    late = clock.now() + timedelta(days=62)

    def lapse() -> None:
        with clock.at(late):
            tick()

    def claim() -> Any:
        try:
            with clock.at(late):  # a voucher of an earlier day would expire in the same tick
                return purse.claim(reward, way="voucher")
        except Problem as problem:
            return problem

    outcomes_of(lapse, claim)
    state = purse.fresh(reward).state
    with scope.acting(SYSTEM):
        bills = Bill.objects.filter(reward=reward).count()
    assert (state, bills) in [("lapsed", 0), ("paying", 1)]
