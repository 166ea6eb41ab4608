"""The room's forms: they ask; what is right is said by the verbs."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.identity.models import Region
from anlan.kernel.actor import Actor
from anlan.kernel.forms import InputForm, Maker, Option, Pick, Question, Source, asked, options_widget
from anlan.kernel.reading import read_id, read_ids
from anlan.registry.models import Enterprise, Site
from anlan.registry.queries import (
    Filters,
    enterprises,
    industries,
    industry_names,
    posts_of_enterprise,
    region_choices,
    region_names,
)
from anlan.risks import needs
from anlan.risks.grading import accidents, methods
from anlan.risks.models import RiskPoint
from anlan.risks.queries.points import NONE
from anlan.risks.wording import OPTIONS, POINT_KINDS, RISKS

FOUND = 12
ANY = ("", "—")


class PointFilter(forms.Form):
    """Says no to nothing: what it cannot read is left out by `read_filters`."""

    q = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Name or number")}),
    )
    colour = forms.ChoiceField(
        label=gettext_lazy("Risk colour"),
        required=False,
        choices=[ANY, *RISKS.items(), (NONE, gettext_lazy("not assessed"))],
    )
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    industry = forms.ChoiceField(label=gettext_lazy("Supervision field"), required=False)
    overdue = forms.BooleanField(label=gettext_lazy("Assessment overdue"), required=False)
    retired = forms.BooleanField(label=gettext_lazy("Retired"), required=False)
    enterprise = forms.ChoiceField(label=gettext_lazy("Enterprise"), required=False)

    def __init__(self, actor: Actor, data: Any, chosen: UUID | None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        names = industry_names()
        if actor.enterprises:
            del fields["region"], fields["industry"]
        else:
            fields["region"].choices = [ANY, *((str(code), name) for code, name in region_choices(actor))]
            fields["industry"].choices = [ANY, *((row.code, names[row.code]) for row in industries(actor))]
        owner = Enterprise.objects.filter(pk=chosen).first() if chosen else None
        if owner is None:
            del fields["enterprise"]
        else:
            fields["enterprise"].choices = [ANY, (str(owner.pk), owner.name)]


def find_enterprises(actor: Actor, words: str) -> list[Option]:
    if not words and not actor.enterprises:
        return []
    rows = enterprises(actor, Filters(words=words), limit=FOUND).rows
    places = region_names(row.region for row in rows)
    return [
        Option(value=str(row.pk), label=row.name, note=f"{row.uscc} · {places.get(row.region, '')}",
               asks=f"{reverse('risks:pick', args=['site'])}?name=site&enterprise={row.pk}", into="#id_site_found")
        for row in rows
    ]  # fmt: skip


def site_options(enterprise: str) -> list[Option]:
    owner = read_id(enterprise)
    rows = Site.objects.filter(enterprise_id=owner).order_by("name")[:100] if owner else []
    return [Option(value=str(row.pk), label=row.name, note=row.address) for row in rows]


def _chosen_enterprises(values: Sequence[str]) -> list[Option]:
    wanted = read_ids(values)
    return [
        Option(value=str(row.pk), label=row.name, note=row.uscc) for row in Enterprise.objects.filter(pk__in=wanted)
    ]


def _chosen_sites(values: Sequence[str]) -> list[Option]:
    wanted = read_ids(values)
    return [Option(value=str(row.pk), label=row.name) for row in Site.objects.filter(pk__in=wanted)]


def point_form(actor: Actor, data: Any = None, *, record: RiskPoint | None = None, enterprise: str = "") -> InputForm:
    """A new point, or (with `record`) a change of one; its enterprise never changes."""
    own = Enterprise.objects.filter(pk__in=actor.enterprises).first() if actor.enterprises else None
    owner = str(record.enterprise_id) if record else (data or {}).get("enterprise", "") or enterprise
    owner = owner or (str(own.pk) if own else "")
    known = _known(record) if record is not None else {"enterprise": owner} if owner else {}
    makers = {
        "enterprise": _enterprise_picker(actor, own),
        "site": _site_picker(owner),
        "region": _select([("", _("as the enterprise")), *_regions(actor, record)]),
        "industry": _select([("", _("as the enterprise")), *_industries(actor)]),
        "number": lambda question: asked(question, forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})),
        "kind": lambda question: asked(question, forms.RadioSelect(choices=POINT_KINDS)),
        "system": _select(OPTIONS["system"]),
    }
    schema = needs.PointFacts if record is not None else needs.Point
    form = InputForm(schema, data, initial=known, makers=makers, options=OPTIONS)
    first = ("enterprise", "name", "kind", "unit", "site", "place")
    form.order_fields([name for name in (*first, *form.fields) if name in form.fields])
    return form


def _known(record: RiskPoint) -> dict[str, Any]:
    """The fields of a point as its form asks for them."""
    same = ("name", "kind", "place", "region", "emergency_phone", "emergency_measures")
    return {name: getattr(record, name) for name in same} | {
        "unit": record.unit.name if record.unit else "",
        "site": record.site_id,
        "industry": record.industry_id,
        "lon": record.original_lon,
        "lat": record.original_lat,
        "system": record.original_system,
    }


def _select(choices: Sequence[tuple[Any, Any]]) -> Maker:
    return lambda question: asked(question, forms.Select(choices=choices))


def _enterprise_picker(actor: Actor, own: Enterprise | None) -> Maker:
    """An enterprise's people find their own alone, without typing."""

    def make(question: Question) -> forms.Field:
        source = Source(
            url=f"{reverse('risks:pick', args=['enterprise'])}?{urlencode({'name': question.name})}",
            search=lambda words: find_enterprises(actor, words),
            chosen=_chosen_enterprises,
            words=_("Name or credit code"),
            first=own is not None,
            typing=own is None,
        )
        return asked(question, Pick(source))

    return make


def _site_picker(owner: str) -> Maker:
    def make(question: Question) -> forms.Field:
        source = Source(
            url=f"{reverse('risks:pick', args=['site'])}?{urlencode({'name': question.name, 'enterprise': owner})}",
            search=lambda _words: site_options(owner),
            chosen=_chosen_sites,
            words="" if owner else _("Choose the enterprise first."),
            first=True,
            typing=False,
        )
        return asked(question, Pick(source))

    return make


def _industries(actor: Actor) -> list[tuple[str, str]]:
    names = industry_names()
    return [(row.code, names[row.code]) for row in (industries() if actor.enterprises else industries(actor))]


def _regions(actor: Actor, record: RiskPoint | None) -> list[tuple[Any, str]]:
    if not actor.enterprises:
        return list(region_choices(actor))
    codes = set(Enterprise.objects.filter(pk__in=actor.enterprises).values_list("region", flat=True))
    codes |= set(Site.objects.filter(enterprise_id__in=actor.enterprises).values_list("region", flat=True))
    codes |= {record.region} if record else set()
    known = set(Region.objects.filter(code__in=codes).values_list("code", flat=True))
    return sorted(region_names(known).items())


def whole(form: InputForm, sent: dict[str, Any]) -> dict[str, Any]:
    """What was sent, emptied fields as their defaults: an edit may empty a field."""
    return {one.name: sent.get(one.name, one.default) for one in form.questions if one.name in sent or not one.required}


def source_form(data: Any = None, initial: dict[str, Any] | None = None) -> InputForm:
    def kinds(question: Question) -> forms.Field:
        return asked(question, forms.CheckboxSelectMultiple(choices=list(accidents().items())))

    return InputForm(needs.Source, data, initial=initial, makers={"accidents": kinds})


def control_form(enterprise: UUID, data: Any = None, initial: dict[str, Any] | None = None) -> InputForm:
    people = {str(post.person_id): post.person.name for post in posts_of_enterprise(enterprise)}

    def holder(question: Question) -> forms.Field:
        return asked(question, forms.Select(choices=[("", _("nobody with an account")), *people.items()]))

    def choice(question: Question) -> forms.Field:
        return asked(question, options_widget(OPTIONS[question.name], required=True, chips=6))

    makers = {"holder": holder, "choice": choice}
    return InputForm(needs.Control, data, initial=initial, makers=makers, options=OPTIONS)


class AssessForm(InputForm):
    """The factors of one method beside the fields that all methods share."""

    def __init__(self, method: str, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(needs.Assess, data, initial={"method": method, **(initial or {})}, leave_out=("factors",))
        self.method = methods().get(method)
        shared = list(self.fields)
        for factor in self.method.factors if self.method else ():
            levels = [(level.text, f"{level.text}　{level.words}") for level in factor.levels]
            self.fields[factor.letter] = forms.ChoiceField(
                label=f"{factor.letter} {factor.words}", choices=levels, widget=forms.RadioSelect, required=False
            )
        letters = list(self.method.letters) if self.method else []
        self.order_fields([*letters, *shared])

    def payload(self) -> dict[str, Any]:
        factors = {letter: self[letter].data or "" for letter in (self.method.letters if self.method else ())}
        return super().payload() | {"factors": factors}


class RetireForm(InputForm):
    def __init__(self, data: Any = None) -> None:
        super().__init__(needs.Retire, data)
