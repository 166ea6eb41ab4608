"""Photos of citizens go through WeChat's check: the twin fetches each, calls back, and what is doubtful waits for a person."""

from typing import Any

import pytest
from django.db import connection

from anlan.identity.models import WechatAccount
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.reports.models import Hold, Report, ReportPhoto
from anlan.reports.sorting import outside
from tests.channels.twin import Twin, twin, twin_process
from tests.factories import make_city
from tests.reports.conftest import Town, make_town

__all__ = ["twin", "twin_process"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture
def town(transactional_db: None) -> Town:
    return make_town(make_city())


@pytest.fixture
def address(twin: Twin, live_server: Any, settings: Any) -> str:
    """Where the twin reaches us, for the picture and for its answer."""
    settings.ANLAN_PUBLIC_URL = live_server.url
    twin.post("/_callback", url=live_server.url)
    return str(live_server.url)


def sent(town: Town, *, photos: int = 1, channel: str = "miniprogram") -> Report:
    with scope.acting(SYSTEM):
        if not WechatAccount.objects.filter(openid="o-1").exists():
            WechatAccount.objects.create(id=new_id(), person_id=town.reporter.person, openid="o-1", at=clock.now())
    return town.send(channel=channel, photos=[town.photo(town.reporter) for _ in range(photos)])


def holds(report: Report) -> list[tuple[str, str]]:
    with scope.acting(SYSTEM):
        return sorted(Hold.objects.filter(report=report, what="photo").values_list("state", "label"))


def test_what_the_check_finds_doubtful_waits_for_a_person_and_stays(town: Town, twin: Twin, address: str) -> None:
    report = sent(town, photos=2)
    twin.post("/_wechat/verdicts", suggest=["pass", "risky"])
    assert outside.look(report.pk) == "pass"  # the words
    twin.waits_for(lambda: [state for state, _label in holds(report)] == ["released", "waiting"])
    assert holds(report) == [("released", ""), ("waiting", "crime")]
    assert town.fresh(report).held
    with scope.acting(SYSTEM):
        assert ReportPhoto.objects.filter(report=report).count() == 2
    fetched = [one for one in twin.log("wechat.media") if "fetched" in one]
    assert len(fetched) == 2
    assert all(one["fetched"] > 100 for one in fetched)


def test_a_photo_drawn_after_its_report_is_asked_about_then(town: Town, twin: Twin, address: str) -> None:
    from anlan.files.drawing import draw, receive_photo
    from anlan.reports.sorting import jobs
    from tests.factories import picture

    sent(town, photos=0)  # so that the account is known
    with scope.acting(town.reporter):
        photo = receive_photo(actor=town.reporter, source=picture(77), name="p.jpg", media_type="image/jpeg").pk
    report = town.send(channel="miniprogram", photos=[photo])
    outside.look(report.pk)
    assert twin.log("wechat.media_check_async") == []  # there is no copy yet that could be lent
    twin.post("/_wechat/verdicts", suggest=["risky"])
    draw(photo)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'report_id' FROM procrastinate_jobs WHERE task_name = 'reports.look_at_photos'")
        assert cursor.fetchall() == [(str(report.pk),)]
    jobs.look_at_photos(report_id=str(report.pk))
    twin.waits_for(lambda: holds(report) == [("waiting", "crime")])
    assert town.fresh(report).held


def test_each_photo_is_asked_about_once(town: Town, twin: Twin, address: str) -> None:
    report = sent(town)
    outside.look(report.pk)
    outside.look(report.pk)  # a job that ran twice
    assert len(twin.log("wechat.media_check_async")) == 1
    twin.waits_for(lambda: holds(report) == [("released", "")])
    assert not town.fresh(report).held


def test_a_picture_that_cannot_be_fetched_waits_for_a_person(
    town: Town, twin: Twin, address: str, settings: Any
) -> None:
    settings.ANLAN_PUBLIC_URL = "http://127.0.0.1:9"
    report = sent(town)
    outside.look(report.pk)
    twin.waits_for(lambda: [state for state, _label in holds(report)] == ["waiting"])
    assert town.fresh(report).held


def test_an_answer_that_overtakes_its_question_comes_again(
    town: Town, twin: Twin, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin answers before the row of what was asked is there: it is not lost."""
    from anlan.reports.sorting import holding

    report = sent(town)
    later: list[dict[str, Any]] = []
    monkeypatch.setattr(outside, "ask", lambda report, **facts: later.append({"report": report, **facts}))
    outside.look(report.pk)
    twin.waits_for(lambda: [one for one in twin.log("wechat.push") if one.get("status") == 404])
    facts = later[0]
    with scope.acting(SYSTEM):
        holding.ask(facts.pop("report"), **facts)
    twin.waits_for(lambda: holds(report) == [("released", "")])


def test_nobody_is_asked_about_what_came_by_the_web_page(town: Town, twin: Twin, address: str) -> None:
    assert outside.look(sent(town, channel="web").pk) == ""
    assert twin.log("wechat.media_check_async") == []


@pytest.mark.parametrize("missing", ["ANLAN_PUBLIC_URL", "ANLAN_WECHAT_PUSH_KEY"])
def test_without_an_address_or_an_answer_only_the_words_are_asked_about(
    town: Town, twin: Twin, address: str, settings: Any, missing: str
) -> None:
    setattr(settings, missing, "")
    report = sent(town)
    assert outside.look(report.pk) == "pass"
    assert twin.log("wechat.media_check_async") == []
    assert holds(report) == []
