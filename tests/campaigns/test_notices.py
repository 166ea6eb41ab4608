"""Who is told of a return: the unit, its reviewer, the office; and nobody twice, nobody who has no business with it."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from anlan.campaigns import actions
from anlan.enforcement.models import Instrument
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.flow.clockwork import tick
from anlan.notify.models import Message
from anlan.notify.words import words_of
from tests.campaigns.conftest import Month

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_may")]


def told(month: Month, kind: str) -> set[str]:
    """Who got a message of a kind since it was asked last; its words and reason are whole in both languages."""
    names = {actor.person: name for name, actor in month.actors.items()}
    found = set()
    with scope.acting(SYSTEM):
        for one in Message.objects.filter(kind=kind, subject_type="monthly_return"):
            for language in ("en", "zh-hans"):
                with override(language):
                    words = words_of(one)
                    assert "单位" in words.title
                    assert "2026-0" in words.title
                    assert words.why
                    assert "%(" not in words.title + words.detail
            found.add(names.get(one.person_id, "?"))
        Message.objects.filter(kind=kind).delete()
    return found


COUNTY, TOWN, OFFICE = {"county", "county2"}, {"town", "town2"}, {"city", "city2"}


def test_each_unit_is_told_that_a_month_is_open(month: Month) -> None:
    assert told(month, "return.opened") == COUNTY | TOWN | {
        "neighbour", "neighbour2", "department", "department2", "far_town", "far_town2",
    }  # fmt: skip


def test_the_road_of_a_towns_return(month: Month) -> None:
    month.do("town", month.of("town"), "hand_in")
    assert told(month, "return.bounced") == TOWN
    record = month.passed("town")
    assert told(month, "return.waits") == COUNTY
    month.do("county", record, "send_back", reason="培训人数请核对。")
    assert told(month, "return.returned") == TOWN
    month.locked("town")
    assert told(month, "return.accepted") == TOWN
    assert OFFICE - {"city"} <= told(month, "return.to_lock")
    assert told(month, "return.locked") == TOWN
    month.do("city", record, "amend", cell="training.workers", typed=61, reason="街道来函更正。")
    assert told(month, "return.amended") == TOWN | COUNTY


def test_whoever_acted_is_not_told(month: Month) -> None:
    record = month.passed("county")
    assert told(month, "return.waits") >= OFFICE
    month.do("city2", record, "send_back", reason="帮扶家次请核对。")
    with scope.acting(SYSTEM):
        assert not Message.objects.filter(person_id=month.actors["city2"].person, kind="return.returned").exists()
        # what city2 had been told of it is done
        assert not Message.objects.filter(
            person_id=month.actors["city2"].person, subject_id=record.pk, read_at=None
        ).exists()


def _climb(month: Month, days: int) -> None:
    with clock.at(month.of("town").hand_in_by + timedelta(days=days)):
        while tick():
            pass


def test_the_ladder_of_a_late_return(month: Month) -> None:
    month.passed("county")
    _climb(month, 1)
    first = told(month, "return.late")
    assert first >= TOWN
    assert "county" not in first
    _climb(month, 15)
    late = told(month, "return.late")
    assert late >= COUNTY  # reviews the town's
    assert late >= OFFICE


def test_a_reminder_comes_before_it_is_due(month: Month) -> None:
    city = month.actors["city"]
    with scope.acting(city):
        actions.open_month(actor=city, campaign=month.campaign.pk, month=date(2026, 5, 1))
    with clock.at(month.of("town", date(2026, 5, 1)).hand_in_by - timedelta(days=1)):
        while tick():
            pass
    assert told(month, "return.remind") >= TOWN


def test_only_those_concerned_are_told(month: Month) -> None:
    month.locked("town")
    with scope.acting(SYSTEM):
        record = month.of("town", date(2026, 4, 1))
        people = set(Message.objects.filter(subject_id=record.pk).values_list("person_id", flat=True))
    names = {name for name, actor in month.actors.items() if actor.person in people}
    assert names & {"neighbour", "department", "far_town", "inspector", "auditor", "leader", "principal", "citizen", "n_office"} == set()  # fmt: skip


def test_a_return_that_stays_away_draws_a_letter_that_people_approve(month: Month) -> None:
    month.passed("county")
    with clock.at(month.of("neighbour").hand_in_by + timedelta(days=40)):
        for _turn in range(3):
            while tick():
                pass
        with scope.acting(SYSTEM):
            letters = {one.unit_id: one for one in Instrument.objects.filter(kind="supervise_letter")}
            assert Instrument.objects.filter(kind="supervise_letter").count() == len(letters)
    owing = {month.units[name].pk for name in ("neighbour", "department", "town", "far_town")}
    assert set(letters) == owing  # the county's waits for the office, which writes itself no letter
    one = letters[month.units["neighbour"].pk]
    assert (one.state, one.source_type, one.source_id) == ("drafted", "monthly_return", month.of("neighbour").pk)
    assert one.addressee == "neighbour单位"
    assert told(month, "return.letter") >= OFFICE
