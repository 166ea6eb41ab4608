"""Real Word documents, sent by the page, checked and loaded; and those that are none or worse."""

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.plans.meant import amount_written, span_meant
from anlan.plans.models import PlanItem, PlanNode
from anlan.plans.ordinals import Official, chinese_number
from anlan.registry.actions import imports
from anlan.registry.models import Import
from tests.plans.conftest import Office, year
from tests.plans.test_pages import visit

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HEADINGS = ("序号", "工作内容", "牵头单位", "配合单位", "目标", "完成时限", "子方案编号", "备注")


def repeated(row: Any) -> None:
    """The row stands on top of every page again."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def numbered(cell: Any) -> None:
    """An ordinal that Word counts: the cell has no text of its own."""
    facts = cell.paragraphs[0]._p.get_or_add_pPr()
    numbering = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", "0"), ("w:numId", "77")):
        one = OxmlElement(tag)
        one.set(qn("w:val"), value)
        numbering.append(one)
    facts.append(numbering)


def fill(row: Any, *words: str) -> None:
    for cell, text in zip(row.cells, words, strict=False):
        if text:
            cell.text = text


def official_plan() -> bytes:
    """As an office writes it: a title, headings in two rows, merged cells, ordinals of four kinds, a table that goes on."""
    made = Document()
    made.styles["Normal"].font.size = Pt(12)
    made.add_heading("2026年治本攻坚任务分解表", level=1)
    made.add_paragraph("现将有关任务分解如下，请认真贯彻落实。")
    table = made.add_table(rows=2, cols=8, style="Table Grid")
    fill(table.rows[0], "序号", "工作内容", "责任单位", "", "目标", "完成时限", "子方案编号", "备注")
    fill(table.rows[1], "", "", "牵头单位", "配合单位")
    table.cell(0, 2).merge(table.cell(0, 3))
    table.cell(0, 2).text = "责任单位"
    for column in (0, 1, 4, 5, 6, 7):
        table.cell(0, column).merge(table.cell(1, column))
    for row in table.rows[:2]:
        repeated(row)
    across = table.add_row()
    across.cells[0].merge(across.cells[7]).text = "二、重大事故隐患判定标准提升行动"
    fill(table.add_row(), "（一）", "完善标准\n并开展宣贯", "", "", "", f"{year()}年底前")
    fill(table.add_row(), "１．", "宣贯判定标准", "县应急局", "", "", f"{year()}年11月底前")
    fill(table.add_row(), "（1）", "培训检查人员", "县应急局", "县住建局、\n县交通局", "40人次", "6月底前", "q01")
    fill(table.add_row(), "②", "印发手册=SUM(A1)", "县应急局", "", "", f"{year()}.10.31", "Q01", "不得延期")
    made.add_page_break()
    more = made.add_table(rows=0, cols=8, style="Table Grid")
    fill(more.add_row(), *HEADINGS)  # the headings again, by hand
    fill(more.add_row(), "2.", "检查落实情况", "县应急局", "", "", "第三季度")
    bare = made.add_table(rows=0, cols=8, style="Table Grid")  # the next page, without headings
    fill(bare.add_row(), "（1）", "抽查二十家企业", "县应急局", "", "20家", "9月15日前", "Q01")
    other = made.add_table(rows=1, cols=2, style="Table Grid")
    fill(other.rows[0], "联系人", "电话")
    return saved(made)


def saved(made: Any) -> bytes:
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def send(office: Office, content: bytes, name: str = "方案.docx", *, actor: Any = None) -> HttpResponse:
    client = visit(actor or office.keeper)
    address = reverse("plans:bring", args=[office.plan.pk])
    return client.post(address, {"file": SimpleUploadedFile(name, content)})  # type: ignore[return-value]


def checked() -> Import:
    with scope.acting(SYSTEM):
        sent = Import.objects.latest("created_at")
    imports.check_sent(sent.pk)
    with scope.acting(SYSTEM):
        return Import.objects.get(pk=sent.pk)


def refused_at_once(answer: HttpResponse) -> str:
    assert answer.status_code == 422
    with scope.acting(SYSTEM):
        assert not Import.objects.exists()
    return answer.content.decode()


def test_an_official_document_by_the_page_to_the_dry_run_to_the_plan(office: Office):
    client = visit(office.keeper)
    answer = client.post(
        reverse("plans:bring", args=[office.plan.pk]), {"file": SimpleUploadedFile("方案.docx", official_plan())}
    )
    assert answer.status_code == 302
    sent = checked()
    assert (sent.state, sent.total, sent.file_name) == ("ready", 7, "方案.xlsx"), sent.report
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "7 lines were read from 3 tables" in page.content.decode()
    assert "1 other tables were left aside" in page.content.decode()
    with scope.acting(SYSTEM):
        assert not PlanNode.objects.filter(code__startswith="2").exists()
    assert client.post(reverse("registry:load-import", args=[sent.pk])).status_code == 302
    imports.load_sent(sent.pk)
    with scope.acting(SYSTEM):
        nodes = {one.code: one for one in PlanNode.objects.filter(code__startswith="2")}
        items = {one.code: one for one in PlanItem.objects.all()}
    assert set(nodes) == {"2", "2.1", "2.1.1", "2.1.2"}
    assert nodes["2"].name == "重大事故隐患判定标准提升行动"
    assert nodes["2.1"].name.split() == ["完善标准", "并开展宣贯"]
    assert [nodes[code].due for code in ("2.1", "2.1.1", "2.1.2")] == [
        date(year(), 12, 31), date(year(), 11, 30), date(year(), 9, 30),
    ]  # fmt: skip
    assert set(items) == {"2.1.1.1", "2.1.1.2", "2.1.2.1"}
    first, second, third = (items[code] for code in sorted(items))
    assert (first.target, first.target_unit, first.due, first.partners) == (
        40, "人次", date(year(), 6, 30), "县住建局、 县交通局",
    )  # fmt: skip
    assert {one.unit_id for one in items.values()} == {office.unit.pk}
    assert (second.name, second.due) == ("印发手册=SUM(A1)", date(year(), 10, 31))
    assert (third.target, third.due) == (20, date(year(), 9, 15))


def test_what_cannot_be_understood_is_told_at_its_cell(office: Office):
    made = Document()
    table = made.add_table(rows=1, cols=8)
    fill(table.rows[0], *HEADINGS)
    fill(table.add_row(), "1.2", "新的任务", "", "", "", "长期坚持")
    fill(table.add_row(), "甲", "不知其位", "", "", "若干")
    fill(table.add_row(), "1.2.1", "新的工作", "", "", "-5家", "2026年13月底前")
    assert send(office, saved(made)).status_code == 302
    sent = checked()
    assert sent.state == "faulty"
    told = {(one["row"], one["code"]) for one in sent.report["faults"]}
    assert {(2, "not_a_date"), (3, "rule"), (3, "not_a_number"), (4, "not_a_number"), (4, "not_a_date")} <= told
    with scope.acting(SYSTEM):
        assert not PlanNode.objects.filter(code="1.2").exists()


def test_ordinals_that_word_counts_are_read(office: Office):
    made = Document()
    root = made.part.numbering_part.element
    listed, level = OxmlElement("w:abstractNum"), OxmlElement("w:lvl")
    listed.set(qn("w:abstractNumId"), "70")
    level.set(qn("w:ilvl"), "0")
    for tag, value in (("w:start", "1"), ("w:numFmt", "chineseCountingThousand"), ("w:lvlText", "%1、")):
        one = OxmlElement(tag)
        one.set(qn("w:val"), value)
        level.append(one)
    listed.append(level)
    root.insert(0, listed)
    number, link = OxmlElement("w:num"), OxmlElement("w:abstractNumId")
    number.set(qn("w:numId"), "77")
    link.set(qn("w:val"), "70")
    number.append(link)
    root.append(number)
    table = made.add_table(rows=1, cols=2)
    fill(table.rows[0], "序号", "工作内容")
    for words in ("原有行动", "教育培训行动"):
        row = table.add_row()
        numbered(row.cells[0])
        row.cells[1].text = words
    assert send(office, saved(made)).status_code == 302
    sent = checked()
    assert sent.state == "ready", sent.report
    assert visit(office.keeper).post(reverse("registry:load-import", args=[sent.pk])).status_code == 302
    imports.load_sent(sent.pk)
    with scope.acting(SYSTEM):
        assert dict(PlanNode.objects.filter(level="action").values_list("code", "name")) == {
            "1": "原有行动", "2": "教育培训行动",
        }  # fmt: skip


def bomb() -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"\0" * (200 << 20))
    return kept.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 4096


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("旧.doc", OLE, "old kind"),
        ("加密.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("空.docx", b"", "empty"),
        ("图.docx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "not a Word document"),
        ("大.docx", b"PK\x03\x04" + b"\0" * (21 << 20), "at most 20"),
    ],
)
def test_what_is_no_document_is_refused_with_the_way_out(office: Office, name: str, content: bytes, words: str):
    assert words in refused_at_once(send(office, content, name))


def test_a_bomb_is_refused(office: Office):
    assert "unpacks to far more" in refused_at_once(send(office, bomb()))


def test_a_document_without_the_plans_table_says_which_columns_it_wants(office: Office):
    made = Document()
    made.add_paragraph("没有表格的通知。")
    other = made.add_table(rows=2, cols=2)
    fill(other.rows[0], "联系人", "电话")
    assert "Ordinal" in refused_at_once(send(office, saved(made)))


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", OLE), ("b.xlsx", b"1,2,3"), ("c.XLSX", official_plan())])
def test_what_is_no_workbook_is_told_by_the_check(office: Office, name: str, content: bytes):
    assert send(office, content, name).status_code == 302
    sent = checked()
    assert sent.state == "refused"
    assert sent.trouble


def test_nobody_brings_a_file_into_the_plan_of_another_territory(office: Office):
    for actor in (office.member, office.city.actors["office"], office.city.actors["n_office"]):
        assert send(office, official_plan(), actor=actor).status_code in (403, 404)
    with scope.acting(SYSTEM):
        assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025年6月底前", (2025, 6, 1), (2025, 6, 30)),
        ("２０２４年２月底", (2024, 2, 1), (2024, 2, 29)),
        ("6月30日前", (2026, 6, 30), (2026, 6, 30)),
        ("2025年12月31日之前", (2025, 12, 31), (2025, 12, 31)),
        ("年底前", (2026, 1, 1), (2026, 12, 31)),
        ("2025年底前", (2025, 1, 1), (2025, 12, 31)),
        ("2025年年底前", (2025, 1, 1), (2025, 12, 31)),
        ("全年", (2026, 1, 1), (2026, 12, 31)),
        ("第三季度末", (2026, 7, 1), (2026, 9, 30)),
        ("2025年上半年", (2025, 1, 1), (2025, 6, 30)),
        ("3月—10月", (2026, 3, 1), (2026, 10, 31)),
        ("3-10月底", (2026, 3, 1), (2026, 10, 31)),
        ("9月中旬", (2026, 9, 11), (2026, 9, 20)),
        ("2025.6.30", (2025, 6, 30), (2025, 6, 30)),
        ("2025-06", (2025, 6, 1), (2025, 6, 30)),
    ],
)
def test_days_as_plans_write_them(text: str, first: tuple[int, int, int], last: tuple[int, int, int]):
    assert span_meant(text, 2026) == (date(*first), date(*last))


@pytest.mark.parametrize(
    "text", ["长期坚持", "2025年13月底前", "2月30日", "", "尽快", "6", "0月底", "持续推进", "第五季度", "10000年底"]
)
def test_what_is_no_day_is_none(text: str):
    assert span_meant(text, 2026) is None


def test_amounts_with_their_unit():
    assert amount_written("40家") == ("40", "家")
    assert amount_written("１，２００ 人次") == ("1200", "人次")
    assert amount_written("不少于5家") == ("不少于5家", "")
    assert amount_written("-5家") == ("-5家", "")


def test_ordinals_as_official_documents_count():
    count = Official()
    written = [
        "一、",
        "（一）",
        "1.",
        "（1）",
        "②",
        "3）",
        "２．",
        "（1）",
        "（二）",
        "1",
        "十二、",
        "（二十）",
        "3.1.2",
        "（4）",
    ]
    meant = [
        "1",
        "1.1",
        "1.1.1",
        "1.1.1.1",
        "1.1.1.2",
        "1.1.1.3",
        "1.1.2",
        "1.1.2.1",
        "1.2",
        "1.2.1",
        "12",
        "12.20",
        "3.1.2",
        "3.1.2.4",
    ]
    assert [count.code(one) for one in written] == meant
    alone = Official()
    assert [alone.code(one) for one in ("（一）", "1.", "①", "甲", "一百二十一、")] == [
        "（一）",
        "1.",
        "①",
        "甲",
        "121",
    ]
    assert [chinese_number(one) for one in ("十", "十九", "二十", "九十九", "一百")] == [10, 19, 20, 99, 100]
