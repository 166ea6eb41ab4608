"""When a visit begins: as the phone had it, within what the server can answer for."""

from datetime import date, datetime, timedelta

from anlan.inspections.models import Visit
from anlan.kernel import clock
from anlan.kernel.actor import Actor

CLOCKS_MAY_DIFFER = timedelta(minutes=10)


def arrival(visit: Visit, actor: Actor, now: datetime) -> datetime:
    """Never in the future; a phone whose clock is a little behind does not arrive before the visit could begin."""
    moment = actor.client_at
    if moment is None or moment > now:
        return now
    if visit.state_since - CLOCKS_MAY_DIFFER <= moment < visit.state_since:
        return visit.state_since
    return moment


def arrival_day(visit: Visit, actor: Actor) -> date:
    """The day by which certificates, avoidances, the plan and the cap are judged; kept for the words of a refusal."""
    day = arrival(visit, actor, clock.now()).astimezone(clock.SHANGHAI).date()
    visit.judged_on = day  # type: ignore[attr-defined]
    return day


def judged_on(visit: Visit) -> date:
    found: date = getattr(visit, "judged_on", None) or clock.today()
    return found
