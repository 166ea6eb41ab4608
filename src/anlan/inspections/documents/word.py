"""The site record as a Word document, built part by part: no template that text could reach into."""

from io import BytesIO

import segno
from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from anlan.inspections.documents.facts import SiteRecord
from anlan.kernel.papers import wordml

FACTS, ANSWERS = (38, 118), (98, 22, 36)
"""Widths of the columns in millimetres: what stands between the margins."""


def write(record: SiteRecord) -> bytes:
    """A4 with the margins of official documents (GB/T 9704 [W])."""
    document = Document()
    _page(document)
    _line(document, record.body, size=16, centred=True)
    _line(document, record.title, size=22, centred=True, heading=True)
    _line(document, f"{record.words['number']}：{record.number}", centred=True)
    table = wordml.grid(document, FACTS, rows=0)
    for label, value in record.facts:
        cells = table.add_row().cells
        wordml.fit(cells, FACTS)
        _say(cells[0].paragraphs[0], label, heading=True)
        _say(cells[1].paragraphs[0], value)
    _part(document, record.words["seen"], [record.summary])
    _part(
        document, record.words["findings"], record.findings or [record.words["nothing"]], numbered=bool(record.findings)
    )
    _answers(document, record)
    _part(document, record.words["measures"], record.measures or [record.words["none"]], numbered=bool(record.measures))
    _signatures(document, record)
    _seal(document, record)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _page(document: Doc) -> None:
    wordml.official_page(document.sections[0])
    normal = document.styles["Normal"]
    wordml.typeface(normal, wordml.FANG)
    normal.font.size, normal.paragraph_format.space_after = Pt(12), Pt(3)
    _page_numbers(document.sections[0].footer.paragraphs[0])


def _page_numbers(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for before, name, after in (("第 ", "PAGE", " 页　共 "), ("", "NUMPAGES", " 页")):
        _say(paragraph, before, size=10)
        wordml.field(paragraph, name)
        _say(paragraph, after, size=10)


def _say(paragraph: Paragraph, text: str, *, size: int = 12, heading: bool = False) -> None:
    face = wordml.HEI if heading else wordml.FANG
    wordml.say(paragraph, text, size=size, face=face, bold=heading and size > 12)


def _line(document: Doc, text: str, *, size: int = 12, centred: bool = False, heading: bool = False) -> None:
    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _say(paragraph, text, size=size, heading=heading)


def _part(document: Doc, title: str, lines: list[str], *, numbered: bool = False) -> None:
    _line(document, title, size=14, heading=True)
    for number, line in enumerate(lines, start=1):
        for part in (f"{number}. {line}" if numbered else line).split("\n"):
            _line(document, part)


def _answers(document: Doc, record: SiteRecord) -> None:
    if not record.answers:
        return
    _line(document, record.words["answers"], size=14, heading=True)
    table = wordml.grid(document, ANSWERS, rows=1)
    wordml.repeat_first_row(table)
    head = table.rows[0].cells
    wordml.fit(head, ANSWERS)
    for cell, word in zip(head, ("item", "answer", "remark"), strict=True):
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        _say(cell.paragraphs[0], record.words[word], heading=True)
    for code, text, answer, remark in record.answers:
        cells = table.add_row().cells
        wordml.fit(cells, ANSWERS)
        cells[1].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        for cell, said in zip(cells, (f"{code} {text}", answer, remark), strict=True):
            _say(cell.paragraphs[0], said)


def _signatures(document: Doc, record: SiteRecord) -> None:
    _line(document, record.words["signatures"], size=14, heading=True)
    if not record.signatures:
        _line(document, record.words["unsigned"])
    for one in record.signatures:
        paragraph = document.add_paragraph()
        _say(paragraph, f"{one.party}：{one.name}  ")
        if one.drawing:
            paragraph.add_run().add_picture(BytesIO(one.drawing), height=Mm(12))
        _say(paragraph, f"  {one.said} {one.at}".rstrip())


def _seal(document: Doc, record: SiteRecord) -> None:
    picture = BytesIO()
    segno.make(record.code, error="m").save(picture, kind="png", scale=4, border=2)
    picture.seek(0)
    document.add_paragraph().add_run().add_picture(picture, width=Mm(28))
    _line(document, f"{record.words['digest']}：{record.digest}", size=9)
    _line(document, f"{record.words['sealed']}：{record.size}", size=9)
