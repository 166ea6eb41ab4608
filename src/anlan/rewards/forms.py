"""The forms of the room: those of the steps come from what they ask for; the filter bar of the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.forms import InputForm, Question, asked
from anlan.registry.queries import region_names
from anlan.rewards.contradictions import unsettled
from anlan.rewards.models import Reward
from anlan.rewards.states import STATES
from anlan.rewards.wording import EXCLUDES, OPTIONS, WAYS

ANY = ("", "—")


def _excludes(question: Question) -> forms.Field:
    return asked(question, forms.CheckboxSelectMultiple(choices=EXCLUDES))


MAKERS = {"excludes": _excludes}


def step_form(step: Step, reward: Reward | None, data: Any = None, **initial: Any) -> InputForm:
    """What was stated before stands in the form of a new computation."""
    stated = dict(reward.stated) if reward is not None and step.name == "recompute" else {}
    if reward is not None and step.name == "resolve" and (alarms := unsettled(reward)):
        stated = {"bill": str(alarms[0].bill_id)}
    return InputForm(step.needs, data, initial=stated | initial, makers=MAKERS, options=OPTIONS)


class FilterForm(forms.Form):
    """Says no to nothing: what it cannot read is left out by `read_filters`."""

    q = forms.CharField(
        label=_("Number"),
        required=False,
        max_length=24,
        widget=forms.TextInput({"type": "search", "placeholder": _("Of the reward or the report")}),
    )
    state = forms.MultipleChoiceField(label=_("State"), required=False, widget=forms.CheckboxSelectMultiple)
    way = forms.ChoiceField(label=_("Way of payment"), required=False, choices=[ANY, *WAYS])
    year = forms.IntegerField(label=_("Year of the budget"), required=False, min_value=2000, max_value=2199)
    region = forms.ChoiceField(label=_("Region"), required=False)
    late = forms.BooleanField(label=_("Overdue"), required=False)
    disputed = forms.BooleanField(label=_("Contradictory payment"), required=False)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["state"].choices = [("open", _("all open")), *((one.code, one.label) for one in STATES)]
        fields["region"].choices = [ANY, *places(actor)]


def places(actor: Actor) -> list[tuple[str, str]]:
    """The actor's own territory and the counties below it."""
    from anlan.identity.models import Region

    reach = [(low, high) for low, high in actor.regions]
    codes: list[int] = []
    for low, high in reach:
        rows = Region.objects.filter(code__gte=low, code__lt=high, level__in=("city", "county"), valid_to=None)
        codes += list(rows.order_by("code").values_list("code", flat=True)[:60])
    names = region_names(codes)
    return [(str(code), names.get(code, str(code))) for code in codes]
