"""One hazard, one reward; caps by the month of a reward's making; who leaves, calls in or merges accounts still gets theirs."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from anlan.channels.models import Outgoing
from anlan.identity import citizens
from anlan.identity.events import CitizenLeaves, CitizensMerged
from anlan.identity.models import Citizen, Person
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Invalid, NotFound, NotNow
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import CitySetting
from anlan.reports import claims
from anlan.reports.actions import join
from anlan.reports.models import Report, Seal
from anlan.rewards import actions
from anlan.rewards.models import Payee, Reward
from tests.factories import COUNTY
from tests.rewards.conftest import Purse, no_caps
from tests.together import acting, outcomes_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
LOOKED = {
    "words": "现场查看，确实上锁。",
    "place": "幸福小区10号楼",
    "industry": "gongmao",
    "hazard_category": "fire_escape",
}


def looked_at(purse: Purse, report: Report) -> Report:
    """Found true at the one place; so the same hazard."""
    purse.town.do(purse.town.inspector, report, "verify", on=clock.today(), **LOOKED)
    purse.settle(report)
    tick()
    return report


def two_of_one_hazard(purse: Purse) -> tuple[Report, Report]:
    """The earlier report and the later one, of which the later was looked at and answered first."""
    early = purse.town.dispatched(actor=purse.town.guest, anonymous=True)
    late = purse.town.dispatched(actor=purse.town.second)
    looked_at(purse, late)
    return early, late


def stops(reward: Reward) -> list[str]:
    return [line["code"] for line in reward.computation if line["effect"] == "stops"]


def test_a_hazard_already_rewarded_earns_the_earlier_report_nothing(purse: Purse) -> None:
    early, late = two_of_one_hazard(purse)
    assert purse.do(purse.finance, purse.of(late), "approve").state == "claimable"
    looked_at(purse, early)
    found = purse.of(early)
    assert (found.state, stops(found)) == ("excluded", ["once"])


def test_while_it_is_only_proposed_the_earlier_report_earns_it(purse: Purse) -> None:
    early, late = two_of_one_hazard(purse)
    looked_at(purse, early)
    with pytest.raises(NotNow) as no:
        purse.do(purse.finance, purse.of(late), "approve")
    assert no.value.code == "reward.once"
    assert purse.do(purse.finance, purse.of(early), "approve").state == "claimable"
    again = purse.do(purse.office, purse.of(late), "recompute", reason="另有更早的举报")
    assert (again.state, stops(again)) == ("excluded", ["first"])


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_two_rewards_of_one_hazard_approved_at_once_are_one(transactional_db: None, paying_service: None) -> None:
    from tests.rewards.conftest import make_purse

    purse = make_purse()
    early, late = two_of_one_hazard(purse)
    looked_at(purse, early)
    rewards = [purse.of(early), purse.of(late)]
    found = outcomes_of(
        *(
            acting(actor, lambda a=actor, r=reward: actions.take_step(actor=a, reward=r.pk, step="approve"))
            for actor, reward in zip((purse.finance, purse.finance2), rewards, strict=True)
        )
    )
    assert sum(isinstance(one, Reward) for one in found) == 1, found
    assert [one.code for one in found if isinstance(one, NotNow)] == ["reward.once"]


def at_noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=clock.SHANGHAI)


def test_an_excluded_reward_of_one_month_is_not_revived_by_the_next(purse: Purse) -> None:
    with clock.at(at_noon(2026, 11, 20)):
        november = [purse.proposed(words=f"十一月第{n}处安全出口上锁。") for n in range(5)]
    assert [one.amount_fen for one in november] == [30_000, 30_000, 30_000, 10_000, 0]
    with clock.at(at_noon(2026, 12, 3)):
        again = purse.do(purse.office, november[4], "recompute", reason="换月再算")
        assert (again.state, again.amount_fen, stops(again)) == ("excluded", 0, ["cap_month"])
        assert purse.proposed(words="十二月第一处安全出口上锁。").amount_fen == 30_000
        third = purse.do(purse.office, november[2], "recompute", reason="再算一次")
        assert third.amount_fen == 30_000  # December's are not November's


def test_the_cap_of_a_year_counts_the_year_of_its_making(purse: Purse) -> None:
    with scope.acting(SYSTEM):
        for key, fen in (("rewards.cap.month_fen", 0), ("rewards.cap.year_fen", 50_000)):
            CitySetting.objects.update_or_create(
                region=COUNTY, key=key, defaults={"value": fen, "changed_at": clock.now()}
            )
    citysettings.forget()
    with clock.at(at_noon(2026, 12, 30)):
        old = [purse.proposed(words=f"年底第{n}处安全出口上锁。") for n in range(3)]
    assert [one.amount_fen for one in old] == [30_000, 20_000, 0]
    with clock.at(at_noon(2026, 12, 31)):
        again = purse.do(purse.office, old[2], "recompute", reason="再算一次")
        assert stops(again) == ["cap_year"]
    with clock.at(at_noon(2027, 1, 4)):
        again = purse.do(purse.office, old[2], "recompute", reason="新年再算")
        assert stops(again) == ["cap_year"]


def test_two_accounts_of_one_checked_identity_share_the_caps(purse: Purse) -> None:
    with scope.acting(SYSTEM):
        Citizen.objects.filter(pk__in=[purse.town.reporter.person, purse.town.second.person]).update(
            id_digest="same", verified_at=clock.now(), verified_by="test"
        )
    for n in range(4):
        purse.proposed(words=f"第{n}处安全出口上锁，无法通行。")
    found = purse.proposed(actor=purse.town.second)
    assert (found.state, stops(found)) == ("excluded", ["cap_month"])


def test_a_joint_report_is_paid_whole_to_its_first_signatory(purse: Purse) -> None:
    """By law nothing is divided, so no fen can be lost in dividing."""
    reward = purse.proposed(joint=[{"name": name} for name in ("周一", "吴二", "郑三")])
    assert reward.amount_fen == 30_000
    with scope.acting(SYSTEM):
        assert Reward.objects.filter(report_id=reward.report_id).count() == 1
        assert Seal.objects.get(pk=reward.seal_id).person_id == purse.town.reporter.person
    assert [line["facts"] for line in reward.computation if line["code"] == "joint"] == [{"names": 4}]


def test_a_fine_is_stated_with_its_decision(purse: Purse) -> None:
    reward = purse.proposed()
    with pytest.raises(Invalid) as no:
        purse.do(purse.office, reward, "recompute", fine_fen=10_000_000, reason="已处罚")
    assert set(no.value.fields) == {"fine_document"}


def test_who_verified_it_after_it_was_proposed_does_not_approve(purse: Purse) -> None:
    """Contested and looked at again, by somebody who has a post of finance too."""
    reward = purse.proposed()
    with scope.acting(SYSTEM):
        write_note(actor=purse.finance, subject_type="report", subject_id=reward.report_id, step="verify")
    assert str(purse.finance.person) not in reward.barred_ids
    with pytest.raises(NotNow) as no:
        purse.do(purse.finance, reward, "approve")
    assert no.value.code == "check.NotVerifier"
    assert purse.do(purse.finance2, reward, "approve").state == "claimable"


@pytest.fixture
def sms(settings: Any) -> None:
    """A gateway is set up; nothing is sent in these tests."""
    settings.ANLAN_SMS_URL, settings.ANLAN_SMS_KEY, settings.ANLAN_SMS_SECRET = "http://127.0.0.1:9", "k", "s"


def texts(template: str) -> list[dict[str, Any]]:
    with scope.acting(SYSTEM):
        return [one.facts for one in Outgoing.objects.filter(template=template).order_by("at", "id")]


@pytest.mark.usefixtures("sms")
def test_what_is_owed_to_a_citizen_who_leaves_is_claimed_by_code(purse: Purse) -> None:
    reward = purse.claimable()
    person = purse.town.reporter.person
    assert person is not None
    with scope.acting(purse.town.reporter):
        kept = citizens.close_account(actor=purse.town.reporter)
    assert len(kept) == 1
    assert [one["code"] for one in texts("report.code")] == [kept[0].code]
    with scope.acting(SYSTEM):
        seal = Seal.objects.get(pk=reward.seal_id)
        assert (seal.person_id, seal.name, seal.phone) == (None, "", "")
        assert not Person.objects.filter(pk=person).exists()
    with pytest.raises(NotFound):
        actions.claim_by_code(code=claims.code_of(reward.pk), reward=reward.pk, data={"way": "voucher"})
    assert actions.claim_by_code(code=kept[0].code, reward=reward.pk, data={"way": "voucher"}).state == "paying"
    purse.pay_out(reward)
    assert purse.do(purse.finance2, reward, "confirm", correct=True).state == "paid"


def test_a_transfer_under_way_to_a_citizen_who_leaves_is_paid_and_then_forgotten(purse: Purse) -> None:
    reward = purse.paying()
    with scope.acting(purse.town.reporter):
        kept = citizens.close_account(actor=purse.town.reporter)
    assert [one.code for one in kept] == [claims.code_of(reward.report_id)]
    purse.tend(reward)
    purse.machine.confirm(purse.bill(reward).out_bill_no)
    purse.machine.tick()
    purse.tend(reward)
    assert purse.fresh(reward).state == "paid"
    with scope.acting(SYSTEM):
        assert not Payee.objects.exists()


def test_an_account_that_is_owed_something_is_not_forgotten_as_idle(purse: Purse) -> None:
    purse.claimable()
    person = purse.town.reporter.person
    assert person is not None
    with scope.acting(SYSTEM), pytest.raises(Conflict):
        CitizenLeaves(person=person, idle=True).emit()


def test_nothing_owed_no_code(purse: Purse) -> None:
    reward = purse.paid()
    with scope.acting(purse.town.reporter):
        assert citizens.close_account(actor=purse.town.reporter) == []
    with scope.acting(SYSTEM):
        assert Seal.objects.get(pk=reward.seal_id).claim == ""


@pytest.mark.usefixtures("sms")
def test_a_caller_without_an_account_is_told_the_code_by_which_to_claim(purse: Purse) -> None:
    who = purse.town.city.dispatcher
    report = purse.answered(actor=who, channel="desk", name="来电人", phone="13700001111")
    reward = purse.do(purse.finance, purse.of(report), "approve")
    told = texts("reward.code")
    assert [one["yuan"] for one in told] == ["300.00"]
    found = actions.claim_by_code(code=told[0]["code"], reward=reward.pk, data={"way": "voucher"})
    assert found.state == "paying"


def test_accounts_that_become_one_keep_the_seal_the_reward_hangs_on(purse: Purse) -> None:
    report = purse.town.dispatched(actor=purse.town.second)
    with scope.acting(purse.town.reporter):
        join(actor=purse.town.reporter, report=report.pk)
    reward = purse.do(purse.finance, purse.of(looked_at(purse, report)), "approve")
    assert purse.town.reporter.person is not None
    assert purse.town.second.person is not None
    CitizensMerged(kept=purse.town.reporter.person, gone=purse.town.second.person).emit()
    assert purse.claim(reward, purse.town.reporter, way="voucher").state == "paying"


def test_several_rewards_of_one_who_leaves_each_have_their_code(purse: Purse) -> None:
    no_caps()
    rewards = [purse.claimable(words=f"第{n}处安全出口上锁。") for n in range(2)]
    with scope.acting(purse.town.reporter):
        kept = citizens.close_account(actor=purse.town.reporter)
    assert {one.code for one in kept} == {claims.code_of(one.report_id) for one in rewards}
    moment = clock.now() + timedelta(minutes=1)
    with clock.at(moment):
        for reward, one in zip(rewards, kept, strict=True):
            actions.claim_by_code(code=one.code, reward=reward.pk, data={"way": "voucher"})
