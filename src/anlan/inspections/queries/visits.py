"""Lists of visits in the actor's reach: pages by keyset, bounded counts, days of a calendar, and one visit with its parts."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

from anlan.identity.queries import Named, named
from anlan.inspections.flow import VISIT
from anlan.inspections.models import OVER, Answer, Finding, OnSite, Visit, VisitSignature
from anlan.inspections.queries.filters import VisitFilters, seen
from anlan.inspections.steps.planning import meets
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.keyset import Page, page
from anlan.kernel.ledger.read import Act, acts
from anlan.registry.models import Enterprise, Site

COUNTED = 1000
"""Counting stops here: a page's cost does not grow with the table."""
MOST_A_MONTH = 2000
Place = tuple[date, UUID]
LATEST = ("-planned_on", "-id")


def visits(
    actor: Actor,
    filters: VisitFilters | None = None,
    *,
    after: Place | None = None,
    before: Place | None = None,
    limit: int = 50,
) -> Page[Visit, Place]:
    """One page, the latest planned day first."""
    rows = Visit.objects.filter(seen(actor), (filters or VisitFilters()).q(actor))
    return page(rows, LATEST, after=after, before=before, limit=limit)


def count_visits(actor: Actor, filters: VisitFilters) -> int:
    """How many there are, up to `COUNTED` + 1."""
    rows = Visit.objects.filter(seen(actor), filters.q(actor))
    return rows.values("pk").order_by()[: COUNTED + 1].count()


def walk(actor: Actor, filters: VisitFilters, *, most: int, step: int = 1000) -> Iterator[list[Visit]]:
    """All of a filter in order, in bounded portions."""
    at: Place | None = None
    left = most
    while left > 0 and (found := visits(actor, filters, after=at, limit=min(step, left))).rows:
        yield found.rows
        left -= len(found.rows)
        if (at := found.after) is None:
            return


def visit(visit_id: UUID) -> Visit:
    """Raises NotFound for what does not exist and for what lies outside the scope alike."""
    found = Visit.objects.select_related("industry").filter(pk=visit_id).first()
    if found is None:
        raise NotFound
    return found


def enterprises_of(rows: Iterable[Visit]) -> dict[UUID, Enterprise]:
    with scope.elevated("whoever sees a visit sees whom it visits"):
        wanted = {row.enterprise_id for row in rows}
        return {one.pk: one for one in Enterprise.objects.select_related("industry").filter(pk__in=wanted)}


def site_of(row: Visit) -> Site | None:
    with scope.elevated("whoever sees a visit sees whom it visits"):
        return Site.objects.filter(pk=row.site_id).first() if row.site_id else None


def bodies_of(rows: Iterable[Visit]) -> dict[str, str]:
    """Names of the bodies that visit and come along, by id."""
    from anlan.identity.models import Organisation

    wanted = {str(row.organisation_id) for row in rows if row.organisation_id} | {
        one for row in rows for one in row.joined
    }
    with scope.elevated("whoever sees a visit sees who visits"):
        return {str(pk): name for pk, name in Organisation.objects.filter(pk__in=wanted).values_list("pk", "name")}


def answers_of(row: Visit) -> dict[UUID, Answer]:
    return {one.item_id: one for one in Answer.objects.filter(visit_id=row.pk)}


def findings_of(row: Visit) -> list[Finding]:
    rows = Finding.objects.filter(visit_id=row.pk).select_related("clause__criteria", "item")
    return list(rows.order_by("found_at", "id"))


def on_site_of(row: Visit) -> list[OnSite]:
    return list(OnSite.objects.filter(visit_id=row.pk).order_by("at", "id"))


def signatures_of(row: Visit) -> list[VisitSignature]:
    return list(VisitSignature.objects.filter(visit_id=row.pk).order_by("at", "id"))


def history(row: Visit) -> list[Act]:
    return acts(row.pk)


def planner_of(row: Visit) -> Named | None:
    from anlan.identity.models import Post

    if row.planner_post_id is None:
        return None
    with scope.elevated("whoever sees a visit may know who planned it"):
        post = Post.objects.select_related("person", "organisation").filter(pk=row.planner_post_id).first()
        return named(post) if post else None


def month(actor: Actor, first: date, last: date, filters: VisitFilters) -> dict[date, list[Visit]]:
    """The visits of each day from `first` to `last`, for a calendar."""
    rows = Visit.objects.filter(seen(actor), filters.q(actor), planned_on__gte=first, planned_on__lte=last)
    found: dict[date, list[Visit]] = {}
    for row in rows.exclude(state="cancelled").order_by("planned_on", "id")[:MOST_A_MONTH]:
        found.setdefault(row.planned_on, []).append(row)
    return found


def board(actor: Actor, filters: VisitFilters, *, most: int = 30) -> list[tuple[str, list[Visit], int]]:
    """Open visits by state, the soonest first; (state, some of them, how many there are)."""
    found = []
    for state in VISIT.states:
        if state.code in OVER:
            continue
        rows = Visit.objects.filter(seen(actor), filters.q(actor), state=state.code)
        found.append(
            (state.code, list(rows.order_by("planned_on", "id")[:most]), rows.values("pk")[: COUNTED + 1].count())
        )
    return found


def to_go(actor: Actor, *, days: int = 7, limit: int = 20) -> list[Visit]:
    """What an inspector sees first: the visits they go on, today's and those under way before the coming days'."""
    if actor.person is None:
        return []
    rows = Visit.objects.filter(member_ids__contains=[actor.person]).exclude(state__in=OVER)
    rows = rows.filter(planned_on__lte=clock.today() + timedelta(days=days))
    return list(rows.order_by("planned_on", "id")[:limit])


def announced_to(actor: Actor, *, limit: int = 10) -> list[Visit]:
    """What an enterprise knows of and is not over."""
    rows = Visit.objects.filter(known_to_id__in=actor.enterprises).exclude(state__in=OVER)
    return list(rows.order_by("planned_on", "id")[:limit])


def last_of(enterprise: UUID, *, limit: int = 5) -> list[Visit]:
    return list(Visit.objects.filter(enterprise_id=enterprise).order_by("-planned_on", "-id")[:limit])


def near(row: Visit) -> list[Visit]:
    """Open visits of other departments near this one."""
    return meets(row) if row.open and row.arrived_at is None else []
