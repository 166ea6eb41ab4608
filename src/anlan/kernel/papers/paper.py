"""An official document as plain data. Nothing here knows what it is about, or what it will be written as."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from anlan.kernel.errors import Invalid
from anlan.kernel.papers.layout import LAYOUT, LEVELS, URGENCY
from anlan.kernel.text import is_clean

Form = Literal["document", "letter"]
"""`document` with the red head 「…文件」; `letter` (信函格式) with the double rules, for what goes to one reader."""
Side = Literal["left", "centre", "right"]
# The order within a year has no 第 before it and no noughts in front; the year stands in brackets of their own kind.
NUMBER = re.compile(r"\w{1,20}〔[12]\d{3}〕[1-9]\d{0,5}号")
FEWEST, LARGEST_SEAL = 10.0, 60.0
"""Millimetres across a seal."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """`body` follows on the same line, as in 「（一）加强领导。各单位要……」. Without a `label` it is counted."""

    level: int
    text: str
    body: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    text: str
    side: Side = "left"


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of equally many cells. `widths` are shares of the line, one a column; without them all are alike."""

    rows: tuple[tuple[str, ...], ...]
    headed: bool = True
    """Whether the first row says what stands below it; it is repeated on every page."""
    widths: tuple[float, ...] = ()
    caption: str = ""


Block = Heading | Paragraph | Table


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """Listed below the text; with blocks it is bound in, on pages of its own."""

    title: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Seal:
    """A PNG or JPEG as wide as high; a PNG may be transparent."""

    image: bytes
    width: float = LAYOUT.seal_width
    """Millimetres."""


@dataclass(frozen=True, kw_only=True)
class Paper:
    organ: str
    """The name in the head, without 文件."""
    number: str
    """As `official_number` writes it."""
    title: str
    """A line end in it divides the title there; else it is divided evenly."""
    blocks: tuple[Block, ...]
    signature: str
    """The organ that signs, above the date."""
    date: dt.date
    form: Form = "document"
    copy_number: str = ""
    """份号: figures, in the corner of the first page."""
    urgency: str = ""
    signer: str = ""
    """签发人, of what goes to a higher organ."""
    addressees: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    seal: Seal | None = None
    note: str = ""
    """附注, set in brackets under the date."""
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: dt.date | None = None


def official_number(stem: str, year: int, order: int) -> str:
    """`official_number("临安办发", 2026, 12)` is 临安办发〔2026〕12号."""
    return f"{stem}〔{year}〕{order}号"


def require(paper: Paper) -> None:
    """Raises Invalid, each reason at its field, unless the paper can be written as it is."""
    if found := _faults(paper):
        raise Invalid(fields=found)


def _faults(paper: Paper) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name in ("organ", "number", "title", "signature"):
        if not getattr(paper, name).strip():
            found[name] = [_("This is needed.")]
    if paper.number.strip() and not NUMBER.fullmatch(paper.number):
        found["number"] = [
            _("A document number looks like %(example)s: the year in the brackets 〔〕, no 第, no leading noughts.")
            % {"example": official_number("临安办发", 2026, 12)}
        ]
    if paper.urgency and paper.urgency not in URGENCY:
        found["urgency"] = [_("The urgency is one of %(words)s.") % {"words": "、".join(URGENCY)}]
    if paper.copy_number and not re.fullmatch(r"\d{1,6}", paper.copy_number):
        found["copy_number"] = [_("The copy number is written in at most six figures.")]
    if paper.printed_by and paper.printed_on is None:
        found["printed_on"] = [_("Give the day of printing together with who prints.")]
    if not paper.blocks:
        found["blocks"] = [_("The document says nothing yet.")]
    for field, blocks in (("blocks", paper.blocks), *(("attachments", one.blocks) for one in paper.attachments)):
        found.setdefault(field, []).extend(_block_faults(blocks))
    if paper.seal and not FEWEST <= paper.seal.width <= LARGEST_SEAL:
        found["seal"] = [_("A seal is %(least)g to %(most)g mm across.") % {"least": FEWEST, "most": LARGEST_SEAL}]
    for field, text in _texts(paper):
        if not is_clean(text):
            found.setdefault(field, []).append(_("It holds a character that cannot be printed."))
    return {name: reasons for name, reasons in found.items() if reasons}


def _block_faults(blocks: tuple[Block, ...]) -> list[Any]:
    found: list[Any] = []
    for block in blocks:
        if isinstance(block, Heading) and not 1 <= block.level <= len(LEVELS):
            found.append(_("Headings have %(count)s levels.") % {"count": len(LEVELS)})
        if isinstance(block, Table):
            widths = {len(row) for row in block.rows}
            if len(widths) != 1 or 0 in widths:
                found.append(_("The rows of a table have equally many cells."))
            elif block.widths and (len(block.widths) not in widths or min(block.widths) <= 0):
                found.append(_("A table has one width a column, each above nought."))
    return found


def _texts(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text in it, with the name of the paper's field it stands in."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one, field)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _texts(getattr(value, one.name), field or one.name)
