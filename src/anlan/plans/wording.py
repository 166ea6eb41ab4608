"""Words of the room's records, as pages show them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from anlan.kernel import clock, timeline
from anlan.kernel.phrases import NOTHING, choice_words, left_words, plain_words
from anlan.plans.flow import PLAN_ITEM
from anlan.plans.models import PlanItem, SubPlan
from anlan.plans.models.tree import Charged
from anlan.plans.queries.progress import Standing, Tally

LIMITS: dict[str, Any] = {
    "assigned": gettext_lazy("Time to sign for it"),
    "handed_back": gettext_lazy("Time to assign anew"),
    "signed_for": gettext_lazy("Time to do it"),
    "under_way": gettext_lazy("Time to do it"),
    "returned": gettext_lazy("Time to mend it"),
    "reported": gettext_lazy("Time to verify"),
    "verified": gettext_lazy("Time to close"),
}
FIELDS: dict[str, Any] = {
    "unit_name": gettext_lazy("Responsible unit"),
    "due": gettext_lazy("Due by"),
    "achieved": gettext_lazy("Reached so far"),
    "share": gettext_lazy("Done"),
    "finished_on": gettext_lazy("Finished on"),
}
"""What the timeline shows of a change; other fields are the platform's own."""


def percent(permille: int) -> str:
    """Rounded down: nothing is shown as whole before it is."""
    return f"{permille // 10}%"


def kind_words(code: str) -> str:
    return choice_words(SubPlan.KINDS, code)


def amount_words(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


def target_words(row: Charged) -> str:
    """What is asked for: a number with its unit, a document, or a day."""
    if row.measure == "number":
        return f"{amount_words(row.target)} {row.target_unit}".strip()
    if row.measure == "document":
        return row.target_text
    return _("by %(day)s") % {"day": row.due} if row.measure == "date" and row.due else NOTHING


def reached_words(row: PlanItem) -> str:
    if row.measure == "number" and row.achieved is not None:
        facts = {"reached": amount_words(row.achieved), "target": amount_words(row.target), "unit": row.target_unit}
        return _("%(reached)s of %(target)s %(unit)s") % facts
    return percent(row.share)


def state_view(row: PlanItem) -> dict[str, Any]:
    return timeline.state_view(PLAN_ITEM, row, "late" if row.late else "")


def due_view(row: PlanItem) -> dict[str, Any] | None:
    if row.due_at is None:
        return None
    return {
        "label": str(LIMITS.get(row.state, "")),
        "due_at": row.due_at,
        "started_at": row.state_since,
        "words": left_words(row.due_at),
        "overdue": clock.now() > row.due_at,
    }


def span_words(starts_on: date | None, due: date | None) -> str:
    if due is None:
        return _("no day set")
    return f"{starts_on} – {due}" if starts_on else _("by %(day)s") % {"day": due}


def behind_words(one: Standing) -> str:
    """By how much an item is behind; empty when it is not."""
    if one.overdue_days:
        return ngettext("%(n)s day overdue", "%(n)s days overdue", one.overdue_days) % {"n": one.overdue_days}
    if one.behind:
        facts = {"expected": percent(one.expected), "done": percent(one.share), "n": one.behind_days}
        return _("%(done)s done where %(expected)s of the time is gone: about %(n)s days behind") % facts
    return ""


def tally_words(one: Tally) -> str:
    """How a branch stands, in a few words."""
    if not one.total:
        return _("no items this year")
    if one.done == one.total:
        return _("all done")
    parts = []
    if one.overdue:
        parts.append(ngettext("%(n)s item overdue", "%(n)s items overdue", one.overdue) % {"n": one.overdue})
    slow = one.behind - one.overdue
    if slow > 0:
        parts.append(ngettext("%(n)s item slow", "%(n)s items slow", slow) % {"n": slow})
    return " · ".join(parts) or _("on schedule")


def bar_view(one: Tally) -> dict[str, Any]:
    """A branch's bar: what is done, what should be done by now, and the words beside it."""
    return {
        "share": one.share,
        "percent": percent(one.share),
        "expected": percent(one.expected),
        "done": one.done,
        "total": one.total,
        "words": tally_words(one),
        "late": one.overdue > 0,
        "label": _("%(share)s done, %(expected)s of the time gone")
        % {"share": percent(one.share), "expected": percent(one.expected)},
    }


def change_words(field: str, value: Any) -> str:
    if value in (None, "", []):
        return NOTHING
    return percent(int(value)) if field == "share" else plain_words(value)
