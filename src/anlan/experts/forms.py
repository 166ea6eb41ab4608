"""How the pool's nouns are asked: officers, experts, accounts, fields, specialties."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.experts import needs
from anlan.experts.models import Avoidance, Expert
from anlan.experts.rules import OFFICERS, bits_of
from anlan.identity.acting import in_office, post_label
from anlan.identity.models import Post
from anlan.identity.roles import EXPERT
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.forms import InputForm, Maker, Option, Pick, Question, Source, asked
from anlan.kernel.reading import read_ids
from anlan.kernel.scope import within
from anlan.registry.facilities import facilities
from anlan.registry.models import Enterprise
from anlan.registry.queries import Filters, enterprises, region_choices
from anlan.registry.queries.places import industry_bits

FOUND = 12


class ExpertFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Name or employer"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False)
    region = forms.TypedChoiceField(label=gettext_lazy("Region"), required=False, coerce=int, empty_value=None)
    industry = forms.TypedChoiceField(label=gettext_lazy("Industry"), required=False, coerce=int, empty_value=None)
    specialty = forms.ChoiceField(label=gettext_lazy("Specialty"), required=False)
    free_on = forms.DateField(
        label=gettext_lazy("Free on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        every = [("", _("All"))]
        self.fields["level"].choices = [*every, *Expert.LEVELS]  # type: ignore[attr-defined]
        self.fields["region"].choices = [*every, *region_choices(actor)]  # type: ignore[attr-defined]
        self.fields["industry"].choices = [*every, *industry_bits()]  # type: ignore[attr-defined]
        self.fields["specialty"].choices = [*every, *facilities().items()]  # type: ignore[attr-defined]


class CertificateFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Name or certificate number"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class EndForm(forms.Form):
    last = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


def find_officers(actor: Actor, words: str, *, roles: frozenset[str] = OFFICERS | {EXPERT}) -> list[Option]:
    """People of the territory who inspect, by name."""
    if not words:
        return []
    held = Post.objects.filter(in_office(clock.today()), within(actor, industry=None), role__in=roles)
    rows = held.filter(person__name__contains=words, person__is_active=True).select_related("person", "organisation")
    seen: dict[UUID, Option] = {}
    for post in rows.order_by("person__name", "id")[: FOUND * 3]:
        seen.setdefault(
            post.person_id, Option(value=str(post.person_id), label=post.person.name, note=post_label(post))
        )
    return list(seen.values())[:FOUND]


def find_accounts(actor: Actor, words: str) -> list[Option]:
    return find_officers(actor, words, roles=frozenset({EXPERT}))


def find_experts(actor: Actor, words: str) -> list[Option]:
    rows = Expert.objects.filter(within(actor, industry=None))
    if words:
        rows = rows.filter(name__contains=words)
    levels = dict(Expert.LEVELS)
    return [
        Option(value=str(row.pk), label=row.name, note=f"{levels[row.level]} · {row.employer}".strip(" ·"))
        for row in rows.order_by("name", "id")[:FOUND]
    ]


def find_enterprises(actor: Actor, words: str) -> list[Option]:
    rows = enterprises(actor, Filters(words=words), limit=FOUND).rows if words else []
    return [Option(value=str(row.pk), label=row.name, note=row.uscc) for row in rows]


SEARCHES = {
    "officer": find_officers,
    "account": find_accounts,
    "expert": find_experts,
    "enterprise": find_enterprises,
}


def _chosen(kind: str, values: Sequence[str]) -> list[Option]:
    ids = read_ids(values)
    if kind == "expert":
        return [Option(value=str(row.pk), label=row.name) for row in Expert.objects.filter(pk__in=ids)]
    if kind == "enterprise":
        return [Option(value=str(row.pk), label=row.name) for row in Enterprise.objects.filter(pk__in=ids)]
    held = Post.objects.filter(person_id__in=ids).select_related("person")
    return [
        Option(value=str(pk), label=name) for pk, name in {post.person_id: post.person.name for post in held}.items()
    ]


def source_of(kind: str, actor: Actor, name: str, *, multiple: bool = False) -> Source:
    return Source(
        url=f"{reverse('experts:pick', args=[kind])}?name={name}",
        search=lambda typed: SEARCHES[kind](actor, typed),
        chosen=lambda values: _chosen(kind, values),
        multiple=multiple,
    )


def picker(kind: str, actor: Actor, question: Question, *, multiple: bool = False) -> Pick:
    return Pick(source_of(kind, actor, question.name, multiple=multiple))


def makers(actor: Actor) -> dict[str, Maker]:
    regions = region_choices(actor)
    fields = industry_bits()
    return {
        "region": lambda one: asked(one, forms.Select(choices=regions)),
        "fields": lambda one: asked(one, forms.CheckboxSelectMultiple(choices=fields)),
        "specialties": lambda one: asked(one, forms.CheckboxSelectMultiple(choices=list(facilities().items()))),
        "officer": lambda one: asked(one, picker("officer", actor, one)),
        "expert_account": lambda one: asked(one, picker("account", actor, one)),
        "expert": lambda one: asked(one, picker("expert", actor, one)),
        "experts": lambda one: asked(one, picker("expert", actor, one, multiple=True)),
        "enterprise": lambda one: asked(one, picker("enterprise", actor, one)),
    }


OPTIONS = {"level": Expert.LEVELS, "kind": Avoidance.KINDS}


def form(schema: type[needs.Input], actor: Actor, data: Any = None, initial: dict[str, Any] | None = None) -> InputForm:
    return InputForm(schema, data, initial=initial, makers=makers(actor), options=OPTIONS)


def expert_initial(row: Expert) -> dict[str, Any]:
    plain = ("name", "level", "region", "specialties", "title", "employer", "phone", "since", "until", "remark")
    return {name: getattr(row, name) for name in plain} | {"person": row.person_id, "fields": bits_of(row.industries)}
