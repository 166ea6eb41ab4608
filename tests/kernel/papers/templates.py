"""Operators' templates, made by code."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from docx import Document

from anlan.kernel.papers.merge import Field

LETTER = (
    Field(key="party", name="当事人"),
    Field(key="matter", name="事由"),
    Field(key="reply_by", name="答复期限", required=False),
    Field(
        key="problems",
        name="问题",
        columns=(Field(key="text", name="内容"), Field(key="due", name="期限", required=False)),
    ),
    Field(key="seal", name="印章", seal=True, required=False),
)


def saved(document: Any) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def template(*lines: str, make: Callable[[Any], None] = lambda document: None) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    make(document)
    return saved(document)


def with_rows(*cells: str) -> Callable[[Any], None]:
    def make(document: Any) -> None:
        table = document.add_table(rows=3, cols=len(cells))
        table.rows[0].cells[0].text = "{%tr for row in 问题 %}"
        table.rows[2].cells[0].text = "{%tr endfor %}"
        for cell, text in zip(table.rows[1].cells, cells, strict=True):
            cell.text = text

    return make


def good(*more: str) -> bytes:
    return template(
        "{{ 当事人 }}：", "因{{ matter }}，请予整改。", *more, make=with_rows("{{ row.内容 }}", "{{ row.due }}")
    )
