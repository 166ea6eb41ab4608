"""What civic programs may ask and hand in by Open311."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.http import urlencode

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound
from anlan.kernel.models import Entry
from anlan.reports.models import Partner, PartnerReport, Report, ReportPhoto, Seal
from anlan.reports.open311 import formats, partners
from tests.factories import picture
from tests.reports.open311.test_schemas import FORM, V2
from tests.reports.plaza.conftest import SECRET, Plaza, plaza

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
__all__ = ["plaza"]


@pytest.fixture
def key(plaza: Plaza) -> str:
    return partners.admit(actor=SYSTEM, name="市民通")[1]


def hand_in(client: Client, key: str, *, headers: dict[str, str] | None = None, **over: Any) -> Any:
    return client.post(f"{V2}/requests.json", FORM | {"api_key": key} | over, headers=headers)


def reports() -> list[Report]:
    with scope.acting(SYSTEM):
        return list(Report.objects.order_by("reported_at", "id"))


def test_a_request_handed_in_is_a_report_like_any_other(plaza: Plaza, client: Client, key: str) -> None:
    answer = hand_in(
        client,
        key,
        phone="13800138000",
        first_name="小满",
        last_name="韩",
        email="a@b.example",
        media_url="http://127.0.0.1:1/x.jpg",
    )
    assert answer.status_code == 200
    (report,) = reports()
    assert answer.json()[0]["service_request_id"] == report.number
    assert (report.channel, report.category_id, report.state, report.public) == (
        "open311",
        "fire_exit",
        "submitted",
        False,
    )
    assert report.words.splitlines()[0] == "楼道堆满纸箱 <b>&"
    assert "没有" in report.words or "no" in report.words
    with scope.acting(SYSTEM):
        seal = Seal.objects.get()
        entries = str(list(Entry.objects.filter(subject_id=report.pk).values_list("body", flat=True)))
    assert (seal.person_id, seal.phone, seal.name) == (None, "13800138000", "韩 小满")
    for personal in ("13800138000", "小满", "a@b.example"):
        assert personal not in entries
        assert personal not in answer.content.decode()
    assert "a@b.example" not in str(vars(report)) + str(vars(seal))


def test_without_a_phone_the_reporter_gets_a_claim_code(plaza: Plaza, client: Client, key: str) -> None:
    from anlan.reports import claims

    notice = hand_in(client, key).json()[0]["service_notice"]
    (report,) = reports()
    assert claims.code_of(report.pk) in notice
    with scope.acting(SYSTEM):
        assert claims.seal_of(claims.code_of(report.pk)).report_id == report.pk


def test_sent_twice_it_is_one_report_and_each_partner_has_its_own_keys(plaza: Plaza, client: Client, key: str) -> None:
    again = {"idempotency-key": "order-7"}
    first, second = (hand_in(client, key, headers=again).json()[0] for _each in range(2))
    assert first == second
    other = partners.admit(actor=SYSTEM, name="另一家")[1]
    third = hand_in(client, other, headers=again).json()[0]
    assert third["service_request_id"] != first["service_request_id"]
    hand_in(client, key)
    hand_in(client, key)
    assert len(reports()) == 4


def test_a_picture_comes_along_and_an_address_of_one_is_not_fetched(plaza: Plaza, client: Client, key: str) -> None:
    sent = hand_in(
        client,
        key,
        media=[
            SimpleUploadedFile("a.jpg", picture(1), "image/jpeg"),
            SimpleUploadedFile("b.jpg", picture(2), "image/jpeg"),
        ],
    )
    assert sent.status_code == 200
    with scope.acting(SYSTEM):
        assert ReportPhoto.objects.count() == 2
    assert hand_in(client, key, media=SimpleUploadedFile("a.jpg", b"<html>", "image/jpeg")).status_code == 400
    many = [SimpleUploadedFile(f"{n}.jpg", picture(n), "image/jpeg") for n in range(4)]
    assert hand_in(client, key, media=many).status_code == 400
    assert len(reports()) == 1


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"service_code": ""}, "service_code"),
        ({"lat": ""}, "lat"),
        ({"lat": "NaN"}, "lat"),
        ({"lat": "1e5"}, "lat"),
        ({"lat": "", "long": ""}, "address_string"),
        ({"lat": "", "long": "", "address_id": "7"}, "address_id"),
        ({"lat": "0", "long": "0"}, "lon"),
        ({"attribute[people_in_danger]": ""}, "people_in_danger"),
        ({"attribute[people_in_danger]": "perhaps"}, "people_in_danger"),
        ({"attribute[unknown]": "1"}, "unknown"),
        ({"attribute[seen_at]": "soon"}, "seen_at"),
        ({"description": "x" * 3000}, "words"),
        ({"phone": "1" * 50}, "phone"),
        ({"jurisdiction_id": "elsewhere"}, "jurisdiction_id"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_kept(
    plaza: Plaza, client: Client, key: str, over: dict[str, str], said: str
) -> None:
    from anlan.identity.models import Region

    Region.objects.filter(pk=141002000000).update(lon="111.58", lat="36.08")
    answer = hand_in(client, key, **over)
    assert answer.status_code in (400, 404)
    assert said in " ".join(one["description"] for one in answer.json())
    assert reports() == []
    assert PartnerReport.objects.count() == 0


def test_a_key_that_is_none_or_was_taken_back_opens_nothing(plaza: Plaza, client: Client, key: str) -> None:
    for wrong in ("", "x", key[:-1], "anl_" + key[5:]):
        assert hand_in(client, wrong).status_code == 403
    partners.dismiss(actor=SYSTEM, name="市民通")
    assert hand_in(client, key).status_code == 403
    assert reports() == []
    assert key not in str(list(Partner.objects.values()))


def test_a_partner_hands_in_so_many_an_hour(plaza: Plaza, client: Client) -> None:
    key = partners.admit(actor=SYSTEM, name="小城", hourly=2)[1]
    assert [hand_in(client, key).status_code for _each in range(3)] == [200, 200, 429]
    refused = hand_in(client, key)
    assert int(refused["Retry-After"]) > 0
    with clock.at(clock.now() + timedelta(hours=2)):
        assert hand_in(client, key).status_code == 200


def test_only_whoever_runs_the_platform_admits_partners(plaza: Plaza) -> None:
    for name in ("office", "dispatcher", "reporter"):
        actor: Actor = getattr(plaza, name, None) or getattr(plaza.city, name)
        with pytest.raises(Forbidden):
            partners.admit(actor=actor, name="x")
    partners.admit(actor=SYSTEM, name="市民通")
    with pytest.raises(Invalid):
        partners.admit(actor=SYSTEM, name="市民通")
    with pytest.raises(NotFound):
        partners.dismiss(actor=SYSTEM, name="没有这家")
    with scope.acting(SYSTEM):
        assert Entry.objects.filter(subject_type="partner").count() == 1


def test_what_is_not_public_is_shown_to_its_partner_alone(plaza: Plaza, client: Client, key: str) -> None:
    number = hand_in(client, key, description=SECRET).json()[0]["service_request_id"]
    other = partners.admit(actor=SYSTEM, name="另一家")[1]
    assert client.get(f"{V2}/requests/{number}.json").status_code == 404
    assert client.get(f"{V2}/requests/{number}.json?api_key={other}").status_code == 404
    own = client.get(f"{V2}/requests/{number}.json?api_key={key}")
    assert own.json()[0]["status"] == "open"
    assert own.json()[0]["description"] is None
    assert "private" in own["Cache-Control"]
    assert client.get(f"{V2}/requests.json?service_request_id={number}").json() == []
    citizens = plaza.send()
    assert client.get(f"{V2}/requests/{citizens.number}.json?api_key={key}").status_code == 404
    assert client.get(f"{V2}/tokens/{citizens.pk}.json").status_code == 404


def test_requests_are_narrowed_by_time_service_state_and_id(plaza: Plaza, client: Client) -> None:
    with clock.at(clock.now() - timedelta(days=100)):
        old = plaza.shown("很久以前的隐患")
    with clock.at(clock.now() - timedelta(days=3)):
        middle = plaza.shown("三天前的隐患", category="fire_exit")
    new = plaza.shown("今天的隐患", category="gas")

    def asked(**query: Any) -> list[str]:
        found = client.get(f"{V2}/requests.json?{urlencode(query)}")
        assert found.status_code == 200, found.content
        return [one["service_request_id"] for one in found.json()]

    assert asked() == [new.number, middle.number]
    assert asked(service_code="gas") == [new.number]
    assert asked(service_code="gas,fire_exit", page_size=1, page=2) == [middle.number]
    assert asked(status="closed") == []
    assert asked(status="open,closed") == [new.number, middle.number]
    assert asked(service_request_id=f"{old.number},{new.number}") == [new.number, old.number]
    long_ago = (clock.now() - timedelta(days=120)).isoformat()
    assert asked(start_date=long_ago) == [old.number]
    assert asked(end_date=(clock.now() - timedelta(days=1)).isoformat()) == [middle.number]


def test_places_and_words_are_those_of_the_plaza(plaza: Plaza, client: Client) -> None:
    report = plaza.shown(photos=1)
    answer = client.get(f"{V2}/requests/{report.number}.json?extensions=true")
    found = answer.json()[0]
    assert (found["lat"], found["long"]) == (36.088, 111.519)
    assert SECRET not in answer.content.decode()
    assert found["extended_attributes"]["state"] == "screened"
    picture_path = found["media_url"].removeprefix("http://testserver")
    assert b"".join(client.get(picture_path).streaming_content).startswith(b"\xff\xd8")


def test_xml_holds_no_sign_that_xml_cannot_hold() -> None:
    text = formats.xml([{"a": "1\x0b2\ud800\ufffe<&>\"'"}], formats.REQUESTS)
    assert text == "<service_requests><request><a>12&lt;&amp;&gt;\"'</a></request></service_requests>"


def test_unreadable_characters_are_refused(plaza: Plaza, client: Client, key: str) -> None:
    assert client.get(f"{V2}/requests.json?service_code=%00").status_code == 400
    assert hand_in(client, key, description="a\x00b").status_code == 400


def test_a_body_that_cannot_be_read_is_told_in_the_formats_own_words(plaza: Plaza, client: Client, key: str) -> None:
    many = "&".join(f"f{number}=1" for number in range(2100))
    for body, kind in (
        (many, "application/x-www-form-urlencoded"),
        ("x", "multipart/form-data; boundary=\u4e00"),
        ("{}", "application/json"),
    ):
        answer = client.post(f"{V2}/requests.json?api_key={key}", body, content_type=kind)
        assert answer.status_code in (400, 403)
        assert answer.json()[0]["code"] == str(answer.status_code)


def test_a_program_needs_no_token_against_forgery_but_its_key(plaza: Plaza, key: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert hand_in(strict, "").status_code == 403
    assert hand_in(strict, key).status_code == 200
