"""The weekly comb and the weekly digest, made of the sections that `data/digest.toml` declares."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from anlan.directives.models import Directive, DirectiveTask, Proposal
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor

SHOWN = 50
"""Rows of a section that are named; the count is of all."""


@dataclass(frozen=True, slots=True)
class Section:
    """`rows` are (id, number or place, words, unit, day it was due), the longest waiting first."""

    code: str
    part: str
    en: str
    zh: str
    count: int
    rows: tuple[tuple[UUID, str, str, str, date | None], ...]


@dataclass(frozen=True, slots=True)
class Weekly:
    """`units`: per unit of the tasks in sight, its (open, late, done this week), the latest first."""

    first: date
    last: date
    sections: tuple[Section, ...]
    units: tuple[tuple[str, int, int, int], ...]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("anlan.directives").joinpath("data", "digest.toml").read_text(encoding="utf-8"))


def declared() -> tuple[Mapping[str, Any], ...]:
    return tuple(_data()["section"])


def draft_words() -> Mapping[str, Any]:
    """The sentences that a digest is drafted of."""
    found: Mapping[str, Any] = _data()["draft"]
    return found


def weekly(actor: Actor, day: date | None = None) -> Weekly:
    """Of the week (Monday to Sunday) that `day` lies in, as things stand now, of what the actor's territory gave."""
    day = day or clock.today()
    first = day - timedelta(days=day.weekday())
    begin = datetime.combine(first, time.min, clock.SHANGHAI)
    return Weekly(
        first=first,
        last=first + timedelta(days=6),
        sections=tuple(_section(actor, one, begin) for one in declared()),
        units=_units(actor, begin),
    )


def _section(actor: Actor, one: Mapping[str, Any], begin: datetime) -> Section:
    rows, named = _ROWS[one["rows"]](actor, one, begin)
    return Section(
        code=one["code"],
        part=one["part"],
        en=one["en"],
        zh=one["zh"],
        count=rows.count(),
        rows=tuple(named(rows[:SHOWN])),
    )


def _tasks(actor: Actor, one: Mapping[str, Any], begin: datetime) -> Any:
    found = _mine(actor).filter(state__in=one["states"]).select_related("unit").order_by("state_since", "pk")
    now = clock.now()
    if one.get("late"):
        found = found.filter(Q(late=True) | Q(due__lt=clock.today()))
    if within := one.get("due_within"):
        found = found.filter(due__gte=clock.today(), due__lte=clock.today() + timedelta(days=within))
    if still := one.get("still_for"):
        found = found.filter(state_since__lt=now - timedelta(days=still))
    if one.get("since_week"):
        found = found.filter(state_since__gte=begin, state_since__lt=begin + timedelta(days=7))
    return found, lambda rows: [(row.pk, row.number, row.what, row.unit.name, row.due) for row in rows]


def _documents(actor: Actor, one: Mapping[str, Any], begin: datetime) -> Any:
    given = DirectiveTask.objects.filter(directive=OuterRef("pk"))
    found = Directive.objects.filter(_within(actor), ~Exists(given)).order_by("created_at", "pk")
    return found, lambda rows: [(row.pk, row.number, row.title, "", row.limit) for row in rows]


def _proposals(actor: Actor, one: Mapping[str, Any], begin: datetime) -> Any:
    found = Proposal.objects.filter(_within(actor), ruling="").select_related("directive")
    return (
        found.order_by("directive__created_at", "directive_id", "position"),
        lambda rows: [(row.pk, row.directive.number, row.fields["what"], "", row.directive.limit) for row in rows],
    )


_ROWS = {"tasks": _tasks, "documents": _documents, "proposals": _proposals}


def _within(actor: Actor) -> Q:
    return scope.within(actor, industry=None)


def _mine(actor: Actor) -> QuerySet[DirectiveTask]:
    """Those that an office of the territory gave."""
    return DirectiveTask.objects.filter(scope.within(actor, region="issued_region", industry=None))


def _units(actor: Actor, begin: datetime) -> tuple[tuple[str, int, int, int], ...]:
    over = Q(state__in=["done", "withdrawn"])
    rows = (
        _mine(actor)
        .values("unit_id", "unit__name")
        .annotate(
            open=Count("id", filter=~over),
            behind=Count("id", filter=~over & (Q(late=True) | Q(due__lt=clock.today()))),
            finished=Count(
                "id", filter=Q(state="done", state_since__gte=begin, state_since__lt=begin + timedelta(days=7))
            ),
        )
        .order_by("-behind", "-open", "unit__name")
    )
    return tuple((row["unit__name"], row["open"], row["behind"], row["finished"]) for row in rows)
