"""The words of a message, made when it is read, in the reader's language, from its kind and facts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.clock import day_of
from anlan.kernel.flow.declare import Flow, flows
from anlan.notify.models import Message
from anlan.notify.sentences import GROUNDS, SENTENCES


@dataclass(frozen=True, kw_only=True)
class Words:
    title: str
    detail: str
    why: str
    tone: str = "info"


def words_of(message: Message) -> Words:
    """Title, detail and why the reader is told."""
    facts = _readable(message)
    title, detail = _text(message.kind)
    return Words(
        title=_fill(title, facts),
        detail=" ".join(part for part in (_fill(detail, facts), _due(message.facts)) if part),
        why=_why(str(message.facts.get("why", "")), message),
        tone="late"
        if message.kind
        in (
            "hazard.late",
            "hazard.owed",
            "visit.late",
            "reward.late",
            "reward.alarm",
            "report.late",
            "report.urgent",
            "task.late",
            "instrument.late",
            "return.late",
            "return.letter",
            "return.bounced",
            "return.returned",
            "leader.missed",
        )
        else "info",
    )


def _text(kind: str) -> tuple[str, str]:
    title, detail = SENTENCES.get(kind, (_("A message about %(number)s"), ""))
    return str(title), str(detail)


def _why(why: str, message: Message) -> str:
    reason, _colon, state = why.partition(":")
    if reason == "waits":
        waits = _state(message, state).waits_for if _state(message, state) else ""
        return _("You are told because it now waits for %(whom)s, and your post is one of them.") % {"whom": waits}
    return str(GROUNDS.get(reason) or _("You are told because of the post you hold."))


def _readable(message: Message) -> dict[str, str]:
    facts: dict[str, Any] = message.facts
    flow = _flow(message)
    step = str(facts.get("step", ""))
    state = _state(message, str(facts.get("state", "")))
    return {
        "number": str(facts.get("number", "")),
        "place": str(facts.get("place", "")),
        "by": str(facts.get("by") or _("the platform")),
        "step": str(flow.step(step).label) if flow and flow.has(step) else step,
        "state": str(state.label) if state else str(facts.get("state", "")),
        "level": str(facts.get("level", "")),
        "words": str(facts.get("words", "")),
        "count": str(facts.get("count", "")),
        "wait": _wait(flow, str(facts.get("wait", ""))),
        "asked": _day(facts.get("asked")),
    }


def _wait(flow: Flow | None, name: str) -> str:
    return next((str(wait.label) for wait in flow.waits if wait.name == name), name) if flow else name


def _flow(message: Message) -> Flow | None:
    return flows.get(message.subject_type)


def _state(message: Message, code: str) -> Any:
    flow = _flow(message)
    return next((state for state in flow.states if state.code == code), None) if flow else None


def _due(facts: dict[str, Any]) -> str:
    day = _day(facts.get("due_at"))
    return _("Due %(day)s.") % {"day": day} if day else ""


def _day(value: Any) -> str:
    """A day of the city from what the ledger's encoding left: a date or a UTC moment."""
    if not value:
        return ""
    try:
        if len(str(value)) == 10:
            return date.fromisoformat(str(value)).isoformat()
        return day_of(datetime.fromisoformat(str(value))).isoformat()
    except ValueError:
        return ""


def _fill(text: str, facts: dict[str, str]) -> str:
    return text % facts if text else ""
