"""Shared by the pages of returns."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.campaigns.flow import RETURN
from anlan.campaigns.models import Return
from anlan.campaigns.rules import AT_WORK, READERS
from anlan.campaigns.states import REVIEWING, WRITING
from anlan.identity.asking import reader_of
from anlan.kernel import clock, timeline
from anlan.kernel.actor import Actor
from anlan.kernel.phrases import chinese, left_words

LIMITS: dict[str, Any] = {
    "open": gettext_lazy("Time to hand in"),
    "draft": gettext_lazy("Time to hand in"),
    "bounced": gettext_lazy("Time to mend"),
    "returned": gettext_lazy("Time to mend"),
    "passed": gettext_lazy("Time to review"),
    "accepted": gettext_lazy("Time to lock"),
}


def asker(request: HttpRequest) -> Actor:
    """Whoever writes, reviews or audits returns; everybody else is refused."""
    return reader_of(request, READERS)


def url_of(record: Return | UUID) -> str:
    return reverse("campaigns:return", args=[record.pk if isinstance(record, Return) else record])


def month_words(month: Any) -> str:
    return f"{month.year}年{month.month}月" if chinese() else f"{month:%Y-%m}"


def title_of(record: Return) -> str:
    return _("%(unit)s: monthly return of %(month)s") % {"unit": record.unit.name, "month": month_words(record.month)}


def state_view(record: Return) -> dict[str, Any]:
    tone = "late" if record.late or record.state == "bounced" else ""
    return timeline.state_view(RETURN, record, tone)


def due_view(record: Return) -> dict[str, Any] | None:
    if record.due_at is None:
        return None
    return {
        "label": str(LIMITS.get(record.state, "")),
        "due_at": record.due_at,
        "started_at": record.state_since,
        "words": left_words(record.due_at),
        "overdue": clock.now() > record.due_at,
    }


def waits_for(record: Return) -> str:
    """The unit whose turn it is, by name where it is a unit's."""
    if record.state in WRITING:
        return record.unit.name
    if record.state == "passed" and record.reviewer is not None:
        return record.reviewer.name
    return str(RETURN.state("accepted").waits_for) if record.state in REVIEWING else ""


def views(active: str, actor: Actor) -> list[dict[str, Any]]:
    """The tabs of the room's pages of returns."""
    shown = [
        ("mine", _("My returns"), actor.role in AT_WORK),
        ("returns", _("All returns"), True),
        ("board", _("Month board"), True),
        ("reconciliation", _("Typed against counted"), True),
        ("quality", _("Quality by unit"), True),
    ]
    return [
        {"label": label, "url": reverse(f"campaigns:{name}"), "active": name == active}
        for name, label, here in shown
        if here
    ]
