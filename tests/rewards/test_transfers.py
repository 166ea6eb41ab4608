"""The rules by which a transfer is looked after, one trouble at a time: the books in memory, the twin without a network."""

from datetime import timedelta
from hashlib import sha1
from typing import Any

import pytest

from anlan.channels.pay import Order, Refused, Told, Unclear, WeChatPayService, _check_hash, told
from anlan.channels.sandbox.pay_machine import Machine
from anlan.kernel.ids import new_id
from anlan.rewards import billing, needs
from anlan.rewards.billing import Held, judge
from tests.rewards.conftest import Direct
from tests.rewards.trouble import Memory, Time

HOURS = timedelta(hours=2)
NOBODY: Any = None
"""The sorting of answers asks nothing of the account."""


class Moody(Direct):
    """Does what it is asked and may keep quiet about it, or refuse to be asked."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.silent_create = False
        self.refuses_questions = ""
        self.orders: list[str] = []

    def create(self, order: Order) -> Told:
        self.orders.append(order.number)
        found = super().create(order)
        if self.silent_create:
            raise Unclear("no answer")
        return found

    def query(self, number: str) -> Told | None:
        if self.refuses_questions:
            raise Refused(self.refuses_questions, "ask another time")
        return super().query(number)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def service(time: Time) -> Moody:
    return Moody(Machine(now=time))


@pytest.fixture
def books(time: Time) -> Memory:
    return Memory(time=time, amounts={1: 30_000})


def claimed(books: Memory) -> str:
    number = books.claim(1)
    assert number is not None
    return number


@pytest.mark.parametrize("code", ["INVALID_REQUEST", "PARAM_ERROR", "SOMETHING_NEW"])
def test_a_question_that_is_refused_ends_nothing(service: Moody, books: Memory, time: Time, code: str) -> None:
    number = claimed(books)
    service.silent_create = True
    billing.tend(number, service, books)
    assert number in service.machine.bills  # it was done, and nobody knows
    service.refuses_questions = code
    for _round in range(3):
        time.at += HOURS
        billing.tend(number, service, books)
    assert books.lines[number].state == billing.NEW
    assert books.claim(1) is None
    service.refuses_questions = ""
    billing.tend(number, service, books)
    assert books.lines[number].state == "WAIT_USER_CONFIRM"


def test_a_number_that_the_service_has_already_is_no_failure(service: Moody, books: Memory) -> None:
    """As after a restore from a backup that knows nothing of the attempt, with another remark since."""
    number = claimed(books)
    service.machine.create(
        {"out_bill_no": number, "openid": "o1", "transfer_amount": 30_000, "transfer_remark": "别的备注",
         "transfer_scene_id": "1002", "transfer_scene_report_infos": [{"info_type": "补贴类型", "info_content": "奖励"}]}
    )  # fmt: skip
    billing.tend(number, service, books)
    assert (books.lines[number].state, books.states[1]) == (billing.NEW, "paying")
    billing.tend(number, service, books)
    assert books.lines[number].state == "WAIT_USER_CONFIRM"
    assert service.orders == [number]


def test_a_stopped_transfer_that_never_went_is_not_sent(service: Moody, books: Memory) -> None:
    number = claimed(books)
    books.stop(number)
    billing.tend(number, service, books)
    assert service.orders == []
    assert (books.lines[number].state, books.states[1]) == ("CANCELLED", "claimable")


def test_a_stopped_transfer_of_which_nobody_knows_waits_until_it_can_no_longer_arrive(
    service: Moody, books: Memory, time: Time
) -> None:
    number = claimed(books)
    service.silent_create = True
    billing.tend(number, service, books)
    gone = service.machine.bills.pop(number)  # still on its way
    books.stop(number)
    billing.tend(number, service, books)
    assert books.lines[number].state == billing.NEW
    service.machine.bills[number] = gone
    billing.tend(number, service, books)
    assert (books.lines[number].state, gone.state) == ("CANCELING", "CANCELING")
    service.machine.tick()
    billing.tend(number, service, books)
    assert books.states[1] == "claimable"


def test_a_stopped_transfer_confirmed_a_moment_before_is_paid(service: Moody, books: Memory) -> None:
    number = claimed(books)
    billing.tend(number, service, books)
    service.machine.confirm(number)
    books.stop(number)
    billing.tend(number, service, books)
    service.machine.tick()
    billing.tend(number, service, books)
    assert books.states[1] == "paid"


@pytest.mark.parametrize(
    ("ours", "excess", "theirs", "fen", "verdict"),
    [
        ("FAIL", 0, "SUCCESS", 30_000, "conflict"),
        ("FAIL", 30_000, "SUCCESS", 30_000, "same"),
        ("SUCCESS", 0, "FAIL", 30_000, "conflict"),
        ("FAIL", 0, "CANCELLED", 30_000, "stale"),
        ("SUCCESS", 0, "SUCCESS", 40_000, "amount"),
        ("SUCCESS", 10_000, "SUCCESS", 40_000, "same"),
        ("NEW", 0, "SUCCESS", 40_000, "amount"),
        ("SUCCESS", 0, "PROCESSING", 30_000, "stale"),
    ],
)
def test_what_a_word_of_the_service_does(ours: str, excess: int, theirs: str, fen: int, verdict: str) -> None:
    held = Held(number="N", state=ours, fen=30_000, excess=excess)
    assert judge(held, Told(number="N", state=theirs, fen=fen)) == verdict


def test_too_many_questions_are_no_answer() -> None:
    with pytest.raises(Unclear):
        WeChatPayService._asked(NOBODY, lambda: (429, '{"code": "RATELIMIT_EXCEEDED", "message": "稍后再试"}'))
    with pytest.raises(Refused):
        WeChatPayService._asked(NOBODY, lambda: (400, '{"code": "PARAM_ERROR", "message": "金额"}'))


def test_strange_signs_in_their_words_keep_no_bill_from_ending() -> None:
    words = told(
        {"out_bill_no": "N", "state": "FAIL", "fail_reason": "账户\x00 异常\n\u202e请核对" + "长" * 300}
    ).reason
    assert words == ("账户 异常 请核对" + "长" * 300)[:150]
    assert needs.Settle(bill=new_id(), state="FAIL", words=words).words == words


def test_a_statement_is_the_one_that_was_announced() -> None:
    announced = {"hash_type": "SHA1", "hash_value": sha1(b"true", usedforsecurity=False).hexdigest()}
    _check_hash(announced, b"true")
    with pytest.raises(Unclear):
        _check_hash(announced, b"forged on its way")
