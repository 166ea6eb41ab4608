"""What the officials' pages read: the list by its address, what waits for a post, and what hangs on one report."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.ledger.read import Act, acts, newest_head
from anlan.kernel.phrases import in_tongue
from anlan.kernel.reading import read_day, read_id, read_region
from anlan.registry.models import Enterprise
from anlan.registry.queries import industry_names
from anlan.reports import beside
from anlan.reports.models import Category, Report
from anlan.reports.models.report import CHANNELS, OUTCOMES
from anlan.reports.queries.lists import COUNTED, ReportFilters, reports, seen, waiting_for
from anlan.reports.queries.record import veiled
from anlan.reports.states import ALL, OPEN, UNSENT

_YES = ("1", "true", "on")
MOST_LINKED = 50


def read_filters(params: Mapping[str, Any]) -> ReportFilters:
    """From a query string; what it cannot read is left out."""

    def text(name: str) -> str:
        return str(params.get(name) or "").strip()[:100]

    state = text("state")
    at_desk = UNSENT if state == "unsent" else ()
    return ReportFilters(
        words=text("q"),
        states=(state,) if state in ("open", *ALL) else at_desk,
        category=text("category")[:30],
        industry=text("industry")[:30],
        region=read_region(text("region")),
        unit=read_id(text("unit")),
        enterprise=read_id(text("enterprise")),
        outcome=text("outcome") if text("outcome") in dict(OUTCOMES) else "",
        channel=text("channel") if text("channel") in dict(CHANNELS) else "",
        late=text("late") in _YES,
        urgent=text("urgent") in _YES,
        held=text("held") in _YES,
        mine=text("mine") in _YES,
        reported_from=read_day(text("from")),
        reported_to=read_day(text("to")),
    )


def walk(actor: Actor, filters: ReportFilters, *, most: int, step: int = 1000) -> Iterator[list[Report]]:
    """All of a filter in order, in bounded portions."""
    after = None
    left = most
    while left > 0:
        page = reports(actor, filters, after=after, limit=min(step, left))
        if page.rows:
            yield page.rows
        left -= len(page.rows)
        after = page.after
        if after is None:
            break


def waiting(actor: Actor, *, limit: int = 10) -> list[Report]:
    """What this post must do next: urgent ones first, then by what is due soonest."""
    rows = Report.objects.filter(seen(actor), waiting_for(actor))
    found = list(rows.exclude(urgent="").order_by("due_at", "id")[:limit])
    if len(found) < limit:
        found += rows.filter(urgent="").order_by("due_at", "id")[: limit - len(found)]
    veiled(actor, found)
    return found


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Open reports of a territory by where they stand."""

    open: int = 0
    unsent: int = 0
    held: int = 0
    dispatched: int = 0
    handled: int = 0
    late: int = 0
    urgent: int = 0


def figures(actor: Actor) -> Figures:
    """Counted over what is open, which a city keeps small."""
    found = Report.objects.filter(seen(actor), state__in=OPEN).aggregate(
        open=Count("pk"),
        unsent=Count("pk", filter=Q(state__in=UNSENT)),
        held=Count("pk", filter=Q(held=True)),
        dispatched=Count("pk", filter=Q(state="dispatched")),
        handled=Count("pk", filter=Q(state="handled")),
        late=Count("pk", filter=Q(late=True)),
        urgent=Count("pk", filter=~Q(urgent="")),
    )
    return Figures(**found)


def of_enterprise(actor: Actor, enterprise: UUID, *, limit: int = 5) -> tuple[list[Report], int]:
    """Reports about an enterprise, the latest first, and how many there are up to `COUNTED` + 1."""
    rows = Report.objects.filter(seen(actor), enterprise_id=enterprise)
    found = list(rows.order_by("-reported_at", "-id")[:limit])
    veiled(actor, found)
    return found, rows.values("pk").order_by()[: COUNTED + 1].count()


def unit_names(units: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of the bodies that had a report or were wished for, by id."""
    wanted = {one for one in units if one}
    if not wanted:
        return {}
    with scope.elevated("whoever sees a report sees to whom it was sent"):
        return dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))


def category_names() -> dict[str, str]:
    return {row.code: in_tongue(row) for row in Category.objects.all()}


def enterprise_name(of: Report) -> str:
    if of.enterprise_id is None:
        return ""
    with scope.elevated("whoever sees a report sees whom it is about"):
        return Enterprise.objects.filter(pk=of.enterprise_id).values_list("name", flat=True).first() or ""


def history(of: Report) -> list[Act]:
    return acts(of.pk)


def proof(of: Report, history: Sequence[Act]) -> dict[str, Any]:
    """What a print names, so that a later rewrite shows: the last entry's leaf and the size of the newest head."""
    head = newest_head()
    leaf, size = history[-1].leaf if history else "", head.size if head else 0
    return {"number": of.number, "leaf": leaf, "size": size, "text": f"ANLAN1 {of.number} {leaf} {size}"}


def names_in(history: Iterable[Act]) -> dict[str, str]:
    """What the history's changes name by id or code: units, enterprises, kinds of report, fields."""
    ids: dict[str, set[UUID]] = {"unit_id": set(), "enterprise_id": set()}
    for act in history:
        for field, found in ids.items():
            found |= {UUID(str(one)) for one in act.changes.get(field, []) if one}
    with scope.elevated("whoever sees a report sees to whom it was sent and whom it is about"):
        firms = dict(Enterprise.objects.filter(pk__in=ids["enterprise_id"]).values_list("pk", "name"))
    bodies = unit_names(ids["unit_id"])
    return {str(key): name for key, name in (bodies | firms).items()} | category_names() | industry_names()


def linked(actor: Actor, of: Report) -> list[Report]:
    """The report it follows, and those that follow it, as far as they are seen."""
    near = Q(duplicate_of=of.pk)
    if of.duplicate_of_id:
        near |= Q(pk=of.duplicate_of_id)
    found = list(Report.objects.filter(near).exclude(pk=of.pk).order_by("-reported_at", "-id")[:MOST_LINKED])
    veiled(actor, found)
    return found


def progress(of: Report) -> list[dict[str, Any]]:
    """How what was made of it goes on, in the public's words."""
    with scope.elevated("whoever sees a report sees how its hazard goes on"):
        return beside.progress(of)
