"""The office's pages: who may open them, what they say, what they do."""

import pytest
from django.test import Client

from anlan.identity.models import Person
from anlan.kernel import citysettings, scope
from anlan.kernel.actor import SYSTEM
from anlan.reports.models import Report
from anlan.rewards import vouchers
from anlan.rewards.models import Budget, Reconciliation, Reward
from tests.factories import CITY, COUNTY, City
from tests.rewards.conftest import Purse
from tests.sessions import SignedIn

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PAGES = ("/rewards/", "/rewards/budget/", "/rewards/rules/", "/rewards/reconciliation/")


@pytest.fixture
def city(purse: Purse) -> City:
    return purse.town.city


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_to_those_who_keep_money_and_to_nobody_else(signed_in: SignedIn, path: str) -> None:
    for name in ("finance", "office", "dispatcher", "auditor"):
        assert signed_in(name).get(path).status_code == 200, name
    for name in ("regulator", "inspector", "leader", "principal", "citizen", "system_admin"):
        assert signed_in(name).get(path).status_code == 403, name
    assert Client().get(path).status_code == 302


def test_the_list_filters_and_sums_by_state(purse: Purse, signed_in: SignedIn) -> None:
    paid, open_ = purse.paid(), purse.proposed(actor=purse.town.second)
    client = signed_in("finance")
    whole = client.get("/rewards/").content.decode()
    assert paid.number in whole
    assert open_.number in whole
    assert "100,000.00 = paid 300.00 + promised 0.00 + left 99,700.00" in whole
    only = client.get("/rewards/?state=paid").content.decode()
    assert (paid.number in only, open_.number in only) == (True, False)
    with scope.acting(SYSTEM):
        number = Report.objects.values_list("number", flat=True).get(pk=open_.report_id)
    by_report = client.get(f"/rewards/?q={number.lower()}").content.decode()
    assert (paid.number in by_report, open_.number in by_report) == (False, True)
    neighbour = signed_in("n_finance").get("/rewards/").content.decode()
    assert paid.number not in neighbour


def test_pages_of_a_list_follow_one_another(purse: Purse, signed_in: SignedIn) -> None:
    from anlan.rewards import queries

    rewards = [purse.proposed(words=f"第{n}处安全出口上锁。") for n in range(3)]
    with scope.acting(purse.finance):
        first = queries.rewards(purse.finance, queries.Filters(), limit=2)
        assert [row.pk for row in first.rows] == [rewards[2].pk, rewards[1].pk]
        second = queries.rewards(purse.finance, queries.Filters(), after=first.after, limit=2)
        assert ([row.pk for row in second.rows], second.after) == ([rewards[0].pk], None)
        back = queries.rewards(purse.finance, queries.Filters(), before=second.before, limit=2)
        assert [row.pk for row in back.rows] == [rewards[2].pk, rewards[1].pk]


def test_a_record_shows_the_computation_and_is_approved(purse: Purse, signed_in: SignedIn) -> None:
    reward = purse.proposed()
    client = signed_in("finance")
    page = client.get(f"/rewards/{reward.pk}/").content.decode()
    for words in (
        "Fixed amount for this kind of report",
        "Within the cap of 1000.00 yuan",
        "own knowledge, to be confirmed",
    ):
        assert words in page
    for secret in ("韩小满", "13835710001", str(purse.town.reporter.person), str(reward.seal_id)):
        assert secret not in page
    step = f"/rewards/{reward.pk}/steps/approve/"
    assert client.get(step).status_code == 200
    assert client.post(step, {"remark": "同意", "version": reward.version}).status_code == 302
    assert purse.fresh(reward).state == "claimable"
    assert client.post(step, {"version": reward.version}).status_code == 409
    assert signed_in("office").get(step).status_code == 409


def test_a_refusal_needs_its_reason(purse: Purse, signed_in: SignedIn) -> None:
    reward = purse.proposed()
    step = f"/rewards/{reward.pk}/steps/refuse/"
    client = signed_in("finance")
    answer = client.post(step, {"reason": "", "version": reward.version})
    assert (answer.status_code, "This is needed." in answer.content.decode()) == (422, True)
    assert client.post(step, {"reason": "不符合规定", "version": reward.version}).status_code == 302
    assert "不符合规定" in client.get(f"/rewards/{reward.pk}/").content.decode()


def test_a_voucher_is_paid_on_the_page(purse: Purse, signed_in: SignedIn) -> None:
    reward = purse.paying(way="voucher")
    step = f"/rewards/{reward.pk}/steps/pay_out/"
    client = signed_in("finance")
    wrong = client.post(step, {"code": "0000-0000-0000", "means": "cash", "receipt": "收1"})
    assert wrong.status_code == 422
    assert "This is not the code of this voucher." in wrong.content.decode()
    code = vouchers.code_of(purse.bill(reward).pk)
    page = client.get(f"/rewards/{reward.pk}/").content.decode()
    assert code not in page
    assert client.post(step, {"code": code, "means": "bank", "receipt": "回单 8841"}).status_code == 302
    assert client.get(f"/rewards/{reward.pk}/steps/confirm/").status_code == 409
    assert signed_in("finance2").post(f"/rewards/{reward.pk}/steps/confirm/", {"correct": "true"}).status_code == 302
    assert purse.fresh(reward).state == "paid"


def test_the_office_proposes_by_hand_and_states_a_fine(purse: Purse, signed_in: SignedIn) -> None:
    reward = purse.excluded()
    client = signed_in("office")
    page = client.get(f"/rewards/{reward.pk}/").content.decode()
    assert "Malicious report: excluded" in page
    step = f"/rewards/{reward.pk}/steps/recompute/"
    form = client.get(step).content.decode()
    assert 'value="malicious"' in form
    sent = {"fine_fen": "20,000.00", "reason": "核查后并非恶意。", "version": purse.fresh(reward).version}
    bare = client.post(step, sent)
    assert (bare.status_code, "stated with the number of its decision" in bare.content.decode()) == (422, True)
    assert client.post(step, sent | {"fine_document": "晋应急罚〔2026〕8号"}).status_code == 302
    stated = {"fine_fen": 2_000_000, "fine_document": "晋应急罚〔2026〕8号"}
    assert (purse.fresh(reward).state, purse.fresh(reward).stated) == ("proposed", stated)
    report = purse.town.answered()
    refused = client.post(f"/rewards/propose/{report.pk}/", {"report": str(report.pk)})
    assert refused.status_code == 422


def test_a_report_leads_to_its_reward_or_to_proposing_one(purse: Purse, signed_in: SignedIn) -> None:
    admin = purse.town.city.system_admin
    with scope.acting(admin):
        citysettings.change(actor=admin, key="rewards.automatic", region=COUNTY, new=0)
    report = purse.answered()
    page, propose = f"/reports/{report.pk}/", f"/rewards/propose/{report.pk}/"
    for name, offered in (("office", True), ("dispatcher", True), ("finance", False), ("auditor", False)):
        assert (propose in signed_in(name).get(page).content.decode()) is offered, name
    made = signed_in("office").post(propose, {"report": str(report.pk)}).headers["Location"]
    for name, shown in (("office", True), ("dispatcher", True), ("finance", True), ("auditor", True)):
        text = signed_in(name).get(page).content.decode()
        assert (made in text, propose in text) == (shown, False), name
    looked = Client()
    looked.force_login(
        Person.objects.get(pk=purse.town.inspector.person),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    text = looked.get(page).content.decode()
    assert report.number in text
    assert "/rewards/" not in text, "whoever looked on the spot learns nothing of what it earned"
    unfounded = purse.town.answered()
    assert "/rewards/propose/" not in signed_in("office").get(f"/reports/{unfounded.pk}/").content.decode()


def test_the_budget_is_set_by_the_office_alone(purse: Purse, signed_in: SignedIn) -> None:
    client = signed_in("office")
    assert (
        client.post("/rewards/budget/set/", {"year": "2027", "fen": "50000.00", "basis": "财政〔2027〕3号"}).status_code
        == 302
    )
    with scope.acting(purse.office):
        assert Budget.objects.get(year=2027).fen == 5_000_000
    assert "50,000.00" in client.get("/rewards/budget/").content.decode()
    assert signed_in("finance").get("/rewards/budget/set/").status_code == 403


def test_a_sum_of_a_budget_opens_to_exactly_the_rewards_it_paid(purse: Purse, signed_in: SignedIn) -> None:
    paid = purse.paid()
    client = signed_in("office")
    (row,) = [one for one in client.get("/rewards/budget/").context["rows"] if one["paid"]]
    assert paid.number in client.get(row["paid_url"]).content.decode()
    with scope.acting(purse.office):
        other = Budget.objects.create(region=COUNTY, year=2031, fen=1)
    assert paid.number not in client.get(f"/rewards/?state=paid&budget={other.pk}").content.decode()


def test_differences_say_what_to_do(purse: Purse, signed_in: SignedIn) -> None:
    from anlan.kernel import clock
    from anlan.kernel.ids import new_id

    with scope.acting(SYSTEM):
        Reconciliation.objects.create(
            id=new_id(), region=CITY, day=clock.today(), ours=0, theirs=1, at=clock.now(),
            differences=[{"kind": "unknown", "number": "AL-NOBODYS-1", "theirs_fen": 500}],
        )  # fmt: skip
    page = signed_in("city_office").get("/rewards/reconciliation/").content.decode()
    assert "Paid by the service, no bill of ours" in page
    assert "1 difference" in page
    assert "AL-NOBODYS-1" not in signed_in("finance").get("/rewards/reconciliation/").content.decode()


def test_the_workbench_of_finance_shows_what_waits(purse: Purse, signed_in: SignedIn) -> None:
    reward = purse.proposed()
    page = signed_in("finance").get("/").content.decode()
    assert reward.number in page
    assert f"/rewards/{reward.pk}/steps/approve/" in page
    with scope.acting(SYSTEM):
        assert Reward.objects.count() == 1


def test_a_contradiction_is_settled_on_the_page(purse: Purse, signed_in: SignedIn) -> None:
    from anlan.channels.pay import Told
    from anlan.rewards.actions import Ledger

    reward = purse.paying()
    bill = purse.tend(reward)
    purse.machine.fail(bill.out_bill_no, "ACCOUNT_FROZEN")
    purse.tend(reward)
    assert "disputed=1" in signed_in("finance").get("/rewards/").content.decode()
    Ledger().hear(
        bill.out_bill_no, Told(number=bill.out_bill_no, state="SUCCESS", fen=bill.amount_fen), "callback", "EV-1"
    )
    client = signed_in("finance2")
    record = client.get(f"/rewards/{reward.pk}/").content.decode()
    assert "A payment of this reward contradicts itself." in record
    assert "the service says otherwise than before" in client.get("/rewards/reconciliation/").content.decode()
    assert reward.number in client.get("/rewards/?disputed=1").content.decode()
    step = f"/rewards/{reward.pk}/steps/resolve/"
    assert signed_in("finance").get(step).status_code == 409  # who approved it
    form = client.get(step).content.decode()
    assert f'value="{bill.pk}"' in form
    sent = {"bill": str(bill.pk), "finding": "paid", "reason": "来函确认已付。", "version": purse.fresh(reward).version}
    refused = client.post(step, sent)
    assert (refused.status_code, "This is needed." in refused.content.decode()) == (422, True)
    assert client.post(step, sent | {"document": "微信支付函〔2026〕17号"}).status_code == 302
    record = client.get(f"/rewards/{reward.pk}/").content.decode()
    assert "微信支付函〔2026〕17号" in record
    assert "it was paid" in record
    assert "A payment of this reward contradicts itself." not in record
    assert purse.fresh(reward).state == "paid"
