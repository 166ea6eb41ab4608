import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from anlan.kernel import codes
from anlan.kernel.exchange import Column, SheetSpec, WorkbookSpec
from anlan.kernel.exchange.reading import columns_batches, dry_run, open_reading, read
from anlan.kernel.exchange.report import Report
from anlan.kernel.refusals import Refused
from tests.kernel.exchange.enterprises import CHOICES, COLUMNS, GOOD, HEADINGS, OTHER, SHEET, SPEC, workbook


def row(**values):
    base = {"uscc": GOOD, "name": "尧都机械厂"} | values
    return [base.get(column.key) for column in COLUMNS]


def written(tmp_path, *rows, headings=HEADINGS, name="企业", **kwargs):
    return workbook(tmp_path / "in.xlsx", (name, [list(headings), *rows]), **kwargs)


def faults(path, spec=SPEC):
    return [
        (fault.cell, fault.column, fault.value, fault.reason) for fault in dry_run(path, spec, choices=CHOICES).faults
    ]


def only(path):
    (found,) = read(path, SPEC, choices=CHOICES)
    return found[2]


def test_a_row_as_typed_cells(tmp_path):
    values = only(
        written(
            tmp_path,
            row(
                region="141002000000",
                industry="化工",
                people=25,
                capital=12.345,
                founded=date(2020, 1, 31),
                visited=datetime(2026, 3, 2, 8, 30),  # noqa: DTZ001
                large="是",
                remark="一\r\n二 ",
            ),
        )
    )
    assert values == {
        "uscc": GOOD,
        "name": "尧都机械厂",
        "region": "141002000000",
        "industry": "chem",
        "people": 25,
        "capital": Decimal("12.34"),
        "founded": date(2020, 1, 31),
        "visited": datetime(2026, 3, 2, 0, 30, tzinfo=UTC),
        "large": True,
        "remark": "一\n二",
    }
    assert type(values["people"]) is int


def test_the_same_row_as_careless_text(tmp_path):
    values = only(
        written(
            tmp_path,
            row(
                uscc=f" {GOOD.lower()}　",
                name="  尧都机械厂\t",
                region=141002000000,
                industry=" 化 工",
                people="１,０２５.0",
                capital="12.30",
                founded="2020年1月31日",
                visited="2026/3/2 8:30",
                large="YES",
            ),
        )
    )
    assert values["uscc"] == GOOD
    assert values["name"] == "尧都机械厂"
    assert values["region"] == "141002000000"
    assert (values["industry"], values["people"], values["capital"]) == ("chem", 1025, Decimal("12.30"))
    assert (values["founded"], values["large"]) == (date(2020, 1, 31), True)
    assert values["visited"] == datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (43861, date(2020, 1, 31)),
        ("2020-1-31", date(2020, 1, 31)),
        ("2020.01.31", date(2020, 1, 31)),
        ("20200131", date(2020, 1, 31)),
        (20200131, date(2020, 1, 31)),
        (datetime(2020, 1, 31, 9), date(2020, 1, 31)),  # noqa: DTZ001
    ],
)
def test_days_in_every_dress(tmp_path, typed, day):
    assert only(written(tmp_path, row(founded=typed)))["founded"] == day


@pytest.mark.parametrize(
    ("values", "column", "reason"),
    [
        ({"uscc": None}, "统一社会信用代码", "must not be empty"),
        ({"uscc": GOOD[:-1]}, "统一社会信用代码", "17 characters instead of 18"),
        ({"uscc": GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1")}, "统一社会信用代码", "mistyped"),
        ({"uscc": 911100006000373412}, "统一社会信用代码", "keeps only 15 digits"),
        ({"name": "厂" * 21}, "企业名称", "21 characters; 20 are allowed"),
        ({"name": "厂\u202e"}, "企业名称", "U+202E"),
        ({"name": "  "}, "企业名称", "must not be empty"),
        ({"region": 14100200000}, "行政区划代码", "leading zeros are lost"),
        ({"region": 1.5}, "行政区划代码", "not a code"),
        ({"region": True}, "行政区划代码", "not a code"),
        ({"industry": "化工业"}, "行业", "Did you mean “化工”"),
        ({"industry": "zzz"}, "行业", "not one of the choices"),
        ({"people": 12.5}, "从业人数", "whole number"),
        ({"people": -1}, "从业人数", "at least 0"),
        ({"people": "1e999"}, "从业人数", "not a number"),
        ({"people": 10**15}, "从业人数", "at most 1000000"),
        ({"people": "许多"}, "从业人数", "not a number"),
        ({"people": True}, "从业人数", "not a number"),
        ({"people": date(2020, 1, 1)}, "从业人数", "not a number"),
        ({"capital": "NaN"}, "注册资本", "not a number"),
        ({"capital": "9" * 60}, "注册资本", "not a number"),
        ({"founded": "2020-02-30"}, "成立日期", "not a date"),
        ({"founded": "去年"}, "成立日期", "not a date"),
        ({"founded": 5}, "成立日期", "not a date"),
        ({"founded": True}, "成立日期", "not a date"),
        ({"visited": "2026-03-02 25:00"}, "最近检查", "not a date with time"),
        ({"visited": "2026-03-02 8:30 x"}, "最近检查", "not a date with time"),
        ({"large": "大概"}, "规模以上", "yes or no"),
        ({"remark": "一" * 201}, "备注", "201 characters; 200"),
    ],
)
def test_a_bad_cell_is_named_with_place_value_and_reason(tmp_path, values, column, reason):
    path = written(tmp_path, row(uscc=OTHER, name="另一家"), row(**values))
    (fault,) = dry_run(path, SPEC, choices=CHOICES).faults
    assert (fault.sheet, fault.row, fault.column) == ("企业", 3, column)
    assert fault.cell == f"{'ABCDEFGHIJ'[HEADINGS.index(column)]}3"
    assert reason in fault.reason
    assert [found[1] for found in read(path, SPEC, choices=CHOICES)] == [2]


def test_every_bad_cell_of_a_row_is_reported(tmp_path):
    found = faults(written(tmp_path, row(uscc="x", industry="y", people="z")))
    assert [cell for cell, *_rest in found] == ["A2", "D2", "E2"]


def test_duplicates_point_to_the_first(tmp_path):
    path = written(
        tmp_path,
        row(region="141002000000"),
        row(uscc=GOOD.lower(), name="另一家"),
        row(uscc=OTHER, name="尧都机械厂", region="141002000000"),
        row(uscc=codes.make_uscc(3, region=141002000000), name="尧都机械厂"),
    )
    found = faults(path)
    assert [(cell, reason) for cell, _column, _value, reason in found] == [
        ("A3", "The same value stands in row 2 already."),
        ("B4", "The same value stands in row 2 already."),
    ]


def test_duplicates_are_found_across_batches(tmp_path):
    many = [row(uscc=codes.make_uscc(n, region=141002000000), name=f"第{n}厂") for n in range(12_000)]
    path = written(tmp_path, *many, row(uscc=many[5][0], name="x"), row(uscc=many[11_999][0], name="y"))
    assert [(cell, reason.split()[6]) for cell, *_r, reason in faults(path)] == [("A12002", "7"), ("A12003", "12001")]


def test_headings_are_taken_as_people_write_them(tmp_path):
    path = workbook(
        tmp_path / "in.xlsx",
        (
            "企业",
            [
                ["临汾市企业名录"],
                [None],
                ["备 注", "企业名称（必填）", "序号", "统一社会信用代码＊", "单位\n电话"],
                [None, "甲厂", 1, GOOD, "x"],
            ],
        ),
        left=2,
    )
    report = dry_run(path, SPEC, choices=CHOICES)
    assert report.ok
    assert [stranger["column"] for stranger in report.unknown] == ["序号", "单位\n电话"]
    ((_sheet, number, values),) = read(path, SPEC, choices=CHOICES)
    assert (number, values["name"], values["uscc"], values["people"]) == (4, "甲厂", GOOD, None)


def test_columns_beside_the_left_edge_keep_their_letters(tmp_path):
    path = written(tmp_path, row(people="x"), left=3)
    assert faults(path)[0][0] == "H2"


def test_missing_and_repeated_columns(tmp_path):
    path = written(tmp_path, [GOOD, "甲", "乙", "1"], headings=["统一社会信用代码", "企业的名称", "备注", "备注"])
    report = dry_run(path, SPEC, choices=CHOICES)
    assert [fault.reason for fault in report.faults] == [
        "The column “备注” occurs twice.",
        "The column “企业名称” is missing. Is it the one called “企业的名称”?",
    ]
    assert report.unknown == [{"sheet": "企业", "column": "企业的名称", "suggestion": "企业名称"}]


@pytest.mark.parametrize(
    ("sheets", "reason"),
    [
        ([("甲", [["x"]]), ("乙", [["y"]])], "The sheet “企业” is missing."),
        ([("企业", [["a", "b"], [1, 2]])], "No heading of the sheet “企业” was found in its first 20 rows."),
        ([("企业", [])], "The sheet holds no rows."),
        ([("企业", [HEADINGS])], "The sheet holds no rows."),
    ],
)
def test_sheets_without_rows_say_so(tmp_path, sheets, reason):
    report = dry_run(workbook(tmp_path / "in.xlsx", *sheets), SPEC, choices=CHOICES)
    assert reason in [fault.reason for fault in report.faults]


def test_the_only_sheet_may_have_any_name_and_blank_rows_do_not_count(tmp_path):
    path = workbook(
        tmp_path / "in.xlsx",
        ("Sheet1", [HEADINGS, [], row(people=0), [None], [""], row(uscc=OTHER, name="乙", people=0)]),
    )
    found = list(read(path, SPEC, choices=CHOICES))
    assert [(number, values["people"]) for _sheet, number, values in found] == [(3, 0), (6, 0)]


def test_several_sheets(tmp_path):
    people = SheetSpec(name="people", title="人员", columns=[Column(key="who", title="姓名", required=True)])
    spec = WorkbookSpec(title="t", sheets=[SHEET, people])
    path = workbook(
        tmp_path / "in.xlsx", ("人员", [["姓名"], ["张三"]]), ("说明", [["姓名"]]), ("企业", [HEADINGS, row()])
    )
    found = [(sheet.name, values.get("who")) for sheet, _row, values in read(path, spec, choices=CHOICES)]
    assert found == [("enterprises", None), ("people", "张三")]
    assert dry_run(path, spec, choices=CHOICES).rows == {"enterprises": 1, "people": 1}


def test_what_is_listed_is_bounded_and_what_is_counted_is_not(tmp_path):
    path = written(tmp_path, *[row(uscc="x", name=f"{n}") for n in range(50)])
    report = dry_run(path, SPEC, choices=CHOICES, listed=7)
    assert (report.total, len(report.faults), report.complete, report.ok) == (50, 7, False, False)
    assert Report.from_dict(json.loads(json.dumps(report.as_dict()))) == report


def test_one_pass_gives_batches_and_report(tmp_path):
    path = written(tmp_path, row(), row(uscc="x", name="乙"), row(uscc=OTHER, name="丙"))
    with open_reading(path, SPEC, choices=CHOICES) as reading:
        (batch,) = list(reading)
    assert list(batch.rows) == [2, 3, 4]
    assert batch.bad == {3}
    assert [values[1] for values in batch.tuples()] == ["尧都机械厂", "乙", "丙"]
    assert batch.columns["uscc"] == [GOOD, None, OTHER]
    assert reading.report.total == 1


def test_what_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "in.xlsx"
    path.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(Refused):
        list(columns_batches(path, SPEC, choices=CHOICES))


def test_too_many_columns_are_refused_with_words(tmp_path):
    path = written(tmp_path, ["x"] * 300)
    with pytest.raises(Refused) as caught:
        dry_run(path, SPEC, choices=CHOICES)
    assert caught.value.code == "exchange.too_many_columns"
    assert "企业" in caught.value.detail
    assert "200" in caught.value.detail


def test_a_spec_proves_itself():
    column = Column(key="a", title="a")
    with pytest.raises(ValueError, match="twice"):
        SheetSpec(name="s", title="s", columns=[column, column])
    with pytest.raises(ValueError, match="no columns"):
        SheetSpec(name="s", title="s", columns=[column], unique=[("b",)])
