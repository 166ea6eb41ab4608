"""Who sees which report, said from the description: the desk, the unit it was sent to, its territory and field, its reporter."""

import pytest

from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.models import Entry
from anlan.registry.models import Enterprise
from anlan.reports import search
from anlan.reports.models import Report, Sending
from tests.factories import COUNTY, NEIGHBOUR_TOWN, City
from tests.reports.conftest import Town

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
READERS = (
    "dispatcher", "finance", "office", "city_office", "regulator", "city_regulator", "other_field", "inspector", "leader",
    "group_leader", "expert", "auditor", "principal", "safety_manager", "citizen", "system_admin", "security_admin",
    "audit_admin", "n_dispatcher", "n_finance", "n_office", "n_regulator", "n_auditor", "n_citizen",
)  # fmt: skip
DESK = {"dispatcher", "office", "city_office"}
FIELD = {"regulator", "city_regulator", "inspector", "leader", "group_leader", "expert", "auditor"}
"""Those of the county and of the city above it who supervise every field; `other_field` supervises hazchem alone."""
UNIT = {"of the unit", "of the unit, another field"}
OF_THE_BODY = {"of another unit"}
"""People of another unit who supervise every field too."""


def seen_by(town: Town, report: Report, *, had: frozenset[str] = frozenset()) -> set[str]:
    """
    Who has the row in sight; whoever has not reads no entry of its ledger and nothing that hangs on it either, except the
    entries of the time when they `had` it.
    """
    actors: dict[str, Actor] = {name: town.city.actors[name] for name in READERS} | {
        "of the unit": town.regulator, "of the unit, another field": town.inspector, "of another unit": town.other_inspector,
        "reporter": town.reporter, "another citizen": town.second, "guest": town.guest, "n of a unit": town.n_inspector,
    }  # fmt: skip
    found = set()
    for name, actor in actors.items():
        with scope.acting(actor):
            seen = Report.objects.filter(pk=report.pk).exists()
            acted = Entry.objects.filter(subject_id=report.pk).exclude(person_id=actor.person).exists()
            assert acted == seen or name in had, name
            assert seen or not Sending.objects.filter(report=report.pk).exists()
            if seen:
                found.add(name)
    return found - {"reporter"} if "reporter" in found else found | {"the reporter does not see it"}


def test_an_unsorted_report_is_the_desks_alone(town: Town) -> None:
    assert seen_by(town, town.submitted()) == DESK


def test_a_field_does_not_see_its_reports_before_they_are_sent(town: Town) -> None:
    report = town.do(town.city.dispatcher, town.submitted(), "screen", category="fire_exit", industry="gongmao")
    assert report.industry_bit == 0
    assert seen_by(town, report) == DESK


def test_once_sent_the_units_people_and_those_of_its_territory_and_field_see_it(town: Town) -> None:
    report = town.do(town.city.dispatcher, town.submitted(), "dispatch", unit=town.unit.pk, industry="gongmao")
    assert seen_by(town, report) == DESK | FIELD | UNIT | OF_THE_BODY


def test_sent_without_a_field_it_is_seen_by_the_desk_and_the_unit(town: Town) -> None:
    report = town.dispatched()
    assert report.industry_bit is None
    assert seen_by(town, report) == DESK | UNIT


def test_an_enterprise_sees_no_report_not_even_one_about_itself(town: Town) -> None:
    facts = {
        "words": "现场查看属实。",
        "on": town.city.day(0),
        "place": "一车间",
        "industry": "gongmao",
        "hazard_category": "site",
    }
    report = town.do(town.regulator, town.dispatched(), "verify", enterprise=town.city.enterprise.pk, **facts)
    assert report.enterprise_id == town.city.enterprise.pk
    assert seen_by(town, report) == DESK | FIELD | UNIT | OF_THE_BODY | {"finance"}


def test_who_returned_it_still_sees_that_it_did(town: Town) -> None:
    report = town.do(town.city.dispatcher, town.submitted(), "dispatch", unit=town.unit.pk, industry="hazchem")
    back = town.do(town.inspector, report, "send_back", reason="不属于本单位职责。")
    assert seen_by(town, back) == DESK | FIELD | UNIT | OF_THE_BODY | {"other_field"}
    again = town.do(town.city.dispatcher, back, "dispatch", unit=town.other_unit.pk, industry="gongmao")
    had = frozenset({"other_field", "of the unit, another field"})
    assert seen_by(town, again, had=had) == DESK | FIELD | OF_THE_BODY | {"of the unit"}


def test_finance_sees_what_was_found_true_in_its_territory(town: Town) -> None:
    assert "finance" in seen_by(town, town.verified())
    assert "finance" not in seen_by(town, town.handled())
    there = town.do(
        town.city.n_dispatcher,
        town.submitted(region=NEIGHBOUR_TOWN),
        "dispatch",
        unit=town.n_unit.pk,
        industry="gongmao",
    )
    facts = {"words": "现场查看属实。", "on": town.city.day(0), "place": "一车间", "hazard_category": "site"}
    there = town.do(town.n_inspector, there, "verify", industry="gongmao", **facts)
    assert seen_by(town, there) == {
        "n_finance", "n_dispatcher", "n_office", "n_regulator", "n_auditor", "n of a unit", "city_office", "city_regulator",
    }  # fmt: skip


def test_those_of_the_service_have_no_business_with_enterprises(town: Town) -> None:
    """The mask their transactions carry is empty, whatever their posts say."""
    city: City = town.city
    hazard = city.found()
    for name in ("dispatcher", "finance"):
        actor = city.actors[name]
        assert actor.covers(hazard.region, hazard.industry_bit)
        with scope.acting(actor):
            assert not type(hazard).objects.exists()
            assert not Enterprise.objects.exists()
            with scope.elevated("a test"):
                assert Enterprise.objects.exists()
            assert not Enterprise.objects.exists()
            assert set(Organisation.objects.filter(region=COUNTY)) == {town.unit, town.other_unit}


def test_administrators_read_no_entry_of_a_report(town: Town) -> None:
    """An entry that lay in a region and in no field would be theirs."""
    town.submitted()
    town.dispatched()
    town.verified()
    with scope.acting(SYSTEM):
        assert Entry.objects.filter(subject_type="report").exists()
    for name in ("system_admin", "security_admin", "audit_admin"):
        with scope.acting(town.city.actors[name]):
            assert not Entry.objects.filter(subject_type="report").exists()


def test_words_find_reports_in_sight_alone_and_by_index(town: Town) -> None:
    """In number, text and address; full width as half width; what another county holds is not told of, not even by its count."""
    city = town.city
    here = town.send(words="巷口燃气味很重，报警器在响。", address="解放路１２号").pk
    town.send(words="巷口燃气味很重", region=NEIGHBOUR_TOWN)
    with scope.acting(city.dispatcher):
        for words in ("燃气味", "燃气 报警器", "解放路12号", "味", "SP-141002"):
            assert search.find(words) == [here], words
        assert search.find("没有这样的词") == []
        assert search.find("") == []
    with scope.acting(city.inspector):
        assert search.find("燃气味") == []
    with scope.acting(city.n_dispatcher):
        assert here not in search.find("燃气味")
    with scope.acting(city.city_office):
        assert len(search.find("燃气味")) == 2
    with scope.acting(town.reporter):
        assert len(search.find("燃气味")) == 2
