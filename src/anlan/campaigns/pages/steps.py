"""The forms of the steps on a return."""

from collections.abc import Mapping
from typing import Any

from django import forms

from anlan.campaigns.models import Return
from anlan.campaigns.returns.template import Template
from anlan.campaigns.versions import checker_for
from anlan.kernel.flow import Step
from anlan.kernel.forms import InputForm, Maker, Question, asked


def step_form(step: Step, found: Return, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> InputForm:
    """`initial` may name the box of an amendment and its row, as the record's page links to it."""
    template = checker_for(found.template_id).template
    known = {name: (initial or {}).get(name, "") for name in ("cell", "row")} if step.name == "amend" else {}
    return InputForm(
        step.needs,
        data,
        initial={name: value for name, value in known.items() if value},
        makers=_makers(template, found, named=_named(template, data if data is not None else known)),
        leave_out=("reasons",) if step.name == "amend" else (),
    )


def _named(template: Template, given: Any) -> bool:
    """Whether the box is known already, so that it is told and not asked."""
    return given.get("cell", "") in template.cells


def _makers(template: Template, found: Return, *, named: bool) -> dict[str, Maker]:
    panels = [(one.code, one.label) for one in template.asked_of(found.filler)]
    cells = [
        (cell.name, f"{cell.panel.label} · {cell.label}")
        for cell in template.cells.values()
        if found.filler in cell.panel.fills
    ]

    def several(question: Question) -> forms.Field:
        return asked(question, forms.CheckboxSelectMultiple(choices=panels))

    def box(question: Question) -> forms.Field:
        return asked(question, forms.HiddenInput() if named else forms.Select(choices=[("", "—"), *cells]))

    def number(question: Question) -> forms.Field:
        widget = forms.HiddenInput() if named else forms.TextInput({"inputmode": "numeric", "maxlength": "3"})
        return asked(question, widget)

    return {"panels": several, "cell": box, "row": number}
