"""A report is taken with photos nobody has drawn yet: every room goes on without them, and learns of them when they are there."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from anlan.files.actions import store
from anlan.files.drawing import draw, receive_photo
from anlan.files.models import File
from anlan.hazards.models import Hazard, Photo
from anlan.identity.tokens import issue_token
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ledger.read import acts
from anlan.reports.actions import submit
from anlan.reports.models import PublicPhoto, PublicReport, Report, ReportPhoto
from anlan.reports.plaza.keeping import PLAZA
from anlan.reports.queries import follow, near
from tests.drawing import draw_waiting
from tests.factories import TOWN, City, make_city
from tests.files import hostile, photos
from tests.reports.conftest import Town, make_town
from tests.reports.test_citizen_api import Phone
from tests.sessions import SignedIn, signed_in
from tests.together import acting, at_once

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PICTURE = photos.jpeg()
BROKEN = hostile.jpeg_sized(60_000, 60_000)
"""Whole and of one kind, and larger than anything is decoded."""
PLACE = {"lon": "111.518976", "lat": "36.088005"}


@pytest.fixture
def town(city: City) -> Town:
    return make_town(city)


def photo(actor: Actor, source: bytes = PICTURE) -> UUID:
    with scope.acting(actor):
        return receive_photo(actor=actor, source=source, name="a.jpg").pk


def sent(town: Town, *sources: bytes) -> Report:
    return town.send(photos=[photo(town.reporter, one) for one in sources], **PLACE)


def screened(town: Town, report: Report) -> Report:
    with scope.acting(SYSTEM):
        shown = list(ReportPhoto.objects.filter(report=report.pk).values_list("pk", flat=True))
    return town.do(
        town.city.dispatcher,
        report,
        "screen",
        category="fire_exit",
        public=True,
        public_words="安全出口上锁",
        shown=shown,
    )


def dispatched(town: Town, report: Report) -> Report:
    return town.do(town.city.dispatcher, report, "dispatch", unit=town.unit.pk)


def verified(town: Town, report: Report, **over: Any) -> Report:
    facts: dict[str, Any] = {
        "words": "现场查看，安全出口确实上锁。", "on": clock.today(), "place": "幸福小区3号楼", "industry": "gongmao",
        "hazard_category": "fire_escape",
    }  # fmt: skip
    return town.do(town.regulator, dispatched(town, report), "verify", **(facts | over))


def of(report: Report) -> ReportPhoto:
    with scope.acting(SYSTEM):
        return ReportPhoto.objects.get(report=report.pk)


def file_of(report: Report) -> File:
    with scope.acting(SYSTEM):
        return File.objects.get(pk=of(report).file_id)


def states(town: Town, report: Report) -> list[tuple[str, bool]]:
    """As the reporter's program reads it: what it is, and whether there is something to show."""
    answer = Phone(town.reporter).get(f"reports/{report.pk}")
    assert answer.status_code == 200, answer.content
    return [(one["state"], one["thumb"] is not None) for one in answer.json()["photos"]]


def on_the_plaza(report: Report) -> tuple[bool, int]:
    with scope.acting(PLAZA):
        row = PublicReport.objects.get(pk=report.pk)
        return row.cover is not None, PublicPhoto.objects.filter(report=row).count()


def test_the_reporter_reads_that_it_is_being_prepared_and_then_sees_it(town: Town) -> None:
    report = sent(town, PICTURE)
    assert states(town, report) == [("waiting", False)]
    with scope.acting(town.reporter):
        assert follow(town.reporter, report.pk).card.photo is None
    assert draw_waiting() == 1
    assert states(town, report) == [("drawn", True)]
    with scope.acting(town.reporter):
        assert follow(town.reporter, report.pk).card.photo == of(report).pk
    assert of(report).likeness == file_of(report).likeness is not None


def test_what_cannot_be_opened_stays_with_the_report_and_everybody_reads_it(town: Town, signed_in: SignedIn) -> None:
    report = sent(town, BROKEN, PICTURE)
    draw_waiting()
    assert states(town, report) == [("flawed", False), ("drawn", True)]
    screened(town, report)
    assert on_the_plaza(report) == (True, 1)
    for path in (f"/reports/desk/?report={report.pk}", f"/reports/{report.pk}/"):
        page = signed_in("dispatcher").get(path).content.decode()
        assert "This picture could not be opened" in page
    with scope.acting(SYSTEM):
        flawed = File.objects.exclude(flaw="").get()
    assert store().verify(flawed.sha256)  # its original is evidence
    with scope.acting(SYSTEM):
        assert flawed.sha256 in str(acts(report.pk)[0].files)


def test_pages_hold_its_place_until_it_is_drawn(town: Town, signed_in: SignedIn) -> None:
    report = screened(town, sent(town, PICTURE))
    desk = signed_in("dispatcher")
    pages = (
        "/reports/desk/",
        f"/reports/desk/?report={report.pk}",
        f"/reports/{report.pk}/",
        f"/reports/{report.pk}/steps/decline/",
        f"/reports/{report.pk}/steps/edit_public/",
    )
    thumb = f"/files/{of(report).file_id}/thumb/"
    for path in pages:
        page = desk.get(path).content.decode()
        assert "This picture is being prepared" in page, path
        assert f'src="{thumb}"' not in page, path
    again = f"/files/{of(report).file_id}/picture/?alt=x&group=desk&caption=%3Cb%3E"
    assert b"data-picture=" in desk.get(again).content
    assert signed_in("n_dispatcher").get(again).status_code == 404
    draw_waiting()
    for path in pages:
        assert f'src="{thumb}"' in desk.get(path).content.decode(), path
    shown = desk.get(again).content.decode()
    assert f'src="{thumb}"' in shown
    assert 'data-lightbox="desk"' in shown
    assert "<b>" not in shown
    assert b"<a " not in desk.get(again + "&plain=1").content
    assert b"".join(desk.get(thumb).streaming_content).startswith(b"\xff\xd8")


def test_a_held_report_shows_its_place_too(town: Town, signed_in: SignedIn) -> None:
    report = town.send(words="这帮王八蛋锁了安全出口。", photos=[photo(town.reporter)], **PLACE)
    assert report.held
    page = signed_in("dispatcher").get("/reports/holds/").content.decode()
    assert page.count("data-picture=") == 2


def test_the_plaza_gets_the_picture_when_it_is_drawn(town: Town) -> None:
    report = screened(town, sent(town, PICTURE))
    assert on_the_plaza(report) == (False, 0)
    draw_waiting()
    assert on_the_plaza(report) == (True, 1)


def test_a_hidden_photo_stays_hidden_when_it_is_drawn(town: Town) -> None:
    report = sent(town, PICTURE)
    town.do(town.city.dispatcher, report, "screen", category="fire_exit", public=True, public_words="安全出口上锁")
    draw_waiting()
    assert on_the_plaza(report) == (False, 0)


@pytest.mark.parametrize("first", ["the job", "the unit"])
def test_a_hazard_gets_the_clean_picture_whoever_is_first(town: Town, first: str) -> None:
    report = sent(town, PICTURE)
    if first == "the job":
        draw_waiting()
    found = verified(town, report)
    draw_waiting()
    with scope.acting(SYSTEM):
        copy = Photo.objects.get(hazard=found.hazard_id).file
        hazard = Hazard.objects.get(pk=found.hazard_id)
    original = file_of(report)
    assert hazard.finder_id == town.regulator.person
    assert copy.sha256 == copy.display_sha256 == original.display_sha256 != original.sha256
    assert (copy.undrawn, copy.taken_at, copy.lon, copy.device) == (False, None, None, "")
    assert of(report).likeness == original.likeness is not None
    assert original.device == "HUAWEI ALN-AL00"


def test_what_cannot_be_opened_hinders_no_hazard(town: Town) -> None:
    """As where nobody took a photo: the platform registers it."""
    found = verified(town, sent(town, BROKEN))
    with scope.acting(SYSTEM):
        assert not Photo.objects.filter(hazard=found.hazard_id).exists()
        assert acts(found.hazard_id)[0].role == "system"
    assert file_of(found).flaw == "file.too_many_pixels"


def test_the_likeness_counts_as_soon_as_it_is_known(town: Town) -> None:
    first = sent(town, PICTURE)
    mine = photo(town.second, photos.encoded(photos.picture(), quality=60))

    def looked() -> float:
        with scope.acting(town.second):
            found = near(town.second, lon=111.518976, lat=36.089624, words="", photos=[mine])
        return next((one.likeness for one in found if one.report.pk == first.pk), 0.0)

    def asked() -> bool:
        answer = Phone(town.second).post("near", {"lon": "111.518976", "lat": "36.089624", "photos": [str(mine)]})
        assert answer.status_code == 200, answer.content
        waiting: bool = answer.json()["waiting"]
        return waiting

    before = looked()
    assert asked()
    draw_waiting()
    assert not asked()
    assert looked() > before


def test_what_is_not_drawn_is_offered_to_nobody_as_a_picture(town: Town) -> None:
    report = screened(town, sent(town, PICTURE))

    def offered() -> UUID | None:
        with scope.acting(town.second):
            (found,) = near(town.second, lon=111.518976, lat=36.088005, words="安全出口")
        return found.photo

    assert offered() is None
    draw_waiting()
    assert offered() == of(report).pk


def test_the_officials_api_says_what_there_is(town: Town) -> None:
    report = sent(town, PICTURE)
    with scope.acting(SYSTEM):
        token = issue_token(post=town.city.posts["dispatcher"], name="test")

    def told() -> dict[str, Any]:
        answer = Client().get(f"/api/v1/reports/{report.pk}", headers={"Authorization": f"Bearer {token}"})
        found: dict[str, Any] = answer.json()["photos"][0]
        return found

    assert (told()["state"], told()["thumb"], told()["display"]) == ("waiting", None, None)
    draw_waiting()
    assert (told()["state"], told()["thumb"]) == ("drawn", f"/api/v1/files/{told()['file']}/thumb")


def test_a_job_that_broke_off_before_it_told_tells_when_it_runs_again(town: Town) -> None:
    report = sent(town, PICTURE)
    with scope.acting(SYSTEM):
        File.objects.filter(pk=file_of(report).pk).update(undrawn=False, likeness=5)
    assert of(report).likeness is None
    draw(file_of(report).pk)
    assert of(report).likeness == 5


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_drawn_while_it_is_being_sent_screened_and_verified(transactional_db: None) -> None:
    """Neither waits for the other for ever, and in every order the report learns what its photo looks like."""
    town = make_town(make_city())
    for _round in range(3):
        one = photo(town.reporter)
        facts = {"words": "楼道里堆满纸箱。", "region": TOWN, "category": "fire_exit", "photos": [one]} | PLACE
        report, _none = at_once(
            acting(town.reporter, lambda facts=facts: submit(actor=town.reporter, data=facts)),
            lambda one=one: draw(one),
        )
        assert of(report).likeness == file_of(report).likeness is not None
        other = sent(town, PICTURE)
        waits = file_of(other).pk
        at_once(lambda other=other: screened(town, other), lambda waits=waits: draw(waits))
        assert of(other).likeness is not None
        assert on_the_plaza(other) == (True, 1)
        third = dispatched(town, sent(town, PICTURE))
        waits = file_of(third).pk
        facts = {
            "words": "现场查看，安全出口确实上锁。", "on": clock.today(), "place": f"{third.number}楼", "industry": "gongmao",
            "hazard_category": "fire_escape",
        }  # fmt: skip
        at_once(
            lambda third=third, facts=facts: town.do(town.regulator, third, "verify", **facts),
            lambda waits=waits: draw(waits),
        )
        assert of(third).likeness is not None
