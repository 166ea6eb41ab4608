"""One's own account as a citizen: set, named, closed, forgotten; and the guest of whom nothing is known."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.identity import citizens
from anlan.identity.citizens import Verdict, names
from anlan.identity.events import CitizenLeaves, CitizensMerged
from anlan.identity.models import ApiToken, Citizen, Person, Post
from anlan.kernel import clock, events, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import id_card_check
from anlan.kernel.errors import Conflict, Forbidden
from anlan.kernel.models import Entry
from tests.channels.twin import Twin
from tests.identity.citizens import API, PHONE, browser, guest, how_many, me, proof, send, sign_in
from tests.identity.conftest import City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def id_number(first17: str = "14100219800101123") -> str:
    return first17 + id_card_check(first17)


def row() -> Citizen:
    with scope.acting(SYSTEM):
        return Citizen.objects.select_related("person").get()


@pytest.fixture
def checker(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    plugged: list[Any] = list(names._checker)
    monkeypatch.setattr(names, "_checker", plugged)
    return plugged


def test_what_citizens_set_for_themselves(twin: Twin) -> None:
    client = sign_in(twin)
    assert send(client, "me", method="patch", name="晨跑的人", language="en").status_code == 200
    assert send(client, "me", method="patch", large_type=True).status_code == 200
    assert me(client) == me(client) | {"name": "晨跑的人", "language": "en", "large_type": True}
    wrong = send(client, "me", method="patch", language="fr", phone="13900000001")
    assert {one["field"] for one in wrong.json()["errors"]} == {"language", "phone"}


def test_a_real_name_is_kept_without_the_number_and_unverified(twin: Twin) -> None:
    client = sign_in(twin)
    number = id_number()
    answer = send(client, "me/real-name", name="王小明", id_number=number)
    assert answer.json() == answer.json() | {"name": "王小明", "named": True, "verified": False}
    kept = row()
    assert (kept.id_last4, len(kept.id_digest)) == (number[-4:], 64)
    assert number not in str(vars(kept)) + str(vars(kept.person))
    with scope.acting(SYSTEM):
        assert all(number not in bytes(one.body).decode() for one in Entry.objects.all())
    assert citizens.real_name_of(kept.pk) == ""
    refused = send(client, "me", method="patch", name="李四")
    assert {one["field"] for one in refused.json()["errors"]} == {"name"}


@pytest.mark.parametrize("number", ["", "14100219800101123", "141002198001011230", "abc", "14100219801301123X"])
def test_a_number_that_cannot_be_one_is_refused(twin: Twin, number: str) -> None:
    if number == id_number():
        number = number[:-1] + ("1" if number[-1] == "0" else "0")
    answer = send(sign_in(twin), "me/real-name", name="王小明", id_number=number)
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} == {"id_number"}
    assert row().id_digest == ""


def test_a_city_plugs_in_its_own_check(twin: Twin, checker: list[Any]) -> None:
    citizens.real_name_by(lambda name, number: Verdict(fits=name == "王小明", by="register"))
    client = sign_in(twin)
    assert send(client, "me/real-name", name="李四", id_number=id_number()).json()["code"] == "citizen.not_the_same"
    assert send(client, "me/real-name", name="王小明", id_number=id_number()).json()["verified"] is True
    kept = row()
    assert (kept.verified_by, citizens.real_name_of(kept.pk)) == ("register", "王小明")
    other = id_number("14100219900101123")
    assert send(client, "me/real-name", name="王小明", id_number=other).status_code == 422


def test_names_are_not_guessed_for_ever(twin: Twin) -> None:
    client = sign_in(twin)
    answers = [send(client, "me/real-name", name="王小明", id_number=id_number()).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_a_guest_is_nobody_and_costs_a_proof(twin: Twin) -> None:
    assert send(browser(), "guest").json()["code"] == "rate.proof_needed"
    client = guest()
    assert me(client) == me(client) | {"guest": True, "phone": "", "name": "", "wechat": False}
    kept = row()
    assert (kept.phone, kept.person.phone, kept.person.name, kept.person.email) == ("", "", "", "")
    assert send(client, "me/real-name", name="王小明", id_number=id_number()).status_code == 403


def test_a_guest_who_asks_again_stays_the_same(twin: Twin) -> None:
    client = guest()
    mine = me(client)["id"]
    assert send(client, "guest", proof=proof()).json()["person"]["id"] == mine
    assert how_many() == 1


def test_a_guest_who_signs_in_is_taken_over_and_gone(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[CitizensMerged] = []
    monkeypatch.setitem(events._hearers, CitizensMerged, [heard.append])
    client = guest()
    before = me(client)["id"]
    sign_in(twin, client=client)
    after = me(client)
    assert (after["guest"], after["phone"]) == (False, "138****1234")
    assert [(str(one.gone), str(one.kept)) for one in heard] == [(before, after["id"])]
    with scope.acting(SYSTEM):
        assert not Person.objects.filter(pk=before).exists()
        assert not Post.objects.filter(person_id=before).exists()


def test_a_citizen_who_signs_in_anew_is_not_taken_over(twin: Twin) -> None:
    client = sign_in(twin)
    first = me(client)["id"]
    sign_in(twin, "13800005678", client=client)
    assert me(client)["id"] != first
    assert how_many() == 2


def test_closing_the_account_leaves_nothing(twin: Twin) -> None:
    client, elsewhere = sign_in(twin), sign_in(twin)
    person = me(client)["id"]
    send(client, "me/real-name", name="王小明", id_number=id_number())
    assert send(client, "me", method="delete").status_code == 204
    assert client.get(f"{API}/me").status_code == 401
    assert elsewhere.get(f"{API}/me").status_code == 401
    with scope.acting(SYSTEM):
        assert not Person.objects.filter(pk=person).exists()
        assert not Citizen.objects.exists()
        assert not ApiToken.objects.exists()
        entries = "".join(bytes(one.body).decode() for one in Entry.objects.all())
    assert PHONE not in entries
    assert "王小明" not in entries
    assert me(sign_in(twin))["id"] != person


def test_a_room_that_owes_something_may_refuse(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    def owes(event: CitizenLeaves) -> None:
        raise Conflict("A reward waits for you.", code="reward.waits")

    monkeypatch.setitem(events._hearers, CitizenLeaves, [owes])
    client = sign_in(twin)
    answer = send(client, "me", method="delete")
    assert (answer.status_code, answer.json()["code"]) == (409, "reward.waits")
    assert me(client)["phone"] == "138****1234"
    with clock.at(clock.now() + timedelta(days=800)):
        assert citizens.forget_idle() == 0
    assert how_many() == 1


def test_accounts_nobody_uses_are_forgotten(twin: Twin) -> None:
    sign_in(twin)
    moment = clock.now()
    with clock.at(moment + timedelta(days=700)):
        guest()
        assert citizens.forget_idle() == 0
    with clock.at(moment + timedelta(days=731)):
        assert citizens.forget_idle() == 1
    assert row().guest
    with clock.at(moment + timedelta(days=765)):
        assert citizens.forget_idle() == 1
    assert how_many() == 0


def test_an_account_in_use_is_not_forgotten(twin: Twin) -> None:
    client = sign_in(twin)
    with clock.at(clock.now() + timedelta(days=20)):
        client.get(f"{API}/me")
        assert row().seen_on == clock.today()


def test_verbs_are_for_citizens_alone(city: City, twin: Twin) -> None:
    for role in set(city.posts) - {"citizen"}:
        actor = city.actor(role)
        for verb, data in (
            (citizens.edit_me, {"name": "x"}),
            (citizens.check_real_name, {"name": "王小明", "id_number": id_number()}),
            (citizens.subscribe, {"template": "report.answered", "accepted": True}),
        ):
            with pytest.raises(Forbidden), scope.acting(actor):
                verb(actor=actor, data=data)  # type: ignore[operator]
        with pytest.raises(Forbidden), scope.acting(actor):
            citizens.close_account(actor=actor)
    with pytest.raises(Forbidden):
        citizens.close_account(actor=Actor(role="citizen"))
    appointed = city.actor("citizen")  # an administrator keeps this one
    with scope.acting(appointed):
        for verb, data in (
            (citizens.edit_me, {"name": "x"}),
            (citizens.check_real_name, {"name": "王小明", "id_number": id_number()}),
        ):
            with pytest.raises(Forbidden):
                verb(actor=appointed, data=data)  # type: ignore[operator]
        with pytest.raises(Forbidden):
            citizens.close_account(actor=appointed)


def test_one_citizen_reads_and_changes_nothing_of_another(twin: Twin) -> None:
    first, second = sign_in(twin), sign_in(twin, "13800005678")
    mine, other = me(first)["id"], me(second)["id"]
    with scope.acting(SYSTEM):
        post = Post.objects.select_related("person", "organisation").get(person_id=mine)
    from anlan.identity.acting import actor_for

    with scope.acting(actor_for(post)):
        assert [str(one.pk) for one in Citizen.objects.all()] == [mine]
        assert Citizen.objects.filter(pk=other).update(large_type=True) == 0
        assert Person.objects.filter(pk=other).update(name="x") == 0
