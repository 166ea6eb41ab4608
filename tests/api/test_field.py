"""What a phone downloads, and a whole self-check sent by it."""

from typing import Any

import pytest

from anlan.hazards.categories import categories
from anlan.hazards.models import Hazard
from anlan.inspections.models import Finding, SelfCheck
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.standards.queries import clauses_in_force
from tests.api.conftest import Speaking
from tests.api.test_problems import problem
from tests.api.test_sync import cmd, statuses, sync
from tests.api.tus_client import upload
from tests.factories import City, picture
from tests.inspections.self_checks import MONDAY, at, found, make_control, make_point, plan, sheet

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_the_day_and_its_tag(city: City, speak: Speaking) -> None:
    plan(city)
    make_control(make_point(city.enterprise), "每日查看", "daily")
    manager = speak("safety_manager")
    with at(MONDAY):
        first = manager.get("/field/day")
        body = first.json()
        assert body["actor"]["enterprises"] == [str(city.enterprise.pk)]
        assert [(one["cycle"], one["period"], one["due"]) for one in body["self_checks"]] == [
            ("daily", str(MONDAY), True)
        ]
        assert body["self_checks"][0]["items"][0]["text"] == "每日查看"
        assert {one["code"] for one in body["categories"]} == set(categories())
        tag = first["ETag"]
    with at(MONDAY, 11):
        again = manager.get("/field/day", If_None_Match=tag)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert manager.get("/field/day", If_None_Match='"other"').status_code == 200
        assert manager.post("/self-checks", {"id": str(new_id())} | sheet(city, MONDAY)).status_code == 201
        changed = manager.get("/field/day", If_None_Match=tag)
        assert (changed.status_code, changed.json()["self_checks"][0]["due"]) == (200, False)
        assert speak("n_principal").get("/field/day").json()["self_checks"] == []


def test_clauses_for_search_without_a_network(city: City, speak: Speaking) -> None:
    inspector = speak("inspector")
    answer = inspector.get("/field/clauses")
    rows = answer.json()
    with scope.acting(city.inspector):
        known = {str(one.pk): one for one in clauses_in_force(MONDAY)}
    assert {one["id"] for one in rows} == set(known)
    assert all(one["number"].startswith("第") and one["text"] and one["evidence"] for one in rows)
    assert inspector.get("/field/clauses", If_None_Match=answer["ETag"]).status_code == 304
    assert inspector.get("/field/day").json()["clauses_version"] == answer["ETag"].strip('"')


@pytest.mark.parametrize("name", ["citizen", "system_admin"])
def test_who_has_no_work_in_the_field(speak: Speaking, name: str) -> None:
    for path in ("/field/day", "/field/clauses", "/self-checks/due"):
        problem(speak(name).get(path), 403, "forbidden")


def sent(city: City, hashes: list[str], **over: Any) -> dict[str, Any]:
    payload = sheet(city, MONDAY, nothing_found=False, findings=[found(hashes)]) | over
    return cmd(new_id(), 1, "self_check.do", payload=payload)


def test_a_check_with_a_finding_from_the_phone(city: City, speak: Speaking) -> None:
    from hashlib import sha256

    plan(city)
    manager, content = speak("safety_manager"), picture(300)
    command = sent(city, [sha256(content).hexdigest()])
    with at(MONDAY):
        (told,) = sync(manager, command)
        assert (told["status"], told["missing"]) == ("waiting", [sha256(content).hexdigest()])
        upload(manager, content)
        (told,) = sync(manager, command)
        assert told["status"] == "applied", told
        with scope.acting(SYSTEM):
            check, hazard, finding = SelfCheck.objects.get(), Hazard.objects.get(), Finding.objects.get()
        assert (told["record"]["id"], told["record"]["state"]) == (command["subject"], "done")
        assert told["record"]["findings"] == [
            {"finding": str(finding.pk), "hazard": str(hazard.pk), "number": hazard.number, "joined": False}
        ]
        assert statuses(sync(manager, command)) == ["already"]
        second = cmd(new_id(), 2, "self_check.do", payload=sheet(city, MONDAY))
        (added,) = sync(speak("principal"), second)
        assert (added["status"], added["version"], added["record"]["id"]) == ("applied", 2, str(check.pk))
        (told,) = sync(manager, cmd(new_id(), 3, "self_check.do", payload=sheet(city, MONDAY) | {"cycle": "weekly"}))
        assert (told["status"], told["code"]) == ("rejected", "self_check.no_plan")
        (told,) = sync(speak("inspector"), cmd(new_id(), 4, "self_check.do", payload=sheet(city, MONDAY)))
        assert (told["status"], told["code"]) == ("rejected", "self_check.own")


def test_self_checks_over_the_api(city: City, speak: Speaking) -> None:
    manager, regulator = speak("safety_manager"), speak("regulator")
    with at(MONDAY, 6):
        made = manager.post(
            "/self-check-plans", {"enterprise": city.enterprise.pk, "cycle": "daily", "begins_on": str(MONDAY)}
        )
        assert made.status_code == 201
        assert len(manager.get("/self-checks/due").json()["items"]) == 1
        pk = str(new_id())
        body = {"id": pk} | sheet(city, MONDAY)
        assert manager.post("/self-checks", body).status_code == 201
        assert manager.post("/self-checks", body | {"id": str(new_id())}).status_code == 200
        problem(manager.post("/self-checks", body | {"id": "0b9b9a54-9f0c-4d9c-8f3c-0c9a9d3e3f11"}), 422, "invalid")
        problem(regulator.post("/self-checks", body), 403, "self_check.own")
    rows = regulator.get(f"/self-checks?enterprise={city.enterprise.pk}").json()["items"]
    assert [(one["id"], one["state"], one["version"]) for one in rows] == [(pk, "done", 2)]
    assert regulator.get(f"/self-checks/{pk}").json()["answers"][0]["words"] == "护罩完好"
    problem(speak("n_regulator").get(f"/self-checks/{pk}"), 404, "not_found")
    assert speak("n_regulator").get(f"/self-checks?enterprise={city.enterprise.pk}").json()["items"] == []
    problem(manager.post(f"/self-checks/{pk}/excuse", {"excuse": "没有必要"}), 409, "flow.not_now")
    at_plan = f"/self-check-plans/{made.json()['id']}/end"
    problem(manager.post(at_plan, {"ends_on": "2199-01-01", "reason": "停产"}), 403, "self_check.plan")
    with at(MONDAY, 7):
        ended = speak("principal").post(at_plan, {"ends_on": str(MONDAY), "reason": "停产"})
    assert ended.json()["ends_on"] == str(MONDAY)
    listed = manager.get(f"/self-check-plans?enterprise={city.enterprise.pk}").json()
    assert [one["ends_on"] for one in listed] == [str(MONDAY)]
