"""Who is told what when a visit moves or waits too long. The enterprise is told nothing before it may know."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from anlan.identity import roles
from anlan.identity.holders import Whom, reach
from anlan.inspections.models import Visit
from anlan.inspections.rules import members_of
from anlan.inspections.rulings import recipients_of
from anlan.inspections.sheet import name_of
from anlan.kernel.codes import ancestors
from anlan.kernel.flow import Taking
from anlan.notify.actions import send

Reached = tuple[UUID, UUID | None]


def _goers(visit: Visit) -> list[Reached]:
    return [(one.person, one.post) for one in members_of(visit)]


def _enterprise(visit: Visit) -> list[Reached]:
    """Nobody before the enterprise may know."""
    if visit.known_to_id is None:
        return []
    posts = sorted(roles.ENTERPRISE_POSTS)
    return list(reach(Whom(roles=posts, region=visit.region, enterprise=visit.known_to_id)))


def _planner(visit: Visit) -> list[Reached]:
    return [(visit.planner_id, visit.planner_post_id)] if visit.planner_id else []


def _office(region: int) -> list[Reached]:
    return list(reach(Whom(roles=[roles.OFFICE], region=region, nearest=True)))


def _tell(visit: Visit, to: Iterable[Reached], kind: str, *, but: UUID | None, **facts: Any) -> None:
    send(
        to=[one for one in to if one[0] != but],
        done_by=but,
        kind=kind,
        facts={
            "number": visit.number,
            "place": name_of(visit),
            "state": visit.state,
            "due_at": visit.planned_on if visit.arrived_at is None else None,
            **facts,
        },
        url=f"/visits/{visit.pk}/",
        subject_type="visit",
        subject_id=visit.pk,
    )


def assigned(taking: Taking) -> None:
    visit: Visit = taking.record
    who = taking.actor
    _tell(visit, _goers(visit), "visit.assigned", but=who.person, by=who.name, why="goes")


def announced(taking: Taking) -> None:
    visit: Visit = taking.record
    who = taking.actor
    said = {"by": who.name, "words": taking.data.words, "why": "visited"}
    _tell(visit, _enterprise(visit), "visit.announced", but=who.person, **said)


def changed(taking: Taking) -> None:
    """Those who go and, once it may know, the enterprise learn of a new day, a cancellation, somebody who joins."""
    visit: Visit = taking.record
    who = taking.actor
    said = {"by": who.name, "step": taking.step.name}
    _tell(visit, _goers(visit), "visit.changed", but=who.person, why="goes", **said)
    _tell(visit, _enterprise(visit), "visit.changed", but=None, why="visited", **said)


def moved(taking: Taking) -> None:
    """Those who go, and whoever planned it: the new place may be beyond them."""
    visit: Visit = taking.record
    who = taking.actor
    said = {"by": who.name, "step": taking.step.name}
    goers = _goers(visit)
    _tell(visit, goers, "visit.changed", but=who.person, why="goes", **said)
    going = {person for person, _post in goers}
    planners = [one for one in _planner(visit) if one[0] not in going]
    _tell(visit, planners, "visit.changed", but=who.person, why="planned", **said)


def arrived(taking: Taking) -> None:
    visit: Visit = taking.record
    who = taking.actor
    _tell(visit, _enterprise(visit), "visit.arrived", but=who.person, by=who.name, why="visited")


def recorded(taking: Taking) -> None:
    visit: Visit = taking.record
    who = taking.actor
    _tell(visit, [*_goers(visit), *_enterprise(visit)], "visit.recorded", but=who.person, by=who.name, why="signs")


def signed(taking: Taking) -> None:
    """Whose signature another member's device took is told, so that they can object."""
    taken, member = taking.notes.get("taken_by"), taking.notes.get("for")
    if not taken:
        return
    visit: Visit = taking.record
    to = [(one.person, one.post) for one in members_of(visit) if str(one.person) == member]
    _tell(visit, to, "visit.signed_for", but=taking.actor.person, by=taking.actor.name, why="signed_for")


def done(taking: Taking) -> None:
    _tell(taking.record, [], "visit.changed", but=taking.actor.person)


def climbed(taking: Taking) -> None:
    """The clock's reminder or escalation, to the level's recipients, with why them."""
    visit: Visit = taking.record
    level: int = taking.data.level
    to = recipients_of(visit, level)
    people = {
        "members": lambda: _goers(visit) or _planner(visit),
        "planner": lambda: _planner(visit),
        "county_office": lambda: _office(visit.county),
        "city_office": lambda: _office(next(iter(ancestors(visit.county)), visit.county)),
    }[to]()
    why = {"members": "goes", "planner": "planned"}.get(to, to)
    _tell(visit, people, "visit.late" if visit.late else "visit.remind", but=None, level=level, why=why)
