"""What is asked, as a workbook: out and back it says the same; whatever is wrong is said at its row."""

from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from anlan.campaigns.returns.shipped import checker_of, shipped
from anlan.campaigns.returns.texts import check_data, checks_text, template_data, template_text
from anlan.campaigns.workbooks import asked_in, asked_out
from anlan.campaigns.workbooks.asked import book
from anlan.kernel.exchange.writing import new_workbook

CODE = "2024-campaign"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("asked") / "asked.xlsx"
    with path.open("wb") as stream, override("zh-hans"):
        asked_out.write(stream, shipped(CODE))
    return path


def test_it_comes_back_as_it_went_out(file: Path) -> None:
    with override("en"):
        found = asked_in.read(file)
    assert found.faults == []
    again, first = checker_of(found.template, found.checks), shipped(CODE)
    assert again.template == first.template
    assert again.checks == first.checks


def test_texts_say_what_the_models_say() -> None:
    first = shipped(CODE)
    own = [one for one in first.checks if ":" not in one.id]
    again = checker_of(template_text(template_data(first.template)), checks_text([check_data(one) for one in own]))
    assert again.template == first.template
    assert again.checks == first.checks


ROWS: dict[str, list[dict[str, Any]]] = {
    "general": [{"code": "short", "version": 1, "zh": "短", "en": "Short", "from_month": "2026-01", "due": 5, "source": "县安委办"}],
    "panels": [{"code": "checks", "zh": "检查", "en": "Checks", "fills": "district、unit", "source": "县安委办"}],
    "elements": [
        {"panel": "checks", "code": "units", "type": "count", "zh": "家", "en": "Units", "unit": "家"},
        {"panel": "checks", "code": "visits", "type": "count", "zh": "家次", "en": "Visits", "unit": "家次"},
    ],
    "checks": [
        {"id": "fewer", "level": "panel", "shows": "checks.units", "expression": "checks.units <= checks.visits", "zh": "多", "en": "More", "instead_zh": "改", "instead_en": "Mend", "source": "县安委办"},
    ],
    "examples": [
        {"check": "fewer", "outcome": "passes", "content": 'values = { "checks.units" = 1, "checks.visits" = 2 }'},
        {"check": "fewer", "outcome": "fails", "content": 'values = { "checks.units" = 3, "checks.visits" = 2 }'},
    ],
}  # fmt: skip


def _file(path: Path, rows: dict[str, list[dict[str, Any]]]) -> Path:
    with path.open("wb") as stream, new_workbook(stream, streaming=False) as out:
        for sheet in book().sheets:
            if sheet.name not in rows:
                continue
            page = out.add_worksheet(str(sheet.title))
            for index, column in enumerate(sheet.columns):
                page.write_string(0, index, str(column.title))
                for line, row in enumerate(rows[sheet.name], start=1):
                    page.write(line, index, row.get(column.key, ""))
    return path


def test_a_short_one_of_five_sheets(tmp_path: Path) -> None:
    found = asked_in.read(_file(tmp_path / "x.xlsx", ROWS))
    assert found.faults == []
    assert found.checker
    assert [panel.fills for panel in found.checker.template.panels] == [("district", "unit")]
    assert len(found.checker.by_id["fewer"].fails) == 1


WRONG: list[tuple[str, int, dict[str, Any], str, int, str]] = [
    # sheet, which row, what is written there, where the fault is told, at which row, a word of it
    ("elements", 1, {"unit": ""}, "elements", 3, "counted in"),
    ("elements", 1, {"type": "number"}, "elements", 3, ""),
    ("elements", 1, {"panel": "nothing"}, "elements", 3, "no panel"),
    ("elements", 1, {"code": "Units"}, "elements", 3, ""),
    ("elements", 1, {"type": "choice", "unit": "", "options": "one"}, "elements", 3, "code |"),
    ("elements", 1, {"code": "units"}, "elements", 3, "row 2"),
    ("panels", 0, {"fills": "enterprise"}, "panels", 2, "enterprise"),
    ("panels", 0, {"source": ""}, "panels", 2, ""),
    ("general", 0, {"from_month": "2026-13"}, "general", 0, "from_month"),
    ("checks", 0, {"expression": "checks.unit <= checks.visits"}, "checks", 2, "checks.unit"),
    ("checks", 0, {"expression": "checks.units + checks.visits"}, "checks", 2, "yes or no"),
    ("checks", 0, {"shows": "checks.nothing"}, "checks", 2, "checks.nothing"),
    ("checks", 0, {"level": "cross_unit"}, "checks", 2, "panel"),
    ("checks", 0, {"left": "checks.units"}, "checks", 2, "either"),
    ("examples", 0, {"check": "other"}, "examples", 2, "no check"),
    ("examples", 0, {"content": "values = {"}, "examples", 2, ""),
    ("examples", 0, {"outcome": "fails"}, "examples", 2, "should fail"),
    ("examples", 1, {"outcome": "passes"}, "examples", 3, "should pass"),
]


@pytest.mark.parametrize(("sheet", "which", "given", "told", "row", "word"), WRONG)
def test_what_is_wrong_is_said_at_its_row(
    tmp_path: Path, sheet: str, which: int, given: dict[str, Any], told: str, row: int, word: str
) -> None:
    rows = {name: [dict(one) for one in several] for name, several in ROWS.items()}
    rows[sheet][which] |= given
    with override("en"):
        found = asked_in.read(_file(tmp_path / "x.xlsx", rows))
        title = str(next(one.title for one in book().sheets if one.name == told))
    assert not found.ok
    assert found.template == ""
    assert any(one.sheet == title and one.row == row and word in one.reason for one in found.faults), found.faults
