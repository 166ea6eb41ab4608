"""No workbook from outside reaches a parser unless it is plain, whole and within bounds."""

from io import BytesIO

import pytest
import xlsxwriter

from anlan.kernel.refusals import Refused
from anlan.kernel.sheets_guard import MESSAGES, Bounds, check_workbook
from tests.files import hostile_sheets


@pytest.mark.parametrize("case", hostile_sheets.CASES, ids=[case.title for case in hostile_sheets.CASES])
@pytest.mark.parametrize("way", ["bytes", "path"])
def test_workbook(case, way, tmp_path):
    source = case.make()
    if way == "path":
        path = tmp_path / "book.xlsx"
        path.write_bytes(source)
        source = path
    if case.code is None:
        check_workbook(source)
        return
    with pytest.raises(Refused) as refused:
        check_workbook(source)
    assert refused.value.code == case.code, str(refused.value)
    assert "%(" not in refused.value.detail


def real(**options):
    out = BytesIO()
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet("企业")
        page.write_row(0, 0, ["企业名称", "统一社会信用代码", *[f"列{number}" for number in range(40)]])
        page.write_row(1, 0, ["安澜化工", "91330100MA27XYZ123", *range(40)])
        page.data_validation("A2:A9", {"validate": "list", "source": ["甲", "乙"]})
        page.conditional_format("B2:B9", {"type": "formula", "criteria": "=$B2=1"})
        page.insert_image(5, 5, "sign.png", {"image_data": picture()})
        book.add_worksheet("说明")
    return out.getvalue()


def picture():
    from tests.files import photos

    return BytesIO(photos.encoded(photos.picture(), "PNG"))


def test_a_real_workbook_passes():
    check_workbook(real())


def test_a_workbook_written_in_a_stream_passes():
    check_workbook(real(constant_memory=True, use_zip64=True))


def test_a_formula_is_named_by_its_cell():
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write_formula("D9", "=1+1")
    with pytest.raises(Refused) as refused:
        check_workbook(out.getvalue())
    assert refused.value.params["cell"] == "D9"
    check_workbook(out.getvalue(), bounds=Bounds(formulas=True))


def test_every_code_has_its_case():
    assert {case.code for case in hostile_sheets.CASES} - {None} == set(MESSAGES)
