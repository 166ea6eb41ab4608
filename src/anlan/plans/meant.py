"""What a plan's cell means where it is written as people write it: `2025年6月底前`, `年底前`, `40家`."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date

_BEFORE = r"(?:之?前|以前|止|完成|前完成)?"
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_TENTHS = {"上旬": 10, "中旬": 20}
_YEAR = r"(?:(?P<year>\d{4})年)?"
_AMOUNT = re.compile(r"(\d{1,13}(?:\.\d{1,2})?) ?([^\W\d_]{1,10})")


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _whole_day(found: re.Match[str], year: int) -> tuple[date, date]:
    day = date(year, int(found["month"]), int(found["day"]))
    return day, day


def _months(found: re.Match[str], year: int) -> tuple[date, date]:
    first, last = int(found["month"]), int(found["last"] or found["month"])
    if tenth := _TENTHS.get(found["part"] or ""):
        return date(year, first, tenth - 9), date(year, last, tenth)
    return date(year, first, 21 if found["part"] == "下旬" else 1), _end(year, last)


def _quarter(found: re.Match[str], year: int) -> tuple[date, date]:
    last = _QUARTERS[found["quarter"]] * 3
    return date(year, last - 2, 1), _end(year, last)


def _half(found: re.Match[str], year: int) -> tuple[date, date]:
    return (date(year, 1, 1), date(year, 6, 30)) if found["half"] == "上" else (date(year, 7, 1), date(year, 12, 31))


def _year(_found: re.Match[str], year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int], tuple[date, date]]], ...] = (
    (re.compile(rf"{_YEAR}(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]?{_BEFORE}"), _whole_day),
    (re.compile(rf"(?P<year>\d{{4}})[-./](?P<month>\d{{1,2}})[-./](?P<day>\d{{1,2}}){_BEFORE}"), _whole_day),
    (
        re.compile(
            rf"{_YEAR}(?P<month>\d{{1,2}})(?:月?[-—–~至]+(?P<last>\d{{1,2}}))?月"
            rf"(?P<part>底|末|份|上旬|中旬|下旬)?{_BEFORE}"
        ),
        _months,
    ),
    (re.compile(rf"(?P<year>\d{{4}})[-./](?P<month>\d{{1,2}})(?P<last>)(?P<part>){_BEFORE}"), _months),
    (re.compile(rf"{_YEAR}第?(?P<quarter>[一二三四1-4])季度(?:[底末])?{_BEFORE}"), _quarter),
    (re.compile(rf"{_YEAR}(?P<half>[上下])半年(?:[底末])?{_BEFORE}"), _half),
    (re.compile(rf"(?P<year>\d{{4}})年(?:年?[底末内]|全年|度)?{_BEFORE}"), _year),
    (re.compile(rf"(?:当年|本年|全|今)?年[底末内度]?{_BEFORE}"), _year),
)


A_LEAP_YEAR = 2000


def span_meant(text: str, year: int) -> tuple[date, date] | None:
    """First and last day of what is written; without a year in it the one given. None where it is no day at all."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    for form, read in FORMS:
        if found := form.fullmatch(plain):
            said = found.groupdict().get("year")
            try:
                return read(found, int(said) if said else year)
            except ValueError:
                return None
    return None


def is_span(text: str) -> bool:
    """Whether it is a day or a span of days in some year."""
    return span_meant(text, A_LEAP_YEAR) is not None


def day_written(text: str, year: int, *, first: bool = False) -> str:
    """The day that is meant, as a sheet takes it; what is none is left to be told at its cell."""
    span = span_meant(text, year)
    return text if span is None else str(span[0 if first else 1])


def amount_written(text: str) -> tuple[str, str]:
    """`40家` → `40`, `家`; anything else stays whole."""
    found = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).replace(",", "").replace("，", "").strip())
    return (found[1], found[2]) if found else (text, "")
