"""What is put aside: by the word lists, by WeChat's checks, and let go by a person alone. Nothing is ever deleted."""

from typing import Any
from unittest.mock import patch

import pytest

from anlan.channels.events import MediaChecked
from anlan.channels.http import Outside
from anlan.channels.wechat import Verdict
from anlan.identity.models import WechatAccount
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.read import acts
from anlan.reports.actions import take_step
from anlan.reports.models import Hold, Report, ReportPhoto
from anlan.reports.sorting import outside
from anlan.reports.sorting.holding import ask, take_result
from tests.factories import NEIGHBOUR_TOWN, City
from tests.reports.conftest import Town, make_town
from tests.sessions import SignedIn, signed_in

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])
BAD = "出口锁着，你们这群王八蛋，电话13812345678"


@pytest.fixture
def town(city: City) -> Town:
    return make_town(city)


def _holds(report: Report) -> list[Hold]:
    with scope.acting(SYSTEM):
        return list(Hold.objects.filter(report=report).order_by("at", "id"))


def _asked(town: Town, trace: str = "t-1") -> tuple[Report, ReportPhoto]:
    report = town.send(photos=[town.photo(town.reporter)])
    with scope.acting(SYSTEM):
        photo = ReportPhoto.objects.get(report=report)
        ask(report.pk, what="photo", trace=trace, photo=photo.pk)
    return report, photo


def test_doubtful_words_hold_and_the_report_is_handled_all_the_same(town: Town) -> None:
    report = town.send(words=BAD)
    assert report.held
    assert _holds(report)[0].label == "王八蛋"
    sent = town.do(town.city.dispatcher, report, "dispatch", unit=town.unit.pk)
    assert sent.state == "dispatched"
    assert town.fresh(report).words == BAD


def test_nothing_waits_while_an_outside_check_is_asked(town: Town) -> None:
    report, _photo = _asked(town)
    assert not town.fresh(report).held
    assert [one.state for one in _holds(report)] == ["asked"]


def test_a_passed_picture_changes_nothing(town: Town) -> None:
    report, _photo = _asked(town)
    assert take_result("t-1", "pass")
    assert not town.fresh(report).held
    assert [one.state for one in _holds(report)] == ["released"]


@pytest.mark.parametrize("result", ["risky", "review", "something new"])
def test_a_doubtful_picture_waits_for_a_person(town: Town, result: str) -> None:
    report, photo = _asked(town)
    town.do(town.city.dispatcher, report, "screen", category="fire_exit", shown=[photo.pk])
    MediaChecked(Verdict(suggest=result, label="20002", trace="t-1")).emit()
    assert town.fresh(report).held
    hold = _holds(report)[0]
    assert (hold.state, hold.label, hold.photo_id, hold.what) == ("waiting", "pornography", photo.pk, "photo")
    with scope.acting(SYSTEM):
        assert not ReportPhoto.objects.get(pk=photo.pk).shown
        assert acts(report.pk)[-1].step == "hold_back"


def test_the_same_answer_again_and_a_foreign_trace_change_nothing(town: Town) -> None:
    report, _photo = _asked(town)
    assert take_result("t-1", "risky", "20002")
    version = town.fresh(report).version
    assert take_result("t-1", "risky", "20002")
    assert take_result("t-1", "pass")
    assert town.fresh(report).version == version
    assert town.fresh(report).held
    assert not take_result("t-unknown", "risky")
    assert not take_result("", "risky")


def test_nobody_puts_aside_by_hand_through_the_door_for_steps(town: Town) -> None:
    report, who = town.send(), town.city.dispatcher
    with scope.acting(who), pytest.raises(NotFound):
        take_step(actor=who, report=report.pk, step="hold_back", data={})


class _WeChat:
    """What the adapter answers; the adapter itself is proved with the sandbox in tests/channels."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), []

    def __call__(self, words: str, **more: Any) -> Verdict:
        self.asked.append((words, more))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def _by_miniprogram(town: Town) -> Report:
    with scope.acting(SYSTEM):
        WechatAccount.objects.create(id=new_id(), person_id=town.reporter.person, openid="o-1", at=clock.now())
    return town.send(channel="miniprogram")


def test_wechat_is_asked_about_its_own_users_words_only(town: Town) -> None:
    asked = _WeChat(Verdict(suggest="risky", label="20003"))
    own, web = _by_miniprogram(town), town.send()
    with (
        patch.object(outside.setup, "has_wechat", return_value=True),
        patch.object(outside.wechat, "check_text", asked),
    ):
        assert outside.look(web.pk) == ""
        assert outside.look(own.pk) == "risky"
        asked.answers.append(Verdict(suggest="risky", label="20003"))
        outside.look(own.pk)  # a job that ran twice
    assert [more["openid"] for _words, more in asked.asked] == ["o-1", "o-1"]
    assert town.fresh(own).held
    assert [(one.engine, one.label) for one in _holds(own)] == [("wechat", "abuse")]
    assert not town.fresh(web).held


def test_an_outage_of_wechat_holds_up_no_report(town: Town) -> None:
    own = _by_miniprogram(town)
    with (
        patch.object(outside.setup, "has_wechat", return_value=True),
        patch.object(outside.wechat, "check_text", _WeChat(Outside())),
        pytest.raises(Outside),
    ):
        outside.look(own.pk)
    assert town.fresh(own).state == "submitted"
    assert not town.fresh(own).held


def test_a_person_releases_with_other_words_or_keeps_it(town: Town, signed_in: SignedIn) -> None:
    first, second, foreign = town.send(words=BAD), town.send(words=BAD), town.send(words=BAD, region=NEIGHBOUR_TOWN)
    client = signed_in("dispatcher")
    page = client.get("/reports/holds/").content.decode()
    assert first.number in page
    assert foreign.number not in page
    assert "<mark>王八蛋</mark>" in page
    sent = {"act": "release", "public_words": "安全出口锁着。", "public_place": "解放路", "version": str(first.version)}
    assert client.post(f"/reports/holds/{first.pk}/", sent).status_code == 302
    assert (
        client.post(f"/reports/holds/{second.pk}/", {"act": "keep", "version": str(second.version)}).status_code == 302
    )
    assert client.post(f"/reports/holds/{second.pk}/", {"act": "burn"}).status_code == 404
    client.post(f"/reports/holds/{foreign.pk}/", {"act": "release"})
    released, kept, untouched = town.fresh(first), town.fresh(second), town.fresh(foreign)
    assert (released.held, released.public, released.public_words, released.words) == (
        False,
        True,
        "安全出口锁着。",
        BAD,
    )
    assert (kept.held, kept.public, kept.words) == (False, False, BAD)
    assert untouched.held
    assert [one.state for one in (*_holds(first), *_holds(second))] == ["released", "kept"]
    assert "Nothing is put aside." in client.get("/reports/holds/").content.decode()
