"""The forms of the room: the filter bar of the lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.campaigns.pages.common import month_words
from anlan.campaigns.queries.listing import months, read_filters
from anlan.campaigns.queries.setup import campaigns
from anlan.campaigns.states import STATES
from anlan.kernel.actor import Actor
from anlan.kernel.phrases import in_tongue
from anlan.registry.queries import region_names

ANY = ("", "—")


class FilterForm(forms.Form):
    """Says no to nothing: what it cannot read is left out by `read_filters`."""

    q = forms.CharField(
        label=_("Filling unit"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search", "placeholder": _("Part of its name")}),
    )
    month = forms.ChoiceField(label=_("Month"), required=False)
    state = forms.MultipleChoiceField(label=_("State"), required=False, widget=forms.CheckboxSelectMultiple)
    late = forms.BooleanField(label=_("Late"), required=False)
    missing = forms.BooleanField(label=_("Missing"), required=False)
    bounced = forms.BooleanField(label=_("Bounced by a check"), required=False)
    sent_back = forms.BooleanField(label=_("Sent back by a person"), required=False)
    amended = forms.BooleanField(label=_("Amended"), required=False)
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        asked = read_filters(data) if data is not None else None
        fields["state"].choices = [
            ("open", _("all open")),
            *((one.code, one.label) for one in STATES if one.code != "submitted"),
        ]
        fields["month"].choices = [
            ANY,
            *((f"{one:%Y-%m}", month_words(one)) for one in months(actor, asked.campaign if asked else None)),
        ]
        fields["campaign"].choices = [ANY, *((str(one.pk), in_tongue(one)) for one in campaigns(actor))]
        if asked and asked.region:
            fields["region"].choices = [
                ANY,
                *((str(code), name) for code, name in region_names([asked.region]).items()),
            ]
        else:
            del fields["region"]
