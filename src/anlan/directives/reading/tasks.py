"""
The tasks that a document gives: sentences of its asking parts, divided where they turn to another doer or another time.

One task is what one sentence asks of one doer by one time or in one rhythm. In a list behind a colon (包括：…) each demand is its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from anlan.directives.reading.demands import Clause, is_idle, is_past, obliged, read_clauses
from anlan.directives.reading.doers import Doer, bracketed, speaker
from anlan.directives.reading.evidence import evidence_in
from anlan.directives.reading.judging import judged
from anlan.directives.reading.layout import FIELD, Block, Layout
from anlan.directives.reading.normal import Normal
from anlan.directives.reading.sentences import Part, cut, sentences
from anlan.directives.reading.times import Rhythm, When, rhythms, whens

MOST = 1_000
"""Proposals of a document; a city's plan of three years has some five hundred."""
_LIST = re.compile("(包括|如下|以下|分别是|做到|任务是)$")
_QUOTED = re.compile("“([^“”]*)”")
_ORAL = re.compile("[一二三四五六七八九十](?:是|要(?!求))|第[一二三四五六七八九十]，")
_LABEL = 8
"""Characters of words before a colon that only name a column: 整改措施：1.…"""
THEME = 34
"""Characters of a sentence that only names the theme of those behind it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    A task as the document words it. `start` and `end` count in the normalised text, `original` in the text as it came.

    `who_from` and `when_from` say whether it is stated in the task itself (stated), in a sentence or heading before it
    (inherited), or whom the document is addressed to (addressees). `confidence` is between 0 and 1, `why` names its grounds.
    `urgent`: the words that ask for it without delay (立即): these make no day.
    """

    start: int
    end: int
    original: tuple[int, int]
    text: str
    what: str
    who: str
    who_from: str
    partners: str
    when: When | None
    when_from: str
    rhythm: Rhythm | None
    evidence: tuple[str, ...]
    confidence: float
    why: tuple[str, ...]
    urgent: str = ""

    @property
    def unsettled(self) -> str:
        """The words of a day that does not exist; before this becomes a task, a person settles what was meant."""
        return next((one.text for one in (self.when, self.rhythm) if one and one.unreal), "")


@dataclass(slots=True)
class _Context:
    """What is inherited: by blocks from headings of higher levels, by sentences from those before them."""

    doers: dict[int, Doer]
    limits: dict[int, When]
    said: Doer | None = None
    limit: When | None = None

    def enter(self, level: int) -> None:
        self.doers = {depth: one for depth, one in self.doers.items() if depth < level}
        self.limits = {depth: one for depth, one in self.limits.items() if depth < level}

    def doer(self) -> Doer | None:
        return self.said or (self.doers[max(self.doers)] if self.doers else None)

    def when(self) -> When | None:
        return self.limit or (self.limits[max(self.limits)] if self.limits else None)


def propose(normal: Normal, layout: Layout, dated: date | None) -> list[Proposal]:
    """In the order of the text. `dated` tells the year of dates that name none."""
    found = sorted(islice(_blocks(normal, layout, dated), MOST), key=lambda one: one.start)
    if layout.addressees:
        return [_addressed(one, "、".join(layout.addressees), "addressees") for one in found]
    # Without addressees, whom the very first task names is asked throughout; named later, he is one of several.
    if found and found[0].who_from == "stated":
        return [_addressed(one, found[0].who, "inherited") for one in found]
    return found


def _addressed(one: Proposal, who: str, why: str) -> Proposal:
    return one if one.who else replace(one, who=who, who_from=why)


def _blocks(normal: Normal, layout: Layout, dated: date | None) -> Iterator[Proposal]:
    context = _Context({}, {})
    waiting: list[Proposal] = []
    for place, block in enumerate(layout.blocks):
        if block.kind == "field":
            waiting = [_filled(one, normal.text[block.start : block.end], dated) for one in waiting]
        if block.kind not in ("heading", "paragraph"):
            continue
        if block.level:
            yield from waiting
            waiting = []
        waiting.extend(_of_block(normal, layout, place, context, dated))
        if len(waiting) >= MOST:
            break
    yield from waiting


def _filled(one: Proposal, line: str, dated: date | None) -> Proposal:
    """责任单位：… and 完成时限：… stand below the tasks they are of, and hold where these say nothing themselves."""
    field = FIELD.fullmatch(line)
    if field is None:
        return one
    name, words = field["name"], field["words"]
    if "时" in name:
        limit = next((limit for limit in whens(words + "前", dated) if limit.limits), None)
        return one if one.when or one.rhythm or limit is None else replace(one, when=limit, when_from="inherited")
    if "配合" in name:
        return replace(one, partners=one.partners or words)
    return one if one.who_from == "stated" else replace(one, who=words.rstrip("。"), who_from="inherited")


def _of_block(normal: Normal, layout: Layout, place: int, context: _Context, dated: date | None) -> Iterator[Proposal]:
    block = layout.blocks[place]
    if block.level:
        context.enter(block.level)
    context.said = context.limit = None
    line = normal.text[block.start : block.end]
    head = block.heading_end or (min(block.end, block.start + 60) if line.endswith("：") else block.start)
    leading = normal.text[block.start : head] if block.level else line.rpartition("。")[2] if head > block.start else ""
    _inherit(context, leading, block.level, dated)
    if block.kind == "heading" and _heads(layout.blocks, place):
        return
    if block.role == "asks" or (not block.role and obliged(line)):
        begin = block.start if block.kind == "heading" else (block.heading_end or block.start)
        tail = line.rpartition("。")[2]
        behind = bracketed(tail) if tail.startswith("（") else None
        for one in _tasks(normal, replace(block, start=begin), context, dated):
            yield _filled_by(one, behind) if behind else one


def _filled_by(one: Proposal, behind: Doer) -> Proposal:
    """（责任单位：…） behind the last sentence holds for all of the paragraph that name nobody."""
    if one.who_from == "stated":
        return one
    return replace(one, who=behind.who, who_from="inherited", partners=one.partners or behind.partners)


def _heads(blocks: tuple[Block, ...], place: int) -> bool:
    """Whether something stands below a heading; a bare line in a list of them is a demand itself."""
    below = blocks[place + 1] if place + 1 < len(blocks) else None
    return below is not None and (
        (below.kind == "paragraph" and not below.level)
        or (below.kind in ("heading", "paragraph") and below.level > blocks[place].level)
    )


def _inherit(context: _Context, words: str, level: int, dated: date | None) -> None:
    if not words:
        return
    if named := bracketed(words):
        context.doers[level] = named
    if is_past(words):  # 四月下旬进行了检查，现通报如下：
        return
    if limits := [one for one in whens(words, dated) if one.limits and one.kind != "limit"]:
        context.limits[level] = limits[-1]


def _tasks(normal: Normal, block: Block, context: _Context, dated: date | None) -> Iterator[Proposal]:
    text = normal.text
    parts = [one for one in sentences(text, block.start, block.end) if not _is_bracket(text[one.start : one.end])]
    listing = False
    for place, part in enumerate(parts):
        words = text[part.start + part.item : part.end]
        if unit := speaker(words):
            context.said = Doer(unit, 0)
        if _is_theme(parts, place, text):
            context.limit = next((one for one in whens(words, dated) if one.limits), None)
            continue
        if part.last == "：" and _LIST.search(words) and len(words) < THEME:
            listing = True
            continue
        if part.last == "：" and len(words) <= _LABEL and not part.item:
            continue
        past = is_past(words) and not obliged(words)
        if not is_idle(words) and not past and (block.role == "asks" or obliged(words)):
            for group in _groups(_clauses(text, part, dated), listing=listing):
                if one := _proposal(normal, block, group, context, dated):
                    yield one
            yield from _quoted(normal, block, part, context, dated)
        listing = listing and part.last != "。"


def _is_bracket(words: str) -> bool:
    return words.startswith("（") and words.endswith("）") and bracketed(words) is not None


def _is_theme(parts: list[Part], place: int, text: str) -> bool:
    """一是抓好甲。 before sentences that say how."""
    part = parts[place]
    if not part.item or part.end - part.start > THEME or part.last != "。" or place + 1 >= len(parts):
        return False
    following = parts[place + 1]
    words = text[part.start + part.item : part.end]
    numbered = _ORAL.match(text, part.start) is not None
    return not _ORAL.match(text, following.start) and numbered and not _recurs(words)


def _recurs(words: str) -> bool:
    """A short sentence that says how often is a demand, however it is numbered."""
    return bool(rhythms(words))


def _clauses(text: str, part: Part, dated: date | None) -> list[Clause]:
    """Without those that only quote several rhythms: these become tasks of their own."""
    return [one for one in read_clauses(text, part, dated) if not _quotes_rhythms(text[one.start : one.end])]


def _quotes_rhythms(words: str) -> bool:
    return any(len(rhythms(found[1])) >= 2 for found in _QUOTED.finditer(words))


def _quoted(normal: Normal, block: Block, part: Part, context: _Context, dated: date | None) -> Iterator[Proposal]:
    text = normal.text
    for found in _QUOTED.finditer(text, part.start, part.end):
        if len(rhythms(found[1])) < 2:
            continue
        for piece in cut(text, found.start(1), found.end(1), "，、"):
            for clause in read_clauses(text, piece, dated):
                if clause.rhythms and (one := _proposal(normal, block, [clause], context, dated)):
                    yield one


def _groups(found: list[Clause], *, listing: bool) -> Iterator[list[Clause]]:
    """Clauses that make one task; circumstances before a new one go with it."""
    listing = listing and sum(one.acts for one in found) >= 3
    group: list[Clause] = []
    for clause in found:
        if _turns(group, clause, listing=listing):
            kept = (
                max(place for place, one in enumerate(group) if one.acts or one.kind in ("result", "stance", "tail"))
                + 1
            )
            yield group[:kept]
            group = group[kept:]
        group.append(clause)
    if group:
        yield group


def _turns(group: list[Clause], clause: Clause, *, listing: bool) -> bool:
    if not any(one.acts for one in group):
        return False
    if listing:
        return clause.acts
    asked = next((one.doer.who for one in reversed(group) if one.doer and one.doer.role != "with"), None)
    if clause.doer and clause.doer.role != "with" and clause.doer.who != asked and (clause.acts or clause.must):
        return True
    return clause.acts and clause.timed and any(one.timed for one in group)


def _proposal(
    normal: Normal, block: Block, group: list[Clause], context: _Context, dated: date | None
) -> Proposal | None:
    acting = [one for one in group if one.acts]
    if not acting:
        return None
    first = group.index(acting[0])
    while first and (group[first - 1].kind not in ("none", "tail") or group[first - 1].doer or group[first - 1].must):
        first -= 1
    last = max(place for place, one in enumerate(group) if one.acts or one.kind == "result")
    while last + 1 < len(group) and group[last + 1].kind == "tail":
        last += 1
    # 即日起，… may stand before it.
    urgent = next((one.urgent for one in group[: last + 1] if one.urgent), "")
    group = group[first : last + 1]
    start, end = group[0].start, group[-1].end
    words = normal.text[start:end]
    named = next((one.doer for one in group if one.doer and one.doer.role != "with"), None)
    behind = bracketed(words)
    helping = next((one.doer.who for one in group if one.doer and one.doer.role == "with"), "")
    if named:
        context.said = named
    asked = behind or named or context.doer()
    stated = [limit for one in group for limit in one.limits]
    rhythm = next((often for one in group for often in one.rhythms), None)
    # A day that is stated for the whole part is the end of what recurs in it, not its limit.
    when = stated[0] if stated else (None if rhythm else context.when())
    evidence = evidence_in(words)
    confidence, why = judged(
        block.role,
        group,
        named=bool(behind or named),
        timed=bool(stated or rhythm),
        evidence=evidence,
        damaged=_damaged(normal, start, end),
    )
    return Proposal(
        start=start,
        end=end,
        original=normal.traced.original(start, end),
        text=words,
        what=_what(normal.text, acting[0]),
        who=asked.who if asked else "",
        who_from="stated" if behind or named else ("inherited" if asked else ""),
        partners=helping or (asked.partners if asked else ""),
        when=when,
        when_from="stated" if stated else ("inherited" if when else ""),
        rhythm=rhythm,
        evidence=evidence,
        confidence=confidence,
        why=why,
        urgent=urgent,
    )


def _what(text: str, clause: Clause) -> str:
    """The demand's own words: the clause that acts, without whom it asks."""
    begin = clause.start + (clause.doer.end if clause.doer else 0)
    return re.sub(r"^(?:要|应当?|须|必须|务必|请|负责|将)(?!求)", "", text[begin : clause.end].strip("，、 "))


def _damaged(normal: Normal, start: int, end: int) -> bool:
    return any(low < end and start < high for low, high in normal.damaged)
