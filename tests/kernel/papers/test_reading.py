"""Documents from others: what is read, what is tidied, what is passed over and counted."""

import json
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.kernel.papers import word
from anlan.kernel.papers.compose import labelled
from anlan.kernel.papers.extract import read_document
from anlan.kernel.papers.noise import is_page_number, tidy
from anlan.kernel.papers.numbering import Level, Numbering, written
from anlan.kernel.papers.outline import structured
from anlan.kernel.papers.paper import Block, Heading, Paragraph, Table
from anlan.kernel.papers.reading import read
from anlan.kernel.papers.wordml import element
from anlan.kernel.refusals import Refused
from anlan.kernel.sandbox_child import Refusal
from tests.files.hostile import zipped
from tests.kernel.papers import samples
from tests.kernel.papers.templates import saved

CHINESE_LIST = f"""<w:abstractNum {nsdecls("w")} w:abstractNumId="90">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl></w:abstractNum>"""


def document_of(*lines: str) -> Any:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    return document


def numbered(document: Any, text: str, level: int) -> None:
    line = document.add_paragraph(text)
    line._p.get_or_add_pPr().append(element("w:numPr", element("w:ilvl", val=level), element("w:numId", val=90)))


def with_list() -> Any:
    document = Document()
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(CHINESE_LIST))
    root.append(element("w:num", element("w:abstractNumId", val=90), numId=90))
    return document


# -- the file ----------------------------------------------------------------------------------------------------------


def test_a_paper_of_ours_reads_back() -> None:
    blocks = read(word.write(samples.paper(seal=None))).blocks
    headings = [(one.label, one.text, bool(one.body)) for one in blocks if isinstance(one, Heading)][:9]
    assert headings == [
        ("一、", "总体进展", False), ("（一）", "检查情况", False), ("（二）", "帮扶情况", True), ("二、", "存在问题", False),
        ("1.", "排查不深入", True), ("2.", "整改不及时", True), ("（1）", "资金未落实", True), ("（2）", "时限未明确", False),
        ("三、", "下一步工作", False),
    ]  # fmt: skip
    table = next(one for one in blocks if isinstance(one, Table))
    assert table.headed
    assert table.rows[1] == ("甲县", "1284", "16", "12", "两条经批准延期")


WORDS = st.text(st.sampled_from("安全生产检查整改责任落实重大隐患"), min_size=2, max_size=24)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Heading, level=st.integers(1, 4), text=WORDS),
        st.builds(Heading, level=st.integers(1, 4), text=WORDS, body=WORDS.map(lambda said: f"{said}，要{said}。")),
        st.builds(
            Paragraph, text=WORDS.map(lambda said: f"{said}。"), side=st.sampled_from(["left", "centre", "right"])
        ),
        st.builds(
            Table,
            rows=st.integers(1, 4).flatmap(
                lambda columns: st.lists(st.tuples(*[WORDS] * columns), min_size=1, max_size=4).map(tuple)
            ),
            headed=st.booleans(),
        ),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40)
@given(BLOCKS)
def test_what_is_written_is_what_is_read(blocks: list[Block]) -> None:
    """In the child's own function, without the child."""
    written_paper = word.write(
        samples.paper(blocks=tuple(blocks), seal=None, attachments=(), copies_to=(), printed_by="")
    )
    _value, batches = read_document(BytesIO(written_paper), {"most": 10_000})
    raw = [one for batch in batches for one in json.loads(batch)]
    start = next(at for at, one in enumerate(raw) if one.get("text", "").endswith("有关单位："))
    end = next(at for at, one in enumerate(raw) if one.get("text") == "安澜市安全生产委员会办公室")
    found: list[Block] = []
    for one in raw[start + 1 : end]:
        if "rows" in one:
            found.append(Table(rows=tuple(map(tuple, one["rows"])), headed=one["headed"]))
        else:
            found.append(structured(one["text"], style=one["style"], side=one["side"]))
    assert found == list(labelled(blocks))


def test_words_own_numbering_is_read_as_it_is_seen() -> None:
    document = with_list()
    for text, level in [("总体要求", 0), ("目标", 1), ("原则", 1), ("安全第一", 2), ("重点任务", 0), ("排查", 1)]:
        numbered(document, text, level)
    found = [(one.label, one.text) for one in read(saved(document)).blocks if isinstance(one, Heading)]
    assert found == [
        ("一、", "总体要求"), ("（一）", "目标"), ("（二）", "原则"), ("1.", "安全第一"), ("二、", "重点任务"), ("（一）", "排查"),
    ]  # fmt: skip


def test_merged_cells_say_everywhere_what_they_say() -> None:
    document = Document()
    table = document.add_table(rows=4, cols=3)
    for row, texts in enumerate(
        [("行动", "任务", "单位"), ("行动一", "任务一", "甲局"), ("", "任务二", "乙局"), ("合计", "", "2")]
    ):
        for cell, text in zip(table.rows[row].cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 1))
    (found,) = read(saved(document)).blocks
    assert isinstance(found, Table)
    assert found.rows == (
        ("行动", "任务", "单位"),
        ("行动一", "任务一", "甲局"),
        ("行动一", "任务二", "乙局"),
        ("合计", "合计", "2"),
    )


def test_deleted_and_hidden_text_is_not_read_inserted_is() -> None:
    document = document_of("保留")
    line = document.paragraphs[0]
    gone = element("w:del", element("w:r", element("w:delText")))
    gone[0][0].text = "删去"
    line._p.append(gone)
    run = parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>新增</w:t></w:r></w:ins>")
    line._p.append(run)
    line.add_run("隐藏").font.hidden = True
    (found,) = read(saved(document)).blocks
    assert found == Paragraph(text="保留新增")


def test_a_list_of_attachments_is_no_row_of_headings() -> None:
    blocks = read(saved(document_of("3.总结", "附件：1. 甲表", "2. 乙表", "3. 丙表", "二、其他", "2. 丁"))).blocks
    assert [(type(one).__name__, getattr(one, "text", "")) for one in blocks] == [
        ("Heading", "总结"), ("Paragraph", "附件：1. 甲表"), ("Paragraph", "2.乙表"), ("Paragraph", "3.丙表"),
        ("Heading", "其他"), ("Heading", "丁"),
    ]  # fmt: skip


def test_what_is_passed_over_is_counted() -> None:
    document = document_of("甲")
    document.add_picture(BytesIO(samples.seal()))
    document.paragraphs[0].add_run()._r.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="1"/>'))
    reading = read(saved(document))
    assert reading.left_out == {"pictures": 1, "footnotes": 1}
    assert reading.blocks == (Paragraph(text="甲"),)


def test_content_controls_and_links_are_gone_through() -> None:
    document = document_of("甲")
    document.element.body.insert(0, parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtContent><w:p><w:hyperlink><w:r><w:t>控件里的</w:t></w:r></w:hyperlink></w:p></w:sdtContent></w:sdt>'
    ))  # fmt: skip
    assert [one.text for one in read(saved(document)).blocks if isinstance(one, Paragraph)] == ["控件里的", "甲"]


def test_page_numbers_and_empty_lines_are_dropped() -> None:
    assert read(saved(document_of("甲", "", "　", "— 3 —", "第 4 页", "2026"))).blocks == (
        Paragraph(text="甲"), Paragraph(text="2026"),
    )  # fmt: skip


def test_a_document_that_is_too_long_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        read(saved(document_of(*["甲"] * 30)), most=20)
    assert caught.value.code == "paper.too_long"
    assert "20" in caught.value.detail


def test_a_table_that_claims_a_thousand_columns_is_refused() -> None:
    document = Document()
    cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
    cell._tc.get_or_add_tcPr().append(element("w:gridSpan", val=900))
    with pytest.raises(Refusal, match="damaged"):
        read_document(BytesIO(saved(document)), {"most": 1000})


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("paper.type", lambda: b"plain text"),
        ("paper.bomb", lambda: zipped(**{"word/document.xml": bytes(120 << 20)})),
        ("paper.damaged", lambda: zipped(**{"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"})),
        ("paper.macros", lambda: zipped(**{"[Content_Types].xml": b"<a/>", "word/vbaProject.bin": b"x"})),
    ],
)
def test_hostile_files_are_refused_in_words(code: str, make: Any) -> None:
    with pytest.raises(Refused) as caught:
        read(make())
    assert caught.value.code == code
    assert "%(" not in caught.value.detail


def test_text_nested_deeply_is_still_read() -> None:
    document = document_of("甲")
    deep = f"<w:smartTag {nsdecls('w')}>" + "<w:smartTag>" * 200 + "<w:r><w:t>乙</w:t></w:r>" + "</w:smartTag>" * 201
    document.paragraphs[0]._p.append(parse_xml(deep))
    assert read(saved(document)).blocks == (Paragraph(text="甲乙"),)


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("noisy", "clean"),
    [
        ("安 全　生 产", "安全生产"),
        ("安全,,生产,。", "安全，生产。"),
        ("检查３２８４家", "检查3284家"),
        ("第1,284家", "第1,284家"),
        ("时间:2026年", "时间：2026年"),
        ("依据(第三条)", "依据（第三条）"),
        ("f(x) = 1", "f(x) = 1"),
        ("a\u200bb\ufeff\u00ad", "ab"),
        ("甲\r\n\r\n乙\u2028丙", "甲\n乙\n丙"),
        ("use two words", "use two words"),
        ("真的吗?是!", "真的吗？是！"),
    ],
)
def test_noise_goes(noisy: str, clean: str) -> None:
    assert tidy(noisy) == clean
    assert tidy(clean) == clean, "what is tidy stays as it is"


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("text", "is_one"), [("— 3 —", True), ("-12-", True), ("第3页 共9页", True), ("3", False), ("2026年", False)]
)
def test_page_numbers(text: str, is_one: bool) -> None:
    assert is_page_number(text) is is_one


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("一、总体要求", Heading(level=1, text="总体要求", label="一、")),
        ("(二)加强领导。各单位要重视。", Heading(level=2, text="加强领导", body="各单位要重视。", label="（二）")),
        ("3．严格执法", Heading(level=3, text="严格执法", label="3.")),
        ("（4）甲", Heading(level=4, text="甲", label="（4）")),
        ("1.5米以上的平台", Paragraph(text="1.5米以上的平台")),
        ("2026年工作要点", Paragraph(text="2026年工作要点")),
        ("一是抓责任。", Paragraph(text="一是抓责任。")),
        ("二、各县区要在本月底前完成排查，建立台账，明确责任单位和责任人，做到情况清、底数明。",
         Heading(level=1, text="", body="各县区要在本月底前完成排查，建立台账，明确责任单位和责任人，做到情况清、底数明。", label="二、")),
    ],
)  # fmt: skip
def test_labels_make_headings(text: str, found: Block) -> None:
    assert structured(text) == found


def test_a_style_makes_a_heading_of_a_short_line_only() -> None:
    assert structured("总则", style=1) == Heading(level=1, text="总则")
    assert isinstance(structured("甲" * 60, style=1), Paragraph)
    assert isinstance(structured("总则", style=7), Paragraph)


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [(3, "decimal", "3"), (12, "chineseCountingThousand", "十二"), (3, "decimalEnclosedCircleChinese", "③"), (28, "upperLetter", "BB"),
     (4, "lowerRoman", "iv"), (1994, "upperRoman", "MCMXCIV"), (7, "decimalZero", "07"), (1, "bullet", ""), (5, "thaiNumbers", "5")],
)  # fmt: skip
def test_kinds_of_counting(number: int, kind: str, said: str) -> None:
    assert written(number, kind) == said


def test_a_list_that_begins_anew_begins_where_it_says() -> None:
    lists = Numbering(
        abstract={"0": {0: Level(kind="decimal", text="%1."), 1: Level(kind="decimal", text="%1.%2")}},
        lists={"1": ("0", {}), "2": ("0", {0: 5})},
    )
    said = [
        lists.label(one, level) for one, level in [("1", 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1), ("2", 0), ("2", 0)]
    ]
    assert said == ["1.", "1.1", "1.2", "2.", "2.1", "5.", "6."]
    assert lists.label("9", 0) == ""
    assert lists.label("1", 12) == ""


def test_a_table_of_contents_is_no_text() -> None:
    document = document_of("正文")
    line = document.add_paragraph("总则......1")
    style = document.styles.add_style("toc 1", 1)
    line.style = style
    assert style.element.find(qn("w:name")).get(qn("w:val")) == "toc 1"
    assert [one.text for one in read(saved(document)).blocks if isinstance(one, Paragraph)] == ["正文"]
