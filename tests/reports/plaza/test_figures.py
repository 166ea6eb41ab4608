"""The service in figures: counted by day, private reports included, with the median of the waits."""

from datetime import timedelta

import pytest

from anlan.kernel import clock, scope
from anlan.kernel.flow.clockwork import tick
from anlan.reports.models import DayFigure
from anlan.reports.plaza import figures
from anlan.reports.plaza.keeping import PLAZA, content_version
from tests.reports.plaza.conftest import Plaza

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _no_rewards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_payers", [lambda first, until: {clock.today(): (2, 30_000)}])


def totals() -> figures.Totals:
    with scope.acting(PLAZA):
        return figures.totals()


def test_each_day_is_counted_and_private_reports_with_it(plaza: Plaza) -> None:
    with clock.at(clock.now() - timedelta(days=12)):
        early = plaza.reviewed()
    plaza.send()
    with clock.at(clock.now() - timedelta(days=2)):
        tick()
    assert plaza.fresh(early).state == "answered"
    assert figures.keep_figures() >= 12
    found = totals()
    assert (found.reports, found.answered, found.verified) == (2, 1, 0)
    assert (found.rewards, found.rewards_fen, found.rewards_yuan) == (2, 30_000, "300")
    assert found.users == 2  # a guest is nobody who takes part
    assert found.median_days == 10
    assert found.until == clock.today()
    with scope.acting(PLAZA):
        months = figures.months()
    assert sum(month.reports for month in months) == 2
    assert months[-1].first == clock.today().replace(day=1)


def test_counting_twice_counts_once_and_only_the_latest_days(plaza: Plaza) -> None:
    with clock.at(clock.now() - timedelta(days=40)):
        plaza.send()
    plaza.send()
    assert figures.keep_figures() == 41
    first = totals()
    with scope.acting(PLAZA):
        version = content_version()
    assert figures.keep_figures() == figures.LATEST
    assert totals() == first
    with scope.acting(PLAZA):
        assert content_version() == version  # nothing changed, so no kept page is thrown away
    plaza.send()
    figures.keep_figures()
    assert totals().reports == 3
    with scope.acting(PLAZA):
        assert content_version() > version


def test_what_changed_long_ago_is_counted_again_the_next_day(plaza: Plaza) -> None:
    with clock.at(clock.now() - timedelta(days=30)):
        report = plaza.reviewed()
        tick()
    figures.keep_figures()
    assert totals().answered == 1
    with clock.at(clock.now() - timedelta(days=29)):
        plaza.do(plaza.reporter, report, "contest", words="现在还是锁着的，请再看看。")
    figures.keep_figures()
    with clock.at(clock.now() + timedelta(days=1)):
        figures.keep_figures()
        assert totals().median_days is None


def test_a_city_without_reports_has_figures_of_nothing(plaza: Plaza) -> None:
    assert totals() == figures.Totals()
    assert figures.keep_figures() == 1
    assert totals().reports == 0
    assert totals().median_days is None


@pytest.mark.parametrize(
    ("waits", "middle"),
    [
        ([], None),
        ([{"3": 1}], 3),
        ([{"1": 1, "9": 1}], 1),
        ([{"1": 1}, {"2": 1, "30": 1}], 2),
        ([{"0": 5}, {"10": 4}], 0),
    ],
)
def test_the_middle_of_waits(waits: list[dict[str, int]], middle: int | None) -> None:
    assert figures.median_of(waits) == middle


def test_old_answers_no_longer_count_for_the_middle() -> None:
    long_ago = clock.today() - timedelta(days=400)
    for day, waits in ((long_ago, {"99": 50}), (clock.today(), {"4": 1})):
        DayFigure.objects.create(day=day, waits=waits, counted_at=clock.now())
    assert figures.totals().median_days == 4
