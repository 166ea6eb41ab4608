"""Numbers: no gap and no double, whoever numbers at the same moment; each organ, kind and year counts for itself."""

from datetime import UTC, datetime

import pytest

from anlan.enforcement import actions
from anlan.enforcement.models import Instrument
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from tests.enforcement.conftest import Bench, make_bench
from tests.together import acting, outcomes_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture
def bench(transactional_db: None) -> Bench:
    return make_bench()


def test_four_at_once_take_four_numbers_in_a_row_and_what_fails_leaves_no_gap(bench: Bench) -> None:
    records = [bench.approved() for _one in range(4)]
    office = bench.office

    def number(record: Instrument, *, fails: bool) -> None:
        actions.take_step(actor=office, instrument=record.pk, step="number")
        if fails:
            raise RuntimeError

    outcomes = outcomes_of(
        *(
            acting(office, lambda record=record, place=place: number(record, fails=place == 1))
            for place, record in enumerate(records)
        )
    )
    assert sum(isinstance(one, RuntimeError) for one in outcomes) == 1
    assert sum(one is None for one in outcomes) == 3
    with scope.acting(SYSTEM):
        assert sorted(Instrument.objects.filter(order__isnull=False).values_list("order", flat=True)) == [1, 2, 3]
    assert bench.do(office, records[1], "number").order == 4


def test_kinds_organs_and_years_count_apart(bench: Bench) -> None:
    with clock.at(datetime(2026, 12, 31, 2, tzinfo=UTC)):
        letter, another = bench.numbered(), bench.numbered()
        bulletin = bench.numbered(kind="criticism", unit=bench.unit.pk)
        city = bench.city
        theirs = bench.draft(city.actors["n_inspector"], enterprise=city.n_enterprise.pk)
        theirs = bench.do(city.actors["n_regulator"], theirs, "review")
        theirs = bench.do(city.actors["n_leader"], theirs, "approve")
        theirs = bench.do(city.actors["n_office"], theirs, "number")
        waiting = bench.approved()
    assert [one.order for one in (letter, another, bulletin, theirs)] == [1, 2, 1, 1]
    assert theirs.number.startswith("苍安办")
    with clock.at(datetime(2026, 12, 31, 16, 30, tzinfo=UTC)):  # past midnight in Shanghai
        new_year = bench.do(bench.office, waiting, "number")
    assert (new_year.year, new_year.order) == (2027, 1)
    assert "〔2027〕1号" in new_year.number
