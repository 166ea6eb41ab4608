"""Every hostile file meets its refusal or comes out harmless; nothing else escapes, and nothing stays behind."""

import resource
import tempfile
from io import BytesIO

import pytest
from PIL import Image

from anlan.files.documents import inspect_document
from anlan.files.images import inspect_and_derive
from anlan.files.refusals import RefusedFile
from anlan.kernel.sandbox import Limits
from tests.files import hostile, hostile_documents

PATIENT = Limits(wall_seconds=60)
"""As always, but a busy machine does not decide what is harmless."""
LEAKS = (b"Exif", b"HUAWEI", b"ICC_PROFILE", b"secret", b"http://", b"PK\x03\x04", b"<script", b"ftyp", b"SEFT")


@pytest.fixture(autouse=True)
def own_temporary_files(tmp_path, monkeypatch):
    """What a child or we leave behind would lie here."""
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setenv("ANLAN_SANDBOX_DIR", str(tmp_path / "slots"))
    yield
    assert list(place.iterdir()) == []


def titles(cases):
    names = [case.title for case in cases]
    assert len(set(names)) == len(names)
    return names


@pytest.mark.parametrize("case", hostile.PHOTOS, ids=titles(hostile.PHOTOS))
def test_photo(case):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # other tests had children too
    data = case.make()
    # A child begins as a copy of ourselves, which is counted as its own; after thousands of tests we may be fat.
    allowed = max(1 << 20, before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    if case.code is None:
        harmless(inspect_and_derive(data, declared_name=case.name, declared_type=case.type, limits=PATIENT))
    else:
        with pytest.raises(RefusedFile) as refused:
            inspect_and_derive(data, declared_name=case.name, declared_type=case.type, limits=PATIENT)
        assert refused.value.code == case.code, str(refused.value)
        assert "%(" not in refused.value.detail
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= allowed, "KiB"


def harmless(derived):
    assert not set(derived.name) & set("/\\\r\n\x00\u202e")
    assert len(derived.name) <= 120
    for picture, side in ((derived.display, 2048), (derived.thumbnail, 320)):
        assert not any(leak in picture.data for leak in LEAKS)
        with Image.open(BytesIO(picture.data), formats=["JPEG"]) as image:
            image.load()
            assert image.size == (picture.width, picture.height)
            assert max(image.size) <= side
            assert set(image.info) <= {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "progressive",
                "progression",
            }


@pytest.mark.parametrize("case", hostile_documents.CASES, ids=titles(hostile_documents.CASES))
def test_document(case):
    with pytest.raises(RefusedFile) as refused:
        inspect_document(case.make(), declared_name=case.name, declared_type=case.type)
    assert refused.value.code == case.code, str(refused.value)


def test_there_are_enough():
    assert len(hostile.PHOTOS) + len(hostile_documents.CASES) >= 60
