"""Ways in which somebody tried to learn more of a report than is theirs: who joined, who asks what is near, the unit, the public."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.reports.actions import join, open_seal
from anlan.reports.models import Hold, PublicReport, Report, ReportPhoto
from anlan.reports.plaza.keeping import PLAZA
from anlan.reports.queries import near
from anlan.reports.sorting.sending import send_many
from tests.factories import TOWN
from tests.reports.conftest import NAME, PHONE, Town
from tests.reports.test_citizen_api import Phone
from tests.reports.test_office_pages import enter, page

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
LON, LAT = 111.518912, 36.088437
METRE = 1 / 111_195
SECRET = f"{NAME}看到，三号楼的安全出口堵住了"
TOLD = f"我叫{NAME}，电话{PHONE}，晋L12345堵住了安全出口"
"""A check puts it aside; the other one not."""


def placed(town: Town, **over: Any) -> Report:
    return town.send(**{"lon": str(LON), "lat": str(LAT), "words": SECRET} | over)


def joined(town: Town, report: Report, **data: Any) -> None:
    with scope.acting(town.second):
        join(actor=town.second, report=report.pk, data=data)


# those who joined, and those who were joined


def test_who_joined_sees_no_photo_that_is_not_shown(town: Town) -> None:
    report = placed(town, photos=[town.photo(town.reporter)])
    joined(town, report)
    phone = Phone(town.second)
    (card,) = phone.get("reports").json()["items"]
    assert (card["photo"], card["words"]) == (None, "")
    with scope.acting(SYSTEM):
        photo = ReportPhoto.objects.get(report=report.pk)
    town.do(town.city.dispatcher, report, "screen", category="fire_exit", public_words="出口堵塞", shown=[photo.pk])
    (card,) = phone.get("reports").json()["items"]
    assert str(photo.pk) in card["photo"]
    (mine,) = Phone(town.reporter).get("reports").json()["items"]
    assert mine["words"] == SECRET


def test_who_joined_and_asks_again_reads_no_more_than_before(town: Town) -> None:
    report = placed(town, photos=[town.photo(town.reporter)])
    joined(town, report)
    answer = Phone(town.second).post("near", {"lon": str(LON), "lat": str(LAT)})
    (item,) = answer.json()["items"]
    assert (item["own"], item["words"], item["photo"]) == (True, "", None)
    (own,) = Phone(town.reporter).post("near", {"lon": str(LON), "lat": str(LAT)}).json()["items"]
    assert (own["own"], own["words"]) == (True, SECRET)


def test_the_reporter_does_not_see_what_others_sent(town: Town) -> None:
    """Whoever reports as a bait would else see who comes to join."""
    mine = town.photo(town.reporter)
    report = placed(town, photos=[mine])
    with clock.at(clock.now() + timedelta(minutes=5)):
        joined(town, report, photos=[town.photo(town.second)])
    with scope.acting(SYSTEM):
        own, other = ReportPhoto.objects.filter(report=report.pk).order_by("at").values_list("pk", flat=True)
    phone = Phone(town.reporter)
    assert [one["id"] for one in phone.get(f"reports/{report.pk}").json()["photos"]] == [str(own)]
    town.do(town.city.dispatcher, report, "screen", category="fire_exit", public_words="出口堵塞", shown=[other])
    assert {one["id"] for one in phone.get(f"reports/{report.pk}").json()["photos"]} == {str(own), str(other)}


def test_what_the_reporter_objects_is_not_read_by_those_who_joined(town: Town) -> None:
    report = town.reviewed()
    joined(town, report)
    from anlan.kernel.flow.clockwork import tick

    tick()
    photo = town.photo(town.reporter)
    town.do(town.reporter, report, "contest", words=f"我是{NAME}，门还锁着", photos=[photo])
    theirs, mine = (Phone(one).get(f"reports/{report.pk}") for one in (town.second, town.reporter))
    assert NAME not in theirs.content.decode()
    assert NAME in mine.content.decode()
    assert (len(theirs.json()["photos"]), len(mine.json()["photos"])) == (0, 1)


# what is near


def asked_from(actor: Actor, metres: float, **over: Any) -> Any:
    with scope.acting(actor):
        return near(actor, **{"lon": LON, "lat": LAT + metres * METRE} | over)


def test_near_gives_the_same_answer_for_every_place_within_the_rounding(town: Town) -> None:
    """However often and from wherever somebody asks: two reports that the plaza would draw at one place are not told apart."""
    one, other = placed(town), placed(town, lat=str(round(LAT - 0.0004, 6)))
    for metres in range(-420, 421, 7):
        found = {found.report.pk: (found.distance_m, found.likeness) for found in asked_from(town.second, metres)}
        assert found.get(one.pk) == found.get(other.pk), metres


def test_near_is_no_oracle_of_words_that_nobody_published(town: Town) -> None:
    report = placed(town)
    dispatcher = town.city.dispatcher

    def likeness(actor: Actor, words: str) -> float:
        (found,) = asked_from(actor, 30, words=words)
        return float(found.likeness)

    assert likeness(town.second, NAME) == likeness(town.second, "无关之词")
    assert likeness(dispatcher, NAME) > likeness(dispatcher, "无关之词")
    town.do(dispatcher, report, "screen", category="fire_exit", public_words="安全出口堵塞")
    assert likeness(town.second, NAME) == likeness(town.second, "无关之词")
    assert likeness(town.second, "安全出口") > likeness(town.second, NAME)


def test_a_visitor_is_told_of_what_stands_on_the_plaza_alone(town: Town) -> None:
    asked = {"lon": str(LON), "lat": str(LAT), "words": "安全出口堵塞"}
    shown = placed(town)
    hidden, waiting = placed(town), placed(town)
    desk = town.city.dispatcher
    town.do(desk, shown, "screen", category="fire_exit", public_words="安全出口堵塞")
    town.do(desk, hidden, "screen", category="fire_exit", public_words="安全出口堵塞", public=False)
    answer = Phone(None).post("near", asked)
    assert answer.status_code == 200, answer.content
    (item,) = answer.json()["items"]
    assert (item["number"], item["id"], item["own"], item["distance_m"]) == (shown.number, None, False, 100)
    text = answer.content.decode()
    for secret in (str(shown.pk), hidden.number, waiting.number, NAME, PHONE, str(LAT), SECRET):
        assert secret not in text
    assert Phone(None).post("near", {}).json() == {"items": [], "waiting": False}
    assert Phone(None).post("near", {"region": TOWN, "words": "安全出口"}).json()["items"][0]["number"] == shown.number


def test_a_visitor_who_asks_too_often_is_refused(town: Town, settings: Any) -> None:
    settings.ANLAN_FLOODS = "refuse"
    phone = Phone(None)
    codes = {phone.post("near", {}, **{"X-Device": "d-1"}).status_code for _time in range(245)}
    assert codes == {200, 429}


# the unit and the public


def test_sending_on_what_a_check_put_aside_publishes_nothing(town: Town) -> None:
    report = placed(town, words=TOLD)
    assert report.held
    desk = town.city.dispatcher
    with scope.acting(desk):
        send_many(actor=desk, reports=[report.pk], unit=town.unit.pk)
    sent = town.fresh(report)
    assert (sent.state, sent.held, sent.public, sent.public_words) == ("dispatched", True, False, "")
    assert report.number in page(enter(desk), "/reports/holds/")
    with scope.acting(PLAZA):
        assert not PublicReport.objects.exists()
    town.do(desk, report, "edit_public", public_words="安全出口堵塞")
    assert not town.fresh(report).held
    with scope.acting(PLAZA):
        assert PublicReport.objects.get().words == "安全出口堵塞"


def test_what_somebody_kept_from_the_public_stays_so_when_it_is_sent_on(town: Town) -> None:
    desk = town.city.dispatcher
    report = town.do(desk, placed(town, words=TOLD), "edit_public", public=False)
    client = enter(desk)
    assert client.get(f"/reports/{report.pk}/steps/screen/").context["form"]["public"].initial == "false"
    assert 'name="public" value="on">' in page(client, f"/reports/desk/?report={report.pk}")
    sent = town.do(desk, report, "dispatch", unit=town.unit.pk)
    assert (sent.held, sent.public) == (False, False)
    with scope.acting(PLAZA):
        assert not PublicReport.objects.exists()


def test_the_form_of_the_public_version_begins_without_what_finds_a_person(town: Town) -> None:
    report = placed(town, words=TOLD)
    client = enter(town.city.dispatcher)
    for step in ("screen", "edit_public"):
        words = client.get(f"/reports/{report.pk}/steps/{step}/").context["form"]["public_words"].initial
        assert not [one for one in (NAME, PHONE, "晋L12345") if one in words]
        assert "堵住了安全出口" in words


def test_what_finds_whoever_wrote_is_read_by_those_who_sort_alone(town: Town) -> None:
    report = town.do(town.city.dispatcher, placed(town, words=TOLD), "dispatch", unit=town.unit.pk, industry="gongmao")
    record = f"/reports/{report.pk}/"
    for actor, reads in ((town.city.dispatcher, True), (town.regulator, False), (town.city.leader, False)):
        client = enter(actor)
        texts = {url: page(client, url) for url in ("/", "/reports/", record)}
        assert (PHONE in texts[record], NAME in texts[record]) == (reads, reads), actor.role
        assert reads or not [url for url, text in texts.items() if PHONE in text or NAME in text], actor.role
        assert "晋L12345" in texts[record]
    verify = page(enter(town.regulator), f"/reports/{report.pk}/steps/verify/")
    assert PHONE not in verify
    assert "晋L12345" in verify


def test_why_a_seal_was_opened_is_read_by_openers_and_auditors(town: Town) -> None:
    report = town.do(town.city.dispatcher, town.send(), "dispatch", unit=town.unit.pk, industry="gongmao")
    why = f"需联系{NAME}核实"
    with scope.acting(town.city.office):
        open_seal(actor=town.city.office, report=report.pk, reason=why)
    for actor, reads in ((town.city.office, True), (town.city.auditor, True), (town.regulator, False), (town.city.dispatcher, False)):  # fmt: skip
        text = page(enter(actor), f"/reports/{report.pk}/")
        assert (why in text) == reads, actor.role
        assert town.city.office.name in text


def test_why_a_check_put_it_aside_is_told_to_those_who_sort(town: Town) -> None:
    from anlan.identity.models import Post
    from anlan.identity.tokens import issue_token

    report = town.dispatched()
    with scope.acting(SYSTEM):
        Hold.objects.create(report_id=report.pk, engine="words", label="某词", at=report.state_since)
    for actor, reads in ((town.city.dispatcher, True), (town.regulator, False)):
        with scope.acting(SYSTEM):
            token = issue_token(post=Post.objects.select_related("person").get(pk=actor.post), name="test")
        answer = Client().get(f"/api/v1/reports/{report.pk}", headers={"Authorization": f"Bearer {token}"})
        assert bool(answer.json()["holds"]) == reads
