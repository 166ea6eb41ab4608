"""Good photos come through upright, clean and with what they said of themselves."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from anlan.files import images
from anlan.files.images import already_derived, inspect_and_derive
from anlan.files.refusals import RefusedFile
from anlan.kernel.sandbox import Limits
from tests.files import heic, photos

BAR = (20, 40, 60)


def shown(picture):
    return Image.open(BytesIO(picture.data), formats=["JPEG"]).convert("RGB")


def near(colour, wanted, by=24):
    return all(abs(one - other) <= by for one, other in zip(colour, wanted, strict=True))


def heic_with_exif():
    return heic.encode(heic.sample(640, 480), exif=photos.exif())


@pytest.mark.parametrize(
    ("make", "mime"),
    [
        (photos.jpeg, "image/jpeg"),
        (lambda: photos.encoded(photos.picture(), "PNG", exif=photos.exif()), "image/png"),
        (lambda: photos.encoded(photos.picture(), "WEBP", exif=photos.exif()), "image/webp"),
        (heic_with_exif, "image/heic"),
    ],
    ids=["jpeg", "png", "webp", "heic"],
)
def test_time_place_and_device_are_kept_as_evidence(make, mime):
    derived = inspect_and_derive(make(), declared_type=mime)
    said = derived.evidence
    assert (derived.mime, derived.width, derived.height) == (mime, 640, 480)
    assert (said.taken_at, said.utc_offset_minutes) == (datetime(2026, 3, 5, 14, 30, 15), 480)  # noqa: DTZ001
    assert said.gps_at == datetime(2026, 3, 5, 6, 30, 14, tzinfo=UTC)
    assert (said.latitude, said.longitude, said.altitude) == (pytest.approx(30.2433333), pytest.approx(120.155), 41.5)
    assert (said.system, said.maker, said.model, said.problems) == ("WGS84", "HUAWEI", "ALN-AL00", ())
    assert b"HUAWEI" not in derived.display.data + derived.thumbnail.data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_picture_stands_upright(orientation):
    """The dark bar lies on the left of the file; each orientation says where that edge belongs."""
    derived = inspect_and_derive(photos.encoded(photos.picture(), exif=photos.exif(orientation=orientation)))
    image = shown(derived.display)
    side = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}[orientation]
    middle = {
        "left": (20, image.height // 2),
        "right": (image.width - 20, image.height // 2),
        "top": (image.width // 2, 20),
        "bottom": (image.width // 2, image.height - 20),
    }[side]
    assert image.size == (derived.width, derived.height) == ((480, 640) if orientation >= 5 else (640, 480))
    assert near(image.getpixel(middle), BAR)


def test_heic_is_decoded_and_turned():
    derived = inspect_and_derive(heic.encode(heic.sample(), quarter_turns=1), declared_name="IMG_0001.HEIC")
    image = shown(derived.display)
    assert image.size == (derived.width, derived.height) == (48, 64)
    assert near(image.getpixel((10, 56)), (255, 0, 0), 40)  # a quarter to the left: the left half is below
    assert near(image.getpixel((10, 8)), (0, 0, 255), 40)


def test_large_pictures_are_drawn_smaller():
    derived = inspect_and_derive(photos.encoded(photos.picture(4000, 3000)))
    assert (derived.width, derived.height) == (4000, 3000)
    assert (derived.display.width, derived.display.height) == (2000, 1500)  # half, as its decoder can
    drawn = inspect_and_derive(photos.encoded(photos.picture(3000, 2250)))
    assert (drawn.display.width, drawn.display.height) == (2048, 1536)
    assert (derived.thumbnail.width, derived.thumbnail.height) == (320, 240)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_is_shown(mode):
    image = Image.new(mode, (50, 40), 0)
    derived = inspect_and_derive(photos.encoded(image, "PNG"))
    clear = mode in {"LA", "RGBA"}
    assert near(shown(derived.display).getpixel((9, 9)), (255, 255, 255) if clear else (0, 0, 0), 2)


def test_cmyk_and_profiles_are_brought_to_srgb():
    cmyk = inspect_and_derive(photos.encoded(Image.new("CMYK", (40, 40), (0, 255, 255, 0))))
    assert near(shown(cmyk.display).getpixel((9, 9)), (255, 0, 0), 4)
    profiled = inspect_and_derive(photos.encoded(photos.picture(), icc_profile=photos.profile()))
    assert near(shown(profiled.display).getpixel((20, 200)), BAR)


def test_near_equal_pictures_have_near_hashes():
    def distance(one, other):
        return ((one.dhash ^ other.dhash) & (2**64 - 1)).bit_count()

    scene = Image.effect_mandelbrot((640, 480), (-2.2, -1.3, 0.8, 1.1), 60)
    original = inspect_and_derive(photos.encoded(scene))
    worse = inspect_and_derive(photos.encoded(scene.resize((320, 240)), quality=30))
    other = inspect_and_derive(photos.encoded(scene.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    assert -(2**63) <= original.dhash < 2**63
    assert distance(original, worse) <= 6 < distance(original, other)


def test_a_path_is_read_like_bytes(tmp_path):
    path = tmp_path / "any"
    path.write_bytes(photos.jpeg())
    assert inspect_and_derive(path, declared_name="现场.jpg") == inspect_and_derive(
        photos.jpeg(), declared_name="现场.jpg"
    )


def test_too_little_memory_is_a_refusal():
    data = photos.encoded(Image.new("RGB", (8000, 8000)), "PNG")
    with pytest.raises(RefusedFile) as refused:
        inspect_and_derive(data, limits=Limits(memory_bytes=200 << 20))
    assert refused.value.code == "file.memory"


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"time": "0001:01:01 00:00:00"}, "time.invalid"),
        ({"time": "2026:02:30 00:00:00"}, "time.invalid"),
        ({"gps": photos.PLACE | {2: (95.0, 0.0, 0.0)}}, "gps.invalid"),
        ({"gps": photos.PLACE | {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}}, "gps.invalid"),
        ({"gps": photos.PLACE | {1: "Q"}}, "gps.invalid"),
    ],
)
def test_a_broken_claim_is_left_out_and_named(options, problem):
    said = inspect_and_derive(photos.encoded(photos.picture(), exif=photos.exif(**options))).evidence
    assert said.problems == (problem,)
    assert (said.taken_at if problem.startswith("time") else said.latitude) is None
    assert said.model == "ALN-AL00"


def test_what_was_derived_ahead_is_not_decoded_again_but_still_judged(monkeypatch):
    source = photos.jpeg()
    made = inspect_and_derive(source, declared_name="first.jpg")

    def decoded_again(*_args, **_facts):
        raise AssertionError("decoded again")

    with already_derived({made.sha256: made}):
        monkeypatch.setattr(images.sandbox, "run", decoded_again)
        again = inspect_and_derive(source, declared_name="second.jpg")
        with pytest.raises(RefusedFile):
            inspect_and_derive(source, declared_name="second.pdf")
        with pytest.raises(AssertionError, match="decoded again"):
            inspect_and_derive(source + b" ")
    with pytest.raises(AssertionError, match="decoded again"):
        inspect_and_derive(source)
    assert (again.name, again.sha256, again.display) == ("second.jpg", made.sha256, made.display)
