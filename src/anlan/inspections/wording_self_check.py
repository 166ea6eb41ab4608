"""Words of self-checks: what codes are called where people read them."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from anlan.inspections.models.self_check import CYCLES
from anlan.inspections.periods import MONTHLY, WEEKLY, end_of

STATES: dict[str, tuple[Any, str, str]] = {
    "done": (pgettext_lazy("self-check", "done"), "done", "check"),
    "late": (pgettext_lazy("self-check", "done late"), "late", "triangle"),
    "missed": (pgettext_lazy("self-check", "missed"), "late", "cross"),
    "due": (pgettext_lazy("self-check", "due"), "waiting", "ring"),
    "open_late": (pgettext_lazy("self-check", "overdue, can still be done"), "late", "triangle"),
    "free": (pgettext_lazy("self-check", "not asked for"), "muted", "dash"),
    "ahead": (pgettext_lazy("self-check", "to come"), "muted", "dash"),
}
VALUES = [
    ("yes", gettext_lazy("in order")),
    ("no", gettext_lazy("not in order")),
    ("na", gettext_lazy("does not apply")),
    ("unseen", gettext_lazy("not looked at")),
]
STEPS = {
    "do_check": gettext_lazy("Check done"),
    "add_to_check": gettext_lazy("Added to the check"),
    "excuse_check": gettext_lazy("Reason given"),
    "miss_check": gettext_lazy("Written down as missed"),
}


def cycle_words(cycle: str) -> str:
    return str(dict(CYCLES)[cycle])


def state_words(state: str) -> str:
    return str(STATES[state][0])


def state_view(state: str) -> dict[str, Any]:
    label, tone, shape = STATES[state]
    return {"code": state, "label": label, "tone": tone, "shape": shape}


def value_words(value: str) -> str:
    return str(dict(VALUES).get(value, value))


def step_words(step: str) -> str:
    return str(STEPS.get(step, step))


def period_words(cycle: str, period: date) -> str:
    """A day, a week from–to, a month."""
    if cycle == MONTHLY:
        return date_format(period, "Y-m")
    if cycle == WEEKLY:
        return _("%(first)s to %(last)s") % {
            "first": date_format(period, "Y-m-d"),
            "last": date_format(end_of(cycle, period), "m-d"),
        }
    return f"{date_format(period, 'Y-m-d')} {date_format(period, 'D')}"
