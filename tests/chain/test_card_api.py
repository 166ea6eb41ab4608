"""Duty cards and hand-over for programs."""

from datetime import timedelta

import pytest

from anlan.chain.models import Duty, DutyCard
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from tests.api.asking import got, made, status, wrong
from tests.api.conftest import Speaking
from tests.factories import COUNTY, City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
CARD = {"level": "team_leader", "title": "熔炼班组长", "holder_name": "李某", "duties": ["班前会讲清当班风险"]}


def test_a_cards_life(city: City, speak: Speaking) -> None:
    manager, at = speak("safety_manager"), f"/enterprises/{city.enterprise.pk}/duty-cards"
    card = made(manager.post(at, CARD))
    assert (card["state"], card["duties"], card["holder"]) == ("waiting", CARD["duties"], None)
    assert got(manager.post(f"/duty-cards/{card['id']}/acknowledge"))["state"] == "acknowledged"
    changed = got(manager("PATCH", f"/duty-cards/{card['id']}", {"emergency": "先停炉断电"}))
    assert (changed["state"], changed["title"], changed["emergency"]) == ("waiting", CARD["title"], "先停炉断电")
    assert got(speak("regulator").get(f"/duty-cards/{card['id']}")) == changed
    assert got(manager.post(f"/duty-cards/{card['id']}/end"))["state"] == "ended"
    assert status(manager.post(f"/duty-cards/{card['id']}/end")) == 409
    assert got(manager.get(at))["items"] == []
    assert [one["state"] for one in got(manager.get(f"{at}?ended=true"))["items"]] == ["ended"]


def test_another_holder_is_another_person(city: City, speak: Speaking) -> None:
    """A name without its account does not keep the account of the one before."""
    manager = speak("safety_manager")
    account = str(city.posts["principal"].person_id)
    at = f"/enterprises/{city.enterprise.pk}/duty-cards"
    card = made(manager.post(at, CARD | {"holder_name": "", "holder": account}))
    assert card["holder_name"] == "principal 某"
    assert status(manager.post(f"/duty-cards/{card['id']}/acknowledge")) == 403
    assert got(speak("principal").post(f"/duty-cards/{card['id']}/acknowledge"))["state"] == "acknowledged"
    other = got(manager("PATCH", f"/duty-cards/{card['id']}", {"holder_name": "刘某"}))
    assert (other["holder"], other["holder_name"], other["state"]) == (None, "刘某", "waiting")
    back = got(manager("PATCH", f"/duty-cards/{card['id']}", {"holder": account}))
    assert (back["holder"], back["holder_name"]) == (account, "principal 某")


def test_first_cards_are_drawn_up_once(city: City, speak: Speaking) -> None:
    at = f"/enterprises/{city.enterprise.pk}/duty-cards"
    drawn = got(speak("principal").post(f"{at}/draw-up"))["items"]
    assert {one["level"] for one in drawn} == {"principal", "safety_officer"}
    assert got(speak("principal").post(f"{at}/draw-up"))["items"] == []
    assert len(got(speak("office").get(at))["items"]) == 2


def test_what_is_wrong_with_a_card(city: City, speak: Speaking) -> None:
    manager, at = speak("safety_manager"), f"/enterprises/{city.enterprise.pk}/duty-cards"
    assert wrong(manager.post(at, {"level": "boss", "duties": []})) == {"level", "title", "duties"}
    assert wrong(manager.post(at, CARD | {"holder": str(new_id())})) == {"holder"}
    card = made(manager.post(at, CARD))
    assert wrong(manager.post(at, CARD)) == {"title"}
    assert wrong(manager("PATCH", f"/duty-cards/{card['id']}", {"duties": []})) == {"duties"}
    early = {"signed_on": str(clock.today() - timedelta(days=9))}
    assert wrong(manager.post(f"/duty-cards/{card['id']}/acknowledge", early)) == {"signed_on"}


def test_officials_read_and_others_see_nothing(city: City, speak: Speaking) -> None:
    at = f"/enterprises/{city.enterprise.pk}/duty-cards"
    card = made(speak("principal").post(at, CARD))
    writes = (("PATCH", "", {"title": "值班长"}), ("POST", "/acknowledge", {}), ("POST", "/end", None))
    for name, seen in (("office", True), ("auditor", True), ("n_office", False), ("n_principal", False), ("other_field", False)):  # fmt: skip
        who = speak(name)
        assert status(who.get(f"/duty-cards/{card['id']}")) == (200 if seen else 404), name
        assert status(who.get(at)) == (200 if seen else 404), name
        assert status(who.post(at, CARD)) == (403 if seen else 404), name
        for method, tail, body in writes:
            assert status(who(method, f"/duty-cards/{card['id']}{tail}", body)) == (403 if seen else 404), (name, tail)
    assert status(speak("citizen").get(at)) == 403
    with scope.acting(SYSTEM):
        assert DutyCard.objects.get(pk=card["id"]).signed_on is None


def test_coverage_is_for_officials_of_the_place(city: City, speak: Speaking) -> None:
    made(speak("principal").post(f"/enterprises/{city.enterprise.pk}/duty-cards", CARD | {"level": "principal"}))
    (own,) = got(speak("office").get("/chain/coverage"))["items"]
    assert (own["region"], own["enterprises"], own["begun"], own["complete"]) == (COUNTY, 1, 1, 0)
    assert [one["region"] for one in got(speak("n_office").get("/chain/coverage"))["items"]] != [COUNTY]
    assert status(speak("principal").get("/chain/coverage")) == 403
    assert wrong(speak("office").get("/chain/coverage?region=1")) == {"region"}


def test_a_persons_duties_are_handed_over(city: City, speak: Speaking) -> None:
    office = speak("office")
    facts = {
        "kind": "territorial",
        "part": "leader",
        "region": COUNTY,
        "person_name": "王某",
        "valid_from": "2026-01-01",
    }
    old = made(office.post("/duties", facts))
    since = str(clock.today())
    body = {"from_name": "王某", "to_name": "刘某", "since": since, "reason": "工作调整"}
    for name in ("regulator", "leader", "principal", "citizen"):
        assert status(speak(name).post("/duties/hand-over", body)) == 403, name
    assert wrong(speak("n_office").post("/duties/hand-over", body)) == {"from_name"}
    assert wrong(office.post("/duties/hand-over", {"to_name": "刘某"})) == {"from_post"}
    (fresh,) = got(office.post("/duties/hand-over", body))["items"]
    assert (fresh["person"], fresh["valid_from"], fresh["valid_to"]) == ("刘某", since, None)
    assert got(office.get(f"/duties/{old['id']}"))["valid_to"] == str(clock.today() - timedelta(days=1))
    with scope.acting(SYSTEM):
        assert Duty.objects.filter(person_name="刘某").count() == 1
