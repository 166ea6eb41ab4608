"""
Word templates of instruments: the shipped wording of a kind with its places open, for an operator to take home, change and load
again; what such a template must and may hold; what is written into it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from anlan.enforcement.kinds import Kind, kind
from anlan.enforcement.models import Instrument
from anlan.enforcement.papers import wording
from anlan.enforcement.rulings import remedies
from anlan.enforcement.values import said
from anlan.kernel.papers import merge, word
from anlan.kernel.papers.paper import Block, Heading, Paper, Paragraph, Table, official_number
from anlan.kernel.papers.styles import chars

ADDRESSEE = merge.Field(key="addressee", name="受文单位")
NUMBER = merge.Field(key="number", name="文号")
ORGAN = merge.Field(key="organ", name="机关")
DAY = merge.Field(key="day", name="成文日期")
AFTER = merge.Field(key="after", name="前序文书", required=False)
SEAL = merge.Field(key="seal", name="印章", required=False, seal=True)
REVIEW_TIME = merge.Field(key="review_time", name="复议期限", required=False)
SUE_TIME = merge.Field(key="sue_time", name="起诉期限", required=False)
FRAME = (ADDRESSEE, NUMBER, ORGAN, DAY, AFTER, REVIEW_TIME, SUE_TIME, SEAL)
"""What every template may hold beside its kind's fields."""

PLACE = re.compile(r"\{([a-z_]+)\}")
AN_ORGAN = "某某市某某区应急管理局"
"""As long as organs' names are: what is set for it has room for them."""
A_DAY = date(2000, 1, 1)
CLOSING = 4
"""Characters between the closing's lines and the right edge; and how many of the last lines may belong to it."""


def wanted(code: str) -> tuple[merge.Field, ...]:
    """
    What a template of the kind may hold and must: the frame, and the kind's fields by code and Chinese name.

    Where the kind tells of remedies it says within which time (处罚法第五十九条 [V]).
    """
    remedy = kind(code).remedy
    return (
        *(replace(one, required=True) if remedy and one in (REVIEW_TIME, SUE_TIME) else one for one in FRAME),
        *(
            merge.Field(
                key=one.code,
                name=one.zh,
                required=one.required,
                columns=tuple(merge.Field(key=col.code, name=col.zh, required=col.required) for col in one.columns),
            )
            for one in kind(code).fields
        ),
    )


def values(instrument: Instrument, made: Paper, after: str = "") -> dict[str, Any]:
    """What `merge.fill` writes into a template, of an instrument whose paper is set; `after` is the number of the earlier one."""
    day = made.date
    found: dict[str, Any] = {
        ADDRESSEE.key: instrument.addressee,
        NUMBER.key: made.number,
        ORGAN.key: made.organ,
        DAY.key: f"{day.year}年{day.month}月{day.day}日",
        AFTER.key: after,
        **remedies(instrument.issuer),
    }
    for field in kind(instrument.kind).fields:
        given = instrument.fields.get(field.code)
        if field.type == "items":
            found[field.code] = [
                {col.code: said(col, row.get(col.code)) for col in field.columns} for row in given or ()
            ]
        else:
            found[field.code] = said(field, given)
    return found


def template(code: str) -> bytes:
    """The kind's own wording as a .docx template: what `merge.check` lets in and `merge.fill` fills."""
    of = kind(code)
    parts = wording(code)
    stand_in = Paper(
        organ=AN_ORGAN,
        number=official_number("文号", A_DAY.year, 1),
        title=_opened(of, str(parts.get("title", of.zh))),
        blocks=tuple(_blocks(of, parts.get("body", ()))),
        signature=AN_ORGAN,
        date=A_DAY,
        form=of.form,
        addressees=("{{ 受文单位 }}",),
    )
    document = Document(BytesIO(word.write(stand_in)))
    _open_places(document, stand_in)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _open_places(document: Doc, stand_in: Paper) -> None:
    """A paper's number, organ and day have forms that no open place has: the stand-ins give way afterwards."""
    swaps = {stand_in.number: "{{ 文号 }}", AN_ORGAN: "{{ 机关 }}", "2000年1月1日": "{{ 印章 }}{{ 成文日期 }}"}
    for line in (*document.sections[0].first_page_header.paragraphs, *document.paragraphs):
        for run in line.runs:
            for old, new in swaps.items():
                if old in run.text:
                    run.text = run.text.replace(old, new)
    for line in document.paragraphs[-CLOSING:]:
        if line.text.strip() in ("{{ 机关 }}", "{{ 印章 }}{{ 成文日期 }}"):
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.left_indent, line.paragraph_format.right_indent = Pt(0), chars(CLOSING)


def _blocks(of: Kind, parts: Any) -> Iterator[Block]:
    for part in parts:
        text = _opened(of, str(part.get("text", "")))
        if table := part.get("table"):
            yield _table(of, table, tuple(float(one) for one in part.get("widths", ())))
        elif level := part.get("heading"):
            yield Heading(level=level, text=text)
        elif without := part.get("without"):
            yield Paragraph(text=f"{{% if {_named(of, without)} %}}{text}{{% endif %}}")
        else:
            yield Paragraph(text=text)


def _table(of: Kind, code: str, widths: tuple[float, ...]) -> Table:
    field = of.field(code)
    if field is None:
        raise KeyError(code)
    blank = ("",) * len(field.columns)
    return Table(
        rows=(
            ("序号", *(column.zh for column in field.columns)),
            (f"{{%tr for 行 in {field.zh} %}}", *blank),
            ("{{ loop.index }}", *(f"{{{{ 行.{column.zh} }}}}" for column in field.columns)),
            ("{%tr endfor %}", *blank),
        ),
        widths=widths,
    )


def _opened(of: Kind, text: str) -> str:
    return PLACE.sub(lambda place: f"{{{{ {_named(of, place[1])} }}}}", text)


def _named(of: Kind, code: str) -> str:
    return next(one.zh for one in of.fields if one.code == code) if of.field(code) else _framed(code)


def _framed(code: str) -> str:
    return next(one.name for one in FRAME if one.key == code)
