"""One fire, many reports: nothing is counted twice or lost, nobody waits for ever, and all are answered together."""

from collections.abc import Callable
from typing import Any

import pytest

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry
from anlan.reports.actions import join, submit, take_step
from anlan.reports.models import Report, Seal
from tests.factories import TOWN, make_city
from tests.reports.conftest import Town, make_citizen, make_town
from tests.together import acting, at_once, outcomes_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
THREADS, ROUNDS = 12, 4


@pytest.fixture
def town(transactional_db: None) -> Town:
    return make_town(make_city())


def test_many_join_at_once_while_the_desk_works_on_it(town: Town) -> None:
    report = town.send()
    desk = town.city.dispatcher
    work: list[Callable[[], Any]] = [
        acting(desk, lambda: take_step(actor=desk, report=report.pk, step="screen", data={"category": "fire_exit"}, version=1)),
        acting(desk, lambda: take_step(actor=desk, report=report.pk, step="dispatch", data={"unit": town.unit.pk})),
    ]  # fmt: skip
    for round_ in range(ROUNDS):
        citizens = [make_citizen(phone=f"139357{round_:02}{number:03}") for number in range(THREADS)]
        calls = [
            acting(one, lambda one=one: join(actor=one, report=report.pk, data={"words": "我也看到了"}))
            for one in citizens
        ]
        at_once(*calls, *([work.pop(0)] if work else []))
    with scope.acting(SYSTEM):
        found = Report.objects.get(pk=report.pk)
        versions = list(
            Entry.objects.filter(subject_id=report.pk).order_by("version").values_list("version", flat=True)
        )
        assert (found.state, found.joined) == ("dispatched", THREADS * ROUNDS)
        assert Seal.objects.filter(report_id=report.pk).count() == THREADS * ROUNDS + 1
    assert versions == list(range(1, found.version + 1))


def test_one_citizen_joining_from_two_devices_is_one(town: Town) -> None:
    report = town.send()
    call = acting(town.second, lambda: join(actor=town.second, report=report.pk))
    at_once(*[call] * 6)
    assert town.fresh(report).joined == 1


def test_the_first_reporter_joins_nothing(town: Town) -> None:
    report = town.send()
    with scope.acting(town.reporter):
        assert join(actor=town.reporter, report=report.pk).pk == report.pk
    assert town.fresh(report).joined == 0


def test_retries_at_the_same_moment_are_one_report(town: Town) -> None:
    key = new_id()
    data = {"words": "化工厂方向有刺鼻气味。", "region": TOWN}
    mine = acting(town.reporter, lambda: submit(actor=town.reporter, data=data, id=key))
    theirs = acting(town.second, lambda: submit(actor=town.second, data=data, id=key))
    found = outcomes_of(mine, mine, theirs, mine, theirs, mine)
    with scope.acting(SYSTEM):
        assert Report.objects.filter(pk=key).count() == 1
        seal = Seal.objects.get(report_id=key)
    refused = [one for one in found if isinstance(one, Exception)]
    assert all(isinstance(one, Conflict) and one.code == "report.id_taken" for one in refused)
    assert len(refused) == (2 if seal.person_id == town.reporter.person else 4)


def test_numbers_of_a_storm_have_no_gap(town: Town) -> None:
    def send() -> Any:
        return submit(actor=town.reporter, data={"words": "同一处着火", "region": TOWN})

    for _round in range(2):
        at_once(*[acting(town.reporter, send)] * 8)
    with scope.acting(SYSTEM):
        numbers = sorted(Report.objects.values_list("number", flat=True))
    assert [int(one[-6:]) for one in numbers] == list(range(1, 17))


def test_what_follows_a_report_is_answered_with_it(town: Town) -> None:
    desk = town.city.dispatcher
    survivor = town.dispatched()
    followers = [town.send(town.second) for _number in range(5)]
    for one in followers:
        town.do(desk, one, "duplicate", of=survivor.pk)
    of_a_follower = town.do(desk, town.send(town.second), "duplicate", of=followers[0].pk)
    assert of_a_follower.duplicate_of_id == survivor.pk
    followers.append(of_a_follower)
    with pytest.raises(Invalid):
        town.do(desk, survivor, "duplicate", of=followers[0].pk)
    with scope.acting(town.guest):
        assert join(actor=town.guest, report=followers[0].pk).pk == survivor.pk
    town.do(
        town.inspector,
        survivor,
        "unfounded",
        reason="现场查看，已无明火。",
        words="已扑灭。",
        photos=[town.photo(town.inspector)],
    )
    town.do(town.city.office, survivor, "review", answer="已扑灭，无人受伤，感谢您的监督。")
    while tick():
        pass
    with scope.acting(SYSTEM):
        found = list(
            Report.objects.filter(pk__in=[one.pk for one in followers]).values_list("state", "outcome", "answer")
        )
    assert found == [("answered", "duplicate", "已扑灭，无人受伤，感谢您的监督。")] * 6
    late = town.send(town.second)
    town.do(desk, late, "duplicate", of=survivor.pk)
    while tick():
        pass
    assert town.fresh(late).state == "handled"  # that answer was given before it came in: the office reviews it
