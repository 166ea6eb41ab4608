"""The registry's forms: they ask; what is right is said by the verbs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.kernel.actor import Actor
from anlan.registry.facilities import facilities
from anlan.registry.inputs import CONTACTS, SCALES
from anlan.registry.models import Enterprise, Placed
from anlan.registry.queries import industries, industry_names, region_choices

OPEN_STATUSES = [one for one in Enterprise.STATUSES if one[0] != "closed"]


class EnterpriseFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Name or credit code"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    region = forms.TypedChoiceField(label=gettext_lazy("Region"), required=False, coerce=int, empty_value=None)
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        whole = [("", _("All"))]
        self.fields["region"].choices = [*whole, *region_choices(actor)]  # type: ignore[attr-defined]
        names = industry_names()
        fields = industries(actor if actor.regions else None)
        self.fields["industry"].choices = [*whole, *((row.code, names[row.code]) for row in fields)]  # type: ignore[attr-defined]
        self.fields["status"].choices = [*whole, *Enterprise.STATUSES]  # type: ignore[attr-defined]


class PointForm(forms.Form):
    lon = forms.CharField(
        label=gettext_lazy("Longitude"), required=False, widget=forms.TextInput({"inputmode": "decimal"})
    )
    lat = forms.CharField(
        label=gettext_lazy("Latitude"), required=False, widget=forms.TextInput({"inputmode": "decimal"})
    )
    system = forms.ChoiceField(
        label=gettext_lazy("Coordinate system"),
        choices=Placed.SYSTEMS,
        initial="wgs84",
        help_text=gettext_lazy("Gaode, Tencent and WeChat show GCJ-02, Baidu BD-09."),
    )


class EnterpriseForm(PointForm):
    name = forms.CharField(label=gettext_lazy("Enterprise name"), max_length=120)
    uscc = forms.CharField(label=gettext_lazy("Unified social credit code"), max_length=30)
    region = forms.ChoiceField(label=gettext_lazy("Region"))
    industry = forms.ChoiceField(label=gettext_lazy("Industry"))
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=OPEN_STATUSES)
    principal_name = forms.CharField(label=gettext_lazy("Principal"), max_length=60, required=False)
    principal_phone = forms.CharField(label=gettext_lazy("Principal's phone"), max_length=20, required=False)
    safety_manager_name = forms.CharField(label=gettext_lazy("Safety manager"), max_length=60, required=False)
    safety_manager_phone = forms.CharField(label=gettext_lazy("Safety manager's phone"), max_length=20, required=False)
    employees = forms.CharField(
        label=gettext_lazy("Employees"), required=False, widget=forms.TextInput({"inputmode": "numeric"})
    )
    scale = forms.ChoiceField(label=gettext_lazy("Scale"), choices=SCALES, required=False)
    grade = forms.ChoiceField(
        label=gettext_lazy("Grade of supervision"),
        choices=Enterprise.GRADES,
        required=False,
        help_text=gettext_lazy("A is checked least often, D most often."),
    )
    facilities = forms.MultipleChoiceField(
        label=gettext_lazy("Equipment, processes and places"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("They decide which items of a checklist are asked here."),
    )
    field_order = (
        "name", "uscc", "region", "industry", "address", "status", "principal_name", "principal_phone",
        "safety_manager_name", "safety_manager_phone", "employees", "scale", "grade", "facilities",
        "lon", "lat", "system",
    )  # fmt: skip

    def __init__(
        self, actor: Actor, data: Any = None, *, record: Enterprise | None = None, keeper: bool = True
    ) -> None:
        super().__init__(data, initial=_initial(record) if record else None, use_required_attribute=False)
        regions: list[tuple[Any, str]] = [("", _("Choose one")), *region_choices(actor)]
        if record and all(code != record.region for code, _name in regions):
            regions.append((record.region, str(record.region)))
        names = industry_names()
        self.fields["region"].choices = regions  # type: ignore[attr-defined]
        self.fields["industry"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose one")),
            *((row.code, names[row.code]) for row in industries(actor)),
        ]
        self.fields["facilities"].choices = list(facilities().items())  # type: ignore[attr-defined]
        if not keeper:
            for name in set(self.fields) - CONTACTS:
                del self.fields[name]


class SiteForm(PointForm):
    name = forms.CharField(label=gettext_lazy("Name of the site"), max_length=120)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    field_order = ("name", "address", "lon", "lat", "system")


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        help_text=gettext_lazy("Such as moved away, wound up or merged."),
        widget=forms.Textarea({"rows": 2}),
    )


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"),
        widget=forms.ClearableFileInput({"accept": ".xlsx"}),
    )


def _initial(record: Enterprise) -> dict[str, Any]:
    plain = {name: getattr(record, name) for name in EnterpriseForm.field_order if hasattr(record, name)}
    return plain | point_initial(record) | {"industry": record.industry_id}


def point_initial(record: Placed) -> dict[str, Any]:
    return {"lon": record.original_lon, "lat": record.original_lat, "system": record.original_system}
