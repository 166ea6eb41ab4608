"""When a visit begins: as the phone had it, within what the server can answer for."""

from datetime import date, datetime, timedelta
from typing import Any

from anlan.inspections.models import Visit
from anlan.kernel import clock
from anlan.kernel.actor import Actor

CLOCKS_MAY_DIFFER = timedelta(minutes=10)


def arrival(visit: Visit, actor: Actor, now: datetime, told: datetime | None = None) -> datetime:
    """
    Never in the future; a phone whose clock is a little behind does not arrive before the visit could begin.

    `told` is what the phone wrote on the sheet before it could ask: within some minutes of what we make of its clock it
    stands, so that what was signed without a network stays true.
    """
    moment = min(actor.client_at or now, now)
    if told is not None and abs(told - moment) <= CLOCKS_MAY_DIFFER:
        moment = min(told, now)
    if visit.state_since - CLOCKS_MAY_DIFFER <= moment < visit.state_since:
        return visit.state_since
    return moment


def arrival_day(visit: Visit, actor: Actor, data: Any) -> date:
    """The day by which certificates, avoidances, the plan and the cap are judged; kept for the words of a refusal."""
    day = clock.day_of(arrival(visit, actor, clock.now(), told_in(data)))
    visit.judged_on = day  # type: ignore[attr-defined]
    return day


def told_in(data: Any) -> datetime | None:
    """What the phone wrote on the sheet, where the step brings it; none when only its button is drawn."""
    told: datetime | None = getattr(data, "arrived_at", None)
    return told


def judged_on(visit: Visit) -> date:
    found: date = getattr(visit, "judged_on", None) or clock.today()
    return found
