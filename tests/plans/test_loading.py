"""Sheets and Word tables in: every fault at its cell, then the whole or nothing, and never twice."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Forbidden
from anlan.kernel.exchange.export import export_rows
from anlan.kernel.papers.paper import Table
from anlan.plans.exporting import write
from anlan.plans.models import PlanItem, PlanNode, SubPlan
from anlan.plans.papers import rows_of
from anlan.plans.queries.items import Filters
from anlan.plans.workbooks import LINES, SUBS
from anlan.registry.actions.imports import import_file
from anlan.registry.loading import Outcome
from anlan.registry.workbooks import spec
from tests.plans.conftest import Office, year

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def sheet(path: Path, kind: str, rows: Sequence[dict[str, Any]]) -> Path:
    columns = spec(kind).sheets[0].columns
    with path.open("wb") as stream:
        export_rows(
            stream, columns, [[row.get(one.key) for one in columns] for row in rows], title=spec(kind).sheets[0].title
        )
    return path


def line(code: str, **over: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"code": code, "name": f"{code}的内容"}
    if code.count(".") == 3:
        facts |= {"sub_plan": "Q01", "year": year(), "unit_name": "县应急局"}
    return facts | over


def bring(office: Office, path: Path, *, kind: str = LINES, write: bool = True, actor: Any = None) -> Outcome:
    return import_file(actor=actor or office.keeper, kind=kind, path=path, write=write)


def test_a_file_is_loaded_and_brought_in_again_changes_only_what_differs(office: Office, tmp_path: Path):
    rows = [
        line("2"),
        line("2.1"),
        line("2.1.1", target=30, target_unit="家"),
        line("2.1.1.1", target=30, target_unit="家"),
    ]
    dry = bring(office, sheet(tmp_path / "a.xlsx", LINES, rows), write=False)
    assert dry.report.ok, dry.report.faults
    with scope.acting(SYSTEM):
        assert not PlanNode.objects.filter(code="2").exists()
    assert bring(office, tmp_path / "a.xlsx").counts == {"new": 4, "changed": 0, "unchanged": 0}
    assert bring(office, tmp_path / "a.xlsx").counts == {"new": 0, "changed": 0, "unchanged": 4}
    rows[3]["name"] = "另一种说法"
    assert bring(office, sheet(tmp_path / "b.xlsx", LINES, rows)).counts == {"new": 0, "changed": 1, "unchanged": 3}
    with scope.acting(SYSTEM):
        item = PlanItem.objects.get()
        assert (item.name, item.unit_id, item.state, item.version) == ("另一种说法", office.unit.pk, "planned", 2)


def test_every_fault_is_told_at_its_row_and_column_and_nothing_is_kept(office: Office, tmp_path: Path):
    rows = [
        line("2"),
        line("3.1"),
        line("1.1.1.1", unit_name=""),
        line("1.1.1.2", year=year() + 5),
        line("1.1.1.3", sub_plan="Q99"),
        line("2"),
        line("一、"),
    ]
    found = bring(office, sheet(tmp_path / "a.xlsx", LINES, rows))
    told = {(one.row, one.code) for one in found.report.faults}
    assert {
        (3, "plans.no_parent"), (4, "plans.no_unit"), (5, "plans.year_outside"), (5, "plans.no_sub_plan"),
        (6, "plans.no_sub_plan"), (7, "plans.twice"), (8, "rule"),
    } == told  # fmt: skip
    columns = {one.code: one.column for one in found.report.faults}
    places = {one.key: str(one.title) for one in spec(LINES).sheets[0].columns}
    assert columns["plans.no_unit"] == places["unit_name"]
    assert columns["plans.year_outside"] == places["year"]
    assert all("%(" not in one.reason for one in found.report.faults)
    with scope.acting(SYSTEM):
        assert not PlanItem.objects.exists()
        assert not PlanNode.objects.filter(code="2").exists()


def test_what_was_given_out_is_not_changed_by_a_file(office: Office, tmp_path: Path):
    given = office.assigned()
    row = line("1.1.1.1", target=99, target_unit="家", due=given.due, name="新说法")
    found = bring(office, sheet(tmp_path / "a.xlsx", LINES, [row]))
    assert [(one.row, one.code) for one in found.report.faults] == [(2, "plans.given_out")]
    assert office.fresh(given).target == 40


def test_sub_plans_come_in_by_their_number_and_year(office: Office, tmp_path: Path):
    row = {"code": "X01", "kind": "system", "name": "教育系统方案", "year": year(), "document": "安〔2026〕1号"}
    path = sheet(tmp_path / "a.xlsx", SUBS, [row])
    assert bring(office, path, kind=SUBS).counts == {"new": 1, "changed": 0, "unchanged": 0}
    assert bring(office, path, kind=SUBS).counts == {"new": 0, "changed": 0, "unchanged": 1}
    other = sheet(tmp_path / "b.xlsx", SUBS, [row | {"document": "安〔2026〕2号"}])
    assert bring(office, other, kind=SUBS).counts == {"new": 0, "changed": 1, "unchanged": 0}
    with scope.acting(SYSTEM):
        assert SubPlan.objects.filter(code="X01").count() == 1


def test_only_an_office_brings_a_plan_in_and_only_its_own(office: Office, tmp_path: Path):
    path = sheet(tmp_path / "a.xlsx", LINES, [line("2")])
    with pytest.raises(Forbidden):
        bring(office, path, actor=office.member)
    found = bring(office, path, actor=office.city.actors["office"])  # a district's office keeps no plan here
    assert [one.code for one in found.report.faults] == ["plans.no_plan"]


def test_what_goes_out_comes_in_again_without_a_change(office: Office, tmp_path: Path):
    office.item()
    path = tmp_path / "out.xlsx"
    with path.open("wb") as stream, scope.acting(office.keeper):
        assert write(stream, office.keeper, office.plan, Filters(plan=office.plan.pk, year=year())) == 4
    assert bring(office, path).counts == {"new": 0, "changed": 0, "unchanged": 4}


def test_a_narrow_question_exports_its_items_alone(office: Office):
    office.item()
    office.item("1.1.1.2", key=True)
    with scope.acting(office.keeper):
        asked = Filters(plan=office.plan.pk, year=year(), key=True)
        assert write(BytesIO(), office.keeper, office.plan, asked) == 1


def test_tables_of_a_document_become_rows():
    book = spec(LINES).sheets[0]
    tables = [
        Table(rows=(("附表", "附表", "附表"), ("序号", "工作内容", "责任单位"), ("1", "教育培训行动", "市应急局"), ("第一部分", "第一部分", "第一部分"))),
        Table(rows=(("1.1", "轮训", "市教育局"),)),
        Table(rows=(("甲", "乙"), ("丙", "丁"))),
    ]  # fmt: skip
    found = rows_of(tables, book)
    assert [(row["code"], row["name"], row["unit_name"]) for row in found.rows] == [
        ("1", "教育培训行动", "市应急局"),
        ("1.1", "轮训", "市教育局"),
    ]
    assert (found.tables, found.left) == (2, 1)
    assert rows_of(tables[2:], book).rows == []


@pytest.mark.parametrize(
    ("written", "begins", "due"),
    [
        ("6月底前", (6, 1), (6, 30)),
        ("第三季度", (7, 1), (9, 30)),
        ("１２月末", (12, 1), (12, 31)),
        ("年底前", (1, 1), (12, 31)),
    ],
)
def test_days_as_documents_write_them_are_those_of_the_rows_year(
    office: Office, tmp_path: Path, written: str, begins: tuple[int, int], due: tuple[int, int]
) -> None:
    rows = [line("2"), line("2.1"), line("2.1.1"), line("2.1.1.1", starts_on=written, due=written)]
    assert bring(office, sheet(tmp_path / "a.xlsx", LINES, rows)).report.ok
    with scope.acting(SYSTEM):
        made = PlanItem.objects.get(code="2.1.1.1")
    assert made.starts_on is not None
    assert made.due is not None
    assert (made.starts_on.timetuple()[:3], made.due.timetuple()[:3]) == ((year(), *begins), (year(), *due))


def test_a_day_that_the_rows_year_does_not_have_is_told_at_its_cell(office: Office, tmp_path: Path) -> None:
    short = next(one for one in (year(), year() + 1) if one % 4)
    rows = [line("2"), line("2.1"), line("2.1.1"), line("2.1.1.1", year=short, due="2月29日前")]
    found = bring(office, sheet(tmp_path / "a.xlsx", LINES, [*rows, line("2.1.1.2", due="等通知")]), write=False).report
    assert {(one.row, one.code) for one in found.faults} == {(5, "not_a_date"), (6, "not_a_date")}
