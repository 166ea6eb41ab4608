"""Alerts count what stands in the records: penalties in their window, majors by one clause, orders past due."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from anlan.enforcement.models import Instrument
from anlan.enforcement.queries.alerts import Alert, alerts, counted
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import CitySetting
from anlan.registry.models import Enterprise
from tests.factories import CITY, COUNTY, City, make_city

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = datetime(2026, 11, 18, 4, tzinfo=UTC)
TODAY = date(2026, 11, 18)


@pytest.fixture
def city() -> Iterator[City]:
    with clock.at(NOW):
        yield make_city()


WAY = (
    ("draft", "drafted"), ("review", "reviewed"), ("approve", "approved"), ("number", "numbered"), ("serve", "served"),
    ("withdraw", "withdrawn"),
)  # fmt: skip


def stands(city: City, kind: str, *, ago: int, state: str = "served", **over: Any) -> Instrument:
    """An instrument that was served some days of the calendar ago: its way is announced to the database, its papers are not made."""
    to: Enterprise = over.pop("enterprise", city.enterprise)
    facts: dict[str, Any] = {
        "kind": kind, "state_since": NOW, "issuer": to.region, "region": to.region, "place": to.region,
        "county": to.region - to.region % 1_000_000, "industry_bit": to.industry_bit, "enterprise": to, "addressee": to.name,
        "created_at": NOW - timedelta(days=ago), "served_on": TODAY - timedelta(days=ago),
        "number": f"测罚决〔2026〕{ago + 1}号",
    }  # fmt: skip
    record = Instrument(id=new_id(), **facts | over)
    with scope.acting(SYSTEM):
        way = WAY if state != "discarded" else (WAY[0], ("discard", "discarded"))
        for version, (step, reached) in enumerate(way, start=1):
            record.state, record.version = reached, version
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('anlan.step', %s, true)", [f"{record.pk} {version} {step}"])
            if version == 1:
                record.save(force_insert=True)
            else:
                Instrument.objects.filter(pk=record.pk).update(state=reached, version=version)
            write_note(actor=SYSTEM, subject_type="instrument", subject_id=record.pk, step=step)
            if reached == state:
                return record
    raise AssertionError(state)


def of(actor: Actor, **asked: Any) -> list[Alert]:
    with scope.acting(actor):
        return alerts(actor, **asked)


def sorts(actor: Actor, **asked: Any) -> list[str]:
    return [one.sort for one in of(actor, **asked)]


def test_three_penalties_within_the_window_and_an_open_major_hazard_meet_the_closure_conditions(city: City) -> None:
    major = city.dispatched(grade="major")
    for ago in (0, 90, 179):
        stands(city, "penalty_decision", ago=ago)
    (alert,) = of(city.regulator)
    assert (alert.sort, alert.count, alert.needed, alert.days) == ("closure", 3, 3, 180)
    assert [line.model for line in alert.lines] == ["instrument"] * 3 + ["hazard"]
    assert alert.source == ("hazard", major.pk)


def test_the_window_s_edge_is_outside(city: City) -> None:
    city.dispatched(grade="major")
    for ago in (0, 90, 180):
        stands(city, "penalty_decision", ago=ago)
    (alert,) = of(city.regulator)
    assert alert.sort == "key", "three in a year, but not in 180 days"


def test_four_within_a_year_do_as_well(city: City) -> None:
    city.dispatched(grade="major")
    for ago in (1, 181, 250, 364):
        stands(city, "penalty_decision", ago=ago)
    (alert,) = of(city.regulator)
    assert (alert.sort, alert.count, alert.needed, alert.days) == ("closure", 4, 4, 365)


def test_without_an_open_major_hazard_it_is_a_key_inspection(city: City) -> None:
    city.closed(grade="major")
    for ago in (1, 2, 3):
        stands(city, "penalty_decision", ago=ago)
    (alert,) = of(city.regulator)
    assert (alert.sort, alert.count, alert.needed) == ("key", 3, 2)


@pytest.mark.parametrize("over", [{"state": "withdrawn"}, {"state": "numbered"}, {"kind": "penalty_notice"}])
def test_what_is_not_in_force_is_no_penalty(city: City, over: dict[str, Any]) -> None:
    stands(city, "penalty_decision", ago=1)
    stands(city, **({"kind": "penalty_decision", "ago": 2} | over))
    assert of(city.regulator) == []


def test_the_same_major_hazard_twice_in_a_year_is_told_with_both(city: City) -> None:
    first = city.closed(grade="major")
    second = city.dispatched(grade="major")
    (alert,) = of(city.regulator)
    assert (alert.sort, alert.count, alert.enterprise) == ("repeat", 2, city.enterprise.pk)
    assert {line.id for line in alert.lines} == {first.pk, second.pk}
    assert alert.source == ("hazard", second.pk)


def test_what_was_dismissed_does_not_count_as_repeated(city: City) -> None:
    city.dispatched(grade="major")
    disputed = city.disputed(grade="major")
    assert sorts(city.regulator) == ["repeat"]
    city.do(city.city_regulator, disputed, "arbitrate", decision="dismiss", reason="核实不构成。")
    assert of(city.regulator) == []


def test_an_order_past_due_by_more_than_the_days_granted_wants_its_recheck(city: City) -> None:
    late = stands(city, "rectification_order", ago=60, answer_due=TODAY - timedelta(days=30))
    stands(city, "rectification_order", ago=20, answer_due=TODAY - timedelta(days=5))
    (alert,) = of(city.regulator)
    assert (alert.sort, alert.after, alert.offers) == ("recheck", late.pk, ("recheck_opinion",))
    assert alert.late_days > 10
    stands(city, "recheck_opinion", ago=0, after=late, state="drafted", served_on=None)
    assert of(city.regulator) == []


def test_a_draft_that_would_withdraw_it_silences_no_alert(city: City) -> None:
    first = stands(city, "penalty_decision", ago=1)
    stands(city, "penalty_decision", ago=2)
    order = stands(city, "rectification_order", ago=60, answer_due=TODAY - timedelta(days=30))
    for old in (first, order):
        stands(city, "warning_letter", ago=0, withdraws=old, state="drafted", served_on=None)
    assert sorts(city.regulator) == ["key", "recheck"]


def test_a_recheck_that_was_given_up_silences_no_alert(city: City) -> None:
    late = stands(city, "rectification_order", ago=60, answer_due=TODAY - timedelta(days=30))
    stands(city, "recheck_opinion", ago=0, after=late, state="discarded", served_on=None)
    assert sorts(city.regulator) == ["recheck"]


def test_a_city_sets_its_own_thresholds(city: City) -> None:
    with scope.acting(SYSTEM):
        CitySetting.objects.create(region=CITY, key="enforcement.alerts.key.count", value=3, changed_at=clock.now())
    citysettings.forget()
    for ago in (1, 2):
        stands(city, "penalty_decision", ago=ago)
    assert of(city.regulator) == []
    stands(city, "penalty_decision", ago=3)
    assert sorts(city.regulator) == ["key"]


def test_nobody_is_alerted_of_another_county(city: City) -> None:
    for ago in (1, 2):
        stands(city, "penalty_decision", ago=ago, enterprise=city.n_enterprise)
    assert of(city.regulator) == []
    assert sorts(city.n_regulator) == sorts(city.city_office) == ["key"]
    assert of(city.city_office, region=COUNTY) == []
    assert sorts(city.city_office, enterprise=city.n_enterprise.pk) == ["key"]
    assert of(city.city_office, enterprise=city.enterprise.pk) == []


def test_all_alerts_cost_a_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    for number in range(3):
        for ago in (1, 2, 3):
            stands(city, "penalty_decision", ago=ago)
        stands(city, "rectification_order", ago=90 + number, answer_due=TODAY - timedelta(days=40))
    city.dispatched(grade="major")
    with scope.acting(city.city_office), django_assert_max_num_queries(12):
        found = alerts(city.city_office)
    assert counted(found) == {"closure": 1, "key": 0, "repeat": 0, "recheck": 3}
