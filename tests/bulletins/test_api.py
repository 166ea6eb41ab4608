"""Bulletins over HTTP: the same verbs and refusals for pages and programs; a draft does not exist for those below."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from anlan.identity.tokens import issue_token
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from tests.bulletins.conftest import Desk

KEY = "HTTP_IDEMPOTENCY_KEY"


@pytest.fixture
def programs(desk: Desk) -> Iterator[dict[str, Client]]:
    names = {"writer": "city", "checker": "city2", "chief": "city3", "county": "county"}
    with scope.acting(SYSTEM):
        yield {
            name: Client(headers={"Authorization": f"Bearer {issue_token(post=desk.month.posts[post], name='t')}"})
            for name, post in names.items()
        }


@pytest.fixture
def pages(desk: Desk) -> dict[str, Client]:
    found = {}
    for name, post in {"writer": "city", "county": "county"}.items():
        found[name] = Client()
        found[name].force_login(
            desk.month.posts[post].person, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    return found


def send(client: Client, path: str, data: dict[str, Any] | None = None) -> Any:
    from anlan.kernel.ids import new_id

    return client.post(
        f"/api/v1/{path}", data or {}, content_type="application/json", headers={"Idempotency-Key": str(new_id())}
    )


def test_the_road_of_a_program(desk: Desk, programs: dict[str, Client]) -> None:
    asked = {"campaign": str(desk.month.campaign.pk), "first_month": "2026-04-01", "last_month": "2026-04-01"}
    assert send(programs["county"], "bulletins", asked).status_code == 403
    made = send(programs["writer"], "bulletins", asked)
    assert made.status_code == 201, made.content
    here = f"bulletins/{made.json()['id']}"
    assert {one["code"]: one["words"] for one in made.json()["figures"]}["principals"] == "12877人"
    assert "共检查生产经营单位3284家" in made.json()["sections"][0]["printed"]
    rows = programs["writer"].get(f"/api/v1/{here}/figures/inspected?limit=2").json()
    more = programs["writer"].get(f"/api/v1/{here}/figures/inspected?limit=2&after={rows['next']}").json()
    assert sum(one["value"] for one in rows["items"] + more["items"]) == rows["figure"]["value"] == 3284
    assert more["next"] is None
    for path in ("", "/figures/inspected", "/paper.pdf", "/paper.docx"):
        assert programs["county"].get(f"/api/v1/{here}{path}").status_code == 404, path
    wrong = send(programs["writer"], f"{here}/steps/write", {"section": "next", "title": "甲", "text": "{nothing}"})
    assert wrong.status_code == 422
    assert "text" in str(wrong.json())
    assert send(programs["writer"], f"{here}/steps/review").status_code == 409
    assert send(programs["checker"], f"{here}/steps/review").status_code == 200
    assert send(programs["chief"], f"{here}/steps/approve").status_code == 200
    issued = send(programs["writer"], f"{here}/steps/issue")
    assert issued.json()["number"] == "安委办通〔2026〕1号"
    assert len(issued.json()["digest"]) == 64
    assert send(programs["writer"], f"{here}/steps/refresh").status_code == 409
    seen = programs["county"].get(f"/api/v1/{here}").json()
    assert seen["number"] == issued.json()["number"]
    assert (seen["steps"], seen["remarks"]) == ([], [])
    assert programs["county"].get("/api/v1/bulletins").json()["count"] == 1
    word = programs["county"].get(f"/api/v1/{here}/paper.docx")
    assert b"".join(word.streaming_content).startswith(b"PK")


def test_pages_of_a_draft_are_the_offices_alone(desk: Desk, pages: dict[str, Client]) -> None:
    bulletin = desk.draft()
    here = f"/bulletins/{bulletin.pk}/"
    for path in ("", "figures/", "figures/inspected/", "sections/overview/", "paper.pdf", "steps/review/"):
        assert pages["county"].get(here + path).status_code == 404, path
    for path in (
        "",
        "figures/",
        "figures/inspected/",
        "figures/on_time_rate/",
        "figures/who_no_study/",
        "sections/overview/",
    ):
        assert pages["writer"].get(here + path).status_code == 200, path
    assert (
        pages["county"].get("/bulletins/new/").status_code == 403
        or b"campaign" in pages["county"].get("/bulletins/new/").content
    )
    assert bulletin.title not in pages["county"].get("/bulletins/").content.decode()
    sent = {"section": "next", "title": "下步工作", "text": "共{inspected}。", "seen": "1"}
    answer = pages["writer"].post(f"{here}write/", sent, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.content
    assert answer.json()["version"] == 2
    answer = pages["writer"].post(f"{here}write/", sent | {"text": "{nothing}"}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["wrong"]
    assert desk.fresh(bulletin).content[3]["blocks"] == [{"kind": "paragraph", "text": "共{inspected}。"}]
