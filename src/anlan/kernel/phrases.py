"""Words that every room says alike: moments, time left, a choice's label, several things in a row."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from anlan.kernel import clock
from anlan.kernel.calendar import working_days
from anlan.kernel.workdays import CalendarExhausted

NOTHING = "–"
"""Stands where a value is empty."""


def chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def in_tongue(row: Any) -> str:
    """What a row with words in `zh`, and perhaps in `en`, says to this reader."""
    words: str = row.zh if chinese() or not row.en else row.en
    return words


def listed(items: Iterable[str]) -> str:
    """Several things in a row, as the reader's language divides them."""
    return pgettext("between the things of a list", ", ").join(items)


def choice_words(choices: Any, code: Any) -> str:
    """The label of a model's choice; a code that is none of them as it stands."""
    return str(dict(choices).get(code, code))


def plain_words(value: Any) -> str:
    """A value of a ledger entry as people read it, where its field needs no words of its own."""
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def moment_words(moment: datetime | None, empty: str = "") -> str:
    return moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else empty


def left_words(due: datetime) -> str:
    """How many working days are left; past the calendar's end the moment itself."""
    try:
        left = working_days().days_left(due, clock.now())
    except CalendarExhausted:
        return moment_words(due)
    if left < 0:
        return ngettext("%(n)s working day overdue", "%(n)s working days overdue", -left) % {"n": -left}
    if left == 0:
        return _("Due today")
    return ngettext("%(n)s working day left", "%(n)s working days left", left) % {"n": left}
