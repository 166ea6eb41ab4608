"""The loop's numbered rules; each message is what the user reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.hazards import rulings
from anlan.hazards.models import Hazard
from anlan.hazards.rules import round_of
from anlan.identity import roles
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import value
from anlan.kernel.codes import level
from anlan.kernel.flow import Check


class Graded(Check):
    message = _("It has no grade yet: grade it first.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return bool(record.grade)


class IsMajor(Check):
    message = _("Only a major hazard can be listed.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return record.major


class NotListed(Check):
    message = _("It is listed already.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return not record.listed


class Listed(Check):
    message = _("It is not listed.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return record.listed


class NotPublished(Check):
    message = _("The listing was published already.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return record.published_at is None


class Delisted(Check):
    message = _("It is listed: the listing office must delist it before it is closed off.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return not record.listed


class NotSubmitter(Check):
    """Separation of duties: whoever rectified does not recheck."""

    message = _("You took part in the rectification of this hazard, so somebody else must recheck it.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return str(actor.person) not in record.rectifier_ids


class NotRectifierNorRechecker(Check):
    """Separation of duties: whoever rectified or rechecked does not close off."""

    message = _("You rectified or rechecked this hazard, so somebody else must close it off.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return str(actor.person) not in {*record.rectifier_ids, *record.rechecker_ids}


def has_signed(record: Hazard, actor: Actor) -> bool:
    """Whether this person signed or refused in the present round, as whichever post."""
    return any(person == actor.person for _signer, person, _refused in round_of(record))


class NotSignedYet(Check):
    """One person signs for one party, whatever posts they hold."""

    message = _("You signed for another party already. Somebody else must sign for this one.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return not has_signed(record, actor)


class NotRegraded(Check):
    """What the regulator graded, the finder does not change."""

    message = _("The regulator has graded this hazard; only the regulator changes it now.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return actor.role == roles.REGULATOR or record.graded_by_id in (None, actor.person)


class NotAsker(Check):
    """Whoever asks for more time, or rectifies, does not grant it."""

    message = _("You took part in the rectification of this hazard, so somebody else must decide.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return str(actor.person) not in record.rectifier_ids


class NotPartyToDispute(Check):
    """Whoever graded or dispatched it, or signed or refused in this round, does not arbitrate."""

    message = _("You graded, dispatched, signed or refused in this dispute, so somebody else must arbitrate.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        parties = {record.dispatcher_id, record.graded_by_id} - {None}
        return actor.person not in parties and not has_signed(record, actor)


class NotInvolved(Check):
    """A hazard is not ended around its recheck by those who rectified or rechecked it."""

    message = _("You rectified or rechecked this hazard, so somebody else must end it.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return str(actor.person) not in {*record.rectifier_ids, *record.rechecker_ids}


class MajorNotFinder(Check):
    """Major: the one who closes is also not the one who found it."""

    message = _("You found this major hazard, so somebody else must close it off.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return not record.major or actor.person is None or actor.person != record.finder_id


class NotCloser(Check):
    message = _("You closed this hazard off, so somebody else must look back at it.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return actor.person is None or actor.person != record.closer_id


class NotRechecker(Check):
    """Separation of duties the other way round: whoever rechecked does not rectify in a later round."""

    message = _("You took part in the recheck of this hazard, so somebody else must rectify it.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return str(actor.person) not in record.rechecker_ids


def may_list(actor: Actor, at: str) -> bool:
    """Whether the actor's territory stands as high as a listing level ("county", "city", "province") is entered at."""
    if actor.region is None:
        return False
    own = level(actor.region)
    return own in ("city", "province") or (at == "county" and own == "county")


class ListingOffice(Check):
    message = _("Only the office that listed it, or one above it, may delist it.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return actor.post == record.listed_by_post_id or may_list(actor, record.listing_level)


class NothingAsked(Check):
    message = _("An extension is already asked for and not yet decided.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return record.asked_due is None


class Asked(Check):
    message = _("No extension is asked for.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return record.asked_due is not None


class StillTimeToAsk(Check):
    """An extension is asked for before the due date; a listed major hazard at least the set days before."""

    message = _("It is too late to ask: an extension is asked for before the due date.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        if record.rectify_due is None or record.rectify_due < clock.today():
            return False
        if not record.listed:
            return True
        due = clock.end_of(record.rectify_due)
        return bool(working_days().days_left(due, clock.now()) >= value(rulings.ASK_LISTED.key, record.region))

    def words(self, record: Hazard) -> Any:
        if record.listed:
            days = value(rulings.ASK_LISTED.key, record.region)
            return str(_("It is too late to ask: a listed hazard asks at least %(days)s working days before.")) % {
                "days": days
            }
        return self.message


class NotStopped(Check):
    message = _("Use is stopped already.")

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return not record.use_stopped


class PlanSettled(Check):
    """Major: the five settled items are filled before anything is submitted."""

    message = _(
        "The rectification plan is not complete: duty, measure, funds, time limit and contingency must be settled."
    )

    def holds(self, record: Hazard, actor: Actor, data: Any) -> bool:
        return not record.major or all(record.plan.get(part) not in (None, "") for part in FIVE)


FIVE = ("duty", "measure", "funds_fen", "due", "contingency")
SIX = ("goal", "method", "resources", "organisation", "schedule", "safety")
