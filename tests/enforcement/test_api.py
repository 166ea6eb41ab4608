"""The operations: the same verbs with a token's scope; the addressee's view; documents byte for byte."""

from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from tests.enforcement.conftest import Bench
from tests.factories import City
from tests.sessions import SignedIn

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
API = "/api/v1"


@pytest.fixture
def city(bench: Bench) -> City:
    return bench.city


def sent(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"{API}/{path}", data=body, content_type="application/json")


def test_from_a_draft_to_its_answer_by_programs(bench: Bench, signed_in: SignedIn) -> None:
    inspector, enterprise = signed_in("inspector"), bench.city.enterprise.pk
    fields = bench.fields("warning_letter")
    made = sent(inspector, "instruments", kind="warning_letter", enterprise=str(enterprise), fields=fields)
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert {one["name"] for one in made.json()["steps"] if one["allowed"]} == {"amend", "discard"}
    assert signed_in("principal").get(f"{API}/instruments/{key}").status_code == 404
    assert sent(signed_in("regulator"), f"instruments/{key}/steps/review").status_code == 200
    assert sent(signed_in("leader"), f"instruments/{key}/steps/approve").status_code == 200
    assert signed_in("office").get(f"{API}/instruments/{key}/document.pdf").status_code == 404
    numbered = sent(signed_in("office"), f"instruments/{key}/steps/number").json()
    assert numbered["number"].endswith("1号")
    served = sent(signed_in("inspector"), f"instruments/{key}/steps/serve", **bench.handing())
    assert (served.status_code, served.json()["state"]) == (200, "served")

    principal = signed_in("principal")
    seen = principal.get(f"{API}/instruments/{key}").json()
    assert {one["name"] for one in seen["steps"]} == {"confirm", "answer"}
    assert [one["id"] for one in principal.get(f"{API}/instruments").json()["items"]] == [key]
    document = principal.get(f"{API}/instruments/{key}/document.pdf")
    assert sha256(b"".join(document.streaming_content)).hexdigest() == seen["pdf_digest"]
    answered = sent(principal, f"instruments/{key}/steps/answer", words="已整改。")
    assert (answered.status_code, answered.json()["answers"][0]["words"]) == (200, "已整改。")
    assert signed_in("n_principal").get(f"{API}/instruments/{key}/document.pdf").status_code == 404
    assert signed_in("dispatcher").get(f"{API}/instruments").status_code == 403


def test_reasons_stand_at_the_field(bench: Bench, signed_in: SignedIn) -> None:
    client = signed_in("inspector")
    answer = sent(
        client, "instruments", kind="warning_letter", enterprise=str(bench.city.enterprise.pk), fields={"nonsense": "1"}
    )
    assert answer.status_code == 422
    assert "nonsense" in answer.content.decode()
    assert sent(client, "instruments", kind="warning_letter").status_code == 422
    record = bench.draft(fields={})
    refused = sent(signed_in("regulator"), f"instruments/{record.pk}/steps/review")
    assert (refused.status_code, refused.json()["code"]) == (409, "check.Complete")


def test_kinds_say_what_they_ask_for(bench: Bench, signed_in: SignedIn) -> None:
    found = {one["code"]: one for one in signed_in("inspector").get(f"{API}/instruments/kinds").json()["items"]}
    assert "rectification_order" in found["recheck_opinion"]["after"]
    assert not found["site_record"]["drafted_here"]
    assert all(field["mark"] for one in found.values() for field in one["fields"])


def test_cases_and_organs(bench: Bench, signed_in: SignedIn) -> None:
    client = signed_in("inspector")
    facts = {"enterprise": str(bench.city.enterprise.pk), "matter": "未设警示标志", "handlers": bench.officers}
    made = sent(client, "penalty-cases", **facts)
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert client.get(f"{API}/penalty-cases/{key}").json()["state"] == "investigated"
    assert [one["id"] for one in client.get(f"{API}/penalty-cases").json()["items"]] == [key]
    for name, status in (("principal", 403), ("n_office", 404)):
        assert signed_in(name).get(f"{API}/penalty-cases/{key}").status_code == status
    listed = client.get(f"{API}/instruments/organs").json()["items"]
    assert [(one["word"], one["sealed"]) for one in listed] == [("翠安办", True)]
    body = {"name": "翠岭县安委办", "word": "翠安委办"}
    path = f"{API}/instruments/organs/{bench.organ.organisation_id}"
    assert client.put(path, data=body, content_type="application/json").status_code == 403
    assert signed_in("n_office").put(path, data=body, content_type="application/json").status_code == 404
    assert signed_in("office").put(path, data=body, content_type="application/json").json()["word"] == "翠安委办"
