"""Files that were made to harm the expert's computer, or are no bundle at all."""

import struct
import zipfile

import pytest

from anlan_verify import archive, bundle, canonical
from anlan_verify.archive import UnusableBundleError
from anlan_verify.verify import verify_bundle
from tests.verify.bundles import outcome, with_new_manifest, zip_of

HOSTILE_NAMES = [
    "../evil",
    "/etc/passwd",
    "a/../../b",
    "C:evil",
    "a\\b",
    "a//b",
    "./a",
    "files/..",
    "a\x1b[2Jb",
    "a\u202eb",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=ascii)
def test_unsafe_names(name, true_members, tmp_path):
    path = zip_of(tmp_path / "b.zip", {**true_members, name: b"x"})
    with pytest.raises(UnusableBundleError, match="unsafe name"):
        verify_bundle(path)


def test_a_name_that_ends_early(true_members, tmp_path):
    path = zip_of(tmp_path / "b.zip", {**true_members, "recordXjson": b"x"})
    path.write_bytes(path.read_bytes().replace(b"recordXjson", b"record\x00json"))
    with pytest.raises(UnusableBundleError):
        verify_bundle(path)


def test_two_members_of_one_name(true_members, tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zip_of(tmp_path / "b.zip", [*true_members.items(), ("record.json", b"{}")])
    with pytest.raises(UnusableBundleError, match="two members"):
        verify_bundle(path)


def test_bombs(true_members, tmp_path, monkeypatch):
    path = zip_of(tmp_path / "b.zip", {**true_members, "record.json": bytes(archive.MAX_TEXT + 1)})
    assert path.stat().st_size < 100_000
    with pytest.raises(UnusableBundleError, match=r"record\.json unpacks to more than 4 MiB"):
        verify_bundle(path)
    many = {f"entries/{number:04}.json": bytes(archive.MAX_TEXT) for number in range(65)}
    with pytest.raises(UnusableBundleError, match="256 MiB of text"):
        verify_bundle(zip_of(path, many))
    monkeypatch.setattr(archive, "MAX_FILE", 1000)
    monkeypatch.setattr(archive, "MAX_TOTAL", 5000)
    with pytest.raises(UnusableBundleError, match="files/a unpacks"):
        verify_bundle(zip_of(path, {"files/a": bytes(1001)}))
    with pytest.raises(UnusableBundleError, match="unpacks to more"):
        verify_bundle(zip_of(path, {f"files/{number}": bytes(1000) for number in range(6)}))
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    with pytest.raises(UnusableBundleError, match="more than 3 members"):
        verify_bundle(zip_of(path, {str(number): b"" for number in range(4)}))


def test_a_member_that_lies_about_its_size(true_members, tmp_path):
    path = zip_of(tmp_path / "b.zip", {**true_members, "record.json": bytes(archive.MAX_TEXT * 5)})
    lie = path.read_bytes().replace(struct.pack("<L", archive.MAX_TEXT * 5), struct.pack("<L", 100))
    path.write_bytes(lie)
    with pytest.raises(UnusableBundleError, match="damaged"):
        verify_bundle(path)


def test_encrypted_and_oddly_compressed_members(true_members, tmp_path):
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as target:
        target.writestr("manifest.json", b"{}")
    with pytest.raises(UnusableBundleError, match="compressed in an unusual way"):
        verify_bundle(path)
    content = bytearray(zip_of(path, true_members).read_bytes())
    central = content.index(b"PK\x01\x02")
    content[central + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(UnusableBundleError, match="encrypted"):
        verify_bundle(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"hello", b"PK\x05\x06" + bytes(18), b"\xff" * 1000, b"PK\x03\x04" * 500],
    ids=lambda content: repr(content[:6]),
)
def test_files_that_are_no_bundle(content, tmp_path):
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    assert outcome(path) == 2
    with pytest.raises(UnusableBundleError):
        verify_bundle(tmp_path)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"{}", b"[]", b"null", b"[" * 100_000, b'{"format":"anlan-evidence/1"}', b"\xff\xfe"],
    ids=lambda text: repr(text[:10]),
)
def test_manifests_that_are_none(manifest, true_members, tmp_path):
    path = zip_of(tmp_path / "b.zip", {**true_members, "manifest.json": manifest})
    with pytest.raises(UnusableBundleError, match=r"manifest\.json"):
        verify_bundle(path)


def test_a_later_format_is_not_guessed_at(true_members, tmp_path):
    manifest = {**canonical.loads(true_members["manifest.json"]), "format": "anlan-evidence/2"}
    path = zip_of(tmp_path / "b.zip", {**true_members, "manifest.json": bundle.seal_manifest(manifest)})
    with pytest.raises(UnusableBundleError, match="not known to this verifier"):
        verify_bundle(path)


@pytest.mark.parametrize("name", ["record.json", "head.json", "entries/0001.json", "entries/0001.proof.json"])
@pytest.mark.parametrize(
    "data", [b"", b"[" * 100_000, b"nul", b"[]", b"{}", b"1e999", b'{"a":"\\ud800"}'], ids=lambda data: repr(data[:9])
)
def test_members_of_nonsense_are_refused(name, data, true_members, tmp_path):
    path = zip_of(tmp_path / "b.zip", with_new_manifest({**true_members, name: data}))
    assert outcome(path) == 1
