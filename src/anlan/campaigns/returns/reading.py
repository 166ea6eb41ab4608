"""What people type into a cell, read into its value; what cannot be read says why and what to write. Nothing typed is thrown away."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from anlan.campaigns.returns.template import GREATEST, Element
from anlan.kernel.errors import Invalid
from anlan.kernel.text import TextError, clean_text, fold

NONE_WORDS = frozenset(
    {"无", "没有", "不涉及", "不适用", "无此项", "暂无", "未涉及", "none", "n/a", "na", "not applicable"}
)
UNITS = (
    "家次",
    "人次",
    "家",
    "次",
    "人",
    "处",
    "份",
    "项",
    "起",
    "个",
    "台",
    "辆",
    "座",
    "公里",
    "部",
    "场",
    "支",
    "条",
    "名",
    "户",
    "件",
)
SAME_UNIT = {"名": "人"}
SCALES = {"万": 10_000, "亿": 100_000_000}
_FIGURE = re.compile(r"([+-]?)([\d,]*\.?\d+)([万亿]?)(?:(元)|(\D{1,3}))?")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")

WORDS = {
    "unread": (gettext_noop("“%(typed)s” is not a figure."), gettext_noop("Write digits only, for example 12.")),
    "whole": (
        gettext_noop("“%(typed)s” is not a whole number of %(unit)s."),
        gettext_noop("Write it without decimals."),
    ),
    "unit": (
        gettext_noop("This is counted in %(unit)s, not in %(typed_unit)s."),
        gettext_noop("Write the number of %(unit)s."),
    ),
    "negative": (
        gettext_noop("A figure cannot be below %(least)s."),
        gettext_noop("Write what was done this month; an earlier month is corrected by an amendment."),
    ),
    "too_large": (
        gettext_noop("%(typed)s is more than %(most)s."),
        gettext_noop("Look at the unit: yuan or ten thousand yuan, enterprises or visits."),
    ),
    "money": (gettext_noop("“%(typed)s” is no amount."), gettext_noop("Write yuan, for example 10000 or 1万元.")),
    "day": (gettext_noop("“%(typed)s” is no day."), gettext_noop("Write it like 2024-04-18.")),
    "choice": (gettext_noop("“%(typed)s” is not one of the choices."), gettext_noop("Choose one of: %(choices)s.")),
    "long": (gettext_noop("More than %(most)s signs."), gettext_noop("Shorten it.")),
    "text": (gettext_noop("This text holds signs that cannot be kept."), gettext_noop("Type it anew.")),
}
"""What is wrong, and what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """`blank`, or the `value` (None for “none”), or what is `wrong` with it: a word of `WORDS` and what that names."""

    value: int | str | date | None = None
    blank: bool = False
    wrong: str = ""
    names: dict[str, Any] | None = None

    @property
    def good(self) -> bool:
        return not self.wrong and not self.blank


def words_of(wrong: str, names: Mapping[str, Any] | None) -> tuple[str, str]:
    """What is wrong with something that could not be read, and what to write instead."""
    message, instead = WORDS[wrong]
    return _(message) % (names or {}), _(instead) % (names or {})


def read(element: Element, typed: object) -> Read:
    """A value as typed: text, or a number or day from a program. Full-width signs, thousands commas, 万 and units are understood."""
    if typed is None:
        return Read(value=None)
    text = typed.isoformat() if isinstance(typed, date) else str(typed).strip()
    if isinstance(typed, bool) or not text:
        return Read(blank=True) if not text else _wrong("unread", typed=text)
    plain = fold(text).strip()
    if plain in NONE_WORDS and (element.none or element.is_number):
        return Read(value=None if element.none else 0)
    if element.type == "count":
        return _count(element, plain)
    if element.type == "money":
        return _money(element, plain)
    if element.type == "date":
        return _day(plain)
    if element.type == "choice":
        return _choice(element, plain)
    return _text(element, text)


def _count(element: Element, plain: str) -> Read:
    found = _FIGURE.fullmatch(_tight(plain))
    if found is None or found[4]:
        return _wrong("unread", typed=plain)
    unit = SAME_UNIT.get(found[5] or "", found[5] or "")
    if unit and unit != element.unit:
        if unit in UNITS:
            return _wrong("unit", unit=element.unit, typed_unit=unit)
        return _wrong("unread", typed=plain)
    amount = _amount(found)
    if amount is None:
        return _wrong("unread", typed=plain)
    if amount != amount.to_integral_value():
        return _wrong("whole", typed=plain, unit=element.unit)
    return _bounded(element, int(amount), plain)


def _money(element: Element, plain: str) -> Read:
    """Yuan into fen; an amount without a unit is yuan."""
    found = _FIGURE.fullmatch(_tight(plain).removeprefix("¥"))
    if found is None or found[5]:
        return _wrong("money", typed=plain)
    amount = _amount(found)
    if amount is None or amount * 100 != (amount * 100).to_integral_value():
        return _wrong("money", typed=plain)
    return _bounded(element, int(amount * 100), plain)


def _tight(plain: str) -> str:
    """Without spaces, except between two figures, which are two figures."""
    return re.sub(r"(?<=\D)\s+|\s+(?=\D)", "", plain).replace("，", ",")


def _amount(found: "re.Match[str]") -> Decimal | None:
    try:
        return Decimal(found[1] + found[2].replace(",", "")) * SCALES.get(found[3], 1)
    except InvalidOperation:
        return None


def _bounded(element: Element, value: int, plain: str) -> Read:
    if value < element.least:
        return _wrong("negative", least=element.least)
    if value > min(element.most, GREATEST):
        return _wrong("too_large", typed=plain, most=element.most)
    return Read(value=value)


def _day(plain: str) -> Read:
    found = _DAY.fullmatch(plain)
    try:
        return Read(value=date(*map(int, found.groups()))) if found else _wrong("day", typed=plain)
    except ValueError:
        return _wrong("day", typed=plain)


def _choice(element: Element, plain: str) -> Read:
    for one in element.options:
        if plain in (one.code, fold(one.zh), fold(one.en)):
            return Read(value=one.code)
    return _wrong("choice", typed=plain, choices=" / ".join(one.label for one in element.options))


def _text(element: Element, text: str) -> Read:
    if len(text) > element.longest:
        return _wrong("long", most=element.longest)
    try:
        return Read(value=clean_text(text))
    except (TextError, Invalid):
        return _wrong("text")


def _wrong(code: str, **names: Any) -> Read:
    return Read(wrong=code, names=names)
