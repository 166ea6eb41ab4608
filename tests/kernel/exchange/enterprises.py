"""A small register, and a hand to write workbooks as people do: by any means, with anything in them."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from anlan.kernel import codes
from anlan.kernel.exchange import Column, SheetSpec, WorkbookSpec

GOOD = codes.make_uscc(1, region=141002000000)
OTHER = codes.make_uscc(2, region=141002000000)

COLUMNS = [
    Column(
        key="uscc",
        title="统一社会信用代码",
        kind="code",
        exact_length=18,
        required=True,
        validate=codes.uscc_fault,
        example=codes.make_uscc(9, region=141002000000),
    ),
    Column(
        key="name", title="企业名称", required=True, max_length=20, example="示例化工有限公司", aliases=("单位名称",)
    ),
    Column(key="region", title="行政区划代码", kind="code", exact_length=12, help="Twelve digits"),
    Column(key="industry", title="行业", kind="choice", choices_from="industries", example="化工"),
    Column(key="people", title="从业人数", kind="int", minimum=0, maximum=1_000_000, example=25),
    Column(key="capital", title="注册资本", kind="decimal", places=2),
    Column(key="founded", title="成立日期", kind="date", example=date(2020, 1, 31)),
    Column(key="visited", title="最近检查", kind="datetime"),
    Column(key="large", title="规模以上", kind="bool"),
    Column(key="remark", title="备注", multiline=True, max_length=200),
]
SHEET = SheetSpec(name="enterprises", title="企业", columns=COLUMNS, unique=[("uscc",), ("name", "region")])
SPEC = WorkbookSpec(title="企业名录", sheets=[SHEET])
CHOICES = {"industries": {"化工": "chem", "煤矿": "coal", "工贸": "trade"}}
HEADINGS = [column.title for column in COLUMNS]


def workbook(path: Path, *sheets: tuple[str, list[list[Any]]], left: int = 0) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        formats = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for index, value in enumerate(row, start=left):
                    if isinstance(value, date):
                        sheet.write_datetime(number, index, value, formats[type(value)])
                    elif isinstance(value, str):
                        sheet.write_string(number, index, value)
                    elif value is not None:
                        sheet.write(number, index, value)
    return path
