"""Workbooks as people send them."""

from pathlib import Path

import xlsxwriter

HEADINGS = {
    "enterprises": [
        "Enterprise name",
        "Unified social credit code",
        "Region",
        "Industry",
        "Employees",
        "Longitude",
        "Latitude",
        "Coordinate system",
        "Grade of supervision",
        "Equipment, processes and places",
    ],
    "organisations": ["Organisation name", "Kind", "Region", "Superior organisation", "Industries"],
    "people": [
        "Account name",
        "Name",
        "Phone",
        "Post",
        "Region",
        "Industries",
        "Organisation",
        "In office from",
        "In office until",
    ],
}


def book(path: Path, kind: str, rows: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet(kind)
        for number, row in enumerate([HEADINGS[kind], *rows]):
            for index, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, index, value)
                elif value is not None:
                    sheet.write(number, index, value)
    return path
