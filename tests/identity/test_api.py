"""The API takes the same verbs: what it answers, whom it refuses, and that secrets are given once."""

import json
from typing import Any

import pytest
from django.test import Client

from anlan.identity import actions, tokens
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.models import IdempotencyKey
from tests.identity.conftest import CITY, COUNTY, PASSWORD, City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def call(city: City) -> Any:
    """`call(role, method, path, body)` with a token of that role's post."""
    secrets: dict[str, str] = {}

    def send(role: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        if role not in secrets:
            secrets[role] = tokens.issue_token(post=city.posts[role], name="test")
        more = {"content_type": "application/json", "data": json.dumps(body)} if body is not None else {}
        if body is None and method != "get":
            more = {"content_type": "application/json"}
        headers["Authorization"] = f"Bearer {secrets[role]}"
        return getattr(Client(), method)(f"/api/v1/{path}", headers=headers, **more)

    return send


def test_me(city: City, call: Any) -> None:
    me = call("inspector", "get", "me").json()
    assert me["acting"]["role"] == "inspector"
    assert [post["id"] for post in me["posts"]] == [str(city.posts["inspector"].pk)]
    assert Client().get("/api/v1/me").status_code == 401
    assert Client().get("/api/v1/me", headers={"Authorization": "Bearer anl_wrong"}).status_code == 401


def test_an_account_from_opening_to_its_end(city: City, call: Any) -> None:
    key = {"Idempotency-Key": "open-1"}
    opened = call("security_admin", "post", "people", {"username": "li.na", "name": "Li Na"}, **key)
    assert opened.status_code == 201
    person = opened.json()["id"]
    again = call("security_admin", "post", "people", {"username": "li.na", "name": "Li Na"}, **key)
    assert again.status_code == 409
    with scope.acting(SYSTEM):
        kept = IdempotencyKey.objects.get(key="open-1")
    assert opened.json()["password"].encode() not in bytes(kept.answer or b"")
    given = call("security_admin", "post", f"people/{person}/posts", {"role": "inspector", "region": COUNTY})
    assert given.status_code == 201
    assert call("security_admin", "get", f"people/{person}").json()["posts"][0]["id"] == given.json()["id"]
    found = call("security_admin", "get", "people?q=li.na").json()
    assert [one["id"] for one in found["items"]] == [person]
    assert call("security_admin", "post", f"people/{person}/unlock").status_code == 200
    assert call("security_admin", "put", f"people/{person}", {"name": "Li Na Na"}).json()["name"] == "Li Na Na"
    assert "password" in call("security_admin", "post", f"people/{person}/reset-password").json()
    closed = call("security_admin", "post", f"people/{person}/deactivate", {"reason": "moved"})
    assert closed.json()["active"] is False
    assert "password" in call("security_admin", "post", f"people/{person}/reactivate", {"reason": "back"}).json()
    assert call("security_admin", "post", f"posts/{given.json()['id']}/end", {}).status_code == 200
    assert call("security_admin", "get", f"people/{person}").json()["posts"] == []


def test_problems_have_codes_and_fields(city: City, call: Any) -> None:
    refused = call("inspector", "post", "people", {"username": "li.na", "name": "Li Na"})
    assert (refused.status_code, refused.json()["code"]) == (403, "identity.not_yours")
    wrong = call("security_admin", "post", "people", {"username": "a b", "name": "", "phone": "1", "role": "x"})
    assert wrong.status_code == 422
    assert {error["field"] for error in wrong.json()["errors"]} == {"username", "name", "phone", "role"}
    own = city.person("security_admin").pk
    assert call("security_admin", "post", f"people/{own}/unlock").json()["code"] == "check.NotYourself"
    admin = city.person("system_admin").pk
    clash = call("security_admin", "post", f"people/{admin}/posts", {"role": "inspector", "region": CITY})
    assert (clash.status_code, clash.json()["code"]) == (409, "check.SeparatedPowers")
    assert call("security_admin", "get", "people?cursor=xx").status_code == 422


def test_organisations_and_regions(city: City, call: Any) -> None:
    made = call("system_admin", "post", "organisations", {"name": "Gas bureau", "kind": "department", "region": COUNTY})
    assert made.status_code == 201
    names = [one["name"] for one in call("auditor", "get", "organisations?kind=department").json()["items"]]
    assert names == ["Gas bureau"]
    changed = call(
        "system_admin",
        "put",
        f"organisations/{made.json()['id']}",
        {"name": "Gas office", "kind": "department", "region": COUNTY},
    )
    assert changed.json()["name"] == "Gas office"
    below = call("citizen", "get", f"regions?parent={CITY}").json()["items"]
    assert COUNTY in [one["code"] for one in below]
    assert [one["code"] for one in call("citizen", "get", "regions").json()["items"]] == [CITY]


def test_a_token_makes_no_token(city: City, call: Any) -> None:
    assert call("inspector", "post", "me/tokens", {"name": "next"}).status_code == 403
    client = Client()
    client.post("/sign-in/", {"login": city.person("inspector").username, "password": PASSWORD})
    made = client.post("/api/v1/me/tokens", json.dumps({"name": "next"}), content_type="application/json")
    assert made.status_code == 201
    assert client.get("/api/v1/me/tokens").json()["items"][0]["name"] == "next"
    assert client.post(f"/api/v1/me/tokens/{made.json()['id']}/revoke").json()["revoked_at"]


def test_a_post_that_ended_takes_its_token_along(city: City, call: Any) -> None:
    assert call("inspector", "get", "me").status_code == 200
    admin = city.actor("security_admin")
    with scope.acting(admin):
        actions.end_post(actor=admin, post=city.posts["inspector"].pk)
    assert call("inspector", "get", "me").status_code == 401
