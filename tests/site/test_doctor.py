"""Each condition is really made, and the doctor sees it."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from anlan.files.actions import store
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.duties import duties
from anlan.kernel.ledger import sequencer
from anlan.kernel.ledger.evidence import seal_all
from anlan.kernel.models import CalendarDay, CalendarYear, Pulse
from anlan.site.backup import STAMP
from anlan.site.cli import main
from anlan.site.doctor import Finding, examine, storage
from anlan.site.var import var_directory
from tests.factories import City, make_city

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.ANLAN_HEADS, settings.ANLAN_KEYS = tmp_path / "heads", tmp_path / "keys"
    settings.ANLAN_FILES = tmp_path / "files"
    monkeypatch.setenv("ANLAN_VAR", str(tmp_path))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.setenv(name, os.environ[name])  # a command takes away what it does not need
    sequencer.signing_key.cache_clear()
    yield
    sequencer.signing_key.cache_clear()


@pytest.fixture
def city(transactional_db: None) -> City:
    city = make_city()
    city.found()
    seal_all()
    return city


def seen(name: str) -> Finding:
    [finding] = examine(only=name)
    return finding


def level(name: str) -> str:
    return seen(name).level


@contextmanager
def owner_does(statement: str, undo: str) -> Iterator[None]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
    try:
        yield
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute(undo)


def test_configuration(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert level("configuration.mode") == "warn"
    settings.ANLAN_MODE = "production"
    assert level("configuration.mode") == "ok"
    assert level("configuration.debug") == "ok"
    settings.DEBUG = True
    assert level("configuration.debug") == "fail"
    assert level("configuration.secret") == "warn"
    monkeypatch.setenv("ANLAN_SECRET_KEY", "set")
    assert level("configuration.secret") == "ok"
    for weak in ("short", "ab" * 40):
        settings.SECRET_KEY = weak
        assert level("configuration.secret") == "fail"
    assert level("configuration.hosts") == "warn"
    settings.ALLOWED_HOSTS = ["anlan.example.gov.cn"]
    assert level("configuration.hosts") == "ok"
    settings.ALLOWED_HOSTS = ["*"]
    assert level("configuration.hosts") == "fail"
    assert level("configuration.zones") == "ok"


def test_transport_and_mail(settings: Any) -> None:
    assert level("configuration.transport") == "warn"
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = True
    assert level("configuration.transport") == "fail"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert level("configuration.transport") == "ok"
    assert level("configuration.mail") == "warn"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert "does not answer" in seen("configuration.mail").words


def test_a_database_in_order() -> None:
    for name in ("version", "guards", "migrations", "encoding"):
        assert level(f"database.{name}") == "ok"
    assert "fsync" in seen("database.durable").words  # the throw-away server of tests is not safe, and that is seen
    assert level("database.durable") == "fail"


def test_a_missing_policy_an_old_guard_and_a_missing_migration() -> None:
    table = "hazards_photo"
    with owner_does(
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY", f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    ):
        assert table in seen("database.guards").words
    with owner_does(
        "UPDATE anlan_guards SET fingerprint = 'old' || fingerprint",
        "UPDATE anlan_guards SET fingerprint = substr(fingerprint, 4)",
    ):
        assert "older than this code" in seen("database.guards").words
    with owner_does(
        "UPDATE django_migrations SET app = 'was-hazards' WHERE app = 'hazards'",
        "UPDATE django_migrations SET app = 'hazards' WHERE app = 'was-hazards'",
    ):
        assert "hazards.0001_initial" in seen("database.migrations").words
    assert level("database.guards") == level("database.migrations") == "ok"


def test_clocks_apart() -> None:
    assert level("database.clock") == "ok"
    with clock.at(clock.now() + timedelta(seconds=30)):
        assert level("database.clock") == "warn"


def test_a_calendar_that_runs_out() -> None:
    assert level("calendar.reach") == "fail"
    year = clock.today().year
    CalendarYear.objects.create(year=year, source="test", status="official")
    CalendarDay.objects.create(day=date(year, 1, 1), works=False, name="元旦")
    for day, expected in (
        (date(year, 6, 1), "ok"),
        (date(year, 12, 1), "warn"),
        (date(year + 1, 1, 2), "fail"),
    ):
        with clock.at(clock.now().replace(year=day.year, month=day.month, day=day.day)):
            assert level("calendar.reach") == expected
    assert level("calendar.official") == "ok"
    CalendarYear.objects.update(status="provisional")
    assert str(year) in seen("calendar.official").words


def test_storage(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(storage, "LEAST_BYTES", 0)
    monkeypatch.setattr(storage, "LEAST_PART", 0)
    assert level("storage.files") == level("storage.database") == "ok"
    monkeypatch.setattr(storage, "LEAST_PART", 1.1)
    assert level("storage.files") == "warn"
    monkeypatch.setattr(storage, "LEAST_BYTES", 10**18)
    assert level("storage.files") == "fail"
    (var_directory() / "pg").mkdir()
    assert level("storage.database") == "fail"

    assert level("storage.private") == "ok"
    assert list(store()) == []
    Path(settings.ANLAN_FILES).chmod(0o755)
    assert level("storage.private") == "fail"
    Path(settings.ANLAN_FILES).chmod(0o700)
    (Path(settings.ANLAN_FILES) / "incoming").rename(Path(settings.ANLAN_FILES) / "elsewhere")
    (Path(settings.ANLAN_FILES) / "incoming").write_text("a file where a directory must be")
    assert level("storage.private") == "fail"


def test_uploads_left_by_killed_processes(settings: Any) -> None:
    store().put(b"x")
    assert level("storage.incoming") == "ok"
    left = Path(settings.ANLAN_FILES) / "incoming" / "tmp123"
    left.write_bytes(b"half a photo")
    assert level("storage.incoming") == "ok"
    os.utime(left, (0, 0))
    assert "1 files" in seen("storage.incoming").words


def test_backups_that_stopped() -> None:
    assert level("storage.backup") == "warn"
    for days, expected in ((0, "ok"), (3, "warn"), (20, "fail")):
        made = (clock.now() - timedelta(days=days)).isoformat()
        (var_directory() / STAMP).write_text(json.dumps({"made": made, "directory": "/backup/anlan"}))
        assert level("storage.backup") == expected


def test_the_sealing_key(city: City, settings: Any) -> None:
    key = Path(settings.ANLAN_KEYS) / "ledger.pem"
    assert level("ledger.key") == "ok"
    key.chmod(0o640)
    assert "may read" in seen("ledger.key").words
    key.unlink()
    assert "is gone" in seen("ledger.key").words
    sequencer.signing_key.cache_clear()
    sequencer.signing_key()
    assert "not the one of the newest head" in seen("ledger.key").words


def cut(file: Path) -> None:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for verb in ("DISABLE", "ENABLE"):
            cursor.execute(f"ALTER TABLE kernel_head {verb} TRIGGER USER")
            if verb == "DISABLE":
                cursor.execute("DELETE FROM kernel_head WHERE size = (SELECT max(size) FROM kernel_head)")


def forget(file: Path) -> None:
    file.write_bytes(b"")


def other_root(file: Path) -> None:
    last = json.loads(file.read_text().splitlines()[-1])
    text = json.dumps(last | {"root": "00" * 32}, sort_keys=True, separators=(",", ":"))
    file.write_text(text + "\n")


@pytest.mark.parametrize(
    ("harm", "words"), [(cut, "was cut"), (forget, "No head is kept"), (other_root, "was rewritten")]
)
def test_the_kept_heads(city: City, harm: Callable[[Path], None], words: str) -> None:
    city.found()
    seal_all()
    assert level("ledger.witness") == "ok"
    harm(sequencer.witness_file().path)
    assert words in seen("ledger.witness").words
    assert level("ledger.witness") == "fail"


def test_entries_that_wait_too_long(city: City) -> None:
    assert level("ledger.sealing") == "ok"
    for minutes, expected in ((0, "ok"), (3, "warn"), (30, "fail")):
        born = int((clock.now() - timedelta(minutes=minutes)).timestamp() * 1000)
        with scope.acting(SYSTEM), connection.cursor() as cursor:
            cursor.execute("DELETE FROM kernel_pending")
            cursor.execute("INSERT INTO kernel_pending VALUES (%s, 1)", [f"{born:012x}" + "7" + "0" * 19])
        assert level("ledger.sealing") == expected


def test_duties_that_fell_silent() -> None:
    assert level("running.sequencer_and_clock") == "fail"
    Pulse.objects.bulk_create(Pulse(name=name, at=clock.now()) for name in duties)
    assert level("running.sequencer_and_clock") == level("running.duties") == "ok"
    Pulse.objects.filter(name="tallies").update(at=clock.now() - timedelta(hours=1))
    assert "tallies ran 3600 seconds ago" in seen("running.duties").words
    Pulse.objects.filter(name="sequencer").update(at=clock.now() - timedelta(minutes=5))
    assert level("running.sequencer_and_clock") == "fail"


def test_the_queue() -> None:
    def does(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    assert level("running.worker") == "fail"
    does("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert level("running.worker") == "ok"
    does("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '10 minutes'")
    assert level("running.worker") == "fail"

    assert level("running.queue") == level("running.failed_jobs") == "ok"
    does("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('exports', 'registry.write_export')")
    assert seen("running.queue").words.startswith("1 jobs wait")
    for age, expected in (("10 minutes", "warn"), ("2 hours", "fail")):
        does(f"UPDATE procrastinate_events SET at = now() - interval '{age}'")
        assert level("running.queue") == expected
    does("UPDATE procrastinate_jobs SET status = 'failed'")
    assert "registry.write_export (1)" in seen("running.failed_jobs").words
    assert level("running.time") in ("ok", "warn")


def test_the_command_says_all_and_answers_with_the_worst(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["doctor", "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert found["level"] == "fail"
    assert len(found["findings"]) > 20
    assert all(one["remedy"] for one in found["findings"] if one["level"] != "ok")
    assert not any("could not be looked at" in one["words"] for one in found["findings"])
    assert main(["doctor", "--only", "configuration.zones"]) == 0
    assert "All well." in capsys.readouterr().out
    assert main(["doctor", "--only", "configuration."]) == 1
    monkeypatch.setenv("DATABASE_URL", "postgresql://anlan_app@127.0.0.1:1/nothing")
    assert main(["doctor"]) == 2
    assert "database.reachable" in capsys.readouterr().out
