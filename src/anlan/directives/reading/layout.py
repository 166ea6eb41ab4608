"""The parts of an official document: who wrote to whom, when, under which number, and how its body is divided."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from anlan.directives.reading.normal import Normal
from anlan.directives.reading.organs import addressees_in, ends_like_organ
from anlan.directives.reading.words import table

NUMBER = re.compile(r"[\u4e00-\u9fffA-Z]{0,14}〔((?:19|20)\d\d)〕第?(\d{1,4})号")
DATED = re.compile(r"((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日")
_LEVELS = (
    re.compile(r"[一二三四五六七八九十百]{1,3}、"),
    re.compile(r"（[一二三四五六七八九十]{1,3}）"),
    re.compile(r"\d{1,2}[.．、](?!\d(?!0\d\d年))"),
    re.compile(r"（\d{1,2}）|[①-⑳]"),
)
_TITLE_ENDS = re.compile(
    r"(通知|意见|通报|方案|函|决定|公告|通告|报告|批复|纪要|提示|计划|要点|办法|规定|措施|令|情况|清单|细则|讲话|公报|请示)(（[^）]{1,12}）)?$"
)
_DIGITS = dict(zip("〇一二三四五六七八九", range(10), strict=True)) | {"○": 0, "Ｏ": 0, "零": 0}
MASTHEAD = re.compile(r"([\u4e00-\u9fff（）]{4,30}?)((?:19|20)\d\d年\d{1,2}月\d{1,2}日)")
FIELD = re.compile(
    r"(?P<name>(?:责任|牵头|主责|落实|配合|整改)(?:单位|部门|人|领导)|(?:完成|整改|办理|落实)?(?:时限|时间)(?:要求)?)：(?P<words>.{2,120})"
)
_HAN_DATE = re.compile(
    r"([〇○Ｏ零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)


@dataclass(frozen=True, slots=True)
class Block:
    """
    A line of the document. `kind`: letterhead, masthead (issuer and day in one line), number, title, note, addressees,
    heading, paragraph, field (责任单位：… for what stands above), attachment, signature or date.

    `level` of a heading is 1 to 4 (一、（一）1.（1）); a heading that runs into its paragraph ends at `heading_end`.
    `role` is what its part of the document does: asks, facts, problems, aims, or "" when nothing tells.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    heading_end: int = 0
    role: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    title: str
    number: str
    issuer: str
    dated: date | None
    addressees: tuple[str, ...]
    blocks: tuple[Block, ...]
    asks: bool
    """By its title a document that asks, so that what nothing marks otherwise is asked."""


def lay_out(normal: Normal) -> Layout:
    lines = [(start, end) for start, end in normal.traced.lines() if end > start]
    blocks = list(_with_levels(_kinds(normal.text, lines), normal.text))
    said = {kind: [normal.text[one.start : one.end] for one in blocks if one.kind == kind] for kind in KINDS}
    title = "".join(said["title"])
    asks = bool(re.search(table("sections")["asking"]["match"], re.sub(r"（[^）]*）$", "", title)))
    number = next((found[0] for line in said["number"] if (found := NUMBER.search(line))), "")
    return Layout(
        title=title,
        number=number,
        issuer=_issuer(said, title),
        dated=_dated(said, normal),
        addressees=tuple(one for line in said["addressees"] for one in addressees_in(line)),
        blocks=tuple(_with_roles(blocks, normal.text, asks=asks)),
        asks=asks,
    )


KINDS = (
    "masthead",
    "field",
    "letterhead",
    "number",
    "title",
    "note",
    "addressees",
    "heading",
    "paragraph",
    "attachment",
    "signature",
    "date",
)


def _kinds(text: str, lines: list[tuple[int, int]]) -> Iterator[Block]:
    titled = False
    began = False
    for place, (start, end) in enumerate(lines):
        line = text[start:end]
        kind = "paragraph"
        if place < 8 and not began:
            kind = _opening(line, titled=titled, following=[text[a:b] for a, b in lines[place + 1 : place + 4]])
        elif place >= len(lines) - 8:
            kind = _closing(line)
        if FIELD.fullmatch(line):
            kind = "field"
        if kind == "paragraph" and re.match(r"附(件|表)\d*[:：]", line):
            kind = "attachment"
        titled = titled or kind == "title"
        began = began or kind in ("paragraph", "addressees", "heading")
        yield Block(kind, start, end)


def _opening(line: str, *, titled: bool, following: list[str]) -> str:
    if NUMBER.search(line) and len(line) <= 40 and line.endswith("号") and "关于" not in line:
        return "number"
    if (masthead := MASTHEAD.fullmatch(line)) and ends_like_organ(masthead[1]):
        return "masthead"
    if re.fullmatch(r"（?[^（）。]{0,60}(通过|印发|修订)?）?", line) and DATED.search(line) and line.startswith("（"):
        return "note"
    if DATED.fullmatch(line) or _HAN_DATE.fullmatch(line):
        return "date"
    if line.endswith("文件") and len(line) <= 40:
        return "letterhead"
    if line.endswith(("：", ":")) and len(line) <= 240 and "。" not in line and addressees_in(line):
        return "addressees"
    if line[-1] in "。；！？：，" or any(level.match(line) for level in _LEVELS) or len(line) > 70:
        return "paragraph"
    if _TITLE_ENDS.search(line) or line.startswith("关于"):
        return "title"
    if any(NUMBER.fullmatch(one) or one.startswith("关于") for one in following) and ends_like_organ(line):
        return "letterhead"
    return "title" if not titled and len(line) <= 50 else "paragraph"


def _closing(line: str) -> str:
    if DATED.fullmatch(line) or _HAN_DATE.fullmatch(line):
        return "date"
    if len(line) <= 40 and line[-1] not in "。；：，！？" and ends_like_organ(line):
        return "signature"
    return "paragraph"


def _with_levels(blocks: Iterator[Block], text: str) -> Iterator[Block]:
    for block in blocks:
        line = text[block.start : block.end]
        level = next((depth for depth, pattern in enumerate(_LEVELS, start=1) if pattern.match(line)), 0)
        if block.kind != "paragraph" or not level:
            yield block
            continue
        stop = re.search(r"。(?=.)", line)
        alone = stop is None and line[-1] not in "。；：！？" and len(line) <= 60
        if alone:
            yield replace(block, kind="heading", level=level, heading_end=block.end)
        elif (
            stop and stop.start() <= 40 and not _only_bracket(line[stop.end() :]) and not _demands(line[: stop.start()])
        ):
            yield replace(block, level=level, heading_end=block.start + stop.end())
        else:
            yield replace(block, level=level)


def _only_bracket(words: str) -> bool:
    """Only （责任单位：…） stands behind a sentence: this is the demand then and no heading."""
    return bool(re.fullmatch(r"（[^（）]*(?:（[^（）]*）[^（）]*)*）", words))


def _demands(words: str) -> bool:
    """A numbered sentence that itself says who or by when is no heading; in brackets behind one it may."""
    return bool(
        re.search("要(?!求|点|素)|应当?(?!急)|须|请|日前|底前|负责(?!人)|每", re.sub(r"（[^（）]*）", "", words))
    )


@cache
def _sections() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["role"], re.compile(row["match"])) for row in table("sections")["section"])


def role_of(words: str) -> str:
    """The role that these words announce, by the last of them that announces one; "" when none does."""
    best = (-1, "")
    for role, pattern in _sections():
        for found in pattern.finditer(words):
            best = max(best, (found.start(), role))
    return best[1]


def _with_roles(blocks: list[Block], text: str, *, asks: bool) -> Iterator[Block]:
    """A heading's role holds until one of its level or above; a lead-in's until the next heading or lead-in."""
    stack: dict[int, str] = {}
    lead = ""
    for block in blocks:
        if block.kind not in ("heading", "paragraph"):
            yield block
            continue
        line = text[block.start : block.end]
        if block.level:
            stack = {level: role for level, role in stack.items() if level < block.level}
            lead = lead if stack or block.level > 1 else ""
            own = role_of(text[block.start : block.heading_end or min(block.end, block.start + 40)])
            if own:
                stack[block.level] = own
                lead = ""
        elif announced := _lead_in(line):
            lead = announced
            if not stack:
                # What ends in a colon tells of what follows it; itself it is what its first words say.
                own = role_of(re.split("[，。：]", line, maxsplit=1)[0]) if line.endswith("：") else announced
                yield replace(block, role=own)
                continue
        closest = stack[max(stack)] if stack else ""
        yield replace(block, role=closest or lead or ("asks" if asks else ""))


def _lead_in(line: str) -> str:
    """What a paragraph without heading announces: at its very start, or where it ends in a colon for what follows."""
    head = re.split("[，。：]", line, maxsplit=1)[0]
    return (role_of(line[-30:]) if line.endswith("：") else "") or role_of(head)


def _issuer(said: dict[str, list[str]], title: str) -> str:
    if said["signature"]:
        return said["signature"][-1]
    if said["letterhead"]:
        return re.sub("文件$", "", said["letterhead"][0])
    if said["masthead"] and (found := MASTHEAD.fullmatch(said["masthead"][0])):
        return found[1]
    before = re.match(r"(.{2,30}?)关于", title)
    return before[1] if before and ends_like_organ(before[1]) else ""


def _dated(said: dict[str, list[str]], normal: Normal) -> date | None:
    for line in [*reversed(said["date"]), *said["masthead"], *said["note"]]:
        if found := DATED.search(line):
            return _day(*(int(part) for part in found.groups()))
        if found := _HAN_DATE.search(line):
            year = int("".join(str(_DIGITS[char]) for char in found[1]))
            return _day(year, _han(found[2]), _han(found[3]))
    for seen in normal.dates_seen:
        return date.fromisoformat(seen) if _day(*(int(part) for part in seen.split("-"))) else None
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _han(words: str) -> int:
    tens, _, ones = words.rpartition("十")
    if "十" not in words:
        return _DIGITS.get(words, 0)
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
