"""The filter bar of the list: a GET form whose fields are the list's query string."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.registry.queries import industry_names, region_choices
from anlan.reports.forms.nouns import category_choices, units
from anlan.reports.models.report import CHANNELS, OUTCOMES
from anlan.reports.states import STATES

ANY = ("", "—")
MOST_UNITS = 200


class FilterForm(forms.Form):
    """Says no to nothing: what it cannot read is left out when the list is asked."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "placeholder": _("Number, place, words")}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ANY,
            ("open", _("all open")),
            ("unsent", _("all at the desk")),
            *((one.code, one.label) for one in STATES),
        ],
    )
    category = forms.ChoiceField(label=_("Kind of report"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    late = forms.BooleanField(label=_("Overdue"), required=False)
    urgent = forms.BooleanField(label=_("Urgent"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[ANY, *(one for one in OUTCOMES if one[0])])
    industry = forms.ChoiceField(label=_("Supervision field"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[ANY, *CHANNELS])
    first = forms.DateField(label=_("Reported from"), required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label=_("Reported to"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["category"].choices = [ANY, *category_choices()]
        fields["region"].choices = [ANY, *((str(code), name) for code, name in region_choices(actor))]
        fields["industry"].choices = [ANY, *industry_names().items()]
        rows = units(actor).order_by("name").values_list("pk", "name")[:MOST_UNITS]
        fields["unit"].choices = [ANY, *((str(pk), name) for pk, name in rows)]

    def add_prefix(self, field_name: str) -> str:
        return {"first": "from", "last": "to"}.get(field_name, field_name)
