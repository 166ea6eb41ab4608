"""The service over real HTTP: signatures, ciphers, silence, callbacks; the twin in a process of its own thread."""

import json
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from django.test import Client

from anlan.channels import pay
from anlan.channels.pay import Account, NotTheirs, Order, Refused, Unclear, WeChatPayService, check_fresh, statement
from anlan.channels.sandbox import pay as twin
from anlan.channels.sandbox import pay_keys
from anlan.channels.sandbox.house import house
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.rewards import actions
from anlan.rewards.models import Bill, BillEvent, Payee, Reconciliation
from tests.rewards.conftest import Purse
from tests.rewards.payservice import account, sandbox, served, service

__all__ = ["account", "sandbox", "served", "service"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOTICES = "/api/v1/wechat-pay/notices"


def order(number: str = "AL0001", fen: int = 30_000, **over: Any) -> Order:
    found: dict[str, Any] = {"openid": "o-1", "remark": "举报奖励", "content": "安全生产举报奖励"} | over
    return Order(number=number, fen=fen, **found)


def ordered(url: str, **fault: Any) -> None:
    assert httpx.post(f"{url}/_faults", json=fault, trust_env=False).status_code == 201


def own(account: Account, path: str, **body: Any) -> Any:
    return httpx.post(f"{account.url}/_pay/{path}", json=body, trust_env=False).json()


def test_a_transfer_from_its_order_to_the_payee(service: WeChatPayService, account: Account) -> None:
    told = service.create(order())
    assert (told.state, told.number) == ("WAIT_USER_CONFIRM", "AL0001")
    assert told.package
    assert service.create(order()).transfer == told.transfer  # the same number is the same bill
    with pytest.raises(Refused) as no:
        service.create(order(fen=40_000))
    assert no.value.code == "ALREADY_EXISTS"
    own(account, "bills/AL0001/confirm")
    own(account, "tick")
    asked = service.query("AL0001")
    assert asked is not None
    assert (asked.state, asked.fen) == ("SUCCESS", 30_000)
    assert service.query("AL0002") is None
    assert [(one.number, one.fen) for one in service.paid_on(clock.today())] == [("AL0001", 30_000)]


def test_the_name_of_a_large_one_goes_sealed(service: WeChatPayService) -> None:
    with pytest.raises(Exception, match="user_name"):
        service.create(order("AL0003", fen=200_000))
    service.create(order("AL0003", fen=200_000, name="韩小满"))
    asked = twin.machine.bills["AL0003"].asked
    assert "韩小满" not in str(asked)
    from base64 import b64decode

    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
    from cryptography.hazmat.primitives.hashes import SHA1

    clear = pay_keys.keys().platform.decrypt(b64decode(asked["user_name"]), OAEP(MGF1(SHA1()), SHA1(), None))
    assert clear.decode() == "韩小满"


def test_another_key_is_refused_and_another_answer_not_believed(account: Account, tmp_path: Path) -> None:
    stranger = pay_keys.Keys(tmp_path)
    with pytest.raises(Refused) as no:
        WeChatPayService(replace(account, private_key=stranger.merchant_pem)).create(order())
    assert no.value.code == "SIGN_ERROR"
    assert twin.machine.bills == {}
    with pytest.raises(Unclear):  # it was done, by somebody who is not who we think
        WeChatPayService(replace(account, public_key=stranger.platform_public_pem)).create(order())


@pytest.mark.parametrize(
    "how", [{"how": "silent", "value": 2}, {"how": "after", "value": 2}, {"how": "status", "value": 502}]
)
def test_no_answer_is_unclear(service: WeChatPayService, account: Account, how: dict[str, Any]) -> None:
    ordered(account.url, where="pay.create", **how)
    with pytest.raises(Unclear):
        service.create(order())
    assert ("AL0001" in twin.machine.bills) == (how["how"] == "after")


def test_a_short_balance_is_refused_for_now(service: WeChatPayService, account: Account) -> None:
    own(account, "settings", balance_fen=100)
    with pytest.raises(Refused) as no:
        service.create(order())
    assert no.value.code in pay.LATER


def test_the_statement_reads_what_went_out_alone() -> None:
    head = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号"
    rows = ["`2026-11-02 10:00:00,`1,`F1,`商家转账,`商家转账,`支出,`300.00,`0.00,`m,`奖励,`AL1",
            "`2026-11-02 11:00:00,`2,`F2,`充值,`充值,`收入,`900.00,`0.00,`m,`充值,`X1"]  # fmt: skip
    sums = ["资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额", "`2,`1,`900.00,`1,`300.00"]
    assert [(one.number, one.fen) for one in statement("\ufeff" + "\n".join([head, *rows, *sums]))] == [("AL1", 30_000)]
    with pytest.raises(Unclear):
        statement("another,form\n1,2")


@pytest.mark.parametrize("stamp", ["", "x", "-1", "1" * 20, "0"])
def test_a_callback_without_a_fresh_time_is_not_theirs(stamp: str) -> None:
    with pytest.raises(NotTheirs):
        check_fresh(stamp)


def finished(purse: Purse, service: WeChatPayService, state: str = "SUCCESS") -> tuple[Any, twin.Event]:
    """A claimed reward whose transfer ended, and the callback that tells it."""
    reward = purse.paying()
    bill = purse.bill(reward)
    actions.tend_bill(bill.out_bill_no, service)
    if state == "SUCCESS":
        twin.machine.confirm(bill.out_bill_no)
        twin.machine.tick()
    else:
        twin.machine.fail(bill.out_bill_no, "ACCOUNT_FROZEN")
    event = next(one for one in twin.machine.events if one.bill["out_bill_no"] == bill.out_bill_no)
    return reward, event


def post(body: str, headers: dict[str, str]) -> Any:
    return Client().post(NOTICES, data=body, content_type="application/json", headers=headers)


def test_a_callback_pays_once_however_often_it_comes(purse: Purse, served: WeChatPayService) -> None:
    reward, event = finished(purse, served)
    assert purse.fresh(reward).state == "paying"
    for _time in range(3):
        answer = post(*twin.callback(event))
        assert (answer.status_code, answer.json()["code"]) == (200, "SUCCESS")
    assert purse.fresh(reward).state == "paid"
    with scope.acting(SYSTEM):
        assert BillEvent.objects.filter(bill__reward=reward, source="callback").count() == 1
        assert not Payee.objects.filter(bill__reward=reward).exists()
        assert "o-reporter-1" not in str(list(BillEvent.objects.values_list("body", flat=True)))


@pytest.mark.parametrize("how", ["forged", "old", "body", "serial", "cipher", "garbage"])
def test_a_callback_that_is_not_theirs_changes_nothing(purse: Purse, served: WeChatPayService, how: str) -> None:
    reward, event = finished(purse, served)
    body, headers = twin.callback(event, forged=how == "forged", old=how == "old")
    if how == "body":
        body = body.replace("EV-", "EW-")
    elif how == "serial":
        headers["Wechatpay-Serial"] = "PUB_KEY_ID_0000"
    elif how == "cipher":
        found = json.loads(body)
        found["resource"]["ciphertext"] = found["resource"]["ciphertext"][:-8] + "AAAAAAA="
        body = json.dumps(found)
        headers = {"Content-Type": "application/json", **twin._headers(body, int(house.now()))}
    elif how == "garbage":
        body = "\x00not json"
    answer = post(body, headers)
    assert answer.status_code == 401
    assert purse.fresh(reward).state == "paying"
    with scope.acting(SYSTEM):
        assert not BillEvent.objects.filter(source="callback").exists()


def test_a_failed_transfer_can_be_claimed_again_with_a_new_bill(purse: Purse, served: WeChatPayService) -> None:
    reward, event = finished(purse, served, "FAIL")
    assert post(*twin.callback(event)).status_code == 200
    back = purse.fresh(reward)
    assert (back.state, back.way) == ("claimable", "")
    assert purse.bill(reward).problem == "ACCOUNT_FROZEN"
    purse.claim(back)
    assert [bill.state for bill in purse.bills(reward)] == ["FAIL", "NEW"]


def test_a_late_word_to_the_contrary_raises_an_alarm_and_stops_payment(purse: Purse, served: WeChatPayService) -> None:
    reward, event = finished(purse, served, "FAIL")
    post(*twin.callback(event))
    contrary = replace(event, id="EV-contrary", bill=event.bill | {"state": "SUCCESS"})
    assert post(*twin.callback(contrary)).status_code == 200
    back = purse.fresh(reward)
    assert back.state == "claimable"
    assert purse.bill(reward).state == "FAIL"
    with scope.acting(SYSTEM):
        assert BillEvent.objects.filter(bill__reward=reward, source="alarm").count() == 1
    from anlan.kernel.errors import NotNow

    with pytest.raises(NotNow) as told:
        purse.claim(back)
    assert told.value.code == "check.NothingUnclear"


def test_whoever_does_not_confirm_within_a_day_may_claim_again(purse: Purse, served: WeChatPayService) -> None:
    reward = purse.paying()
    number = purse.bill(reward).out_bill_no
    actions.tend_bill(number, served)
    assert purse.bill(reward).state == "WAIT_USER_CONFIRM"
    house.seconds = 25 * 3600
    twin.machine.tick()
    house.seconds = 0
    actions.tend_bill(number, served)
    assert (purse.fresh(reward).state, purse.bill(reward).problem) == ("claimable", "OVERDUE_CLOSE")


def test_finance_has_a_transfer_cancelled(purse: Purse, served: WeChatPayService) -> None:
    reward = purse.paying()
    actions.tend_bill(purse.bill(reward).out_bill_no, served)
    purse.do(purse.finance, reward, "stop", reason="误报，先停止支付。")
    actions.request_cancel(reward.pk, served)
    assert (purse.fresh(reward).state, purse.bill(reward).state) == ("paying", "CANCELING")
    twin.machine.tick()
    actions.tend_bill(purse.bill(reward).out_bill_no, served)
    assert (purse.fresh(reward).state, purse.bill(reward).state) == ("claimable", "CANCELLED")


def test_silence_after_success_pays_once(purse: Purse, served: WeChatPayService, account: Account) -> None:
    reward = purse.paying()
    number = purse.bill(reward).out_bill_no
    ordered(account.url, where="pay.create", how="after", value=2)
    actions.tend_bill(number, served)
    bill = purse.bill(reward)
    assert (bill.state, bill.attempts, bill.unclear) == ("NEW", 1, 1)
    actions.tend_bill(number, served)
    assert (purse.bill(reward).state, purse.bill(reward).unclear) == ("WAIT_USER_CONFIRM", 0)
    assert list(twin.machine.bills) == [number]


def test_the_day_is_compared_with_the_service_s_list(purse: Purse, served: WeChatPayService) -> None:
    reward, event = finished(purse, served)
    other, unheard = finished(purse, served)
    post(*twin.callback(event))
    twin.machine.paid.append(
        (twin.machine.now(), unheard.bill["out_bill_no"].replace(unheard.bill["out_bill_no"][:3], "zzz"), 5)
    )
    twin.machine.bills["zzz" + unheard.bill["out_bill_no"][3:]] = twin.machine.bills[unheard.bill["out_bill_no"]]
    row = actions.reconcile(clock.today(), served)
    assert row is not None
    assert purse.fresh(other).state == "paid"  # asked about before it was compared
    assert (row.ours, row.theirs) == (2, 3)
    assert [one["kind"] for one in row.differences] == ["unknown"]
    with scope.acting(SYSTEM):
        Bill.objects.filter(reward=reward).update(amount_fen=1)
    twin.machine.paid.clear()
    again = actions.reconcile(clock.today(), served)
    assert again is not None
    assert sorted(one["kind"] for one in again.differences) == ["not_theirs", "not_theirs"]
    with scope.acting(SYSTEM):
        assert Reconciliation.objects.count() == 1


def test_missed_days_are_made_up_and_done_ones_left(purse: Purse, served: WeChatPayService) -> None:
    finished(purse, served)
    noon = clock.now().astimezone(clock.SHANGHAI).replace(hour=12)
    assert actions.reconcile_yesterday() == 0  # today is not over
    with clock.at(noon + timedelta(days=3)):
        assert actions.reconcile_yesterday() == 3
        assert actions.reconcile_yesterday() == 0
    with clock.at(noon + timedelta(days=30)):
        assert actions.reconcile_yesterday() == 7  # what lies further back is no longer made up


def test_troubled_payments_over_the_wire(purse: Purse, served: WeChatPayService, account: Account) -> None:
    """A few hundred requests with faults by chance: each reward is paid once, and the twin's list says the same."""
    from tests.rewards.conftest import no_caps
    from tests.rewards.test_money import reconciled

    no_caps()
    rng = Random(7)
    calls = 0
    for _world in range(12):
        reward = purse.claimable(actor=purse.town.second)
        purse.claim(reward, purse.town.second)
        for _deed in range(10):
            calls += 1
            number = purse.bill(reward).out_bill_no
            if rng.random() < 0.3:
                house.faults.append(_fault(rng))
            roll = rng.random()
            if roll < 0.5:
                actions.tend_bill(number, served)
            elif (
                roll < 0.7
                and twin.machine.bills.get(number)
                and twin.machine.bills[number].state == "WAIT_USER_CONFIRM"
            ):
                twin.machine.confirm(number)
            elif roll < 0.8:
                twin.machine.tick()
            else:
                for event in twin.machine.due():
                    assert post(*twin.callback(event)).status_code == 200
                    twin.machine.delivered(event, taken=rng.random() < 0.7)
            if purse.fresh(reward).state == "claimable":
                purse.claim(purse.fresh(reward), purse.town.second)
        house.faults.clear()
        for _round in range(3):
            number = purse.bill(reward).out_bill_no
            actions.tend_bill(number, served)
            if twin.machine.bills[number].state == "WAIT_USER_CONFIRM":
                twin.machine.confirm(number)
            twin.machine.tick()
        actions.tend_bill(number, served)
        assert purse.fresh(reward).state == "paid"
    purse.machine.paid = list(twin.machine.paid)
    reconciled(purse)
    assert len(twin.machine.paid) == 12


def _fault(rng: Random) -> Any:
    from anlan.channels.sandbox.house import Fault

    how = rng.choice(["status", "answer", "after"])
    value = {"status": rng.choice([500, 502, 429]), "answer": {}, "after": 1.2}[how]
    return Fault(where=rng.choice(["pay.create", "pay.query"]), how=how, value=value)


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_the_twin_calls_back_by_itself_over_the_wire(
    transactional_db: None,
    paying_service: None,
    account: Account,
    live_server: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing but HTTP between both: the payee confirms, the service says so, the reward is paid and the twin is content."""
    from tests.rewards.conftest import make_purse

    # Nothing is silent here, so a busy machine is waited for.
    served = WeChatPayService(replace(account, timeout=20))
    monkeypatch.setattr(pay, "service", lambda: served)
    purse = make_purse()
    house.callback = live_server.url
    twin.faults.update({"forged_callback": 1, "old_callback": 1, "duplicate_callback": 1})
    reward = purse.paying()
    number = purse.bill(reward).out_bill_no
    actions.tend_bill(number, served)
    httpx.post(f"{served.account.url}/_pay/bills/{number}/confirm", trust_env=False).raise_for_status()
    end = time.monotonic() + 60
    while purse.fresh(reward).state != "paid" and time.monotonic() < end:
        time.sleep(0.1)
    assert purse.fresh(reward).state == "paid"
    while twin.machine.events and time.monotonic() < end:
        time.sleep(0.1)
    assert twin.machine.events == []
    answers = [one.get("status") for one in house.log if one["where"] == "pay.callback"]
    house.callback = ""
    assert answers == [401, 401, 200, 200]


def test_the_callback_needs_no_page_of_ours(purse: Purse, served: WeChatPayService) -> None:
    """It carries its own proof: neither session nor token against forgery."""
    reward, event = finished(purse, served)
    body, headers = twin.callback(event)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(NOTICES, data=body, content_type="application/json", headers=headers).status_code == 200
    assert purse.fresh(reward).state == "paid"
