"""What one clause does: it demands an act, names a wide aim, an effect or an attitude, or only gives a circumstance."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice

from anlan.directives.reading.doers import Doer, doer
from anlan.directives.reading.sentences import Part, clauses, outside
from anlan.directives.reading.times import Rhythm, When, marks, rhythms, whens
from anlan.directives.reading.words import either, table

ENUMERATED, AHEAD = 100, 120
"""Members of an enumeration that are looked at, and characters around each: what is longer was not written by an office."""
SHORTEST = 5
"""Characters of a clause that can demand something by a time without a verb we know."""


@dataclass(frozen=True, slots=True)
class Clause:
    """`kind`: act, wide, inner (an act further in), tail (the same, with nothing that
    shows it is asked: it goes on what came before), result, stance, lead or none. Places count in the normalised text.
    `urgent`: the words that ask for it without delay (立即), or "".
    """

    start: int
    end: int
    kind: str
    verb: str
    doer: Doer | None
    limits: tuple[When, ...]
    rhythms: tuple[Rhythm, ...]
    must: bool
    urgent: str = ""

    @property
    def acts(self) -> bool:
        return self.kind in ("act", "wide", "inner")

    @property
    def timed(self) -> bool:
        return bool(self.limits or self.rhythms)


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(either(table("verbs")[name]))


@cache
def _rule(table_name: str, name: str) -> re.Pattern[str]:
    return re.compile(table(table_name)[name]["match"])


def obliged(words: str) -> bool:
    return bool(_rule("sections", "must").search(words))


def is_past(words: str) -> bool:
    return bool(_rule("sections", "past").search(words))


def is_idle(words: str) -> bool:
    return bool(_rule("verbs", "idle").match(words))


def read_clauses(text: str, part: Part, dated: date | None) -> list[Clause]:
    """The clauses of a sentence, also cut at 、 where another doer or another rhythm begins."""
    out: list[Clause] = []
    for one in clauses(text, part.start + part.item, part.end):
        out.extend(_read(text, low, high, dated) for low, high in _finer(text, one.start, one.end, dated))
    return out


def _finer(text: str, start: int, end: int, dated: date | None) -> list[tuple[int, int]]:
    words = outside(text[start:end])
    bounds = [start]
    for found in islice(re.finditer("、", words), ENUMERATED):
        place = start + found.end()
        rest = text[place : min(end, place + AHEAD)]
        times = [(one.start, one.end) for one in rhythms(rest)]
        named = doer(rest, times)
        before = text[max(bounds[-1], place - AHEAD) : place - 1]
        obliges = named is not None and rest[named.end :].startswith(("要", "应", "须", "必须", "负责"))
        if (obliges and obliged(before)) or (times and times[0][0] == 0 and rhythms(before)):
            bounds.append(place)
    return [(low, (bounds[number + 1] - 1 if number + 1 < len(bounds) else end)) for number, low in enumerate(bounds)]


def _read(text: str, start: int, end: int, dated: date | None) -> Clause:
    words = text[start:end]
    often = rhythms(words)
    said = whens(words, dated)
    limits = [one for one in said if one.limits]
    urgent = next((one.text for one in said if one.kind == "at_once"), "")
    times = list(marks(words, dated))
    named = doer(words, times)
    kind, verb = _kind(words, named, times)
    return Clause(start, end, kind, verb, named, tuple(limits), tuple(often), obliged(words), urgent)


def _kind(words: str, named: Doer | None, times: list[tuple[int, int]]) -> tuple[str, str]:
    if named and named.role == "with":
        return "lead", ""
    if _rule("verbs", "otherwise").match(words):
        return "none", ""
    if words.endswith("的") and not (named or obliged(words)):
        return "lead", ""
    place = _head(words, named.end if named else 0, times)
    bare = outside(words)
    if found := _words("stance").match(words, place):
        return "stance", found[0]
    if found := _words("leads").match(words, place):
        if _rule("verbs", "circumstance").search(words) and not (named or obliged(words)):
            return "lead", ""
        inner = _words("act").search(bare, found.end())
        return ("inner", inner[0]) if inner else ("lead", "")
    act, wide, result = (_words(name).match(words, place) for name in ("act", "wide", "result"))
    if act and not (wide and len(wide[0]) >= len(act[0])):
        return "act", act[0]
    if wide:
        further = _words("act").search(bare, wide.end())
        strong = further and not _words("wide").match(bare, further.start()) and wide[0] in ("推动", "推进", "抓好")
        return ("act" if strong else "wide"), wide[0]
    if result:
        return ("act" if times else "result"), result[0]
    further = _words("act").search(bare, place)
    if further is None:
        # No verb that is known, yet a time or an obligation: so much is asked by its form alone.
        if (times and len(words) > SHORTEST) or (named and obliged(words)):
            return "inner", ""
        return ("tail" if obliged(words) else "none"), ""
    return "inner" if named or obliged(words) or times else "tail", further[0]


def _head(words: str, place: int, times: list[tuple[int, int]]) -> int:
    """Where the verb stands, behind obligations, adverbs and times."""
    while True:
        before = place
        for low, high in times:
            if low - 1 <= place < high and (low <= place or words[low - 1 : low] in ("于", "在")):
                place = high
        if (found := _words("adverbs").match(words, place)) and not _sticks(words, place):
            place = found.end()
        if place == before:
            return place


def _sticks(words: str, place: int) -> bool:
    """An adverb that is the verb's own beginning, as in 加快 or 深入."""
    return bool(_words("stance").match(words, place))
