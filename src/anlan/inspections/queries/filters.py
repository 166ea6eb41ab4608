"""What a list of visits is narrowed to: the same words in the address, the export and the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from anlan.inspections.grounds import may_know
from anlan.inspections.models import OVER
from anlan.inspections.models.visit import CHECKS, KINDS, REASONS, STYLES
from anlan.inspections.rules import GOERS
from anlan.inspections.states import STATES
from anlan.kernel.actor import Actor
from anlan.kernel.reading import reach_of, read_day, read_id, read_region
from anlan.kernel.scope import within
from anlan.registry import search

CODES = {
    "kind": dict(KINDS),
    "style": dict(STYLES),
    "check": dict(CHECKS),
    "reason": dict(REASONS),
}
_YES = ("1", "true", "on")
MOST_NAMED = 300


@dataclass(frozen=True, kw_only=True)
class VisitFilters:
    """`state` may be "open". `mine` are visits one goes on or planned; days are the planned ones."""

    words: str = ""
    state: str = ""
    kind: str = ""
    style: str = ""
    check: str = ""
    reason: str = ""
    industry: str = ""
    region: int | None = None
    enterprise: UUID | None = None
    person: UUID | None = None
    first: date | None = None
    last: date | None = None
    late: bool = False
    mine: bool = False

    def q(self, actor: Actor) -> Q:
        found = Q()
        if self.state == "open":
            found &= ~Q(state__in=OVER)
        elif self.state:
            found &= Q(state=self.state)
        for name, column in (("kind", "kind"), ("style", "style"), ("check", "check_kind"), ("reason", "reason"),
                             ("industry", "industry_id"), ("enterprise", "enterprise_id")):  # fmt: skip
            if (wanted := getattr(self, name)) and (name != "reason" or may_know(actor)):
                found &= Q(**{column: wanted})
        if reach := reach_of(self.region):
            found &= Q(region__gte=reach[0], region__lt=reach[1])
        if self.first:
            found &= Q(planned_on__gte=self.first)
        if self.last:
            found &= Q(planned_on__lte=self.last)
        if self.late:
            found &= Q(late=True)
        if self.person:
            found &= Q(member_ids__contains=[self.person])
        if self.mine and actor.person:
            found &= Q(member_ids__contains=[actor.person]) | Q(planner_id=actor.person)
        if self.words:
            found &= _named(self.words, actor)
        return found


def _named(words: str, actor: Actor) -> Q:
    """The beginning or end of a number, or words of an enterprise's name."""
    number = words.strip().upper()
    if number.startswith("JC-"):
        return Q(number__gte=number, number__lt=f"{number}~")
    if number.isdigit() and len(number) == 6:
        return Q(number__endswith=f"-{number}")
    return Q(enterprise_id__in=search.find(words, cap=MOST_NAMED))


def seen(actor: Actor) -> Q:
    """The actor's reach as plain comparisons, for the index; the policy stands behind it."""
    if actor.enterprises:
        return Q(known_to_id__in=actor.enterprises)
    if actor.person and actor.role in GOERS:
        return within(actor, county="county") | Q(member_ids__contains=[actor.person])
    return within(actor, county="county")


def read_filters(params: Mapping[str, Any]) -> VisitFilters:
    """From a query string; what it cannot read is left out."""

    def text(name: str) -> str:
        return str(params.get(name) or "").strip()[:100]

    states = {"open", *(one.code for one in STATES)}
    chosen = {name: text(name) if text(name) in words else "" for name, words in CODES.items()}
    return VisitFilters(
        words=text("q"),
        state=text("state") if text("state") in states else "",
        industry=text("industry"),
        region=read_region(text("region")),
        enterprise=read_id(text("enterprise")),
        person=read_id(text("person")),
        first=read_day(text("from")),
        last=read_day(text("to")),
        late=text("late") in _YES,
        mine=text("mine") in _YES,
        **chosen,
    )
