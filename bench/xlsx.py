"""`xlsx`: the workbooks of a month of returns out, filled in and back in, against the same cells bare: written without looks, read without questions."""

import os
import zipfile
from io import BytesIO
from random import Random
from time import perf_counter
from typing import Any

from bench.common import arguments, finish, say

UNITS, CHUNK = 3_000, 100
"""Returns of a month, and how many are read in one go."""
ROUNDS = 3
"""How often each side takes its turn on a chunk; the best counts."""


def main() -> None:  # noqa: PLR0915 -- both sides stand beside each other
    options = arguments(__doc__ or "")
    os.environ.setdefault("ANLAN_MODE", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    from datetime import UTC, date, datetime

    import xlsxwriter
    from python_calamine import CalamineWorkbook

    from anlan.campaigns.models import Return
    from anlan.campaigns.models.returns import nothing_written
    from anlan.campaigns.returns.kept import Beside, Hand, Writing
    from anlan.campaigns.returns.shipped import shipped
    from anlan.campaigns.workbooks.cells import Book, read_books
    from anlan.campaigns.workbooks.comparing import compare, tried
    from anlan.campaigns.workbooks.reading import parse
    from anlan.campaigns.workbooks.writing import Shown, write
    from anlan.kernel.ids import new_id

    dice = Random(7 if options.seed is None else options.seed)
    checker = shipped("2024-campaign")
    template = checker.template
    month, at = date(2026, 4, 1), datetime(2026, 5, 6, tzinfo=UTC)

    def filled() -> Return:
        """A district's return with every figure written, three meetings and three visits."""
        writing = Writing(
            template=template, filler="district", values=nothing_written(), hand=Hand(by="测", way="page", at="x")
        )
        cells = [cell for cell in template.cells.values() if not cell.panel.repeats]
        writing.cells({cell.name: str(dice.randrange(200)) if cell.element.is_number else "某某" for cell in cells})
        writing.rows({"studies": [{"date": "2026-04-08", "topic": f"研究燃气整治第{n}批资金"} for n in range(3)],
                      "visits": [{"date": "2026-04-09", "leader": "副县长某", "place": f"第{n}客运站"} for n in range(3)]})  # fmt: skip
        return Return(
            id=new_id(), state="draft", state_since=at, template_id=new_id(), filler="district", month=month,
            values=writing.values, hand_in_by=at, region=0, territory=0, created_at=at,
        )  # fmt: skip

    def ours(records: list[Return]) -> int:
        """Out, looked through, read in the limited child, compared and checked."""
        books = []
        for record in records:
            stream = BytesIO()
            write(stream, Shown(record=record, unit="某县安委办", checker=checker))
            books.append(stream.getvalue())
        same = 0
        for record, book in zip(records, read_books(books), strict=True):
            assert isinstance(book, Book), book
            found = compare(template, "district", record.values, parse(book))
            tried(checker, "district", month, record.values, found, (), Beside())
            assert not found.changes, found.changes[:3]
            assert not found.conflicts
            same += found.same
        return same

    def bare(records: list[Return]) -> int:
        """The answers alone, a sheet a panel, out and in."""
        count = 0
        for record in records:
            stream = BytesIO()
            with xlsxwriter.Workbook(stream) as book:
                page = book.add_worksheet()
                for line, (name, entry) in enumerate(record.values["cells"].items()):
                    page.write(line, 0, name)
                    page.write(line, 1, entry["typed"])
                for rows in record.values["rows"].values():
                    sheet: Any = book.add_worksheet()
                    for line, row in enumerate(rows):
                        for column, entry in enumerate(row.values()):
                            sheet.write(line, column, entry["typed"])
            stream.seek(0)
            found = CalamineWorkbook.from_filelike(stream)
            count += sum(len(row) for name in found.sheet_names for row in found.get_sheet_by_name(name).to_python())
        return count

    units = max(1, round(UNITS * options.scale))
    our_seconds = bare_seconds = 0.0
    bytes_each = 0
    done = 0
    while done < units:
        records = [filled() for _ in range(min(CHUNK, units - done))]
        if not done:
            stream = BytesIO()
            write(stream, Shown(record=records[0], unit="某县安委办", checker=checker))
            bytes_each = len(stream.getvalue())
            assert zipfile.is_zipfile(stream)
            ours(records[:5]), bare(records[:5])
        # Side by side, so that a busy minute of the machine weighs on both.
        times: dict[str, list[float]] = {"ours": [], "bare": []}
        for _turn in range(ROUNDS if units <= CHUNK else 1):
            for name, work in (("ours", ours), ("bare", bare)):
                began = perf_counter()
                work(records)
                times[name].append(perf_counter() - began)
        our_seconds += min(times["ours"])
        bare_seconds += min(times["bare"])
        done += len(records)
        say(f"{done} returns: ours {our_seconds:.1f} s, bare {bare_seconds:.1f} s")
    finish(
        {
            "bench": "xlsx",
            "ratio": round(our_seconds / bare_seconds, 2),
            "ms_each": round(1000 * our_seconds / units, 2),
            "bare_ms_each": round(1000 * bare_seconds / units, 2),
            "seconds": round(our_seconds, 1),
            "bare_seconds": round(bare_seconds, 1),
            "bytes_each": bytes_each,
            "units": units,
        },
        as_json=options.json,
    )


if __name__ == "__main__":
    main()
