"""The site record as a Word document, built part by part: no template that text could reach into."""

from io import BytesIO

import segno
from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from anlan.inspections.documents.facts import SiteRecord

BODY, HEADING = "仿宋", "黑体"


def write(record: SiteRecord) -> bytes:
    """A4 with the margins of official documents (GB/T 9704 [W])."""
    document = Document()
    _page(document)
    _line(document, record.body, size=16, centred=True)
    _line(document, record.title, size=22, centred=True, heading=True)
    _line(document, f"{record.words['number']}：{record.number}", centred=True)
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for label, value in record.facts:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Mm(38), Mm(118)
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
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    font = document.styles["Normal"].font
    font.name, font.size = BODY, Pt(12)
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), BODY)


def _say(paragraph: Paragraph, text: str, *, size: int = 12, heading: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.bold = heading and size > 12
    run.font.name = HEADING if heading else BODY
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEADING if heading else BODY)


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
    table = document.add_table(rows=1, cols=3)
    table.style = "Table Grid"
    for cell, word in zip(table.rows[0].cells, ("item", "answer", "remark"), strict=True):
        _say(cell.paragraphs[0], record.words[word], heading=True)
    for code, text, answer, remark in record.answers:
        cells = table.add_row().cells
        for cell, said, width in zip(cells, (f"{code} {text}", answer, remark), (94, 24, 38), strict=True):
            cell.width = Mm(width)
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
