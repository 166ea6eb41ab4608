"""What a photo is judged by before anybody decodes it: all that a decoder is not needed for, in a time that its length bounds."""

import time
import zlib

import pytest
from PIL import Image

from anlan.files import structure
from anlan.files.images import look_over
from anlan.files.refusals import RefusedFile
from tests.files import hostile, photos

SEEN_AT_ONCE = {
    "file.empty", "file.too_large", "file.name_invalid", "file.type_unknown", "file.type_mismatch", "file.polyglot",
}  # fmt: skip
"""Whatever is not a picture, or hides something else, is not even kept."""


def looked_over(data, case):
    try:
        return look_over(data, declared_name=case.name, declared_type=case.type)
    except RefusedFile as refused:
        return refused


@pytest.mark.parametrize("case", hostile.PHOTOS, ids=[case.title for case in hostile.PHOTOS])
def test_it_is_refused_as_by_the_decoder_or_left_to_it(case):
    data = case.make()
    arrived = looked_over(data, case)
    if isinstance(arrived, RefusedFile):
        assert arrived.code == case.code, str(arrived)
        assert "%(" not in arrived.detail
    else:
        assert case.code not in SEEN_AT_ONCE
        assert arrived.data == data
        assert not set(arrived.name) & set("/\\\r\n\x00\u202e")


def test_compressed_texts_are_not_unpacked():
    """Each of these unpacks to a megabyte before it turns out to be damaged: together they would take a minute."""
    packed = zlib.compress(bytes(1 << 20), 9)[:-4] + b"0000"
    text = hostile.chunk(b"zTXt", b"Comment\0\0" + packed)
    plain = photos.encoded(photos.picture(), "PNG")
    at = plain.index(b"IDAT") - 4
    bomb = plain[:at] + text * 10_000 + plain[at:]
    began = time.process_time()
    look_over(bomb)
    assert time.process_time() - began < 3


@pytest.mark.parametrize("hidden", [hostile.zipped(), hostile.PDF, hostile.HTML, hostile.ELF])
def test_what_hides_around_the_pixels_of_a_large_photo_is_refused_at_once(hidden):
    large = noisy()
    assert len(large) > 4 * structure.EDGE
    before = photos.with_segments(large, photos.segment(0xFE, hidden))
    far_behind = large + bytes(2 * structure.EDGE) + hidden + bytes(2 * structure.EDGE)
    for data in (large + hidden, before, far_behind):
        with pytest.raises(RefusedFile) as refused:
            look_over(data)
        assert refused.value.code == "file.polyglot"
    look_over(large)
    look_over(large + bytes(structure.EDGE))  # a camera's trailer


def noisy():
    return photos.encoded(Image.effect_noise((1600, 1200), 60).convert("RGB"), quality=85)
