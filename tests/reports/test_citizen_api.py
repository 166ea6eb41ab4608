"""The citizens' API over HTTP, by account, as a guest and by claim code."""

from typing import Any

import pytest
from django.test import Client

from anlan.identity.citizens.wechat import lend_token
from anlan.identity.models import Post
from anlan.identity.tokens import issue_token
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry
from anlan.reports.models import Report, Seal
from tests.factories import TOWN
from tests.reports.conftest import Town

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
ROOT = "/api/v1/citizen"


class Phone:
    """A citizen's device with a bearer token, as the mini-program has it."""

    def __init__(self, actor: Actor | None) -> None:
        self.client = Client()
        self.headers: dict[str, str] = {}
        if actor is not None:
            with scope.acting(SYSTEM):
                post = Post.objects.select_related("person").get(pk=actor.post)
                self.headers = {"Authorization": f"Bearer {lend_token(post)}"}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{ROOT}/{path}", query, headers=self.headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.client.post(f"{ROOT}/{path}", body, content_type="application/json", headers=self.headers | headers)


REPORT = {"words": "巷口的井盖不见了，夜里很危险。", "region": TOWN, "category": "other"}


def test_settings_need_nobody(town: Town) -> None:
    answer = Phone(None).get("settings")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["urgent_numbers"] == ["119", "120", "12350"]
    assert [one["code"] for one in found["categories"]][:2] == ["gas", "fire_exit"]
    assert found["photos_max"] == 9
    assert all(group.keys() == {"words", "harmless", "numbers"} and group["numbers"] for group in found["urgent_words"])
    assert "着火" in [word for group in found["urgent_words"] for word in group["words"]]
    assert found["proof"]["bits"] > 0


def test_a_report_and_its_retry_are_one(town: Town) -> None:
    phone = Phone(town.reporter)
    body = REPORT | {"id": str(new_id())}
    first, again = phone.post("reports", body), phone.post("reports", body)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json() == again.json()
    assert first.json()["claim_code"] is None
    with scope.acting(SYSTEM):
        assert Report.objects.count() == 1
    stranger = Phone(town.second).post("reports", body)
    assert stranger.status_code == 409
    assert stranger.json()["code"] == "report.id_taken"


def test_without_a_name_the_code_comes_again_with_the_retry_and_to_nobody_else(town: Town) -> None:
    phone = Phone(town.guest)
    body = REPORT | {"id": str(new_id()), "anonymous": True}
    first = phone.post("reports", body, **{"Idempotency-Key": "one"})
    again = phone.post("reports", body, **{"Idempotency-Key": "one"})
    assert first.status_code == 201, first.content
    code = first.json()["claim_code"]
    assert len(code) == 14
    assert again.json()["claim_code"] == code
    assert Phone(town.second).post("reports", body).status_code == 409
    followed = Phone(None).post("claims", {"code": code.lower().replace("-", " ")})
    assert followed.status_code == 200, followed.content
    assert followed.json()["words"] == REPORT["words"]
    assert phone.get("reports").json()["items"] == []
    assert phone.get(f"reports/{body['id']}").status_code == 404
    assert Phone(None).post("claims", {"code": "0000-0000-0000"}).status_code == 404
    with scope.acting(SYSTEM):
        seal = Seal.objects.get(report_id=body["id"])
    assert (seal.person_id, seal.name, seal.phone) == (None, "", "")


def test_urgent_words_bring_the_numbers_at_once(town: Town) -> None:
    answer = Phone(town.reporter).post("reports", REPORT | {"words": "二楼有人被困，烟很大"}).json()
    assert answer["urgent"] == {"word": "被困", "numbers": ["119", "120", "12350"]}


def test_it_is_followed_without_any_officials_name(town: Town) -> None:
    report = town.answered()
    phone = Phone(town.reporter)
    card = phone.get("reports").json()["items"][0]
    assert (card["number"], card["state"], card["unread"]) == (report.number, "answered", True)
    answer = phone.get(f"reports/{report.pk}")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["may"] == {"contest": True, "rate": True, "join": False}
    assert found["timeline"][0]["label"] in ("Reported", "已上报")
    assert found["unit_name"] == "消防救援大队"
    text = answer.content.decode()
    for actor in (town.inspector, town.city.dispatcher, town.city.office):
        assert actor.name not in text
    assert not phone.get("reports").json()["items"][0]["unread"]
    assert Phone(town.second).get(f"reports/{report.pk}").status_code == 404


def test_contest_and_rate_over_http(town: Town) -> None:
    report = town.answered()
    phone = Phone(town.reporter)
    rated = phone.post(f"reports/{report.pk}/rate", {"satisfied": False, "words": "没有解决"})
    assert rated.status_code == 200, rated.content
    assert rated.json()["satisfied"] is False
    assert phone.post(f"reports/{report.pk}/rate", {"satisfied": True}).status_code == 409
    assert Phone(town.second).post(f"reports/{report.pk}/contest", {"words": "我也不同意"}).status_code == 404
    contested = phone.post(f"reports/{report.pk}/contest", {"words": "现场还是老样子"})
    assert contested.status_code == 200, contested.content
    assert contested.json()["state"] == "screened"
    assert phone.post(f"reports/{report.pk}/contest", {"words": "再次不同意"}).status_code == 409


def test_contest_by_code(town: Town) -> None:
    body = REPORT | {"id": str(new_id()), "anonymous": True}
    code = Phone(town.guest).post("reports", body).json()["claim_code"]
    early = Phone(None).post("claims/contest", {"code": code, "words": "还没有处理"})
    assert early.status_code == 409
    assert "某" not in early.content.decode()


def test_a_guest_contests_by_code_with_a_photo(town: Town) -> None:
    phone = Phone(town.guest)
    body = REPORT | {"id": str(new_id()), "anonymous": True, "category": "fire_exit"}
    code = phone.post("reports", body).json()["claim_code"]
    report = town.do(town.city.dispatcher, body["id"], "decline", reason="不属于安全生产问题。")
    town.do(town.city.office, report, "review", answer="不属于安全生产问题，请拨打12345。")
    tick()
    photo = str(town.photo(town.guest))
    stolen = Phone(town.second).post("claims/contest", {"code": code, "words": "现在更严重了", "photos": [photo]})
    assert stolen.status_code == 422
    found = phone.post("claims/contest", {"code": code, "words": "现在更严重了", "photos": [photo]})
    assert found.status_code == 200, found.content
    assert (found.json()["state"], len(found.json()["photos"])) == ("screened", 1)
    with scope.acting(SYSTEM):
        assert Entry.objects.get(subject_id=body["id"], step="contest").person_id is None


def test_the_desk_takes_a_call_down(town: Town) -> None:
    def call(actor: Actor, **over: Any) -> Any:
        with scope.acting(SYSTEM):
            token = issue_token(post=Post.objects.select_related("person").get(pk=actor.post), name="test")
        headers = {"Authorization": f"Bearer {token}"}
        return Client().post("/api/v1/reports", REPORT | over, content_type="application/json", headers=headers)

    known = call(town.city.dispatcher, name="赵来电", phone="13935799999")
    assert known.status_code == 201, known.content
    assert known.json()["claim_code"] is None
    assert "13935799999" not in known.content.decode()
    assert known.json()["report"]["channel"]["code"] == "desk"
    unknown = call(town.city.dispatcher).json()
    assert Phone(None).post("claims", {"code": unknown["claim_code"]}).json()["number"] == unknown["report"]["number"]
    assert call(town.city.inspector).status_code == 403
    assert call(town.city.n_dispatcher).status_code == 403


def test_near_finds_it_and_joining_follows_it(town: Town) -> None:
    place = {"lon": "111.518976", "lat": "36.088005", "region": TOWN}
    report = town.send(**place)
    town.do(town.city.dispatcher, report, "screen", category="fire_exit", public_words="安全出口上锁")
    phone = Phone(town.second)
    found = phone.post("near", {"lon": "111.519100", "lat": "36.088100", "words": "安全出口锁了"})
    assert found.status_code == 200, found.content
    item = found.json()["items"][0]
    assert (item["id"], item["words"], item["own"]) == (str(report.pk), "安全出口上锁", False)
    assert item["distance_m"] == 100
    joined = phone.post(f"reports/{report.pk}/join", {"words": "我也看到了"})
    assert joined.status_code == 200, joined.content
    assert joined.json()["words"] == "安全出口上锁"
    assert joined.json()["address"] == ""
    assert phone.post(f"reports/{report.pk}/join", {}).status_code == 200
    assert town.fresh(report).joined == 1
    assert phone.get("reports").json()["items"][0]["id"] == str(report.pk)


def test_citizens_do_not_read_what_officials_read(town: Town) -> None:
    report = town.answered()
    phone = Phone(town.reporter)
    for path in (f"/api/v1/reports/{report.pk}", "/api/v1/reports"):
        assert phone.client.get(path, headers=phone.headers).status_code == 403
    rate = f"/api/v1/reports/{report.pk}/steps/rate"
    answer = phone.client.post(rate, {"satisfied": True}, content_type="application/json", headers=phone.headers)
    assert answer.status_code == 403
    assert town.fresh(report).satisfied is None


def test_a_picture_is_shown_by_a_signed_address_alone(town: Town) -> None:
    report = town.send(photos=[town.photo(town.reporter)])
    photo = Phone(town.reporter).get(f"reports/{report.pk}").json()["photos"][0]
    shown = Client().get(photo["display"])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    bare = photo["display"].partition("?")[0]
    assert Client().get(bare).status_code == 422
    assert Client().get(f"{bare}?s=abc.def").status_code == 404
    other = town.send(photos=[town.photo(town.reporter)])
    theirs = Phone(town.reporter).get(f"reports/{other.pk}").json()["photos"][0]["display"].partition("?")[2]
    assert Client().get(f"{bare}?{theirs}").status_code == 404


def test_officials_and_nobody_are_no_citizens(town: Town) -> None:
    assert Phone(None).post("reports", REPORT).status_code == 401
    assert Phone(None).get("reports").status_code == 401
    assert Phone(None).post(f"reports/{new_id()}/join", {}).status_code == 401
