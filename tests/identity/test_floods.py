"""Against floods: proofs that cannot be reused or forged, limits that follow nobody from day to day, a shared address that works on."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client, RequestFactory

from anlan.identity import floods, proofs
from anlan.identity.floods import LIMITS, Limits, TooMany
from anlan.identity.models import Spent, Try
from anlan.identity.proofs import ProofNeeded
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.kernel.models import Refusal
from tests.channels.twin import Twin
from tests.identity.citizens import API, browser, guest, proof, send

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
MINUTE = timedelta(minutes=1)
SMALL = Limits(
    person=(3, 10 * MINUTE),
    device=(5, 10 * MINUTE),
    quiet=(4, 10 * MINUTE),
    address=(8, 60 * MINUTE),
    phone=((2, MINUTE),),
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "small", SMALL)


def asking(address: str = "203.0.113.7", **headers: str) -> Any:
    return RequestFactory().post("/", REMOTE_ADDR=address, headers=headers)


def attempt(request: Any, **more: Any) -> None:
    floods.check("small", request, **more)
    floods.keep(request)


def solved(bits: int = proofs.LEAST) -> str:
    asked = proofs.challenge(bits)
    return proofs.solve(str(asked["salt"]), int(str(asked["bits"])))


def test_a_proof_counts_once(settings: Any) -> None:
    found = solved()
    assert proofs.accept(found)
    assert not proofs.accept(found)
    salt = found.rpartition(":")[0]
    assert not proofs.accept(proofs.solve(salt, proofs.LEAST) + "0")
    second = next(
        f"{salt}:{n}"
        for n in range(10**7)
        if f"{salt}:{n}" != found and proofs.zeros(sha256(f"{salt}:{n}".encode()).digest()) >= proofs.LEAST
    )
    assert not proofs.accept(second)  # the same salt with another solution
    assert Spent.objects.count() == 1


def test_a_proof_of_ones_own_making_or_too_old_or_too_light_is_none(settings: Any) -> None:
    until = int(clock.now().timestamp()) + 600
    forged = f"{until}.1.abcdef0123456789.{'0' * 24}"
    assert not proofs.accept(proofs.solve(forged, 1))
    easier = str(proofs.challenge()["salt"]).replace(f".{proofs.LEAST}.", ".1.")
    assert not proofs.accept(proofs.solve(easier, 1))
    light = solved()
    assert not proofs.accept(light, bits=proofs.LEAST + 1)
    with clock.at(clock.now() + timedelta(seconds=601)):
        assert not proofs.accept(light)
    settings.SECRET_KEY = "another" * 10
    assert not proofs.accept(light)


@pytest.mark.parametrize(
    "text", ["", ":", "a:1", "1.2.3.4:x", "é.2.3.4:1", "1.2.3.é:1", "9" * 300, "1.2.3.4:١", "a.b.c.d:1"]
)
def test_nonsense_is_no_proof(text: str) -> None:
    assert not proofs.accept(text)


def test_leading_zeros_are_counted_in_bits() -> None:
    assert proofs.zeros(b"\x00" * 32) == 256
    assert proofs.zeros(b"\x00\x01" + b"\xff" * 30) == 15
    assert proofs.zeros(b"\xff" * 32) == 0


def test_a_person_is_refused_beyond_their_number_and_let_in_again() -> None:
    person = new_id()
    moment = clock.now()
    for number in range(3):
        with clock.at(moment + number * MINUTE):
            attempt(asking(f"203.0.113.{number}"), person=person)
    with clock.at(moment + 3 * MINUTE), pytest.raises(TooMany) as caught:
        attempt(asking("203.0.113.99"), person=person)
    assert caught.value.retry_after in range(415, 425)
    assert "minutes" in caught.value.detail
    with clock.at(moment + 3 * MINUTE):
        attempt(asking("203.0.113.99"), person=new_id())
    with clock.at(moment + 10 * MINUTE + timedelta(seconds=1)):
        attempt(asking("203.0.113.99"), person=person)


def test_a_device_is_refused_wherever_it_stands() -> None:
    for number in range(5):
        attempt(asking(f"203.0.113.{number}", **{"X-Device": "d1"}))
    with pytest.raises(TooMany):
        attempt(asking("203.0.113.50", **{"X-Device": "d1"}))
    attempt(asking("203.0.113.50", **{"X-Device": "d2"}))


def test_an_address_with_many_people_brings_a_proof_before_anybody_is_refused() -> None:
    for _ in range(4):
        attempt(asking())
    with pytest.raises(ProofNeeded):
        attempt(asking())
    attempt(asking(**{"X-Proof": solved()}))
    attempt(asking(), proof=solved())
    with pytest.raises(ProofNeeded):
        attempt(asking(**{"X-Proof": "1.2.3.4:5"}))
    attempt(asking("203.0.113.8"))  # the neighbour hears nothing of it


def test_a_flood_is_refused_even_with_proofs() -> None:
    for number in range(8):
        attempt(asking(**({"X-Proof": solved()} if number >= 4 else {})))
    with pytest.raises(TooMany):
        attempt(asking(**{"X-Proof": solved()}))


def test_what_was_refused_does_not_count_again() -> None:
    for _ in range(4):
        attempt(asking())
    before = Try.objects.count()
    for _ in range(20):
        with pytest.raises(ProofNeeded):
            attempt(asking())
    assert Try.objects.count() == before


def test_the_proof_grows_with_what_came_from_an_address() -> None:
    assert floods.bits_for(asking()) == proofs.LEAST
    who = floods._digest("address", "203.0.113.7")
    for count, bits in ((20, 15), (20, 16), (40, 17), (5000, 19)):
        Try.objects.bulk_create([Try(what="report", who=who, at=clock.now()) for _ in range(count)])
        assert floods.bits_for(asking()) == bits
    assert floods.bits_for(asking("203.0.113.8")) == proofs.LEAST


def test_a_household_with_many_addresses_is_one() -> None:
    for number in range(4):
        attempt(asking(f"2001:db8:1:1::{number + 1}"))
    with pytest.raises(ProofNeeded):
        attempt(asking("2001:db8:1:1:ffff::1"))
    attempt(asking("2001:db8:1:2::1"))


def test_nobody_is_kept_and_nobody_followed_from_day_to_day() -> None:
    person = new_id()
    attempt(asking(**{"X-Device": "device-7"}), person=person, phone="13800001234")
    kept = " ".join(f"{one.what} {one.who}" for one in Try.objects.all())
    for secret in ("203.0.113.7", "device-7", "13800001234", str(person), person.hex):
        assert secret not in kept
    with clock.at(clock.now() + timedelta(days=1)):
        attempt(asking(**{"X-Device": "device-7"}), person=person, phone="13800001234")
    whos = list(Try.objects.values_list("who", flat=True))
    assert len(set(whos)) == len(whos) == 8


def test_tries_are_forgotten() -> None:
    attempt(asking())
    proofs.accept(solved())
    with clock.at(clock.now() + timedelta(days=3)):
        assert floods.forget_old() == 1
        assert proofs.forget_old() == 1


def test_a_refused_request_leaves_its_count(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "real_name", Limits(person=(2, timedelta(hours=1))))
    from tests.identity.citizens import sign_in

    client = sign_in(twin)
    number = {"name": "王小明", "id_number": "11010519491231002X"}
    monkeypatch.setattr("anlan.identity.citizens.names._checker", [lambda name, id_number: _no()])
    assert [send(client, "me/real-name", **number).status_code for _ in range(3)] == [422, 422, 429]


def _no() -> Any:
    from anlan.identity.citizens import Verdict

    return Verdict(fits=False)


def test_guests_cost_more_the_more_there_are(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    guest()
    who = floods._digest("address", "127.0.0.1")
    Try.objects.bulk_create([Try(what="report", who=who, at=clock.now()) for _ in range(40)])
    answer = send(browser(), "guest", proof=proof())
    assert (answer.status_code, answer.json()["code"]) == (429, "rate.proof_needed")
    harder = proofs.challenge(16)
    assert send(browser(), "guest", proof=proofs.solve(str(harder["salt"]), 16)).status_code == 200


def test_a_whole_office_behind_one_address_signs_in(twin: Twin) -> None:
    """Forty people of one town hall in ten minutes: beyond the quiet number each device computes, and all get in."""
    needed = 0
    for number in range(40):
        body: dict[str, Any] = {"phone": f"138000{number:05d}"}
        answer = send(browser(), "codes", **body)
        if answer.status_code == 429 and answer.json()["code"] == "rate.proof_needed":
            needed += 1
            bits = floods.bits_for(asking("127.0.0.1"))
            asked = proofs.challenge(bits)
            answer = send(browser(), "codes", **body, proof=proofs.solve(str(asked["salt"]), bits))
        assert answer.status_code == 202, answer.content
    assert 0 < needed <= 30


def test_a_page_and_an_operation_without_tries_write_none(client: Client) -> None:
    client.get("/about/")
    client.get(f"{API}/me")
    assert Try.objects.count() == 0


def test_a_flood_fills_no_list_of_refusals(twin: Twin) -> None:
    for _ in range(3):
        assert send(browser(), "guest", proof="none").status_code == 429
        assert browser().get(f"{API}/me").status_code == 401
    assert send(browser(origin="https://evil.example"), "sign-in", phone="13800001234", code="1").status_code == 403
    with scope.acting(SYSTEM):
        assert list(Refusal.objects.values_list("status", "ip")) == [(403, None)]
