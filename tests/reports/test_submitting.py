"""What is taken in and what is not; where a report is filed; what is put aside; who is told at once."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.files.actions import take_video
from anlan.identity.models import Region
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Invalid
from anlan.kernel.models import CitySetting
from anlan.notify.models import Message
from anlan.reports import places, sorter
from anlan.reports.models import Hold, ReportPhoto, Rule
from anlan.reports.redaction import redacted
from tests.factories import COUNTY, NEIGHBOUR_TOWN, TOWN
from tests.files import films
from tests.reports.conftest import Town

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def fields_of(town: Town, **data: Any) -> set[str]:
    with pytest.raises(Invalid) as refused:
        town.send(**data)
    return set(refused.value.fields)


def test_a_photo_or_words_and_a_place_are_enough(town: Town) -> None:
    photo = town.photo(town.reporter)
    report = town.send(words="", category="", photos=[photo], region=None, lon="111.5", lat="36.1")
    assert (report.words, report.category_id) == ("", None)
    assert fields_of(town, words="", photos=[]) == {""}
    assert fields_of(town, region=None) == {""}
    assert fields_of(town, lon="111.5") == {""}


def test_what_is_not_theirs_to_say_is_refused(town: Town) -> None:
    assert fields_of(town, phone="13800000000") == {"name"}
    assert fields_of(town, channel="open311") == {"channel"}
    assert fields_of(town, region=TOWN + 999) == {"region"}
    assert fields_of(town, category="nothing") == {"category"}
    assert fields_of(town, wished_unit=town.city.enterprise.pk) == {"wished_unit"}
    assert fields_of(town, photos=[town.photo(town.second)]) == {"photos"}


def test_a_city_may_take_names_only(town: Town) -> None:
    town.send(anonymous=True)
    with scope.acting(SYSTEM):
        CitySetting.objects.create(region=COUNTY, key="reports.anonymous", value=False, changed_at=clock.now())
    citysettings.forget()
    assert fields_of(town, anonymous=True) == {"anonymous"}


def test_one_film_or_photos_not_both(town: Town) -> None:
    with scope.acting(town.reporter):
        film = take_video(actor=town.reporter, source=films.film(), name="a.mp4", media_type="video/mp4").pk
    assert fields_of(town, photos=[film, town.photo(town.reporter)]) == {"photos"}
    report = town.send(photos=[film])
    with scope.acting(SYSTEM):
        assert [one.likeness for one in ReportPhoto.objects.filter(report=report.pk)] == [None]


def test_a_phone_that_runs_ahead_does_not_date_it(town: Town) -> None:
    now = clock.now()
    assert town.send(client_at=now + timedelta(hours=3)).client_at is None
    assert town.send(client_at=now - timedelta(hours=3)).client_at == now - timedelta(hours=3)


def test_coordinates_are_kept_as_given_and_used_as_wgs84(town: Town) -> None:
    report = town.send(lon="111.525076", lat="36.088906", crs="gcj02")
    assert (str(report.original_lon), report.original_system) == ("111.525076", "gcj02")
    assert 0.004 < float(report.original_lon or 0) - float(report.lon or 0) < 0.008


@pytest.fixture
def middles(town: Town) -> Town:
    Region.objects.filter(code=TOWN).update(lon="111.52", lat="36.08", name="解放路街道")
    Region.objects.filter(code=NEIGHBOUR_TOWN).update(lon="111.72", lat="35.64", name="乐昌镇")
    Region.objects.filter(code=COUNTY).update(name="尧都区")
    return town


def test_the_region_is_that_of_the_position_or_of_the_words(middles: Town) -> None:
    assert places.region_at(111.5, 36.1) == TOWN
    assert places.region_at(111.7, 35.6) == NEIGHBOUR_TOWN
    assert places.region_at(121.4, 31.2) is None
    assert places.region_named("尧都区解放路街道12号楼") == TOWN
    assert places.region_named("尧都鼓楼西街") == COUNTY
    assert places.region_named("乐昌镇政府旁") == NEIGHBOUR_TOWN
    assert places.region_named("不知道在哪里") is None
    assert middles.send(region=None, address="解放路的小区").region == TOWN
    assert middles.send(region=None, lon="111.7", lat="35.6").region == NEIGHBOUR_TOWN
    assert fields_of(middles, region=None, lon="121.4", lat="31.2") == {"lon"}


def test_doubtful_words_hold_a_report_and_lose_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorter, "doubtful_word", lambda words: "骂人的话" if "骂人的话" in words else "")
    report = town.send(words="骂人的话，楼道堵了")
    assert (report.held, report.public) == (True, False)
    with scope.acting(SYSTEM):
        hold = Hold.objects.get(report=report.pk)
    assert (hold.state, hold.label) == ("waiting", "骂人的话")
    report = town.do(town.city.dispatcher, report, "screen", category="fire_exit", public_words="楼道堵了")
    assert (report.held, report.public, report.words) == (False, True, "骂人的话，楼道堵了")
    with scope.acting(SYSTEM):
        hold.refresh_from_db()
    assert hold.state == "released"
    assert "dispatcher" in hold.settled_by


def test_urgent_words_are_told_at_once_and_to_nobody_elsewhere(town: Town) -> None:
    town.send(words="楼道堆满纸箱")
    with scope.acting(SYSTEM):
        assert not Message.objects.filter(subject_type="report").exists()
    report = town.send(words="地下室有人被困，快来人")
    assert report.urgent == "被困"
    with scope.acting(SYSTEM):
        told = set(
            Message.objects.filter(subject_id=report.pk, kind="report.urgent").values_list("person_id", flat=True)
        )
    assert told == {town.city.dispatcher.person, town.city.office.person}


def test_a_rule_sends_it_on_only_where_the_city_lets_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with scope.acting(SYSTEM):
        rule = Rule.objects.create(region=COUNTY, unit=town.unit, changed_at=clock.now())
    monkeypatch.setattr(sorter, "route", lambda report: rule)
    assert town.send().state == "submitted"
    with scope.acting(SYSTEM):
        CitySetting.objects.create(region=COUNTY, key="reports.auto_dispatch", value=True, changed_at=clock.now())
    citysettings.forget()
    sent = town.send()
    assert (sent.state, sent.unit_id, sent.public) == ("dispatched", town.unit.pk, False)
    monkeypatch.setattr(sorter, "doubtful_word", lambda words: "可疑")
    assert town.send().state == "submitted"


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("电话13835710001找我", "电话＊＊＊＊＊＊＊＊＊＊＊找我"),
        ("身份证 141002199001011234", "身份证 ＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊"),
        ("车牌晋L·A1234超载", "车牌＊＊＊＊＊＊＊＊超载"),
        ("加微信号abc_12345", "加＊＊＊＊＊＊＊＊＊＊＊＊"),
        ("1３８３５７１０００１", "＊＊＊＊＊＊＊＊＊＊＊"),
        ("3号楼2单元501室", "3号楼2单元501室"),
        ("2026年11月", "2026年11月"),
    ],
)
def test_numbers_plates_and_handles_are_starred_for_the_public(words: str, left: str) -> None:
    assert redacted(words) == left
