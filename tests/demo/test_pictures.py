"""Every kind of picture draws, before differs from after, and the file carries time and place."""

import datetime as dt
import io
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import Image

from anlan.demo.pictures import EXIF_IFD, GPS_IFD, KINDS, draw, encode, jpeg
from anlan.demo.words import hazard_rows, industries

TAKEN = dt.datetime(2026, 3, 4, 9, 30, 15, tzinfo=ZoneInfo("Asia/Shanghai"))


def pixels(kind: str, *, after: bool, seed: int) -> np.ndarray:
    return np.asarray(draw(kind, after=after, seed=seed), dtype=np.int16)


@pytest.mark.parametrize("kind", KINDS)
def test_before_and_after_show_one_spot_in_two_states(kind):
    before, after = pixels(kind, after=False, seed=11), pixels(kind, after=True, seed=11)
    assert before.shape == (960, 1280, 3)
    changed = (np.abs(before - after).max(axis=2) > 24).mean()
    assert 0.02 < changed < 0.9, f"{changed:.2f} of the picture changed"
    for picture in (before, after):
        lettering = (picture[910:942, 1056:1256].min(axis=2) > 150).mean()
        assert 0.08 < lettering < 0.6, "the demo mark is there"


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_is_another_place(kind):
    assert not np.array_equal(pixels(kind, after=True, seed=1), pixels(kind, after=True, seed=2))


def test_the_same_seed_draws_the_same_picture():
    assert np.array_equal(pixels("drums", after=False, seed=5), pixels("drums", after=False, seed=5))


def test_every_hazard_has_a_picture_of_its_kind():
    used = {row.picture for industry in (*industries(), "common") for row in hazard_rows(industry)}
    assert used == set(KINDS)


def test_the_file_says_when_and_where():
    picture = Image.open(io.BytesIO(jpeg("tyre", after=False, seed=3, taken_at=TAKEN, lonlat=(111.523456, 36.081234))))
    assert (picture.format, picture.size) == ("JPEG", (1280, 960))
    exif = picture.getexif()
    assert exif.get_ifd(EXIF_IFD)[0x9003] == "2026:03:04 09:30:15"
    assert exif.get_ifd(EXIF_IFD)[0x9011] == "+08:00"
    gps = exif.get_ifd(GPS_IFD)
    assert (gps[1], gps[3]) == ("N", "E")
    for tag, degrees in ((2, 36.081234), (4, 111.523456)):
        d, m, s = (float(part) for part in gps[tag])
        assert d + m / 60 + s / 3600 == pytest.approx(degrees, abs=1e-7)


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        encode(Image.new("RGB", (8, 8)), taken_at=TAKEN.replace(tzinfo=None), lonlat=(0, 0))
