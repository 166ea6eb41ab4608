"""Visits for programs."""

import json
from typing import Any

import pytest
from django.test import Client

from anlan.kernel.ids import new_id
from tests.inspections.conftest import Field
from tests.sessions import SignedIn, signed_in

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def post(client: Client, url: str, data: Any) -> Any:
    return client.post(url, json.dumps(data, default=str), content_type="application/json",
                       headers={"idempotency-key": str(new_id())})  # fmt: skip


def test_planned_read_listed_and_taken_through_the_api(city: Field, signed_in: SignedIn) -> None:
    client = signed_in("regulator")
    id_ = new_id()
    made = post(client, "/api/v1/visits", city.plan_data(id=id_, members=city.pair(), style="covert"))
    assert made.status_code == 201, made.content
    facts = made.json()
    assert (facts["id"], facts["state"]["code"], len(facts["members"]), len(facts["items"])) == (
        str(id_),
        "unannounced",
        2,
        3,
    )
    assert post(client, "/api/v1/visits", city.plan_data(id=id_)).status_code == 409
    listing = client.get("/api/v1/visits?state=open&kind=administrative&q=翠岭").json()
    assert ([row["number"] for row in listing["items"]], listing["count"]) == ([facts["number"]], 1)
    assert client.get("/api/v1/visits?kind=expert_help").json()["items"] == []
    assert client.get("/api/v1/visits?nonsense=1").status_code == 422
    inspector = signed_in("inspector")
    mine = inspector.get("/api/v1/visits?mine=true").json()
    assert mine["count"] == 1
    arrived = post(inspector, f"/api/v1/visits/{id_}/steps/arrive?version=3", {})
    assert (arrived.status_code, arrived.json()["state"]["code"]) == (200, "under_way")
    assert post(inspector, f"/api/v1/visits/{id_}/steps/arrive?version=3", {}).status_code == 409
    answered = post(inspector, f"/api/v1/visits/{id_}/steps/answer", {"item": city.items[0].pk, "value": "yes"}).json()
    assert [item["value"] for item in answered["items"]] == ["yes", None, None]
    refused = post(inspector, f"/api/v1/visits/{id_}/steps/record", {"summary": "无", "met_name": "王", "digest": "x"})
    assert refused.status_code == 422
    assert {error["field"] for error in refused.json()["errors"]} >= {"summary", "digest"}
    steps = {step["name"]: step["allowed"] for step in answered["steps"]}
    assert steps["record"]
    assert "file" not in steps


def test_pages_by_cursor_and_neighbours_see_nothing(city: Field, signed_in: SignedIn) -> None:
    for number in range(5):
        city.plan(kind="supervision", planned_on=city.day(number % 2))
    client = signed_in("office")
    seen: list[str] = []
    url = "/api/v1/visits?limit=2"
    while url:
        page = client.get(url).json()
        seen += [row["number"] for row in page["items"]]
        url = f"/api/v1/visits?limit=2&cursor={page['next']}" if page["next"] else ""
    assert len(seen) == len(set(seen)) == 5
    assert page["count"] == 5
    for name in ("n_office", "other_field", "principal", "citizen"):
        assert signed_in(name).get("/api/v1/visits").json().get("items", []) == []
