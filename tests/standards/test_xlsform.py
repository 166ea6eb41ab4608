"""The XLSForm of an edition is accepted by pyxform, and says who is asked what."""

import shutil
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pyxform.xls2xform import convert

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.standards.actions import add_item, load_laws
from anlan.standards.models import Edition
from anlan.standards.xlsform import _name, xlsform
from tests.factories import City
from tests.standards.lists import drafted, listed, published

XF = "{http://www.w3.org/2002/xforms}"


@pytest.fixture
def form(city: City) -> tuple[bytes, str]:
    load_laws()
    edition = drafted(city.regulator, listed(city.regulator), "A1")
    extra: dict[str, dict[str, Any]] = {
        "B.1-x": {"group": "粉尘 <防爆>", "facilities": ["dust", "boiler"], "grades": ["C", "D"], "evidence_asked": "number"},
        "B2": {"group": "粉尘 <防爆>", "scales": ["large"], "industries": ["gongmao"], "major_clause": city.clause.pk,
               "en": "Dust is cleared", "method": "看现场"},
    }  # fmt: skip
    with scope.acting(city.regulator):
        for code, more in extra.items():
            add_item(actor=city.regulator, edition=edition.pk, data={"code": code, "zh": "没有积尘"} | more)
    published(city, edition)
    with scope.acting(SYSTEM):
        data = xlsform(Edition.objects.select_related("checklist").get(pk=edition.pk)).getvalue()
    validate = shutil.which("java") is not None  # ODK Validate is a Java program
    result = convert(BytesIO(data), file_type=".xlsx", validate=validate, pretty_print=False)
    assert [words for words in result.warnings if "geopoint" not in words] == []
    return data, result.xform


@pytest.mark.django_db(databases=["default", "owner"])
def test_pyxform_makes_an_xform_of_it(form: tuple[bytes, str], tmp_path: Path) -> None:
    _data, xform = form
    tree = ET.fromstring(xform)
    binds = {one.get("nodeset", "").rsplit("/", 1)[-1]: one for one in tree.iter(f"{XF}bind")}
    assert {_name("A1"), _name("B.1-x"), _name("B2")} <= set(binds)
    assert binds[_name("A1")].get("required") == "true()"
    remark = binds[_name("A1") + "_remark"]
    assert "= 'no'" in (remark.get("relevant") or "")
    assert "string-length(.) >= 6" in (remark.get("constraint") or "")
    assert "= 'no'" in (binds[_name("A1") + "_photo"].get("relevant") or "")
    dusty = binds["g_" + _name("B.1-x")].get("relevant") or ""
    assert "'dust') or selected(" in dusty
    assert ") and (" in dusty
    assert "'D'" in dusty
    assert "g_" + _name("A1") not in binds or not binds["g_" + _name("A1")].get("relevant")
    assert {"industry", "grade", "scale", "facility"} <= set(binds)
    assert binds[_name("B.1-x") + "_evidence"].get("type") == "decimal"
    translations = [one.get("lang") for one in tree.iter(f"{XF}translation")]
    assert set(translations) == {"中文 (zh)", "English (en)"}
    words = "".join(tree.itertext())
    for said in ("没有积尘", "Dust is cleared", "不符合", "Not applicable", "涉爆粉尘作业", "Combustible dust"):
        assert said in words


@pytest.mark.django_db(databases=["default", "owner"])
def test_header_questions_only_where_an_item_asks_for_them(city: City) -> None:
    edition = drafted(city.regulator, listed(city.regulator), "A1")
    with scope.acting(SYSTEM):
        data = xlsform(Edition.objects.select_related("checklist").get(pk=edition.pk))
    xform = convert(data, file_type=".xlsx", validate=False).xform
    assert "/header/facility" not in xform
    assert "/header/grade" not in xform


def test_names_never_meet() -> None:
    codes = ["A", "A_remark", "A-remark", "A.remark", "1", "_1", "A5f"]
    names = {f"{_name(code)}{suffix}" for code in codes for suffix in ("", "_remark", "_photo", "_evidence")}
    assert len(names) == 4 * len(codes)
