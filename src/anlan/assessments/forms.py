"""The forms of the room: those of the steps come from what they ask for; evidence is chosen as files and kept by ticking."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from anlan.assessments import needs
from anlan.assessments.models import ScoreCard
from anlan.assessments.scoring.card import Card
from anlan.assessments.wording import KINDS
from anlan.files.actions import take_document, take_photo
from anlan.files.kinds import LARGEST
from anlan.files.models import File
from anlan.files.refusals import refuse
from anlan.identity.models import Organisation
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.forms import InputForm, Maker, Question, asked
from anlan.kernel.phrases import in_tongue

DOCUMENTS = (".pdf", ".docx", ".xlsx")
ACCEPTED = ".pdf,.docx,.xlsx,.jpg,.jpeg,.png,.webp,.heic"


class Evidence(forms.CheckboxSelectMultiple):
    """Files that were added before, each to be kept or let go, and a place for new ones."""

    template_name = "assessments/_evidence.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"new_name": f"{name}_new", "accepted": ACCEPTED}


def _evidence(kept: Mapping[str, File]) -> Maker:
    def make(question: Question) -> forms.Field:
        return asked(question, Evidence(choices=[(key, one.name) for key, one in kept.items()]))

    return make


def take_evidence(actor: Actor, uploads: Sequence[UploadedFile]) -> list[str]:
    """The new files as the actor's own, not tied to anything yet. Raises RefusedFile with what would make it pass."""
    found = []
    for sent in uploads:
        if (sent.size or 0) > LARGEST:
            raise refuse("file.too_large", size=round((sent.size or 0) / 1e6, 1), limit=LARGEST // 10**6)
        name = sent.name or ""
        take = take_document if name.lower().endswith(DOCUMENTS) else take_photo
        found.append(str(take(actor=actor, source=sent.read(), name=name, media_type=sent.content_type or "").pk))
    return found


def step_form(
    step: Step, card: Card, data: Any = None, *, kept: Mapping[str, File] | None = None, **initial: Any
) -> InputForm:
    codes = [
        (one.code, f"{one.label} · {KINDS[card.kind(one.code)]}") for one in card.named.values() if card.kind(one.code)
    ]
    lines = [(one.code, one.label) for one in card.named.values()]
    return InputForm(
        step.needs,
        data,
        initial=initial | {"files": list(kept or {})},
        makers={
            "documents": _evidence(kept or {}),
            "items": lambda question: asked(question, forms.CheckboxSelectMultiple(choices=lines)),
        },
        options={"code": codes},
        leave_out=("changes",),
    )


class CardForm(forms.Form):
    file = forms.FileField(label=_("Workbook (.xlsx)"), widget=forms.ClearableFileInput({"accept": ".xlsx"}))


def round_form(
    cards: Sequence[ScoreCard], units: Sequence[Organisation], data: Any = None, **initial: Any
) -> InputForm:
    named = [(str(one.pk), f"{in_tongue(one)} {one.year} · v{one.version}") for one in cards]
    choices = [(str(one.pk), one.name) for one in units]
    return InputForm(
        needs.OpenRound,
        data,
        initial=initial,
        makers={"units": lambda question: asked(question, forms.CheckboxSelectMultiple(choices=choices))},
        options={"card": named},
    )
