"""
How a transfer is looked after, whatever keeps its books and whoever pays: the rules that let no reward be paid twice.

1. A bill's number is written down before anybody is asked to pay, and never changes: a retry is the same bill.
2. While nobody knows whether an attempt arrived, the service is asked what became of the number before it is sent again.
3. A bill ends when the service says so. What the service refused ends here only when no other attempt is unclear, one of
   another worker at the same moment included, or when the service, asked long after the last one, does not know the number.
4. What ended stays ended. A word to the contrary raises an alarm and changes nothing.
5. What was stopped is not sent any more: it is cancelled where the service has it, and ends here by rule 3 where it has not.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from anlan.channels.pay import LATER, THERE, Order, Refused, Service, Told, Unclear

NEW = "NEW"
ROAD = {NEW: 0, "ACCEPTED": 1, "PROCESSING": 2, "WAIT_USER_CONFIRM": 3, "CANCELING": 4, "TRANSFERING": 4}
"""How far a bill that is not over has come."""
ENDED = frozenset({"SUCCESS", "FAIL", "CANCELLED"})
STOPPABLE = frozenset({"ACCEPTED", "PROCESSING", "WAIT_USER_CONFIRM"})
LANDED = timedelta(hours=1)
"""After which an attempt without an answer no longer arrives."""
PAUSES = ((timedelta(minutes=10), timedelta(seconds=30)), (timedelta(hours=2), timedelta(minutes=5)))
LONGEST_PAUSE = timedelta(minutes=30)

Verdict = Literal["forward", "ended", "same", "stale", "conflict", "amount"]


@dataclass(frozen=True, kw_only=True)
class Held:
    """A bill as the books know it."""

    number: str
    state: str
    fen: int
    attempts: int = 0
    unclear: int = 0
    unclear_at: datetime | None = None
    """When the last attempt began of which nobody knows whether it arrived."""
    stopped: bool = False
    excess: int = 0
    """What went out by it beyond what was owed, as a person settled it."""


def judge(bill: Held, told: Told) -> Verdict:
    """What the service's word does to a bill. That no money moved is said in two ways, which are one."""
    if told.fen is not None and told.fen not in (bill.fen, _paid(bill)):
        return "amount"
    if told.state == bill.state:
        return "same"
    if bill.state in ENDED:
        if told.state not in ENDED or "SUCCESS" not in (told.state, bill.state):
            return "stale"
        return "same" if told.state == "SUCCESS" and _paid(bill) else "conflict"
    if told.state in ENDED:
        return "ended"
    if told.state not in ROAD or ROAD[told.state] < ROAD[bill.state]:
        return "stale"
    return "forward"


def _paid(bill: Held) -> int:
    """What went out by a bill as far as the books know."""
    return bill.excess + (bill.fen if bill.state == "SUCCESS" else 0)


def pause(age: timedelta) -> timedelta:
    """How long to wait between two questions about a bill of some age."""
    return next((wait for upto, wait in PAUSES if age < upto), LONGEST_PAUSE)


class Books(Protocol):
    """Who keeps the bills. Each call is one transaction of its own, ended before the next thing is asked of anybody."""

    def take_up(self, number: str) -> tuple[Held, Order] | None:
        """
        The bill before it is looked after; None when it ended or is nobody's transfer.

        A bill that is still new and not stopped counts one attempt more, unclear until something definite is heard of it.
        """

    def hear(self, number: str, told: Told, source: str) -> Verdict | None:
        """Write down what the service said and do what follows from it."""

    def refused(self, before: Held, refusal: Refused) -> None:
        """
        A definite no to this attempt, which is then unclear no more (`after_refusal`); whether it ends the bill (`ends`) is
        judged by the bill as it is then, under its lock.
        """

    def dropped(self, number: str) -> None:
        """A stopped bill that the service does not know: whether that ends it (`drops`) is judged under its lock."""

    def silent(self, number: str, words: str) -> None:
        """Nothing was heard."""

    def lost(self, number: str) -> None:
        """The service does not know a bill it acknowledged."""

    def now(self) -> datetime: ...


def tend(number: str, service: Service, books: Books) -> None:
    """Look after one bill: ask what became of it, send it if it never arrived. Safe to run twice at once."""
    taken = books.take_up(number)
    if taken is None:
        return
    bill, order = taken
    if (bill.state != NEW or bill.attempts) and _answered(bill, service, books):
        return
    if bill.stopped:
        books.dropped(number)
        return
    try:
        books.hear(number, service.create(order), "answer")
    except Unclear as silence:
        books.silent(number, str(silence))
    except Refused as refusal:
        books.refused(bill, refusal)


def _answered(bill: Held, service: Service, books: Books) -> bool:
    """Whether that is all for now. A question that is refused answers nothing: only a refused order is a no to the bill."""
    try:
        told = service.query(bill.number)
        if told is not None and bill.stopped and told.state in STOPPABLE:
            with suppress(Refused):  # confirmed a moment ago: then it is paid, and the next question says so
                service.cancel(bill.number)
                told = service.query(bill.number) or told
    except (Unclear, Refused) as trouble:
        books.silent(bill.number, str(trouble))
        return True
    if told is not None:
        books.hear(bill.number, told, "query")
        return True
    if bill.state != NEW:
        books.lost(bill.number)
        return True
    return False


def after_refusal(before: Held, now: Held, refusal: Refused) -> tuple[int, datetime | None]:
    """How many attempts are unclear, and since when, once the one that `before` was taken up for was refused."""
    if refusal.code in THERE:
        return now.unclear, now.unclear_at  # an attempt did arrive, whichever
    unclear = max(now.unclear - 1, 0)
    if not unclear:
        return 0, None
    alone = now.attempts == before.attempts + 1  # nobody else began since
    return unclear, before.unclear_at if alone else now.unclear_at


def ends(bill: Held, refusal: Refused, now: datetime) -> bool:
    """Rule 3. `bill` is as it is without the attempt that was refused; a new one tried before was asked about just now."""
    return refusal.code not in LATER | THERE and drops(bill, now)


def drops(bill: Held, now: datetime) -> bool:
    """Whether a bill that the service did not know just now can no longer become one there."""
    if bill.state != NEW:
        return False
    if not bill.unclear:
        return True
    return bill.unclear_at is not None and now - bill.unclear_at > LANDED
