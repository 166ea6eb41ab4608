"""A visit from plan to filed record, and the law of each kind."""

import pytest

from anlan.hazards.models import Hazard
from anlan.inspections.models import Finding
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger.read import acts
from tests.inspections.conftest import Field

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_an_administrative_inspection_from_plan_to_filed(city: Field) -> None:
    visit = city.under_way()
    city.answer(visit, city.items[0], "yes")
    city.answer(visit, city.items[2], "no", remark="三台缺")
    found = city.finding(visit, item=city.items[2].pk)
    visit = city.recorded(visit)
    assert visit.state == "recorded"
    with scope.acting(city.inspector):
        finding = Finding.objects.get(pk=found)
        hazard = Hazard.objects.get(pk=finding.hazard_id)
    assert (hazard.number, hazard.source, hazard.source_record) == (finding.hazard_number, "county", visit.number)
    assert (hazard.finder_id, hazard.finder_name) == (city.inspector.person, city.inspector.name)
    city.sign_record(city.inspector, visit, "officer", city.inspector.name)
    assert city.sign_record(city.inspector, visit, "officer", city.inspector2.name).state == "recorded"
    visit = city.sign_record(city.inspector, visit, "enterprise", "王某")
    assert visit.state == "filed"
    with scope.acting(SYSTEM):
        assert [act.step for act in acts(visit.pk)] == [
            "plan", "assign", "notify", "arrive", "answer", "answer", "add_finding", "record", "sign", "sign", "sign", "file",
        ]  # fmt: skip
