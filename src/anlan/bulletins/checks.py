"""The bulletins' numbered rules; each message is what the user reads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.bulletins import writing
from anlan.bulletins.figures.declared import catalogue
from anlan.bulletins.models import Bulletin, Remark
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Check


class NotWriter(Check):
    """Four eyes: whoever wrote in it neither reviews nor approves it."""

    message = _("You wrote in this bulletin, so somebody else must look at it.")

    def holds(self, record: Bulletin, actor: Actor, data: Any) -> bool:
        return str(actor.person) not in record.writer_ids


class NotReviewer(Check):
    """Whoever reviewed it does not approve it too."""

    message = _("You reviewed this bulletin, so somebody else must approve it.")

    def holds(self, record: Bulletin, actor: Actor, data: Any) -> bool:
        return record.reviewer_id is None or record.reviewer_id != actor.person


class NoOpenRemarks(Check):
    message = _("Remarks are not answered yet.")

    def holds(self, record: Bulletin, actor: Actor, data: Any) -> bool:
        return not open_remarks(record).exists()


class SaysSomething(Check):
    message = _("The bulletin says nothing yet.")

    def holds(self, record: Bulletin, actor: Actor, data: Any) -> bool:
        return any(section["blocks"] for section in record.content if not section["attached"])


class NamesWhatIsKnown(Check):
    """After refreshing, a sentence may name units of which there are none any more, or a figure of which nothing is known."""

    message = _("The text names figures behind which nothing stands any more.")

    def holds(self, record: Bulletin, actor: Actor, data: Any) -> bool:
        return not hollow(record)

    def words(self, record: Bulletin) -> Any:
        labels = "、".join(catalogue().by_code[code].label for code in hollow(record)[:3])
        return _("Nothing stands behind these any more: write without them, or type them by hand: %(figures)s.") % {
            "figures": labels
        }


def hollow(record: Bulletin) -> list[str]:
    """Figures that the text names and nobody typed, of which nothing is known or in which nobody is listed."""
    known = catalogue().by_code
    return [
        code
        for code in writing.named(record.content)
        if code in known and code in record.figures and code not in record.typed
        and (record.figures[code].get("stale") or (known[code].shape == "names" and not record.figures[code]["value"]))
    ]  # fmt: skip


def open_remarks(record: Bulletin) -> Any:
    """Remarks that nobody answered."""
    return Remark.objects.filter(of=record, settles=None, settled_by=None)
