"""A measure ordered on the spot holds for the hazard, whoever of the officers leads, orders or records."""

from typing import Any

import pytest

from anlan.hazards.models import Hazard
from anlan.inspections.models import Visit
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Invalid, NotFound
from anlan.kernel.ledger.read import acts
from tests.inspections.conftest import Field, certify

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def begun(city: Field, leader: str, officer: str) -> Visit:
    members = {"leader": city.posts[leader].pk, "officers": [city.posts[officer].pk]}
    visit = city.plan(style="unannounced", members=members)
    return city.do(city.actors[leader], visit, "arrive")  # type: ignore[no-any-return]


def recorded(city: Field, visit: Visit, name: str) -> Hazard:
    actor = city.actors[name]
    city.do(actor, visit, "record", **city.record_data(visit, actor))
    with scope.acting(SYSTEM):
        return Hazard.objects.get()


def order(city: Field, visit: Visit, name: str, **over: Any) -> None:
    found = city.finding(visit, city.actors[name])
    city.do(city.actors[name], visit, "on_site", **({
        "kind": "stop_use", "words": "停用该设备直到整改", "finding": found} | over))  # fmt: skip


@pytest.mark.parametrize(
    ("leader", "officer"),
    [
        ("regulator", "inspector"),
        ("inspector", "regulator"),
        ("group_leader", "inspector"),
        ("regulator", "regulator2"),
    ],
)
def test_it_holds_whoever_leads(city: Field, leader: str, officer: str) -> None:
    with scope.acting(SYSTEM):
        certify(city, "regulator2", "1410070007")
    visit = begun(city, leader, officer)
    order(city, visit, leader)
    hazard = recorded(city, visit, leader)
    assert (hazard.use_stopped, hazard.stop_measure) == (True, "停用该设备直到整改")


def test_who_ordered_stops_the_use_and_the_other_stands_beside(city: Field) -> None:
    visit = begun(city, "regulator", "inspector")
    order(city, visit, "inspector")
    hazard = recorded(city, visit, "regulator")
    with scope.acting(SYSTEM):
        stop = next(act for act in acts(hazard.pk) if act.step == "stop_use")
    assert (stop.actor_name, stop.data["officers"][0]["name"]) == (city.inspector.name, city.regulator.name)


def test_a_training_or_another_findings_order_stops_nothing(city: Field) -> None:
    visit = begun(city, "regulator", "inspector")
    order(city, visit, "regulator", kind="training", words="讲解操作规程")
    order_of_none = {"kind": "stop_use", "words": "停用该设备直到整改"}
    city.do(city.regulator, visit, "on_site", **order_of_none)
    assert recorded(city, visit, "regulator").use_stopped is False


def from_elsewhere(city: Field, **over: Any) -> Visit:
    """Two officers of the neighbour county on a cross-region visit with its formal basis."""
    members = {"leader": city.posts["n_inspector"].pk, "officers": [city.posts["n_inspector2"].pk]}
    visit = city.plan(style="cross_region", basis="临安办〔2026〕8号", members=members, **over)
    return city.do(city.n_inspector, visit, "arrive")  # type: ignore[no-any-return]


def test_officers_of_another_county_stop_the_use_where_they_visit(city: Field) -> None:
    """By the visit's basis their order stands in the books of the county it was given in, which alone sees the hazard."""
    visit = from_elsewhere(city)
    order(city, visit, "n_inspector2")
    hazard = recorded(city, visit, "n_inspector")
    assert (hazard.use_stopped, hazard.stop_measure, hazard.county) == (True, "停用该设备直到整改", visit.county)
    with scope.acting(city.regulator):
        assert Hazard.objects.get(pk=hazard.pk).use_stopped
        stop = next(act for act in acts(hazard.pk) if act.step == "stop_use")
    assert (stop.actor_name, stop.data["officers"][0]["name"]) == (city.n_inspector2.name, city.n_inspector.name)
    for name in ("n_inspector", "n_inspector2", "n_regulator", "n_office"):
        with scope.acting(city.actors[name]):
            assert not Hazard.objects.filter(pk=hazard.pk).exists(), name


def test_an_order_joins_a_hazard_that_was_open(city: Field) -> None:
    mine = city.found(place="二号门", description="前次发现，配电箱未上锁。")
    visit = from_elsewhere(city)
    found = city.finding(visit, city.n_inspector, place="二号门")
    city.do(city.n_inspector, visit, "on_site", kind="stop_use", words="停用该设备直到整改", finding=found)
    hazard = recorded(city, visit, "n_inspector")
    assert (hazard.pk, hazard.use_stopped) == (mine.pk, True)


def test_officers_of_another_county_are_second_only_while_they_visit(city: Field) -> None:
    """Elsewhere, or without a visit under way, nobody of another county stands beside an officer of this one."""
    hazard = city.found()
    stop = {"measure": "停用该设备直到整改", "officers": [city.posts["n_inspector2"].pk]}
    with pytest.raises(Invalid) as wrong:
        city.do(city.inspector, hazard, "stop_use", **stop)
    assert "officers" in wrong.value.fields
    with pytest.raises(NotFound):
        city.do(city.n_inspector, hazard, "stop_use", **stop)
    from_elsewhere(city)
    with pytest.raises(NotFound):
        city.do(city.n_inspector, hazard, "stop_use", **stop)
    assert city.do(city.inspector, hazard, "stop_use", **stop).use_stopped
