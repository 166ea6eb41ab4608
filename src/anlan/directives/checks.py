"""The tasks' numbered rules; each message is what the user reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.directives.models import DirectiveTask
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Check


class EvidenceShown(Check):
    """Where the document asks for something to be shown, a report without a file is none."""

    message = _("The document asks for something to be shown. Add it to the report.")

    def holds(self, record: DirectiveTask, actor: Actor, data: Any) -> bool:
        return data is None or not record.evidence or bool(data.files)


class Counted(Check):
    """Only where the document says how often."""

    message = _("The document does not say how often this is to be done: report it when it is done.")

    def holds(self, record: DirectiveTask, actor: Actor, data: Any) -> bool:
        return record.wanted > 0


class WithinPeriod(Check):
    """What was done before the period counts for the one before, and nothing is entered ahead."""

    message = _("This day lies outside the period that the task is for, or ahead.")

    def holds(self, record: DirectiveTask, actor: Actor, data: Any) -> bool:
        if data is None:
            return True
        return (record.period or data.on) <= data.on <= clock.today()


class OftenEnough(Check):
    """At least once per half year means once: a report before that closes nothing."""

    message = _("Enter each time it was done first.")

    def holds(self, record: DirectiveTask, actor: Actor, data: Any) -> bool:
        return record.counted >= record.wanted

    def words(self, record: DirectiveTask) -> Any:
        return _(
            "It is to be done %(wanted)s× in this period; entered so far: %(counted)s. Enter each time it was done first."
        ) % {
            "wanted": record.wanted,
            "counted": record.counted,
        }
