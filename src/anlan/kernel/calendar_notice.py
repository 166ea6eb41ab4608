"""Reading the days of a holiday notice as people have them: lines they paste, or a small workbook."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.kernel.calendar_actions import Day
from anlan.kernel.errors import Invalid
from anlan.kernel.exchange.reading import open_reading
from anlan.kernel.exchange.spec import Column, SheetSpec, WorkbookSpec
from anlan.kernel.text import clean_line

_DAY = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
_LINE = re.compile(rf"^\s*{_DAY}(?:\s*(?:~|—|–|至|to)\s*{_DAY})?[\s,，;；\t]+(.+?)\s*$")
_OFF = frozenset({"off", "holiday", "rest", "休", "放假", "休息", "假"})
_ON = frozenset({"work", "works", "workday", "on", "班", "上班", "补班", "调休上班"})
MOST_LINES = 200
MOST_SPAN = 20


WORKBOOK = WorkbookSpec(
    title=gettext_lazy("Days off and make-up days of a year"),
    sheets=[
        SheetSpec(
            name="days",
            title=gettext_lazy("Days"),
            aliases=("日期", "Sheet1", "工作表1"),
            columns=[
                Column(key="day", title=gettext_lazy("Day"), kind="date", required=True, aliases=("日期", "date")),
                Column(
                    key="kind",
                    title=gettext_lazy("Off or work"),
                    kind="choice",
                    required=True,
                    choices={**dict.fromkeys(sorted(_OFF), "off"), **dict.fromkeys(sorted(_ON), "work")},
                    aliases=("休班", "类型", "kind"),
                ),
                Column(key="name", title=gettext_lazy("Name"), required=True, max_length=60, aliases=("名称", "说明")),
            ],
            unique=[("day",)],
        )
    ],
)


def read_workbook(path: Path) -> list[Day]:
    """A sheet with the columns day, off or work, name. Raises Invalid with the cell and reason of every fault, or Refused."""
    found: list[Day] = []
    with open_reading(path, WORKBOOK, listed=MOST_LINES) as reading:
        for batch in reading:
            rows: Iterator[dict[str, Any]] = (dict(zip(batch.columns, row, strict=True)) for row in batch.tuples())
            found += [
                Day(day=row["day"], works=row["kind"] == "work", name=row["name"])
                for number, row in zip(batch.rows, rows, strict=True)
                if number not in batch.bad
            ]
    if reading.report.faults:
        raise Invalid(
            fields={"file": [f"{one.cell or one.column or one.sheet}: {one.reason}" for one in reading.report.faults]}
        )
    return found


def read_days(text: str) -> list[Day]:
    """
    One line a day or span: `2027-02-05~2027-02-11 off 春节`, `2027-02-20 work 春节调休`, in Chinese or English.

    Raises Invalid with the reason and the number of every line that cannot be read.
    """
    found: list[Day] = []
    wrong: list[str] = []
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    for number, line in lines[:MOST_LINES]:
        try:
            found += _days(line)
        except ValueError as error:
            wrong.append(_("Line %(number)s: %(reason)s") % {"number": number, "reason": error})
    if len(lines) > MOST_LINES:
        wrong.append(_("At most %(most)s lines.") % {"most": MOST_LINES})
    if wrong:
        raise Invalid(fields={"days": list(wrong)})
    return found


def _days(line: str) -> Iterator[Day]:
    match = _LINE.match(line)
    if not match:
        raise ValueError(_("write a date or a span, then off or work, then the name."))
    first = _date(match.group(1, 2, 3))
    last = _date(match.group(4, 5, 6)) if match.group(4) else first
    if not 0 <= (last - first).days <= MOST_SPAN:
        raise ValueError(_("the span is too long or runs backwards."))
    words = re.split(r"[\s,，;；\t]+", match.group(7), maxsplit=1)
    kind = words[0].lower()
    if kind not in _OFF | _ON:
        raise ValueError(_("say “off” or “work” after the date."))
    name = clean_line(words[1] if len(words) > 1 else words[0], max_length=60)
    for number in range((last - first).days + 1):
        yield Day(day=first + timedelta(days=number), works=kind in _ON, name=name)


def _date(parts: tuple[str, ...]) -> date:
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        raise ValueError(_("this is not a date.")) from None
