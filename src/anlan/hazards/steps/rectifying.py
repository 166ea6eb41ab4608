"""What the enterprise does, and what the office adds: plan, listing, extension, submission, stop of use."""

from django.utils.translation import gettext_lazy as _

from anlan.hazards import needs
from anlan.hazards.checks import FIVE, SIX, may_list
from anlan.hazards.models import Hazard
from anlan.hazards.steps.evidence import bring_photos
from anlan.hazards.steps.finding import set_due
from anlan.hazards.steps.officers import second_officers
from anlan.kernel import clock
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ledger.write import encode


def plan(taking: Taking) -> None:
    """General: measure and date. Major: the five settled items and the plan's six parts, all filled."""
    data: needs.Plan = taking.data
    hazard: Hazard = taking.record
    if hazard.major:
        missing = {
            part: [_("A major hazard needs this.")] for part in (*FIVE, *SIX) if getattr(data, part) in (None, "")
        }
        if missing:
            raise Invalid(
                _("The plan of a major hazard needs all five settled items and all six parts."), fields=missing
            )
    passed = hazard.rectify_due is not None and hazard.rectify_due < clock.today()
    if hazard.rectify_due and data.due > hazard.rectify_due and not passed:
        raise Invalid(fields={"due": [_("Not later than the date that was set; ask for an extension instead.")]})
    hazard.plan = encode(data)
    _take_part(taking)
    if not passed:
        set_due(taking, data.due)
    elif data.due < clock.today():  # the set date stays, and the hazard is late; the plan says when it will be done
        raise Invalid(fields={"due": [_("The date lies in the past.")]})


def _take_part(taking: Taking) -> None:
    person = str(taking.actor.person)
    if person not in taking.record.rectifier_ids:
        taking.record.rectifier_ids = [*taking.record.rectifier_ids, person]


def list_hazard(taking: Taking) -> None:
    """A county's office lists for its county; a listing by the city or the province is entered by an office of the city."""
    hazard: Hazard = taking.record
    if not may_list(taking.actor, taking.data.level):
        raise Invalid(
            fields={"level": [_("Only an office of the city or the province enters a listing at this level.")]}
        )
    hazard.listing_level, hazard.listed_at = taking.data.level, taking.at
    hazard.listed_by_post_id = taking.actor.post
    hazard.delisted_at = hazard.published_at = None


def publish(taking: Taking) -> None:
    taking.record.published_at = taking.at


def delist(taking: Taking) -> None:
    taking.record.delisted_at = taking.at


def ask_extension(taking: Taking) -> None:
    data: needs.AskExtension = taking.data
    hazard: Hazard = taking.record
    if hazard.rectify_due and data.due <= hazard.rectify_due:
        raise Invalid(fields={"due": [_("The new date must be later than the present one.")]})
    hazard.asked_due, hazard.asked_reason, hazard.asked_at = data.due, data.reason, taking.at
    _take_part(taking)


def decide_extension(taking: Taking) -> None:
    data: needs.DecideExtension = taking.data
    hazard: Hazard = taking.record
    asked = hazard.asked_due
    taking.notes["asked_due"] = encode(asked)
    hazard.asked_due, hazard.asked_reason, hazard.asked_at = None, "", None
    until = data.until or asked
    if not (data.granted and until):
        return
    if hazard.rectify_due and until <= hazard.rectify_due:
        raise Invalid(fields={"until": [_("The new date must be later than the present one.")]})
    set_due(taking, until, reason=data.reason, field="until")


def submit(taking: Taking) -> None:
    data: needs.Submit = taking.data
    hazard: Hazard = taking.record
    found = clock.day_of(hazard.found_at)
    if not found <= data.finished_on <= clock.today():
        raise Invalid(fields={"finished_on": [_("Between the day of finding and today.")]})
    hazard.measure_done, hazard.finished_on = data.measure_done, data.finished_on
    hazard.cost_fen = int(data.cost * 100)
    hazard.submitted_at, hazard.submitter_id = taking.at, taking.actor.person
    hazard.asked_due, hazard.asked_reason, hazard.asked_at = None, "", None
    _take_part(taking)
    bring_photos(taking, data.photos, phase="after")


def stop_use(taking: Taking) -> None:
    data: needs.StopUse = taking.data
    taking.notes["officers"] = second_officers(taking, data.officers)
    taking.record.use_stopped, taking.record.stop_measure = True, data.measure


def transfer(taking: Taking) -> None:
    data: needs.Transfer = taking.data
    taking.record.transferred_to, taking.record.reason = data.authority, data.reason


def add_evidence(taking: Taking) -> None:
    bring_photos(taking, taking.data.photos, phase="other")
