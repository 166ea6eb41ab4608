"""Words of the room: what codes, grounds and rhythms are called where people read them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from anlan.directives.flow import DIRECTIVE_TASK
from anlan.directives.models import DirectiveTask
from anlan.directives.queries.tone import tone
from anlan.directives.reading.sources import MESSAGES
from anlan.directives.states import WORKING
from anlan.kernel import clock, timeline
from anlan.kernel.phrases import left_words, plain_words

WHY: dict[str, tuple[Any, bool]] = {
    "asking_part": (gettext_lazy("stands in a part that asks"), True),
    "obligation": (gettext_lazy("words of obligation"), True),
    "doer": (gettext_lazy("names who is to do it"), True),
    "time": (gettext_lazy("names a time"), True),
    "evidence": (gettext_lazy("asks for something to be shown"), True),
    "act": (gettext_lazy("names an act that can be checked"), True),
    "wide_only": (gettext_lazy("only general words"), False),
    "short": (gettext_lazy("very short"), False),
    "damaged": (gettext_lazy("characters of it are lost"), False),
    "attitude": (gettext_lazy("partly an attitude"), False),
    "by_hand": (gettext_lazy("marked by a person"), True),
}
"""Each ground of a confidence: its words, and whether it speaks for a task."""
WHO_FROM: dict[str, Any] = {
    "stated": gettext_lazy("stated there"),
    "inherited": gettext_lazy("from a heading or sentence before"),
    "addressees": gettext_lazy("the document's addressees"),
}
CHANGES: dict[str, Any] = {
    "annotation": gettext_lazy("readings in brackets taken out"),
    "lost": gettext_lazy("characters lost for good"),
    "repair": gettext_lazy("characters put right"),
    "traditional": gettext_lazy("traditional characters converted"),
    "repeat": gettext_lazy("repeated lines taken out"),
}
"""Of what the reader changed; everything else it takes out is the page's own noise."""


def changes_words(changes: list[dict[str, Any]]) -> list[str]:
    """What the reader took out or put right, kind by kind, with how often."""
    counted: dict[str, int] = {}
    for one in changes:
        kind = one["kind"] if one["kind"] in CHANGES else "noise"
        counted[kind] = counted.get(kind, 0) + 1
    words = {**CHANGES, "noise": _("navigation, share buttons and the like taken out")}
    return [f"{words[kind]} × {n}" for kind, n in counted.items()]


EVERY: dict[str, Any] = {
    "day": gettext_lazy("every day"),
    "workday": gettext_lazy("every working day"),
    "week": gettext_lazy("every week"),
    "tenday": gettext_lazy("every ten days"),
    "halfmonth": gettext_lazy("every half month"),
    "month": gettext_lazy("every month"),
    "quarter": gettext_lazy("every quarter"),
    "halfyear": gettext_lazy("every half year"),
    "year": gettext_lazy("every year"),
}
LIMITS: dict[str, Any] = {
    "assigned": gettext_lazy("to sign for it"),
    "handed_back": gettext_lazy("to assign it anew"),
    "reported": gettext_lazy("to verify it"),
    "verified": gettext_lazy("to close it"),
}
FIELDS: dict[str, Any] = {
    "due": gettext_lazy("Due by"),
    "finished_on": gettext_lazy("Finished on"),
    "counted": gettext_lazy("Entered so far"),
}
"""What the timeline shows of a change; other fields are the platform's own."""
TONES = {"overdue": "late", "soon": "waiting", "over": "done"}


def state_view(task: DirectiveTask) -> dict[str, Any]:
    return timeline.state_view(DIRECTIVE_TASK, task, "late" if is_late(task) else "")


def is_late(task: DirectiveTask) -> bool:
    return tone(task) == "overdue"


def due_view(task: DirectiveTask) -> dict[str, Any] | None:
    """What it waits for now and how long it has; nothing where there is no limit."""
    if task.due_at is None or DIRECTIVE_TASK.state(task.state).final:
        return None
    label = str(LIMITS.get(task.state, _("to be done")))
    return {
        "label": label,
        "due_at": task.due_at,
        "started_at": task.state_since if task.state not in WORKING else task.created_at,
        "overdue": task.due_at < clock.now(),
        "words": left_words(task.due_at),
    }


def silent_days(task: DirectiveTask) -> int:
    """Calendar days since the unit last said anything."""
    return (clock.now() - (task.heard_at or task.created_at)).days


def silent_words(task: DirectiveTask) -> str:
    days = silent_days(task)
    if task.heard_at is None and not days:
        return _("just given")
    if task.heard_at is None:
        return ngettext("never heard of, %(n)s day", "never heard of, %(n)s days", days) % {"n": days}
    return ngettext("silent for %(n)s day", "silent for %(n)s days", days) % {"n": days} if days else _("heard today")


def rhythm_words(rhythm: dict[str, Any] | None) -> str:
    if not rhythm:
        return ""
    words = str(EVERY.get(rhythm["every"], rhythm["every"]))
    if int(rhythm.get("interval") or 1) > 1:
        words = _("%(every)s, taken %(n)s together") % {"every": words, "n": rhythm["interval"]}
    if times := int(rhythm.get("times") or 0):
        pattern = _("%(every)s, at least %(n)s×") if rhythm.get("at_least") else _("%(every)s, %(n)s×")
        words = pattern % {"every": words, "n": times}
    elif rhythm.get("at_least"):
        words = _("%(every)s, at least %(n)s×") % {"every": words, "n": 1}
    if rhythm.get("day"):
        words = _("%(every)s, by day %(day)s") % {"every": words, "day": rhythm["day"]}
    if rhythm.get("weekday"):
        words = _("%(every)s, by weekday %(day)s") % {"every": words, "day": rhythm["weekday"]}
    return words


def trouble_words(code: str, facts: dict[str, Any]) -> str:
    if code in MESSAGES:
        try:
            return str(MESSAGES[code]) % facts
        except (KeyError, TypeError):  # facts of a child process that was taken over
            return str(facts.get("detail", code))
    return str(facts.get("detail", code))


def change_words(field: str, value: Any) -> str:
    return plain_words(value)


NOTES: dict[str, Any] = {
    "register_directive": gettext_lazy("Document registered"),
    "accepted_proposal": gettext_lazy("Proposal accepted"),
    "mended_proposal": gettext_lazy("Proposal mended and accepted"),
    "refused_proposal": gettext_lazy("Proposal refused"),
    "added_proposal": gettext_lazy("Task added by hand"),
    "end_recurrence": gettext_lazy("Recurring duty ended"),
    "skip_period": gettext_lazy("Period left out"),
    "issue_digest": gettext_lazy("Weekly digest issued"),
}
"""What the ledger's entries beside the flow are called."""


def note_words(step: str) -> str:
    return str(NOTES.get(step, step))


FACTS: dict[str, Any] = {
    "open": gettext_lazy("Open tasks"),
    "given": gettext_lazy("Given this week"),
    "finished": gettext_lazy("Done this week"),
    "overdue": gettext_lazy("Overdue"),
    "unsigned": gettext_lazy("Not signed for"),
    "still": gettext_lazy("Did not move"),
    "due_soon": gettext_lazy("Due next week"),
}
"""What a digest counts."""
