"""Payments that contradict themselves: nothing more is paid, a person settles them with evidence, and the books still add up."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.channels.pay import Told
from anlan.identity import roles
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound, NotNow
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.models import Entry
from anlan.notify.models import Message
from anlan.rewards import actions, queries
from anlan.rewards.actions import Ledger
from anlan.rewards.models import Bill, Reconciliation, Reward
from tests.factories import COUNTY, _post
from tests.rewards.conftest import Purse
from tests.rewards.test_money import reconciled

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PROOF = {"document": "微信支付函〔2026〕17号", "reason": "来函确认该笔款项状态。"}


@pytest.fixture
def third(purse: Purse) -> Actor:
    """A finance officer who had no hand in anything."""
    with scope.acting(SYSTEM):
        _post(purse.town.city, "finance3", roles.FINANCE, COUNTY, None)
    return purse.town.city.actors["finance3"]


def failed(purse: Purse) -> tuple[Reward, Bill]:
    """A transfer that came to nothing, and its reward, which can be claimed again."""
    reward = purse.paying()
    bill = purse.tend(reward)
    purse.machine.fail(bill.out_bill_no, "ACCOUNT_FROZEN")
    bill = purse.tend(reward)
    assert (bill.state, purse.fresh(reward).state) == ("FAIL", "claimable")
    return purse.fresh(reward), bill


def told(bill: Bill, state: str, *, fen: int | None = None, notice: str = "EV-contrary") -> Any:
    word = Told(number=bill.out_bill_no, state=state, fen=fen or bill.amount_fen)
    return Ledger().hear(bill.out_bill_no, word, "callback", notice)


def settle(purse: Purse, actor: Actor, reward: Reward, finding: str, **over: Any) -> Reward:
    return purse.do(actor, reward, "resolve", **({"finding": finding} | PROOF | over))


def kept(reward: Reward, step: str) -> dict[str, Any]:
    import json

    with scope.acting(SYSTEM):
        entry = Entry.objects.filter(subject_id=reward.pk, step=step).latest("at")
    found: dict[str, Any] = json.loads(bytes(entry.body))
    return found


def test_a_failed_transfer_that_was_paid_after_all(purse: Purse) -> None:
    reward, bill = failed(purse)
    assert told(bill, "SUCCESS") == "conflict"
    assert purse.fresh(reward).disputed
    with pytest.raises(NotNow) as no:
        purse.claim(purse.fresh(reward), way="voucher")
    assert no.value.code == "check.NothingUnclear"
    with scope.acting(SYSTEM):
        assert set(Message.objects.filter(kind="reward.alarm").values_list("person_id", flat=True)) == {
            purse.finance.person,
            purse.finance2.person,
        }
    done = settle(purse, purse.finance2, reward, "paid")
    assert (done.state, done.disputed, done.way) == ("paid", False, "wechat")
    assert purse.bill(reward).state == "SUCCESS"
    assert "微信支付函〔2026〕17号" in str(kept(reward, "resolve"))
    assert told(bill, "SUCCESS", notice="EV-again") == "same"
    assert not purse.fresh(reward).disputed
    reconciled(purse)


def test_one_that_was_not_paid_can_be_claimed_again(purse: Purse) -> None:
    reward, bill = failed(purse)
    told(bill, "SUCCESS")
    with clock.at(clock.now() + timedelta(days=62)):
        tick()
        assert purse.fresh(reward).state == "claimable"  # it does not lapse while nobody knows
        done = settle(purse, purse.finance2, reward, "not_paid")
        assert done.state == "claimable"
        assert done.claim_by is not None
        assert done.claim_by > clock.today()
        assert purse.claim(done, way="voucher").state == "paying"
    reconciled(purse)


def test_the_same_contradiction_after_it_was_settled_is_a_new_one(purse: Purse) -> None:
    reward, bill = failed(purse)
    told(bill, "SUCCESS")
    settle(purse, purse.finance2, reward, "not_paid")
    assert told(bill, "SUCCESS", notice="EV-later") == "conflict"
    assert purse.fresh(reward).disputed


def test_a_paid_one_that_came_back_can_be_claimed_again(purse: Purse) -> None:
    reward = purse.paying()
    bill = purse.tend(reward)
    purse.machine.confirm(bill.out_bill_no)
    purse.machine.tick()
    bill = purse.tend(reward)
    assert purse.fresh(reward).state == "paid"
    assert told(bill, "FAIL") == "conflict"
    back = settle(purse, purse.finance2, reward, "not_paid")
    assert (back.state, back.paid_at, purse.bill(reward).state) == ("claimable", None, "FAIL")
    assert purse.claim(back, way="voucher").state == "paying"


def test_a_voucher_claimed_meanwhile_is_not_paid_out_and_withdrawn(purse: Purse) -> None:
    from anlan.rewards import vouchers

    reward, bill = failed(purse)
    purse.claim(reward, way="voucher")
    code = vouchers.code_of(purse.bill(reward).pk)
    told(bill, "SUCCESS")
    with pytest.raises(NotNow) as no:
        purse.do(purse.finance, reward, "pay_out", code=code, means="cash", receipt="收1")
    assert no.value.code == "check.NothingUnclear"
    done = settle(purse, purse.finance2, reward, "paid")
    assert done.state == "paid"
    assert [one.state for one in purse.bills(reward)] == ["SUCCESS", "CANCELLED"]
    reconciled(purse)


def test_a_transfer_claimed_meanwhile_is_stopped(purse: Purse) -> None:
    reward, bill = failed(purse)
    purse.claim(reward)
    second = purse.tend(reward)
    assert second.state == "WAIT_USER_CONFIRM"
    told(bill, "SUCCESS")
    with pytest.raises(NotNow) as no:
        settle(purse, purse.finance2, reward, "paid")
    assert no.value.code == "reward.other_open"
    assert purse.tend(reward).state == "CANCELING"
    with pytest.raises(Exception, match="INVALID_REQUEST"):
        purse.machine.confirm(second.out_bill_no)
    purse.machine.tick()
    assert purse.tend(reward).state == "CANCELLED"
    assert settle(purse, purse.finance2, reward, "paid").state == "paid"
    reconciled(purse)


def test_one_claimed_meanwhile_and_not_sent_yet_is_never_sent(purse: Purse) -> None:
    reward, bill = failed(purse)
    purse.claim(reward)
    told(bill, "SUCCESS")
    assert purse.tend(reward).state == "CANCELLED"
    assert list(purse.machine.bills) == [bill.out_bill_no]


def test_paid_twice_is_kept_as_such_until_it_came_back(purse: Purse, third: Actor) -> None:
    """The transfer failed, the voucher was paid in cash, and then the transfer turns out to be paid too."""
    reward, bill = failed(purse)
    purse.claim(reward, way="voucher")
    purse.pay_out(reward)
    told(bill, "SUCCESS")
    with pytest.raises(NotNow) as no:
        settle(purse, third, reward, "paid")
    assert no.value.code == "reward.other_open"
    purse.do(purse.finance2, reward, "confirm", correct=True)
    done = settle(purse, third, reward, "paid")
    assert (done.state, done.disputed) == ("paid", False)
    assert [(one.state, one.excess_fen) for one in purse.bills(reward)] == [("FAIL", 30_000), ("SUCCESS", 0)]
    with scope.acting(purse.finance):
        view = queries.budgets(purse.finance)[0]
    assert (view.paid_fen, view.beyond_fen) == (30_000, 30_000)
    assert view.budget.fen == view.paid_fen + view.open_fen + view.beyond_fen + view.left_fen
    assert told(bill, "SUCCESS", notice="EV-again") == "same"
    purse.do(third, reward, "recover", receipt="回款单 9", reason="当事人退回重复领取的奖励。")
    with scope.acting(purse.finance):
        assert queries.budgets(purse.finance)[0].beyond_fen == 0
    with pytest.raises(NotNow):
        purse.do(third, reward, "recover", receipt="回款单 9", reason="再来一次")
    reconciled(purse)


def test_money_beyond_the_budget_lets_nothing_more_be_approved(purse: Purse, third: Actor) -> None:
    with scope.acting(purse.office):
        actions.set_budget(actor=purse.office, region=COUNTY, data={"year": clock.today().year, "fen": 70_000})
    reward, bill = failed(purse)
    purse.claim(reward, way="voucher")
    purse.pay_out(reward)
    told(bill, "SUCCESS")
    purse.do(purse.finance2, reward, "confirm", correct=True)
    settle(purse, third, reward, "paid")
    other = purse.proposed(actor=purse.town.second)
    with pytest.raises(NotNow) as no:
        purse.do(purse.finance, other, "approve")
    assert no.value.code == "reward.budget"


def test_a_reward_that_lapsed_and_was_paid(purse: Purse) -> None:
    reward, bill = failed(purse)
    with clock.at(clock.now() + timedelta(days=62)):
        tick()
        assert purse.fresh(reward).state == "lapsed"
        told(bill, "SUCCESS")
        assert settle(purse, purse.finance2, reward, "paid").state == "paid"
    reconciled(purse)


def test_another_amount_than_ordered(purse: Purse) -> None:
    reward = purse.paying()
    bill = purse.tend(reward)
    assert told(bill, "SUCCESS", fen=50_000) == "amount"
    assert purse.fresh(reward).state == "paying"
    done = settle(purse, purse.finance2, reward, "paid", fen=50_000)
    assert (done.state, purse.bill(reward).excess_fen) == ("paid", 20_000)
    assert told(bill, "SUCCESS", fen=50_000, notice="EV-again") == "same"


def test_a_transfer_the_service_lost(purse: Purse) -> None:
    reward = purse.paying()
    bill = purse.tend(reward)
    del purse.machine.bills[bill.out_bill_no]
    purse.tend(reward)
    purse.tend(reward)
    assert purse.fresh(reward).disputed
    with scope.acting(purse.finance):
        assert len(queries.alarms(purse.finance)) == 1
    back = settle(purse, purse.finance2, reward, "not_paid")
    assert (back.state, purse.bill(reward).state) == ("claimable", "FAIL")
    with scope.acting(purse.finance):
        assert queries.alarms(purse.finance) == []


def test_who_settles_had_no_hand_in_it(purse: Purse, third: Actor) -> None:
    reward, bill = failed(purse)
    with pytest.raises(NotNow) as no:
        settle(purse, purse.finance2, reward, "paid")
    assert no.value.code == "check.Disputed"
    purse.claim(reward, way="voucher")
    purse.do(purse.finance2, reward, "take_back", reason="填错了领取方式")
    told(bill, "SUCCESS")
    for actor, code in ((purse.finance, "check.NotApprover"), (purse.finance2, "check.NotInvolved")):
        with pytest.raises(NotNow) as no:
            settle(purse, actor, reward, "paid")
        assert no.value.code == code
    with pytest.raises(Forbidden):
        settle(purse, purse.office, reward, "paid")
    with pytest.raises(NotFound):
        settle(purse, purse.n_finance, reward, "paid")
    with scope.acting(third):
        assert [(row.pk, step) for row, step in queries.waiting_for(third)] == [(reward.pk, "resolve")]
    assert settle(purse, third, reward, "paid").state == "paid"


@pytest.mark.parametrize(
    ("over", "field"),
    [({"document": ""}, "document"), ({"reason": "是"}, "reason"), ({"finding": "perhaps"}, "finding"),
     ({"finding": "not_paid", "fen": 1}, "fen"), ({"bill": "019b0000-0000-7000-8000-000000000000"}, "bill")],
)  # fmt: skip
def test_a_finding_needs_its_reason_and_its_evidence(purse: Purse, over: dict[str, Any], field: str) -> None:
    reward, bill = failed(purse)
    told(bill, "SUCCESS")
    with pytest.raises(Invalid) as no:
        settle(purse, purse.finance2, reward, **({"finding": "paid"} | over))
    assert set(no.value.fields) == {field}
    assert purse.fresh(reward).disputed


def test_a_payment_in_the_list_that_our_books_call_failed_halts_the_reward(purse: Purse) -> None:
    reward, bill = failed(purse)
    moment = purse.machine.now()
    purse.machine.paid.append((moment, bill.out_bill_no, bill.amount_fen))
    row = actions.reconcile(clock.today(), purse.service)
    assert row is not None
    assert [one["kind"] for one in row.differences] == ["not_ours"]
    with pytest.raises(NotNow):
        purse.claim(purse.fresh(reward), way="voucher")
    settle(purse, purse.finance2, reward, "paid")
    again = actions.reconcile(clock.today(), purse.service)
    assert again is not None
    assert again.differences == []
    assert not purse.fresh(reward).disputed


def test_a_number_that_stands_twice_in_the_list_is_seen(purse: Purse) -> None:
    reward = purse.paying()
    bill = purse.tend(reward)
    purse.machine.confirm(bill.out_bill_no)
    purse.machine.tick()
    purse.tend(reward)
    purse.machine.paid.append(purse.machine.paid[0])
    row = actions.reconcile(clock.today(), purse.service)
    assert row is not None
    assert [(one["kind"], one["theirs_fen"]) for one in row.differences] == [("twice", 60_000)]
    assert purse.fresh(reward).disputed
    settle(purse, purse.finance2, reward, "paid", fen=60_000)
    assert purse.bill(reward).excess_fen == 30_000
    actions.reconcile(clock.today(), purse.service)
    with scope.acting(SYSTEM):
        assert Reconciliation.objects.get().differences == []


def test_a_voucher_once_entered_as_paid_is_not_undone_by_the_same_officer(purse: Purse) -> None:
    reward = purse.paying(way="voucher")
    purse.pay_out(reward)
    purse.do(purse.finance2, reward, "confirm", correct=False, remark="回单号不符")
    with pytest.raises(NotNow) as no:
        purse.do(purse.finance, reward, "take_back", reason="没有付款")
    assert no.value.code == "check.NotOncePaidOut"
    with clock.at(clock.now() + timedelta(days=40)):
        tick()
        assert purse.fresh(reward).state == "paying"  # the cash may be out: the clock gives nothing back
    assert purse.do(purse.finance2, reward, "take_back", reason="经核对现金未付出。").state == "claimable"


def test_failing_to_confirm_gives_days_only_so_often(purse: Purse) -> None:
    reward = purse.claimable()
    first = reward.claim_by
    assert first is not None
    at = clock.now() + timedelta(days=58)
    for _time in range(5):
        with clock.at(at):
            if purse.fresh(reward).state != "claimable":
                break
            purse.claim(purse.fresh(reward))
            bill = purse.tend(reward)
            purse.machine.fail(bill.out_bill_no, "OVERDUE_CLOSE")
            purse.tend(reward)
        at += timedelta(days=5)
        with clock.at(at):
            tick()
    assert purse.fresh(reward).state == "lapsed"
    assert len(purse.bills(reward)) == 4
