"""The room's numbered rules; each message is what the user reads."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from anlan.enforcement import gates
from anlan.enforcement.kinds import kinds
from anlan.enforcement.models import Case, Instrument
from anlan.enforcement.rulings import HEARING_FINE, kind_of
from anlan.enforcement.values import missing
from anlan.kernel import clock, scope
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
    """Whoever reviewed it does not approve it; for a penalty the law asks for it (处罚法第五十八条 [V])."""

    message = _("You reviewed this instrument, so somebody else must approve it.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return record.reviewer_id != actor.person


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


class NotHeavier(Check):
    """A fine is at most the one that the addressee was told of and could speak to (处罚法第四十四条 [V], 第四十五条 [K])."""

    message = _("The fine is higher than the one announced.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return self._fine(record) <= gates.announced_fen(record)

    def words(self, record: Instrument) -> Any:
        return now("A fine of at most %(yuan)s yuan was announced. A higher one needs a new notice first.") % {
            "yuan": yuan(gates.announced_fen(record))
        }

    def _fine(self, record: Instrument) -> int:
        return record.fields.get("fine") or 0 if gates.decides(record) else 0


class OneDecision(Check):
    """One matter is fined once (处罚法第二十九条 [K]); a decision is corrected by one that withdraws it."""

    message = _("This case has its decision already. Another one is issued only to withdraw it.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return not gates.decides(record) or not gates.decisions_beside(record)


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


class NotPublished(Check):
    message = _("It is published already.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return record.publication_id is None


class Published(Check):
    message = _("It is not published.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return record.publication_id is not None


class MayBeRead(Check):
    """The addressee first has its days to object, and a day named for the publication has come."""

    message = _("Its day to be published has not come yet.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return self._first_day(record) <= clock.today()

    def words(self, record: Instrument) -> Any:
        return now("It may be published from %(day)s on: until then the addressee may object.") % {
            "day": self._first_day(record).isoformat()
        }

    def _first_day(self, record: Instrument) -> date:
        days = [record.served_on or clock.today()]
        if kind_of(record).answer_days is not None and record.answer_due:
            days.append(record.answer_due + timedelta(days=1))
        if named := record.fields.get("publish_on"):
            days.append(date.fromisoformat(named))
        return max(days)


class NotConfirmed(Check):
    message = _("Its receipt was confirmed already.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        return record.confirmed_at is None


class AnswerNotOwed(Check):
    """What waits for an answer is put to file once the answer is in, or its day has passed."""

    message = _("An answer is owed until its day; until then it is not put to file.")

    def holds(self, record: Instrument, actor: Actor, data: Any) -> bool:
        if record.answer_due is None or clock.today() > record.answer_due:
            return True
        if record.state != "answered":
            return False
        # While its days run the addressee may still ask for a hearing, whatever it answered before.
        return not kind_of(record).needs_hearing or gates.waived(record)


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
        under_way = Instrument.objects.filter(
            case=record, state__in=("drafted", "returned", "reviewed", "approved", "numbered")
        )
        with scope.elevated("what another department has under way holds a case open too"):
            return not under_way.exists()
