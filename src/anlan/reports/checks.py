"""The numbered rules of reports; each message is what the user reads. What is typed wrong is said by the steps at its field."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import value
from anlan.kernel.flow import Check
from anlan.kernel.workdays import CalendarExhausted
from anlan.reports import rulings
from anlan.reports.models import Report


class NotChecker(Check):
    """Whoever settled it, on the spot or at the desk, does not review the answer."""

    message = _("You looked on the spot or settled it yourself: somebody else reviews it.")

    def holds(self, record: Report, actor: Actor, data: Any) -> bool:
        return actor.is_system or record.checker_id is None or record.checker_id != actor.person


class NotHeld(Check):
    """What waits for a person is sent on by no rule."""

    message = _("A check put this report aside for a person: look at it first.")

    def holds(self, record: Report, actor: Actor, data: Any) -> bool:
        return not (record.held and actor.is_system)


class ReturnsLeft(Check):
    """Not sent round and round: at last the office decides."""

    message = _("It was sent back too often: the committee office decides where it goes.")

    def holds(self, record: Report, actor: Actor, data: Any) -> bool:
        return record.returns < value(rulings.RETURNS.key, record.region) or actor.role == "office"


class ContestedOnce(Check):
    """An answer is contested once."""

    message = _("This answer was contested already; it is contested once only.")

    def holds(self, record: Report, actor: Actor, data: Any) -> bool:
        return record.contested == 0


class StillTimeToContest(Check):
    message = _("The time to contest this answer is over. Report again if it is still dangerous.")

    def holds(self, record: Report, actor: Actor, data: Any) -> bool:
        if record.answered_at is None:
            return False
        limit = value(rulings.CONTEST.key, record.region)
        try:
            last = working_days().add(record.answered_at, limit)
        except CalendarExhausted:
            last = record.answered_at + timedelta(days=limit * 2)
        return bool(clock.now() <= last)


class NotRated(Check):
    message = _("This answer was rated already.")

    def holds(self, record: Report, actor: Actor, data: Any) -> bool:
        return record.satisfied is None


class NotMerged(Check):
    """What follows another report is judged there."""

    message = _("This report follows another one, which is answered for both.")

    def holds(self, record: Report, actor: Actor, data: Any) -> bool:
        return record.outcome != "duplicate"
