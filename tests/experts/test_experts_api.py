"""The pool, certificates and avoidances for programs."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from anlan.experts.actions import add_expert, keep_group
from anlan.experts.models import Expert, GroupMember
from anlan.kernel import clock, scope
from anlan.kernel.ids import new_id
from tests.api.asking import got, made, status, wrong
from tests.api.conftest import Speaking
from tests.factories import CITY, COUNTY, NEIGHBOUR, City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
EXPERT = {
    "name": "陈某",
    "level": "county",
    "region": COUNTY,
    "fields": [0],
    "specialties": ["dust"],
    "since": "2026-01-01",
}


def person(city: City, name: str) -> str:
    return str(city.posts[name].person_id)


def test_an_expert_is_added_changed_and_away(city: City, speak: Speaking) -> None:
    office, today = speak("office"), clock.today()
    expert = made(office.post("/experts", EXPERT | {"person": person(city, "expert"), "phone": "13800138000"}))
    at = f"/experts/{expert['id']}"
    changed = got(office("PATCH", at, {"title": "高级工程师"}))
    assert (changed["title"], changed["fields"], changed["specialties"]) == ("高级工程师", [0], ["dust"])
    with scope.acting(city.office):
        assert Expert.objects.get(pk=expert["id"]).phone == "13800138000", "what was not sent stays"
    days = {"first": str(today), "last": str(today + timedelta(days=2)), "reason": "外出"}
    absence = made(speak("expert").post(f"{at}/absences", days))
    assert got(office.get(at))["absences"] == [absence]
    assert got(office.get(f"/experts?free_on={today}"))["items"] == []
    assert got(speak("expert").post(f"/absences/{absence['id']}/over"))["absences"] == []
    assert status(office.post(f"/absences/{absence['id']}/over")) == 404


def test_what_is_wrong_with_an_expert(city: City, speak: Speaking) -> None:
    office = speak("office")
    assert wrong(office.post("/experts", EXPERT | {"region": NEIGHBOUR})) == {"region"}
    assert wrong(office.post("/experts", EXPERT | {"fields": [63]})) == {"fields.0"}
    assert wrong(office.post("/experts", EXPERT | {"fields": [-1]})) == {"fields.0"}
    assert wrong(office.post("/experts", EXPERT | {"specialties": ["magic"]})) == {"specialties"}
    expert = made(office.post("/experts", EXPERT))
    assert wrong(office("PATCH", f"/experts/{expert['id']}", {"person": person(city, "inspector")})) == {"person"}
    assert wrong(office("PATCH", f"/experts/{expert['id']}", {"until": "2020-01-01"})) == {""}
    late = {"first": "2026-12-05", "last": "2026-12-01"}
    assert wrong(office.post(f"/experts/{expert['id']}/absences", late)) == {""}


def test_a_group_and_its_members(city: City, speak: Speaking) -> None:
    office = speak("office")
    one, two = (made(office.post("/experts", EXPERT | {"name": name}))["id"] for name in ("甲某", "乙某"))
    group = made(office.post("/expert-groups", {"name": "粉尘组", "region": COUNTY, "members": [one], "leader": one}))
    at = f"/expert-groups/{group['id']}"
    both = got(office("PATCH", at, {"members": [one, two]}))
    assert (set(both["members"]), both["leader"], both["fields"]) == ({one, two}, one, [0])
    assert got(office.get("/expert-groups"))["items"] == [both]
    assert got(office.get(f"/experts/{two}"))["groups"] == [group["id"]]
    assert wrong(office("PATCH", at, {"members": [two]})) == {""}, "the leader is a member"
    assert wrong(office("PATCH", at, {"members": [one, str(new_id())]})) == {"members"}
    assert wrong(office.post("/expert-groups", {"name": "粉尘组", "region": COUNTY, "members": [one]})) == {"name"}


def test_a_member_of_a_higher_pool_is_not_lost_by_a_change(city: City, speak: Speaking) -> None:
    """The county's office does not see the city's expert in its group, and does not drop them either."""
    high = city.city_office
    with scope.acting(high):
        theirs = add_expert(actor=high, data=EXPERT | {"region": CITY, "level": "city"})
        ours = add_expert(actor=high, data=EXPERT)
        facts = {"name": "联合组", "region": COUNTY, "members": [theirs.pk, ours.pk]}
        group = keep_group(actor=high, data=facts)
    got(speak("office")("PATCH", f"/expert-groups/{group.pk}", {"name": "联合专家组"}))
    with scope.acting(high):
        assert GroupMember.objects.filter(group=group).count() == 2


def test_certificates_and_avoidances(city: City, speak: Speaking) -> None:
    regulator, who = speak("regulator"), person(city, "inspector")
    number = {"person": who, "number": "晋L-0001", "since": "2025-01-01"}
    certificate = made(regulator.post("/certificates", number))
    assert wrong(regulator.post("/certificates", number)) == {"number"}
    ended = got(regulator.post(f"/certificates/{certificate['id']}/end", {"last": "2026-12-31", "reason": "换发"}))
    assert ended["valid_to"] == "2026-12-31"
    early = {"last": "2020-01-01", "reason": "换发"}
    assert wrong(regulator.post(f"/certificates/{certificate['id']}/end", early)) == {"last"}
    kin = {
        "person": who,
        "enterprise": str(city.enterprise.pk),
        "kind": "kin",
        "reason": "亲属任职",
        "since": "2026-01-01",
    }
    avoidance = made(speak("office").post("/avoidances", kin))
    own = made(speak("group_leader").post("/avoidances", kin | {"person": person(city, "group_leader")}))
    assert {one["id"] for one in got(regulator.get("/avoidances"))["items"]} == {avoidance["id"], own["id"]}
    assert [one["id"] for one in got(speak("group_leader").get("/avoidances"))["items"]] != []
    body = {"last": "2026-06-30", "reason": "已离职"}
    assert got(regulator.post(f"/avoidances/{avoidance['id']}/end", body))["until"] == "2026-06-30"
    assert status(regulator.post(f"/avoidances/{avoidance['id']}/end", body)) == 409
    assert wrong(regulator.post("/avoidances", kin | {"enterprise": str(city.n_enterprise.pk)})) == {"enterprise"}
    assert wrong(regulator.post("/avoidances", kin | {"person": person(city, "n_inspector")})) == {"person"}


def test_nobody_else_keeps_the_pool(city: City, speak: Speaking) -> None:
    office = speak("office")
    expert = made(office.post("/experts", EXPERT))["id"]
    group = made(office.post("/expert-groups", {"name": "粉尘组", "region": COUNTY, "members": [expert]}))["id"]
    number = {"person": person(city, "inspector"), "number": "晋L-0001", "since": "2025-01-01"}
    certificate = made(office.post("/certificates", number))["id"]
    kin = {"person": person(city, "inspector"), "enterprise": str(city.enterprise.pk), "kind": "kin", "reason": "亲属", "since": "2026-01-01"}  # fmt: skip
    avoidance = made(office.post("/avoidances", kin))["id"]
    days = {"first": "2026-12-01", "last": "2026-12-02"}
    absence = made(office.post(f"/experts/{expert}/absences", days))["id"]
    body = {"last": "2199-06-30", "reason": "换发"}
    writes: list[tuple[str, str, Any]] = [
        ("PATCH", f"/experts/{expert}", {"title": "工程师"}),
        ("POST", f"/experts/{expert}/absences", days),
        ("POST", f"/absences/{absence}/over", None),
        ("PATCH", f"/expert-groups/{group}", {"name": "一组"}),
        ("POST", f"/certificates/{certificate}/end", body),
        ("POST", f"/avoidances/{avoidance}/end", body),
    ]
    for name, expected in (("leader", {403}), ("auditor", {403}), ("expert", {403}), ("n_office", {404})):
        for method, path, data in writes:
            assert status(speak(name)(method, path, data)) in expected, (name, method, path)
    for method, path, data in writes[:4]:
        assert status(speak("regulator")(method, path, data)) == 403, path
    for name in ("inspector", "principal", "citizen"):
        for path in ("/experts", "/expert-groups", "/certificates", "/avoidances", f"/experts/{expert}"):
            assert status(speak(name).get(path)) == 403, (name, path)
    for path in ("/experts", "/expert-groups", "/certificates", "/avoidances"):
        assert got(speak("n_office").get(path))["items"] == [], path
    with scope.acting(city.office):
        assert Expert.objects.get(pk=UUID(expert)).title == ""
