"""The operations: officials' with their tokens' scopes, citizens' by session and by claim code."""

from typing import Any

import pytest
from django.test import Client

from anlan.identity.models import Person
from anlan.kernel.actor import Actor
from anlan.reports import claims
from anlan.rewards.models import Reward
from tests.factories import COUNTY, City
from tests.rewards.conftest import Purse
from tests.sessions import SignedIn

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
API = "/api/v1"


@pytest.fixture
def city(purse: Purse) -> City:
    return purse.town.city


def session(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(
        Person.objects.get(pk=actor.person), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    kept = client.session
    kept["post"] = str(actor.post)
    kept.save()
    return client


def sent(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"{API}/{path}", data=body, content_type="application/json")


def test_officials_read_and_take_steps(purse: Purse, signed_in: SignedIn) -> None:
    reward = purse.proposed()
    client = signed_in("finance")
    listed = client.get(f"{API}/rewards?state=proposed").json()
    assert [row["number"] for row in listed["items"]] == [reward.number]
    facts = client.get(f"{API}/rewards/{reward.pk}")
    assert facts["ETag"] == '"1"'
    body = facts.json()
    assert body["computation"][0]["fen"] == 30_000
    assert {one["name"] for one in body["steps"] if one["allowed"]} == {"approve", "refuse"}
    done = sent(client, f"rewards/{reward.pk}/steps/approve", remark="同意")
    assert (done.status_code, done.json()["state"]) == (200, "claimable")
    assert sent(signed_in("office"), f"rewards/{reward.pk}/steps/refuse", reason="不").status_code in (409, 422)
    assert signed_in("n_finance").get(f"{API}/rewards/{reward.pk}").status_code == 404
    assert signed_in("regulator").get(f"{API}/rewards").status_code == 403
    assert signed_in("regulator").get(f"{API}/rewards/{reward.pk}").status_code == 403
    assert Client().get(f"{API}/rewards").status_code == 401


def test_budgets_and_a_proposal_by_hand(purse: Purse, signed_in: SignedIn) -> None:
    office = signed_in("office")
    put = office.put(
        f"{API}/rewards/budgets", data={"region": COUNTY, "year": 2027, "fen": 900}, content_type="application/json"
    )
    assert (put.status_code, put.json()["left_fen"]) == (200, 900)
    assert len(office.get(f"{API}/rewards/budgets?year=2027").json()["items"]) == 1
    report = purse.answered()
    assert sent(office, "rewards", report=str(report.pk)).status_code == 409  # the platform proposed it
    assert sent(office, "rewards", report=str(purse.town.answered().pk)).status_code == 422


def test_a_citizen_claims_and_reads_the_voucher_again(purse: Purse) -> None:
    reward = purse.claimable()
    client = session(purse.town.reporter)
    mine = client.get(f"{API}/citizen/rewards").json()["items"]
    assert [(one["id"], one["state"], one["amount_fen"]) for one in mine] == [(str(reward.pk), "claimable", 30_000)]
    first = sent(client, f"citizen/rewards/{reward.pk}/claim", way="voucher")
    assert first.status_code == 200
    code = first.json()["voucher_code"]
    assert len(code) == 14
    assert sent(client, f"citizen/rewards/{reward.pk}/claim", way="voucher").json()["voucher_code"] == code
    assert client.get(f"{API}/citizen/rewards/{reward.pk}").json()["voucher_code"] == code
    other = session(purse.town.second)
    assert other.get(f"{API}/citizen/rewards").json()["items"] == []
    assert other.get(f"{API}/citizen/rewards/{reward.pk}").status_code == 404
    assert sent(other, f"citizen/rewards/{reward.pk}/claim", way="voucher").status_code == 404


def test_a_transfer_gives_its_package_to_the_reporter_alone(purse: Purse, signed_in: SignedIn) -> None:
    reward = purse.claimable()
    client = session(purse.town.reporter)
    first = sent(client, f"citizen/rewards/{reward.pk}/claim", way="wechat", openid="o-1").json()
    assert (first["package"], first["reward"]["state"]) == (None, "paying")
    purse.tend(reward)
    again = client.get(f"{API}/citizen/rewards/{reward.pk}").json()
    assert again["package"]
    assert again["package"] not in signed_in("finance").get(f"{API}/rewards/{reward.pk}").content.decode()
    assert again["package"] not in signed_in("finance").get(f"/rewards/{reward.pk}/").content.decode()


def test_by_claim_code_without_an_account(purse: Purse) -> None:
    report = purse.answered(actor=purse.town.guest, anonymous=True)
    reward: Reward = purse.do(purse.finance, purse.of(report), "approve")
    code = claims.code_of(report.pk)
    nobody = Client()
    found = sent(nobody, "citizen/claims/rewards", code=code.lower())
    assert [one["id"] for one in found.json()["items"]] == [str(reward.pk)]
    assert sent(nobody, "citizen/claims/rewards", code="0000-0000-0000").status_code == 404
    claimed = sent(nobody, "citizen/claims/rewards/claim", code=code, reward=str(reward.pk), way="voucher")
    assert claimed.status_code == 200
    assert claimed.json()["voucher_code"]
    assert (
        sent(nobody, "citizen/claims/rewards", code=code).json()["items"][0]["voucher_code"]
        == claimed.json()["voucher_code"]
    )


def test_officials_do_not_pass_for_citizens(purse: Purse, signed_in: SignedIn) -> None:
    reward = purse.claimable()
    for name in ("finance", "office"):
        assert signed_in(name).get(f"{API}/citizen/rewards").status_code == 401
        assert sent(signed_in(name), f"citizen/rewards/{reward.pk}/claim", way="voucher").status_code == 401


def test_a_callback_where_no_account_is_configured_is_refused() -> None:
    assert sent(Client(), "wechat-pay/notices", id="x").status_code == 401
