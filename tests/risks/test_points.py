"""The verbs of points, sources, assessments and controls, over allowed and forbidden."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.geo import wgs84_to_gcj02
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.read import acts
from anlan.notify.models import Message
from anlan.risks import actions, queries
from anlan.risks.models import Assessment, Control, HazardSource, RiskPoint, RiskUnit
from anlan.risks.morton import morton
from anlan.risks.queries import Filters
from anlan.risks.reminding import remind
from tests.factories import COUNTY, NEIGHBOUR_TOWN, TOWN, City
from tests.risks.conftest import Plant
from tests.together import at_once

pytestmark = pytest.mark.django_db


def fresh(point: RiskPoint) -> RiskPoint:
    with scope.acting(SYSTEM):
        return RiskPoint.objects.get(pk=point.pk)


@pytest.mark.parametrize("who", ["principal", "safety_manager", "office", "regulator", "city_office", "city_regulator"])
def test_who_keeps_points(plant: Plant, who: str) -> None:
    point = plant.point(plant.city.actors[who])
    assert (point.region, point.county, point.industry_bit) == (TOWN, COUNTY, 0)
    assert point.number.startswith("FX-141002-")
    with scope.acting(plant.city.safety_manager):
        assert [act.step for act in acts(point.pk)] == ["register_risk_point"]


@pytest.mark.parametrize(
    ("who", "problem"),
    [
        ("inspector", Forbidden), ("expert", Forbidden), ("leader", Forbidden), ("auditor", Forbidden), ("citizen", Forbidden),
        ("system_admin", Forbidden), ("n_office", Invalid), ("n_principal", Invalid), ("other_field", Invalid),
    ],
)  # fmt: skip
def test_who_does_not(plant: Plant, who: str, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        plant.point(plant.city.actors[who])


def test_numbers_follow_one_another_in_a_county(plant: Plant) -> None:
    first, second = plant.point(), plant.point(name="2号熔炼炉")
    assert int(second.number[-6:]) == int(first.number[-6:]) + 1
    assert plant.neighbour().number.endswith("000001")


def test_a_name_once_an_enterprise_until_it_is_retired(plant: Plant) -> None:
    point = plant.point()
    with pytest.raises(Invalid) as wrong:
        plant.point()
    assert "name" in wrong.value.fields
    plant.neighbour(name="1号熔炼炉")
    manager = plant.city.safety_manager
    with scope.acting(manager):
        actions.retire_point(actor=manager, point=point.pk, data={"reason": "设备拆除"})
    assert plant.point().pk != point.pk
    with scope.acting(manager), pytest.raises(Conflict):
        actions.edit_point(actor=manager, point=point.pk, data={"place": "别处"})


def test_ground_and_field_are_checked(plant: Plant) -> None:
    with pytest.raises(Invalid) as wrong:
        plant.point(region=NEIGHBOUR_TOWN)
    assert "region" in wrong.value.fields
    with pytest.raises(Invalid) as wrong:
        plant.point(plant.city.office, region=NEIGHBOUR_TOWN)
    assert "region" in wrong.value.fields
    with pytest.raises(Invalid) as wrong:
        plant.point(lon="111.5")
    assert wrong.value.fields


def test_the_position_is_kept_as_given_and_as_used(plant: Plant) -> None:
    lon, lat = wgs84_to_gcj02(111.5, 36.1)
    point = fresh(plant.point(lon=f"{lon:.6f}", lat=f"{lat:.6f}", system="gcj02"))
    assert point.original_system == "gcj02"
    assert abs(float(point.lon) - 111.5) < 1e-5  # type: ignore[arg-type]
    assert point.morton == morton(float(point.lon), float(point.lat))  # type: ignore[arg-type]
    manager = plant.city.safety_manager
    with scope.acting(manager):
        actions.edit_point(actor=manager, point=point.pk, data={"lon": None, "lat": None})
    assert fresh(point).morton is None


def test_a_point_is_as_bad_as_its_worst_source(plant: Plant) -> None:
    point = plant.point()
    mild, bad = plant.source(point), plant.source(point, name="起吊钢水包", accidents=["lifting"])
    plant.assess(mild, method="ls", factors={"L": "1", "S": "2"})
    assert (fresh(point).colour, fresh(point).tier) == ("blue", "post")
    plant.assess(bad, factors={"L": "6", "E": "6", "C": "15"})
    now = fresh(point)
    assert (now.colour, now.tier) == ("red", "company")
    plant.assess(bad, factors={"L": "1", "E": "6", "C": "15"})
    assert fresh(point).colour == "yellow"
    manager = plant.city.safety_manager
    with scope.acting(manager):
        actions.retire_source(actor=manager, source=bad.pk, data={"reason": "行车停用"})
    now = fresh(point)
    assert (now.colour, now.tier, now.reassess_by) == ("blue", "post", due_of(mild))


def due_of(source: HazardSource) -> Any:
    with scope.acting(SYSTEM):
        return HazardSource.objects.get(pk=source.pk).reassess_by


def test_history_is_appended_and_never_changed(plant: Plant) -> None:
    source = plant.source(plant.point())
    first = plant.assess(source)
    plant.assess(source, method="direct", factors={}, direct_reason="构成重大危险源")
    with scope.acting(SYSTEM):
        rows = list(Assessment.objects.filter(source=source).order_by("at"))
        assert [(row.colour, row.score) for row in rows] == [("orange", 270), ("red", None)]
        assert rows[0].bands == [["red", "320"], ["orange", "160"], ["yellow", "70"], ["blue", "0"]]
    for change in ({"colour": "blue"}, {"score": 1}):
        with pytest.raises(DatabaseError), transaction.atomic(), scope.acting(SYSTEM):
            Assessment.objects.filter(pk=first.pk).update(**change)
    with scope.acting(plant.city.auditor):
        told = [act for act in acts(source.point_id) if act.step == "assess_source"]
        assert [act.data["colour"] for act in told] == ["orange", "red"]
        assert told[1].changes["colour"] == ["orange", "red"]


def test_dates_of_an_assessment(plant: Plant) -> None:
    source = plant.source(plant.point())
    today = clock.today()
    for over, field in (
        ({"assessed_on": today + timedelta(days=1)}, "assessed_on"),
        ({"next_by": today + timedelta(days=400)}, "next_by"),
        ({"next_by": today}, "next_by"),
    ):
        with pytest.raises(Invalid) as wrong:
            plant.assess(source, **over)
        assert set(wrong.value.fields) == {field}
    plant.assess(source, next_by=today + timedelta(days=30))
    with pytest.raises(Invalid) as wrong:
        plant.assess(source, assessed_on=today - timedelta(days=1))
    assert set(wrong.value.fields) == {"assessed_on"}


def test_controls_name_people_of_the_enterprise_alone(plant: Plant) -> None:
    city = plant.city
    source = plant.source(plant.point())
    held = plant.control(source, holder=city.posts["principal"].person_id)
    assert held.holder_name == "principal 某"
    for stranger in ("n_principal", "regulator"):
        with pytest.raises(Invalid) as wrong:
            plant.control(source, holder=city.posts[stranger].person_id)
        assert "holder" in wrong.value.fields
    plant.assess(source, factors={"L": "10", "E": "6", "C": "15"})
    with scope.acting(city.office):
        detail = queries.detail_of(queries.point(source.point_id))
        assert detail.sources[0].unheld == ["company", "department", "post"]
        actions.retire_control(actor=city.office, control=held.pk, data={"reason": "调离"})
        assert "team" in queries.detail_of(queries.point(source.point_id)).sources[0].unheld


def test_neighbours_see_and_change_nothing(plant: Plant) -> None:
    point = plant.point()
    source = plant.source(point)
    plant.assess(source)
    control = plant.control(source)
    for who in ("n_office", "n_regulator", "n_principal", "other_field", "citizen", "system_admin"):
        actor = plant.city.actors[who]
        with scope.acting(actor):
            for model in (RiskPoint, RiskUnit, HazardSource, Assessment, Control):
                assert not model.objects.exists(), (who, model)  # type: ignore[attr-defined]
            for attempt in (
                lambda actor=actor: actions.edit_point(actor=actor, point=point.pk, data={"place": "x"}),
                lambda actor=actor: actions.retire_point(actor=actor, point=point.pk, data={"reason": "xx"}),
                lambda actor=actor: actions.assess(actor=actor, source=source.pk, data={"method": "ls"}),
                lambda actor=actor: actions.edit_control(actor=actor, control=control.pk, data={"words": "xx"}),
                lambda actor=actor: queries.point(point.pk),
            ):
                with pytest.raises(NotFound):
                    attempt()
    for who in ("inspector", "leader", "expert", "auditor"):
        actor = plant.city.actors[who]
        with scope.acting(actor):
            assert queries.point(point.pk).pk == point.pk
            with pytest.raises(Forbidden):
                actions.assess(actor=actor, source=source.pk, data={"method": "ls"})


def test_a_version_seen_before_is_refused(plant: Plant) -> None:
    point = plant.point()
    plant.source(point)
    manager = plant.city.safety_manager
    with scope.acting(manager), pytest.raises(Conflict):
        actions.edit_point(actor=manager, point=point.pk, data={"place": "x"}, version=point.version)


def test_the_list_pages_both_ways_and_counts(plant: Plant) -> None:
    made = [plant.point(name=f"{n}号点位") for n in range(7)]
    plant.neighbour()
    office = plant.city.office
    with scope.acting(office):
        first = queries.points(office, Filters(), limit=3)
        second = queries.points(office, Filters(), after=first.after, limit=3)
        third = queries.points(office, Filters(), after=second.after, limit=3)
        seen = [row.pk for page in (first, second, third) for row in page.rows]
        assert seen == [one.pk for one in reversed(made)]
        assert third.after is None
        back = queries.points(office, Filters(), before=third.before, limit=3)
        assert [row.pk for row in back.rows] == [row.pk for row in second.rows]
        assert queries.count_points(office, Filters()) == 7
        assert queries.count_points(office, Filters(words="3号")) == 1
        assert queries.count_points(office, Filters(words="邻县")) == 0
        assert queries.count_points(office, Filters(words=made[0].number)) == 1
        assert queries.count_points(office, Filters(colour="none")) == 7
        assert queries.count_points(office, Filters(enterprise=plant.city.n_enterprise.pk)) == 0


def overdue(plant: Plant, name: str, days: int) -> RiskPoint:
    point = plant.point(name=name)
    plant.assess(plant.source(point), next_by=clock.today() + timedelta(days=1))
    with scope.acting(SYSTEM):
        day = clock.today() - timedelta(days=days)
        HazardSource.objects.filter(point=point).update(reassess_by=day)
        RiskPoint.objects.filter(pk=point.pk).update(reassess_by=day)
    return point


def test_overdue_is_listed_by_how_long(plant: Plant) -> None:
    late = [overdue(plant, f"{days}天", days) for days in (3, 9, 9, 1, 5) if days != 9] + [
        overdue(plant, f"九天{n}", 9) for n in "甲乙"
    ]
    plant.point(name="未评估")
    office = plant.city.office
    with scope.acting(office):
        wanted = Filters(overdue=True)
        first = queries.points(office, wanted, limit=2)
        second = queries.points(office, wanted, after=first.after, limit=2)
        third = queries.points(office, wanted, after=second.after, limit=2)
        names = [row.name for page in (first, second, third) for row in page.rows]
        assert names == ["九天甲", "九天乙", "5天", "3天", "1天"]
        assert queries.count_points(office, wanted) == len(late)
        back = queries.points(office, wanted, before=third.before, limit=2)
        assert [row.name for row in back.rows] == ["5天", "3天"]


def test_an_enterprise_is_reminded_once_a_point_and_due_date(plant: Plant) -> None:
    point = overdue(plant, "熔炼炉", 2)
    plant.neighbour()
    assert remind() == 1
    assert remind() == 0
    with scope.acting(SYSTEM):
        told = Message.objects.filter(kind="risk.due")
        wanted = {plant.city.posts[name].person_id for name in ("principal", "safety_manager")}
        assert {one.person_id for one in told} == wanted
    with scope.acting(SYSTEM):
        RiskPoint.objects.filter(pk=point.pk).update(reassess_by=clock.today() - timedelta(days=1))
    assert remind() == 1
    for days, name in ((1, "甲炉"), (2, "乙炉")):
        overdue(plant, name, days)
    assert remind() == 2
    with scope.acting(SYSTEM):
        assert Message.objects.filter(kind="risk.due_many").count() == 2


def test_a_unit_is_shared_and_renamed(plant: Plant) -> None:
    first, second = plant.point(), plant.point(name="2号熔炼炉")
    assert first.unit_id == second.unit_id
    manager = plant.city.safety_manager
    with scope.acting(manager):
        actions.rename_unit(actor=manager, unit=first.unit_id, data={"name": "一熔炼车间"})  # type: ignore[arg-type]
        assert [unit.name for unit in queries.units_of(plant.city.enterprise.pk)] == ["一熔炼车间"]
    n_manager = plant.city.n_safety_manager
    with scope.acting(n_manager), pytest.raises(NotFound):
        actions.rename_unit(actor=n_manager, unit=first.unit_id, data={"name": "x1"})  # type: ignore[arg-type]


def test_a_clients_id_is_one_record(plant: Plant) -> None:
    key, manager = new_id(), plant.city.safety_manager
    with scope.acting(manager):
        data = {"enterprise": plant.city.enterprise.pk, "name": "配电室"}
        actions.register_point(actor=manager, data=data, id=key)
        with pytest.raises(Conflict):
            actions.register_point(actor=manager, data=data, id=key)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_assessments_at_one_point_leave_it_as_bad_as_the_worst(city: City) -> None:
    plant = Plant(city)
    point = plant.point()
    sources = [plant.source(point, name=f"危险源{n}") for n in range(4)]
    grades = [{"L": "1", "S": "1"}, {"L": "5", "S": "5"}, {"L": "3", "S": "3"}, {"L": "3", "S": "5"}]
    at_once(
        *(
            partial(plant.assess, source, method="ls", factors=factors)
            for source, factors in zip(sources, grades, strict=True)
        )
    )
    assert fresh(point).colour == "red"
    assert fresh(point).version == 9
