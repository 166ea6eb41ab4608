"""What must lie before: orders before rechecks, records before measures, notices and days before decisions, officers with certificates."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.enforcement import rulings
from anlan.enforcement.models import Case, Instrument
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.calendar import working_days
from anlan.kernel.errors import Invalid, NotNow
from tests.enforcement.conftest import Bench

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def stopped(bench: Bench, record: Instrument, step: str = "review") -> str:
    actor = {"review": bench.regulator, "approve": bench.leader, "number": bench.office}[step]
    with pytest.raises(NotNow) as told:
        bench.do(actor, record, step)
    return told.value.code


def test_a_recheck_opinion_needs_its_served_order(bench: Bench) -> None:
    assert stopped(bench, bench.draft(kind="recheck_opinion")) == "check.Preceded"
    order = bench.numbered(kind="rectification_order")
    assert stopped(bench, bench.draft(kind="recheck_opinion", after=order.pk)) == "check.Preceded"
    served = bench.do(bench.inspector, order, "serve", **bench.handing())
    record = bench.draft(kind="recheck_opinion", after=served.pk)
    assert bench.do(bench.regulator, record, "review").state == "reviewed"


def test_an_earlier_one_of_somebody_else_opens_nothing(bench: Bench) -> None:
    order = bench.served(kind="rectification_order")
    with pytest.raises(Invalid) as told:
        bench.draft(bench.city_regulator, kind="recheck_opinion", after=order.pk, enterprise=bench.city.n_enterprise.pk)
    assert set(told.value.fields) == {"after"}


@pytest.mark.parametrize(
    "officers",
    [
        [],
        [{"name": "inspector 某", "certificate": "晋E01"}],
        [{"name": "inspector 某", "certificate": "晋E01"}, {"name": "inspector2 某"}],
        [{"name": "inspector 某", "certificate": "晋E01"}, {"name": "冒名者", "certificate": "晋E02"}],
        [{"name": "inspector 某", "certificate": "晋E01"}, {"name": "inspector 某", "certificate": "晋E01"}],
    ],
)
def test_an_order_names_two_officers_with_their_own_certificates(bench: Bench, officers: list[dict[str, str]]) -> None:
    fields = bench.fields("rectification_order", officers=officers)
    assert stopped(bench, bench.draft(kind="rectification_order", fields=fields)) in (
        "check.Certified",
        "check.Complete",
    )


def test_a_penalty_belongs_to_a_case_of_the_same_enterprise(bench: Bench) -> None:
    with pytest.raises(Invalid) as told:
        bench.draft(kind="penalty_notice")
    assert set(told.value.fields) == {"case"}
    other = bench.case(bench.city_regulator, enterprise=bench.city.n_enterprise.pk)
    with pytest.raises(Invalid) as told:
        bench.draft(bench.city_regulator, kind="penalty_notice", case=other.pk)
    assert set(told.value.fields) == {"case"}
    with pytest.raises(Invalid):
        bench.case(handlers=bench.officers[:1])
    with pytest.raises(Invalid) as told:
        bench.case(handlers=[*bench.officers[:1], {"name": "冒名者", "certificate": "晋E09"}])
    assert set(told.value.fields) == {"handlers"}


def notified(bench: Bench, **fields: Any) -> tuple[Case, Instrument]:
    case = bench.case()
    return case, bench.served(kind="penalty_notice", case=case.pk, fields=bench.fields("penalty_notice", **fields))


def fresh(case: Case) -> Case:
    with scope.acting(SYSTEM):
        return Case.objects.get(pk=case.pk)


def decided(bench: Bench, case: Case, **fields: Any) -> Instrument:
    record = bench.draft(kind="penalty_decision", case=case.pk, fields=bench.fields("penalty_decision", **fields))
    return bench.do(bench.regulator, record, "review")


def test_a_decision_waits_until_its_days_have_passed(bench: Bench) -> None:
    case = bench.case()
    assert stopped(bench, bench.draft(kind="penalty_decision", case=case.pk)) == "check.Preceded"
    notice = bench.served(kind="penalty_notice", case=case.pk)
    assert fresh(case).state == "notified"
    record = decided(bench, case)
    assert stopped(bench, record, "approve") == "check.DaysPassed"
    assert notice.served_on is not None
    until = working_days().add(clock.end_of(notice.served_on), 5)
    with clock.at(until - timedelta(seconds=1)):
        assert stopped(bench, record, "approve") == "check.DaysPassed"
    with clock.at(until + timedelta(seconds=1)):
        assert bench.do(bench.leader, record, "approve").state == "approved"


def test_a_waiver_ends_the_days_and_a_wish_for_a_hearing_holds_them_until_it_was_held(bench: Bench) -> None:
    case, notice = notified(bench)
    record = decided(bench, case)
    bench.do(bench.principal, notice, "answer", words="要求听证。", hearing=True)
    assert fresh(case).hearing_asked_on == clock.today()
    with clock.at(clock.now() + timedelta(days=40)):
        assert stopped(bench, record, "approve") == "check.DaysPassed"
        today = clock.today()
        too_soon = {"noticed_on": today - timedelta(days=3), "held_on": today, "opinion": "听证意见：事实清楚。"}
        with pytest.raises(Invalid):
            bench.case_step(bench.inspector, case, "hear", **too_soon)
        bench.case_step(bench.inspector, case, "hear", **(too_soon | {"noticed_on": today - timedelta(days=20)}))
        assert bench.do(bench.leader, record, "approve").state == "approved"

    case, notice = notified(bench)
    record = decided(bench, case)
    bench.do(bench.principal, notice, "answer", words="放弃陈述申辩和听证。", waives=True)
    assert bench.do(bench.leader, record, "approve").state == "approved"
    with pytest.raises(Invalid):
        bench.do(bench.principal, notice, "answer", words="又放弃又要求。", waives=True, hearing=True)


def test_the_reviewer_of_a_penalty_does_not_approve_it(bench: Bench) -> None:
    record = bench.draft(kind="penalty_notice", case=bench.case().pk)
    bench.do(bench.regulator, record, "review")
    with pytest.raises(NotNow) as told:
        bench.do(bench.regulator, record, "approve")
    assert told.value.code == "check.NotReviewer"
    assert bench.do(bench.regulator2, record, "approve").state == "approved"


def test_a_case_from_filing_to_its_close(bench: Bench) -> None:
    case, notice = notified(bench, fine=2_000_000)
    assert case.decide_by == clock.today() + timedelta(days=90)
    bench.do(bench.principal, notice, "answer", words="放弃。", waives=True)
    record = bench.do(bench.leader, decided(bench, case, fine=2_000_000), "approve")
    with pytest.raises(NotNow) as told:  # its decision is still on its way
        bench.case_step(bench.leader, case, "drop", reason="证据不足。")
    assert told.value.code == "check.NothingUnderWay"
    record = bench.do(bench.office, record, "number")
    bench.do(bench.inspector, record, "serve", **bench.handing())
    now = fresh(case)
    assert (now.state, now.fine_fen) == ("decided", 2_000_000)
    assert now.pay_by == clock.today() + timedelta(days=15)
    assert now.pay_by is not None
    late = now.pay_by + timedelta(days=3)
    paid = {"paid_fen": 2_000_000, "paid_on": late, "receipt": "晋财票 000123"}
    with clock.at(clock.end_of(late)):
        with pytest.raises(Invalid) as wrong:  # three days at 3 % are owed too
            bench.case_step(bench.inspector, case, "perform", **paid)
        assert "21800.00" in str(wrong.value.fields["paid_fen"][0])
        now = bench.case_step(bench.inspector, case, "perform", **(paid | {"paid_fen": 2_180_000}))
        assert (now.state, now.surcharge_fen) == ("performed", 180_000)
        as_leader = bench.leader
        assert bench.case_step(as_leader, case, "close", reason="罚款缴清，结案。").state == "closed"
    with pytest.raises(Invalid):
        bench.draft(kind="penalty_notice", case=case.pk)


def test_the_surcharge_is_a_share_a_day_and_never_more_than_the_fine(bench: Bench) -> None:
    day = clock.today()
    owed = [rulings.surcharge_fen(100_000, day, day + timedelta(days=days), 0) for days in (-2, 0, 1, 10, 33, 34, 400)]
    assert owed == [0, 0, 3_000, 30_000, 99_000, 100_000, 100_000]


def test_whoever_opened_a_case_does_not_drop_it(bench: Bench) -> None:
    case = bench.case(bench.regulator)
    with pytest.raises(NotNow) as told:
        bench.case_step(bench.regulator, case, "drop", reason="证据不足。")
    assert told.value.code == "check.NotOpener"
    assert bench.case_step(bench.regulator2, case, "drop", reason="证据不足。").state == "dropped"


def test_a_high_fine_needs_the_notice_that_tells_of_a_hearing(bench: Bench) -> None:
    case = bench.case()
    high = bench.fields("penalty_notice", fine=10_000_000)
    assert stopped(bench, bench.draft(kind="penalty_notice", case=case.pk, fields=high)) == "check.HearingTold"
    below = bench.draft(kind="penalty_notice", case=case.pk, fields=bench.fields("penalty_notice", fine=9_999_999))
    assert bench.do(bench.regulator, below, "review").state == "reviewed"
    hearing = bench.draft(kind="hearing_notice", case=case.pk, fields=bench.fields("hearing_notice", fine=10_000_000))
    assert bench.do(bench.regulator, hearing, "review").state == "reviewed"
