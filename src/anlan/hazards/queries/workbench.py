"""What a post has before it: its next act on each hazard, by time left. Every list here is bounded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anlan.hazards.checks import has_signed
from anlan.hazards.flow import HAZARD
from anlan.hazards.models import Hazard, Photo, Signature
from anlan.hazards.queries.filters import HazardFilters, seen
from anlan.hazards.queries.list import enterprise_names, hazards
from anlan.hazards.queries.waiting import signature_wanted
from anlan.hazards.rules import keep_round, signer_of
from anlan.hazards.rulings import decide_by, list_by, publish_by
from anlan.hazards.states import UNSETTLED
from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.errors import CalendarEnds
from anlan.kernel.flow.declare import Step

SHOWN = 20
PHOTOS_EACH = 3
CANDIDATES = HazardFilters(listed="no", grade="major", states=UNSETTLED)
TO_PUBLISH = HazardFilters(listed="unpublished", states=UNSETTLED)
"""What these sections show: the list behind them is asked the same."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One hazard, what the actor does next on it, and until when. `step` is "" when it waits for somebody else."""

    hazard: Hazard
    step: str
    due: datetime | None
    enterprise: str = ""

    @property
    def declared(self) -> Step | None:
        return HAZARD.step(self.step) if self.step else None


def waiting_for(actor: Actor, *, limit: int = SHOWN) -> list[Waiting]:
    """What waits for this actor, soonest due first. The list of hazards with `mine=1` shows the same rows."""
    return _laid(actor, hazards(actor, HazardFilters(mine=True), order="due", limit=limit).rows)


def open_hazards(actor: Actor, *, late: bool = False, limit: int = SHOWN) -> list[Waiting]:
    """Open hazards of the actor's scope by time left."""
    return _laid(actor, hazards(actor, HazardFilters(states=("open",), late=late), order="due", limit=limit).rows)


def to_sign(actor: Actor, *, limit: int = SHOWN) -> list[Waiting]:
    """Hazards that wait for this actor's signature."""
    rows = Hazard.objects.filter(seen(actor), signature_wanted(actor)).order_by("due_at", "id")
    return _laid(actor, list(rows[:limit]))


def found_by(actor: Actor, *, limit: int = SHOWN) -> list[Waiting]:
    """What the actor found, newest first."""
    rows = Hazard.objects.filter(seen(actor), finder_id=actor.person).order_by("-found_at", "-id")
    return _laid(actor, list(rows[:limit]))


def listing_candidates(actor: Actor, *, limit: int = SHOWN) -> list[Waiting]:
    """Open major hazards that are under no listed supervision."""
    rows = Hazard.objects.filter(seen(actor), CANDIDATES.q())
    return [
        Waiting(hazard=one.hazard, step="list", due=due_of(one.hazard, "list"), enterprise=one.enterprise)
        for one in _laid(actor, list(rows.order_by("due_at", "id")[:limit]))
    ]


def to_publish(actor: Actor, *, limit: int = SHOWN) -> list[Waiting]:
    """Listed, and not yet published."""
    rows = Hazard.objects.filter(seen(actor), TO_PUBLISH.q())
    return [
        Waiting(hazard=one.hazard, step="publish", due=due_of(one.hazard, "publish"), enterprise=one.enterprise)
        for one in _laid(actor, list(rows.order_by("due_at", "id")[:limit]))
    ]


def photos_before(ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The first pictures of what was found, by hazard: ids of files."""
    found: dict[UUID, list[UUID]] = {}
    rows = Photo.objects.filter(hazard_id__in=list(ids), phase="before").order_by("at", "id")
    for hazard, file in rows.values_list("hazard_id", "file_id"):
        kept = found.setdefault(hazard, [])
        if len(kept) < PHOTOS_EACH:
            kept.append(file)
    return found


def next_step(hazard: Hazard, actor: Actor) -> str:
    """The act this role does next on a hazard in its state; "" when it is another's turn."""
    match (actor.role, hazard.state):
        case (roles.REGULATOR, "found"):
            return "dispatch" if hazard.grade else "grade"
        case (roles.REGULATOR, "accepted"):
            return "close"
        case (roles.REGULATOR, "rectifying") if hazard.asked_due:
            return "decide_extension"
        case (roles.REGULATOR | roles.OFFICE, "disputed"):
            return "arbitrate"
        case (roles.OFFICE, _) if hazard.listed and hazard.published_at is None and hazard.state in UNSETTLED:
            return "publish"
        case (roles.OFFICE, "accepted") if hazard.listed:
            return "delist"
        case (roles.INSPECTOR | roles.GROUP_LEADER, "rectified"):
            return "recheck"
        case (roles.PRINCIPAL | roles.SAFETY_MANAGER, "claimed"):
            return "plan"
        case (roles.PRINCIPAL | roles.SAFETY_MANAGER, "rectifying"):
            return "submit"
        case (_, "dispatched") if signer_of(actor, hazard) and not has_signed(hazard, actor):
            return "sign"
    return ""


def due_of(hazard: Hazard, step: str) -> datetime | None:
    """Until when the actor's own act is due: a decision and a publication have their own limits."""
    own = {"decide_extension": decide_by, "list": list_by, "publish": publish_by}.get(step)
    try:
        return (own(hazard) if own else None) or hazard.due_at
    except CalendarEnds:
        return hazard.due_at


def keep_rounds(rows: Sequence[Hazard]) -> None:
    """The signatures given so far of all that wait for some, in one query."""
    waiting = {row.pk: row for row in rows if row.state == "dispatched"}
    if not waiting:
        return
    given: dict[UUID, list[tuple[str, UUID, bool]]] = {pk: [] for pk in waiting}
    found = Signature.objects.filter(hazard__in=waiting).values_list(
        "hazard_id", "round", "signer", "person_id", "refused"
    )
    for pk, round_, signer, person, refused in found:
        if round_ == waiting[pk].round:
            given[pk].append((signer, person, refused))
    for pk, row in waiting.items():
        keep_round(row, given[pk])


def _laid(actor: Actor, rows: Sequence[Hazard]) -> list[Waiting]:
    keep_rounds(rows)
    names = enterprise_names([row.responsible_id or row.enterprise_id for row in rows])
    found = []
    for row in rows:
        step = next_step(row, actor)
        name = names.get(row.responsible_id or row.enterprise_id, "")  # type: ignore[arg-type]
        found.append(Waiting(hazard=row, step=step, due=due_of(row, step), enterprise=name))
    return found
