"""Normalised text: what a scraper, a converter or a keyboard added is gone, and every character knows its original place."""

import html
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from anlan.directives.reading.traced import Traced
from anlan.directives.reading.words import table

LONGEST = 200_000
"""Characters of a document; a thick plan has sixty thousand."""
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_TAG = re.compile(r"</?(?:p|br|div|span|strong|b|em|a|font|td|tr|table|img|h\d)(?:\s[^<>]{0,500})?/?>", re.IGNORECASE)
_ANNOTATION = re.compile(rf"(?<=[{HAN}?A-Za-z])[(（](?=[a-zü]*[{_TONED}])[a-zü{_TONED}]{{1,7}}[)）]")
_UNTONED = re.compile(rf"(?<=[{HAN}])[(（](?:de|le|ma|ba|ne|men|zi|tou|zhe|me|li|shang)[)）]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WIDE = str.maketrans(
    {code: chr(code - 0xFEE0) for code in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
)
_NARROW = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_NARROW_MARK = re.compile(rf"(?<=[{HAN}”’》〕）%％])[,;:!]|[,;:!](?=[{HAN}“‘《])|[()]")
_YEAR = re.compile(r"[〔\[【﹝（(［]((?:19|20)\d\d)[〕\]】﹞）)］](?=第?\d{1,4}号)")
_MARKS = re.compile(r"[，,]+(?=[，、。；：！？”』])|，{2,}|、(?=[，。；])|。{2,}|(?<=[。；])[，、]")
_GAP = re.compile(
    rf"(?<=[{HAN}，。；：、！？“”《》（）〔〕\d])[ \t\u3000\xa0]+(?=[{HAN}，。；：、！？“”《》（）〔〕])|(?<=[{HAN}])[ \t\u3000\xa0]+(?=\d)"
)
_EDGES = re.compile(r"^[ \t\u3000\xa0]+|[ \t\u3000\xa0]+$", re.MULTILINE)
_FIGURE = r"[\d〇○零一二三四五六七八九十]"
_BROKEN_DAY = re.compile(
    rf"(?<={_FIGURE}年)\n+(?={_FIGURE}{{1,2}}月)|(?<={_FIGURE}月)\n+(?={_FIGURE}{{1,3}}[日号])|(?<={_FIGURE})\n+(?=[年月日号](?!程|志))"
    rf"|(?<=月{_FIGURE})\n+(?={_FIGURE}{{1,2}}[日号])|(?<={_FIGURE}[日号底末])\n+(?=之?前|以前)|(?<=月[底末])\n+(?=之?前|以前)"
    rf"|(?<=月{_FIGURE}{{2}})\n+(?={_FIGURE}[日号])"
)
"""A line that ends within a day, as a page or a text recognition breaks it: 9月\n30日前."""
_BLANK = re.compile(r"\n{2,}")
_SHARD = re.compile(rf"[?\ufffd][a-zü{_TONED}]{{1,7}}[)）]|\ufffd+|(?<=[{HAN}])\?(?=[{HAN}\d])")
"""What is left of a character that no converter can bring back."""
LOST = "□"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was taken out or put right; `start` and `end` count characters of the original."""

    kind: str
    start: int
    end: int
    was: str


@dataclass(frozen=True, slots=True)
class Normal:
    """What is read from here on, how it lies in the original, what was changed and where something is lost for good."""

    traced: Traced
    changes: tuple[Change, ...]
    damaged: tuple[tuple[int, int], ...]
    """In characters of the normalised text."""
    dates_seen: tuple[str, ...]
    """Lines of the page that carried a date beside their noise: when no other date is found, the page's own."""

    @property
    def text(self) -> str:
        return self.traced.text


def normalise(text: str) -> Normal:
    """Raises ValueError when the text is longer than `LONGEST` characters."""
    if len(text) > LONGEST:
        raise ValueError(f"a document has at most {LONGEST} characters")
    changes: list[Change] = []
    traced = Traced.of(text).rewrite(re.compile(r"\r\n?|\x85"), "\n")
    traced = (
        traced.rewrite(_TAG, _break).rewrite(_ENTITY, lambda found: html.unescape(found[0])).rewrite(_INVISIBLE, "")
    )
    traced = _repairs(traced, changes)
    traced = _losses(_annotations(traced, changes), changes)
    traced = _script(traced, changes)
    traced = _punctuation(traced)
    traced = traced.rewrite(_GAP, "").rewrite(_EDGES, "").rewrite(_BROKEN_DAY, "")
    traced, dates = _without_noise(traced, changes)
    traced = _unrepeated(traced, changes)
    traced = _unwrapped(traced).rewrite(_BLANK, "\n").rewrite(re.compile(r"^\n+|\n+$"), "")
    damaged = tuple(found.span() for found in re.finditer(f"{LOST}+", traced.text))
    return Normal(traced, tuple(sorted(changes, key=lambda one: one.start)), damaged, dates)


def _break(found: re.Match[str]) -> str:
    return "\n" if re.match(r"</?(?:p|br|div|tr|h\d)", found[0], re.IGNORECASE) else ""


def _annotations(traced: Traced, changes: list[Change]) -> Traced:
    """Readings in brackets behind a character, as some converters leave them: 網(wǎng)."""
    found = list(_ANNOTATION.finditer(traced.text))
    if not found:
        return traced
    low, high = traced.original(found[0].start(), found[-1].end())
    changes.append(Change("annotation", low, high, f"{len(found)} × {found[0][0]}"))
    traced = traced.rewrite(_ANNOTATION, "")
    return traced.rewrite(_UNTONED, "") if len(found) >= 3 else traced


def _noted(kind: str, pattern: re.Pattern[str], traced: Traced) -> list[Change]:
    return [Change(kind, *traced.original(*found.span()), found[0]) for found in pattern.finditer(traced.text)]


def _losses(traced: Traced, changes: list[Change]) -> Traced:
    changes.extend(_noted("lost", _SHARD, traced))
    return traced.rewrite(_SHARD, LOST)


def _repairs(traced: Traced, changes: list[Change]) -> Traced:
    for row in table("noise")["repair"]:
        pattern = re.compile(re.escape(row["was"]))
        changes.extend(_noted("repair", pattern, traced))
        traced = traced.rewrite(pattern, row["is"])
    return traced


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _script(traced: Traced, changes: list[Change]) -> Traced:
    """
    Simplified where characters are traditional. A single one among simplified text is a name or a quotation and stays: what
    decides is whether one in twenty of the Chinese characters changes.
    """
    simple = _converter().convert(traced.text)
    han = sum("\u3400" <= char <= "\u9fff" for char in traced.text) or 1
    if len(simple) != len(traced.text):  # a phrase of another length: character by character
        simple = "".join(part if len(part := _converter().convert(char)) == 1 else char for char in traced.text)
    differ = [place for place, (old, new) in enumerate(zip(traced.text, simple, strict=True)) if old != new]
    if len(differ) * 20 < han:
        return traced
    low, high = traced.original(differ[0], differ[-1] + 1)
    changes.append(Change("traditional", low, high, f"{len(differ)} characters"))
    traced = traced.written_as(simple)
    for row in table("noise")["script"]:
        traced = traced.rewrite(re.compile(row["was"]), row["is"])
    return traced


def _punctuation(traced: Traced) -> Traced:
    traced = traced.written_as(traced.text.translate(_WIDE))
    traced = traced.rewrite(_YEAR, lambda found: f"〔{found[1]}〕")
    traced = traced.rewrite(_NARROW_MARK, lambda found: _NARROW[found[0]])
    traced = traced.rewrite(re.compile(rf"(?<=[{HAN}])\.(?=\s|$)", re.MULTILINE), "。")
    traced = _quotes(traced)
    return traced.rewrite(_MARKS, "")


def _quotes(traced: Traced) -> Traced:
    """Straight double quotes become an opening and a closing one in turn; every line begins anew."""
    out, opening = [], True
    for char in traced.text:
        if char == '"':
            out.append("“" if opening else "”")
            opening = not opening
            continue
        opening = opening or char == "\n"
        out.append(char)
    return traced.written_as("".join(out))


@cache
def _noise() -> tuple[tuple[tuple[str, re.Pattern[str]], ...], tuple[tuple[str, re.Pattern[str]], ...]]:
    rows = table("noise")
    line = tuple((row["kind"], re.compile(row["match"])) for row in rows["line"])
    inside = tuple((row["kind"], re.compile(row["match"], re.MULTILINE)) for row in rows["inside"])
    return line, inside


_DATED = re.compile(r"(?<!\d)(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def _without_noise(traced: Traced, changes: list[Change]) -> tuple[Traced, tuple[str, ...]]:
    whole, inside = _noise()
    dates: list[str] = []
    for kind, pattern in inside:
        changes.extend(_noted(kind, pattern, traced))
        traced = traced.rewrite(pattern, "")

    def judged(found: re.Match[str]) -> str:
        line = found[0]
        kind = next((kind for kind, pattern in whole if pattern.search(line)), None)
        dated = _DATED.search(line)
        if kind is None and dated and re.search(r"来源|\d\d:\d\d|发布", line) and len(line) < 60:
            kind = "site"
        # A long line of prose is never dropped for one word in it.
        if kind is None or (len(line) > 90 and kind != "site") or len(line) > 160:
            return line
        if dated:
            dates.append(f"{dated[1]}-{int(dated[2]):02}-{int(dated[3]):02}")
        changes.append(Change(kind, *traced.original(*found.span()), line))
        return ""

    return traced.rewrite(re.compile(r"[^\n]+"), judged), tuple(dates)


def _unrepeated(traced: Traced, changes: list[Change]) -> Traced:
    """A page says its title above the text and in it."""
    seen: set[str] = set()

    def judged(found: re.Match[str]) -> str:
        line = found[0]
        if len(seen) < 6 and line in seen and len(line) >= 8:
            changes.append(Change("repeat", *traced.original(*found.span()), line))
            return ""
        seen.add(line)
        return line

    return traced.rewrite(re.compile(r"[^\n]+"), judged)


_BEGINS = re.compile(
    r"等级|签发人|主送|抄送|责任单位|[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d{1,2}[.．、]|附件|抄送|[一二三四五六七八九十]是|第[一二三四五六七八九十]+[，、章条]"
)


_ENDED = re.compile(r"〔\d{4}〕\d+号$|^.{0,40}的?(?:紧急)?(?:通知|意见|通报|方案|决定|公告|通告|批复|报告)$")
"""A full line that ends a number or a title."""


def _unwrapped(traced: Traced) -> Traced:
    """Lines that a page layout broke are joined: where most full lines end within a sentence, each goes on in the next."""
    lines = [line for line in traced.text.split("\n") if line]
    if len(lines) < 8:
        return traced
    width = sorted(len(line) for line in lines)[int(len(lines) * 0.9)]
    broken = sum(line[-1] not in "。：；！？”）" for line in lines if len(line) >= width * 0.85)
    if not 12 <= width <= 60 or broken * 2 < sum(len(line) >= width * 0.85 for line in lines):
        return traced
    text = traced.text

    def _ended(before: str, place: int) -> bool:
        since = text[max(0, place - 120) : place].rpartition("关于")
        return bool(_ENDED.search(before)) and (
            before[-1] == "号" or (bool(since[1]) and not re.search("[。：]", since[2]))
        )

    def joined(found: re.Match[str]) -> str:
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        full = len(before) >= width - 4 and before[-1] not in "。：！？" and not _ended(before, found.start())
        return "" if full and not _BEGINS.match(text, found.end()) else found[0]

    return traced.rewrite(re.compile(r"\n(?=[^\n])"), joined)
