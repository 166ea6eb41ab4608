"""The words of a message, made when it is read, in the reader's language, from its kind and facts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.clock import SHANGHAI
from anlan.kernel.flow.declare import Flow, flows
from anlan.notify.models import Message


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
        tone="late" if message.kind in ("hazard.late", "hazard.owed", "visit.late") else "info",
    )


def _text(kind: str) -> tuple[str, str]:
    match kind:
        case "hazard.waits":
            return _("%(number)s waits for you: %(place)s"), _("%(by)s did “%(step)s”; it is now “%(state)s”.")
        case "hazard.extension":
            return _("Extension asked for: %(number)s, %(place)s"), _("%(by)s asks for more time, until %(asked)s.")
        case "hazard.told":
            return _("“%(step)s” on your hazard %(number)s: %(place)s"), _("Done by %(by)s.")
        case "hazard.remind":
            return _("Due soon: %(number)s, %(place)s"), _("It is “%(state)s”.")
        case "hazard.late":
            return _("Overdue: %(number)s, %(place)s"), _(
                "It is “%(state)s” and past its time; reminder level %(level)s."
            )
        case "hazard.owed":
            return _("Owed: %(wait)s, %(number)s, %(place)s"), _("It is past its time; reminder level %(level)s.")
        case "visit.assigned":
            return _("You go on visit %(number)s: %(place)s"), _("Named by %(by)s.")
        case "visit.announced":
            return _("A visit is announced: %(number)s"), _("%(by)s announces it. %(words)s")
        case "visit.changed":
            return _("“%(step)s” on visit %(number)s: %(place)s"), _("Done by %(by)s; it is now “%(state)s”.")
        case "visit.arrived":
            return _("A visit has begun: %(number)s"), _("%(by)s has arrived.")
        case "visit.recorded":
            return _("The record of visit %(number)s waits for signatures: %(place)s"), _("Closed by %(by)s.")
        case "visit.signed_for":
            return (
                _("Your signature was taken on another device: %(number)s, %(place)s"),
                _("It was taken on %(by)s's device. If you did not sign, say so at once."),
            )
        case "visit.remind":
            return _("Visit soon: %(number)s, %(place)s"), _("It is “%(state)s”.")
        case "visit.late":
            return _("Visit overdue: %(number)s, %(place)s"), _(
                "It is “%(state)s” and past its time; reminder level %(level)s."
            )
        case "risk.reported":
            return _("Reported on the spot: %(place)s (%(number)s)"), _(
                "“%(words)s” Make a hazard of it, or answer it."
            )
        case "risk.due":
            return _("To be assessed again: %(place)s (%(number)s)"), ""
        case "risk.due_many":
            return _("To be assessed again: %(count)s risk points"), _("The first is %(place)s (%(number)s).")
    return _("A message about %(number)s"), ""


def _why(why: str, message: Message) -> str:
    reason, _colon, state = why.partition(":")
    match reason:
        case "waits":
            waits = _state(message, state).waits_for if _state(message, state) else ""
            return _("You are told because it now waits for %(whom)s, and your post is one of them.") % {"whom": waits}
        case "decides":
            return _("You are told because your post decides on extensions here.")
        case "responsible":
            return _("You are told because your enterprise is responsible for it.")
        case "owes":
            return _("You are told because your post owes it.")
        case "settles":
            return _("You are told because your post answers for what is reported at your enterprise's risk points.")
        case "keeps":
            return _("You are told because your enterprise keeps these risk points.")
        case "waited_for":
            return _("You are told because it waits for your post.")
        case "goes":
            return _("You are told because you go on this visit.")
        case "planned":
            return _("You are told because you planned this visit.")
        case "visited":
            return _("You are told because your enterprise is visited.")
        case "signed_for":
            return _("You are told because the signature is yours.")
        case "signs":
            return _("You are told because your signature belongs under it.")
        case "county_regulator":
            return _("You are told as the county's regulator of this field, because it was not done in time.")
        case "county_office":
            return _("You are told as the county committee office, because it is still not done.")
        case "city_office":
            return _("You are told as the city committee office, because it is still not done.")
    return _("You are told because of the post you hold.")


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
        return datetime.fromisoformat(str(value)).astimezone(SHANGHAI).date().isoformat()
    except ValueError:
        return ""


def _fill(text: str, facts: dict[str, str]) -> str:
    return text % facts if text else ""
