"""For programs: a document's way over HTTP, and who is refused on it."""

import json
from typing import Any

import pytest
from django.test import Client

from anlan.directives.models import Directive, DirectiveTask
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from tests.directives.conftest import TEXT, Desk
from tests.directives.test_pages import browser
from tests.factories import CITY, COUNTY

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
BASE = "/api/v1"
STRANGERS = ("n_office", "inspector", "principal", "citizen", "dispatcher", None)


def send(client: Client, path: str, **data: Any) -> Any:
    return client.post(f"{BASE}/{path}", json.dumps(data, default=str), content_type="application/json")


def caller(desk: Desk, name: str | None) -> Client:
    return browser(desk.city.actors[name]) if name else Client()


def test_a_document_becomes_tasks(desk: Desk):
    office, member = browser(desk.office), browser(desk.member)
    key = new_id()
    made = send(office, "directives", id=key, region=CITY, text=TEXT)
    assert made.status_code == 201, made.content
    assert send(office, "directives", id=new_id(), region=CITY, text=TEXT).status_code == 409
    found = office.get(f"{BASE}/directives/{key}").json()
    assert found["reference"] == "澜安办〔2026〕40号"
    first, second, third, _fourth = found["proposals"]
    taken = send(office, f"directive-proposals/{first['id']}/accept", units=[desk.unit.pk])
    assert taken.status_code == 201, taken.content
    (task,) = taken.json()["tasks"]
    assert task["due"] == "2026-12-20"
    assert send(office, f"directive-proposals/{first['id']}/accept", units=[desk.unit.pk]).status_code == 409
    mended = send(
        office, f"directive-proposals/{second['id']}/mend", units=[desk.unit.pk], what="报送", due="2026-12-30"
    )
    assert mended.status_code == 201, mended.content
    assert send(office, f"directive-proposals/{third['id']}/refuse", reason="").status_code == 422
    assert send(office, f"directive-proposals/{third['id']}/refuse", reason="不属本市。").status_code == 204
    added = send(office, f"directives/{key}/tasks", units=[desk.unit.pk], what="转发", start=0, end=10)
    assert added.status_code == 201, added.content
    seen = member.get(f"{BASE}/directive-tasks").json()
    assert {one["what"] for one in seen["items"]} >= {"报送", "转发"}
    assert member.get(f"{BASE}/directives/{key}").json()["proposals"] in ([], None)
    steps = f"directive-tasks/{task['id']}/steps"
    assert send(member, f"{steps}/sign").status_code == 200
    assert send(member, f"{steps}/verify").status_code == 409
    assert office.get(f"{BASE}/directive-tasks/{task['id']}").json()["state"] == "signed_for"


def test_a_day_that_does_not_exist_is_said_at_its_field(desk: Desk):
    office = browser(desk.office)
    key = new_id()
    send(office, "directives", id=key, region=CITY, text=TEXT.replace("12月20日前", "2月30日前"))
    first = office.get(f"{BASE}/directives/{key}").json()["proposals"][0]
    answer = send(office, f"directive-proposals/{first['id']}/accept", units=[desk.unit.pk])
    assert answer.status_code == 422
    assert "2月30日前" in answer.content.decode()
    with scope.acting(SYSTEM):
        assert not DirectiveTask.objects.exists()


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_find_nothing_and_change_nothing(desk: Desk, name: str | None):
    task = desk.accept(1)[0]
    proposal = desk.proposal(task.directive, 2)
    client = caller(desk, name)
    for path in (f"directives/{task.directive_id}", f"directive-tasks/{task.pk}"):
        assert client.get(f"{BASE}/{path}").status_code in (401, 403, 404), path
    for path, data in (
        ("directives", {"id": new_id(), "region": CITY, "text": TEXT.replace("40号", "41号")}),
        ("directives/incoming", {"region": CITY, "text": TEXT.replace("40号", "41号")}),
        (f"directives/{task.directive_id}/tasks", {"units": [desk.unit.pk], "what": "转发", "start": 0, "end": 10}),
        (f"directive-proposals/{proposal.pk}/accept", {"units": [desk.unit.pk]}),
        (f"directive-proposals/{proposal.pk}/mend", {"units": [desk.unit.pk], "what": "报送"}),
        (f"directive-proposals/{proposal.pk}/refuse", {"reason": "不属本市。"}),
        (f"directive-tasks/{task.pk}/steps/sign", {}),
        (f"directive-tasks/{task.pk}/steps/withdraw", {"reason": "文件已废止。"}),
        ("directive-digests/drafts", {}),
    ):
        if path == "directive-digests/drafts" and name == "n_office":
            continue  # the neighbour drafts its own
        answer = send(client, path, **data)
        assert answer.status_code in (401, 403, 404), (path, answer.status_code, answer.content)
    for path in ("directives", "directive-tasks", "directive-digests"):
        listed = client.get(f"{BASE}/{path}")
        assert listed.status_code in (401, 403) or not listed.json()["items"], path
    with scope.acting(SYSTEM):
        assert Directive.objects.count() == 1
        assert DirectiveTask.objects.count() == 1
        assert not desk.proposal(task.directive, 2).ruling
        assert desk.fresh(task).state == "assigned"


def test_a_neighbours_draft_holds_nothing_of_ours(desk: Desk):
    desk.accept(1)
    answer = send(browser(desk.city.actors["n_office"]), "directive-digests/drafts")
    assert answer.status_code == 201, answer.content
    assert "加油站" not in answer.content.decode()
    key = answer.json()["id"]
    for client in (browser(desk.city.office), browser(desk.member)):
        assert send(client, f"directive-digests/drafts/{key}/issue").status_code in (403, 404)


def test_a_county_takes_in_for_itself_alone(desk: Desk):
    county = browser(desk.city.office)
    assert send(county, "directives", id=new_id(), region=CITY, text=TEXT).status_code == 403
    assert send(county, "directives", id=new_id(), region=COUNTY, text=TEXT).status_code == 201


@pytest.mark.parametrize(
    "data",
    [
        {"region": CITY},
        {"region": CITY, "text": " \u3000\n"},
        {"region": CITY, "text": TEXT, "file": "01900000-0000-7000-8000-00000000dead"},
        {"region": CITY, "file": "01900000-0000-7000-8000-00000000dead"},
        {"region": -1, "text": TEXT},
        {"region": CITY, "text": TEXT, "received_on": "2026-02-30"},
        {"region": CITY, "text": "安" * 200_001},
    ],
    ids=["nothing", "blank", "both", "no-such-file", "no-region", "no-such-day", "too-long"],
)
def test_what_cannot_be_brought_in_is_told_at_its_field(desk: Desk, data: dict[str, Any]):
    answer = send(browser(desk.office), "directives", id=new_id(), **data)
    assert answer.status_code == 422, answer.content
    with scope.acting(SYSTEM):
        assert not Directive.objects.exists()
