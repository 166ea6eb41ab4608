"""The room's numbered rules; each message is what the user reads."""

from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from anlan.enforcement import gates
from anlan.enforcement.kinds import kinds
from anlan.enforcement.models import Case, Instrument
from anlan.enforcement.rulings import HEARING_FINE, kind_of
from anlan.enforcement.values import missing
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.citysettings import value
from anlan.kernel.flow import Check
from anlan.kernel.forms import yuan


class NotDrafter(Check):
    """Four eyes: whoever wrote on it neither reviews nor approves it."""

    message = _("You wrote on this instrument, so somebody else must decide on it.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return str(actor.person) not in record.drafter_ids


class NotReviewer(Check):
    """A penalty is approved by another than the one who reviewed its legality (处罚法第五十八条 [V])."""

    message = _("You reviewed this instrument; a penalty is approved by somebody else.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return not kind_of(record).penalty or record.reviewer_id != actor.person


class Complete(Check):
    message = _("Required fields are empty.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return not missing(kind_of(record), record.fields)

    def words(self, record: Instrument) -> Any:
        names = "、".join(str(one.label) for one in missing(kind_of(record), record.fields))
        return now("These fields are still empty: %(names)s.") % {"names": names}


class Certified(Check):
    message = _("It does not name enough officers with certificates.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return not self._fault(record)

    def words(self, record: Instrument) -> Any:
        return self._fault(record) or self.message

    def _fault(self, record: Instrument) -> str:
        return gates.officers_at_fault(kind_of(record), record.fields.get("officers", ()))


class Preceded(Check):
    message = _("An earlier instrument is missing.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return not gates.lacking(record)

    def words(self, record: Instrument) -> Any:
        return " ".join(gates.lacking(record)) or self.message


class DaysPassed(Check):
    message = _("Days that belong to the addressee still run.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return not gates.waiting(record)

    def words(self, record: Instrument) -> Any:
        return " ".join(gates.waiting(record)) or self.message


class CaseOpen(Check):
    message = _("Its case of penalty is over or missing.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return not kind_of(record).penalty or (
            record.case is not None and record.case.state not in ("closed", "dropped")
        )


class HearingTold(Check):
    """From the threshold on the addressee is told of its right to a hearing (处罚法第六十三条 [K: the sum])."""

    message = _("So high a fine needs the notice that tells of the right to a hearing.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        kind = kind_of(record)
        return not kind.beyond or (record.fields.get("fine") or 0) < value(HEARING_FINE.key, record.place)

    def words(self, record: Instrument) -> Any:
        kind = kinds()[kind_of(record).beyond]
        return now("From a fine of %(yuan)s yuan on, “%(kind)s” is used in its place.") % {
            "yuan": yuan(value(HEARING_FINE.key, record.place)),
            "kind": kind.label,
        }


class HasOrgan(Check):
    message = _(
        "No organ of this territory can issue it yet: the office first enters the organ's word under “Issuing organs”."
    )

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return record.organ_id is not None


class TextAsApproved(Check):
    message = _("The text is no longer the one that was approved.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return record.approved_digest == record.text_digest


class NotConfirmed(Check):
    message = _("Its receipt was confirmed already.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return record.confirmed_at is None


class AnswerNotOwed(Check):
    """What waits for an answer is put to file once the answer is in, or its day has passed."""

    message = _("An answer is owed until its day; until then it is not put to file.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return record.state == "answered" or record.answer_due is None or clock.today() > record.answer_due


class NoticeServed(Check):
    message = _("Its penalty notice was not served yet.")

    def holds(self, record: Case, actor: Actor, data: Any) -> bool:
        return record.state != "investigated"


class HearingAsked(Check):
    message = _("Nobody asked for a hearing.")

    def holds(self, record: Case, actor: Actor, data: Any) -> bool:
        return record.hearing_asked_on is not None


class NotOpener(Check):
    """Four eyes: whoever opened a case does not close it."""

    message = _("You opened this case, so somebody else must end it.")

    def holds(self, record: Case, actor: Actor, data: Any) -> bool:
        return record.opener_id is None or record.opener_id != actor.person


class NothingUnderWay(Check):
    message = _("An instrument of this case is still on its way.")

    def holds(self, record: Case, actor: Actor, data: Any) -> bool:
        return not Instrument.objects.filter(
            case=record, state__in=("drafted", "returned", "reviewed", "approved", "numbered")
        ).exists()
