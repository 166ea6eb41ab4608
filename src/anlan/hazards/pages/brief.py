"""What a step is decided on, laid beside its form: nobody decides blind from the workbench."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from anlan.hazards.models import Hazard, Photo, Recheck
from anlan.hazards.pages.shapes import photo
from anlan.hazards.queries import detail
from anlan.hazards.wording import day_words, grade_words, signer_words
from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.forms import yuan
from anlan.kernel.phrases import listed, moment_words

Facts = list[dict[str, Any]]
PICTURES = {
    "recheck": ("before", "after"),
    "close": ("before", "after", "recheck"),
    "delist": ("after", "recheck"),
    "submit": ("before",),
    "grade": ("before",),
    "dispatch": ("before",),
    "arbitrate": ("before",),
}
"""Which photos belong to which decision."""


def facts(name: str, hazard: Hazard, *, rounds: Sequence[Recheck] | None = None) -> Facts:
    """The facts of a decision, what it is about first; `rounds` are the rechecks where they were read already."""

    def rechecked(of: Hazard) -> list[tuple[str, str, bool]]:
        return _rechecked(of, detail.rechecks(of) if rounds is None else rounds)

    asks: dict[str, Any] = {
        "dispatch": _graded,
        "decide_extension": _extension,
        "arbitrate": _dispute,
        "recheck": _done,
        "close": rechecked,
        "delist": rechecked,
        "look_back": rechecked,
        "submit": _wanted,
        "plan": _wanted,
        "ask_extension": _wanted,
    }
    found = asks[name](hazard) if name in asks else []
    return [{"label": label, "value": value, "wide": wide} for label, value, wide in found if value]


def pictures(name: str, hazard: Hazard, actor: Actor) -> list[dict[str, Any]]:
    if name not in PICTURES:
        return []
    words = {"before": _("Before"), "after": _("After"), "recheck": _("Recheck")}
    taken: list[Photo] = detail.photos(hazard)
    official = actor.role in roles.OFFICIALS
    groups = [
        {"label": words[phase], "photos": [photo(one.file, official=official) for one in taken if one.phase == phase]}
        for phase in PICTURES[name]
    ]
    return [group for group in groups if group["photos"]]


def _graded(hazard: Hazard) -> list[tuple[str, str, bool]]:
    return [(_("Grade"), grade_words(hazard.grade), False), (_("Basis"), hazard.basis, True)]


def _wanted(hazard: Hazard) -> list[tuple[str, str, bool]]:
    return [
        (_("Rectify by"), day_words(hazard.rectify_due), False),
        (_("Planned measure"), str(hazard.plan.get("measure", "")), True),
    ]


def _extension(hazard: Hazard) -> list[tuple[str, str, bool]]:
    return [
        (_("Rectify by"), day_words(hazard.rectify_due), False),
        (_("Date asked for"), day_words(hazard.asked_due), False),
        (_("Why an extension is asked for"), hazard.asked_reason, True),
        (_("Asked on"), moment_words(hazard.asked_at), False),
        (_("Planned measure"), str(hazard.plan.get("measure", "")), True),
    ]


def _dispute(hazard: Hazard) -> list[tuple[str, str, bool]]:
    refusals = hazard.signatures.filter(round=hazard.round, refused=True).order_by("at")
    said = [f"{signer_words(one.signer)} {one.person_name}: {one.reason}" for one in refusals]
    return [
        (_("Why it was not signed"), "\n".join(said), True),
        (_("Dispatched by"), hazard.regulator_name, False),
        (_("Rectify by"), day_words(hazard.rectify_due), False),
        (_("Grade"), grade_words(hazard.grade), False),
        (_("Basis"), hazard.basis, True),
    ]


def _done(hazard: Hazard) -> list[tuple[str, str, bool]]:
    return [
        (_("What was done"), hazard.measure_done, True),
        (_("Finished on"), day_words(hazard.finished_on), False),
        (_("Cost (yuan)"), yuan(hazard.cost_fen) if hazard.cost_fen else "", False),
        (_("Rectify by"), day_words(hazard.rectify_due), False),
    ]


def _rechecked(hazard: Hazard, rounds: Sequence[Recheck]) -> list[tuple[str, str, bool]]:
    said = [
        f"{_('passed') if one.passed else _('not passed')} · {listed(str(officer['name']) for officer in one.officers)}"
        f" · {moment_words(one.at)}\n{one.remark}"
        for one in rounds[-1:]
    ]
    return [*_done(hazard), (_("Last recheck"), "\n".join(said), True)]
