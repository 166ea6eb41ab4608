"""Risk points changed and retired by programs, their units, and workers' reports."""

from typing import Any

import pytest

from anlan.kernel.ids import new_id
from anlan.risks.actions import file_report
from anlan.risks.models import RiskPoint, WorkerReport
from tests.api.asking import got, status, wrong
from tests.api.conftest import Speaking
from tests.factories import NEIGHBOUR_TOWN, City
from tests.risks.conftest import Plant

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def reported(point: RiskPoint, words: str = "护栏松动，走路要扶墙。") -> WorkerReport:
    return file_report(point=point.pk, report=new_id(), data={"words": words}, address="198.51.100.7")


def test_a_point_is_changed_in_part_and_retired(plant: Plant, speak: Speaking) -> None:
    point, manager = plant.point(place="炉前", emergency_phone="13911112222"), speak("safety_manager")
    at = f"/risk-points/{point.pk}"
    seen = manager.get(at)["ETag"]
    found = got(manager("PATCH", at, {"place": "炉后"}, If_Match=seen))
    assert (found["place"], found["name"], found["emergency_phone"]) == ("炉后", point.name, "13911112222")
    assert status(manager("PATCH", at, {"place": "炉侧"}, If_Match=seen)) == 409
    assert wrong(manager("PATCH", at, {"name": ""})) == {"name"}
    assert wrong(manager("PATCH", at, {"lon": "111.5"})) == {""}
    assert wrong(manager("PATCH", at, {"region": NEIGHBOUR_TOWN})) == {"region"}
    assert wrong(manager("PATCH", at, {"enterprise": str(point.enterprise_id)})) == {"enterprise"}
    plant.point(name="2号熔炼炉")
    assert wrong(manager("PATCH", at, {"name": "2号熔炼炉"})) == {"name"}
    assert wrong(manager.post(f"{at}/retire", {})) == {"reason"}
    assert got(manager.post(f"{at}/retire", {"reason": "已拆除"}))["active"] is False
    assert status(manager("PATCH", at, {"place": "炉前"})) == 409


def test_sources_and_controls_are_changed_and_retired(plant: Plant, speak: Speaking) -> None:
    point = plant.point()
    source, other = plant.source(point), plant.source(point, name="煤气泄漏", accidents=["poisoning"])
    control, manager = plant.control(source), speak("safety_manager")
    plant.assess(source, factors={"L": "10", "E": "10", "C": "100"})
    plant.assess(other, factors={"L": "1", "E": "1", "C": "1"})
    facts = got(manager("PATCH", f"/risk-sources/{source.pk}", {"description": "浇注时飞溅"}))
    first = next(one for one in facts["sources"] if one["id"] == str(source.pk))
    assert (first["description"], first["name"], first["accidents"]) == ("浇注时飞溅", source.name, source.accidents)
    assert wrong(manager("PATCH", f"/risk-sources/{source.pk}", {"accidents": ["magic"]})) == {"accidents"}
    changed = got(manager("PATCH", f"/risk-controls/{control.pk}", {"cycle": "weekly"}))
    assert (changed["cycle"], changed["words"]) == ("weekly", control.words)
    assert wrong(manager("PATCH", f"/risk-controls/{control.pk}", {"holder": str(new_id())})) == {"holder"}
    got(manager.post(f"/risk-controls/{control.pk}/retire", {"reason": "已拆除"}))
    assert status(manager("PATCH", f"/risk-controls/{control.pk}", {"cycle": "daily"})) == 409
    worst = got(manager.get(f"/risk-points/{point.pk}"))["colour"]
    left = got(manager.post(f"/risk-sources/{source.pk}/retire", {"reason": "工艺改变"}))
    assert (worst, left["colour"], len(left["sources"])) == ("red", "blue", 1)


def test_units_are_listed_and_renamed(plant: Plant, speak: Speaking) -> None:
    plant.point(), plant.point(name="酸洗槽", unit="酸洗车间")
    at, manager = f"/enterprises/{plant.city.enterprise.pk}/risk-units", speak("safety_manager")
    units = {one["name"]: one["id"] for one in got(manager.get(at))["items"]}
    assert set(units) == {"熔炼车间", "酸洗车间"}
    rename = f"/risk-units/{units['熔炼车间']}/rename"
    assert got(manager.post(rename, {"name": "熔炼一车间"}))["name"] == "熔炼一车间"
    assert wrong(manager.post(rename, {"name": "酸洗车间"})) == {"name"}
    assert status(speak("inspector").post(rename, {"name": "别的名字"})) == 403


def test_workers_reports_are_read_and_answered(plant: Plant, speak: Speaking) -> None:
    point = plant.point()
    report, manager = reported(point), speak("safety_manager")
    (found,) = got(manager.get(f"/risk-points/{point.pk}/reports"))["items"]
    assert (found["id"], found["state"], found["words"]) == (str(report.pk), "waiting", report.words)
    at = f"/worker-reports/{report.pk}/answer"
    for name in ("office", "regulator", "inspector"):
        assert status(speak(name).post(at, {"answer": "已加固护栏。"})) == 403, name
    assert wrong(manager.post(at, {"answer": "好"})) == {"answer"}
    assert got(manager.post(at, {"answer": "已加固护栏。"}))["state"] == "answered"
    assert status(manager.post(at, {"answer": "已加固护栏。"})) == 409


@pytest.mark.parametrize(("name", "expected"), [("inspector", 403), ("auditor", 403), ("leader", 403), ("citizen", 403),
                                                ("n_office", 404), ("n_safety_manager", 404), ("other_field", 404)])  # fmt: skip
def test_others_change_nothing(plant: Plant, speak: Speaking, name: str, expected: int) -> None:
    point = plant.point()
    source = plant.source(point)
    control, report = plant.control(source), reported(point)
    writes: list[tuple[str, str, Any]] = [
        ("PATCH", f"/risk-points/{point.pk}", {"place": "东侧"}),
        ("POST", f"/risk-points/{point.pk}/retire", {"reason": "已拆除"}),
        ("PATCH", f"/risk-sources/{source.pk}", {"description": "飞溅"}),
        ("POST", f"/risk-sources/{source.pk}/retire", {"reason": "已拆除"}),
        ("PATCH", f"/risk-controls/{control.pk}", {"cycle": "weekly"}),
        ("POST", f"/risk-controls/{control.pk}/retire", {"reason": "已拆除"}),
        ("POST", f"/risk-units/{point.unit_id}/rename", {"name": "二车间"}),
        ("POST", f"/worker-reports/{report.pk}/answer", {"answer": "已加固护栏。"}),
    ]
    for method, path, body in writes:
        assert status(speak(name)(method, path, body)) == expected, (method, path)
    if expected == 404:
        assert status(speak(name).get(f"/risk-points/{point.pk}/reports")) == 404
        assert status(speak(name).get(f"/enterprises/{point.enterprise_id}/risk-units")) == 404


def test_a_site_is_changed_in_part(city: City, speak: Speaking) -> None:
    at = f"/sites/{city.site.pk}"
    assert got(speak("principal")("PATCH", at, {"address": "工业园东路2号"}))["name"] == city.site.name
    assert wrong(speak("principal")("PATCH", at, {"region": NEIGHBOUR_TOWN})) == {"region"}
    assert status(speak("inspector")("PATCH", at, {"address": "别处"})) == 403
    assert status(speak("n_office")("PATCH", at, {"address": "别处"})) == 404
