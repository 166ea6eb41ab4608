"""Sentences and clauses of a block, cut at marks that stand outside quotations, brackets and titles of works."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPEN, _CLOSE = "“（《〔‘【", "”）》〕’】"
_ITEM = re.compile(
    r"(?:[一二三四五六七八九十](?:是要?|要(?!求))|第[一二三四五六七八九十]，|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、](?!\d(?!0\d\d年))|[①-⑳])"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence or a stretch of it. `item` is the length of its own number (一是, （一）); `last` is the mark it ends in."""

    start: int
    end: int
    item: int = 0
    last: str = ""


def cut(text: str, start: int, end: int, marks: str) -> Iterator[Part]:
    """Stretches of `text[start:end]` between the marks, without them; an unclosed quotation ends with the stretch."""
    depth, begin = 0, start
    for place in range(start, end):
        char = text[place]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(depth - 1, 0)
        elif char in marks and (depth == 0 or (char in "。；" and not _closes(text, place, end))):
            if place > begin:
                yield Part(begin, place, last=char)
            begin, depth = place + 1, 0
    if begin < end:
        yield Part(begin, end)


def _closes(text: str, place: int, end: int) -> bool:
    """Whether a quotation or bracket open at `place` is closed soon: if not, its opening was a slip."""
    return any(char in text[place : min(end, place + 160)] for char in _CLOSE)


def sentences(text: str, start: int, end: int) -> Iterator[Part]:
    """Of a block: ended by 。；！？ or by a colon that opens a list; a number at the front is not part of the words."""
    for part in cut(text, start, end, "。；！？：\n"):
        begin = part.start
        while begin < part.end and text[begin] in "，、 ”":
            begin += 1
        item = _ITEM.match(text, begin, part.end)
        if begin < part.end:
            yield Part(begin, part.end, item.end() - begin if item else 0, part.last)


def clauses(text: str, start: int, end: int) -> list[Part]:
    return list(cut(text, start, end, "，"))


def outside(text: str) -> str:
    """The words with what is quoted, bracketed or titled blanked out, place for place."""
    out, depth = [], 0
    for char in text:
        if char in _CLOSE:
            depth = max(depth - 1, 0)
        out.append(" " if depth else char)
        if char in _OPEN:
            depth += 1
    return "".join(out)
