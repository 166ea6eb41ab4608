import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from anlan.kernel.exchange import Column, SheetSpec, WorkbookSpec
from anlan.kernel.exchange import spec as specs
from anlan.kernel.exchange.annotate import annotated
from anlan.kernel.exchange.export import export_csv, export_rows
from anlan.kernel.exchange.reading import dry_run, read
from anlan.kernel.exchange.report import letters
from anlan.kernel.exchange.template import template
from anlan.kernel.exchange.writing import guarded, sheet_name
from anlan.kernel.sheets_guard import check_workbook
from tests.kernel.exchange.enterprises import CHOICES, COLUMNS, GOOD, HEADINGS, SHEET, SPEC, workbook

DANGEROUS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://x")',
    "http://example.org",
    "'=1",
]
TEXT = [Column(key="a", title="文", max_length=100)]


def parts(stream):
    with zipfile.ZipFile(stream) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}


def exported(columns, rows, title="清单"):
    stream = io.BytesIO()
    count = export_rows(stream, columns, rows, title=title)
    return stream, count


def reread(stream):
    return CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue())).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula_or_a_link(text):
    stream, _count = exported(TEXT, [[text]])
    everything = parts(stream)
    assert not any("<f>" in part or "<hyperlink" in part for part in everything.values())
    assert not any("hyperlink" in part for name, part in everything.items() if name.endswith(".rels"))
    back = reread(stream)[1][0]
    assert back[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert back == guarded(text)


@pytest.mark.parametrize("text", DANGEROUS[:6])
def test_csv_is_guarded_too(text):
    stream = io.BytesIO()
    assert export_csv(stream, TEXT, [[text], [-5], [None]]) == 3
    assert stream.getvalue().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline="")))
    assert rows == [["文"], ["'" + text], ["-5"], [""]]


def test_the_guard_goes_when_the_file_comes_back(tmp_path):
    spec = WorkbookSpec(title="t", sheets=[SheetSpec(name="s", title="清单", columns=TEXT)])
    stream, _count = exported(TEXT, [["=1+1"], ["-2"], ["'quoted'"], ["@x"]])
    path = tmp_path / "back.xlsx"
    path.write_bytes(stream.getvalue())
    check_workbook(path)
    assert [values["a"] for _s, _r, values in read(path, spec)] == ["=1+1", "-2", "'quoted'", "@x"]


def test_an_export_comes_back_as_it_was(tmp_path):
    rows = [
        [
            GOOD,
            "尧都机械厂",
            "141002000000",
            "化工",
            25,
            Decimal("12.34"),
            date(2020, 1, 31),
            datetime(2026, 3, 2, 0, 30, tzinfo=UTC),
            None,
            "一\n二",
        ],
        ["91110000600037341L", "乙", None, None, 0, Decimal("-0.50"), None, None, None, None],
    ]
    path = tmp_path / "out.xlsx"
    with path.open("wb") as stream:
        assert export_rows(stream, SHEET, rows, title="企业") == 2
    check_workbook(path)
    assert dry_run(path, SPEC, choices=CHOICES).ok
    back = [list(values.values()) for _sheet, _row, values in read(path, SPEC, choices=CHOICES)]
    rows[0][3] = "chem"
    assert back == rows


def test_numbers_are_numbers_and_giants_are_text():
    stream, _count = exported([Column(key=c, title=c) for c in "abcdef"], [[-5, 1.5, True, 10**15, float("nan"), b"x"]])
    back = reread(stream)[1]
    assert back[:4] == [-5.0, 1.5, True, "1000000000000000"]
    assert back[4] == "nan"


def test_the_last_moment_of_a_day_stays_on_that_day():
    moments = [
        datetime(2026, 11, 27, 15, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 3, 2, 0, 30, 7, 400_000, tzinfo=UTC),
    ]
    stream, _count = exported([Column(key="a", title="期限", kind="datetime")], [[one] for one in moments])
    assert [str(row[0]) for row in reread(stream)[1:]] == ["2026-11-27 23:59:59", "2026-03-02 08:30:07"]


def test_yes_and_no_are_words_that_come_back(tmp_path):
    column = Column(key="a", title="逾期", kind="bool")
    with override("zh-hans"):
        stream, _count = exported([column], [[True], [False]])
    assert [row[0] for row in reread(stream)[1:]] == ["是", "否"]
    path = tmp_path / "back.xlsx"
    with override("en"):
        path.write_bytes(exported([column], [[True], [False]])[0].getvalue())
    spec = WorkbookSpec(title="t", sheets=[SheetSpec(name="s", title="清单", columns=[column])])
    assert [values["a"] for _s, _r, values in read(path, spec)] == [True, False]


def test_values_of_choices_are_shown_by_their_labels():
    column = Column(key="c", title="级别", kind="choice", choices={"一般": "general", "重大": "major"})
    stream, _count = exported([column], [["major"], [None], ["other"]])
    assert [row[0] for row in reread(stream)[1:]] == ["重大", "", "other"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_any_text_can_be_exported(texts):
    stream, _count = exported(TEXT, [[text] for text in texts])
    assert CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue())).sheet_names == ["清单"]
    assert export_csv(io.BytesIO(), TEXT, [[text] for text in texts]) == len(texts)


def test_a_long_list_goes_on_in_the_next_sheet(monkeypatch):
    monkeypatch.setattr("anlan.kernel.exchange.export.MAX_ROWS", 4)
    stream, count = exported(TEXT, [[str(n)] for n in range(7)])
    book = CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue()))
    assert count == 7
    assert book.sheet_names == ["清单", "清单 2", "清单 3"]
    assert book.get_sheet_by_index(2).to_python() == [["文"], ["6"]]
    assert specs.MAX_ROWS == 2**20


def test_an_empty_list_has_its_headings():
    stream, count = exported(SHEET, [])
    assert (count, reread(stream)) == (0, [HEADINGS])


def test_sheet_names():
    taken: set[str] = set()
    titles = ["a/b:c*[d]?", "A B C  D", "", "'长'" + "长" * 40]
    assert [sheet_name(title, taken) for title in titles] == ["a b c  d", "A B C  D 2", "1", "长'" + "长" * 29]
    assert len(sheet_name("长" * 40, {"长" * 31})) <= 31
    assert [letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.fixture
def empty_template(tmp_path):
    path = tmp_path / "template.xlsx"
    many = {"industries": {f"行业{n:03d}": n for n in range(200)} | CHOICES["industries"]}
    with path.open("wb") as stream:
        template(SPEC, stream, choices=many)
    return path


def test_the_template_passes_our_own_guard_and_holds_no_rows(empty_template):
    check_workbook(empty_template)
    report = dry_run(empty_template, SPEC, choices=CHOICES)
    assert [fault.code for fault in report.faults] == ["no_rows"]
    assert report.unknown == []


def test_the_template_helps(empty_template):
    book = CalamineWorkbook.from_path(empty_template)
    assert book.sheet_names == ["Instructions", "企业", "_lists"]
    rows = book.get_sheet_by_name("企业").to_python()
    assert rows[0] == HEADINGS
    assert rows[1][1] == "示例化工有限公司"
    everything = parts(empty_template)
    sheet = everything["xl/worksheets/sheet2.xml"]
    assert 'state="frozen"' in sheet
    assert sheet.count("<dataValidation ") == 3
    assert "<formula1>choices_1</formula1>" in sheet
    assert '<definedName name="choices_1">_lists!$A$1:$A$203</definedName>' in everything["xl/workbook.xml"]
    assert 'state="veryHidden"' in everything["xl/workbook.xml"]
    assert "Exactly 18 characters." in everything["xl/comments1.xml"]
    instructions = "\n".join(str(cell) for row in book.get_sheet_by_name("Instructions").to_python() for cell in row)
    assert all(column.title in instructions for column in COLUMNS)


def test_the_example_is_loaded_only_when_changed(empty_template, tmp_path):
    rows = CalamineWorkbook.from_path(empty_template).get_sheet_by_name("企业").to_python()
    path = workbook(tmp_path / "in.xlsx", ("企业", [*rows, [GOOD, "甲"]]))
    assert [(row, values["name"]) for _s, row, values in read(path, SPEC, choices=CHOICES)] == [(3, "甲")]
    rows[1][1] = "真的化工有限公司"
    path = workbook(tmp_path / "in.xlsx", ("企业", [*rows, [GOOD, "甲"]]))
    assert [row for _s, row, _v in read(path, SPEC, choices=CHOICES)] == [2, 3]


def test_the_file_is_given_back_with_its_faults(tmp_path):
    rows = [["企业名录"], HEADINGS, [GOOD, "甲", None, "化工厂", 12.5], ["x", "乙"], [], [None, "=丙"]]
    path = workbook(tmp_path / "in.xlsx", ("企业", rows), ("别的", [["留着", 1.0, True]]), left=1)
    report = dry_run(path, SPEC, choices=CHOICES, listed=3)
    assert report.total == 4
    back = tmp_path / "back.xlsx"
    with back.open("wb") as stream:
        annotated(path, report, stream)
    check_workbook(back)
    book = CalamineWorkbook.from_path(back)
    assert book.sheet_names == ["What is wrong", "企业", "别的"]
    listed = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in listed[1:4]] == ["E3", "F3", "B4"]
    assert listed[4][0] == "1 more are not listed."
    same = book.get_sheet_by_name("企业").to_python(skip_empty_area=False)
    assert same[2][1:6] == [GOOD, "甲", "", "化工厂", 12.5]
    assert same[5][2] == "'=丙"
    assert book.get_sheet_by_name("别的").to_python() == [["留着", 1.0, True]]
    comments = parts(back)["xl/comments2.xml"] if "xl/comments2.xml" in parts(back) else parts(back)["xl/comments1.xml"]
    assert comments.count("<comment ") == 3
    assert "Did you mean" in comments
    assert [fault.cell for fault in dry_run(back, SPEC, choices=CHOICES).faults] == ["E3", "F3", "B4", "B6"]
