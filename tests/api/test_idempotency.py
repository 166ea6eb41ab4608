"""The same request twice is one act, by API and by form, also when both arrive at once."""

from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.files.models import File
from anlan.hazards.models import Hazard
from anlan.identity.models import ApiToken
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.models import Entry, IdempotencyKey
from anlan.site import idempotency
from tests.api.conftest import Speaker, Speaking
from tests.api.test_loop import finding, register
from tests.api.test_problems import problem
from tests.factories import City, picture
from tests.together import at_once

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
committing = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
KEY = "0197-a-key"


def kept() -> int:
    with scope.acting(SYSTEM):
        return IdempotencyKey.objects.count()


def test_a_retry_gets_the_first_answer_and_does_nothing(city: City, speak: Speaking) -> None:
    inspector = speak("inspector")
    body = finding(city, inspector.photo(1))
    first = inspector.post("/hazards", body, Idempotency_Key=KEY)
    again = inspector.post("/hazards", body, Idempotency_Key=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert again["Content-Type"] == first["Content-Type"]
    with scope.acting(SYSTEM):
        assert Hazard.objects.get().recurrence == 0


def test_a_key_belongs_to_one_request_of_one_post(city: City, speak: Speaking) -> None:
    inspector = speak("inspector")
    body = finding(city, inspector.photo(1))
    made = inspector.post("/hazards", body, Idempotency_Key=KEY).json()
    for path, other in (
        ("/hazards", body | {"place": "别处"}),
        (f"/hazards/{made['id']}/steps/grade", body),
        ("/messages/read", body),
    ):
        problem(inspector.post(path, other, Idempotency_Key=KEY), 422, "idempotency.reused")
    assert speak("inspector2").post("/hazards", body, Idempotency_Key=KEY).status_code == 422, "the photo is not theirs"
    assert kept() == 1


def test_a_failure_leaves_no_key_so_that_the_mended_world_may_accept_it(city: City, speak: Speaking) -> None:
    at = str(register(city, speak("inspector"))["id"])
    body = {"responsible": city.enterprise.pk, "due": city.day(30)}
    regulator = speak("regulator")
    problem(regulator.step(at, "dispatch", body, Idempotency_Key=KEY), 409, "check.Graded")
    assert kept() == 0
    assert regulator.step(at, "grade", {"grade": "general"}).status_code == 200
    assert regulator.step(at, "dispatch", body, Idempotency_Key=KEY).status_code == 200
    assert regulator.step(at, "dispatch", body, Idempotency_Key=KEY)["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("key", ["x" * 101, "two words", "键", "tab\t"])
def test_keys_are_visible_ascii(speak: Speaking, key: str) -> None:
    answer = speak("inspector").client.post(
        "/api/v1/messages/read", {}, "application/json",
        headers={"Authorization": f"Bearer {speak('inspector').token}", "Idempotency-Key": key},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency.bad_key")


def test_an_upload_is_compared_by_its_bytes(speak: Speaking) -> None:
    inspector, headers = speak("inspector"), {"Idempotency-Key": KEY}
    first = inspector.upload(picture(1), headers=headers)
    assert first.status_code == 201
    assert inspector.upload(picture(1), headers=headers).content == first.content
    problem(inspector.upload(picture(2), headers=headers), 422, "idempotency.reused")
    problem(inspector.upload(picture(1), name="other.jpg", headers=headers), 422, "idempotency.reused")
    with scope.acting(SYSTEM):
        assert File.objects.count() == 1


def test_a_secret_is_told_once(city: City) -> None:
    client = Client(headers={"Accept-Language": "en", "Idempotency-Key": KEY})
    client.force_login(city.posts["regulator"].person)
    body = {"name": "laptop"}
    assert client.post("/api/v1/me/tokens", body, "application/json").status_code == 201
    problem(client.post("/api/v1/me/tokens", body, "application/json"), 409, "idempotency.answer_not_kept")
    assert ApiToken.objects.count() == 1
    with scope.acting(SYSTEM):
        assert IdempotencyKey.objects.get().answer is None


def test_old_keys_are_forgotten(speak: Speaking) -> None:
    speak("inspector").post("/messages/read", {}, Idempotency_Key=KEY)
    assert idempotency.forget_old_keys() == 0
    with clock.at(clock.now() + timedelta(days=7, seconds=1)):
        assert idempotency.forget_old_keys() == 1


@committing
def test_eight_at_once_are_one_act(city: City, speak: Speaking) -> None:
    body = finding(city, speak("inspector").photo(1))
    token = speak("inspector").token
    answers = at_once(*[lambda: Speaker(token).post("/hazards", body, Idempotency_Key=KEY)] * 8)
    assert [one.status_code for one in answers] == [201] * 8
    assert len({one.content for one in answers}) == 1
    assert sum(one.get("Idempotency-Replayed") == "true" for one in answers) == 7
    with scope.acting(SYSTEM):
        assert Entry.objects.filter(subject_type="hazard").count() == 1


@committing
def test_who_waits_too_long_is_asked_to_come_back(city: City, speak: Speaking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "WAIT", "50ms")
    actor, token = city.inspector, speak("inspector").token
    claimed, over = Event(), Event()

    def holds() -> None:
        with scope.acting(actor):
            IdempotencyKey.objects.create(person_id=actor.person, key=KEY, digest="", at=clock.now())
            claimed.set()
            assert over.wait(60)

    def asks() -> Any:
        assert claimed.wait(60)
        try:
            return Speaker(token).post("/messages/read", {}, Idempotency_Key=KEY)
        finally:
            over.set()

    answer = at_once(holds, asks)[1]
    problem(answer, 409, "idempotency.under_way")
    assert answer["Retry-After"] == "2"


def test_a_form_sent_twice_leads_to_the_same_page(city: City, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.api.form_urls"
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(city.posts["inspector"].person)
    form = {"name": "a", "idempotency_key": KEY}

    def send(**over: Any) -> Any:
        return client.post("/form", form | over | {"file": SimpleUploadedFile("a.txt", b"x", "text/plain")})

    first, again = send(), send()
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"] == "/made/1"
    assert again["Idempotency-Replayed"] == "true"
    assert send(name="b").status_code == 422
    answer = client.post(
        "/form", form | {"file": SimpleUploadedFile("a.txt", b"x", "text/plain")}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/made/1")
    assert send(name="again", idempotency_key="other").status_code == 200
    assert kept() == 1, "a form shown again is no act"
