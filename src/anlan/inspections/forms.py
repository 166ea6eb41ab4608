"""The room's forms: the filter bar, the plan, the steps with what is known already filled in."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.identity import roles
from anlan.identity.acting import in_office, post_label
from anlan.identity.models import Organisation, Post
from anlan.inspections import beside, needs, rulings
from anlan.inspections.bodies import able_bodies
from anlan.inspections.members import avoiding, holding
from anlan.inspections.models import Finding, Visit
from anlan.inspections.models.visit import CHECKS, KINDS, REASONS, STYLES
from anlan.inspections.queries.visits import enterprises_of
from anlan.inspections.rules import CERTIFIED, GOERS, members_of
from anlan.inspections.states import STATES
from anlan.inspections.wording import MEASURES, OPTIONS
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.citysettings import value
from anlan.kernel.codes import ancestors, subtree
from anlan.kernel.flow import Step
from anlan.kernel.forms import InputForm, Maker, Option, Pick, Question, Source, asked, options_widget
from anlan.kernel.phrases import in_tongue
from anlan.kernel.reading import read_ids
from anlan.registry.models import Enterprise, Site
from anlan.registry.queries import Filters, enterprises, industries, region_choices, region_names
from anlan.risks.models import RiskPoint
from anlan.standards.models import Clause, Item
from anlan.standards.queries.criteria import clauses_in_force
from anlan.standards.rules import citation

ANY = ("", "—")
FOUND = 12
MOST_POSTS = 150
Choices = list[tuple[str, Any]]


class FilterForm(forms.Form):
    """Says no to nothing: what it cannot read is left out by `read_filters`."""

    q = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Number, enterprise")}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[ANY, ("open", gettext_lazy("all open")), *((one.code, one.label) for one in STATES)],
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of visit"), required=False, choices=[ANY, *KINDS])
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("Mine"), required=False)
    late = forms.BooleanField(label=gettext_lazy("Overdue"), required=False)
    style = forms.ChoiceField(label=gettext_lazy("Style"), required=False, choices=[ANY, *STYLES])
    check = forms.ChoiceField(label=gettext_lazy("Counts as"), required=False, choices=[ANY, *CHECKS])
    reason = forms.ChoiceField(label=gettext_lazy("Occasion"), required=False, choices=[ANY, *REASONS])
    industry = forms.ChoiceField(label=gettext_lazy("Supervision field"), required=False)
    first = forms.DateField(
        label=gettext_lazy("Planned from"), required=False, widget=forms.DateInput({"type": "date"})
    )
    last = forms.DateField(label=gettext_lazy("Planned to"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["region"].choices = [ANY, *((str(code), name) for code, name in region_choices(actor))]
        fields["industry"].choices = [ANY, *industry_choices(actor)]
        if actor.enterprises:
            for name in ("region", "industry", "mine", "reason"):
                del fields[name]

    def add_prefix(self, field_name: str) -> str:
        return {"first": "from", "last": "to"}.get(field_name, field_name)


def industry_choices(actor: Actor) -> Choices:
    return [(row.code, in_tongue(row)) for row in industries(actor)]


# What a picker finds while one types.


def enterprise_options(rows: Sequence[Enterprise]) -> list[Option]:
    places = region_names(row.region for row in rows)
    follow = f"{reverse('inspections:pick', args=['site'])}?name=site&enterprise="
    return [
        Option(
            value=str(row.pk), label=row.name, note=f"{row.uscc} · {places.get(row.region, '')}", mark=row.grade,
            asks=f"{follow}{row.pk}", into="#id_site_found",
        )
        for row in rows
    ]  # fmt: skip


def find_enterprises(actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    if not words:
        return []
    return enterprise_options(enterprises(actor, Filters(words=words, status="active"), limit=FOUND).rows)


def find_sites(actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    rows = Site.objects.filter(enterprise_id__in=read_ids([more.get("enterprise", "")])).order_by("name")[:100]
    return [Option(value=str(row.pk), label=row.name, note=row.address) for row in rows]


def clause_option(clause: Clause) -> Option:
    text = in_tongue(clause)
    return Option(value=str(clause.pk), label=citation(clause), note=text, mark=clause.evidence)


def find_clauses(actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    """Clauses in force today; those of the visit's field first."""
    industry = more.get("industry") or None
    found = clauses_in_force(clock.today(), industry, words)
    if words or not found:
        known = {one.pk for one in found}
        found = [*found, *(one for one in clauses_in_force(clock.today(), None, words) if one.pk not in known)]
    return [clause_option(one) for one in found[:FOUND]]


SEARCHES: dict[str, Callable[[Actor, str, dict[str, str]], list[Option]]] = {
    "enterprise": find_enterprises,
    "site": find_sites,
    "clause": find_clauses,
}


def chosen_options(kind: str, values: Sequence[str]) -> list[Option]:
    """What was picked before, by id, as far as this actor sees it."""
    wanted = read_ids(values)
    if kind == "enterprise":
        return enterprise_options(list(Enterprise.objects.filter(pk__in=wanted)))
    if kind == "site":
        return [Option(value=str(row.pk), label=row.name) for row in Site.objects.filter(pk__in=wanted)]
    return [clause_option(one) for one in Clause.objects.select_related("criteria").filter(pk__in=wanted)]


def picker(kind: str, actor: Actor, question: Question, *, words: str = "", first: bool = False, **more: str) -> Pick:
    more = {key: one for key, one in more.items() if one}
    return Pick(
        Source(
            url=f"{reverse('inspections:pick', args=[kind])}?{urlencode({'name': question.name, **more})}",
            search=lambda typed: SEARCHES[kind](actor, typed.strip()[:100], more),
            chosen=lambda values: chosen_options(kind, values),
            words=words,
            first=first,
            typing=kind != "site",
        )
    )


# Who may go, and which body visits.


def bodies(actor: Actor, visit: Visit | None = None) -> Choices:
    """Bodies of the actor's territory and above, the own first; of an administrative inspection the own alone: others are refused."""
    own_bodies = {row.pk: row.name for row in able_bodies(actor)}
    if visit and visit.kind == "administrative":
        return [(str(pk), name) for pk, name in own_bodies.items()]
    inside = [actor.region, *ancestors(actor.region)] if actor.region else []
    with scope.elevated("a body of a higher territory may visit too"):
        rows = Organisation.objects.filter(active=True).exclude(kind="enterprise")
        own = rows.filter(region__in=inside)
        if actor.region:
            low, high = subtree(actor.region)
            own = rows.filter(region__in=inside) | rows.filter(region__gte=low, region__lt=high)
        found = list(own.order_by("-region", "name")[:MOST_POSTS])
    may = value(rulings.BODIES.key, actor.region)
    return [
        (str(row.pk), row.name)
        for row in sorted(found, key=lambda row: (row.pk not in own_bodies, row.kind not in may))
    ]


def goers(visit: Visit, wanted: frozenset[str]) -> Choices:
    """Posts that may go, with what speaks for and against each: certificate, a reason to keep away, other visits that day."""
    with scope.elevated("those who come along may belong to a higher territory or to another region"):
        rows = Post.objects.filter(in_office(visit.planned_on), role__in=wanted, person__is_active=True)
        if visit.style == "cross_region":
            low, high = subtree(next(iter(ancestors(visit.county)), visit.county))
            rows = rows.filter(region__gte=low, region__lt=high)
        else:
            rows = rows.filter(region__in=[visit.region, *ancestors(visit.region)])
            rows = rows.annotate(fits=F("industries").bitand(1 << visit.industry_bit)).exclude(fits=0)
        posts = list(rows.select_related("person", "organisation").order_by("-region", "person__name")[:MOST_POSTS])
        people = [post.person_id for post in posts]
        others = Visit.objects.filter(planned_on=visit.planned_on, member_ids__overlap=people)
        others = others.exclude(pk=visit.pk).exclude(state="cancelled") if people else others.none()
        busy = {person for ids in others.values_list("member_ids", flat=True) for person in ids}
    held = holding(people, industry_bit=visit.industry_bit, day=visit.planned_on)
    away = avoiding(people, visit.enterprise_id, visit.planned_on)
    posts.sort(key=lambda post: (post.person_id not in held, post.person_id in away))
    return [(str(post.pk), _described(post, held, away, busy)) for post in posts]


def _described(post: Post, held: dict[UUID, str], away: dict[UUID, str], busy: set[UUID]) -> str:
    told = [post_label(post)]
    if post.role in CERTIFIED:
        number = held.get(post.person_id)
        told.append(_("certificate %(number)s") % {"number": number} if number else _("no certificate that day"))
    if why := away.get(post.person_id):
        told.append(_("keeps away: %(why)s") % {"why": why})
    if post.person_id in busy:
        told.append(_("has another visit that day"))
    return f"{post.person.name} · {' · '.join(told)}"


def makers(actor: Actor, visit: Visit | None = None) -> dict[str, Maker]:
    """How each noun is drawn for this actor and visit."""

    def choice(choices: Callable[[], Choices]) -> Maker:
        return lambda question: asked(
            question, forms.Select(choices=[("", _("Choose…") if question.required else "—"), *choices()])
        )

    def people(wanted: frozenset[str]) -> Maker:
        def drawn(question: Question) -> forms.Field:
            choices = goers(visit, wanted) if visit else []
            words = question.help if choices else _("Nobody in office here fits.")
            return asked(question, forms.CheckboxSelectMultiple(choices=choices), help_text=words)

        return drawn

    officials = CERTIFIED if visit and visit.kind == "administrative" else GOERS - {roles.EXPERT}
    leaders = frozenset({roles.EXPERT}) if visit and visit.kind == "expert_help" else officials
    return {
        "enterprise": lambda question: asked(
            question, picker("enterprise", actor, question, words=_("Name or credit code"))
        ),
        "site": lambda question: asked(
            question, picker("site", actor, question, words=_("Choose the enterprise first."), first=True)
        ),
        "organisation": choice(lambda: bodies(actor, visit)),
        "leader": choice(lambda: goers(visit, leaders) if visit else []),
        "officers": people(officials),
        "experts": people(frozenset({roles.EXPERT})),
        "observers": people(GOERS),
        "category": lambda question: asked(
            question, forms.RadioSelect(choices=list(beside.categories().items()), attrs={"class": "chip-radio"})
        ),
        "clause": lambda question: asked(
            question,
            picker(
                "clause",
                actor,
                question,
                words=_("Words of the clause"),
                first=True,
                industry=visit.industry_id if visit else "",
            ),
        ),
        "risk_point": choice(lambda: _points(visit)),
        "finding": choice(lambda: _findings(visit)),
        "item": lambda question: asked(question, forms.HiddenInput()),
    }


def _points(visit: Visit | None) -> Choices:
    if visit is None:
        return []
    with scope.elevated("whoever sees a visit sees the risk points of whom it visits"):
        rows = RiskPoint.objects.filter(enterprise_id=visit.enterprise_id, active=True).order_by("name")[:300]
        return [(str(row.pk), row.name) for row in rows]


def _findings(visit: Visit | None) -> Choices:
    if visit is None:
        return []
    rows = Finding.objects.filter(visit_id=visit.pk, withdrawn="").order_by("found_at", "id")
    return [(str(row.pk), f"{row.place}：{row.description[:40]}") for row in rows]


def plan_form(
    actor: Actor, data: Any = None, *, initial: dict[str, Any] | None = None, many: bool = False
) -> InputForm:
    body = str(actor.organisation) if actor.organisation else ""
    known = {
        "kind": "administrative",
        "check": "county",
        "planned_on": clock.today() + timedelta(days=1),
        "organisation": body,
    }
    drawn = makers(actor) | {
        name: (lambda question, choices=choices: asked(question, options_widget(choices, required=True, chips=7)))
        for name, choices in (("kind", KINDS), ("check", CHECKS), ("style", STYLES), ("reason", REASONS))
    }
    return InputForm(
        needs.Plan,
        data,
        initial={key: one for key, one in (known | (initial or {})).items() if one},
        makers=drawn,
        options=OPTIONS,
        leave_out=("enterprise", "site") if many else (),
    )


def step_form(
    step: Step, visit: Visit, actor: Actor, data: Any = None, *, known: dict[str, Any] | None = None
) -> InputForm:
    drawn = makers(actor, visit)
    if step.name == "add_finding" and data is None:
        known = _of_item(known or {})
    options = {"kind": _measures(visit)} if step.name == "on_site" else OPTIONS
    leave_out = {"add_finding": ("id", "found_at"), "on_site": ("id",), "arrive": ("accuracy_m",)}.get(step.name, ())
    if step.name != "add_finding":
        drawn.pop("item", None)
    return InputForm(
        step.needs,
        data,
        initial=_known(step.name, visit) | (known or {}),
        makers=drawn,
        options=options,
        leave_out=leave_out,
    )


def _measures(visit: Visit) -> Choices:
    """Only an administrative inspection orders."""
    return [one for one in MEASURES if visit.kind == "administrative" or one[0] not in rulings.ORDERS]


def _of_item(known: dict[str, Any]) -> dict[str, Any]:
    """What the item of a “no” proposes: category, clause, major."""
    item = Item.objects.filter(pk__in=read_ids([str(known.get("item", ""))])).first()
    if item is None:
        return {}
    found: dict[str, Any] = {"item": str(item.pk), "category": item.category}
    if item.major_clause_id:
        found |= {"clause": str(item.major_clause_id), "major": "true"}
    return found


def _known(name: str, visit: Visit) -> dict[str, Any]:
    match name:
        case "reassign":
            going = members_of(visit)

            def named(role: str) -> list[str]:
                return [str(one.post) for one in going if one.role == role]

            return {
                "leader": next(iter(named("leader")), ""),
                "officers": named("officer"),
                "experts": named("expert"),
                "observers": named("observer"),
            }
        case "reschedule":
            return {"planned_on": visit.planned_on, "planned_to": visit.planned_to}
        case "record":
            enterprise = enterprises_of([visit])[visit.enterprise_id]
            return {
                "met_name": enterprise.principal_name,
                "met_phone": enterprise.principal_phone,
                "left_at": clock.now().astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M"),
            }
        case _:
            return {}
