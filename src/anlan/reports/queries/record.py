"""One report with all that hangs on it, for whoever sees it."""

from collections.abc import Iterable
from uuid import UUID

from anlan.files.models import File
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.reports import redaction
from anlan.reports.models import Check, Hold, Opinion, Report, ReportPhoto, SealOpening, Sending
from anlan.reports.rules import DESK


def heard(actor: Actor, words: str) -> str:
    """What a citizen wrote, as this post reads it: those who sort read all of it, others not what finds whoever wrote it."""
    return words if actor.role in DESK else redaction.without_contacts(words)


def veiled(actor: Actor, rows: Iterable[Report]) -> None:
    """The rows are for reading from now on: their words are as this post reads them."""
    for row in rows:
        row.words = heard(actor, row.words)


def report(actor: Actor, report_id: UUID) -> Report:
    """For reading. Raises NotFound for what does not exist and for what lies outside the scope alike."""
    rows = Report.objects.select_related("category", "industry", "unit", "wished_unit", "duplicate_of")
    found = rows.filter(pk=report_id).first()
    if found is None:
        raise NotFound
    veiled(actor, [found])
    return found


def trail(of: Report) -> list[Sending]:
    """Where it was sent and who sent it back, oldest first."""
    return list(Sending.objects.filter(report=of.pk).select_related("unit").order_by("at", "id"))


def photos_of(of: Report) -> list[ReportPhoto]:
    return list(ReportPhoto.objects.filter(report=of.pk).order_by("at", "id"))


def checks_of(of: Report) -> list[Check]:
    return list(Check.objects.filter(report=of.pk).order_by("at", "id"))


def files_of(photos: Iterable[ReportPhoto]) -> dict[UUID, File]:
    """What was sent, for those whose files the reader sees."""
    return File.objects.in_bulk([one.file_id for one in photos])


def holds_of(of: Report) -> list[Hold]:
    return list(Hold.objects.filter(report=of.pk).order_by("at", "id"))


def opinions_of(of: Report) -> list[Opinion]:
    return list(Opinion.objects.filter(report=of.pk).order_by("at", "id"))


def openings_of(of: Report) -> list[SealOpening]:
    return list(SealOpening.objects.filter(report=of.pk).order_by("at", "id"))
