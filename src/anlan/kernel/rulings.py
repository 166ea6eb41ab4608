"""What the settings of several rooms have in common: whole numbers within bounds, and ladders with their rungs."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.flow import Rung

Judge = Callable[[Any], Any]
"""What is wrong with a setting's new value; None when it may stand."""


def whole(low: int, high: int, reason: Any = None) -> Judge:
    """A whole number from `low` to `high`."""

    def check(found: Any) -> Any:
        if type(found) is int and low <= found <= high:  # True is an int too
            return None
        return reason or _("A whole number from %(low)s to %(high)s.") % {"low": low, "high": high}

    return check


days = whole(1, 250, _("A number of working days from 1 to 250."))


def some_of(codes: Collection[str], reason: Any, *, always: str = "", none: bool = False) -> Judge:
    """A list of the codes, each once and `always` among them; whether it may hold `none` of them."""

    def check(found: Any) -> Any:
        if not isinstance(found, list) or not all(isinstance(one, str) and one in codes for one in found):
            return reason
        fits = len(set(found)) == len(found) and (none or found) and (not always or always in found)
        return None if fits else reason

    return check


def ladder_to(recipients: Collection[str]) -> Judge:
    """Rungs of days and of whom they tell, in the order in which they are climbed."""

    def check(found: Any) -> Any:
        if not isinstance(found, list) or not all(_is_rung(one, recipients) for one in found):
            return _("A list of {days, to}: whole working days after the due date, to one of the known recipients.")
        on = [one["days"] for one in found]
        return None if on == sorted(set(on)) and 0 in on else _("Days must rise, and one rung must be day 0.")

    return check


def _is_rung(one: Any, recipients: Collection[str]) -> bool:
    if not isinstance(one, dict) or set(one) != {"days", "to"}:
        return False
    return type(one["days"]) is int and -60 <= one["days"] <= 250 and one["to"] in tuple(recipients)


def climbing(days: int) -> str:
    """The clock's step at a rung: before, on and after the due day."""
    return "remind" if days < 0 else "fall_due" if days == 0 else "escalate"


def rungs(ladder: Sequence[dict[str, Any]], step: Callable[[int], str] = climbing) -> list[Rung]:
    """The rungs of a ladder setting's value; level numbers follow the city's order."""
    return [Rung(level=level, days=one["days"], step=step(one["days"])) for level, one in enumerate(ladder, start=1)]
