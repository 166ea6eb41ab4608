"""The whole three-party loop by API: five tokens, from the photo to closing off."""

from hashlib import sha256
from typing import Any

import pytest

from tests.api.conftest import Speaker, Speaking
from tests.factories import COUNTY, DRAWING, TOWN, City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def finding(city: City, photo: str, **over: object) -> dict[str, object]:
    return {
        "source": "group",
        "industry": "gongmao",
        "region": TOWN,
        "enterprise": str(city.enterprise.pk),
        "place": "三号车间东侧",
        "category": "equipment",
        "description": "传动部位缺少防护罩，人员可触及。",
        "photos": [photo],
    } | over


def register(city: City, who: Speaker, seed: int = 1, **over: object) -> dict[str, object]:
    answer = who.post("/hazards", finding(city, who.photo(seed), **over))
    assert answer.status_code == 201, answer.content
    return answer.json()


def ok(answer: object) -> dict[str, object]:
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_five_posts_walk_a_group_finding_to_its_closing(city: City, speak: Speaking) -> None:
    leader, group, principal = speak("leader"), speak("group_leader"), speak("principal")
    regulator, inspector = speak("regulator"), speak("inspector")
    made = register(city, group)
    at = str(made["id"])
    assert made["state"]["code"] == "found"
    assert ok(regulator.step(at, "grade", {"grade": "general"}))["grade"]["code"] == "general"
    sent = ok(regulator.step(at, "dispatch", {"responsible": city.enterprise.pk, "due": city.day(30)}))
    assert [one["code"] for one in sent["required_signers"]] == ["county_leader", "group_leader", "principal"]
    for who in (leader, group, principal):
        shown = ok(who.get(f"/hazards/{at}"))["sheet"]
        assert shown["facts"]["number"] == made["number"]
        signed = ok(who.step(at, "sign", {"digest": shown["digest"], "drawing": DRAWING}))
    assert signed["state"]["code"] == "claimed"
    assert [one["bound"] for one in signed["signatures"]] == [True, True, True]
    assert any(one.startswith("principal 某") for one in signed["waits_for"])
    ok(principal.step(at, "plan", {"measure": "加装固定式防护罩。", "due": city.day(20)}))
    done = {
        "measure_done": "护罩已装好。",
        "finished_on": city.day(0),
        "cost": "1200.50",
        "photos": [principal.photo(2)],
    }
    assert ok(principal.step(at, "submit", done))["cost_fen"] == 120050
    assert (
        ok(inspector.step(at, "recheck", {"passed": True, "remark": "现场查看，牢固有效。"}))["state"]["code"]
        == "accepted"
    )
    closed = ok(regulator.step(at, "close"))
    assert closed["state"]["code"] == "closed"
    assert closed["closed_at"].endswith("+08:00")
    assert {one["phase"] for one in closed["photos"]} == {"before", "after"}


def test_steps_say_what_is_mine_and_why_the_rest_is_not(city: City, speak: Speaking) -> None:
    at = str(register(city, speak("inspector"))["id"])
    steps = {one["name"]: one for one in ok(speak("principal").get("/hazards"))["items"]}
    assert steps == {}, "the enterprise sees nothing before it is dispatched"
    steps = {one["name"]: one for one in ok(speak("inspector").get(f"/hazards/{at}"))["steps"]}
    assert steps["grade"]["allowed"]
    assert steps["grade"]["needs"]["properties"]["grade"]["enum"] == ["general", "major"]
    assert steps["grade"]["needs"]["properties"]["grade"]["title"] == "Grade"
    assert not steps["dispatch"]["allowed"]
    assert "the regulator or the committee office" in steps["dispatch"]["reason"]
    assert "remind" not in steps
    assert "join" not in steps
    steps = {one["name"]: one for one in ok(speak("regulator").get(f"/hazards/{at}"))["steps"]}
    assert steps["dispatch"]["reason"] == "It has no grade yet: grade it first."


def test_found_again_while_open_joins_it(city: City, speak: Speaking) -> None:
    made = register(city, speak("inspector"))
    again = speak("inspector2")
    answer = again.post("/hazards", finding(city, again.photo(9)))
    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["joined"]) == (made["id"], True)
    assert answer.json()["recurrence"] == 1


def test_a_client_makes_the_id(city: City, speak: Speaking) -> None:
    inspector = speak("inspector")
    mine = "01900000-0000-7000-8000-000000000001"
    assert register(city, inspector, id=mine)["id"] == mine
    answer = inspector.post("/hazards", finding(city, inspector.photo(5), id=mine, place="别处"))
    assert (answer.status_code, answer.json()["code"]) == (409, "hazard.exists")
    answer = inspector.post(
        "/hazards", finding(city, inspector.photo(6), id="7b2d5a50-0000-4000-8000-000000000000", place="别处")
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "id")


def test_who_saw_an_older_version_is_told_who_acted(city: City, speak: Speaking) -> None:
    regulator = speak("regulator")
    at = str(register(city, speak("inspector"))["id"])
    seen = regulator.get(f"/hazards/{at}")
    ok(speak("inspector").step(at, "grade", {"grade": "general"}))
    body = {"responsible": city.enterprise.pk, "due": city.day(30)}
    answer = regulator.step(at, "dispatch", body, If_Match=seen["ETag"])
    assert (answer.status_code, answer.json()["code"]) == (409, "flow.changed")
    assert "inspector 某" in answer.json()["detail"]
    assert regulator.post(f"/hazards/{at}/steps/dispatch?version=1", body).status_code == 409
    assert regulator.step(at, "dispatch", body, If_Match="yesterday").status_code == 422
    ok(regulator.step(at, "dispatch", body, If_Match='"2"'))


def test_the_ledger_shows_the_very_bytes_to_officials(city: City, speak: Speaking) -> None:
    at = str(register(city, speak("inspector"), source="self")["id"])
    act = ok(speak("auditor").get(f"/hazards/{at}/ledger"))["acts"][0]
    assert act["step"] == "register"
    assert act["leaf"] == sha256(b"\0" + act["body"].encode()).hexdigest()
    assert (act["index"], act["proof"]) == (None, None), "nothing is sealed before its transaction ended"
    assert ok(speak("principal").get(f"/hazards/{at}/ledger"))["acts"][0]["body"] is None


def test_figures_of_the_board_reconcile_with_the_list(city: City, speak: Speaking) -> None:
    office = speak("office")
    register(city, speak("inspector"))
    city.dismissed()
    total = ok(office.get("/hazards/board?by=source"))["total"]
    assert (total["found"], total["open"], total["dismissed"]) == (2, 1, 1)
    for figure, query in total["queries"].items():
        assert ok(office.get(f"/hazards?{query}"))["count"] == total[figure], figure
    assert ok(office.get(f"/hazards/board?region={COUNTY}"))["total"]["found"] == 2


def test_pages_of_the_list_hold_each_hazard_once(city: City, speak: Speaking) -> None:
    for _number in range(5):
        city.found()
    seen: list[str] = []
    path = "/hazards?limit=2"
    while path:
        page = ok(speak("regulator").get(path))
        assert (page["count"], page["count_is_exact"]) == (5, True)
        seen += [one["number"] for one in page["items"]]
        path = f"/hazards?limit=2&cursor={page['next']}" if page["next"] else ""
    assert len(seen) == len(set(seen)) == 5


def test_a_change_after_signing_shows_on_the_signature(city: City, speak: Speaking) -> None:
    at = city.rectifying(grade="general").pk

    def bound() -> set[tuple[bool, tuple[str, ...]]]:
        found = ok(speak("auditor").get(f"/hazards/{at}"))["signatures"]
        return {(one["bound"], tuple(one["changed"])) for one in found}

    assert bound() == {(True, ())}
    ok(speak("office")("PATCH", f"/enterprises/{city.enterprise.pk}", {"name": "翠岭重工有限公司"}))
    assert bound() == {(False, ("responsible",))}


def test_one_hazard_and_a_page_of_them_cost_a_bounded_number_of_queries(
    city: City, speak: Speaking, django_assert_max_num_queries: Any
) -> None:
    for _number in range(12):
        city.dispatched()
    regulator = speak("regulator")
    with django_assert_max_num_queries(30):
        ok(regulator.get("/hazards?limit=12"))
    at = city.closed().pk
    with django_assert_max_num_queries(45):
        ok(regulator.get(f"/hazards/{at}"))


@pytest.mark.parametrize(
    ("asked", "found"), [("", 2), ("true", 1), ("1", 1), ("yes", 1), ("false", 2), ("unpublished", 1), ("no", 1)]
)
def test_the_list_is_narrowed_to_what_is_listed(city: City, speak: Speaking, asked: str, found: int) -> None:
    city.rectifying()
    city.do(city.office, city.rectifying(grade="major"), "list", level="county")
    assert ok(speak("office").get(f"/hazards?listed={asked}"))["count"] == found
    assert speak("office").get("/hazards?listed=perhaps").status_code == 422
