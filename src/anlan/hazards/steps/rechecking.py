"""Recheck, closing off, looking back."""

from django.utils.translation import gettext_lazy as _

from anlan.hazards import needs, rulings
from anlan.hazards.models import Hazard, Recheck
from anlan.hazards.steps.evidence import bring_photos
from anlan.hazards.steps.finding import set_due
from anlan.hazards.steps.officers import second_officers
from anlan.kernel.citysettings import value
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id


def recheck(taking: Taking) -> str:
    """Passed: accepted, and a stop of use is lifted. Failed: back to rectifying with a new date, the round counted."""
    data: needs.Recheck = taking.data
    hazard: Hazard = taking.record
    if hazard.major:
        _as_major(hazard, data)
    officers = second_officers(taking, data.officers) if data.officers else []
    hazard.rechecker_ids = sorted(
        {*hazard.rechecker_ids, str(taking.actor.person), *(one["person"] for one in officers)}
    )
    hazard.rechecked_at = taking.at
    taking.notes["officers"] = officers
    round_ = Recheck(
        id=new_id(),
        hazard=hazard,
        number=hazard.failed_rounds + 1,
        passed=data.passed,
        remark=data.remark,
        officers=[
            {"person": str(taking.actor.person), "name": taking.actor.name, "label": taking.actor.post_label},
            *officers,
        ],
        on_site=data.on_site,
        at=taking.at,
    )
    taking.later.append(lambda: Recheck.objects.bulk_create([round_]))
    bring_photos(taking, data.photos, phase="recheck")
    if data.passed:
        hazard.use_stopped = False
        return "accepted"
    if data.new_due is None:
        raise Invalid(fields={"new_due": [_("A failed recheck sets a new date.")]})
    hazard.failed_rounds += 1
    set_due(taking, data.new_due, reason=data.remark, field="new_due")
    return "rectifying"


def _as_major(hazard: Hazard, data: needs.Recheck) -> None:
    wrong: dict[str, list[object]] = {}
    needed = value(rulings.TWO_OFFICERS.key, hazard.region)
    if len(set(data.officers)) + 1 < needed:
        wrong["officers"] = [_("A major hazard is rechecked by two officers.")]
    if not data.on_site:
        wrong["on_site"] = [_("A major hazard is rechecked on site.")]
    if not data.photos:
        wrong["photos"] = [_("The recheck of a major hazard needs photos.")]
    if wrong:
        raise Invalid(fields=wrong)


def close(taking: Taking) -> None:
    taking.record.closer_id, taking.record.closed_at = taking.actor.person, taking.at


def look_back(taking: Taking) -> str:
    """A false closing reopens the hazard and is counted against its closer and the enterprise."""
    data: needs.LookBack = taking.data
    hazard: Hazard = taking.record
    hazard.looked_back_at = taking.at
    bring_photos(taking, data.photos, phase="recheck")
    if data.holds:
        return "closed"
    if data.new_due is None:
        raise Invalid(fields={"new_due": [_("A reopened hazard needs a new date.")]})
    taking.notes["false_closing"] = {"closer": str(hazard.closer_id), "enterprise": str(hazard.responsible_id)}
    hazard.reopened += 1
    hazard.closed_at = None
    set_due(taking, data.new_due, reason=data.remark, field="new_due")
    return "rectifying"
