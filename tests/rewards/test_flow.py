"""The reward's life: who proposes, approves, claims and pays, and who may not."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from anlan.channels.models import Outgoing
from anlan.hazards.actions import take_step as take_hazard_step
from anlan.identity.models import Person
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotNow, Problem, WrongState
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import CitySetting, Entry
from anlan.notify.models import Message
from anlan.rewards import actions, vouchers
from anlan.rewards.models import BillEvent, Reward
from tests.factories import COUNTY
from tests.rewards.conftest import BUDGET, Purse, no_caps

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_the_answer_to_a_verified_report_proposes_its_reward(purse: Purse) -> None:
    report = purse.verified()
    with scope.acting(SYSTEM):
        assert not Reward.objects.exists()
    tick()
    reward = purse.of(report)
    assert (reward.state, reward.amount_fen, reward.proposer_id) == ("proposed", 30_000, None)
    assert reward.barred_ids == [str(purse.town.inspector.person)]
    assert reward.number.startswith("JL-")
    with scope.acting(SYSTEM):
        told = Message.objects.filter(subject_id=reward.pk, kind="reward.waits").values_list("person_id", flat=True)
        assert set(told) == {purse.finance.person, purse.finance2.person}


def test_an_unfounded_report_earns_nothing(purse: Purse) -> None:
    report = purse.town.answered()
    with scope.acting(SYSTEM):
        assert not Reward.objects.exists()
    with scope.acting(purse.office), pytest.raises(Invalid):
        actions.propose(actor=purse.office, data={"report": report.pk})


def test_where_the_city_does_not_propose_by_itself_the_office_does_once(purse: Purse) -> None:
    with scope.acting(SYSTEM):
        CitySetting.objects.create(region=COUNTY, key="rewards.automatic", value=0, changed_at=clock.now())
    citysettings.forget()
    report = purse.answered()
    with scope.acting(purse.finance), pytest.raises(Forbidden):
        actions.propose(actor=purse.finance, data={"report": report.pk})
    with scope.acting(purse.dispatcher):
        made = actions.propose(actor=purse.dispatcher, data={"report": report.pk})
    assert (made.state, made.proposer_id) == ("proposed", purse.dispatcher.person)
    with scope.acting(purse.office), pytest.raises(Conflict):
        actions.propose(actor=purse.office, data={"report": report.pk})


def test_approved_it_can_be_claimed_within_sixty_days_and_the_reporter_is_told(purse: Purse) -> None:
    reward = purse.claimable()
    assert (reward.state, reward.claim_by) == ("claimable", clock.today() + timedelta(days=60))
    assert reward.approver_id == purse.finance.person
    with scope.acting(SYSTEM):
        sent = Outgoing.objects.filter(template="reward.claimable")
        assert [one.facts["yuan"] for one in sent] in ([], ["300.00"])  # none where no gateway is set up
    steps = [act.step for act in _acts(reward)]
    assert steps == ["propose", "approve", "offer"]


def _acts(reward: Reward) -> list[Any]:
    with scope.acting(SYSTEM):
        return acts(reward.pk)


def test_who_verified_and_who_proposed_do_not_approve(purse: Purse) -> None:
    reward = purse.proposed()
    purse.do(purse.office, reward, "recompute", reason="复核金额")
    assert purse.fresh(reward).proposer_id == purse.office.person
    with scope.acting(SYSTEM):
        verifier = Person.objects.get(pk=purse.town.inspector.person)
    as_finance = _also_finance(purse, verifier)
    with pytest.raises(NotNow) as told:
        purse.do(as_finance, reward, "approve")
    assert told.value.code == "check.NotVerifier"
    office_as_finance = _also_finance(purse, Person(pk=purse.office.person, name=purse.office.name))
    with pytest.raises(NotNow) as told:
        purse.do(office_as_finance, reward, "approve")
    assert told.value.code == "check.NotProposer"
    assert purse.do(purse.finance, reward, "approve").state == "claimable"


def _also_finance(purse: Purse, person: Person) -> Actor:
    from dataclasses import replace

    return replace(purse.finance, person=person.pk, name=person.name)


def test_no_budget_no_approval_and_never_beyond_it(purse: Purse) -> None:
    with scope.acting(purse.office):
        actions.set_budget(actor=purse.office, region=COUNTY, data={"year": clock.today().year, "fen": 50_000})
    first, second = purse.proposed(), purse.proposed(actor=purse.town.second)
    purse.do(purse.finance, first, "approve")
    with pytest.raises(NotNow) as told:
        purse.do(purse.finance, second, "approve")
    assert told.value.code == "reward.budget"
    assert "200.00" in told.value.detail
    with scope.acting(purse.office), pytest.raises(Invalid):
        actions.set_budget(actor=purse.office, region=COUNTY, data={"year": clock.today().year, "fen": 29_999})
    with scope.acting(purse.finance), pytest.raises(Forbidden):
        actions.set_budget(actor=purse.finance, region=COUNTY, data={"year": clock.today().year, "fen": BUDGET})
    with scope.acting(purse.office):
        actions.set_budget(actor=purse.office, region=COUNTY, data={"year": clock.today().year, "fen": 60_000})
    assert purse.do(purse.finance, second, "approve").state == "claimable"


def test_the_cap_a_person_a_month_cuts_the_fourth_and_ends_the_fifth(purse: Purse) -> None:
    rewards = [purse.proposed(words=f"第{n}处安全出口上锁，无法通行。") for n in range(5)]
    assert [one.amount_fen for one in rewards] == [30_000, 30_000, 30_000, 10_000, 0]
    assert [one.state for one in rewards] == ["proposed"] * 4 + ["excluded"]
    other = purse.proposed(actor=purse.town.second)
    assert other.amount_fen == 30_000
    told = [line["code"] for line in rewards[3].computation if line["effect"] == "cuts"]
    assert told == ["cap_month"]
    assert all("韩小满" not in str(one.computation) and str(purse.town.reporter.person) not in str(one.computation) for one in rewards)  # fmt: skip


def test_somebody_on_duty_who_reports_with_the_phone_of_the_office_earns_nothing(purse: Purse) -> None:
    with scope.acting(SYSTEM):
        Person.objects.filter(pk=purse.town.city.regulator.person).update(phone="13835710001")
    reward = purse.proposed()
    assert reward.state == "excluded"
    assert [line["code"] for line in reward.computation if line["effect"] == "stops"] == ["duty"]


def test_what_was_known_or_reported_before_earns_nothing(purse: Purse) -> None:
    first = purse.proposed(place="幸福小区9号楼")
    again = purse.proposed(actor=purse.town.second, place="幸福小区9号楼")
    assert (first.state, again.state) == ("proposed", "excluded")
    assert [line["code"] for line in again.computation if line["effect"] == "stops"] == ["known"]
    early = purse.town.dispatched(actor=purse.town.guest, anonymous=True)
    late = purse.town.dispatched(actor=purse.town.second)
    facts = {"words": "现场查看，确实上锁。", "on": clock.today(), "place": "幸福小区10号楼", "industry": "gongmao",
             "hazard_category": "fire_escape"}  # fmt: skip
    for report in (late, early):  # looked at in another order than they came in
        purse.town.do(purse.town.inspector, report, "verify", **facts)
        purse.settle(report)
    tick()
    assert purse.of(early).state == "proposed"
    second = purse.of(late)
    assert second.state == "excluded"
    assert [line["code"] for line in second.computation if line["effect"] == "stops"] == ["first"]


def test_the_grade_of_the_hazard_chooses_the_rule(purse: Purse) -> None:
    report = purse.verified()
    with scope.acting(purse.regulator):
        take_hazard_step(
            actor=purse.regulator, hazard=purse.town.fresh(report).hazard_id, step="grade",
            data={"grade": "major", "clause": purse.clause.pk},
        )  # fmt: skip
    tick()
    reward = purse.of(report)
    assert (reward.amount_fen, reward.computation[0]["code"]) == (300_000, "share_no_fine")
    fined = purse.do(
        purse.office, reward, "recompute", fine_fen=10_000_000, fine_document="晋应急罚〔2026〕8号", reason="已处罚"
    )
    assert fined.amount_fen == 1_500_000


def test_what_is_stated_excludes_and_can_be_taken_back(purse: Purse) -> None:
    reward = purse.excluded()
    assert (reward.state, reward.amount_fen) == ("excluded", 0)
    with pytest.raises(WrongState):
        purse.do(purse.finance, reward, "approve")
    again = purse.do(purse.office, reward, "recompute", reason="核查后并非恶意。")
    assert (again.state, again.amount_fen) == ("proposed", 30_000)


def test_only_the_reporter_claims(purse: Purse) -> None:
    reward = purse.claimable()
    for other in (purse.town.second, purse.town.guest, purse.finance, purse.office):
        with scope.acting(other), pytest.raises(NotFound):
            actions.claim(actor=other, reward=reward.pk, data={"way": "voucher"})
    claimed = purse.claim(reward, way="voucher")
    assert (claimed.state, claimed.way) == ("paying", "voucher")
    assert purse.claim(reward, way="voucher").pk == reward.pk
    assert len(purse.bills(reward)) == 1


def test_an_anonymous_reporter_claims_by_the_code_and_only_by_it(purse: Purse) -> None:
    from anlan.reports import claims

    report = purse.answered(actor=purse.town.guest, anonymous=True)
    reward = purse.do(purse.finance, purse.of(report), "approve")
    wrong = claims.code_of(reward.pk)
    with pytest.raises(NotFound):
        actions.claim_by_code(code=wrong, reward=reward.pk, data={"way": "voucher"})
    other = purse.claimable()
    code = claims.code_of(report.pk)
    with pytest.raises(NotFound):
        actions.claim_by_code(code=code, reward=other.pk, data={"way": "voucher"})
    assert actions.claim_by_code(code=code, reward=reward.pk, data={"way": "voucher"}).state == "paying"
    assert len(purse.bills(reward)) == 1


def test_nothing_written_down_of_a_claim_names_the_reporter(purse: Purse) -> None:
    reward = purse.paying(way="wechat")
    person = str(purse.town.reporter.person)
    with scope.acting(SYSTEM):
        entries = list(Entry.objects.filter(subject_id=reward.pk))
    for entry in entries:
        body = bytes(entry.body).decode()
        assert person not in body
        assert "o-reporter-1" not in body
        assert str(reward.seal_id) not in body
        assert str(entry.person_id) != person


def test_who_does_not_claim_in_time_is_reminded_and_loses_it(purse: Purse) -> None:
    reward = purse.lapsed()
    assert reward.state == "lapsed"
    steps = [act.step for act in _acts(reward)]
    assert steps == ["propose", "approve", "offer", "remind", "remind", "lapse"]
    with scope.acting(purse.town.reporter), pytest.raises(WrongState):
        actions.claim(actor=purse.town.reporter, reward=reward.pk, data={"way": "voucher"})


def test_a_voucher_is_paid_by_one_and_confirmed_by_another(purse: Purse) -> None:
    reward = purse.paying(way="voucher")
    with pytest.raises(Invalid):
        purse.do(purse.finance, reward, "pay_out", code="0000-0000-0000", means="cash", receipt="收1")
    code = vouchers.code_of(purse.bill(reward).pk).lower().replace("-", " ")
    purse.do(purse.finance, reward, "pay_out", code=code, means="bank", receipt="回单 8841")
    with pytest.raises(NotNow) as told:
        purse.do(purse.finance, reward, "confirm", correct=True)
    assert told.value.code == "check.NotPayer"
    with pytest.raises(NotNow):
        purse.do(purse.finance2, reward, "take_back", reason="不该收回")
    assert purse.do(purse.finance2, reward, "confirm", correct=False, remark="回单号不符").state == "paying"
    purse.do(purse.finance, reward, "pay_out", code=code, means="bank", receipt="回单 8842")
    done = purse.do(purse.finance2, reward, "confirm", correct=True)
    assert (done.state, purse.bill(reward).state, purse.bill(reward).receipt) == ("paid", "SUCCESS", "回单 8842")
    with pytest.raises(WrongState):
        purse.do(purse.finance2, reward, "confirm", correct=True)


def test_a_voucher_nobody_cashes_expires_and_can_be_claimed_again(purse: Purse) -> None:
    reward = purse.paying(way="voucher")
    old = vouchers.code_of(purse.bill(reward).pk)
    with clock.at(clock.now() + timedelta(days=32)):
        tick()
        back = purse.fresh(reward)
        assert (back.state, back.way) == ("claimable", "")
        purse.claim(back, way="voucher")
        with pytest.raises(Invalid):
            purse.do(purse.finance, reward, "pay_out", code=old, means="cash", receipt="收2")
    assert [bill.state for bill in purse.bills(reward)] == ["CANCELLED", "WAIT_USER_CONFIRM"]


def test_a_voucher_paid_out_does_not_expire_under_the_second_officer(purse: Purse) -> None:
    reward = purse.paying(way="voucher")
    purse.pay_out(reward)
    with clock.at(clock.now() + timedelta(days=40)):
        tick()
        assert purse.fresh(reward).state == "paying"
        assert purse.do(purse.finance2, reward, "confirm", correct=True).state == "paid"


def test_a_transfer_wants_an_openid_and_from_2000_yuan_a_name(purse: Purse, monkeypatch: pytest.MonkeyPatch) -> None:
    reward = purse.claimable()
    with pytest.raises(Invalid) as told:
        purse.claim(reward, openid="")
    assert set(told.value.fields) == {"openid"}
    monkeypatch.setattr("anlan.rewards.steps.NAMED_FROM_FEN", 30_000)
    guest = purse.answered(actor=purse.town.guest, anonymous=True)
    from anlan.reports import claims

    anonymous = purse.do(purse.finance, purse.of(guest), "approve")
    with pytest.raises(Invalid) as told:
        actions.claim_by_code(
            code=claims.code_of(guest.pk), reward=anonymous.pk, data={"way": "wechat", "openid": "o-1"}
        )
    assert set(told.value.fields) == {"name"}
    monkeypatch.setattr("anlan.rewards.steps.configured", lambda: False)
    with pytest.raises(Invalid) as told:
        purse.claim(reward)
    assert set(told.value.fields) == {"way"}


STATES = ("proposed", "excluded", "refused", "claimable", "paying", "paid", "lapsed")
POSTS = ("office", "dispatcher", "finance", "finance2", "n_finance", "n_office", "regulator", "inspector", "leader",
         "auditor", "principal", "citizen", "system_admin", "reporter")  # fmt: skip
ALLOWED: dict[str, tuple[tuple[str, ...], set[str]]] = {
    # step: (the states it may be taken from, who may)
    "recompute": (("proposed", "excluded"), {"office", "dispatcher"}),
    "approve": (("proposed",), {"finance", "finance2"}),
    "refuse": (("proposed",), {"finance", "finance2"}),
    "pay_out": (("paying",), {"finance", "finance2"}),
    "confirm": (("paying",), set()),  # nothing was paid out yet: the rule says so to both
    "take_back": (("paying",), {"finance", "finance2"}),
    "stop": (("paying",), set()),  # it is a voucher
}
SEES = {"office", "dispatcher", "finance", "finance2", "auditor", "reporter"}


def test_every_state_step_and_post(purse: Purse) -> None:
    no_caps()
    wrong = []
    for state in STATES:
        reward = purse.paying(way="voucher") if state == "paying" else getattr(purse, state)()
        assert purse.fresh(reward).state == state
        code = vouchers.code_of(purse.bill(reward).pk) if state == "paying" else "0000-0000-0000"
        for step, (states, may) in ALLOWED.items():
            for post in POSTS:
                actor = purse.town.reporter if post == "reporter" else getattr(purse, post)
                found = _tried(purse, actor, reward, step, _data(step, code))
                hope = (
                    "unseen" if post not in SEES else "state" if state not in states else "yes" if post in may else "no"
                )
                if hope == "no" and step in ("confirm", "stop") and post in ("finance", "finance2"):
                    hope = "rule"
                if found != hope:
                    wrong.append(f"{state} {step} {post}: {found}, expected {hope}")
    assert wrong == []


def _data(step: str, code: str) -> dict[str, Any]:
    return {
        "recompute": {"reason": "复核"}, "refuse": {"reason": "不符合规定"}, "take_back": {"reason": "逾期"},
        "stop": {"reason": "填错"}, "confirm": {"correct": True}, "pay_out": {"code": code, "means": "cash", "receipt": "收1"},
    }.get(step, {})  # fmt: skip


def _tried(purse: Purse, actor: Actor, reward: Reward, step: str, data: dict[str, Any]) -> str:
    try:
        with scope.acting(actor), transaction.atomic():
            actions.take_step(actor=actor, reward=reward.pk, step=step, data=data)
            transaction.set_rollback(True)
    except NotFound:
        return "unseen"
    except WrongState:
        return "state"
    except Forbidden:
        return "no"
    except NotNow:
        return "rule"
    except Problem as other:
        return f"{other.code} {other.fields}"
    return "yes"


def test_steps_of_the_platform_are_taken_by_nobody_else(purse: Purse) -> None:
    reward = purse.paying(way="voucher")
    for step in ("offer", "claim", "settle", "absorb"):
        with pytest.raises(NotFound):
            purse.do(purse.finance, reward, step)
    for step in ("lapse", "expire", "remind"):
        with pytest.raises(Forbidden if step == "expire" else WrongState):
            purse.do(purse.finance, reward, step, level=1)


def test_what_was_said_of_a_bill_is_never_changed(purse: Purse) -> None:
    from django.db import DatabaseError

    reward = purse.paying(way="voucher")
    purse.pay_out(reward)
    with scope.acting(SYSTEM), pytest.raises(DatabaseError), transaction.atomic():
        BillEvent.objects.filter(bill__reward=reward).update(state="SUCCESS")
