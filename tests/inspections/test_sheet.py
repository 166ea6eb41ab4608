"""The canonical sheet: the same bytes here and on the phone, bound to everything that is signed."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from anlan.inspections.models import Visit
from anlan.inspections.sheet import made, sheet
from anlan.kernel import scope
from anlan_verify import canonical
from tests.inspections.conftest import Field

VECTORS = json.loads((Path(__file__).parents[1] / "contracts" / "record_sheet.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS)
def test_the_vectors_of_the_contract(vector: dict[str, object]) -> None:
    found = made(vector["sheet"])  # type: ignore[arg-type]
    assert found.shown.decode() == vector["canonical"]
    assert found.digest == vector["digest"] == sha256(str(vector["canonical"]).encode()).hexdigest()
    assert canonical.loads(found.shown) == vector["sheet"]


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_sheet_of_a_visit_holds_what_is_signed(city: Field) -> None:
    visit = city.under_way()
    city.answer(visit, city.items[1], "na")
    city.answer(visit, city.items[0], "yes", remark="已建立")
    kept = city.finding(visit, place="北侧")
    gone = city.finding(visit)
    city.do(city.inspector, visit, "withdraw_finding", finding=gone, reason="看错了位置")
    city.do(city.inspector, visit, "on_site", kind="training", words="现场讲解", people=4)
    with scope.acting(city.inspector):
        fresh = Visit.objects.get(pk=visit.pk)
        facts = sheet(fresh, summary="好", met=("王某", "", "")).facts
    assert facts["answers"] == sorted([[str(city.items[1].pk), "na", ""], [str(city.items[0].pk), "yes", "已建立"]])
    assert facts["findings"] == [[str(kept), "北侧", "传动部位缺少防护罩，人员可触及。", None, False]]
    assert facts["officers"] == [[city.inspector.name, "1410000000"], [city.inspector2.name, "1410000001"]]
    assert [row[1:] for row in facts["on_site"]] == [["training", "现场讲解", 4]]
    assert (facts["enterprise"], facts["number"], facts["visit"]) == (city.enterprise.name, fresh.number, str(fresh.pk))
    assert (facts["summary"], facts["met"]) == ("好", ["王某", "", ""])
