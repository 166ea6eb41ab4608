"""Lists: rounds, cards, the units of a round, an own unit's years, what waits for whom."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from anlan.assessments.models import Assessment, Round, ScoreCard, Standing
from anlan.assessments.rules import AT_WORK
from anlan.identity import roles
from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors
from anlan.kernel.errors import NotFound

MOST_UNITS = 300
"""Units of one round: a city's districts and departments."""
SHOWN = 20
Place = tuple[int, UUID]
"""Year and id of the last row of the page before."""


def _in_reach(actor: Actor) -> Q:
    """Of the actor's territory, and of those above it, which assess its units."""
    above = [actor.region, *ancestors(actor.region)] if actor.region else []
    return scope.within(actor, industry=None) | Q(region__in=above)


def rounds(actor: Actor, *, after: Place | None = None, limit: int = 50) -> list[Round]:
    """The newest year first."""
    rows = Round.objects.filter(_in_reach(actor)).select_related("card").order_by("-year", "-id")
    return list(_page(rows, after)[:limit])


def cards(actor: Actor, *, after: Place | None = None, limit: int = 50) -> list[ScoreCard]:
    rows = ScoreCard.objects.filter(_in_reach(actor)).defer("definition").order_by("-year", "-id")
    return list(_page(rows, after)[:limit])


def _page(rows: QuerySet[Any], after: Place | None) -> QuerySet[Any]:
    if after is None:
        return rows
    year, key = after
    return rows.filter(Q(year__lt=year) | Q(year=year, id__lt=key))


def one_card(actor: Actor, key: UUID) -> ScoreCard:
    found = ScoreCard.objects.filter(_in_reach(actor), pk=key).first()
    if found is None:
        raise NotFound
    return found


def one_round(actor: Actor, key: UUID) -> Round:
    found = Round.objects.select_related("card").filter(_in_reach(actor), pk=key).first()
    if found is None:
        raise NotFound
    return found


def states_of(rows: Sequence[Round]) -> dict[UUID, dict[str, int]]:
    """How many units of each round stand in which state, as far as the reader sees them."""
    found: dict[UUID, dict[str, int]] = {row.pk: {} for row in rows}
    counts = Assessment.objects.filter(round__in=rows).values_list("round_id", "state").order_by()
    for key, state, count in counts.annotate(count=Count("pk")):
        found[key][state] = count
    return found


def units_of(actor: Actor, row: Round) -> list[Assessment]:
    """All that the actor may see of a round, without what lies frozen behind them."""
    seen = Assessment.objects.filter(scope.within(actor, industry=None), round=row).defer("inputs")
    return list(seen.order_by("rank", "-total", "region", "unit_name", "id")[:MOST_UNITS])


def standings(row: Round) -> list[Standing]:
    """The announced results, the best first; none before publication."""
    return list(Standing.objects.filter(round=row).order_by("rank", "unit_name", "id")[:MOST_UNITS])


def mine(actor: Actor) -> list[Assessment]:
    """The years of the actor's own unit, the newest first."""
    if actor.organisation is None or actor.role not in AT_WORK:
        return []
    rows = Assessment.objects.filter(unit_id=actor.organisation).defer("inputs", "lines")
    return list(rows.order_by("-year", "-id")[:SHOWN])


def unit_choices(actor: Actor) -> list[Organisation]:
    """Units that the office may assess: its own and the next lower level's committees, governments and departments."""
    rows = Organisation.objects.filter(scope.within(actor, industry=None), active=True)
    rows = rows.exclude(kind__in=["enterprise", "group"])
    if actor.organisation is not None:
        rows = rows.exclude(pk=actor.organisation)
    return list(rows.order_by("region", "kind", "name", "id")[:MOST_UNITS])


STEPS = {"self_scored": "check", "checked": "notify", "appealed": "decide"}
OF_UNIT = {"opened": "hand_in", "notified": "appeal"}


def waiting_for(actor: Actor, *, limit: int = SHOWN) -> list[tuple[Assessment, str]]:
    """Assessments with the step this post takes next, what is due first."""
    if actor.role not in AT_WORK:
        return []
    rows = Assessment.objects.filter(scope.within(actor, industry=None)).defer("inputs", "lines")
    wanted = Q(unit_id=actor.organisation, state__in=list(OF_UNIT), agreed_at=None)
    if actor.role == roles.OFFICE:
        theirs = Q(state__in=list(STEPS)) & ~Q(unit_id=actor.organisation)
        low_high = [Q(territory__gte=low, territory__lt=high) for low, high in actor.regions]
        reach = Q(pk__in=[])
        for one in low_high:
            reach |= one
        wanted |= theirs & reach & ~Q(state="appealed", checker_ids__contains=[str(actor.person)])
    found = rows.filter(wanted).order_by("due_at", "id")[:limit]
    return [(row, _next(actor, row)) for row in found]


def _next(actor: Actor, row: Assessment) -> str:
    own = row.unit_id == actor.organisation and row.state in OF_UNIT
    return OF_UNIT[row.state] if own else STEPS[row.state]
