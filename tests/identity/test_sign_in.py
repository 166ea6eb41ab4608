"""Signing in as 等保 2.0 level 3 expects: what opens, what closes, and what a stranger cannot learn."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from anlan.identity import actions, factors, lockout
from anlan.identity.actions import confirm_second_factor
from anlan.identity.models import FactorTry, Person, SignIn
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.models import Refusal
from tests.identity.conftest import COUNTY, PASSWORD, City, make_post

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

SIGN_IN, HOME = "/sign-in/", "/account/"
FRESH = "Another-Word-77"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"login": username, "password": password, **more})


def history() -> list[str]:
    with scope.acting(SYSTEM):
        return list(SignIn.objects.order_by("at", "id").values_list("outcome", flat=True))


def code(moved: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(clock.now().timestamp()) // 30 + moved))


@pytest.fixture
def inspector(city: City) -> Person:
    return city.person("inspector")


@pytest.fixture
def with_app(inspector: Person) -> Person:
    """The inspector with an authenticator app."""
    TOTP.activate(inspector, SECRET)
    return inspector


def test_a_right_password_opens_and_rotates_the_session_key(client: Client, inspector: Person) -> None:
    client.get(SIGN_IN)
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["anlan_session"] = session.session_key
    before = session.session_key
    response = sign_in(client, inspector.username)
    assert response.status_code == 302
    assert response.url == "/"
    assert client.session.session_key != before
    assert client.get(HOME).status_code == 200
    assert history() == ["in"]


def test_pages_send_strangers_to_sign_in_and_bring_them_back(client: Client, inspector: Person) -> None:
    response = client.get("/people/?q=x")
    assert response.status_code == 302
    assert response.url == "/sign-in/?next=%2Fpeople%2F%3Fq%3Dx"
    assert client.get("/people/", headers={"HX-Request": "true"}).headers["HX-Redirect"].startswith("/sign-in/")
    assert sign_in(client, inspector.username, next="/account/tokens/").url == "/account/tokens/"
    client.post("/sign-out/")
    assert sign_in(client, inspector.username, next="https://evil.example/").url == "/"


def test_a_wrong_name_and_a_wrong_password_look_alike(client: Client, inspector: Person) -> None:
    def words(username: str) -> str:
        page = sign_in(client, username, "Wrong-Word-11").content.decode()
        return re.sub(
            r'(csrf-token" content|csrfmiddlewaretoken" value|idempotency_key" value)="[^"]+"', "", page
        ).replace(username, "NAME")

    assert words(inspector.username) == words("nobody.at.all")
    assert history() == ["failed", "failed"]
    with scope.acting(SYSTEM):
        unknown = SignIn.objects.get(person_id=None)
    assert unknown.name == ""


def test_five_failures_lock_account_and_address_and_say_how_long(client: Client, city: City, inspector: Person) -> None:
    for number in range(5):
        spelt = inspector.username.upper() if number % 2 else inspector.username
        response = sign_in(client, spelt, "Wrong-Word-11")
    assert response.status_code == 429
    assert "30" in response.content.decode()
    assert sign_in(client, inspector.username).status_code == 429
    assert sign_in(client, city.person("expert").username).status_code == 302
    assert lockout.locked_usernames([inspector.username, "x"]) == {inspector.username}
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), inspector.username).status_code == 302
    assert history().count("locked") == 2
    with scope.acting(SYSTEM):
        assert Refusal.objects.filter(status=429).count() == 2
    # Coming in from elsewhere forgave nothing here that an administrator would not have forgiven too.
    admin = city.actor("security_admin")
    with scope.acting(admin):
        actions.unlock(actor=admin, person=inspector.pk)
    assert sign_in(Client(), inspector.username).status_code == 302


def test_a_lock_ends_by_itself(client: Client, inspector: Person, time_machine: Any) -> None:
    for _number in range(5):
        sign_in(client, inspector.username, "Wrong-Word-11")
    assert sign_in(client, inspector.username).status_code == 429
    time_machine.move_to(clock.now() + timedelta(minutes=31))
    assert sign_in(client, inspector.username).status_code == 302


def test_a_closed_account_opens_nothing(client: Client, inspector: Person) -> None:
    sign_in(client, inspector.username)
    Person.objects.filter(pk=inspector.pk).update(is_active=False)
    assert client.get(HOME).status_code == 302
    fresh = Client()
    sign_in(fresh, inspector.username)
    assert fresh.get(HOME).status_code == 302


@pytest.mark.parametrize(("seconds", "why"), [(30 * 60 + 61, "idle"), (12 * 3600 + 1, "expired")])
def test_a_session_ends_after_idle_time_and_after_its_full_age(
    client: Client, inspector: Person, seconds: int, why: str
) -> None:
    sign_in(client, inspector.username)
    start = clock.now()
    if why == "expired":
        for minutes in range(20, 12 * 60, 20):
            with clock.at(start + timedelta(minutes=minutes)):
                assert client.get(HOME).status_code == 200
    with clock.at(start + timedelta(seconds=seconds)):
        response = client.get(HOME)
        assert response.status_code == 302
        assert f"why={why}" in response.url
        assert "notice" in client.get(response.url).content.decode()
        assert client.get(HOME).status_code == 302
    assert history() == ["in", why]


def test_the_api_is_told_401_when_the_session_is_over(client: Client, inspector: Person) -> None:
    sign_in(client, inspector.username)
    assert client.get("/api/v1/me").status_code == 200
    with clock.at(clock.now() + timedelta(hours=1)):
        assert client.get("/api/v1/me").status_code == 401


def test_a_one_time_password_must_be_changed_before_anything_else(client: Client, city: City) -> None:
    admin = city.actor("security_admin")
    with scope.acting(admin):
        opened = actions.open_account(actor=admin, data={"username": "li.na", "name": "Li Na"})
    sign_in(client, "li.na", opened.secret)
    for path in (HOME, "/people/", "/account/tokens/", "/account/second-factor/"):
        assert client.get(path).url == "/account/password/"
    assert client.get("/api/v1/me").status_code == 401
    change = {"oldpassword": opened.secret, "password1": FRESH, "password2": FRESH}
    for wrong in ("short-1A", "password123", "alllowercase1", opened.secret):
        assert (
            client.post("/account/password/", change | {"password1": wrong, "password2": wrong}).context["form"].errors
        )
    assert client.post("/account/password/", change | {"oldpassword": "x"}).context["form"].errors
    assert client.get(HOME).url == "/account/password/"
    assert client.post("/account/password/", change).status_code == 302
    person = Person.objects.get(username="li.na")
    assert not person.must_change_password
    assert client.get(HOME).status_code == 200
    assert client.get("/people/").status_code == 403
    assert "no post" in client.get("/people/", headers={"accept-language": "en"}).content.decode()


def test_a_one_time_password_grows_old(client: Client, city: City) -> None:
    admin = city.actor("security_admin")
    with scope.acting(admin):
        opened = actions.open_account(actor=admin, data={"username": "li.na", "name": "Li Na"})
    with clock.at(clock.now() + timedelta(days=8)):
        assert sign_in(client, "li.na", opened.secret).status_code == 403
        assert client.get(HOME).status_code == 302


def test_wrong_present_passwords_count_towards_the_lock(client: Client, inspector: Person) -> None:
    sign_in(client, inspector.username)
    for _number in range(5):
        response = client.post("/account/password/", {"oldpassword": "guess", "password1": FRESH, "password2": FRESH})
    assert response.status_code == 429


def test_password_age_is_a_setting(client: Client, inspector: Person, settings: Any) -> None:
    old = clock.now() - timedelta(days=91)
    Person.objects.filter(pk=inspector.pk).update(password_changed_at=old)
    sign_in(client, inspector.username)
    assert client.get(HOME).url == "/account/password/"
    settings.ANLAN_PASSWORD_DAYS = 0
    assert client.get(HOME).status_code == 200


def test_changing_the_password_ends_the_other_sessions(client: Client, inspector: Person) -> None:
    other = Client()
    sign_in(client, inspector.username)
    sign_in(other, inspector.username)
    change = {"oldpassword": PASSWORD, "password1": FRESH, "password2": FRESH}
    assert client.post("/account/password/", change).status_code == 302
    assert client.get(HOME).status_code == 200
    assert other.get(HOME).status_code == 302


def test_sessions_are_listed_and_ended(client: Client, city: City, inspector: Person) -> None:
    other, third, stranger = Client(HTTP_USER_AGENT="Other browser"), Client(), Client()
    for one in (client, other, third):
        sign_in(one, inspector.username)
    sign_in(stranger, city.person("expert").username)
    page = client.get("/account/sessions/")
    rows = page.context["rows"]
    assert len(rows) == 3
    assert [row["current"] for row in rows].count(True) == 1
    ended = next(row for row in rows if row["agent"] == "Other browser")
    assert stranger.post("/account/sessions/end/", {"session": ended["id"]}).status_code == 404
    assert client.post("/account/sessions/end/", {"session": "1; DROP"}).status_code == 404
    client.post("/account/sessions/end/", {"session": ended["id"]})
    assert other.get(HOME).status_code == 302
    assert third.get(HOME).status_code == 200
    client.post("/account/sessions/end/")
    assert third.get(HOME).status_code == 302
    assert client.get(HOME).status_code == 200
    assert stranger.get(HOME).status_code == 200


def test_an_administrator_signs_somebody_out(client: Client, city: City, inspector: Person) -> None:
    sign_in(client, inspector.username)
    admin = city.actor("security_admin")
    with scope.acting(admin):
        assert actions.end_sessions(actor=admin, person=inspector.pk) == 1
    assert client.get(HOME).status_code == 302


def test_a_second_factor_is_asked_and_its_code_works_once(client: Client, with_app: Person) -> None:
    now = code()
    assert sign_in(client, with_app.username).url.startswith("/account/second-factor/authenticate/")
    assert client.get(HOME).status_code == 302
    page = client.get("/account/second-factor/authenticate/")
    assert page.status_code == 200
    client.post("/account/second-factor/authenticate/", {"code": "000000" if now != "000000" else "111111"})
    assert client.get(HOME).status_code == 302
    assert client.post("/account/second-factor/authenticate/", {"code": now}).status_code == 302
    assert client.get(HOME).status_code == 200
    again = Client()
    sign_in(again, with_app.username)
    again.post("/account/second-factor/authenticate/", {"code": now})
    assert again.get(HOME).status_code == 302
    assert history() == ["code_failed", "in", "code_failed"]


def test_setting_up_the_app_asks_for_the_password_and_gives_recovery_codes(client: Client, inspector: Person) -> None:
    sign_in(client, inspector.username)
    asked = client.get("/account/second-factor/totp/activate/")
    assert asked.url.startswith("/account/confirm/")
    assert (
        client.post(asked.url, {"password": PASSWORD, "next": "/account/second-factor/totp/activate/"}).status_code
        == 302
    )
    page = client.get("/account/second-factor/totp/activate/")
    secret = page.context["form"].secret
    typed = format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30))
    assert (
        client.post("/account/second-factor/totp/activate/", {"code": typed}).url
        == "/account/second-factor/recovery-codes/"
    )
    codes = client.get("/account/second-factor/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert codes[0] not in stored
    assert confirm_second_factor(person=inspector.pk, code=codes[0])
    assert not confirm_second_factor(person=inspector.pk, code=codes[0])


def test_only_a_second_factor_confirms_and_only_once(city: City, with_app: Person) -> None:
    bare = city.person("expert").pk
    assert not confirm_second_factor(person=bare, code=PASSWORD)
    assert not confirm_second_factor(person=with_app.pk, code=PASSWORD)
    assert not confirm_second_factor(person=with_app.pk, code=code(moved=-2))
    assert not confirm_second_factor(person=with_app.pk, code="")
    now = code()
    assert confirm_second_factor(person=with_app.pk, code=f"{now[:3]} {now[3:]}")
    assert not confirm_second_factor(person=with_app.pk, code=now)


@pytest.fixture
def forgotten_tries() -> Any:
    """Wrong tries are committed apart from the test's transaction."""
    yield
    FactorTry.objects.using("owner").all().delete()


@pytest.mark.usefixtures("forgotten_tries")
def test_five_wrong_codes_close_the_factor_until_time_or_an_administrator_opens_it(
    city: City, with_app: Person
) -> None:
    for _number in range(5):
        assert not confirm_second_factor(person=with_app.pk, code="000")
    with pytest.raises(factors.TooManyTries):
        confirm_second_factor(person=with_app.pk, code=code())
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert confirm_second_factor(person=with_app.pk, code=code())


def test_switching_posts(client: Client, city: City, inspector: Person) -> None:
    with scope.acting(SYSTEM):
        second = make_post("regulator", COUNTY, person=inspector, title="Deputy")
        foreign = city.posts["office"]
    sign_in(client, inspector.username)
    me = client.get("/api/v1/me").json()
    assert me["acting"]["role"] == "inspector"
    assert client.post("/act-as/", {"post": str(foreign.pk)}).status_code == 404
    assert client.post("/act-as/", {"post": "x"}).status_code == 404
    assert client.post("/act-as/", {"post": str(second.pk), "next": "//evil.example"}).url == "/"
    assert client.post("/act-as/", {"post": str(second.pk), "next": HOME}).url == HOME
    assert client.get("/api/v1/me").json()["acting"]["role"] == "regulator"
    admin = city.actor("security_admin")
    with scope.acting(admin):
        actions.end_post(actor=admin, post=second.pk)
    assert client.get("/api/v1/me").json()["acting"]["role"] == "inspector"


def test_demo_accounts_are_shown_in_the_demo_only(client: Client, city: City, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    account = {"post": "Inspector", "name": "Somebody", "username": "demo.one", "password": PASSWORD, "token": "anl_x"}
    (tmp_path / "demo" / "accounts.json").write_text(json.dumps([account]))
    settings.ANLAN_VAR = tmp_path
    assert "demo.one" not in client.get(SIGN_IN).content.decode()
    settings.DEMO = True
    page = client.get(f"{SIGN_IN}?as=demo.one").content.decode()
    assert f'value="{PASSWORD}"' in page
    assert "anl_x" not in page
