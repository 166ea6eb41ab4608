"""Lists of documents and of tasks, the newest first: pages by keyset, bounded counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from anlan.directives.models import Directive, DirectiveTask, Proposal
from anlan.directives.states import OPEN, STATES
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.keyset import Page, page
from anlan.kernel.reading import reach_of, read_code, read_id

PAGE = 50
COUNTED = 1000
"""Counting stops here: a page's cost does not grow with the table."""
CODES = frozenset(state.code for state in STATES)
Place = tuple[datetime, UUID]
"""`created_at` and id of a row."""
NEWEST = ("-created_at", "-id")


@dataclass(frozen=True, kw_only=True)
class TaskFilters:
    states: tuple[str, ...] = ()
    """Codes, or "open" for all that are not over."""
    unit: UUID | None = None
    region: int | None = None
    directive: UUID | None = None
    late: bool = False
    mine: bool = False
    """Of the actor's own unit."""
    words: str = ""
    """The beginning of a number, or words of what is to be done."""

    def q(self, actor: Actor) -> Q:
        found = Q()
        if self.states:
            wanted = {one for code in self.states for one in (OPEN if code == "open" else (code,))}
            found &= Q(state__in=sorted(wanted))
        if self.unit:
            found &= Q(unit=self.unit)
        if self.directive:
            found &= Q(directive=self.directive)
        if self.late:
            found &= overdue()
        if self.mine:
            found &= Q(unit=actor.organisation) if actor.organisation else Q(pk__in=[])
        if self.words:
            found &= Q(number__startswith=self.words.upper()) | Q(what__icontains=self.words)
        if reach := reach_of(self.region):
            found &= Q(region__gte=reach[0], region__lt=reach[1])
        return found


def overdue() -> Q:
    """Open, and past its day or past the limit of what it waits for."""
    return Q(state__in=OPEN) & (Q(late=True) | Q(due__lt=clock.today()))


def read_task_filters(asked: Any) -> TaskFilters:
    """What an address says; what cannot be read is left out."""
    return TaskFilters(
        states=tuple(code for code in asked.getlist("state") if code in CODES or code == "open"),
        unit=read_id(asked.get("unit")),
        region=read_code(asked.get("region")),
        directive=read_id(asked.get("directive")),
        late=bool(asked.get("late")),
        mine=bool(asked.get("mine")),
        words=asked.get("q", "").strip()[:60],
    )


def directives(
    actor: Actor, *, words: str = "", after: Place | None = None, before: Place | None = None, limit: int = PAGE
) -> Page[Directive, Place]:
    """With `open_proposals`, `open_tasks` and `all_tasks` counted, each by one look into its own index."""
    rows = Directive.objects.filter(scope.within(actor, industry=None), _named(words)).annotate(
        open_proposals=_counted(Proposal.objects.filter(ruling="")),
        open_tasks=_counted(DirectiveTask.objects.filter(state__in=OPEN)),
        all_tasks=_counted(DirectiveTask.objects.all()),
    )
    return page(rows.defer("text", "normalised", "changes"), NEWEST, after=after, before=before, limit=limit)


def count_directives(actor: Actor, words: str = "") -> int:
    found = Directive.objects.filter(scope.within(actor, industry=None), _named(words))
    return found.values("pk").order_by()[: COUNTED + 1].count()


def _named(words: str) -> Q:
    if not words:
        return Q()
    return (
        Q(number__startswith=words.upper())
        | Q(reference__icontains=words)
        | Q(title__icontains=words)
        | Q(issuer__icontains=words)
    )


def _counted(rows: QuerySet[Any]) -> Any:
    counted = rows.filter(directive=OuterRef("pk")).order_by().values("directive").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def tasks(
    actor: Actor,
    filters: TaskFilters | None = None,
    *,
    after: Place | None = None,
    before: Place | None = None,
    limit: int = PAGE,
) -> Page[DirectiveTask, Place]:
    """Of the territory's units."""
    rows = _tasks(actor, filters or TaskFilters()).select_related("unit", "directive")
    return page(
        rows.defer("directive__text", "directive__normalised", "directive__changes"),
        NEWEST,
        after=after,
        before=before,
        limit=limit,
    )


def count_tasks(actor: Actor, filters: TaskFilters) -> int:
    """At most one more than is counted."""
    return _tasks(actor, filters).values("pk").order_by()[: COUNTED + 1].count()


def _tasks(actor: Actor, filters: TaskFilters) -> QuerySet[DirectiveTask]:
    return DirectiveTask.objects.filter(scope.within(actor, industry=None), filters.q(actor))
