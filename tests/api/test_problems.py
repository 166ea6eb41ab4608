"""Whatever is sent, the answer is a problem with a stable code, and nothing is half done."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from django.test import Client

from anlan.hazards.models import Hazard
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.models import Refusal
from tests.api.conftest import Speaker, Speaking
from tests.api.test_loop import finding, register
from tests.factories import City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The RFC 9457 shape, whatever went wrong."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["code"] == code, found
    assert found["status"] == status
    assert found["type"] == f"/problems/{code}"
    assert found["title"]
    assert found["detail"]
    return found


BODIES: list[tuple[str, bytes, int, str, str | None]] = [
    ("nothing", b"", 422, "invalid", ""),
    ("no JSON", b"{", 400, "json.invalid", None),
    ("two values", b"{} {}", 400, "json.invalid", None),
    ("a byte order mark", b"\xef\xbb\xbf{}", 400, "json.invalid", None),
    ("not UTF-8", b'{"place": "\xff\xfe"}', 400, "json.invalid", None),
    ("UTF-16", '{"place": "x"}'.encode("utf-16"), 400, "json.invalid", None),
    ("a surrogate in UTF-8", b'{"place": "\xed\xa0\x80"}', 400, "json.invalid", None),
    ("a name twice", b'{"place": "a", "place": "b"}', 400, "json.invalid", None),
    ("NaN", b'{"lon": NaN}', 400, "json.number", None),
    ("Infinity", b'{"lon": -Infinity}', 400, "json.number", None),
    ("an infinite exponent", b'{"lon": 1e999}', 400, "json.number", None),
    ("a huge integer", b'{"region": 100000000000000000000}', 400, "json.number", None),
    ("a million digits", b'{"region": 1' + b"0" * 1_000_000 + b"}", 400, "json.number", None),
    ("a deep list", b"[" * 100_000, 400, "json.too_deep", None),
    ("a deep object", b'{"a":' * 30 + b"1" + b"}" * 30, 400, "json.too_deep", None),
    ("NUL", b'{"place": "a\\u0000b"}', 422, "invalid", "place"),
    ("half a character", b'{"photos": [{"x": "\\ud800"}]}', 422, "invalid", "photos.0.x"),
    ("NUL in a name", b'{"a\\u0000": 1}', 422, "invalid", ""),
    ("a list", b"[]", 422, "invalid", ""),
    ("null", b"null", 422, "invalid", ""),
    ("a number", b"7", 422, "invalid", ""),
    ("too large", b'"' + b"x" * 3_000_000 + b'"', 413, "request.too_large", None),
]


def test_malformed_bodies(speak: Speaking) -> None:
    for name, body, status, code, field in BODIES:
        found = problem(speak("inspector")("POST", "/hazards", raw=body), status, code)
        assert field is None or field in {one["field"] for one in found["errors"]}, name


FIELDS: list[tuple[str, Any]] = [
    ("source", "rumour"),
    ("industry", "magic"),
    ("industry", 7),
    ("region", 141002001001002),
    ("region", "somewhere"),
    ("region", 199999999999),
    ("enterprise", "no id"),
    ("enterprise", "01900000-0000-7000-8000-00000000ffff"),
    ("site", "01900000-0000-7000-8000-00000000ffff"),
    ("place", ""),
    ("place", "x" * 201),
    ("place", "\u202eright to left"),
    ("description", "short"),
    ("description", "x" * 5000),
    ("category", "unheard of"),
    ("photos", ["01900000-0000-7000-8000-00000000ffff"]),
    ("photos", []),
    ("photos", "none"),
    ("found_at", "yesterday"),
    ("found_at", "2026-01-01T00:00:00"),
    ("found_at", "2199-01-01T00:00:00Z"),
    ("found_at", "0001-01-01T00:00:00+14:00"),
    ("found_at", "9999-12-31T23:59:59-14:00"),
    ("lon", 181),
    ("lat", "NaN"),
    ("system", "mars"),
    ("source_record", "\u0007"),
    ("id", "01900000-0000-4000-8000-00000000ffff"),
    ("surprise", 1),
]


def test_each_field_says_what_is_wrong(city: City, speak: Speaking) -> None:
    inspector = speak("inspector")
    good = finding(city, inspector.photo(1), lon=111.5, lat=36.1)
    for field, value in FIELDS:
        found = problem(inspector.post("/hazards", good | {field: value}), 422, "invalid")
        assert [one["field"].partition(".")[0] for one in found["errors"]] == [field], value
    with scope.acting(SYSTEM):
        assert not Hazard.objects.exists()


QUERIES: list[tuple[str, str]] = [
    ("stat=found", "stat"),
    ("state=lost", "state.0"),
    ("state=found&state=lost", "state.1"),
    ("grade=", "grade"),
    ("region=1", "region"),
    ("region=141002001001&region=141002001002", "region"),
    ("region=990000000000000000000000", "region"),
    ("late=perhaps", "late"),
    ("enterprise=x", "enterprise"),
    ("limit=0", "limit"),
    ("limit=201", "limit"),
    ("limit=99999999999999999999", "limit"),
    ("order=random", "order"),
    ("found_from=0001-01-01", "found_from"),
    ("found_to=9999-12-31", "found_to"),
    ("cursor=!", "cursor"),
    ("cursor=W10", "cursor"),
    ("cursor=eyJhIjoxfQ", "cursor"),
    ("cursor=" + "W" * 400, "cursor"),
    ("q=" + "x" * 101, "q"),
]


def test_a_misspelt_filter_never_widens_the_list(speak: Speaking) -> None:
    for query, field in QUERIES:
        found = problem(speak("regulator").get(f"/hazards?{query}"), 422, "invalid")
        assert field in {one["field"] for one in found["errors"]}, query


def test_what_cannot_be_read_at_all(speak: Speaking) -> None:
    regulator = speak("regulator")
    problem(regulator.get("/hazards?q=a%00b"), 400, "request.unreadable")
    problem(regulator.get("/hazards?a%00b=1"), 400, "request.unreadable")
    problem(regulator("POST", "/hazards", raw=b"{}", Content_Type="text/plain"), 415, "request.wrong_type")
    problem(regulator("POST", "/files", raw=b"{}"), 415, "request.wrong_type")
    problem(regulator("POST", "/files", raw=b"x", Content_Type="multipart/form-data"), 400, "request.unreadable")
    answer = regulator("DELETE", "/hazards")
    problem(answer, 405, "request.method")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}
    for path in ("/nothing", "/hazards/", "/hazards/7", "/hazards/7/steps/grade", "/"):
        problem(regulator.get(path), 404, "not_found")


def test_cursors_made_by_hand_are_refused(speak: Speaking) -> None:
    for path, who in (("/people", "security_admin"), ("/organisations", "system_admin"), ("/enterprises", "regulator")):
        for name in ("a\0b", "\ud800", "\u202e", "x" * 300, None, 7, ["x"]):
            made = urlsafe_b64encode(json.dumps([name, "01900000-0000-7000-8000-00000000dead"]).encode()).decode()
            answer = speak(who).get(f"{path}?cursor={made.rstrip('=')}")
            assert answer.status_code in (200, 400, 422), (path, name, answer.content)


def test_strangers_are_told_to_sign_in(speak: Speaking) -> None:
    for who in (Speaker(), Speaker("anl_no-such-token"), Speaker("other"), Speaker("anl_" + "x" * 500)):
        answer = who.get("/hazards?stat=1")
        problem(answer, 401, "sign_in_needed")
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_writes_only_with_its_forgery_token(city: City) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    client.force_login(city.posts["regulator"].person)
    assert client.get("/api/v1/messages").status_code == 200
    problem(client.post("/api/v1/messages/read", {}, content_type="application/json"), 403, "csrf")
    client.cookies["anlan_csrf"] = "a" * 32
    headers = {"X-CSRFToken": "a" * 32}
    assert client.post("/api/v1/messages/read", {}, content_type="application/json", headers=headers).status_code == 200


def test_refused_steps_leave_nothing_behind_but_the_refusal(city: City, speak: Speaking) -> None:
    at = str(register(city, speak("inspector"))["id"])
    body = {"responsible": city.enterprise.pk, "due": city.day(30)}
    problem(speak("inspector").step(at, "dispatch", body), 403, "flow.not_yours")
    problem(speak("regulator").step(at, "dispatch", body), 409, "check.Graded")
    problem(speak("regulator").step(at, "close"), 409, "flow.wrong_state")
    found = problem(speak("regulator").step(at, "grade", {"grade": "major"}), 422, "invalid")
    assert found["errors"][0]["message"] == "A major hazard needs a cited clause in force on the day of finding."
    problem(speak("regulator").step(at, "no_such_step"), 404, "not_found")
    with scope.acting(SYSTEM):
        assert Hazard.objects.get(pk=at).version == 1
        assert Refusal.objects.filter(code="flow.not_yours", role="inspector").count() == 1


def test_words_follow_the_language_asked_for_and_codes_do_not(speak: Speaking) -> None:
    english = speak("regulator").get("/hazards?stat=1").json()
    chinese = json.loads(speak("regulator").get("/hazards?stat=1", Accept_Language="zh-hans").content)
    assert english["code"] == chinese["code"]
    assert english["errors"][0]["field"] == chinese["errors"][0]["field"]
