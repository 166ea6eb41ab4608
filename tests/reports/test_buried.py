"""What would make a report disappear: by one press, by a fault of the city's own table, by a place nobody serves, or by waiting."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.identity.events import CitizensMerged
from anlan.identity.models import Organisation, Region
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Forbidden, Invalid, NotNow
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.models import CitySetting
from anlan.reports import keeping
from anlan.reports.actions import join
from anlan.reports.keeping import forget
from anlan.reports.models import Report, Rule, Seal
from anlan.reports.pages import listing
from anlan.reports.sorting import sending
from tests.factories import COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN, City
from tests.reports.conftest import Town, make_town
from tests.sessions import SignedIn, signed_in

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def town(city: City) -> Town:
    return make_town(city)


def merged(town: Town, into: Report, **over: Any) -> Report:
    return town.do(town.city.dispatcher, town.send(**over), "duplicate", of=into.pk)


def let_go(town: Town, report: Report) -> Report:
    while tick():
        pass
    return town.fresh(report)


def test_merged_into_what_was_answered_before_it_came_in_it_waits_for_the_office(town: Town) -> None:
    answered = town.answered()
    report = let_go(town, merged(town, answered))
    assert (report.state, report.answer) == ("handled", "")
    town.do(town.city.office, report, "review", answer="与此前反映的为同一处，已一并处理。")
    assert let_go(town, report).state == "answered"


def test_merged_into_what_was_answered_since_it_is_answered_with_it(town: Town) -> None:
    report = town.send()
    answered = town.answered()
    town.do(town.city.dispatcher, report, "duplicate", of=answered.pk)
    report = let_go(town, report)
    assert (report.state, report.answer) == ("answered", answered.answer)


def test_who_was_merged_contests_it_once_and_stands_alone_until_the_office_has_looked(town: Town) -> None:
    survivor = town.dispatched()
    report = merged(town, survivor)
    town.do(town.inspector, survivor, "unfounded", reason="现场查看，通道畅通。", words="门锁已开。",
            photos=[town.photo(town.inspector)])  # fmt: skip
    town.do(town.city.office, survivor, "review", answer="经核查通道畅通，感谢。")
    report = let_go(town, report)
    assert (report.state, report.outcome) == ("answered", "duplicate")
    report = town.do(town.reporter, report, "contest", words="不是同一处，我说的是二号楼。")
    assert (report.state, report.outcome, report.duplicate_of_id) == ("screened", "", None)
    again = let_go(town, town.do(town.city.dispatcher, report, "duplicate", of=survivor.pk))
    assert again.state == "handled"
    with pytest.raises(Forbidden):
        town.do(town.city.dispatcher, again, "review", answer="同一处，已答复。")


def test_the_unit_whose_answer_is_contested_cannot_merge_it_away(town: Town) -> None:
    other = town.dispatched()
    report = town.do(town.reporter, town.answered(), "contest", words="现场还是老样子。")
    assert report.unit_id == town.unit.pk
    with pytest.raises(Forbidden):
        town.do(town.inspector, report, "duplicate", of=other.pk)


@pytest.mark.parametrize("step", ["decline", "duplicate"])
def test_whoever_declined_or_merged_it_does_not_review_it(town: Town, step: str) -> None:
    office = town.city.office
    other = town.dispatched()
    data = {"of": other.pk} if step == "duplicate" else {"reason": "不属于安全生产问题。"}
    report = town.do(office, town.send(), step, **data)
    with pytest.raises(NotNow):
        town.do(office, report, "review", answer="不属于安全生产问题。")
    second = replace(office, person=town.city.city_office.person)
    assert town.do(second, report, "review", answer="不属于安全生产问题。").state == "reviewed"


def test_what_a_unit_sent_back_may_be_declined(town: Town) -> None:
    report = town.do(town.city.dispatcher, town.returned(), "decline", reason="不属于安全生产问题。")
    assert (report.state, report.outcome) == ("handled", "declined")


def test_a_rule_at_fault_loses_no_report(town: Town) -> None:
    with scope.acting(SYSTEM):
        Rule.objects.create(region=COUNTY, unit=town.n_unit, changed_at=clock.now())
        CitySetting.objects.create(region=COUNTY, key="reports.auto_dispatch", value=True, changed_at=clock.now())
    citysettings.forget()
    report = town.send()
    assert town.fresh(report).state == "submitted"
    with scope.acting(town.city.dispatcher):
        assert Report.objects.filter(pk=report.pk).exists()
    with scope.acting(SYSTEM):
        Organisation.objects.filter(pk=town.n_unit.pk).update(region=COUNTY)
    assert town.send().state == "dispatched"


def test_a_place_that_no_desk_of_the_city_sees_is_refused_at_its_field(town: Town) -> None:
    for code in (140000000000, 130102000000):
        Region.objects.get_or_create(code=code, defaults={"name": "他处", "level": "province"})
        with pytest.raises(Invalid) as wrong:
            town.send(region=code)
        assert set(wrong.value.fields) == {"region"}
    with pytest.raises(Invalid) as wrong:
        town.do(town.city.dispatcher, town.send(), "screen", category="fire_exit", region=TOWN + 777)
    assert set(wrong.value.fields) == {"region"}


def test_who_reported_stays_so_when_accounts_become_one(town: Town) -> None:
    report = town.send(town.guest)
    with scope.acting(town.reporter):
        join(actor=town.reporter, report=report.pk)
    assert town.guest.person is not None
    assert town.reporter.person is not None
    CitizensMerged(kept=town.reporter.person, gone=town.guest.person).emit()
    with scope.acting(SYSTEM):
        (seal,) = Seal.objects.filter(report_id=report.pk, person_id=town.reporter.person)
        assert (seal.first, seal.place) == (True, 0)
        assert not Seal.objects.filter(person_id=town.guest.person).exists()
        spare = Seal.objects.get(report_id=report.pk, person_id=None)
    assert (spare.name, spare.phone) == ("", "")


def test_a_county_that_keeps_names_for_years_holds_up_no_other(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "A_RUN", 1)
    with scope.acting(SYSTEM):
        CitySetting.objects.create(region=COUNTY, key="reports.days.identity", value=3000, changed_at=clock.now())
    citysettings.forget()
    with clock.at(START):
        kept = [town.answered() for _number in range(11)]
    with clock.at(START + timedelta(days=1)):
        there = town.do(town.city.n_dispatcher, town.send(region=NEIGHBOUR_TOWN), "decline", reason="不属于安全生产。")
        town.do(town.city.n_office, there, "review", answer="不属于安全生产问题。")
        let_go(town, there)
    with clock.at(START + timedelta(days=182)):
        assert forget() == 1
    assert town.fresh(there).county == NEIGHBOUR
    assert town.fresh(there).anonymised_at is not None
    assert all(town.fresh(one).anonymised_at is None for one in kept)


def test_more_than_go_at_once_are_refused_and_none_is_sent(
    town: Town, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anlan.reports.pages.desk.MOST_SENT", 2)
    assert sending.MOST == 200
    ids = [str(town.send().pk) for _number in range(3)]
    client, sent = signed_in("dispatcher"), {"ids": ids, "unit": str(town.unit.pk)}
    by_script = client.post("/reports/desk/send/", sent, headers={"x-desk": "1"})
    assert (by_script.status_code, by_script.json()["code"]) == (422, "report.too_many")
    assert "At most 2" in client.post("/reports/desk/send/", sent, follow=True).content.decode()
    with scope.acting(SYSTEM):
        assert not Report.objects.exclude(state="submitted").exists()


def test_an_export_is_whole_or_refused(town: Town, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    town.send()
    town.send()
    client: Client = signed_in("dispatcher")
    monkeypatch.setattr(listing, "MOST_EXPORTED", 2)
    assert client.get("/reports/export/").status_code == 200
    monkeypatch.setattr(listing, "MOST_EXPORTED", 1)
    assert client.get("/reports/export/").status_code == 422
