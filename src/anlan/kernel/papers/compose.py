"""From a paper to pieces in the order of the page, with their places. Word and PDF set these pieces; neither knows the rules again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Literal

from anlan.kernel.papers.layout import LAYOUT, LEVELS, MM_PER_POINT, WORDS
from anlan.kernel.papers.measure import balanced, chinese_number, width
from anlan.kernel.papers.paper import Block, Form, Heading, Paper, Paragraph, Seal, Side, Table, require

Role = Literal[
    "title", "addressees", "body", "heading1", "heading2", "heading3", "heading4",
    "list", "note", "annex_mark", "annex_title", "caption", "record",
]  # fmt: skip
LABEL_WIDTH = 1.25
"""Characters for 「1.」: in some faces figures and point fill a whole one."""


@dataclass(frozen=True, kw_only=True)
class Span:
    text: str
    face: str = ""
    """One of `layout.FACES`; empty for the role's own."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One paragraph; a line end in its text is kept."""

    role: Role
    spans: tuple[Span, ...]
    side: Side = "left"
    keep: bool = False
    """Not to be parted from what comes next."""
    opens_page: bool = False


@dataclass(frozen=True, kw_only=True)
class Hanging:
    """A label, and a text whose further lines begin where its first does. Places in characters from the left of the text."""

    role: Role
    label: str
    text: str
    left: float
    label_width: float
    right: float = 0
    keep: bool = False


@dataclass(frozen=True, kw_only=True)
class Ends:
    """One line with something at either end, each `indent` characters from the edge."""

    role: Role
    start: tuple[Span, ...]
    end: tuple[Span, ...]
    indent: float


@dataclass(frozen=True, kw_only=True)
class Gap:
    lines: int
    keep: bool = False


@dataclass(frozen=True, kw_only=True)
class Closing:
    """
    Name and date in two lines. Sealed: both centred `centre` characters from the right edge, the seal's top `seal_above`
    millimetres above the name's line. Plain: each `name_left`, `date_left` characters from the left edge.
    """

    name: str
    date: str
    seal: Seal | None = None
    centre: float = 0
    seal_above: float = 0
    name_left: float = 0
    date_left: float = 0


Piece = Line | Hanging | Gap | Table | Closing


@dataclass(frozen=True, kw_only=True)
class Composed:
    form: Form
    corner: tuple[str, ...]
    """What stands above the organ's name, at the left: copy number, urgency."""
    organ: str
    organ_size: float
    """Points: as large as one line takes."""
    number: Ends | str
    """In the middle; to a higher organ at the left, with who signed at the right."""
    text: tuple[Piece, ...]
    annexes: tuple[tuple[Piece, ...], ...]
    """Each begins a page."""
    record: tuple[Hanging | Ends, ...]
    """版记: at the foot of the last page, between rules."""


def compose(paper: Paper) -> Composed:
    """Raises Invalid for a paper that cannot be written."""
    require(paper)
    organ = paper.organ + (WORDS["document"] if paper.form == "document" else "")
    most = LAYOUT.organ_size_most if paper.form == "document" else LAYOUT.letter_organ_size_most
    fitting = LAYOUT.text_width / MM_PER_POINT / width(organ)
    return Composed(
        form=paper.form,
        corner=tuple(filter(None, [paper.copy_number and paper.copy_number.zfill(6), paper.urgency])),
        organ=organ,
        organ_size=max(LAYOUT.organ_size_least, min(most, int(fitting))),
        number=_number(paper),
        text=(*_opening(paper), *_closed(paper)),
        annexes=tuple(_annexes(paper)),
        record=tuple(_record(paper)),
    )


def day_words(day: date) -> str:
    """2026年3月5日: figures, the whole year, no noughts before month and day."""
    return f"{day.year}年{day.month}月{day.day}日"


def labelled(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks with every heading's label counted, unless it brought its own."""
    counts = [0] * len(LEVELS)
    for block in blocks:
        if not isinstance(block, Heading):
            yield block
            continue
        at = block.level - 1
        counts[at:] = [counts[at] + 1, *[0] * (len(LEVELS) - block.level)]
        label = LEVELS[at].label.format(chinese=chinese_number(min(counts[at], 999)), figure=counts[at])
        yield replace(block, label=block.label or label)


def _number(paper: Paper) -> Ends | str:
    if not paper.signer:
        return paper.number
    who = (Span(text=f"{WORDS['signer']}："), Span(text=paper.signer, face="kai"))
    return Ends(role="body", start=(Span(text=paper.number),), end=who, indent=LAYOUT.number_indent_chars)


def _opening(paper: Paper) -> Iterator[Piece]:
    lines = balanced(paper.title, LAYOUT.chars_of(LAYOUT.title_size))
    yield Line(role="title", spans=(Span(text="\n".join(lines)),), side="centre", keep=True)
    yield Gap(lines=LAYOUT.addressees_below_lines, keep=True)
    if paper.addressees:
        yield Line(role="addressees", spans=(Span(text=f"{'、'.join(paper.addressees)}："),))


def _closed(paper: Paper) -> Iterator[Piece]:
    """The text with what ends it: never a signature on a page without any text."""
    *before, last = list(_pieces(paper.blocks))
    yield from before
    yield last if isinstance(last, Table | Closing) else replace(last, keep=True)
    yield from _listed(paper)
    if paper.seal:
        yield from _sealed(paper, paper.seal)
    else:
        yield Gap(lines=LAYOUT.plain_below_lines, keep=True)
        yield _plain(paper)
    if paper.note:
        yield Line(role="note", spans=(Span(text=f"（{paper.note}）"),))


def _pieces(blocks: Iterable[Block]) -> Iterator[Piece]:
    for block in labelled(blocks):
        match block:
            case Heading():
                yield _heading(block)
            case Paragraph():
                yield Line(role="body", spans=(Span(text=block.text),), side=block.side)
            case Table():
                if block.caption:
                    yield Line(role="caption", spans=(Span(text=block.caption),), side="centre", keep=True)
                yield block


def _heading(block: Heading) -> Line:
    said = block.label + block.text
    face = LEVELS[block.level - 1].face
    if not block.body:
        roles: tuple[Role, ...] = ("heading1", "heading2", "heading3", "heading4")
        return Line(role=roles[block.level - 1], spans=(Span(text=said),), keep=True)
    stop = "" if block.text.endswith(tuple("。：？！；")) or not block.text else "。"
    return Line(role="body", spans=(Span(text=said + stop, face=face), Span(text=block.body)))


def _listed(paper: Paper) -> Iterator[Piece]:
    """附件说明: the names one below the other, without marks at their ends."""
    if not paper.attachments:
        return
    yield Gap(lines=LAYOUT.list_below_lines, keep=True)
    word, indent = f"{WORDS['attachment']}：", LAYOUT.list_indent_chars
    if len(paper.attachments) == 1:
        title = paper.attachments[0].title
        yield Hanging(role="list", label=word, text=title, left=indent, label_width=width(word), keep=True)
        return
    figures = LABEL_WIDTH + (len(str(len(paper.attachments))) - 1) / 2
    for order, one in enumerate(paper.attachments, start=1):
        first = order == 1
        yield Hanging(
            role="list",
            label=f"{word if first else ''}{order}.",
            text=one.title,
            left=indent if first else indent + width(word),
            label_width=(width(word) if first else 0) + figures,
            keep=True,
        )


def _sealed(paper: Paper, seal: Seal) -> Iterator[Piece]:
    said = day_words(paper.date)
    line = LAYOUT.pitch * MM_PER_POINT
    above = seal.width / 2 + LAYOUT.seal_drop - line
    # So many empty lines that the seal's top stays within one line of the text.
    yield Gap(lines=max(1, ceil(above / line)), keep=True)
    centre = max(LAYOUT.sealed_date_right_chars + width(said) / 2, width(paper.signature) / 2)
    yield Closing(name=paper.signature, date=said, seal=seal, centre=centre, seal_above=above)


def _plain(paper: Paper) -> Closing:
    """The date begins two characters to the right of the name; the longer of the two stands two from the right."""
    said = day_words(paper.date)
    edge, shift = LAYOUT.chars - LAYOUT.plain_right_chars, LAYOUT.plain_date_shift_chars
    name = edge - width(paper.signature)
    if width(said) > width(paper.signature):
        name = edge - width(said) - shift
    return Closing(name=paper.signature, date=said, name_left=max(0, name), date_left=max(0, name) + shift)


def _annexes(paper: Paper) -> Iterator[tuple[Piece, ...]]:
    bound = [(order, one) for order, one in enumerate(paper.attachments, start=1) if one.blocks]
    for order, one in bound:
        mark = WORDS["attachment"] + (str(order) if len(paper.attachments) > 1 else "")
        title = "\n".join(balanced(one.title, LAYOUT.chars_of(LAYOUT.title_size)))
        yield (
            Line(role="annex_mark", spans=(Span(text=mark),), keep=True, opens_page=True),
            Gap(lines=LAYOUT.annex_title_line - 2, keep=True),
            Line(role="annex_title", spans=(Span(text=title),), side="centre", keep=True),
            Gap(lines=1, keep=True),
            *_pieces(one.blocks),
        )


def _record(paper: Paper) -> Iterator[Hanging | Ends]:
    indent = LAYOUT.record_indent_chars
    if paper.copies_to:
        word = f"{WORDS['copies']}："
        yield Hanging(
            role="record",
            label=word,
            text=f"{'，'.join(paper.copies_to)}。",
            left=indent,
            label_width=width(word),
            right=indent,
        )
    if paper.printed_by and paper.printed_on and paper.form == "document":
        when = f"{day_words(paper.printed_on)}{WORDS['printed']}"
        start, end = (Span(text=paper.printed_by),), (Span(text=when),)
        yield Ends(role="record", start=start, end=end, indent=indent)
