"""Citizens sign in by a code on their phone: what opens, what a stranger cannot learn or guess, and what nobody keeps."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings

from anlan.channels.models import Outgoing
from anlan.identity.models import Citizen, Person, PhoneCode, Post, SignIn
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.models import Entry, Refusal
from tests.channels.twin import Twin
from tests.identity.citizens import (
    API,
    PHONE,
    browser,
    code_for,
    deliver_all,
    forget_tries,
    how_many,
    me,
    send,
    sign_in,
)
from tests.identity.conftest import PASSWORD, City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_a_code_opens_an_account_and_the_next_one_the_same(twin: Twin) -> None:
    first = sign_in(twin)
    mine = me(first)
    assert mine == mine | {"phone": "138****1234", "guest": False, "verified": False, "language": "zh-hans"}
    assert me(sign_in(twin))["id"] == mine["id"]
    assert how_many() == 1


def test_a_session_key_that_was_planted_is_worth_nothing(twin: Twin) -> None:
    client = browser()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = planted = session.session_key
    sign_in(twin, client=client)
    assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != planted
    stranger = browser()
    stranger.cookies[django_settings.SESSION_COOKIE_NAME] = planted
    assert stranger.get(f"{API}/me").status_code == 401


def test_a_code_works_once_for_five_minutes_and_for_its_phone(twin: Twin) -> None:
    code = code_for(twin)
    assert send(browser(), "sign-in", phone="13800005678", code=code).status_code == 422
    assert send(browser(), "sign-in", phone=PHONE, code=code).status_code == 200
    assert send(browser(), "sign-in", phone=PHONE, code=code).status_code == 422
    forget_tries()
    late = code_for(twin)
    with clock.at(clock.now() + timedelta(minutes=5, seconds=1)):
        assert send(browser(), "sign-in", phone=PHONE, code=late).status_code == 422


def test_spaces_and_the_country_code_are_forgiven(twin: Twin) -> None:
    code = code_for(twin, PHONE)
    answer = send(browser(), "sign-in", phone="+86 138-0000-1234", code=f"{code[:3]} {code[3:]}")
    assert answer.status_code == 200


def test_five_wrong_tries_end_a_code_also_from_within_a_session(twin: Twin) -> None:
    from tests.identity.citizens import guest

    client = guest()  # a session's transaction is undone by a refusal; the count must not be
    code = code_for(twin)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    answers = [send(client, "sign-in", phone=PHONE, code=wrong) for _ in range(5)]
    assert {one.status_code for one in answers} == {422}
    assert {one.json()["code"] for one in answers} == {"sign_in.bad_code"}
    assert send(client, "sign-in", phone=PHONE, code=code).status_code == 422


def test_a_new_code_ends_the_one_before(twin: Twin) -> None:
    first = code_for(twin)
    forget_tries()
    second = code_for(twin)
    if first != second:
        assert send(browser(), "sign-in", phone=PHONE, code=first).status_code == 422
    assert send(browser(), "sign-in", phone=PHONE, code=second).status_code == 200


def test_a_known_number_and_an_unknown_one_are_answered_alike(twin: Twin) -> None:
    sign_in(twin)
    answers = [send(browser(), "codes", phone=phone) for phone in (PHONE, "13800005678")]
    assert [one.status_code for one in answers] == [202, 202]
    assert answers[0].json() == answers[1].json() == {"wait_seconds": 60, "valid_seconds": 300}
    refused = [send(browser(), "sign-in", phone=phone, code="000000x") for phone in (PHONE, "13800005678")]
    assert refused[0].json() == refused[1].json()


def test_one_code_a_minute_and_five_an_hour(twin: Twin) -> None:
    moment = clock.now()
    for number in range(5):
        with clock.at(moment + timedelta(minutes=2 * number)):
            assert send(browser(), "codes", phone=PHONE).status_code == 202
            again = send(browser(), "codes", phone=PHONE)
            assert again.status_code == 429
            assert again.json()["code"] == "rate.limited"
            assert 1 <= int(again["Retry-After"]) <= 61 or number == 4
    with clock.at(moment + timedelta(minutes=20)):
        late = send(browser(), "codes", phone=PHONE)
        assert late.status_code == 429
        assert 2000 < int(late["Retry-After"]) <= 3600
    with clock.at(moment + timedelta(minutes=62)):
        assert send(browser(), "codes", phone=PHONE).status_code == 202


@pytest.mark.parametrize("phone", ["", "12345678901", "1380000123", "abc", "138\x000001234", "１３８００００１２３"])
def test_what_is_no_number_is_refused_at_the_field(twin: Twin, phone: str) -> None:
    answer = send(browser(), "codes", phone=phone)
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} == {"phone"}
    assert twin.texts() == []


def test_full_width_digits_are_a_number(twin: Twin) -> None:
    assert send(browser(), "codes", phone="１３８００００１２３４").status_code == 202


def test_where_no_gateway_is_set_up_it_says_so(settings: Any) -> None:
    settings.ANLAN_SMS_URL = ""
    answer = send(browser(), "codes", phone=PHONE)
    assert answer.status_code == 409
    assert "ANLAN_SMS_URL" in answer.json()["detail"]
    with scope.acting(SYSTEM):
        assert Outgoing.objects.count() == PhoneCode.objects.count() == 0


def test_neither_code_nor_number_is_kept_in_the_clear(twin: Twin) -> None:
    code = code_for(twin)
    row = PhoneCode.objects.get()
    assert len(row.phone) == len(row.digest) == 64
    assert PHONE not in row.phone
    with scope.acting(SYSTEM):
        gone = Outgoing.objects.get()
    assert (gone.to, gone.facts) == ("138****1234", {})
    assert code not in str(vars(gone))


def test_another_site_signs_nobody_in(twin: Twin) -> None:
    code = code_for(twin)
    for headers in (
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null"},
    ):
        answer = send(browser(**headers), "sign-in", phone=PHONE, code=code)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    own = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    assert send(browser(**own), "sign-in", phone=PHONE, code=code).status_code == 200


def test_writes_in_a_session_carry_the_token(twin: Twin) -> None:
    client = sign_in(twin)
    assert client.patch(f"{API}/me", {"large_type": True}, content_type="application/json").status_code == 403
    assert send(client, "me", method="patch", large_type=True).json()["large_type"] is True


def test_signing_out_ends_the_session(twin: Twin) -> None:
    client = sign_in(twin)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    assert send(client, "sign-out").status_code == 204
    client.cookies[django_settings.SESSION_COOKIE_NAME] = cookie
    assert client.get(f"{API}/me").status_code == 401


def test_a_citizen_stays_signed_in_for_weeks_and_not_for_ever(twin: Twin) -> None:
    client = sign_in(twin)
    moment = clock.now()
    with clock.at(moment + timedelta(days=20)):
        assert client.get(f"{API}/me").status_code == 200
    with clock.at(moment + timedelta(days=31)):
        assert client.get(f"{API}/me").status_code == 401


def test_an_officials_session_is_no_citizens(city: City, twin: Twin) -> None:
    client = browser()
    client.force_login(city.person("office"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"{API}/me").status_code == 401


def test_a_citizen_sees_no_page_of_the_office_and_their_password_is_none(city: City, twin: Twin) -> None:
    client = sign_in(twin)
    for path in ("/people/", "/hazards/", "/settings/", "/audit/"):
        assert client.get(path).status_code in (302, 403, 404), path
    with scope.acting(SYSTEM):
        username = Person.objects.get(region=0).username
    answer = browser().post("/sign-in/", {"login": username, "password": PASSWORD})
    assert answer.status_code != 302


def test_no_post_of_the_city_sees_a_citizens_account(city: City, twin: Twin) -> None:
    sign_in(twin)
    with scope.acting(SYSTEM):
        person = Person.objects.get(region=0)
    for role in city.posts:
        with scope.acting(city.actor(role)):
            assert not Person.objects.filter(pk=person.pk).exists(), role
            assert not Post.objects.filter(person_id=person.pk).exists(), role
            assert not Citizen.objects.exists(), role
            assert not Entry.objects.filter(subject_id=person.pk).exists(), role
    from anlan.identity.acting import actor_for

    with scope.acting(SYSTEM):
        own = actor_for(Post.objects.select_related("person", "organisation").get(person=person))
    with scope.acting(own):
        assert Citizen.objects.get().pk == person.pk
    assert own.veiled


def test_where_a_citizen_came_from_is_not_kept(twin: Twin) -> None:
    client = sign_in(twin)
    client.get(f"{API}/no-such-thing")
    send(client, "me", method="patch", name="x" * 100)
    with scope.acting(SYSTEM):
        assert not SignIn.objects.exists()
        assert not UserSession.objects.exists()
        for one in Refusal.objects.all():
            assert (one.person_id, one.post_id, one.actor_name, one.ip) == (None, None, "", None)
        for entry in Entry.objects.all():
            assert (entry.person_id, entry.post_id, entry.actor_name, entry.region) == (None, None, "", None)
            assert PHONE not in bytes(entry.body).decode()


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_two_sign_ins_at_once_open_one_account(twin: Twin) -> None:
    from anlan.identity import citizens
    from anlan.identity.citizens import accounts
    from tests.together import at_once

    def enter() -> Any:
        with scope.acting(SYSTEM):
            return accounts.with_phone(PHONE).person_id

    assert len(set(at_once(*[enter] * 6))) == 1
    assert how_many() == 1
    code = code_for(twin)
    from tests.together import outcomes_of

    found = outcomes_of(*[lambda: citizens.sign_in_by_phone(data={"phone": PHONE, "code": code}).person_id] * 4)
    assert sum(1 for one in found if not isinstance(one, Exception)) == 1, found  # a code works once


def test_the_code_that_is_asked_for_again_is_sent_again(twin: Twin) -> None:
    send(browser(), "codes", phone=PHONE)
    forget_tries()
    send(browser(), "codes", phone=PHONE)
    deliver_all()
    assert len(twin.texts()) == 2


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_a_hundred_requests_at_once_send_one_code(twin: Twin) -> None:
    """Tries are counted when a request ends: each of many at once finds none before it."""
    from anlan.identity import citizens
    from anlan.identity.floods import TooMany
    from tests.together import outcomes_of

    for phone in (PHONE, "13800005678"):  # a number that is new, and one more
        found = outcomes_of(*[lambda number=phone: citizens.ask_code(data={"phone": number})] * 8)
        assert sum(isinstance(one, citizens.Asked) for one in found) == 1, found
        assert {one.code for one in found if isinstance(one, TooMany)} == {"rate.limited"}
    with scope.acting(SYSTEM):
        assert Outgoing.objects.filter(template="code").count() == 2
    with clock.at(clock.now() + timedelta(seconds=61)):
        citizens.ask_code(data={"phone": PHONE})


def test_codes_have_an_end_for_everybody_together(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from anlan.identity.floods import HOUR, LIMITS
    from tests.identity.citizens import proof

    monkeypatch.setitem(LIMITS, "code", replace(LIMITS["code"], crowd=(2, HOUR), all=(4, HOUR)))

    def ask(n: int, **more: str) -> Any:
        return send(browser(), "codes", phone=f"1380000{n:04d}", **more)

    assert [ask(n).status_code for n in range(2)] == [202, 202]
    assert ask(2).json()["code"] == "rate.proof_needed"
    assert [ask(n, proof=proof()).status_code for n in (2, 3)] == [202, 202]
    assert ask(4, proof=proof()).json()["code"] == "rate.limited"
