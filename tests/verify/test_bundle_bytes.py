"""A bundle changed after its export, in any byte; and files that were made to harm the expert's computer."""

import io
import json
import random
import struct
import subprocess
import sys
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan_verify import archive, bundle, canonical, heads, tree_check
from anlan_verify.archive import UnusableBundleError
from anlan_verify.cli import main
from anlan_verify.report import ERROR, MESSAGES
from anlan_verify.verify import verify_bundle
from tests.verify.ledger_model import KEY, PUBLIC, LedgerModel


def members_of(path):
    with zipfile.ZipFile(path) as source:
        return {info.filename: source.read(info) for info in source.infolist()}


def zip_of(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items() if isinstance(members, dict) else members:
            target.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


def with_new_manifest(members):
    """What someone does who changes a bundle and knows the format."""
    manifest = canonical.loads(members["manifest.json"])
    listed = {name: bundle.sha256(data) for name, data in members.items() if name != "manifest.json"}
    return {**members, "manifest.json": bundle.seal_manifest({**manifest, "members": listed})}


@pytest.fixture(scope="module")
def model():
    return LedgerModel(21)


@pytest.fixture(scope="module")
def true_path(model, tmp_path_factory):
    return model.export(tmp_path_factory.mktemp("true") / "true.zip")


@pytest.fixture(scope="module")
def true_members(true_path):
    return members_of(true_path)


def outcome(path):
    """Exit status, and no exception but the one that is meant."""
    try:
        return 0 if verify_bundle(path).accepted else 1
    except UnusableBundleError:
        return 2


def test_equal_evidence_gives_equal_bytes(model, true_path, tmp_path):
    assert model.export(tmp_path / "again.zip").read_bytes() == true_path.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["again.zip"]


def test_one_bit_of_every_member_at_every_few_bytes(true_members, tmp_path):
    """Not a sample of members: each of them, first and last byte included."""
    dice = random.Random(1)
    for name, data in true_members.items():
        places = {0, len(data) - 1, *(dice.randrange(len(data)) for _ in range(6))}
        for place in places:
            changed = bytearray(data)
            changed[place] ^= 1 << dice.randrange(8)
            path = zip_of(tmp_path / "flipped.zip", {**true_members, name: bytes(changed)})
            assert outcome(path) in (1, 2), (name, place)


FLIPPING = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FLIPPING
@given(data=st.data())
def test_a_flipped_member_byte_is_refused(true_members, tmp_path, data):
    name = data.draw(st.sampled_from(sorted(true_members)))
    content = bytearray(true_members[name])
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    assert outcome(zip_of(tmp_path / "flipped.zip", {**true_members, name: bytes(content)})) in (1, 2)


UNPROVED = {"README.txt", "manifest.json"}  # words for people; who exported it when


@FLIPPING
@given(data=st.data())
def test_a_flipped_byte_is_refused_even_when_the_manifest_is_made_to_fit(true_members, tmp_path, data):
    name = data.draw(st.sampled_from(sorted(true_members.keys() - UNPROVED)))
    content = bytearray(true_members[name])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    if name == "key.pem" and _same_keys(bytes(content)):
        return  # white space of the PEM text
    path = zip_of(tmp_path / "flipped.zip", with_new_manifest({**true_members, name: bytes(content)}))
    if true_members[name][place : place + 1] == b"\n" and content[place] == 13:
        return  # another way to end a line
    assert outcome(path) in (1, 2), (name, place)


def _same_keys(pem):
    try:
        return heads.load_public_keys(pem).keys() == heads.load_public_keys(PUBLIC).keys()
    except heads.HeadError:
        return False


@FLIPPING
@given(data=st.data())
def test_a_flipped_byte_of_the_file_itself_changes_no_member_unseen(true_path, true_members, tmp_path, data):
    content = bytearray(true_path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "flipped.zip"
    path.write_bytes(content)
    if outcome(path) == 0:
        assert members_of(path) == true_members


@FLIPPING
@given(data=st.data())
def test_any_json_in_any_place_is_judged_not_crashed_on(true_members, tmp_path, data):
    """Well-formed, with a fitting manifest, and wrong."""
    simple = (
        st.none()
        | st.booleans()
        | st.integers(-3, 10**10)
        | st.sampled_from(["", "x", "0" * 64])
        | st.just([])
        | st.just({})
    )
    odd = st.recursive(
        simple, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner), max_leaves=5
    )
    name = data.draw(st.sampled_from(sorted(name for name in true_members if name.endswith(".json"))))
    value = canonical.loads(true_members[name])
    place, key = value, data.draw(st.sampled_from(sorted(value)))
    while isinstance(place[key], dict) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(sorted(place)))
    before = place[key]
    place[key] = data.draw(odd)
    changed = {**true_members, name: canonical.dumps(value)}
    path = zip_of(tmp_path / "odd.zip", changed if name == "manifest.json" else with_new_manifest(changed))
    assert outcome(path) in (1, 2) or before == place[key]


def test_members_taken_away_added_or_exchanged(true_members, tmp_path):
    path = tmp_path / "changed.zip"
    for name in true_members:
        rest = {other: data for other, data in true_members.items() if other != name}
        assert outcome(zip_of(path, rest)) == (2 if name == "manifest.json" else 1)
    zip_of(path, {**true_members, "notes.txt": b"hello"})
    assert verify_bundle(path).codes() >= {"member.unexpected"}
    for name in ("notes.txt", "entries/0001.txt", "entries/0099.proof.json", "consistency/x.json"):
        zip_of(path, with_new_manifest({**true_members, name: b"{}"}))
        assert verify_bundle(path).codes() >= {"member.unexpected"}, name
    zip_of(path, with_new_manifest({**true_members, f"files/{'0' * 64}": b"hello"}))
    assert verify_bundle(path).codes() >= {"file.unmentioned", "file.changed"}
    proof = true_members["entries/0001.proof.json"]
    zip_of(path, with_new_manifest({**true_members, "entries/0002.proof.json": proof}))
    assert verify_bundle(path).codes() >= {"entry.not_in_tree", "index.duplicate"}


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


def run(*arguments, lang="C.UTF-8"):
    command = [sys.executable, "-W", "error", "-m", "anlan_verify", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"LANG": lang})


@pytest.fixture
def outside(model, tmp_path):
    (tmp_path / "key.pem").write_bytes(PUBLIC)
    witness = heads.WitnessFile(tmp_path / "heads.jsonl")
    for head in model.witness:
        witness.append(head)
    return ["--key", tmp_path / "key.pem", "--witness", witness.path]


def test_command_line_accepts(true_path, outside):
    done = run(true_path, *outside)
    assert (done.returncode, done.stderr) == (0, "")
    assert "ACCEPTED" in done.stdout
    assert "notice" not in done.stdout
    alone = run(true_path, lang="zh_CN.UTF-8")
    assert alone.returncode == 0
    assert "通过" in alone.stdout
    assert "[提示 witness.none]" in alone.stdout


def test_command_line_refuses_and_names(true_members, outside, tmp_path):
    entry = true_members["entries/0003.json"].replace("李科长".encode(), "陈\\u001b长".encode())
    path = zip_of(tmp_path / "b.zip", with_new_manifest({**true_members, "entries/0003.json": entry}))
    done = run(path, *outside, "--lang", "zh")
    assert done.returncode == 1
    assert "[错误 entry.not_in_tree] entries/0003.json · v3 · 派发 (dispatch) · 陈\ufffd长" in done.stdout
    assert "不通过" in done.stdout
    as_json = run(path, "--json")
    report = json.loads(as_json.stdout)
    assert (as_json.returncode, report["accepted"]) == (1, False)
    assert "entry.not_in_tree" in {finding["code"] for finding in report["findings"]}


def test_command_line_with_unusable_input(true_path, tmp_path):
    (tmp_path / "b.zip").write_bytes(b"hello")
    for arguments in (
        [tmp_path / "b.zip"],
        [tmp_path / "absent.zip"],
        [true_path, "--key", tmp_path / "b.zip"],
        [true_path, "--witness", tmp_path / "absent"],
    ):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("Not usable: ")
        assert done.stderr.count("\n") == 1
        assert json.loads(run(*arguments, "--json").stdout)["accepted"] is False


def test_a_witness_file_without_line_ends(true_path, tmp_path, capsys):
    (tmp_path / "heads.jsonl").write_bytes(b"x" * 1_000_000)
    assert main([str(true_path), "--witness", str(tmp_path / "heads.jsonl"), "--lang", "en"]) == 1
    assert "witness.absent" in capsys.readouterr().out


def test_every_message_exists_in_both_languages():
    for code, (severity, chinese, english) in MESSAGES.items():
        assert severity in (ERROR, "warning", "notice"), code
        fields = [
            {part for part in text.split("{")[1:] for part in [part.split("}")[0]]} for text in (chinese, english)
        ]
        assert fields[0] == fields[1], code
        assert any("\u4e00" <= char <= "\u9fff" for char in chinese), code


def test_the_verifier_needs_no_django():
    code = "import sys, anlan_verify.cli, anlan_verify.tree_check; print([m for m in sys.modules if m.split('.')[0] in ('django', 'anlan')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_whole_log_against_all_its_heads():
    model = LedgerModel(30)
    keys = heads.load_public_keys(PUBLIC)
    rows = [row.raw for row in sorted(model.tables.ledger, key=lambda row: row.index)]
    report = tree_check.verify_log(iter(rows), reversed(model.witness), keys=keys)
    assert report.accepted
    assert (report.size, report.root, report.heads) == (56, model.frontier.root().hex(), len(model.witness))
    for changed, code in (
        ([*rows[:20], rows[20] + b" ", *rows[21:]], "witness.root_differs"),
        ([*rows[:20], rows[21], rows[20], *rows[22:]], "witness.root_differs"),
        (rows[:20] + rows[21:], "witness.size_behind"),
        (rows[:-1], "witness.size_behind"),
    ):
        found = tree_check.verify_log(changed, model.witness, keys=keys).findings
        assert code in {finding.code for finding in found}
    other = heads.sign_head(KEY, log="city", size=5, root=bytes(32), at=model.clock)
    forged = heads.SignedHead(**{**vars(model.witness[0]), "signature": other.signature})
    assert [f.code for f in tree_check.verify_log(rows, [forged], keys=keys).findings] == ["witness.signature"]
    assert [f.code for f in tree_check.verify_log(rows, [model.witness[0]], keys={}).findings] == [
        "witness.key_unknown"
    ]


def test_files_are_streamed_from_disk_and_memory_alike(model, tmp_path):
    digest = next(iter(model.disk))
    (tmp_path / "photo").write_bytes(model.disk[digest])
    written = []
    for source in (tmp_path / "photo", model.disk[digest], tmp_path / "absent"):
        path = tmp_path / "b.zip"
        arguments = {"subject": {"type": "hazard", "id": "1"}, "record": {}, "entries": [], "proofs": [], "head": None}
        times = {"exported_at": "2025-06-01T00:00:00.000000+00:00", "exported_by": "x"}
        bundle.write(path, **arguments, **times, witness=[], consistency={}, files={digest: source}, key=PUBLIC)
        written.append(members_of(path).get(f"files/{digest}"))
        assert verify_bundle(path).codes() >= {"member.missing", "entry.gap"}
    assert written == [model.disk[digest], model.disk[digest], None]
    assert io.BytesIO(written[0]).read() == model.disk[digest]


def test_a_bundle_unpacked_and_packed_again_is_the_same_bundle(true_members, tmp_path):
    """Ordinary zip programs add the folders' own names."""
    again = zip_of(tmp_path / "again.zip", [("entries/", b""), ("files/", b""), *true_members.items()])
    assert verify_bundle(again).accepted
    hidden = zip_of(tmp_path / "hidden.zip", [("files/", b"not empty"), *true_members.items()])
    assert outcome(hidden) == 1
