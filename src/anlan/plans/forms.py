"""The forms of the room: those of the steps come from what they ask for; the filter bar of the list; the paper to bring in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.identity.models import Organisation
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.forms import InputForm, Maker, Option, Pick, Question, Source, asked
from anlan.kernel.reading import read_ids
from anlan.plans.models import Plan, PlanItem, PlanNode, SubPlan
from anlan.plans.states import STATES
from anlan.plans.wording import amount_words
from anlan.registry.queries import region_names

ANY = ("", "—")
FOUND = 12
LEFT_OUT = {"number": ("percent",), "other": ("achieved",)}
"""An item with a figure is asked for the figure, any other for a share."""


def unit_option(row: Organisation) -> Option:
    return Option(value=str(row.pk), label=row.name, note=region_names([row.region]).get(row.region, ""))


def units(actor: Actor) -> Any:
    return Organisation.objects.filter(scope.within(actor, industry=None), active=True).exclude(kind="enterprise")


def find_units(actor: Actor, words: str) -> list[Option]:
    rows = units(actor).filter(name__icontains=words[:100]) if words else units(actor)
    return [unit_option(row) for row in rows.order_by("region", "name")[:FOUND]]


def unit_source(actor: Actor, name: str) -> Source:
    def chosen(values: Sequence[str]) -> list[Option]:
        return [unit_option(row) for row in units(actor).filter(pk__in=read_ids(values))]

    return Source(
        url=f"{reverse('plans:pick-unit')}?name={name}",
        search=lambda typed: find_units(actor, typed),
        chosen=chosen,
        words=_("Name of the unit"),
        first=True,
    )


def makers(actor: Actor) -> dict[str, Maker]:
    def unit(question: Question) -> forms.Field:
        return asked(question, Pick(unit_source(actor, question.name)))

    def tick(question: Question) -> forms.Field:
        return asked(question, forms.CheckboxInput(check_test=lambda value: value in (True, "true", "on")))

    return {"unit": unit, "tick": tick}


def step_form(step: Step, item: PlanItem, actor: Actor, data: Any = None) -> InputForm:
    initial: dict[str, Any] = {"finished_on": clock.today()} if step.name == "report" else {}
    if step.name in ("progress", "report") and item.achieved is not None:
        initial["achieved"] = amount_words(item.achieved)
    if step.name == "progress" and item.measure != "number":
        initial["percent"] = item.share // 10
    if step.name == "match" and item.unit_id:
        initial["unit"] = str(item.unit_id)
    leave_out = LEFT_OUT["number" if item.measure == "number" else "other"]
    return InputForm(step.needs, data, initial=initial, makers=makers(actor), leave_out=leave_out)


class FilterForm(forms.Form):
    """Says no to nothing: what it cannot read is left out by `read_filters`."""

    q = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Item, unit or number")}),
    )
    branch = forms.ChoiceField(label=gettext_lazy("Action"), required=False)
    sub_plan = forms.ChoiceField(label=gettext_lazy("Sub-plan"), required=False)
    key = forms.BooleanField(label=gettext_lazy("Key task"), required=False)
    late = forms.BooleanField(label=gettext_lazy("Overdue"), required=False)
    year = forms.ChoiceField(label=gettext_lazy("Year"), required=False)
    state = forms.MultipleChoiceField(label=gettext_lazy("State"), required=False, widget=forms.CheckboxSelectMultiple)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)
    region = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, plan: Plan, years: list[int], year: int, data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        branches = PlanNode.objects.filter(plan=plan, level__in=("action", "task")).order_by("order")
        subs = SubPlan.objects.filter(plan=plan, year=year).order_by("kind", "code")
        fields["state"].choices = [("open", _("all open")), *((one.code, one.label) for one in STATES)]
        fields["year"].choices = [ANY, *((str(one), str(one)) for one in years)]
        fields["branch"].choices = [ANY, *((one.code, f"{one.code} {one.name}") for one in branches)]
        fields["sub_plan"].choices = [ANY, *((str(one.pk), f"{one.code} {one.name}") for one in subs)]


class PaperForm(forms.Form):
    """A workbook, or a Word document with the plan's table."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput({"accept": ".xlsx,.docx"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
