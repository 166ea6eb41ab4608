"""Self-checks: done, with findings that become hazards; done late, done by two; who may do what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from anlan.files.models import File
from anlan.hazards.models import Hazard
from anlan.inspections.actions.self_check import add_excuse, do_check
from anlan.inspections.models import Finding
from anlan.inspections.self_check_duty import settle
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotNow
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry
from tests.factories import City, make_city
from tests.inspections.self_checks import (
    DAY,
    MONDAY,
    at,
    checks,
    do,
    found,
    make_control,
    make_point,
    plan,
    sheet,
    steps,
)

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
committing = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def test_nothing_found_is_a_record(city: City) -> None:
    plan(city)
    with at(MONDAY):
        check = do(city, MONDAY)
    assert (check.state, check.nothing_found, check.person_name, check.version) == (
        "done",
        True,
        city.safety_manager.name,
        1,
    )
    assert check.answers[0] | {"at": ""} == {
        "control": None, "item": None, "words": "护罩完好", "value": "yes", "remark": "", "by": check.person_name, "at": "",
    }  # fmt: skip
    assert steps(check) == ["do_check"]


def test_a_finding_becomes_a_hazard_in_the_same_transaction(city: City) -> None:
    plan(city)
    point = make_point(city.enterprise)
    with at(MONDAY):
        with scope.acting(city.safety_manager):
            photo, more = city.photo(city.safety_manager), city.photo(city.safety_manager)
        check = do(
            city, MONDAY, nothing_found=False, photos=[str(more)],
            answers=[{"text": "护罩完好", "value": "no", "remark": "缺失"}], findings=[found([photo], risk_point=str(point.pk))],
        )  # fmt: skip
    with scope.acting(SYSTEM):
        finding, hazard = Finding.objects.get(), Hazard.objects.get()
        assert (finding.hazard_id, finding.hazard_number) == (hazard.pk, hazard.number)
        assert (finding.self_check_id, finding.risk_point_id, finding.known_to_id) == (
            check.pk,
            point.pk,
            city.enterprise.pk,
        )
        assert (hazard.source, hazard.responsible_id, hazard.place) == ("self", city.enterprise.pk, finding.place)
        assert not File.objects.filter(subject_id=None).exists(), "every photo belongs to a record"
        assert File.objects.get(pk=more).subject_id == check.pk
    with scope.acting(city.principal):
        assert File.objects.filter(pk__in=[photo, more]).count() == 2, "whoever sees the check sees its photos"
    with scope.acting(city.n_principal):
        assert File.objects.filter(pk__in=[photo, more]).count() == 0


def test_when_the_hazard_is_refused_nothing_of_the_check_is_kept(city: City) -> None:
    plan(city)
    with at(MONDAY):
        with scope.acting(city.safety_manager):
            photo = city.photo(city.safety_manager)
        with pytest.raises(Invalid) as refused:
            do(city, MONDAY, nothing_found=False, findings=[found([photo], category="no-such")])
    assert set(refused.value.fields) == {"findings.0.category"}
    assert checks() == []
    with scope.acting(SYSTEM):
        assert not Finding.objects.exists()
        assert not Entry.objects.filter(subject_type="self_check").exists()


def test_every_no_has_a_finding_of_its_own(city: City) -> None:
    """Two things wrong at one point and one of a checklist: neither one finding for all, nor one of another point, will do."""
    plan(city)
    point, other = make_point(city.enterprise), make_point(city.enterprise, "二号冲压机")
    first, second = make_control(point, "护罩完好", "daily"), make_control(point, "急停有效", "daily")
    no = [
        {"control": str(first.pk), "text": "护罩完好", "value": "no"},
        {"control": str(second.pk), "text": "急停有效", "value": "no"},
        {"item": str(new_id()), "text": "通道畅通", "value": "no"},
        {"control": str(new_id()), "text": "照明正常", "value": "yes"},
    ]
    here, there = str(point.pk), str(other.pk)

    def tried(*findings: dict[str, Any]) -> str:
        with at(MONDAY), scope.acting(city.safety_manager):
            sent = [found([city.photo(city.safety_manager)], **one, place=f"{n}号位") for n, one in enumerate(findings)]
            try:
                do(city, MONDAY, nothing_found=False, answers=no, findings=sent)
            except Invalid as refused:
                return str(refused.fields["findings"][0]).partition(": ")[2]
        return "done"

    assert tried({"risk_point": here}) == "急停有效；通道畅通"
    assert tried({"risk_point": here}, {"risk_point": here}) == "通道畅通"
    assert tried({"risk_point": there}, {"risk_point": there}, {"risk_point": there}) == "护罩完好；急停有效"
    twice = {"control": str(first.pk)}
    assert tried(twice, twice, twice) == "急停有效；通道畅通", "one that names its answer serves no other"
    assert checks() == []
    with scope.acting(SYSTEM):
        assert not Hazard.objects.exists()
    assert tried({"control": str(first.pk), "risk_point": here}, {}, {"risk_point": here}) == "done"
    with scope.acting(SYSTEM):
        assert Finding.objects.count() == 3


def test_a_check_is_not_done_before_its_period_began(city: City) -> None:
    plan(city)
    yesterday = datetime(2026, 11, 16, 23, 50, tzinfo=clock.SHANGHAI)
    with at(MONDAY + DAY, 0, 10):
        with pytest.raises(Invalid) as refused:
            do(city, MONDAY + DAY, client_at=yesterday)
        assert set(refused.value.fields) == {"period"}
        assert do(city, MONDAY + DAY, client_at=yesterday + timedelta(minutes=11)).state == "done"


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"nothing_found": False}, "nothing_found"),
        ({"answers": [{"text": "x", "value": "no"}]}, "findings"),
        ({"answers": [{"text": "x", "value": "maybe"}]}, "answers.0.value"),
        ({"period": "2026-11-17"}, "period"),
        ({"period": "1999-01-01"}, "period"),
        ({"cycle": "weekly", "period": "2026-11-17"}, "period"),
        ({"cycle": "weekly", "period": "2026-11-16"}, "period"),
        ({"nothing_found": True, "findings": [found([new_id()])]}, "nothing_found"),
        ({"nothing_found": False, "findings": [found([new_id()])]}, "findings.0.photos"),
        ({"nothing_found": False, "findings": [found([])]}, "findings.0.photos"),
        ({"photos": [str(new_id())]}, "photos"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_cannot_be_a_check(city: City, over: dict[str, Any], field: str) -> None:
    plan(city)
    with at(MONDAY), pytest.raises(Invalid) as refused:
        do(city, MONDAY, **over)
    assert field in refused.value.fields, refused.value.fields
    assert checks() == []


def test_a_monthly_review_has_minutes(city: City) -> None:
    plan(city, "monthly", date(2026, 11, 2))
    with at(MONDAY):
        with pytest.raises(Invalid) as refused:
            do(city, MONDAY, "monthly")
        assert set(refused.value.fields) == {"words"}
        assert do(city, MONDAY, "monthly", words="本月隐患全部整改。").period == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("regulator", Forbidden),
        ("inspector", Forbidden),
        ("office", Forbidden),
        ("n_principal", NotFound),
        ("citizen", NotFound),
    ],
)
def test_only_the_enterprises_own_people_check(city: City, name: str, problem: type[Exception]) -> None:
    plan(city)
    with at(MONDAY), pytest.raises(problem):
        do(city, MONDAY, actor=city.actors[name])
    assert checks() == []


def test_late_within_some_working_days_with_a_reason(city: City) -> None:
    plan(city)
    with at(MONDAY + DAY):
        settle()
        with pytest.raises(Invalid) as refused:
            do(city, MONDAY)
        assert set(refused.value.fields) == {"excuse"}
        late = do(city, MONDAY, excuse="停电，当天无法巡查。")
    assert (late.state, late.version) == ("late", 2)
    assert steps(late) == ["miss_check", "do_check"]
    with at(MONDAY + 8 * DAY), pytest.raises(NotNow):
        do(city, MONDAY + DAY, excuse="忘记了")
    with at(MONDAY + 4 * DAY, 23), scope.acting(city.safety_manager):
        assert do(city, MONDAY + DAY, excuse="忘记了").state == "late", "three working days after Tuesday is Friday"


def test_a_missed_one_stays_missed_with_its_reason(city: City) -> None:
    plan(city)
    with at(MONDAY + 14 * DAY):
        settle()
        missed = checks()[0]
        with scope.acting(city.safety_manager):
            excused = add_excuse(actor=city.safety_manager, check=missed.pk, data={"excuse": "全厂停产检修"})
            assert (excused.state, excused.excuse) == ("missed", "全厂停产检修")
            with pytest.raises(Invalid):
                add_excuse(actor=city.safety_manager, check=missed.pk, data={"excuse": " "})
        assert steps(missed) == ["miss_check", "excuse_check"]
        with scope.acting(city.n_principal), pytest.raises(NotFound):
            add_excuse(actor=city.n_principal, check=missed.pk, data={"excuse": "别家"})
    with at(MONDAY + 14 * DAY):
        done = do(city, MONDAY + 14 * DAY)
        with scope.acting(city.safety_manager), pytest.raises(NotNow):
            add_excuse(actor=city.safety_manager, check=done.pk, data={"excuse": "多余"})


def test_done_without_a_network_counts_from_when_it_was_done(city: City) -> None:
    plan(city)
    evening = datetime(2026, 11, 16, 18, 0, tzinfo=clock.SHANGHAI)
    with at(MONDAY + DAY, 9):
        settle()
        check = do(city, MONDAY, client_at=evening)
    assert (check.state, check.done_at, check.client_at) == ("done", evening, evening)
    assert steps(check) == ["miss_check", "do_check"]
    with at(MONDAY + 3 * DAY, 9), pytest.raises(Invalid) as refused:
        do(city, MONDAY + DAY, client_at=evening + DAY)
    assert "excuse" in refused.value.fields, "a phone that says so days later is not believed"


def test_a_second_hand_adds_and_nothing_is_lost(city: City) -> None:
    plan(city)
    with at(MONDAY):
        first = do(city, MONDAY)
        with scope.acting(city.principal):
            photo = city.photo(city.principal)
        again = do(
            city, MONDAY, actor=city.principal, nothing_found=False, answers=[{"text": "通道畅通", "value": "no"}],
            findings=[found([photo])], words="补充",
        )  # fmt: skip
    assert (again.pk, again.version, again.state, again.nothing_found) == (first.pk, 2, "done", False)
    assert [(one["words"], one["by"]) for one in again.answers] == [
        ("护罩完好", city.safety_manager.name), ("通道畅通", city.principal.name),
    ]  # fmt: skip
    assert (again.person_name, steps(first)) == (city.safety_manager.name, ["do_check", "add_to_check"])


def test_the_same_id_for_another_period_is_refused(city: City) -> None:
    plan(city)
    with at(MONDAY):
        first = do(city, MONDAY)
    with at(MONDAY + DAY), pytest.raises(Conflict):
        do(city, MONDAY + DAY, pk=first.pk)


@committing
def test_two_people_at_once_and_the_night_in_between() -> None:
    city = make_city()
    plan(city)

    def one(actor: Any) -> None:
        try:
            with at(MONDAY + DAY, 9), scope.acting(actor):
                do_check(actor=actor, id=new_id(), data=sheet(city, MONDAY, excuse="网络中断"))
        finally:
            connection.close()

    def night() -> None:
        try:
            with at(MONDAY + DAY, 9):
                settle()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        tasks = [pool.submit(one, who) for who in (city.principal, city.safety_manager) * 2]
        tasks += [pool.submit(night), pool.submit(night)]
        for task in tasks:
            task.result()
    (check,) = checks()
    assert (check.state, len(check.answers)) == ("late", 4)
    assert steps(check).count("do_check") == 1
    assert steps(check).count("add_to_check") == 3
