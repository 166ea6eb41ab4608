"""The forms of the room: bringing in, looking at the head, mending a proposal, steps, the filter bar."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.directives import needs
from anlan.directives.models import DirectiveTask, Intake, Proposal
from anlan.directives.reading.normal import LONGEST
from anlan.directives.rules import registers
from anlan.directives.states import STATES
from anlan.directives.wording import EVERY
from anlan.identity.models import Organisation
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.forms import InputForm, Maker, Option, Pick, Question, Source, asked
from anlan.kernel.reading import read_ids
from anlan.registry.queries import region_choices, region_names

ANY = ("", "—")
FOUND = 12
ACCEPTED = ".docx,.pdf,.txt,.jpg,.jpeg,.png,.webp"


def own_regions(actor: Actor) -> list[tuple[int, str]]:
    """Territories whose incoming documents the post registers: cities and counties, no townships."""
    rows = [(code, name) for code, name in region_choices(actor) if code % 1_000_000 == 0 or code == actor.region]
    return [(code, name) for code, name in rows if registers(actor, code)]


class BringInForm(forms.Form):
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 10}),
        help_text=_("Paste it as it came; noise of web pages and traditional characters are put right."),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        widget=forms.FileInput({"accept": ACCEPTED}),
        help_text=_("Word (.docx), PDF, plain text, or a photo of the page."),
    )
    region = forms.TypedChoiceField(label=_("Registered for"), coerce=int)

    def __init__(self, actor: Actor, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = own_regions(actor)
        field: Any = self.fields["region"]
        field.choices = choices
        if choices:
            field.initial = choices[0][0]
        if len(choices) == 1:
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if bool((found.get("text") or "").strip()) == bool(found.get("file")) and not self.errors:
            self.add_error("text", _("Give either the text or the file."))
        return found


def _tick(question: Question) -> forms.Field:
    return asked(question, forms.CheckboxInput(check_test=lambda value: value in (True, "true", "on")))


def head_form(intake: Intake, data: Any = None, *, twin: bool) -> InputForm:
    """What the reader found stands in it; a person looks. Whether it is another document is asked where one is like it."""
    names = ("title", "reference", "issuer", "dated", "limit")
    initial = {name: intake.facts.get(name) for name in names} | {"received_on": clock.today().isoformat()}
    return InputForm(
        needs.Head, data, initial=initial, makers={"tick": _tick}, leave_out=() if twin or data else ("another",)
    )


def unit_option(row: Organisation, places: dict[int, str]) -> Option:
    return Option(value=str(row.pk), label=row.name, note=places.get(row.region, ""))


def units_of(actor: Actor) -> Any:
    return Organisation.objects.filter(scope.within(actor, industry=None), active=True).exclude(kind="enterprise")


def find_units(actor: Actor, words: str) -> list[Option]:
    rows = list(units_of(actor).filter(name__icontains=words.strip()[:100]).order_by("region", "name")[:FOUND])
    return _options(rows)


def chosen_units(actor: Actor, values: Any) -> list[Option]:
    return _options(list(units_of(actor).filter(pk__in=read_ids(values)).order_by("region", "name")))


def _options(rows: list[Organisation]) -> list[Option]:
    places = region_names(row.region for row in rows)
    return [unit_option(row, places) for row in rows]


def units_source(actor: Actor, name: str, *, multiple: bool) -> Source:
    return Source(
        url=f"{reverse('directives:pick')}?name={name}",
        search=lambda words: find_units(actor, words),
        chosen=lambda values: chosen_units(actor, values),
        words=str(_("Name of the unit")),
        multiple=multiple,
    )


class RhythmWidget(forms.MultiWidget):
    """Every what, how many times, and by which day of it."""

    def __init__(self) -> None:
        number = {"type": "number", "min": "0", "inputmode": "numeric"}
        super().__init__(
            {
                "every": forms.Select(choices=[("", _("once only")), *EVERY.items()]),
                "times": forms.NumberInput({**number, "max": "99", "placeholder": _("times")}),
                "day": forms.NumberInput({**number, "max": "31", "placeholder": _("by day")}),
            },
            {"data-widget": "rhythm"},
        )

    def decompress(self, value: Any) -> list[Any]:
        if not isinstance(value, dict):
            return ["", "", ""]
        return [value.get("every", ""), value.get("times") or "", value.get("day") or ""]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        every, times, day = (str(one or "").strip() for one in super().value_from_datadict(data, files, name))
        if not every:
            return None
        return {"every": every, "times": times or 0, "at_least": bool(times), "day": day or 0}


class LinesWidget(forms.Textarea):
    """One thing a line."""

    def format_value(self, value: Any) -> str:
        return "\n".join(value) if isinstance(value, (list, tuple)) else str(value or "")

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [line.strip() for line in str(data.get(name) or "").splitlines() if line.strip()]


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """What was uploaded before stands in hidden fields; new ones are stored by the page."""
        return list(data.getlist(name)) if hasattr(data, "getlist") else list(data.get(name) or [])


def makers(actor: Actor) -> dict[str, Maker]:
    return {
        "units": lambda question: asked(question, Pick(units_source(actor, question.name, multiple=True))),
        "unit": lambda question: asked(question, Pick(units_source(actor, question.name, multiple=False))),
        "rhythm": lambda question: asked(question, RhythmWidget()),
        "lines": lambda question: asked(question, LinesWidget({"rows": 2}), help_text=_("One a line.")),
        "documents": lambda question: asked(
            question,
            ManyFiles({"multiple": True, "accept": ".docx,.xlsx,.pdf,.jpg,.jpeg,.png,.webp"}),
            help_text=_("Word, Excel, PDF or photos; several at once."),
        ),
    }


def mend_form(actor: Actor, proposal: Proposal, data: Any = None, **initial: Any) -> InputForm:
    return InputForm(needs.Mend, data, initial=initial, makers=makers(actor))


def add_form(actor: Actor, data: Any = None, **initial: Any) -> InputForm:
    return InputForm(needs.Add, data, initial=initial, makers=makers(actor))


def step_form(actor: Actor, step: Step, task: DirectiveTask, data: Any = None) -> InputForm:
    initial: dict[str, Any] = {}
    if step.name in ("report", "count"):
        initial = {"finished_on": clock.today().isoformat(), "on": clock.today().isoformat()}
    if step.name in ("change_due", "reassign") and task.due:
        initial["due"] = task.due.isoformat()
    return InputForm(step.needs, data, initial=initial, makers=makers(actor))


class TaskFilterForm(forms.Form):
    """Says no to nothing: what it cannot read is left out by `read_task_filters`."""

    q = forms.CharField(
        label=_("Number or words"), required=False, max_length=60, widget=forms.TextInput({"type": "search"})
    )
    state = forms.MultipleChoiceField(label=_("State"), required=False, widget=forms.CheckboxSelectMultiple)
    region = forms.ChoiceField(label=_("Region"), required=False)
    late = forms.BooleanField(label=_("Overdue"), required=False)
    unit = forms.CharField(required=False, widget=forms.HiddenInput())
    directive = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["state"].choices = [("open", _("all open")), *((one.code, one.label) for one in STATES)]
        fields["region"].choices = [ANY, *((str(code), name) for code, name in region_choices(actor))]
        if len(fields["region"].choices) < 3:
            del fields["region"]


class DirectiveFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Number or words"), required=False, max_length=60, widget=forms.TextInput({"type": "search"})
    )
