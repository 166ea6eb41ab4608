"""An enterprise's archive of self-checks: a workbook, and a zip of it with the photos."""

import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.files.actions import may_have_original, store
from anlan.files.models import File
from anlan.inspections.models import Finding, SelfCheck
from anlan.inspections.wording_self_check import cycle_words, period_words, state_words, value_words
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid
from anlan.kernel.exchange import Column
from anlan.kernel.exchange.export import export_rows

PORTION = 500
MOST_PHOTOS = 2000
"""Photos of one archive; a longer span is asked for in parts."""

COLUMNS = (
    Column(key="cycle", title=_("Cycle"), width=12),
    Column(key="period", title=_("Period"), width=22),
    Column(key="state", title=_("State"), width=12),
    Column(key="person", title=_("Done by"), width=14),
    Column(key="done_at", title=_("Done at"), kind="datetime"),
    Column(key="risk", title=_("What was looked at"), width=46, multiline=True),
    Column(key="value", title=_("Result"), width=12),
    Column(key="remark", title=_("Remark"), width=30, multiline=True),
    Column(key="findings", title=_("Findings"), width=46, multiline=True),
    Column(key="words", title=_("Minutes"), width=40, multiline=True),
    Column(key="excuse", title=_("Reason"), width=30, multiline=True),
)


def checks_between(enterprise: UUID, first: date, last: date) -> Iterator[list[SelfCheck]]:
    """In portions, oldest first."""
    rows = SelfCheck.objects.filter(enterprise=enterprise, period__gte=first, period__lte=last).order_by("period", "id")
    after: tuple[date, UUID] | None = None
    while True:
        portion = rows
        if after:
            period, record = after
            portion = rows.filter(period__gte=period).exclude(period=period, id__lte=record)
        found = list(portion.prefetch_related("findings")[:PORTION])
        if found:
            yield found
        if len(found) < PORTION:
            return
        after = (found[-1].period, found[-1].pk)


def write_workbook(stream: IO[bytes], enterprise: UUID, first: date, last: date) -> int:
    """One line an answer; a check without answers, or missed, has one line too."""
    lines = (line for portion in checks_between(enterprise, first, last) for check in portion for line in _lines(check))
    return export_rows(stream, COLUMNS, lines, title=_("Own checks"))


def _lines(check: SelfCheck) -> list[list[Any]]:
    head = [
        cycle_words(check.cycle), period_words(check.cycle, check.period), state_words(check.state), check.person_name, check.done_at,
    ]  # fmt: skip
    found = "\n".join(_finding(one) for one in check.findings.all())
    if not found and check.state != "missed":
        found = str(_("nothing found"))
    tail = [found, check.words, check.excuse]
    empty: list[dict[str, Any]] = [{}]
    return [
        [*head, one.get("words", ""), value_words(one["value"]) if one else "", one.get("remark", ""), *tail]
        for one in check.answers or empty
    ]


def _finding(one: Finding) -> str:
    return f"{one.hazard_number} {one.place}: {one.description}".strip()


def write_archive(stream: IO[bytes], actor: Actor, enterprise: UUID, first: date, last: date) -> int:
    """The workbook and every photo whose row the reader sees, named by day; returns how many photos."""
    photos = list(_photos(enterprise, first, last))
    if len(photos) > MOST_PHOTOS:
        raise Invalid(_("More than %(most)s photos: ask for a shorter span.") % {"most": MOST_PHOTOS})
    shelf, written = store(), 0
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive,
        tempfile.NamedTemporaryFile(suffix=".xlsx") as book,
    ):
        write_workbook(book, enterprise, first, last)
        book.flush()
        archive.write(book.name, "self-checks.xlsx", zipfile.ZIP_DEFLATED)
        for folder, file in photos:
            original = may_have_original(actor, file)
            digest = file.sha256 if original else file.display_sha256
            if digest not in shelf:
                continue
            ending = Path(file.name).suffix.lower() if original and file.name else ".jpg"
            with shelf.open(digest) as source, archive.open(f"photos/{folder}/{file.pk}{ending[:6]}", "w") as target:
                while block := source.read(1 << 20):
                    target.write(block)
            written += 1
    return written


def _photos(enterprise: UUID, first: date, last: date) -> Iterator[tuple[str, File]]:
    for portion in checks_between(enterprise, first, last):
        wanted = {
            UUID(str(one)): f"{check.period}-{check.cycle}"
            for check in portion
            for one in [*check.files, *(photo for finding in check.findings.all() for photo in finding.files)]
        }
        for file in File.objects.filter(pk__in=wanted).order_by("id"):
            yield wanted[file.pk], file
