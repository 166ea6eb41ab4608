"""The registry and the criteria for programs."""

import json

import pytest
from django.test import Client

from anlan.identity.tokens import issue_token
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.registry.models import Enterprise
from anlan.site import reference
from tests.registry.conftest import NEIGHBOUR_TOWN

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def speak(town):
    def as_post(name):
        post = town.posts[name]
        with scope.acting(SYSTEM):
            secret = issue_token(post=post, name="test")

        def call(method, path, body=None, **headers):
            data = json.dumps(body) if body is not None else ""
            response = Client(raise_request_exception=False).generic(
                method, f"/api/v1{path}", data, "application/json",
                headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"} | headers,
            )  # fmt: skip
            return response.status_code, (json.loads(response.content) if response.content else None)

        return call

    return as_post


def test_enterprises_by_api(town, speak):
    office = speak("office")
    facts = town.facts(lon=111.5, lat=36.1, system="gcj02")
    status, made = office("POST", "/enterprises", facts)
    assert status == 201, made
    assert made["point"]["original_system"] == "gcj02"
    assert office("GET", f"/enterprises/{made['id']}") == (200, made)
    status, changed = office("PATCH", f"/enterprises/{made['id']}", {"employees": 9, "lon": None, "lat": None})
    assert (status, changed["employees"], changed["point"], changed["name"]) == (200, 9, None, made["name"])
    status, problem = office("PATCH", f"/enterprises/{made['id']}", {"name": None})
    assert (status, problem["errors"][0]["field"]) == (422, "name")
    status, site = office("POST", f"/enterprises/{made['id']}/sites", {"name": "一厂"})
    assert (status, site["region"]) == (201, made["region"])
    assert office("GET", f"/enterprises/{made['id']}/sites")[1]["items"] == [site]
    assert office("POST", f"/enterprises/{made['id']}/close", {"reason": "已注销"})[1]["status"] == "closed"
    status, problem = office("POST", f"/enterprises/{made['id']}/close", {"reason": "已注销"})
    assert (status, problem["code"]) == (409, "conflict")


def test_a_neighbours_enterprise_answers_like_an_absent_one(town, speak):
    theirs = town.enterprise(town["n_office"], name="苍溪铸造", region=NEIGHBOUR_TOWN)
    absent = "01900000-0000-7000-8000-000000000000"
    for name in (
        "office",
        "regulator",
        "inspector",
        "auditor",
        "citizen",
        "system_admin",
        "security_admin",
        "audit_admin",
    ):
        say = speak(name)
        for method, tail, body in (
            ("GET", "", None),
            ("PATCH", "", {"employees": 3}),
            ("POST", "/close", {"reason": "搬走了"}),
            ("GET", "/sites", None),
            ("POST", "/sites", {"name": "一厂"}),
        ):
            foreign = say(method, f"/enterprises/{theirs.pk}{tail}", body)
            assert foreign == say(method, f"/enterprises/{absent}{tail}", body), (name, method, tail)
            assert foreign[0] == 404
        assert say("GET", "/enterprises?q=苍溪")[1]["items"] == []
        assert say("GET", f"/enterprises?q={theirs.uscc}")[1]["items"] == []
    with scope.acting(SYSTEM):
        assert Enterprise.objects.get(pk=theirs.pk).employees is None


def test_pages_by_cursor(town, speak):
    for number in range(5):
        town.enterprise(name=f"第{number}号店")
    office = speak("office")
    seen, cursor = [], ""
    while cursor is not None:
        status, page = office("GET", f"/enterprises?limit=2&cursor={cursor}")
        assert status == 200
        seen += [row["name"] for row in page["items"]]
        cursor = page["next"]
    assert seen == [f"第{number}号店" for number in range(5)]
    assert office("GET", "/enterprises?cursor=nonsense")[0] == 422
    assert office("GET", "/enterprises?limit=0")[0] == 422
    assert office("GET", "/enterprises?colour=red")[0] == 422


@pytest.mark.parametrize(
    "who", ["inspector", "leader", "auditor", "citizen", "system_admin", "security_admin", "audit_admin"]
)
def test_who_may_not_register(town, speak, who):
    status, problem = speak(who)("POST", "/enterprises", town.facts())
    assert (status, problem["code"]) == (403, "forbidden")


def test_without_a_token_nothing(town):
    for path in ("/enterprises", "/industries", "/criteria", "/criteria/gongmao-2023/clauses"):
        assert Client().get(f"/api/v1{path}").status_code == 401


def test_criteria_and_industries(town, speak):
    reference.load()
    office = speak("office")
    assert len(office("GET", "/industries")[1]["items"]) == 19
    lists = {row["code"]: row for row in office("GET", "/criteria?on=2026-06-01")[1]["items"]}
    assert lists["gongmao-2023"]["citable"]
    assert lists["aq3067-2026"]["standing"] == "not_yet"
    assert {row["code"] for row in office("GET", "/criteria?industry=coal")[1]["items"]} == {
        "coal-2020",
        "coal-2026",
    }
    status, found = office("GET", "/criteria/gongmao-2023/clauses?q=深井铸造 液位".replace(" ", "%20"))
    assert (status, [(row["article"], row["item"]) for row in found["items"]]) == (200, [("5", 7), ("5", 8), ("5", 9)])
    topics = office("GET", "/criteria/aq3067-2026/clauses")[1]["items"]
    assert len(topics) == 53
    assert {row["evidence"] for row in topics} == {"K"}, "topics, their conditions not verified"
    assert office("GET", "/criteria/coal-2026/clauses")[1] == {"items": []}
    assert office("GET", "/criteria/nothing/clauses")[0] == 404
