"""Two people at once: one wins, the other is told what happened, nothing is lost."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from anlan.hazards.actions import register_hazard, take_step
from anlan.hazards.models import Hazard, Signature
from anlan.hazards.sheet import sheet
from anlan.kernel import citysettings, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Conflict, Problem, WrongState
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import Entry, Timer
from tests.factories import COUNTY, DRAWING, TOWN, City, make_city
from tests.together import acting, outcomes_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture
def city(transactional_db: None) -> City:
    return make_city()


class Together:
    """Runs calls on threads of their own, each on its own connection, let go at the same moment."""

    def __init__(self) -> None:
        self.calls: list[tuple[Actor, Callable[[], Any]]] = []

    def add(self, actor: Actor, call: Callable[[], Any]) -> None:
        self.calls.append((actor, call))

    def run(self) -> list[Any]:
        return outcomes_of(*(acting(actor, call) for actor, call in self.calls))


@pytest.fixture
def together() -> Iterator[Together]:
    return Together()


def step(actor: Actor, hazard: Hazard, name: str, version: int | None = None, **data: Any) -> Callable[[], Hazard]:
    return lambda: take_step(actor=actor, hazard=hazard.pk, step=name, data=data, version=version)


def whole(hazard: Hazard) -> Hazard:
    """The record with a gapless ledger and no more than one live timer."""
    with scope.acting(SYSTEM):
        record = Hazard.objects.get(pk=hazard.pk)
        assert [act.version for act in acts(hazard.pk)] == list(range(1, record.version + 1))
        assert Timer.objects.filter(record_id=record.pk, clock=record.clock).count() <= 1
    return record


@pytest.mark.parametrize("known", [True, False])
def test_one_step_wins_and_the_other_is_told_who_was_first(city: City, together: Together, *, known: bool) -> None:
    hazard = city.found(grade="general")
    version = hazard.version if known else None
    dispatch = {"responsible": city.enterprise.pk, "due": city.day(30)}
    for actor in (city.regulator, city.office):
        together.add(actor, step(actor, hazard, "dispatch", version, **dispatch))
    outcomes = together.run()
    won = [one for one in outcomes if isinstance(one, Hazard)]
    lost = [one for one in outcomes if isinstance(one, Problem)]
    assert (len(won), len(lost)) == (1, 1)
    assert type(lost[0]) is (Conflict if known else WrongState)
    winner = city.regulator if outcomes[0] is won[0] else city.office
    assert winner.name in lost[0].detail
    record = whole(hazard)
    assert (record.state, record.version, record.round) == ("dispatched", 3, 1)


def test_three_signers_at_once_all_succeed(city: City, together: Together) -> None:
    hazard = city.dispatched(source="group")
    with scope.acting(SYSTEM):
        digest = sheet(Hazard.objects.get(pk=hazard.pk)).digest
    for actor in (city.principal, city.group_leader, city.leader):
        together.add(actor, step(actor, hazard, "sign", digest=digest, drawing=DRAWING))
    assert sorted(one.state for one in together.run()) == ["claimed", "dispatched", "dispatched"]
    assert whole(hazard).state == "claimed"
    with scope.acting(SYSTEM):
        assert Signature.objects.filter(hazard=hazard, refused=False).count() == 3


def test_one_signer_twice_at_once_signs_once(city: City, together: Together) -> None:
    hazard = city.dispatched()
    with scope.acting(SYSTEM):
        digest = sheet(Hazard.objects.get(pk=hazard.pk)).digest
    for _ in range(2):
        together.add(city.principal, step(city.principal, hazard, "sign", digest=digest, drawing=DRAWING))
    outcomes = together.run()
    assert sum(isinstance(one, Hazard) for one in outcomes) == 1
    assert sum(isinstance(one, Problem) for one in outcomes) == 1
    with scope.acting(SYSTEM):
        assert Signature.objects.filter(hazard=hazard).count() == 1


def finding(city: City, **over: Any) -> dict[str, Any]:
    return {
        "source": "document", "industry": "gongmao", "region": TOWN, "enterprise": city.enterprise.pk,
        "place": "3号炉西侧", "category": "equipment", "description": "传动部位缺少防护罩。",
    } | over  # fmt: skip


def test_the_same_place_found_by_four_at_once_is_one_hazard(city: City, together: Together) -> None:
    for actor in (city.inspector, city.inspector2, city.expert, city.office):
        together.add(actor, lambda actor=actor: register_hazard(actor=actor, data=finding(city)))
    outcomes = together.run()
    assert len({one.pk for one in outcomes}) == 1
    assert whole(outcomes[0]).recurrence == 3


def test_numbers_are_unique_and_gapless_when_many_register(city: City, together: Together) -> None:
    for number in range(6):
        together.add(city.inspector, lambda number=number: register_hazard(
            actor=city.inspector, data=finding(city, place=f"{number}号车间")))  # fmt: skip
    numbers = sorted(one.number for one in together.run())
    assert len(set(numbers)) == 6
    assert [int(one[-6:]) for one in numbers] == list(range(1, 7))


def test_a_retried_offline_registration_is_one_record(city: City, together: Together) -> None:
    chosen = new_id()
    for place in ("1号炉", "2号炉"):
        together.add(city.inspector, lambda place=place: register_hazard(
            actor=city.inspector, data=finding(city, place=place), id=chosen))  # fmt: skip
    outcomes = together.run()
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Hazard"]
    assert next(one for one in outcomes if isinstance(one, Problem)).code == "hazard.exists"


def test_merging_in_both_directions_leaves_one_open(city: City, together: Together) -> None:
    one, two = city.found(), city.found()
    together.add(city.regulator, step(city.regulator, one, "merge", survivor=two.pk, reason="同一处隐患"))
    together.add(city.regulator2, step(city.regulator2, two, "merge", survivor=one.pk, reason="同一处隐患"))
    outcomes = together.run()
    assert sum(isinstance(outcome, Hazard) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Hazard | Problem) for outcome in outcomes), outcomes
    assert sorted([whole(one).state, whole(two).state]) == ["dismissed", "found"]


def test_found_again_while_it_is_being_dismissed_is_lost_nowhere(city: City, together: Together) -> None:
    hazard = city.found(place="3号炉西侧")
    together.add(city.regulator, step(city.regulator, hazard, "dismiss", reason="现场核实不构成"))
    together.add(city.inspector2, lambda: register_hazard(actor=city.inspector2, data=finding(city)))
    outcomes = together.run()
    assert all(isinstance(outcome, Hazard) for outcome in outcomes), outcomes
    whole(outcomes[1])


def test_two_notes_on_one_setting_at_once_are_both_kept(city: City, together: Together) -> None:
    with scope.acting(SYSTEM):
        citysettings.change(actor=SYSTEM, key="hazards.days.sign", region=COUNTY, new=3)
        subject = Entry.objects.get(step="change_setting").subject_id
    for days in (4, 5):
        together.add(SYSTEM, lambda days=days: citysettings.change(
            actor=SYSTEM, key="hazards.days.sign", region=COUNTY, new=days))  # fmt: skip
    assert together.run() == [None, None]
    with scope.acting(SYSTEM):
        assert [act.version for act in acts(subject)] == [1, 2, 3]
