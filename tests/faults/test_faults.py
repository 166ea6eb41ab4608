"""The fault run and the restore drill, small enough for every change; `script/faults` does it at 200 points."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.faults, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> dict[str, Any]:
    """A process of its own: it starts PostgreSQL, web and worker, and sets Django up for itself."""
    command = [sys.executable, "-m", "tests.faults.run", "--json", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=900)
    assert done.stdout, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == (1 if found["violations"] else 0)
    return found


def test_killing_anything_at_any_moment_loses_nothing_and_leaves_nothing_half_done() -> None:
    found = run("--points", "30", "--clients", "6")
    assert found["violations"] == [], found
    assert found["points"] == 30
    assert set(found["killed"]) == {
        "web", "web process", "worker", "postmaster", "backend", "server child", "whole server",
    }  # fmt: skip
    for name in ("lost", "doubled", "half", "keys", "messages", "timers", "jobs", "numbers", "tallies", "ledger"):
        assert found[name] == 0, name
    assert found["acked_steps"] > 100
    assert found["entries"] >= found["acked_steps"]


def test_a_destroyed_data_directory_comes_back_with_nothing_acknowledged_lost() -> None:
    found = run("--drill")
    assert found["violations"] == [], found
    assert found["lost"] == 0
    assert found["acked_steps"] > 20
