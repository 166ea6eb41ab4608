"""The filter bar of the list: a GET form whose fields are the list's query string."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.hazards.forms.nouns import category_choices, industry_choices, places
from anlan.hazards.models import SOURCES
from anlan.hazards.queries import enterprise_names, read_filters
from anlan.hazards.queries.filters import read_listed
from anlan.hazards.states import STATES
from anlan.hazards.wording import OPTIONS
from anlan.kernel.actor import Actor

ANY = ("", "—")
LISTED = (("yes", _("Listed")), ("no", _("Never listed")), ("unpublished", _("Listed, not yet published")))


class FilterForm(forms.Form):
    """Says no to nothing: what it cannot read is left out by `read_filters`."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "placeholder": _("Number, place, words, enterprise")}),
    )
    grade = forms.ChoiceField(label=_("Grade"), required=False, choices=[ANY, *OPTIONS["grade"]])
    region = forms.ChoiceField(label=_("Region"), required=False)
    mine = forms.BooleanField(label=_("Waits for me"), required=False)
    late = forms.BooleanField(label=_("Overdue"), required=False)
    state = forms.MultipleChoiceField(label=_("State"), required=False, widget=forms.CheckboxSelectMultiple)
    listed = forms.ChoiceField(label=_("Listed supervision"), required=False, choices=[ANY, *LISTED])
    source = forms.ChoiceField(label=_("Source"), required=False, choices=[ANY, *SOURCES])
    industry = forms.ChoiceField(label=_("Supervision field"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    enterprise = forms.ChoiceField(label=_("Enterprise"), required=False)
    own = forms.BooleanField(label=_("Filed under the region itself"), required=False)
    found_from = forms.DateField(label=_("Found from"), required=False, widget=forms.DateInput({"type": "date"}))
    found_to = forms.DateField(label=_("Found to"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, actor: Actor, data: Any = None) -> None:
        if data is not None and data.get("listed"):
            data = data.copy()
            data["listed"] = read_listed(data["listed"])
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["state"].choices = [("open", _("all open")), *((one.code, one.label) for one in STATES)]
        fields["region"].choices = [ANY, *((str(code), name) for code, name in places(actor))]
        fields["industry"].choices = [ANY, *industry_choices(actor)]
        fields["category"].choices = [ANY, *category_choices()]
        chosen = read_filters(data).enterprise if data is not None else None
        if chosen:
            fields["enterprise"].choices = [ANY, *((str(pk), name) for pk, name in enterprise_names([chosen]).items())]
        else:
            del fields["enterprise"]
        if not (data and data.get("own")):
            del fields["own"]

    def add_prefix(self, field_name: str) -> str:
        return {"found_from": "from", "found_to": "to"}.get(field_name, field_name)
