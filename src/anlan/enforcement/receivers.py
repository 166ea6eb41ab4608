"""What is heard from upstream: a hazard that the city's office is told of gets its supervise letter drafted, for a person to approve."""

from uuid import UUID

from anlan.enforcement import thresholds
from anlan.enforcement.actions import draft, take_step
from anlan.enforcement.filling import filled, grounds_of
from anlan.enforcement.gates import proved_by
from anlan.enforcement.models import Instrument
from anlan.hazards.events import HazardEnded, HazardEscalated
from anlan.inspections.models import Visit
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.citysettings import value
from anlan.kernel.codes import ancestors
from anlan.kernel.events import hears

TOP = "city_office"
LETTER = "supervise_letter"
WRITTEN_DOWN = ("recorded", "signed", "filed")
"""States in which a visit's record stands."""


@hears(HazardEscalated)
def draft_letter(event: HazardEscalated) -> None:
    """
    To the body that regulates the hazard, or the county's office where none does; one open letter a hazard and rung, whatever
    the clock does again. Where there is no such body there is nobody to write to.
    """
    hazard = event.hazard
    if event.to != TOP or not value(thresholds.ESCALATE.key, hazard.region):
        return
    with scope.acting(SYSTEM):
        grounds = grounds_of("hazard", hazard.pk)
        if grounds.organisation is None:
            return
        draft(
            actor=SYSTEM,
            kind=LETTER,
            unit=grounds.organisation,
            fields=filled(LETTER, grounds, SYSTEM),
            source=("hazard", hazard.pk, hazard.number),
            region=next(iter(ancestors(hazard.county)), hazard.county),
            rung=event.level,
        )


@hears(HazardEnded)
def give_up_drafts(event: HazardEnded) -> None:
    """What the platform drafted for a hazard that is over, and no person has touched, is needed no more."""
    with scope.acting(SYSTEM):
        rows = Instrument.objects.filter(
            source_type="hazard", source_id=event.hazard.pk, state="drafted", rung__gt=0, drafter_ids=[]
        )
        for one in rows:
            reason = f"隐患{event.hazard.number}已办结，不再需要。"
            take_step(actor=SYSTEM, instrument=one.pk, step="discard", data={"reason": reason})


@proved_by("site_record")
def record_stands(instrument: Instrument) -> bool:
    """The visit's record is the site record: it stands once it is closed."""
    if instrument.source_type != "visit" or instrument.source_id is None:
        return False
    return _written_down(instrument.source_id, instrument.enterprise_id)


def _written_down(visit: UUID, enterprise: UUID | None) -> bool:
    return Visit.objects.filter(pk=visit, enterprise=enterprise, state__in=WRITTEN_DOWN).exists()
