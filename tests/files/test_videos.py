"""Short videos: taken whole, their metadata emptied in what is shown; anything else refused with what would make it pass."""

from random import Random

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from anlan.files.actions import link_files, may_have_original, store, take_video
from anlan.files.films import LONGEST_SECONDS
from anlan.files.refusals import RefusedFile
from anlan.files.serving import bytes_of
from anlan.files.videos import inspect_video
from anlan.kernel import scope
from anlan.kernel.errors import Invalid
from anlan.kernel.ids import new_id
from tests.factories import City
from tests.files import films

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.mark.parametrize(
    ("brand", "name", "mime"), [(b"isom", "a.mp4", "video/mp4"), (b"qt  ", "a.MOV", "video/quicktime")]
)
def test_what_is_shown_says_nothing_of_place_owner_or_time(brand: bytes, name: str, mime: str) -> None:
    data = films.film(brand)
    assert films.PLACE in data
    assert films.OWNER in data
    found = inspect_video(data, declared_name=name, declared_type=mime)
    assert (found.mime, found.width, found.height, found.seconds, found.plain) == (mime, 1280, 720, 8.0, True)
    assert found.data == data
    assert len(found.clean) == len(data)
    for secret in (films.PLACE, films.OWNER, films.MADE):
        assert secret not in found.clean
    assert data.index(b"mdat") == found.clean.index(b"mdat")


def test_a_track_that_is_neither_picture_nor_sound_is_not_shown() -> None:
    assert not inspect_video(films.film(b"qt  ", tracks=(b"vide", b"meta"))).plain


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"not a film at all", "file.type_unknown"),
        (films.film()[:-20], "file.truncated"),
        (films.film()[:60], "file.truncated"),
        (films.film(tracks=(b"soun",)), "file.truncated"),
        (films.film(seconds=LONGEST_SECONDS + 1), "file.too_long"),
        (films.film(behind=films.box(b"EVIL", b"x")), "file.unreadable"),
        (
            films.film(content=b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(16) + b"\x05\x00\x00\x00a.txt"),
            "file.polyglot",
        ),
        (films.box(b"ftyp", b"isom" + bytes(4)) + films.box(b"moov", b"\x00\x00\x00\x04abcd"), "file.unreadable"),
    ],
    ids=["nothing", "words", "cut off", "cut short", "no picture", "long", "strange box", "hidden archive", "no size"],
)
def test_others_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(RefusedFile) as refused:
        inspect_video(data)
    assert refused.value.code == code


def test_a_name_or_type_of_another_kind_is_refused() -> None:
    for names in ({"declared_name": "a.jpg"}, {"declared_type": "image/png"}):
        with pytest.raises(RefusedFile) as refused:
            inspect_video(films.film(), **names)
        assert refused.value.code == "file.type_mismatch"


def test_damaged_films_are_refused_and_nothing_else_happens() -> None:
    whole = films.film()
    rng = Random(4)
    for _round in range(12):
        data = bytearray(whole)
        for _change in range(6):
            data[rng.randrange(8, len(data))] = rng.randrange(256)
        try:
            inspect_video(bytes(data))
        except RefusedFile:
            continue


def test_a_film_is_no_photo_of_a_record_that_takes_photos(city: City) -> None:
    with scope.acting(city.inspector):
        film = take_video(actor=city.inspector, source=films.film(), name="a.mp4", media_type="video/mp4")
        with pytest.raises(Invalid):
            link_files(actor=city.inspector, ids=[film.pk], subject_type="hazard", subject_id=new_id(), field="photos")
    assert film.display_sha256 != film.sha256
    with store().open(film.display_sha256) as shown:
        assert films.PLACE not in shown.read()
    assert may_have_original(city.inspector, film)
    assert not may_have_original(city.principal, film)


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("", 200, slice(None)),
        ("bytes=0-", 206, slice(None)),
        ("bytes=10-19", 206, slice(10, 20)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=5-99999999", 206, slice(5, None)),
        ("bytes=99999999-", 416, slice(0)),
        ("bytes=9-3", 416, slice(0)),
        ("pages=1-2", 200, slice(None)),
    ],
)
def test_a_player_asks_for_parts(asked: str, status: int, part: slice) -> None:
    digest = store().put(films.film())
    request = RequestFactory().get("/", headers={"Range": asked} if asked else {})
    answer = bytes_of(request, digest, "video/mp4")
    found = b"".join(answer) if isinstance(answer, HttpResponse) else b"".join(answer.streaming_content)
    assert (answer.status_code, found) == (status, films.film()[part])
    answer.close()
