"""Word's own numbering: the labels a reader sees before paragraphs, which stand nowhere in their text."""

import re
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from anlan.kernel.papers.measure import chinese_number

_CHINESE = ("chinese", "japaneseCounting", "taiwaneseCounting", "ideographLegalTraditional")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
LEVELS = 9


def written(number: int, kind: str) -> str:
    """A count in one of the kinds of ECMA-376, 17.18.59; one we do not know in figures."""
    if kind in ("none", "bullet"):
        return ""
    if kind.startswith(_CHINESE) and 1 <= number <= 999:
        return chinese_number(number)
    if kind.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if kind.endswith("Letter") and number >= 1:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if kind.startswith("upper") else letter
    if kind.endswith("Roman") and 1 <= number <= 3999:
        roman = ""
        for value, sign in _ROMAN:
            roman += sign * (number // value)
            number %= value
        return roman.upper() if kind.startswith("upper") else roman
    return f"{number:02}" if kind == "decimalZero" else str(number)


@dataclass(slots=True)
class Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""


@dataclass(slots=True)
class Numbering:
    """Feed it the paragraphs in their order."""

    abstract: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, tuple[str, dict[int, int]]] = field(default_factory=dict)
    """numId → its abstract numbering, and at which numbers its levels begin anew."""
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def label(self, list_id: str, level: int) -> str:
        """Of the next paragraph of this list; "" for one that is not numbered."""
        if list_id not in self.lists or not 0 <= level < LEVELS:
            return ""
        abstract, starts = self.lists[list_id]
        levels = self.abstract.get(abstract, {})
        counts = self.counts.setdefault(abstract, [None] * LEVELS)
        if list_id not in self.begun:
            self.begun.add(list_id)
            for at, start in starts.items():
                counts[at] = start - 1
        facts = levels.get(level, Level())
        now = counts[level]
        counts[level] = facts.start if now is None else now + 1
        counts[level + 1 :] = [None] * (LEVELS - level - 1)

        def place(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            of = levels.get(at, Level())
            count = counts[at]
            return written(of.start if count is None else count, of.kind)

        return "" if facts.kind == "bullet" else re.sub(r"%([1-9])", place, facts.text)


def _value(element: Any, name: str) -> str | None:
    child = None if element is None else element.find(qn(f"w:{name}"))
    found: str | None = None if child is None else child.get(qn("w:val"))
    return found


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else otherwise


def numbering_of(root: Any) -> Numbering:
    """From the root of `numbering.xml`."""
    made = Numbering()
    for abstract in root.findall(qn("w:abstractNum")):
        made.abstract[abstract.get(qn("w:abstractNumId"))] = {
            _number(level.get(qn("w:ilvl")), 0): Level(
                start=_number(_value(level, "start"), 1),
                kind=_value(level, "numFmt") or "decimal",
                text=_value(level, "lvlText") or "",
            )
            for level in abstract.findall(qn("w:lvl"))
        }
    for one in root.findall(qn("w:num")):
        starts = {
            at: _number(_value(over, "startOverride"), 1)
            for over in one.findall(qn("w:lvlOverride"))
            if _value(over, "startOverride") and (at := _number(over.get(qn("w:ilvl")), 0)) < LEVELS
        }
        made.lists[one.get(qn("w:numId"))] = (_value(one, "abstractNumId") or "", starts)
    return made
