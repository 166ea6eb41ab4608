"""The verifier as it is used: on the command line, over a whole log, without the platform."""

import io
import json
import subprocess
import sys

import pytest

from anlan_verify import bundle, heads, tree_check
from anlan_verify.cli import main
from anlan_verify.report import ERROR, MESSAGES
from anlan_verify.verify import verify_bundle
from tests.verify.bundles import members_of, outcome, with_new_manifest, zip_of
from tests.verify.ledger_model import KEY, PUBLIC, LedgerModel


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
