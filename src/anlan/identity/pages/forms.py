"""The forms of people, posts and organisations. They only collect; the verbs decide."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.identity.industries import industry_choices, mask_of
from anlan.identity.models import Organisation, Person
from anlan.identity.queries import find_organisations, region_choices
from anlan.identity.roles import ROLE_CHOICES
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.forms import Option, Pick, Source
from anlan.kernel.reading import read_ids

NOTHING = [("", "—")]


def _date(label: Any, *, help_text: Any = "", initial: Any = None) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=False, help_text=help_text, initial=initial)


class PeopleFilterForm(forms.Form):
    q = forms.CharField(label=_("Name, username, phone"), required=False, max_length=60)
    role = forms.ChoiceField(label=_("Post"), required=False)
    region = forms.TypedChoiceField(label=_("Region"), required=False, coerce=int, empty_value=None)
    organisation = forms.TypedChoiceField(label=_("Organisation"), required=False)
    state = forms.ChoiceField(
        label=_("Account"), required=False, choices=[*NOTHING, ("open", _("open")), ("closed", _("closed"))]
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [*NOTHING, *ROLE_CHOICES]  # type: ignore[attr-defined]
        self.fields["region"].choices = [*NOTHING, *region_choices(actor)]  # type: ignore[attr-defined]
        self.fields["organisation"].choices = [*NOTHING, *organisation_choices()]  # type: ignore[attr-defined]


def organisation_choices() -> list[tuple[str, str]]:
    """Organisations in sight but enterprises: a city has some hundred."""
    rows = Organisation.objects.filter(active=True).exclude(kind="enterprise").order_by("name")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:1000]]


def organisation_source() -> Source:
    """Found by name as one types, because enterprises are many."""
    return Source(
        url=f"{reverse('identity:find-organisation')}?name=organisation",
        search=lambda words: organisation_options(find_organisations(words)),
        chosen=lambda ids: organisation_options(list(Organisation.objects.filter(pk__in=read_ids(ids)))),
        words=str(_("Part of its name")),
    )


def organisation_options(found: list[Organisation]) -> list[Option]:
    kinds = dict(Organisation.KINDS)
    return [Option(value=str(one.pk), label=one.name, mark=str(kinds[one.kind])) for one in found]


class NewAccountForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    username = forms.CharField(
        label=_("Username"),
        max_length=60,
        help_text=_("For signing in; it is never changed."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    phone = forms.CharField(label=_("Mobile phone"), max_length=20, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=200, required=False)
    certificate = forms.CharField(
        label=_("Enforcement certificate"),
        max_length=40,
        required=False,
        help_text=_("The number, for people who inspect."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("zh-hans", "简体中文"), ("en", "English")], required=False
    )


class AccountForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(label=_("Mobile phone"), max_length=20, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=200, required=False)
    certificate = forms.CharField(label=_("Enforcement certificate"), max_length=40, required=False)

    def __init__(self, *args: Any, person: Person, asks: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial", {name: getattr(person, name) for name in ("name", "phone", "email", "certificate")}
        )
        super().__init__(*args, **kwargs)


class ReasonForm(forms.Form):
    """Asks for a reason where the act needs one, else only for confirmation."""

    confirmed = forms.CharField(widget=forms.HiddenInput, initial="yes", required=False)

    def __init__(self, *args: Any, person: Person, asks: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks:
            self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=200)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned.pop("confirmed", None)
        return cleaned


class GivePostForm(forms.Form):
    role = forms.ChoiceField(label=_("Post"))
    title = forms.CharField(
        label=_("Title"), max_length=60, required=False, help_text=_("As people call it, such as deputy head.")
    )
    region = forms.TypedChoiceField(label=_("Territory"), coerce=int)
    organisation = forms.UUIDField(label=_("Organisation"), required=False)
    industries = forms.TypedMultipleChoiceField(
        label=_("Supervision fields"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means all."),
    )
    valid_from = _date(_("First day"), initial=clock.today)
    valid_to = _date(_("Last day"), help_text=_("Empty: until ended."))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [*NOTHING, *ROLE_CHOICES]  # type: ignore[attr-defined]
        self.fields["region"].choices = region_choices(actor)  # type: ignore[attr-defined]
        self.fields["organisation"].widget = Pick(organisation_source())
        self.fields["industries"].choices = industry_choices()  # type: ignore[attr-defined]

    def facts(self, typed: dict[str, Any]) -> dict[str, Any]:
        """What the verb asks for: ticked fields become a mask."""
        bits = typed.pop("industries", None)
        return typed | {"industries": mask_of(bits) if bits else -1}


class EndPostForm(forms.Form):
    last_day = _date(_("Last day"), help_text=_("Empty: at once."))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class OrganisationFilterForm(forms.Form):
    q = forms.CharField(label=_("Name"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[*NOTHING, *Organisation.KINDS])
    region = forms.TypedChoiceField(label=_("Region"), required=False, coerce=int, empty_value=None)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [*NOTHING, *region_choices(actor)]  # type: ignore[attr-defined]


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"))
    region = forms.TypedChoiceField(label=_("Region"), coerce=int)
    parent = forms.ChoiceField(label=_("Stands below"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    active = forms.BooleanField(label=_("Active"), required=False, initial=True)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.initial.get("kind")
        kinds = [kind for kind in Organisation.KINDS if kind[0] != "enterprise" or own == "enterprise"]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["region"].choices = region_choices(actor)  # type: ignore[attr-defined]
        self.fields["parent"].choices = [*NOTHING, *organisation_choices()]  # type: ignore[attr-defined]


class RegionsForm(forms.Form):
    table = forms.FileField(
        label=_("Table of regions"),
        help_text=_("CSV in UTF-8 with the columns code, name and, if known, lon, lat."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
