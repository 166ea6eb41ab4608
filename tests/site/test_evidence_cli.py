"""`anlan evidence` and `anlan ledger` from end to end; the bundle is judged where no Django can be imported."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anlan.hazards.models import Hazard
from anlan.kernel.ledger import sequencer
from anlan.site.cli import main
from tests.factories import City, make_city

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

ALONE = """
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("django", "anlan", "psycopg", "numpy", "pydantic"):
            raise ImportError(name + " is not for an expert's machine")
sys.meta_path.insert(0, Nothing())
from anlan_verify.cli import main
raise SystemExit(main(sys.argv[1:]))
"""


@pytest.fixture
def city(transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.setenv(name, os.environ[name])  # a command takes away what it does not need
    settings.ANLAN_HEADS, settings.ANLAN_KEYS = tmp_path / "heads", tmp_path / "keys"
    settings.ANLAN_FILES = tmp_path / "files"
    sequencer.signing_key.cache_clear()
    yield make_city()
    sequencer.signing_key.cache_clear()


@pytest.fixture
def hazard(city: City) -> Hazard:
    return city.rectified()


def alone(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", ALONE, *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_a_bundle_is_accepted_by_the_verifier_alone_and_refused_after_one_byte(
    city: City, hazard: Hazard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = tmp_path / "bundle.zip"
    assert main(["evidence", "export", hazard.number, "-o", str(bundle)]) == 0
    assert f"Wrote {hazard.version} entries" in capsys.readouterr().out
    heads = sequencer.witness_file().path
    judged = alone(bundle, "--witness", heads, "--json")
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert json.loads(judged.stdout)["accepted"]
    assert main(["evidence", "verify", str(bundle), "--lang", "en"]) == 0
    assert "ACCEPTED" in capsys.readouterr().out

    with zipfile.ZipFile(bundle) as whole, zipfile.ZipFile(tmp_path / "changed.zip", "w") as changed:
        for name in whole.namelist():
            changed.writestr(name, whole.read(name).replace("某".encode(), "甲".encode(), 1))
    refused = alone(tmp_path / "changed.zip", "--witness", heads, "--json")
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "entry.not_in_tree" in refused.stdout


def test_a_person_exports_what_their_posts_see_and_nothing_else(
    city: City, hazard: Hazard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = tmp_path / "bundle.zip"
    assert main(["evidence", "export", str(hazard.pk), "-o", str(bundle), "--as", "AUDITOR"]) == 0
    assert alone(bundle).returncode == 0
    bundle.unlink()
    for arguments in (
        [hazard.number, "--as", "n_auditor"],
        ["YH-nothing"],
        [hazard.number, "--as", "nobody"],
        [hazard.number, "--as", "auditor", "--system"],
        [hazard.number, "--witness", str(tmp_path / "none.jsonl")],
    ):
        assert main(["evidence", "export", *arguments, "-o", str(bundle)]) == 1
        assert "anlan evidence:" in capsys.readouterr().err
        assert not bundle.exists()


def test_the_whole_ledger_is_verified_and_its_heads_are_shown(
    city: City, hazard: Hazard, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evidence", "export", hazard.number, "-o", str(tmp_path / "bundle.zip")]) == 0
    city.found()
    capsys.readouterr()
    assert main(["ledger", "verify", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["whole"]
    assert found["waiting"] == 1
    assert main(["ledger", "heads", "-n", "1"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["size"] == found["size"]

    kept = sequencer.witness_file()
    longer = vars(kept.last()) | {"size": found["size"] + 5}
    (tmp_path / "elsewhere.jsonl").write_text(json.dumps(longer, sort_keys=True, separators=(",", ":")) + "\n")
    assert main(["ledger", "verify", "--witness", str(tmp_path / "elsewhere.jsonl")]) == 1
    assert "does NOT agree" in capsys.readouterr().out
    assert main(["ledger", "verify", "--witness", str(tmp_path / "none")]) == 1
