"""It may be this one: ranked by place, time, words and picture, and telling of others only what the public may read."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from anlan.files.actions import take_photo
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.reports.models import Report, ReportPhoto
from anlan.reports.queries import Near, near
from anlan.reports.queries.near import MOST
from tests.factories import NEIGHBOUR_TOWN, TOWN
from tests.reports.conftest import Town

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
LON, LAT = 111.518976, 36.088005
METRE = 1 / 111_195
"""Degrees of latitude."""


def scene(turned: bool = False, quality: int = 90) -> bytes:
    image = Image.linear_gradient("L").resize((320, 240)).convert("RGB")
    image.paste((20, 40, 60), (0, 0, 90, 240))
    if turned:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@dataclass
class Street:
    town: Town

    def report(self, metres: float = 0, words: str = "安全出口上锁，楼道堆满纸箱", **over: Any) -> Report:
        return self.town.send(lon=str(LON), lat=f"{LAT + metres * METRE:.6f}", words=words, **over)

    def look(self, actor: Actor | None = None, **over: Any) -> list[Near]:
        who = actor or self.town.second
        asked: dict[str, Any] = {"lon": LON, "lat": LAT, "words": "楼道的安全出口锁着，堆满了纸箱"} | over
        with scope.acting(who):
            return near(who, **asked)

    def photo(self, actor: Actor, **how: Any) -> UUID:
        with scope.acting(actor):
            return take_photo(actor=actor, source=scene(**how), name="a.jpg").pk


@pytest.fixture
def street(town: Town) -> Street:
    return Street(town)


def test_nearer_and_likelier_comes_first_and_the_far_not_at_all(street: Street) -> None:
    town = street.town
    far = street.report(metres=2000)
    close = street.report(metres=8)
    other = street.report(metres=40, words="井盖丢失")
    for one in (close, other):
        town.do(town.city.dispatcher, one, "screen", category="fire_exit")
    found = street.look()
    assert [one.report.pk for one in found] == [close.pk, other.pk]
    assert far.pk not in {one.report.pk for one in found}
    assert [one.distance_m for one in found] == [100, 100]
    assert found[0].likeness > found[1].likeness
    officials = street.look(town.city.dispatcher)
    assert [one.distance_m for one in officials] == [8, 40]


def test_the_same_picture_taken_again_counts(street: Street) -> None:
    town = street.town
    street.report(metres=100, words="隐患", photos=[street.photo(town.reporter)])
    plain = street.look(words="")[0].likeness
    alike = street.look(words="", photos=[street.photo(town.second, quality=60)])[0].likeness
    unlike = street.look(words="", photos=[street.photo(town.second, turned=True)])
    assert alike > plain
    assert not unlike or unlike[0].likeness < plain


def test_what_is_old_held_answered_or_a_follower_is_not_offered(street: Street) -> None:
    town = street.town
    with clock.at(clock.now() - timedelta(days=20)):
        street.report()
    answered = town.answered(lon=str(LON), lat=str(LAT))
    survivor = street.report(metres=5)
    follower = street.report(metres=6)
    town.do(town.city.dispatcher, follower, "duplicate", of=survivor.pk)
    found = {one.report.pk for one in street.look()}
    assert found == {survivor.pk}
    assert answered.pk not in found


def test_what_nobody_looked_at_yet_is_offered_without_its_words_and_picture(street: Street) -> None:
    town = street.town
    photo = street.photo(town.reporter)
    report = street.report(photos=[photo])
    (found,) = street.look()
    assert (found.report.public, found.photo, found.own) == (False, None, False)
    town.do(town.city.dispatcher, report, "screen", category="fire_exit", public_words="安全出口上锁")
    (found,) = street.look()
    assert found.photo is None  # no photo was chosen for the public
    with scope.acting(SYSTEM):
        shown = ReportPhoto.objects.get(report=report.pk)
    town.do(town.city.dispatcher, report, "edit_public", public_words="安全出口上锁", shown=[shown.pk])
    (found,) = street.look()
    assert found.photo == shown.pk
    (own,) = street.look(town.reporter)
    assert own.own


def test_likeness_is_told_in_tenths(street: Street) -> None:
    street.report()
    assert all(round(one.likeness, 1) == one.likeness for one in street.look())


def test_without_a_position_the_words_and_the_region_tell(street: Street) -> None:
    town = street.town
    here = town.send(words="加油站旁有人抽烟，很危险")
    town.send(words="加油站旁有人抽烟，很危险", region=NEIGHBOUR_TOWN)
    asked = {"lon": None, "lat": None, "region": TOWN, "words": "有人在加油站旁边抽烟"}
    assert street.look(**asked) == []  # nobody looked at it: its words are nobody's to guess at
    town.do(town.city.dispatcher, here, "screen", category="fire_exit")
    assert [one.report.pk for one in street.look(**asked)] == [here.pk]
    assert street.look(lon=None, lat=None, words="有人在加油站旁边抽烟") == []


def test_at_most_five(street: Street) -> None:
    for number in range(MOST + 3):
        street.report(metres=number)
    assert len(street.look()) == MOST
