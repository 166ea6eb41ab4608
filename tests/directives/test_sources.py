"""Files of every kind become text, or are refused with what would help."""

import shutil
from io import BytesIO

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image, ImageDraw, ImageFont
from weasyprint import HTML

from anlan.directives.reading import read, sources
from anlan.directives.reading.sources import RefusedDirective, open_document, recognition
from anlan.kernel.refusals import Refused
from tests.directives.conftest import TEXT


def docx(*, table: bool = False) -> bytes:
    document = Document()
    for line in TEXT.strip().split("\n"):
        document.add_paragraph(line)
    if table:
        rows = document.add_table(rows=1, cols=3)
        for cell, words in zip(rows.rows[0].cells, ("1", "县交通局要在12月1日前排查桥梁", "县交通局"), strict=True):
            cell.text = words
        rows.add_row().cells[0].merge(rows.rows[1].cells[2]).text = "合并"
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(text: str = TEXT) -> bytes:
    body = "".join(f"<p>{line}</p>" for line in text.strip().split("\n"))
    return bytes(HTML(string=f"<body style='font-family: Noto Sans CJK SC'>{body}</body>").write_pdf())


def same(text: str) -> None:
    found = read(text)
    expected = read(TEXT)
    assert found.layout.number == expected.layout.number
    assert [one.who for one in found.proposals] == [one.who for one in expected.proposals]
    assert [one.text for one in found.proposals] == [one.text for one in expected.proposals]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_usual_encoding(encoding):
    source = open_document(TEXT.encode(encoding), name="通知.txt")
    assert (source.kind, source.text) == ("text", TEXT)


def test_docx_with_its_tables_in_order():
    source = open_document(docx(table=True), name="通知.docx")
    assert source.kind == "docx"
    assert source.text.endswith("1\t县交通局要在12月1日前排查桥梁\t县交通局\n合并")
    same(open_document(docx()).text)


def boxed(words: str) -> str:
    return (
        f"<w:p {nsdecls('w')}><w:r><w:pict><v:textbox xmlns:v='urn:schemas-microsoft-com:vml'>"
        f"<w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r></w:p>"
    )


@pytest.mark.parametrize(
    "xml",
    [
        boxed("县住建局要在12月5日前检查工地。"),
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>县住建局要在12月5日前检查工地。</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        (
            f"<w:p {nsdecls('w')}><w:ins w:id='1' w:author='a'><w:r><w:t>县住建局要在12月5日前</w:t></w:r></w:ins>"
            "<w:del w:id='2' w:author='a'><w:r><w:delText>不</w:delText></w:r></w:del><w:r><w:t>检查工地。</w:t></w:r></w:p>"
        ),
    ],
    ids=["text box", "content control", "tracked change"],
)
def test_no_words_of_a_docx_are_lost(xml):
    document = Document()
    document.add_paragraph("第一段。")
    document.element.body.insert(1, parse_xml(xml))
    out = BytesIO()
    document.save(out)
    lines = [line for line in open_document(out.getvalue()).text.split("\n") if line]
    assert lines == ["第一段。", "县住建局要在12月5日前检查工地。"]


def test_no_words_of_a_cell_are_lost():
    document = Document()
    row = document.add_table(rows=1, cols=3).rows[0]
    row.cells[0].text = "一"
    row.cells[1]._tc.append(parse_xml(boxed("县住建局要在12月5日前")))
    row.cells[1].add_paragraph("检查工地。")
    inner = row.cells[2].add_table(rows=1, cols=1)
    inner.rows[0].cells[0].text = "县住建局"
    row.cells[2].paragraphs[0]._p.addprevious(
        parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>牵头</w:t></w:r></w:p></w:sdtContent></w:sdt>")
    )
    out = BytesIO()
    document.save(out)
    assert open_document(out.getvalue()).text.strip() == "一\t县住建局要在12月5日前 检查工地。\t牵头 县住建局"


def test_the_footnotes_of_a_docx_stand_at_its_end():
    document = Document()
    document.add_paragraph("第一段。")
    notes = f"<w:footnotes {nsdecls('w')}><w:footnote w:id='1'><w:p><w:r><w:t>县住建局要在12月5日前检查工地。</w:t></w:r></w:p></w:footnote></w:footnotes>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    out = BytesIO()
    document.save(out)
    assert open_document(out.getvalue()).text.rstrip().endswith("第一段。\n县住建局要在12月5日前检查工地。")


def test_pdf():
    source = open_document(pdf(), name="通知.pdf")
    assert source.kind == "pdf"
    same(source.text)


def scan() -> bytes:
    out = BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "PDF")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.doc", "directive.legacy"),
        (b"\x00\x01\x02\x03" * 100, "a.bin", "directive.kind"),
        (b"\xff\xfe\xff", "a.txt", "directive.encoding"),
        (b" \n\t ", "a.txt", "directive.empty"),
        ("安".encode() * 200_001, "a.txt", "directive.too_long"),
        (b"a" * 900_000, "a.txt", "directive.too_long"),
        (scan(), "a.pdf", "directive.scan"),
        (docx()[:-400], "a.docx", "file.unreadable"),
        (docx(), "a.pdf", "file.type_mismatch"),
        (b"", "a.txt", "file.empty"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data, name, code):
    with pytest.raises(Refused) as caught:
        open_document(data, name=name)
    assert caught.value.code == code
    assert caught.value.detail


def workbook() -> bytes:
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "任务")
    return out.getvalue()


def test_a_workbook_is_no_document():
    with pytest.raises(RefusedDirective) as caught:
        open_document(workbook(), name="a.xlsx")
    assert caught.value.code == "directive.kind"


def picture() -> bytes:
    font = ImageFont.truetype("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 40)
    image = Image.new("RGB", (1200, 200), "white")
    ImageDraw.Draw(image).text((30, 60), "县应急局要在12月20日前完成排查。", font=font, fill="black")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_without_text_recognition_a_picture_is_refused_and_says_why(monkeypatch):
    monkeypatch.setattr(sources.shutil, "which", lambda _name: None)
    recognition.cache_clear()
    out = BytesIO()
    Image.new("RGB", (20, 20), "white").save(out, "PNG")
    try:
        with pytest.raises(RefusedDirective) as caught:
            open_document(out.getvalue(), name="a.png")
    finally:
        recognition.cache_clear()
    assert caught.value.code == "directive.ocr_missing"
    assert "tesseract-ocr-chi-sim" in caught.value.detail


@pytest.mark.skipif(
    shutil.which("tesseract") is None or recognition() is None, reason="tesseract with chi_sim is not installed"
)
def test_a_picture_by_text_recognition():
    source = open_document(picture(), name="a.png")
    assert source.kind == "picture"
    assert "12月20日前" in read(source.text).normal.text
