"""What somebody on the inside would try: their own unit's draft, a superior's order, a waiver nobody gave, a fine nobody announced."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from anlan.enforcement import actions
from anlan.enforcement.forms import KindForm
from anlan.enforcement.kinds import kind
from anlan.enforcement.models import Case, Instrument, Text
from anlan.enforcement.pages.record import sheet
from anlan.enforcement.queries.detail import instrument as read
from anlan.identity.models import Organisation
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound, NotNow
from anlan.kernel.ids import new_id
from tests.enforcement.conftest import Bench
from tests.factories import CITY

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def refused(bench: Bench, actor: Actor, record: Instrument, step: str, **data: Any) -> str:
    with pytest.raises(NotNow) as told:
        bench.do(actor, record, step, **data)
    return told.value.code


def member(bench: Bench) -> Actor:
    """A regulator of the county whose own department is written to."""
    return replace(bench.regulator2, organisation=bench.unit.pk)


def criticism(bench: Bench) -> Instrument:
    return bench.draft(kind="criticism", unit=bench.unit.pk, fields=bench.fields("criticism"))


def test_a_unit_neither_sees_nor_decides_what_is_being_written_to_it(bench: Bench) -> None:
    record = criticism(bench)
    for step, data in (("review", {}), ("discard", {"reason": "不必了。"}), ("amend", {"fields": {}})):
        with pytest.raises(NotFound):
            bench.do(member(bench), record, step, **data)
    with scope.acting(member(bench)):
        assert not Text.objects.filter(instrument=record).exists()
    record = bench.do(bench.regulator, record, "review")
    record = bench.do(bench.office, bench.do(bench.leader, record, "approve"), "number")
    with pytest.raises(NotFound):
        bench.do(member(bench), record, "serve", **bench.handing())
    record = bench.do(bench.inspector, record, "serve", **bench.handing())
    with scope.acting(member(bench)):
        assert read(record.pk).number == record.number
    record = bench.do(member(bench), record, "answer", words="已整改。")
    with pytest.raises(Forbidden):
        bench.do(member(bench), record, "put_to_file")


def of_the_city(bench: Bench) -> Instrument:
    with scope.acting(SYSTEM):
        body = Organisation.objects.create(id=new_id(), name="市安委办", kind="committee", region=CITY)
    with scope.acting(bench.city_office):
        actions.set_organ(actor=bench.city_office, organisation=body.pk, data={"name": "市安委办", "word": "临安办"})
    other = replace(bench.city_regulator, person=bench.city.actors["group_leader"].person)
    record = bench.do(bench.city_office, bench.draft(bench.city_regulator), "review")
    record = bench.do(bench.city_office, bench.do(other, record, "approve"), "number", sealed=False)
    return bench.do(bench.city_regulator, record, "serve", **bench.handing())


def test_a_county_withdraws_nothing_of_the_city(bench: Bench) -> None:
    above = of_the_city(bench)
    with scope.acting(bench.inspector):
        assert read(above.pk).state == "served"
    with pytest.raises(Invalid) as told:
        bench.draft(withdraws=above.pk)
    assert set(told.value.fields) == {"withdraws"}
    assert bench.draft(bench.city_regulator, withdraws=above.pk).withdraws_id == above.pk


def test_two_that_withdraw_the_same_one_can_both_be_served(bench: Bench) -> None:
    old = bench.served()
    first, second = bench.numbered(withdraws=old.pk), bench.numbered(withdraws=old.pk)
    bench.do(bench.inspector, first, "serve", **bench.handing())
    assert bench.do(bench.inspector, second, "serve", **bench.handing()).state == "served"
    assert bench.fresh(old).state == "withdrawn"


def test_nobody_waives_for_the_addressee_without_its_paper(bench: Bench) -> None:
    case = bench.case()
    notice = bench.served(kind="penalty_notice", case=case.pk)
    with pytest.raises(Invalid) as told:
        bench.do(bench.inspector, notice, "answer", words="当事人放弃陈述申辩。", waives=True)
    assert set(told.value.fields) == {"files"}
    paper = bench.photo(bench.inspector)
    assert (
        bench.do(bench.inspector, notice, "answer", words="放弃声明见附件。", waives=True, files=[paper]).state
        == "answered"
    )


def test_a_notice_is_not_filed_away_while_its_days_run(bench: Bench) -> None:
    case = bench.case()
    notice = bench.served(kind="penalty_notice", case=case.pk)
    notice = bench.do(bench.inspector, notice, "answer", words="当事人电话表示收悉。")
    assert refused(bench, bench.inspector, notice, "put_to_file") == "check.AnswerNotOwed"
    notice = bench.do(bench.principal, notice, "answer", words="要求举行听证。", hearing=True)
    assert notice.answer_due is not None
    with clock.at(clock.end_of(notice.answer_due) + timedelta(hours=1)):
        assert bench.do(bench.inspector, notice, "put_to_file").state == "filed"


def decided(bench: Bench, case: Case, **over: Any) -> Instrument:
    fields = bench.fields("penalty_decision", **{"fine": 2_000_000, **over.pop("fields", {})})
    return bench.draft(kind="penalty_decision", case=case.pk, fields=fields, **over)


def announced(bench: Bench, **over: Any) -> tuple[Case, Instrument]:
    case = bench.case()
    fields = bench.fields("penalty_notice", **{"fine": 2_000_000, **over})
    notice = bench.served(kind="penalty_notice", case=case.pk, fields=fields)
    return case, bench.do(bench.principal, notice, "answer", words="放弃陈述申辩。", waives=True)


def test_a_decision_rests_on_the_notice_of_its_own_case(bench: Bench) -> None:
    _first, notice = announced(bench)
    other = bench.case(matter="另一起违法行为")
    record = decided(bench, other, after=notice.pk)
    assert refused(bench, bench.regulator, record, "review") == "check.Preceded"


@pytest.mark.parametrize(("told", "fine"), [(1_000_000, 1_000_001), (None, 2_000_000)])
def test_no_fine_is_higher_than_the_one_announced(bench: Bench, told: int | None, fine: int) -> None:
    case, _notice = announced(bench, fine=told)
    record = decided(bench, case, fields={"fine": fine})
    assert refused(bench, bench.regulator, record, "review") == "check.NotHeavier"
    if told:
        lower = decided(bench, case, fields={"fine": told})
        assert bench.do(bench.regulator, lower, "review").state == "reviewed"


def test_one_case_ends_in_one_decision(bench: Bench) -> None:
    case, _notice = announced(bench)
    first, second = decided(bench, case), decided(bench, case)
    for step, actor in (("review", bench.regulator), ("approve", bench.leader), ("number", bench.office)):
        first = bench.do(actor, first, step)
    assert refused(bench, bench.regulator, second, "review") == "check.OneDecision"
    first = bench.do(bench.inspector, first, "serve", **bench.handing())
    assert refused(bench, bench.regulator, second, "review") == "check.OneDecision"
    correcting = decided(bench, case, withdraws=first.pk)
    assert bench.do(bench.regulator, correcting, "review").state == "reviewed"


def test_reviewer_and_approver_are_two_people_in_whatever_post(bench: Bench) -> None:
    record = bench.reviewed()
    assert refused(bench, bench.regulator, record, "approve") == "check.NotReviewer"
    as_leader = replace(bench.leader, person=bench.regulator.person)
    assert refused(bench, as_leader, record, "approve") == "check.NotReviewer"
    assert bench.do(bench.leader, record, "approve").state == "approved"


def test_an_organ_renamed_later_changes_no_page_that_was_issued(bench: Bench) -> None:
    record = bench.served()
    with scope.acting(bench.office):
        facts = {"name": "翠岭县新名办", "word": "翠新", "court": "另一法院"}
        actions.set_organ(actor=bench.office, organisation=bench.organ.organisation_id, data=facts)
        shown = sheet(read(record.pk))
        assert (shown["organ"], shown["signature"]) == ("翠岭县安委办", "翠岭县安委办")
    draft = bench.draft()
    with scope.acting(bench.office):
        assert sheet(read(draft.pk))["organ"] == "翠岭县新名办"


@pytest.mark.parametrize("typed", ["1e999999", "-5", "NaN", "Infinity", "1.005", "壹万", "😀", "1_000", "9" * 400])
def test_what_is_no_amount_is_said_at_its_field(bench: Bench, typed: str) -> None:
    form = KindForm(kind("penalty_notice"), {"fine": typed})
    with pytest.raises(Invalid) as told:
        bench.draft(kind="penalty_notice", case=bench.case().pk, fields=form.typed())
    assert set(told.value.fields) == {"fine"}


@pytest.mark.parametrize("typed", ["１２，０００．５０", "12,000.5", " 12000.50 "])
def test_full_width_digits_are_an_amount(typed: str) -> None:
    assert KindForm(kind("penalty_notice"), {"fine": typed}).typed() == {"fine": 1_200_050}
