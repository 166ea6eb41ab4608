"""A report from end to end, by every road."""

import pytest

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.flow.clockwork import tick
from anlan.reports.actions import handle
from anlan.reports.models import Seal, Sending
from tests.reports.conftest import NAME, PHONE, Town

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_from_the_citizen_to_the_answer(town: Town) -> None:
    photo = town.photo(town.reporter)
    report = town.send(photos=[photo])
    assert report.state == "submitted"
    assert report.number.startswith("SP-141002-")
    assert not report.public
    report = town.do(town.city.dispatcher, report, "screen", category="fire_exit", public_words="安全出口上锁")
    assert report.public
    report = town.do(town.city.dispatcher, report, "dispatch", unit=town.unit.pk)
    assert report.due_at is not None
    report = town.verified()
    assert report.outcome == "verified"
    settled = handle(report=report.pk, words="已清理并开锁。")
    assert settled is not None
    assert settled.state == "handled"
    town.do(town.city.office, settled, "review", answer="已整改，感谢您的监督。")
    tick()
    report = town.fresh(report)
    assert report.state == "answered"
    assert report.answered_at is not None
    report = town.do(town.reporter, report, "rate", satisfied=True)
    assert report.satisfied is True


def test_the_seal_keeps_who_reported(town: Town) -> None:
    report = town.send()
    with scope.acting(SYSTEM):
        seal = Seal.objects.get(report_id=report.pk)
    assert (seal.person_id, seal.name, seal.phone, seal.claim) == (town.reporter.person, NAME, PHONE, "")


def test_returned_and_sent_elsewhere_keeps_the_trail(town: Town) -> None:
    report = town.returned()
    report = town.do(
        town.city.dispatcher, report, "dispatch", unit=town.other_unit.pk, way="suggested", confidence="0.812"
    )
    with scope.acting(SYSTEM):
        legs = list(Sending.objects.filter(report=report.pk).order_by("at").values_list("way", "unit__name", "reason"))
    assert legs == [
        ("hand", "消防救援大队", ""),
        ("returned", "消防救援大队", "不属于本单位职责。"),
        ("suggested", "住房和城乡建设局", ""),
    ]
    assert report.returns == 1


def test_what_no_unit_looked_at_goes_back_to_the_desk(town: Town) -> None:
    declined = town.do(town.city.dispatcher, town.send(), "decline", reason="不属于安全生产问题。")
    again = town.do(town.city.office, declined, "send_again", reason="涉及安全生产，应当受理。")
    assert (again.state, again.outcome, again.reason) == ("screened", "", "")
    looked = town.do(town.city.office, town.handled(), "send_again", reason="证据不足，请再核实。")
    assert (looked.state, looked.reopened) == ("dispatched", 1)
    with scope.acting(town.city.office):
        last = looked.sendings.order_by("at").last()
    assert last is not None
    assert (last.way, last.reason, last.unit_id) == ("again", "证据不足，请再核实。", looked.unit_id)


def test_contested_once_it_goes_round_again(town: Town) -> None:
    report = town.answered()
    report = town.do(town.reporter, report, "contest", words="现在还是锁着的，请再看看。")
    assert (report.state, report.contested, report.reopened, report.outcome) == ("screened", 1, 1, "")
