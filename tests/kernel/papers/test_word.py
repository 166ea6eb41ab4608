"""The Word document, opened again: its page, grid, styles, fields, seal and foot."""

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from anlan.kernel.errors import Invalid
from anlan.kernel.papers import word
from anlan.kernel.papers.guard import check_docx
from anlan.kernel.papers.layout import FACES, LAYOUT, MM_PER_POINT
from anlan.kernel.papers.paper import Attachment, Paragraph, Table
from anlan.kernel.papers.wordml import _ORDER, element, settle
from tests.kernel.papers.samples import SENTENCE, paper


def opened(**changes: Any) -> Any:
    return Document(BytesIO(word.write(paper(**changes))))


def line(document: Any, text: str) -> Any:
    return next(one for one in document.paragraphs if one.text.startswith(text))


def test_the_page_and_its_grid() -> None:
    section = opened().sections[0]
    sides = ("page_width", "page_height", "top_margin", "bottom_margin", "left_margin", "right_margin")
    assert [round(getattr(section, side).mm) for side in sides] == [210, 297, 37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert 22 * int(grid.get(qn("w:linePitch"))) <= 225 / 25.4 * 1440, "22 lines fit, to the twip"
    assert 28 * (16 + int(grid.get(qn("w:charSpace"))) / 4096) == pytest.approx(156 / 25.4 * 72, abs=0.1)


def test_lines_and_characters_keep_to_it() -> None:
    style = opened().styles["公文正文"]
    assert style.paragraph_format.line_spacing <= Pt(LAYOUT.pitch)
    narrower = int(style.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert 28 * (16 + narrower) <= 156 / 25.4 * 72 < 29 * (16 + narrower)
    assert style.paragraph_format.first_line_indent.pt == pytest.approx(2 * LAYOUT.advance, abs=0.1)


@pytest.mark.parametrize(
    ("style", "face", "size"),
    [("Title", "song", 22), ("公文正文", "fang", 16), ("Heading 1", "hei", 16), ("Heading 2", "kai", 16), ("Heading 3", "fang", 16),
     ("Heading 4", "fang", 16), ("版记", "fang", 14), ("页码", "figures", 14), ("附件标识", "hei", 16), ("发文机关标志", "song", 16)],
)  # fmt: skip
def test_every_part_has_its_face_and_size(style: str, face: str, size: int) -> None:
    found = opened().styles[style]
    fonts = found.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")} == {FACES[face].names[0]}
    assert found.font.size == Pt(size)
    assert not found.font.bold


def test_faces_that_are_missing_have_stand_ins() -> None:
    with ZipFile(BytesIO(word.write(paper()))) as package:
        table = etree.fromstring(package.read("word/fontTable.xml"))
    others = {
        font.get(qn("w:name")): font.find(qn("w:altName")).get(qn("w:val"))
        for font in table
        if font.find(qn("w:altName")) is not None
    }
    assert "仿宋_GB2312" in others["仿宋"]
    assert set(others) == {face.names[0] for face in FACES.values()}


def test_what_stands_on_the_first_page() -> None:
    document = opened()
    texts = [one.text for one in document.paragraphs if one.text]
    assert texts[:4] == ["000012", "加急", "安澜市安全生产委员会办公室文件", "安安办发〔2026〕12号"]
    organ = line(document, "安澜市安全生产委员会办公室文件")
    assert str(organ.style.font.color.rgb) == "E60000"
    assert organ.runs[0].font.size.pt * len(organ.text) <= 156 / MM_PER_POINT, "on one line"
    at = [one.text for one in document.paragraphs].index(organ.text)
    above = at * LAYOUT.pitch * MM_PER_POINT + organ.paragraph_format.space_before.mm
    assert above + organ.runs[0].font.size.mm * 0.1 == pytest.approx(35, abs=0.6)


def test_page_numbers_are_counted_and_stand_outside() -> None:
    document = opened()
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        said = footer.paragraphs[0]
        assert said.alignment.name == side
        assert said._p.find(qn("w:fldSimple")).get(qn("w:instr")) == "PAGE"
        assert re.sub(r"\s", "", said.text) == "——"
    assert section.footer_distance < section.bottom_margin - Mm(LAYOUT.page_number_below)


def test_the_seal_lies_under_name_and_date() -> None:
    document = opened()
    (anchor,) = document.element.body.iter(qn("wp:anchor"))
    assert anchor.get("behindDoc") == "1"
    assert anchor.find(qn("wp:extent")).get("cx") == anchor.find(qn("wp:extent")).get("cy") == str(Mm(42))
    right, down = (int(anchor.find(qn(f"wp:position{axis}"))[0].text) / Mm(1) for axis in "HV")
    name = next(one for one in document.paragraphs if one.style.name == "署名和成文日期")
    middle = (name.paragraph_format.left_indent.mm + 156) / 2
    assert right + 21 == pytest.approx(middle, abs=0.1), "centred where name and date are"
    assert -21 - LAYOUT.pitch * MM_PER_POINT < down < 0
    assert name.paragraph_format.keep_with_next


def test_without_a_seal_there_is_no_picture() -> None:
    document = opened(seal=None)
    assert not list(document.element.body.iter(qn("w:drawing")))
    name = next(one for one in document.paragraphs if one.style.name == "署名和成文日期")
    assert name.paragraph_format.left_indent.pt == pytest.approx(13 * LAYOUT.advance, abs=0.1)


def test_a_short_end_is_not_parted_from_the_signature_a_long_one_may_be() -> None:
    for count, kept in ((2, True), (40, None)):
        document = opened(blocks=(Paragraph(text=SENTENCE * count),), attachments=())
        last = line(document, SENTENCE[:20])
        assert last.paragraph_format.keep_with_next is kept, "else a first page would show no text"


def test_a_table_fits_the_text_and_repeats_its_heading() -> None:
    (table,) = opened(blocks=(Table(rows=(("甲", "乙"), ("1", "2")), widths=(1, 3)),)).tables
    widths = [cell.width.mm for cell in table.rows[1].cells]
    assert widths == [pytest.approx(39, abs=0.1), pytest.approx(117, abs=0.1)]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None


def test_an_attachment_begins_a_page() -> None:
    document = opened(attachments=(Attachment(title="名单", blocks=(Paragraph(text="张某"),)),))
    mark = next(one for one in document.paragraphs if one.style.name == "附件标识")
    assert mark.text == "附件"
    assert mark.paragraph_format.page_break_before


def test_the_foot_is_one_frame_at_the_end_of_the_page() -> None:
    document = opened()
    framed = [
        one for one in document.paragraphs if one._p.pPr is not None and one._p.pPr.find(qn("w:framePr")) is not None
    ]
    assert [one.text.strip() for one in framed if one.text.strip()] == [
        "抄送：省安全生产委员会办公室，市委办公室，市人大常委会办公\n室，市政府办公室，市政协办公室。",
        "安澜市安全生产委员会办公室\t2026年10月10日印发",
    ]
    alike = {
        tuple(etree.tostring(one._p.pPr.find(qn(f"w:{name}"))) for name in ("framePr", "pBdr", "ind")) for one in framed
    }
    assert len(alike) == 1, "programs take only like paragraphs for one frame"
    frame = framed[0]._p.pPr.find(qn("w:framePr"))
    assert (frame.get(qn("w:vAnchor")), frame.get(qn("w:yAlign"))) == ("margin", "bottom")
    assert document.paragraphs[-1]._p is not framed[-1]._p, "a frame hangs on the paragraph after it"


def test_a_letter_has_its_head_in_the_header_of_its_first_page() -> None:
    document = opened(form="letter", seal=None)
    section = document.sections[0]
    assert section.different_first_page_header_footer
    head = section.first_page_header.paragraphs
    assert head[0].text == "安澜市安全生产委员会办公室"
    assert section.header_distance.mm == pytest.approx(30, abs=0.1)
    assert "安安办发〔2026〕12号" in head[3].text
    assert section.first_page_footer.paragraphs[0].text == "", "no page number"
    rules = [*head[1:3], *section.first_page_footer.paragraphs]
    assert all(one.paragraph_format.left_indent.mm == pytest.approx(-7, abs=0.1) for one in rules), "170 mm over 156"
    weights = [int(one._p.pPr.find(qn("w:pBdr"))[0].get(qn("w:sz"))) for one in rules]
    assert weights[0] == weights[3] > weights[1] == weights[2], "thick and thin, then thin and thick"
    assert section.footer_distance.mm == pytest.approx(20, abs=0.1)
    below = section.footer.paragraphs[0].paragraph_format.space_after.mm + 20
    assert below == pytest.approx(opened().sections[0].footer_distance.mm, abs=0.1), (
        "page numbers where they always are"
    )
    assert not any("印发" in one.text for one in document.paragraphs)


def test_text_is_text() -> None:
    said = "<w:p/> {{ 7*7 }} & \"'"
    assert line(opened(blocks=(Paragraph(text=said),)), said)


def test_the_file_says_what_it_is_and_names_no_program() -> None:
    about = opened().core_properties
    assert (about.author, about.subject) == (paper().organ, paper().number)
    assert about.title == paper().title
    with ZipFile(BytesIO(word.write(paper()))) as package:
        assert not [name for name in package.namelist() if "thumbnail" in name or "WithEffects" in name]
        assert b"python-docx" not in package.read("docProps/core.xml")


def test_what_we_write_passes_our_own_door() -> None:
    check_docx(word.write(paper()))


def test_the_order_of_a_paragraphs_properties_is_words() -> None:
    """A paragraph whose properties stand in another order makes Word say that the file is damaged."""
    document = Document()
    properties = document.add_paragraph()._p.get_or_add_pPr()
    for name in ("jc", "snapToGrid", "pBdr", "keepNext", "framePr", "overflowPunct"):
        settle(properties, element(f"w:{name}"))
    names = [one.tag.rsplit("}", maxsplit=1)[1] for one in properties]
    assert names == ["keepNext", "framePr", "pBdr", "overflowPunct", "snapToGrid", "jc"]
    settle(properties, element("w:jc", val="both"))
    assert len(properties) == 6, "one of a name"


RUN = (
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "snapToGrid", "vanish", "color", "spacing", "w",
    "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang",
)  # fmt: skip
SECTION = ("Reference", "type", "pgSz", "pgMar", "pgNumType", "cols", "titlePg", "docGrid")
ANCHOR = ("simplePos", "positionH", "positionV", "extent", "wrapNone", "docPr", "cNvGraphicFramePr", "graphic")


@pytest.mark.parametrize("form", ["document", "letter"])
def test_everything_stands_in_the_order_word_asks_for(form: str) -> None:
    """ECMA-376 fixes the order of what these hold; LibreOffice does not mind, Word does."""
    wanted = {"pPr": _ORDER, "rPr": RUN, "sectPr": SECTION, "anchor": ANCHOR}
    seen = set()
    with ZipFile(BytesIO(word.write(paper(form=form)))) as package:
        for part in (name for name in package.namelist() if re.match(r"word/(document|styles|header|footer)", name)):
            for one in etree.fromstring(package.read(part)).iter():
                order = wanted.get(etree.QName(one).localname)
                if order:
                    names = [re.sub("^(header|footer)", "", etree.QName(child).localname) for child in one]
                    assert names == sorted(names, key=order.index), (part, names)
                    seen.add(etree.QName(one).localname)
    assert seen == set(wanted)


def test_a_paper_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(Invalid):
        word.write(paper(title=""))
