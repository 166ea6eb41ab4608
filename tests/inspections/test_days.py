"""Days and caps: a visit begins when it was planned, certificates hold on the day of arrival, nothing evades the yearly cap."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from anlan.experts.models import Avoidance, Certificate
from anlan.inspections.models import Visit
from anlan.inspections.queries.caps import cap_state
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import NotNow
from anlan.kernel.ids import new_id
from tests.factories import COUNTY
from tests.inspections.conftest import Field
from tests.inspections.test_law import refused

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DAY = timedelta(days=1)


def noted(actor: Actor, at: datetime) -> Actor:
    """The actor as their phone acts, with the time it noted."""
    return replace(actor, client_at=at)


def setting(key: str, new: Any) -> None:
    with scope.acting(SYSTEM):
        citysettings.change(actor=SYSTEM, key=key, region=COUNTY, new=new, basis="试点")


def too_early_or_late(city: Field, visit: Visit, match: str = "change the day first") -> None:
    with pytest.raises(NotNow, match=match):
        city.do(city.inspector, visit, "arrive")


def test_a_visit_begins_on_its_days(city: Field) -> None:
    visit = city.ready(planned_on=city.day(2), planned_to=city.day(3))
    too_early_or_late(city, visit)
    now = clock.now()
    with clock.at(now + 4 * DAY):
        too_early_or_late(city, visit)
        setting("inspections.days.grace", 1)
        assert city.do(city.inspector, visit, "arrive").state == "under_way"


def test_moved_to_today_it_may_begin(city: Field) -> None:
    visit = city.ready(planned_on=city.day(2))
    too_early_or_late(city, visit)
    city.do(city.regulator, visit, "reschedule", planned_on=clock.today(), reason="提前到今天")
    assert city.do(city.inspector, visit, "arrive").state == "under_way"


def test_the_last_day_is_near_the_first(city: Field) -> None:
    assert "60 days" in refused(lambda: city.plan(planned_to=city.day(61)))["planned_to"]
    visit = city.plan(planned_to=city.day(60))
    wrong = {"planned_on": city.day(1), "planned_to": city.day(62), "reason": "企业检修改期"}
    assert refused(lambda: city.do(city.regulator, visit, "reschedule", **wrong))["planned_to"]
    setting("inspections.days.span", 5)
    assert refused(lambda: city.plan(planned_to=city.day(6)))["planned_to"]


def test_an_exception_in_reserve_is_refused(city: Field) -> None:
    why = {"cap_exception": "上级交办，经批准。"}
    assert "No exception" in refused(lambda: city.plan(**why))["cap_exception"]
    assert refused(lambda: city.plan(kind="supervision", **why))["cap_exception"]
    assert refused(lambda: city.plan(reason="complaint", reason_words="群众举报", **why))["cap_exception"]
    city.plan()
    city.plan()
    city.plan(**why)
    with scope.acting(city.regulator):
        found = cap_state(city.regulator, city.enterprise, clock.today().year)
    assert (found.used, found.cap, found.exceptions, found.full) == (2, 2, 1, True)
    assert [one.reason for one in found.told] == [why["cap_exception"]]


def test_an_exception_is_shown_to_officials(city: Field, signed_in: Any) -> None:
    for over in ({}, {}, {"cap_exception": "上级交办，经批准。"}):
        city.ready(**over)
    for name, shown in (("regulator", True), ("principal", False)):
        page = signed_in(name).get(f"/enterprises/{city.enterprise.pk}/").content.decode()
        assert ("1 exception beyond the cap" in page) is shown
        assert ("上级交办，经批准。" in page) is shown


def test_the_cap_and_its_exceptions_are_shown_while_one_plans(city: Field, signed_in: Any) -> None:
    """Officials of another field count with; a neighbour's and an enterprise's door stays shut."""
    for over in ({}, {}, {"cap_exception": "上级交办，经批准。"}):
        city.plan(**over)
    asked = {"enterprise": str(city.enterprise.pk), "planned_on": clock.today().isoformat(), "kind": "administrative"}
    desk = signed_in("regulator")
    for page in (desk.get("/visits/cap/", asked), desk.get("/visits/plan/", {"enterprise": asked["enterprise"]})):
        text = page.content.decode()
        assert f"Inspections in {clock.today().year}: 2 of 2" in text
        assert "1 exception beyond the cap" in text
        assert "上级交办，经批准。" in text
        assert "another one needs its reason" in text
    assert "Inspections in" not in desk.get("/visits/cap/", asked | {"kind": "supervision"}).content.decode()
    assert "2 of 2" not in desk.get("/visits/cap/", asked | {"planned_on": "2031-01-01"}).content.decode()
    many = desk.get("/visits/plan-many/", {"codes": city.enterprise.uscc}).content.decode()
    assert "2 / 2" in many
    assert "1 exception beyond the cap" in many
    assert "Inspections in" not in signed_in("n_regulator").get("/visits/cap/", asked).content.decode()
    assert signed_in("principal").get("/visits/cap/", asked).status_code == 403


def test_the_cap_is_judged_by_the_year_of_arrival(city: Field) -> None:
    with scope.acting(SYSTEM):
        city.enterprise.grade = "A"
        city.enterprise.save()
    eve, new_year = datetime(2026, 12, 30, 10, tzinfo=clock.SHANGHAI), datetime(2027, 1, 4, 10, tzinfo=clock.SHANGHAI)
    with clock.at(eve):
        late = city.ready(planned_on=date(2026, 12, 31), planned_to=date(2027, 1, 5))
        early = city.ready(planned_on=date(2027, 1, 4))
    with clock.at(new_year):
        assert city.do(city.inspector, early, "arrive").state == "under_way"
        with pytest.raises(NotNow, match="2027 are used up"):
            city.do(city.inspector, late, "arrive")
        city.do(city.inspector, early, "cancel", reason="企业无人在场")
        assert city.do(city.inspector, late, "arrive").state == "under_way"
        assert "1 of 1" in refused(city.plan)["cap_exception"], "it counts in the year it was made in"


def test_a_noted_arrival_lies_where_the_visit_could_begin(city: Field) -> None:
    with clock.at(clock.now() - 9 * DAY):
        visit = city.ready(planned_to=city.day(9))
        ready_at = clock.now()
    me, now = city.inspector, clock.now()
    for at in (ready_at - timedelta(hours=1), now - 8 * DAY):
        with pytest.raises(NotNow, match="too many days back"):
            city.do(noted(me, at), visit, "arrive")
    at = now - 2 * DAY
    assert city.do(noted(me, at), visit, "arrive").arrived_at == at


def test_a_phone_whose_clock_is_a_little_behind(city: Field) -> None:
    visit = city.ready()
    arrived = city.do(noted(city.inspector, visit.state_since - timedelta(minutes=3)), visit, "arrive")
    assert arrived.arrived_at == visit.state_since


def test_certificates_and_avoidances_hold_on_the_day_of_arrival(city: Field) -> None:
    with clock.at(clock.now() - 3 * DAY):
        visit = city.ready(planned_to=city.day(3))
    yesterday, today = clock.today() - DAY, clock.today()
    me, then = city.inspector, clock.now() - DAY
    held = Certificate.objects.filter(person_id=city.inspector2.person)
    with scope.acting(SYSTEM):
        held.update(valid_from=today)
    with pytest.raises(NotNow, match="certificate"):
        city.do(noted(me, then), visit, "arrive")
    with scope.acting(SYSTEM):
        held.update(valid_from=date(2020, 1, 1), valid_to=yesterday)
        Avoidance.objects.create(
            id=new_id(), person_id=me.person, enterprise=city.enterprise, region=COUNTY, kind="declared", since=today
        )
    with pytest.raises(NotNow):
        city.do(me, visit, "arrive")
    assert city.do(noted(me, then), visit, "arrive").arrived_at == then


def test_a_new_day_meets_another_departments_visit_too(city: Field) -> None:
    first = city.plan(planned_on=city.day(2))
    fire = city.plan(city.fire_regulator, organisation=city.fire.pk, planned_on=city.day(39))
    moved = {"planned_on": city.day(3), "reason": "企业检修改期"}
    assert first.number in refused(lambda: city.do(city.fire_regulator, fire, "reschedule", **moved))["apart"]
    after = city.do(city.fire_regulator, fire, "reschedule", **moved, apart="消防验收须单独进行")
    assert (after.planned_on, after.apart) == (city.day(3), "消防验收须单独进行")
    again = {"planned_on": city.day(4), "reason": "再推迟一天"}
    assert city.do(city.fire_regulator, after, "reschedule", **again).planned_on == city.day(4), "the same visit, known"


def test_an_arrival_noted_before_midnight_is_judged_by_that_day(city: Field) -> None:
    """The very moment that stands on the sheet is the one that plan, cap, certificates and avoidances are judged by."""
    midnight = datetime(2026, 12, 1, tzinfo=clock.SHANGHAI)
    with clock.at(midnight - timedelta(hours=12)):
        visit = city.ready(planned_on=date(2026, 12, 1))
    before, after = midnight - timedelta(minutes=4), midnight + timedelta(minutes=4)
    with clock.at(after):
        with pytest.raises(NotNow, match="not for 2026-11-30"):
            city.do(city.inspector, visit, "arrive", arrived_at=before)
        assert city.do(city.inspector, visit, "arrive", arrived_at=midnight).arrived_at == midnight
