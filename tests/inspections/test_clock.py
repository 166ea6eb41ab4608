"""Time limits of visits, and two people at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from anlan.inspections.actions.visit import plan_visit, take_step
from anlan.inspections.models import Visit
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Invalid, WrongState
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ledger.read import acts
from anlan.notify.models import Message
from anlan.notify.words import words_of
from tests.inspections.conftest import Field, make_field
from tests.together import acting, outcomes_of

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_planned_visit_that_does_not_take_place_climbs_the_ladder(db: None) -> None:
    with clock.at(MONDAY):
        city = make_field()
        visit = city.ready(planned_on=MONDAY.date() + timedelta(days=1), planned_to=MONDAY.date() + timedelta(days=2))
    levels = []
    for days in range(2, 9):
        with clock.at(MONDAY + timedelta(days=days, hours=20)):
            tick()
            levels.append(city.again(visit).level)
    assert levels == [1, 2, 2, 2, 2, 3, 3], "Thursday, Friday, and over the weekend to Tuesday"
    with scope.acting(SYSTEM):
        told = Message.objects.filter(subject_id=visit.pk, kind="visit.late").order_by("at")
        assert {one.person_id for one in told if one.facts["level"] == 1} == {
            city.inspector.person,
            city.inspector2.person,
        }
        assert {one.person_id for one in told if one.facts["level"] == 2} == {city.regulator.person}
        assert {one.person_id for one in told if one.facts["level"] == 3} == {city.office.person}
        assert not told.filter(person_id=city.principal.person).exists()
        assert "overdue" in words_of(told[0]).title.lower()
        assert "you go on this visit" in words_of(told[0]).why


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_record_without_signatures_is_reminded_the_next_working_day(db: None) -> None:
    friday = MONDAY + timedelta(days=4)
    with clock.at(friday):
        city = make_field()
        visit = city.recorded()
        assert visit.due_at is not None
        assert visit.due_at.astimezone(clock.SHANGHAI).date() == friday.date() + timedelta(days=3)
    with clock.at(friday + timedelta(days=2)):
        tick()
        assert not city.again(visit).late
    with clock.at(friday + timedelta(days=3, hours=20)):
        tick()
        assert city.again(visit).late
        signed = city.sign_record(city.inspector, visit, "officer", city.inspector.name)
        assert signed.late, "one signature of three does not end the waiting"


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_signed_record_is_filed_by_the_clock_if_nothing_else_did(db: None) -> None:
    from anlan.inspections.flow import VISIT
    from anlan.kernel.flow.take import take

    city = make_field()
    visit = city.recorded(kind="supervision")
    city.sign_record(city.group_leader, visit, "officer", city.group_leader.name)
    with scope.acting(city.group_leader):
        data = {
            "party": "enterprise",
            "name": "王某",
            "digest": visit.record_digest,
            "refused": True,
            "reason": "不认可",
            "witnesses": "李某",
        }
        assert take(VISIT, visit.pk, "sign", actor=city.group_leader, data=data).state == "signed"
    with clock.at(clock.now() + timedelta(minutes=1)):
        tick()
    assert city.again(visit).state == "filed"


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
class TestTogether:
    @pytest.fixture
    def city(self, transactional_db: None) -> Field:
        return make_field()

    def run(self, *calls: tuple[Actor, Callable[[], Any]]) -> list[Any]:
        return outcomes_of(*(acting(actor, call) for actor, call in calls))

    def test_two_planners_do_not_pass_the_cap_together(self, city: Field) -> None:
        city.plan()
        outcomes = self.run(*[
            (actor, lambda actor=actor: plan_visit(actor=actor, data=city.plan_data()))
            for actor in (city.regulator, city.regulator2, city.inspector)
        ])  # fmt: skip
        assert [type(one) for one in outcomes if not isinstance(one, Visit)] == [Invalid, Invalid]
        with scope.acting(SYSTEM):
            assert Visit.objects.count() == 2
            assert len(set(Visit.objects.values_list("number", flat=True))) == 2

    def test_two_arrivals_are_one(self, city: Field) -> None:
        visit = city.ready()
        outcomes = self.run(*[
            (actor, lambda actor=actor: take_step(actor=actor, visit=visit.pk, step="arrive"))
            for actor in (city.inspector, city.inspector2)
        ])  # fmt: skip
        assert sum(isinstance(one, Visit) for one in outcomes) == 1
        assert sum(isinstance(one, WrongState) for one in outcomes) == 1

    def test_answers_of_two_officers_at_once_all_arrive(self, city: Field) -> None:
        visit = city.under_way()
        outcomes = self.run(*[
            (actor, lambda actor=actor, item=item: take_step(
                actor=actor, visit=visit.pk, step="answer", data={"item": item.pk, "value": "yes"}))
            for actor in (city.inspector, city.inspector2) for item in city.items[:3]
        ])  # fmt: skip
        assert all(isinstance(one, Visit) for one in outcomes)
        with scope.acting(SYSTEM), transaction.atomic():
            fresh = Visit.objects.get(pk=visit.pk)
            assert fresh.answers.count() == 3
            assert [act.version for act in acts(visit.pk)] == list(range(1, fresh.version + 1))
