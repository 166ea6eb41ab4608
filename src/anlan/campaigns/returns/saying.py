"""What a trouble says to whoever must mend it: what is wrong, and what to write instead, in the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from anlan.campaigns.returns.checking import PLACEHOLDER, Checker, Trouble
from anlan.campaigns.returns.reading import WORDS, words_of
from anlan.campaigns.returns.template import Template
from anlan.kernel.phrases import chinese

UNKNOWN = "—"
UNREAD = "unread:"
"""Begins the name of a trouble with what could not be read; the rest says why."""

FAULT = "fault:"
"""Begins the name of a trouble with a check that could not be computed."""
UNCOMPUTED = (
    gettext_noop("The check “%(check)s” could not be computed on these figures, so nobody compared them."),
    gettext_noop("Look yourself whether they fit, and tell the committee office: the check must be mended."),
)

FORMAL = {
    "empty": (
        gettext_noop("The return is empty. An empty return counts as not handed in."),
        gettext_noop("Fill it panel by panel; where there was nothing, choose “none / not applicable”."),
    ),
    "blank": (
        gettext_noop("“%(label)s” is blank."),
        gettext_noop("Write it; where there was none, write 0 or choose “none / not applicable”."),
    ),
    "no_rows": (
        gettext_noop("“%(label)s” has no entry."),
        gettext_noop(
            "Enter each one; if there was none this month, choose “none / not applicable” for the whole panel."
        ),
    ),
    "not_none": (
        gettext_noop("“%(label)s” cannot be answered with “none / not applicable”."),
        gettext_noop("Every unit has it: write it."),
    ),
    "none_and_written": (
        gettext_noop("“%(label)s” was answered with “none / not applicable”, and yet something is written in it."),
        gettext_noop("Take “none / not applicable” away, or empty the panel."),
    ),
}
"""The form's own troubles: what is wrong, and what to do."""


SEVERITIES = {
    "error": gettext_noop("must be mended"),
    "reason": gettext_noop("needs a reason"),
    "warning": gettext_noop("please look"),
}


def severity_words(severity: str) -> str:
    """How grave a trouble is, for whoever writes the return."""
    return _(SEVERITIES[severity])


@dataclass(frozen=True)
class Said:
    message: str
    instead: str


def say(checker: Checker, trouble: Trouble) -> Said:
    """The words of one trouble; a check that its template no longer has is named by its id."""
    if trouble.check in FORMAL:
        label = {"label": _label(checker.template, trouble.cells[0]) if trouble.cells else ""}
        return Said(message=_(FORMAL[trouble.check][0]) % label, instead=_(FORMAL[trouble.check][1]) % label)
    if trouble.check.startswith(UNREAD):
        wrong, values = trouble.check.removeprefix(UNREAD), trouble.values
        return Said(*words_of(wrong, values)) if wrong in WORDS else Said(trouble.check, "")
    if trouble.check.startswith(FAULT):
        return Said(*(_(words) % trouble.values for words in UNCOMPUTED))
    check = checker.by_id.get(trouble.check)
    if check is None:
        return Said(message=trouble.check, instead="")
    message, instead = (check.zh, check.instead_zh) if chinese() else (check.en, check.instead_en)
    return Said(message=_filled(checker, trouble, message), instead=_filled(checker, trouble, instead))


def _filled(checker: Checker, trouble: Trouble, text: str) -> str:
    return PLACEHOLDER.sub(lambda found: shown(checker.template, found[1], trouble.values.get(found[1])), text)


def _label(template: Template, place: str) -> str:
    if place in template.cells:
        return template.cells[place].label
    return next((one.label for one in template.panels if one.code == place), place)


def shown(template: Template, name: str, value: Any) -> str:
    """A value as people write it: money in yuan, a day, a choice by its label."""
    if value is None:
        return UNKNOWN
    if isinstance(value, (date, datetime)):
        return f"{value:%Y-%m-%d}"
    cell = template.cells.get(name) or template.cells.get(name.partition(".")[2])
    if cell and cell.element.type == "money" and isinstance(value, int):
        return f"{value / 100:.2f}".rstrip("0").rstrip(".")
    if cell and cell.element.options:
        return next((one.label for one in cell.element.options if one.code == value), str(value))
    return str(value)
