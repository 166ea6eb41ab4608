"""Time limits of reports: working days by category, the ladder once each, and forgetting who reported."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from anlan.identity.events import CitizenLeaves, CitizensMerged
from anlan.kernel import calendar, clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import NotNow
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import CalendarDay, CalendarYear
from anlan.notify.models import Message
from anlan.reports.actions import join
from anlan.reports.keeping import forget
from anlan.reports.models import Report, Seal
from tests.reports.conftest import Town

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
START = datetime(2026, 9, 14, 2, 0, tzinfo=UTC)  # a Monday morning


def told(report: Report, kind: str) -> list[object]:
    with scope.acting(SYSTEM):
        rows = Message.objects.filter(subject_id=report.pk, kind=kind).order_by("at")
        return list(rows.values_list("person_id", flat=True))


def test_the_limit_is_the_categorys_in_working_days(town: Town) -> None:
    with clock.at(START):
        report = town.dispatched(category="machinery")
        assert clock.day_of(report.due_at) == date(2026, 9, 21)  # five working days
        quick = town.dispatched(category="gas")
        assert clock.day_of(quick.due_at) == date(2026, 9, 15)


def test_the_ladder_tells_the_unit_then_the_offices_each_once(town: Town) -> None:
    with clock.at(START):
        report = town.dispatched(category="machinery")
    unit = {town.inspector.person, town.regulator.person}
    for days in range(17):
        with clock.at(START + timedelta(days=days, hours=9)):
            tick()
            tick()
    assert town.fresh(report).late
    with scope.acting(SYSTEM):
        steps = [act.step for act in acts(report.pk) if act.role == "system"]
    assert steps == ["remind", "fall_due", "escalate", "escalate"]
    assert set(told(report, "report.remind")) == unit
    late = told(report, "report.late")
    assert set(late[:2]) == unit
    assert late[2:] == [town.city.office.person, town.city.city_office.person]


def test_a_calendar_that_ends_does_not_refuse_a_report(town: Town) -> None:
    with scope.acting(SYSTEM):
        CalendarDay.objects.all().delete()
        CalendarYear.objects.filter(year__gte=2026).delete()
    calendar.forget()
    assert town.send().due_at is None


def test_contested_in_time_and_once(town: Town) -> None:
    with clock.at(START):
        report = town.answered()
    with clock.at(START + timedelta(days=60)), pytest.raises(NotNow):
        town.do(town.reporter, report, "contest", words="现场还是老样子。")
    with clock.at(START + timedelta(days=3)):
        town.do(town.reporter, report, "contest", words="现场还是老样子。")


def test_whoever_looked_does_not_review(town: Town) -> None:
    report = town.handled()
    with scope.acting(SYSTEM):
        assert report.checker_id == town.inspector.person
    same_person = replace(town.city.office, person=town.inspector.person)
    with pytest.raises(NotNow):
        town.do(same_person, report, "review", answer="自己核查自己审核。")


def test_sent_back_too_often_the_office_decides(town: Town) -> None:
    report = town.dispatched()
    for _time in range(3):
        report = town.do(town.inspector, report, "send_back", reason="不属于本单位职责。")
        report = town.do(town.city.dispatcher, report, "dispatch", unit=town.unit.pk)
    with pytest.raises(NotNow):
        town.do(town.inspector, report, "send_back", reason="不属于本单位职责。")


def test_names_and_phones_are_forgotten_on_schedule(town: Town) -> None:
    with clock.at(START):
        report, kept = town.answered(joint=["钱联名"]), town.answered()
        with scope.acting(SYSTEM):
            digests = set(Seal.objects.filter(report_id=report.pk).values_list("digest", flat=True))
    with clock.at(START + timedelta(days=170)):
        assert forget() == 0
    with clock.at(START + timedelta(days=100)):
        town.do(town.reporter, kept, "rate", satisfied=True)
    with clock.at(START + timedelta(days=181)):
        assert forget() == 2
        assert forget() == 0
    with scope.acting(SYSTEM):
        seals = list(Seal.objects.filter(report_id=report.pk))
        found = Report.objects.get(pk=report.pk)
        assert acts(report.pk)[-1].step == "anonymise"
    assert {(one.name, one.phone, one.employee_of) for one in seals} == {("", "", None)}
    assert {one.digest for one in seals} == digests
    assert found.anonymised_at is not None
    with scope.acting(town.reporter):
        assert Report.objects.filter(pk=report.pk).exists()  # their own account still follows it


def test_what_knows_a_nameless_sender_again_lasts_two_days(town: Town) -> None:
    report = town.send(town.guest, anonymous=True)
    with scope.acting(SYSTEM):
        assert Seal.objects.get(report_id=report.pk).retry
    with clock.at(clock.now() + timedelta(days=3)):
        forget()
    with scope.acting(SYSTEM):
        assert not Seal.objects.get(report_id=report.pk).retry


def test_accounts_that_become_one_follow_what_either_reported(town: Town) -> None:
    mine, theirs = town.send(town.reporter), town.send(town.guest)
    with scope.acting(town.guest):
        join(actor=town.guest, report=mine.pk)
    assert town.guest.person is not None
    assert town.reporter.person is not None
    CitizensMerged(kept=town.reporter.person, gone=town.guest.person).emit()
    with scope.acting(town.reporter):
        assert set(Report.objects.values_list("pk", flat=True)) == {mine.pk, theirs.pk}
    with scope.acting(town.guest):
        assert not Report.objects.exists()


def test_an_account_that_ends_leaves_its_reports_without_anybody(town: Town) -> None:
    report = town.send()
    assert town.reporter.person is not None
    CitizenLeaves(person=town.reporter.person, idle=False).emit()
    with scope.acting(SYSTEM):
        seal = Seal.objects.get(report_id=report.pk)
    assert (seal.person_id, seal.name, seal.phone) == (None, "", "")
    assert town.fresh(report).state == "submitted"
