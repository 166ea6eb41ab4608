"""What became of a record, in the shapes that the pages' components take: its state, its road, its timeline."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.kernel.flow import Flow
from anlan.kernel.ledger.read import Act

TONES = {"new": "waiting", "moving": "active", "attention": "disputed", "done": "done", "quiet": "muted"}
"""How a state's tone is drawn."""


def state_view(flow: Flow, record: Any, tone: str = "") -> dict[str, Any]:
    """The record's state; a `tone` of the moment, such as lateness, comes before the state's own."""
    state = flow.state(record.state)
    return {"code": state.code, "label": state.label, "tone": tone or TONES[state.tone]}


def state_words(flow: Flow, code: str | None) -> str:
    return str(flow.state(code).label) if code else ""


def step_words(flow: Flow, name: str) -> str:
    """The label of a step; one that the flow no longer has by its name."""
    return str(flow.step(name).label) if flow.has(name) else name


def by_clock(act: Act) -> bool:
    return act.role == "system"


def who(act: Act) -> str:
    return _("the platform") if by_clock(act) else act.actor_name or _("a citizen")


def whose(name: str, person: UUID | None) -> str:
    """A name that a record keeps; where no person stands beside it, the platform acted."""
    return name if person or not name else _("the platform")


def arrivals(history: Iterable[Act]) -> dict[str | None, Act]:
    """Who last brought the record into each state."""
    return {act.state[1]: act for act in history if act.state[0] != act.state[1]}


def headline(flow: Flow, act: Act, said: str = "") -> str:
    """The step, in words of its own if some are `said`, and the states between which it led."""
    step = said or step_words(flow, act.step)
    before, after = act.state
    if not before or before == after:
        return step
    return _("%(step)s: %(before)s → %(after)s") % {
        "step": step,
        "before": state_words(flow, before),
        "after": state_words(flow, after),
    }


def entry(
    act: Act, *, what: Any, note: str = "", changes: Sequence[Mapping[str, Any]] = (), linked: bool = True
) -> dict[str, Any]:
    """One act: what, who and when; `linked` for readers who may open its bytes and its proof in the ledger."""
    proof = {"state": "sealed" if act.sealed else "pending", "index": act.index}
    if linked:
        proof["url"] = reverse("audit-entry", args=[act.id])
    return {
        "what": what,
        "who": who(act),
        "post": "" if by_clock(act) else act.post_label,
        "at": act.at,
        "note": note,
        "changes": changes,
        "proof": proof,
    }


LATE = frozenset({"fall_due", "escalate", "press"})
"""Steps of the clock that say something is late."""


def clock_tone(act: Act) -> str:
    """How the clock's own acts are drawn; those of people plainly."""
    if not by_clock(act):
        return ""
    return "late" if act.step in LATE else "clock"
