"""Checklists by workbook: what is exported reads back, and every bad cell is named."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation

from anlan.kernel import scope
from anlan.kernel.errors import Forbidden
from anlan.kernel.exchange.report import Report
from anlan.registry.actions import imports
from anlan.standards import workbook
from anlan.standards.actions import draft_edition, load_laws
from anlan.standards.models import Checklist, Edition, Item, LawClause
from anlan.standards.queries import items_of
from tests.factories import CITY, COUNTY, City
from tests.standards.lists import codes_of, drafted, in_use, listed, step

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
LISTS = ["Checklist code", "Name of the checklist", "Territory", "Industry", "Special campaign", "Kinds of visit"]
ITEMS = [
    "Checklist code", "Item code", "Group", "What is asked", "Evidence asked", "Weight", "Clause of law",
    "A “no” may be major by", "Only in the industries", "Only at the grades", "Only where there is",
]  # fmt: skip


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def laws(city: City) -> City:
    load_laws()
    return city


def book(path: Path, lists: list[list[Any]], items: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as made:
        for name, rows in (("Checklists", [LISTS, *lists]), ("Items", [ITEMS, *items])):
            sheet = made.add_worksheet(name)
            for line, row in enumerate(rows):
                for index, value in enumerate(row):
                    if value is not None:
                        sheet.write(line, index, value)
    return path


def sent(city: City, path: Path, *, who: str = "regulator", write: bool = True) -> Any:
    return imports.import_file(actor=city.actors[who], kind="checklist", path=path, write=write)


def faults(report: Report) -> dict[tuple[str, str], str]:
    return {(fault.sheet, fault.cell): fault.reason for fault in report.faults}


def test_a_new_list_becomes_a_draft(laws: City, tmp_path: Path) -> None:
    rows = [
        ["ours-1", "A1", "现场", "安全出口畅通", "photo", 3, "《中华人民共和国消防法（2021）》第28条",
         "gongmao-2023/3/1", None, "C、D", "锅炉；Combustible dust"],
        ["ours-1", "A2", None, "人员持证上岗", None, None, "anquan-2021/30", None, "工贸,gongmao", None, None],
    ]  # fmt: skip
    with scope.acting(laws.regulator):
        first = Checklist._meta.model.objects.count()
    path = book(tmp_path / "a.xlsx", [["ours-1", "我们的清单", None, "gongmao", None, "self-check"]], rows)
    rows[1][8] = "gongmao"
    path = book(path, [["ours-1", "我们的清单", None, "gongmao", None, "self-check"]], rows)
    outcome = sent(laws, path)
    assert outcome.counts == {"lists": 1, "drafts": 1, "items": 2}, faults(outcome.report)
    made = Checklist.objects.get(code="ours-1")
    assert (made.region, made.industry_id, made.kinds) == (COUNTY, "gongmao", ["self_check"])
    edition = Edition.objects.get(checklist=made)
    one, two = items_of([edition])
    assert edition.state == "draft"
    assert one.applies == {"grade": ["C", "D"], "facility": ["dust", "boiler"]}
    assert (one.weight, one.evidence_asked, one.law_clause.law_id) == (3, "photo", "xiaofang-2021")
    assert (one.major_clause.article, one.major_clause.item) == ("3", 1)
    assert (two.weight, two.evidence_asked, two.applies) == (1, "none", {"industry": ["gongmao"]})
    assert Checklist.objects.count() == first + 1


def test_every_bad_cell_is_named_and_nothing_is_written(laws: City, tmp_path: Path) -> None:
    taken = listed(laws.n_regulator, code="theirs", region=None)
    lists = [
        ["ours-1", "我们的清单", None, "gongmao", None, "party"],
        ["Ours 2", "大写的清单", None, "gongmao"],
        ["ours-3", "别处的清单", str(CITY), "gongmao"],
        ["ours-4", "无项的清单", None, "gongmao"],
        ["ours-5", "共性的清单", None, None],
    ]
    items = [
        ["ours-1", "A1", None, "安全出口畅通", "oath", 11, "anquan-2021/999", "gongmao-2023/99/1", "魔法", "E", "飞碟"],
        ["ours-1", "A1", None, "重复的编号"],
        ["ours-1", "空 格", None, "编号有空格"],
        ["ours-1", "A3", None, "短"],
        ["nowhere", "A1", None, "没有这张清单"],
        [taken.code, "A1", None, "别人的清单"],
        ["ours-3", "A1", None, "安全出口畅通"],
        ["ours-5", "A1", None, "安全出口畅通"],
        ["ours-1", None, None, "没有编号"],
        ["ours-1", "A4", None, "权重不是数", None, "很重"],
    ]
    outcome = sent(laws, book(tmp_path / "a.xlsx", lists, items))
    found = faults(outcome.report)
    assert set(found) == {
        *(("Checklists", cell) for cell in ("F2", "A3", "C4", "A5", "D6")),
        *(
            ("Items", cell)
            for cell in ("E2", "F2", "G2", "H2", "I2", "J2", "K2", "A3", "B4", "D5", "A6", "A7", "B10", "F11")
        ),
    }
    assert "魔法" in found["Items", "I2"]
    assert "飞碟" in found["Items", "K2"]
    assert "E" in found["Items", "J2"]
    assert outcome.counts == {}
    assert not Checklist.objects.filter(code__startswith="ours").exists()


def test_an_export_reads_back_and_changes_nothing(laws: City, tmp_path: Path) -> None:
    law = LawClause.objects.get(law_id="anquan-2021", article="41")
    more = {
        "group": "现场", "en": "A measure is kept", "method": "看现场", "weight": 7, "law_clause": law.pk,
        "major_clause": laws.clause.pk, "category": "gas", "evidence_asked": "number", "facilities": ["dust", "boiler"],
        "grades": ["A", "B"], "scales": ["small"], "industries": ["gongmao", "hazchem"], "basis": "另见地方规定",
    }  # fmt: skip
    edition = in_use(laws, "A1", "A2", item=more, kinds=["administrative", "self_check"])
    with scope.acting(laws.regulator):
        draft_edition(actor=laws.regulator, checklist=edition.checklist_id)
        draft = Edition.objects.get(checklist=edition.checklist_id, state="draft")
        for language in ("zh-hans", "en"):
            with translation.override(language):
                data = workbook.export(Edition.objects.select_related("checklist").get(pk=edition.pk)).getvalue()
            path = tmp_path / f"{language}.xlsx"
            path.write_bytes(data)
            outcome = sent(laws, path)
            assert outcome.counts == {"lists": 0, "drafts": 1, "items": 2}, faults(outcome.report)
            copied, original = (list(Item.objects.filter(edition=one).order_by("place")) for one in (draft, edition))
            for name in workbook_facts():
                assert [getattr(row, name) for row in copied] == [getattr(row, name) for row in original], name


def workbook_facts() -> tuple[str, ...]:
    return (
        "code", "group", "zh", "en", "method", "evidence_asked", "weight", "law_clause_id", "basis", "major_clause_id",
        "category", "applies",
    )  # fmt: skip


def test_a_known_list_gets_a_draft_and_a_reviewed_one_is_left(laws: City, tmp_path: Path) -> None:
    edition = in_use(laws, "A1")
    path = book(
        tmp_path / "a.xlsx",
        [[edition.checklist.code, "改不了的名称"]],
        [[edition.checklist.code, "B1", None, "新的一项措施"]],
    )
    assert sent(laws, path).counts == {"lists": 0, "drafts": 1, "items": 1}
    draft = Edition.objects.get(checklist=edition.checklist, state="draft")
    assert (draft.number, codes_of(list(items_of([draft])))) == (2, ["B1"])
    assert Checklist.objects.get(pk=edition.checklist_id).zh == edition.checklist.zh
    step(laws.office, draft, "review")
    assert set(faults(sent(laws, path).report)) == {("Checklists", "A2")}


def test_only_keepers_send_checklists(laws: City, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [], [])
    for name in ("inspector", "expert", "leader", "auditor", "principal", "system_admin"):
        with pytest.raises(Forbidden):
            sent(laws, path, who=name)
    edition = drafted(laws.regulator, listed(laws.regulator), "A1")
    path = book(
        tmp_path / "b.xlsx", [[edition.checklist.code, "清单"]], [[edition.checklist.code, "B1", None, "新的一项措施"]]
    )
    for name in ("n_office", "n_regulator", "other_field"):
        assert ("Checklists", "A2") in faults(sent(laws, path, who=name).report)
    with scope.acting(laws.regulator):
        assert codes_of(list(items_of([edition]))) == ["A1"]
