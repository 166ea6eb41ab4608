"""`anlan backup` while people work, then `anlan restore` on another machine: the ledger verifies and everything goes on."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from anlan.site.postgres import Passwords, Urls, provision, throwaway

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
PASSWORDS = Passwords(owner="owner", app="app", backup="backup")

HERE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "anlan.site.settings"
import django
django.setup()
from anlan.hazards.models import Hazard
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger import verify_ledger
from anlan.kernel.ledger.evidence import seal_all
"""
WORK = """
from anlan.kernel import guards
from django.core.management import call_command
call_command("migrate", database="owner", verbosity=0)
guards.install()
from tests.factories import make_city
city = make_city()
city.rectified()
seal_all()
print("ready", flush=True)
import select
while not select.select([sys.stdin], [], [], 0)[0]:
    city.found()
    if city.seed % 3 == 0:
        seal_all()
"""
GO_ON = """
from django.contrib.auth import authenticate
from django.test import RequestFactory
from anlan.identity.models import Person
from anlan.identity.acting import actor_for
from anlan.identity.models import Post
from anlan.hazards.actions import take_step
request = RequestFactory().post("/sign-in/", REMOTE_ADDR="127.0.0.1")
with scope.acting(SYSTEM):
    person = Person.objects.get(username="regulator")
assert person.check_password("Correct-Horse-9")
with scope.acting(SYSTEM):
    actor = actor_for(Post.objects.select_related("person", "organisation").get(person=person))
    hazard = Hazard.objects.filter(state="found").order_by("id").first()
before = verify_ledger()
assert before.whole, before.problems
with scope.acting(actor):
    take_step(actor=actor, hazard=hazard.pk, step="grade", data={"grade": "general"})
seal_all()
after = verify_ledger()
assert after.whole and after.waiting == 0, after
print(before.size, before.waiting, after.size)
"""


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Urls, Urls]]:
    with throwaway() as first, throwaway() as second:
        yield provision(admin=first, passwords=PASSWORDS), provision(admin=second, passwords=PASSWORDS)


def environment(urls: Urls, var: Path) -> dict[str, str]:
    (var / "static").mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANLAN_", "DATABASE_"))}
    return kept | urls.environment() | {"ANLAN_MODE": "test", "ANLAN_VAR": str(var), "PYTHONPATH": str(ROOT)}


def python(code: str, env: dict[str, str]) -> list[str]:
    done = subprocess.run([sys.executable, "-c", HERE + code], env=env, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.split()


def anlan(env: dict[str, str], *arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "anlan.site.cli", *map(str, arguments)]
    return subprocess.run(command, env=env, check=False, capture_output=True, text=True)


def counts(url: str | None) -> dict[str, int]:
    """Rows of every table, past row security."""
    with psycopg.connect(str(url), autocommit=True) as connection:
        names = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        tables = [name for (name,) in names.fetchall()]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # type: ignore[index]


@pytest.fixture(scope="module")
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("restore")


@pytest.fixture(scope="module")
def worked(servers: tuple[Urls, Urls], tmp_path: Path) -> Iterator[Any]:
    """A city at work on the first server; yields the backup made meanwhile, and the environments of both machines."""
    first, second = (environment(urls, tmp_path / name) for urls, name in zip(servers, ("a", "b"), strict=True))
    worker = subprocess.Popen(
        [sys.executable, "-c", HERE + WORK], env=first, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    watch = threading.Timer(300, worker.kill)
    watch.start()
    try:
        assert worker.stdout.readline() == "ready\n"
        saved = anlan(first, "backup", tmp_path / "saved")
        assert saved.returncode == 0, saved.stderr
        assert worker.poll() is None
        worker.communicate("stop\n", timeout=60)
        assert worker.returncode == 0
        yield tmp_path / "saved", first, second
    finally:
        watch.cancel()
        worker.kill()
        worker.wait()


def test_a_backup_made_under_writes_comes_back_elsewhere_and_goes_on(
    worked: tuple[Path, dict[str, str], dict[str, str]], servers: tuple[Urls, Urls], tmp_path: Path
) -> None:
    saved, _first, second = worked
    assert json.loads((tmp_path / "a" / "last-backup.json").read_text())["directory"] == str(saved)
    done = anlan(second, "restore", saved, "--force")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The ledger agrees with its tree and its kept heads" in done.stdout

    restored, original = counts(servers[1].backup), counts(servers[0].backup)
    assert restored.keys() == original.keys()
    assert restored["hazards_hazard"] > 1
    assert all(restored[name] <= original[name] for name in restored if not name.endswith(("pending", "delta")))
    assert restored == dumped(saved)

    sealed, _waiting, later = map(int, python(GO_ON, second))
    assert later > sealed
    verified = anlan(second, "ledger", "verify")
    assert verified.returncode == 0, verified.stdout


def dumped(saved: Path) -> dict[str, int]:
    """Rows of each table as they lie in the dump itself."""
    from anlan.site.postgres import binaries

    listing = subprocess.run(
        [str(binaries.embedded() / "pg_restore"), "--data-only", "--file=-", str(saved / "database.dump")],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found: dict[str, int] = {}
    table = ""
    for line in listing.splitlines():
        if line.startswith("COPY public."):
            table = line.split()[1].removeprefix("public.")
            found[table] = 0
        elif line == "\\.":
            table = ""
        elif table:
            found[table] += 1
    return found


def test_a_restore_over_newer_heads_says_what_it_could_not_bring_back(
    worked: tuple[Path, dict[str, str], dict[str, str]],
) -> None:
    saved, first, _second = worked
    python("seal_all()", first)
    done = anlan(first, "restore", saved, "--force")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is not in this backup" in done.stdout


def test_a_backup_whose_rows_were_changed_is_refused_by_the_ledger(
    worked: tuple[Path, dict[str, str], dict[str, str]], servers: tuple[Urls, Urls], tmp_path: Path
) -> None:
    _saved, first, second = worked
    with psycopg.connect(str(servers[0].admin).rsplit("/", 1)[0] + "/anlan", autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # triggers off, as only a superuser can
        connection.execute("UPDATE kernel_entry SET body = body || ' ' WHERE version = 1")
    assert anlan(first, "backup", tmp_path / "changed").returncode == 0
    done = anlan(second, "restore", tmp_path / "changed", "--force")
    assert done.returncode == 1
    assert "Do not serve from it" in done.stderr
    assert "Traceback" not in done.stderr
