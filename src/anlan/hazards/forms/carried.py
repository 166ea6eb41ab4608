"""The form of a step as a phone carries it: the same declaration as the page's form, in words and without a page."""

from collections.abc import Callable, Sequence
from typing import Any

from anlan.hazards.forms.nouns import may_come_along
from anlan.hazards.forms.steps import LISTED_FOR_MAJOR, known, left_out
from anlan.hazards.models import Hazard
from anlan.hazards.rulings import TWO_OFFICERS
from anlan.hazards.wording import OPTIONS
from anlan.identity.models import Post
from anlan.kernel.actor import Actor
from anlan.kernel.citysettings import value
from anlan.kernel.flow import Step
from anlan.kernel.forms import LONG, Question, questions
from anlan.kernel.ledger.write import encode

Carried = list[dict[str, Any]]
Officers = Callable[[int, int], Sequence[Post]]
"""Who is in office at a region for a supervision field."""

CARRIED = frozenset(
    {"line", "prose", "day", "money", "yuan", "yesno", "passed", "choice", "photos", "officers", "clause", "category",
     "signature", "hidden"}
)  # fmt: skip
"""What the phone can draw; a step that asks for anything else is taken on its page."""
ONLINE = {("sign", "code")}
"""Of no use without a network: a second factor's code is over in half a minute."""
WHEN = {
    ("recheck", "new_due"): ("passed", False, True),
    ("look_back", "new_due"): ("holds", False, True),
    ("decide_extension", "until"): ("granted", True, False),
    ("arbitrate", "due"): ("decision", "resend", False),
}
"""Asked only when another field says so, and whether it must be answered then."""

TODAY, OF_TODAY = "today", {("submit", "finished_on")}
"""A day that begins as that of the act, not that of the download."""


def carried(step: Step, hazard: Hazard, actor: Actor, *, officers: Officers, digest: str = "") -> Carried | None:
    """The step's questions in order; None when a phone cannot draw them all."""
    asked = [
        one
        for one in questions(step.needs)
        if one.name not in left_out(step, hazard) and (step.name, one.name) not in ONLINE
    ]
    if any(kind_of(one) not in CARRIED for one in asked):
        return None
    begins = {"digest": digest} if digest else known(step.name, hazard)
    begins |= {name: TODAY for name in begins if (step.name, name) in OF_TODAY}
    return [_question(one, step, hazard, actor, officers, begins) for one in asked]


def kind_of(question: Question) -> str:
    if question.widget:
        return question.widget
    if question.options:
        return "choice"
    return "prose" if question.limit and question.limit > LONG else "line"


def _question(
    one: Question, step: Step, hazard: Hazard, actor: Actor, officers: Officers, begins: dict[str, Any]
) -> dict[str, Any]:
    kind = kind_of(one)
    options: list[tuple[Any, Any]] = []
    if kind == "choice":
        options = [
            (code, str(words))
            for code, words in OPTIONS.get(one.name) or [(code, code) for code in one.options]
            if code != ""
        ]
    elif kind == "officers":
        options = list(may_come_along(actor, hazard, officers(hazard.region, hazard.industry_bit)))
    least = _least(step, one.name)
    required = one.required
    if hazard.major:
        required, least = _of_major(step.name, one.name, hazard, required=required, least=least)
    field, equals, owed = WHEN.get((step.name, one.name), ("", None, False))
    default = one.default if one.default not in (None, "", []) else None
    return {
        "name": one.name,
        "kind": kind,
        "label": one.label,
        "help": one.help,
        "required": required or owed,
        "least": least,
        "limit": one.limit,
        "options": options,
        "value": encode(begins.get(one.name, default)),
        "when": {"field": field, "value": equals} if field else None,
    }


def _least(step: Step, name: str) -> int:
    limits = [getattr(part, "min_length", None) or 0 for part in step.needs.model_fields[name].metadata]
    return max(limits, default=0)


def _of_major(step: str, name: str, hazard: Hazard, *, required: bool, least: int) -> tuple[bool, int]:
    """What the verbs demand of a major hazard beyond the schema, so that nobody learns of it only back in the network."""
    if step == "recheck" and name == "officers":
        needed = int(value(TWO_OFFICERS.key, hazard.region)) - 1
        return needed > 0, needed
    if (step, name) == ("recheck", "photos"):
        return True, 1
    return required or (step == "plan" and name in LISTED_FOR_MAJOR), least
