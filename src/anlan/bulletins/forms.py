"""The room's filter bar; the forms of steps come from what they ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.bulletins import queries
from anlan.bulletins.states import STATES
from anlan.kernel.actor import Actor
from anlan.kernel.phrases import in_tongue

ANY = ("", "—")


class FilterForm(forms.Form):
    """Says no to nothing: what it cannot read is left out by `read_filters`."""

    state = forms.MultipleChoiceField(label=_("State"), required=False, widget=forms.CheckboxSelectMultiple)
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=2000, max_value=2199)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["state"].choices = [(one.code, one.label) for one in STATES]
        fields["campaign"].choices = [ANY, *((str(one.pk), in_tongue(one)) for one in queries.campaigns(actor))]
