"""By when and how often. What is absolute becomes a day; what hangs on a later event stays a rule for the calendar."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from anlan.directives.reading.traced import Traced
from anlan.directives.reading.words import table

_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_PAST = timedelta(days=60)
"""A day without a year that lies further back than this is one of the next year."""
UNREAL = "no_such_day"


@dataclass(frozen=True, slots=True)
class When:
    """
    A time limit as it stands at `start` to `end`. `due` is the last day, or None where only `rule` knows: a number of working days
    (`working_days`), days or hours after the document is received, a period of no fixed day, or a start alone.
    """

    kind: str
    text: str
    start: int
    end: int
    due: date | None = None
    rule: dict[str, Any] = field(default_factory=dict)

    @property
    def limits(self) -> bool:
        """Whether it says by when at all."""
        return self.kind not in ("from", "months", "at_once")

    @property
    def unreal(self) -> bool:
        """A day that no calendar has (2月30日): what was meant only a person can find out."""
        return bool(self.rule.get(UNREAL))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """
    `every` unit (day, workday, week, tenday, halfmonth, month, quarter, halfyear, year), or every `interval` of them, `times` each
    (0: not said), as a least number or exactly; by the `day` of the month or the `weekday` (1 Monday to 7) when that is said.
    `unreal`: a day is said that no month has (每月45日前).
    """

    every: str
    text: str
    start: int
    end: int
    interval: int = 1
    times: int = 0
    at_least: bool = False
    day: int = 0
    weekday: int = 0
    unreal: bool = False


def number(words: str) -> int:
    if words.isdigit():
        return int(words)
    if words.startswith("十"):
        return 10 + _NUMBERS.get(words[1:], 0)
    if "十" in words:
        tens, _, ones = words.partition("十")
        return _NUMBERS.get(tens, 0) * 10 + _NUMBERS.get(ones, 0)
    return _NUMBERS.get(words, 0)


_ONES = "一二三四五六七八九"
_DAY_WORDS = rf"(?:[{_ONES}]?十[{_ONES}]?|[{_ONES}]|\d{{1,2}})"
_SPELT = re.compile(
    rf"(?<![历{_ONES}十百个第数〇○零\d])(?:(?P<year>[〇○零{_ONES}]{{4}})年)?(?P<month>十[一二]?|[{_ONES}]|\d{{1,2}})月"
    rf"(?:(?P<day>{_DAY_WORDS})(?P<unit>日|号(?=之?前|以前|下班|[至到起，。；（]|开始|$))"
    r"|(?=份?(?:[底末]|初(?!{_ONES})|[上中下]旬|之?前|以前|(?:组织|开展|召开|举办|启动|完成)(?!了|的))))"
    rf"|(?<=[每本当下次]月|个月|季度)(?P<alone>{_DAY_WORDS})[日号](?=之?前|以前)"
    rf"|(?<=日[至到])(?P<last>{_DAY_WORDS})日"
)
"""九月三十日, 9月30号, 每月二十五日前: what figures and 日 would say. Days of the old calendar (农历) are none of these."""
_FIGURES = str.maketrans(dict(zip("〇○零" + _ONES, "000123456789", strict=True)))


def _figures(found: re.Match[str]) -> str:
    if words := found["alone"] or found["last"]:
        return f"{number(words)}日"
    year = f"{found['year'].translate(_FIGURES)}年" if found["year"] else ""
    day = f"{number(found['day'])}日" if found["day"] else ""
    return f"{year}{number(found['month'])}月{day}"


Span = Callable[[int, int], tuple[int, int]]


def _in_figures(text: str) -> tuple[str, Span]:
    """The text with its days in figures, to be read, and the way back to the places of the text as it is shown."""
    if _SPELT.search(text) is None:
        return text, lambda start, end: (start, end)
    traced = Traced.of(text).rewrite(_SPELT, _figures)
    return traced.text, traced.original


@cache
def _patterns(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row.get("kind", ""), re.compile(row["match"])) for row in table("times")[kind])


_DAY = re.compile(r"\s?(?P<day>\d{1,2})日(?:之?前|以前)?")
_WEEKDAY = re.compile(
    r"(?:星期|周)?(?P<weekday>[一二三四五六日天])(?!次|遍|轮|批|期|场|个|调度|通报|至|到)(?:下班)?(?:之?前|以前)?"
)
_TIMES = re.compile(r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})(?:次|遍|轮|批|期|场|例|个班次)")
_AT_LEAST = re.compile("至少|不少于|不低于|以上")


def rhythms(text: str) -> list[Rhythm]:
    """Every rhythm in a stretch of one sentence, in order."""
    units = table("times")["units"]
    shown = text
    text, placed = _in_figures(text)
    found = sorted(
        (one for _, pattern in _patterns("every") for one in pattern.finditer(text)), key=lambda one: one.start()
    )
    kept: list[re.Match[str]] = []
    for one in found:
        if not kept or one.start() >= kept[-1].end():
            kept.append(one)
    out = []
    for place, one in enumerate(kept):
        stop = kept[place + 1].start() if place + 1 < len(kept) else len(text)
        unit = units[one["unit"]]
        after = text[one.end() : stop]
        end, day, weekday, unreal = one.end(), 0, 0, False
        if unit in ("month", "quarter") and (said := _DAY.match(after)):
            day, end = int(said["day"]), one.end() + said.end()
            unreal = not 1 <= day <= 31  # the 31st of a shorter month is its last day
            day = 0 if unreal else day
        elif unit == "week" and (said := _WEEKDAY.match(after)):
            weekday, end = "一二三四五六日".find(said["weekday"].replace("天", "日")) + 1, one.end() + said.end()
        clause = re.split("[，；。]", after, maxsplit=1)[0]
        counted = _TIMES.search(clause)
        start, stop = placed(one.start(), end)
        out.append(
            Rhythm(
                every=unit,
                text=shown[start:stop],
                start=start,
                end=stop,
                interval=number(one.groupdict().get("n") or "1") or 1,
                times=number(counted["n"]) if counted else (1 if text[one.start()] == "一" else 0),
                at_least=bool(_AT_LEAST.search(clause)),
                day=day,
                weekday=weekday,
                unreal=unreal,
            )
        )
    return out


def whens(text: str, dated: date | None) -> list[When]:
    """Every time limit in a stretch of text, in order; `dated` is the day of the document, which tells the year."""
    taken = [(one.start, one.end) for one in rhythms(text)]
    found: list[When] = []
    figures, placed = _in_figures(text)
    for kind, pattern in _patterns("when"):
        for one in pattern.finditer(figures):
            start, end = placed(*one.span())
            if any(start < high and low < end for low, high in taken):
                continue
            taken.append((start, end))
            due, rule = _COMPUTE[kind]({key: value for key, value in one.groupdict().items() if value}, dated)
            found.append(When(kind, text[start:end], start, end, due, rule))
    return sorted(found, key=lambda one: one.start)


Facts = dict[str, str]
Computed = tuple[date | None, dict[str, Any]]


def _year(facts: Facts, dated: date | None, key: str = "year") -> int | None:
    """The year that is said; a word such as 今年 needs the document's."""
    said = facts.get(key, "")
    if said[:4].isdigit() and len(said) >= 4:
        return int(said[:4])
    if said and dated:
        return dated.year + (said in ("明年", "次年"))
    return None


def _safe(year: int, month: int, day: int) -> date | None:
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    return date(year, month, min(day, monthrange(year, month)[1]))


_LEAP = 2024
"""Stands for a year that nothing tells: any day of it may be meant."""


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _placed(facts: Facts, dated: date | None, month: int, day: int) -> date | None:
    """A month and a day in the year that is said, or in the next in which they come."""
    year = _year(facts, dated)
    if year is None and dated is None:
        return None
    one = _safe(year or (dated.year if dated else 0), month, day)
    if year is None and one and dated and dated - one > _PAST:
        one = _safe(dated.year + 1, month, day)
    return one


def _date(facts: Facts, dated: date | None) -> Computed:
    month, day = int(facts["month"]), int(facts["day"])
    due = _placed(facts, dated, month, day)
    rule: dict[str, Any] = {"month": month, "day": day}
    if _exists(due.year if due else _LEAP, month, day):
        return due, rule
    return None, rule | {UNREAL: True}


def _range(facts: Facts, dated: date | None) -> Computed:
    facts = {"month": facts["fmonth"]} | facts
    if "year" not in facts and "fyear" in facts:
        facts = facts | {"year": facts["fyear"]}
    due, rule = _date(facts, dated)
    first = _placed({"year": facts.get("fyear", "")}, dated, int(facts["fmonth"]), int(facts["fday"]))
    return due, rule | ({"from": first.isoformat()} if first else {})


_PARTS = {"初": 5, "上旬": 10, "中旬": 20}


def _month(facts: Facts, dated: date | None) -> Computed:
    """Before the middle of a month is before its twentieth; before a month, and within it, is taken as by its end or begin."""
    month = int(facts["month"])
    day = _PARTS.get(facts.get("part", ""), 31)
    due = _placed(facts, dated, month, day) if 1 <= month <= 12 else None
    return due, {"month": month, "part": facts.get("part", "")}


def _months(facts: Facts, dated: date | None) -> Computed:
    return None, {"from_month": int(facts["fmonth"]), "to_month": int(facts["month"])}


def _this_month(facts: Facts, dated: date | None) -> Computed:
    ahead = int(facts.get("which", "") in ("下月", "次月", "下个月"))
    day = int(facts.get("day", 31))
    rule: dict[str, Any] = {"months_ahead": ahead, "day": day}
    if dated is None:
        return None, rule
    month = dated.month + ahead
    due = _safe(dated.year + (month > 12), (month - 1) % 12 + 1, day)
    if "day" in facts and (due is None or due.day != day):
        return None, rule | {UNREAL: True}
    return due, rule


def _week(facts: Facts, dated: date | None) -> Computed:
    ahead = int(facts["which"] == "下周")
    weekday = "一二三四五六日".find(facts.get("weekday", "日").replace("天", "日").replace("末", "日")) + 1
    rule = {"weeks_ahead": ahead, "weekday": weekday}
    if dated is None:
        return None, rule
    return dated + timedelta(days=7 * ahead + weekday - dated.isoweekday()), rule


def _quarter(facts: Facts, dated: date | None) -> Computed:
    month = number(facts["quarter"]) * 3
    return _placed(facts, dated, month, 31), {"month": month, "part": "底"}


def _half(facts: Facts, dated: date | None) -> Computed:
    month = 6 if facts["half"] == "上" else 12
    return _placed(facts, dated, month, 31), {"month": month, "part": "底"}


def _whole_year(facts: Facts, dated: date | None) -> Computed:
    return _placed(facts, dated, 12, 31), {"month": 12, "part": "底"}


_UNITS = {
    "工作日": "working_days",
    "日": "days",
    "天": "days",
    "小时": "hours",
    "分钟": "minutes",
    "周": "weeks",
    "星期": "weeks",
    "月": "months",
}


def _limit(facts: Facts, dated: date | None) -> Computed:
    return None, {_UNITS[facts["unit"]]: number(facts["n"]), "after": "received"}


def _ahead(facts: Facts, dated: date | None) -> Computed:
    return None, {_UNITS[facts["unit"]]: number(facts["n"]), "ahead": True}


def _festival(facts: Facts, dated: date | None) -> Computed:
    """The day before it; which year's is that of the document's day."""
    name = facts["festival"]
    rule = {"before": name}
    if dated is None:
        return None, rule
    words = table("times")
    if name in words["festivals"]:
        month, day = (int(part) for part in words["festivals"][name].split("-"))
        days = [date(dated.year, month, day), date(dated.year + 1, month, day)]
    else:
        days = [date.fromisoformat(one) for one in words["moving"][name]]
    coming = next((one for one in days if one > dated and one - dated < timedelta(days=400)), None)
    return (coming - timedelta(days=1) if coming else None), rule


def _period(facts: Facts, dated: date | None) -> Computed:
    return None, {"before": facts["period"]}


def _from(facts: Facts, dated: date | None) -> Computed:
    first = _placed(facts, dated, int(facts["month"]), int(facts.get("day", "1").rstrip("日")))
    return None, {"from": first.isoformat()} if first else {}


def _at_once(facts: Facts, dated: date | None) -> Computed:
    """Without delay, yet by no day."""
    return None, {"at_once": True}


_COMPUTE: dict[str, Callable[[Facts, date | None], Computed]] = {
    "range": _range, "date": _date, "months": _months, "month": _month, "this_month": _this_month, "week": _week, "quarter": _quarter,
    "half": _half, "year": _whole_year, "limit": _limit, "ahead": _ahead, "festival": _festival, "period": _period, "from": _from,
    "at_once": _at_once,
}  # fmt: skip


def marks(text: str, dated: date | None) -> Iterator[tuple[int, int]]:
    """Where times and rhythms stand."""
    yield from ((one.start, one.end) for one in rhythms(text))
    yield from ((one.start, one.end) for one in whens(text, dated))
