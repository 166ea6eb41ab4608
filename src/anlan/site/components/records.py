"""Shapes of a record's page: state, time left, timeline, gallery."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SHAPE_OF_TONE = {
    "waiting": "ring",
    "active": "half",
    "ready": "dot",
    "done": "check",
    "late": "triangle",
    "disputed": "diamond",
    "stopped": "dash",
    "muted": "dash",
}
SHAPES = frozenset({"ring", "half", "dot", "triangle", "diamond", "square", "pause", "check", "cross", "dash"})
RISK_COLOURS = ("red", "orange", "yellow", "blue")
SOON = timedelta(hours=24)


def get(thing: Any, name: str, default: Any = "") -> Any:
    """A field of a mapping or of an object: page authors pass what they have."""
    found = thing.get(name, default) if isinstance(thing, Mapping) else getattr(thing, name, default)
    return default if found is None else found


def state_view(state: Any) -> dict[str, Any]:
    tone = get(state, "tone") if get(state, "tone") in SHAPE_OF_TONE else "waiting"
    shape = get(state, "shape")
    return {
        "code": get(state, "code") or get(state, "name"),
        "label": get(state, "label"),
        "tone": tone,
        "shape": shape if shape in SHAPES else SHAPE_OF_TONE[tone],
    }


def buttons_view(steps: Iterable[Any], base: str = "") -> dict[str, Any]:
    """Dicts or the flow's own offers; `base` is the record's address, to which `steps/<name>/` is added where a step has no url."""
    allowed, refused = [], []
    for step in steps:
        declared = get(step, "step", step)
        name = get(step, "name")
        view = {
            "name": name,
            "label": get(step, "label"),
            "reason": get(step, "reason"),
            "url": get(step, "url") or f"{base.rstrip('/')}/steps/{name}/",
            "tone": get(step, "tone"),
            "icon": get(step, "icon"),
        }
        if get(step, "allowed", default=False):
            allowed.append(view)
        elif get(declared, "listed", default=True):
            refused.append(view)
    return {"allowed": allowed, "refused": refused}


def words_left(left: timedelta) -> str:
    """Plain clock words for when the caller knows no working days."""
    late, span = left < timedelta(0), abs(left)
    if span >= timedelta(days=1):
        days = span.days
        text = (
            ngettext("%(n)s day overdue", "%(n)s days overdue", days)
            if late
            else ngettext("%(n)s day left", "%(n)s days left", days)
        )
        return text % {"n": days}
    hours = int(span.total_seconds() // 3600)
    if hours:
        text = (
            ngettext("%(n)s hour overdue", "%(n)s hours overdue", hours)
            if late
            else ngettext("%(n)s hour left", "%(n)s hours left", hours)
        )
        return text % {"n": hours}
    minutes = int(span.total_seconds() // 60)
    text = (
        ngettext("%(n)s minute overdue", "%(n)s minutes overdue", minutes)
        if late
        else ngettext("%(n)s minute left", "%(n)s minutes left", minutes)
    )
    return text % {"n": minutes}


def time_left_view(due: Mapping[str, Any] | None, *, now: datetime | None = None) -> dict[str, Any]:
    """`due`: label?, due_at, started_at?, overdue?, words?, done?; the bar shows the share of the time already used, in percent."""
    if not due or not due.get("due_at"):
        return {"known": False}
    now = now or timezone.now()
    due_at: datetime = due["due_at"]
    started_at: datetime | None = due.get("started_at")
    left = due_at - now
    overdue = bool(due.get("overdue", left < timedelta(0)))
    whole = due_at - started_at if started_at else None
    used = 100 if overdue else round(100 * (now - started_at) / whole) if started_at and whole else None
    if used is not None:
        used = min(100, max(0, used))
    mood = "done" if due.get("done") else "late" if overdue else "soon" if left <= SOON or (used or 0) >= 75 else "calm"
    words = due.get("words") or (_("Done") if mood == "done" else words_left(left))
    return {
        "known": True,
        "label": due.get("label", ""),
        "due_at": due_at,
        "started_at": started_at,
        "mood": mood,
        "words": words,
        "used": used,
        "overdue": overdue,
    }


def gallery_view(groups: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    groups = list(groups)
    return {"groups": groups, "paired": len(groups) == 2, "empty": not any(group.get("photos") for group in groups)}
