"""How the room's nouns are picked: enterprise, site, clause, officers, hazard, region, field, category."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.hazards.categories import categories, category_name
from anlan.hazards.models import Hazard
from anlan.hazards.queries import HazardFilters, hazards
from anlan.hazards.rules import is_inspector, is_regulator
from anlan.hazards.states import OPEN
from anlan.hazards.wording import state_words
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.holders import Whom, holders
from anlan.identity.models import Post, Region
from anlan.identity.queries import named
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree
from anlan.kernel.forms import Maker, Option, Pick, Question, Source, asked, options_widget
from anlan.kernel.phrases import in_tongue
from anlan.kernel.reading import read_ids
from anlan.registry.models import Enterprise, Site
from anlan.registry.queries import Filters, enterprises, industries, region_choices, region_names
from anlan.risks.models import RiskPoint
from anlan.risks.queries import Filters as PointFilters
from anlan.risks.queries import points
from anlan.risks.wording import risk_words
from anlan.standards.models import Clause
from anlan.standards.queries import clauses_in_force
from anlan.standards.queries.suggestions import search_clauses
from anlan.standards.rules import citation

FOUND = 12
"""Options shown a search."""
FEW = 5
"""With fewer clauses than this that hold the words, those that read alike follow."""
Search = Callable[[Actor, str, dict[str, str]], list[Option]]


def enterprise_options(rows: Sequence[Enterprise], more: dict[str, str]) -> list[Option]:
    places = region_names(row.region for row in rows)
    follow = f"{reverse('hazards:pick', args=['site'])}?name=site&enterprise=" if more.get("sites") else ""
    return [
        Option(
            value=str(row.pk), label=row.name, note=f"{row.uscc} · {places.get(row.region, '')}",
            asks=f"{follow}{row.pk}" if follow else "", into="#id_site_found" if follow else "",
        )
        for row in rows
    ]  # fmt: skip


def _county(more: dict[str, str]) -> int | None:
    text = more.get("county", "")
    return int(text) if len(text) == 12 and text.isascii() and text.isdigit() else None


def find_enterprises(actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    """By name or credit code. With `county`, enterprises of that county whatever their field: a hazard is handed to one of them."""
    if not words and not actor.enterprises:
        return []
    region = _county(more)
    filters = Filters(words=words, region=region)
    if region is not None and actor.covers(region):
        with scope.elevated("the responsible enterprise may be registered under another field"):
            return enterprise_options(enterprises(_any_field(actor), filters, limit=FOUND).rows, more)
    return enterprise_options(enterprises(actor, filters, limit=FOUND).rows, more)


def _any_field(actor: Actor) -> Actor:
    from dataclasses import replace

    return replace(actor, industries=-1)


def find_sites(actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    rows = Site.objects.filter(enterprise_id__in=read_ids([more.get("enterprise", "")])).order_by("name")[:100]
    return [Option(value=str(row.pk), label=row.name, note=row.address) for row in rows]


def find_risk_points(actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    """Those in use of the chosen enterprise; words narrow them."""
    owner = next(iter(read_ids([more.get("enterprise", "")])), None)
    if owner is None:
        return []
    rows = points(actor, PointFilters(enterprise=owner, words=words), limit=FOUND * 2).rows
    return [_risk_point_option(row) for row in rows]


def _risk_point_option(row: RiskPoint) -> Option:
    return Option(value=str(row.pk), label=row.name, note=row.place, mark=risk_words(row.colour))


def clause_option(clause: Clause) -> Option:
    text = in_tongue(clause)
    return Option(value=str(clause.pk), label=citation(clause), note=text, mark=clause.evidence)


def find_clauses(actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    """Clauses in force on the day of finding; those of the field first."""
    hazard = Hazard.objects.filter(pk__in=read_ids([more.get("hazard", "")])).first()
    day: date = clock.day_of(hazard.found_at) if hazard else clock.today()
    found = clauses_in_force(day, hazard.industry_id if hazard else None, words)
    if words or not found:
        known = {one.pk for one in found}
        found = [*found, *(one for one in clauses_in_force(day, None, words) if one.pk not in known)]
    if words and len(found) < FEW:
        known = {one.pk for one in found}
        found += [one.clause for one in search_clauses(words, day, limit=FEW) if one.clause.pk not in known]
    return [clause_option(one) for one in found[: FOUND * 2]]


def find_hazards(actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    rows = hazards(actor, HazardFilters(words=words, states=("open",)), limit=FOUND + 1).rows
    return [_hazard_option(row) for row in rows if str(row.pk) != more.get("besides")][:FOUND]


def _hazard_option(row: Hazard) -> Option:
    return Option(
        value=str(row.pk), label=f"{row.number} · {row.place}", note=row.description[:120], mark=state_words(row.state)
    )


SEARCHES: dict[str, Search] = {
    "enterprise": find_enterprises,
    "site": find_sites,
    "risk_point": find_risk_points,
    "clause": find_clauses,
    "hazard": find_hazards,
}


def search(kind: str, actor: Actor, words: str, more: dict[str, str]) -> list[Option]:
    """What a picker shows for the typed words; `more` narrows it (county, enterprise, hazard)."""
    return SEARCHES[kind](actor, words.strip()[:100], more)


def picker(kind: str, actor: Actor, question: Question, *, words: str = "", first: bool = False, **more: str) -> Pick:
    more = {key: value for key, value in more.items() if value}
    return Pick(
        Source(
            url=f"{reverse('hazards:pick', args=[kind])}?{urlencode({'name': question.name, **more})}",
            search=lambda typed: search(kind, actor, typed, more),
            chosen=lambda values: chosen_options(kind, actor, values, more),
            words=words,
            first=first,
            typing=kind != "site",
        )
    )


def chosen_options(kind: str, actor: Actor, values: Sequence[str], more: dict[str, str]) -> list[Option]:
    """What was picked before, by id; nothing that the search itself would not find for this actor."""
    wanted = read_ids(values)
    if kind == "enterprise":
        region = _county(more)
        rows = Enterprise.objects.filter(pk__in=wanted)
        if region is not None and actor.covers(region):
            low, high = subtree(region)
            with scope.elevated("the responsible enterprise may be registered under another field"):
                return [
                    Option(value=str(row.pk), label=row.name) for row in rows.filter(region__gte=low, region__lt=high)
                ]
        return [Option(value=str(row.pk), label=row.name) for row in rows]
    if kind == "site":
        return [Option(value=str(row.pk), label=row.name) for row in Site.objects.filter(pk__in=wanted)]
    if kind == "risk_point":
        return [_risk_point_option(row) for row in RiskPoint.objects.filter(pk__in=wanted, active=True)]
    if kind == "clause":
        return [clause_option(one) for one in Clause.objects.select_related("criteria").filter(pk__in=wanted)]
    return [_hazard_option(row) for row in Hazard.objects.filter(pk__in=wanted, state__in=OPEN)]


def second_officers(actor: Actor, hazard: Hazard) -> list[tuple[str, str]]:
    """Posts in office here that may come along: not the actor, nobody who rectified."""
    return may_come_along(actor, hazard, officers_at(hazard.region, hazard.industry_bit))


def officers_at(region: int, industry_bit: int) -> list[Post]:
    with scope.elevated("a second officer may belong to a higher territory"):
        officers = (roles.INSPECTOR, roles.GROUP_LEADER, roles.REGULATOR)
        return holders(Whom(roles=officers, region=region, industry_bit=industry_bit))


def may_come_along(actor: Actor, hazard: Hazard, posts: Sequence[Post]) -> list[tuple[str, str]]:
    return [
        (str(post.pk), str(named(post)))
        for post in posts
        if post.person_id != actor.person
        and str(post.person_id) not in hazard.rectifier_ids
        and (is_inspector(actor_for(post), hazard) or is_regulator(actor_for(post), hazard))
    ]


def industry_choices(actor: Actor) -> list[tuple[str, str]]:
    """The fields a post supervises; an enterprise's people have their enterprise's own."""
    if actor.enterprises:
        rows = [row.industry for row in Enterprise.objects.filter(pk__in=actor.enterprises).select_related("industry")]
    else:
        rows = industries(actor)
    return [(row.code, in_tongue(row)) for row in rows]


def places(actor: Actor) -> list[tuple[int, str]]:
    if not actor.enterprises:
        return region_choices(actor)
    codes = set(Enterprise.objects.filter(pk__in=actor.enterprises).values_list("region", flat=True))
    codes |= set(Site.objects.filter(enterprise_id__in=actor.enterprises).values_list("region", flat=True))
    return sorted(
        region_names(codes & set(Region.objects.filter(code__in=codes).values_list("code", flat=True))).items()
    )


def category_choices() -> list[tuple[str, str]]:
    return [(code, category_name(code)) for code in categories()]


def makers(actor: Actor, hazard: Hazard | None = None) -> dict[str, Maker]:
    """How each noun is drawn for this actor and hazard."""
    county = str(hazard.county) if hazard else ""
    this = str(hazard.pk) if hazard else ""

    def choice(choices: Sequence[tuple[Any, Any]]) -> Maker:
        return lambda question: asked(question, options_widget(choices, required=question.required, chips=1))

    def officers(question: Question) -> forms.Field:
        choices = second_officers(actor, hazard) if hazard else []
        words = question.help if choices else _("Nobody else is in office here who could come along.")
        return asked(question, forms.CheckboxSelectMultiple(choices=choices), help_text=words)

    return {
        "category": lambda question: asked(question, forms.RadioSelect(choices=category_choices())),
        "industry": lambda question: choice(_first(industry_choices(actor)))(question),  # noqa: PLW0108 -- asked only when drawn
        "region": lambda question: choice(_first(places(actor)))(question),  # noqa: PLW0108
        "enterprise": lambda question: asked(
            question,
            picker(
                "enterprise",
                actor,
                question,
                words=_("Name or credit code"),
                first=bool(actor.enterprises),
                county=county,
            ),
        ),
        "site": lambda question: asked(question, picker("site", actor, question, first=True)),
        "risk_point": lambda question: asked(question, picker("risk_point", actor, question, first=True)),
        "clause": lambda question: asked(
            question, picker("clause", actor, question, words=_("Words of the clause"), first=True, hazard=this)
        ),
        "hazard": lambda question: asked(
            question, picker("hazard", actor, question, words=_("Number, place or words"), besides=this)
        ),
        "officers": officers,
    }


def _first(choices: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """One choice is no question; several begin with an empty line."""
    return list(choices) if len(choices) == 1 else [("", _("Choose…")), *choices]
