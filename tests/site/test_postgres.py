"""The real servers, embedded and Debian's: started, killed, started again, provisioned."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings

from anlan.site.postgres import DatabaseTrouble, Passwords, binaries, ensure_database, provision, standing, throwaway
from anlan.site.postgres.account import give
from anlan.site.postgres.urls import django_database, parts, shown, with_parts
from anlan.site.var import read_secrets, remember_secret, secrets_file

DEBIAN_15 = binaries.debian(15)
SERVERS = [
    pytest.param(None, id="embedded-18"),
    pytest.param(DEBIAN_15, id="debian-15", marks=pytest.mark.skipif(not DEBIAN_15, reason="postgresql-15 is missing")),
]
PASSWORDS = Passwords(owner="o" * 12, app="a" * 12, backup="b" * 12)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project's `var` of our own, with no database named in the environment."""
    folder = Path(tempfile.mkdtemp(prefix="anlan-var-", dir="/tmp"))
    folder.chmod(0o755)
    monkeypatch.setenv("ANLAN_VAR", str(folder / "var"))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL"):
        monkeypatch.delenv(name, raising=False)
    yield folder
    standing.leave()
    standing.remove_embedded()
    shutil.rmtree(folder)


def ask(url: str | None, question: str) -> object:
    assert url is not None
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question).fetchone()
    return row and row[0]


def postmaster() -> int:
    return int((standing.standing_cluster().data / "postmaster.pid").read_text().splitlines()[0])


@pytest.mark.parametrize("programs", SERVERS)
def test_throwaway_server_speaks_chinese_and_is_gone_afterwards(programs: Path | None) -> None:
    with throwaway(programs) as url:
        port = parts(url)["port"]
        assert ask(url, "SELECT datctype FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert ask(url, "SHOW data_checksums") == "on"
        home = Path(str(ask(url, "SHOW data_directory"))).parent
    assert not home.exists()
    with pytest.raises(psycopg.OperationalError), psycopg.connect(url):
        pass
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(port))) != 0


def test_a_throwaway_server_dies_with_its_killed_maker() -> None:
    script = (
        "import time; from anlan.site.postgres import throwaway\n"
        "with throwaway() as url: print(url, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as maker:
        assert maker.stdout is not None
        url = maker.stdout.readline().strip()
        home = Path(str(ask(url, "SHOW data_directory"))).parent
        server = int((home / "data" / "postmaster.pid").read_text().splitlines()[0])
        maker.kill()
    psutil.wait_procs([psutil.Process(server)] if psutil.pid_exists(server) else [], timeout=60)
    assert not psutil.pid_exists(server) or psutil.Process(server).status() == psutil.STATUS_ZOMBIE
    with throwaway():  # the next one sweeps up
        assert not home.exists()


def test_embedded_server_is_made_with_roles_that_own_as_little_as_possible(place: Path) -> None:
    urls = ensure_database()
    assert urls.embedded
    facts = "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication FROM pg_roles WHERE rolname = current_user"
    assert ask(urls.app, facts) is False
    assert ask(urls.owner, facts) is False
    assert (
        ask(urls.app, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()")
        == "anlan_owner"
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(urls.app, "CREATE TABLE mine (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(urls.app, "CREATE TEMP TABLE mine (id int)")
    with psycopg.connect(str(urls.owner), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")  # trusted: the owner needs no superuser
        row = connection.execute("SELECT similarity('消防通道堵塞', '消防通道被堵')").fetchone()
        assert row is not None
        assert row[0] > 0
    assert "admin" not in " ".join(urls.environment()).lower()
    assert secrets_file().stat().st_mode & 0o777 == 0o600


def test_after_kill_9_everything_committed_is_there_and_the_port_is_the_same(place: Path) -> None:
    urls = ensure_database()
    assert urls.owner is not None
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    for round_ in range(3):
        with psycopg.connect(urls.owner, autocommit=True) as connection:
            connection.execute("INSERT INTO kept VALUES (%s)", [round_])
            os.kill(postmaster(), signal.SIGKILL)
            while not standing.revive():  # a kill takes a moment to arrive
                time.sleep(0.01)
        assert ask(urls.owner, "SELECT count(*) FROM kept") == round_ + 1


def test_a_server_that_still_replays_its_log_is_not_read(place: Path) -> None:
    """After a disaster PostgreSQL answers readers long before it knows all that was acknowledged."""
    urls = ensure_database()
    cluster = standing.standing_cluster()
    cluster.stop()
    signal_file = cluster.data / "standby.signal"
    signal_file.touch()
    give(cluster.account, signal_file)
    process = cluster._launch()
    try:
        deadline = time.monotonic() + 60
        while not _replays(urls.app):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        guarded = settings.DATABASES["default"]["OPTIONS"]["target_session_attrs"]
        with pytest.raises(psycopg.OperationalError, match="standby"):
            psycopg.connect(str(urls.app), target_session_attrs=guarded)
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(30)
        signal_file.unlink()
    assert cluster.start()
    with psycopg.connect(str(urls.app), target_session_attrs=guarded) as connection:
        assert connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)


def _replays(url: str | None) -> bool:
    try:
        return ask(url, "SELECT pg_is_in_recovery()") is True
    except psycopg.OperationalError:
        return False


def test_a_pid_file_naming_a_stranger_does_not_prevent_the_start(place: Path) -> None:
    ensure_database()
    cluster = standing.standing_cluster()
    cluster.stop()
    # A living process of the server's own account: PostgreSQL alone would refuse for ever.
    options = {"user": cluster.account.uid, "group": cluster.account.gid} if cluster.account.borrowed else {}
    with subprocess.Popen(["/bin/sleep", "600"], cwd="/", **options) as stranger:
        try:
            stale = f"{stranger.pid}\n{cluster.data}\n{int(time.time())}\n{cluster.port}\n{cluster.home}/run\n127.0.0.1\n 1 1\nready   \n"
            (cluster.data / "postmaster.pid").write_text(stale)
            assert not cluster.running()
            assert cluster.start()
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_taken_port_is_replaced(place: Path) -> None:
    ensure_database()
    cluster = standing.standing_cluster()
    before = cluster.port
    cluster.stop()
    with socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        thief.bind(("127.0.0.1", before))
        thief.listen()
        urls = ensure_database()
        assert cluster.port != before
        assert ask(urls.app, "SELECT 1") == 1


def test_lost_secrets_are_replaced(place: Path) -> None:
    before = ensure_database()
    secrets_file().unlink()
    after = ensure_database()
    assert after.app != before.app
    assert ask(after.app, "SELECT 1") == 1
    assert ask(after.owner, "SELECT 1") == 1


def test_the_last_one_out_stops_the_server(place: Path) -> None:
    script = "import sys; from anlan.site.postgres import ensure_database as e; e(); print('in', flush=True); sys.stdin.read()"
    ensure_database()
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "in\n"
        standing.leave()
        assert standing.standing_cluster().running()
        other.stdin.close()
        assert other.wait(60) == 0
    assert not standing.standing_cluster().running()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another account")
def test_a_project_in_a_private_home_keeps_its_data_where_the_server_can_go(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = place / "home"
    private.mkdir(mode=0o700)
    monkeypatch.setenv("ANLAN_VAR", str(private / "var"))
    monkeypatch.setattr(binaries, "SHARED_PLACES", (place / "shared",))
    urls = ensure_database()
    assert ask(urls.app, "SELECT 1") == 1
    assert (private / "var" / "pg").is_symlink()
    assert (private / "var" / "pg").resolve().is_relative_to(place / "shared")
    assert (private.stat().st_mode & 0o777) == 0o700
    standing.leave()
    shutil.rmtree(private / "var")
    assert ask(ensure_database().app, "SELECT 1") == 1
    assert len(list((place / "shared").glob("pg-*.old-*"))) == 1
    standing.leave()
    standing.remove_embedded()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another account")
def test_programs_in_a_private_home_are_copied_out(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "SHARED_PLACES", (place / "shared",))
    package = binaries.embedded().parents[1]
    copied = binaries._copied(standing.server_account(), package)
    assert copied.is_relative_to(place / "shared")
    with throwaway(copied) as url:
        assert ask(url, "SELECT 1") == 1


@pytest.mark.parametrize("programs", SERVERS)
def test_an_administrators_address_alone_makes_roles_and_database(
    programs: Path | None, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with throwaway(programs) as admin:
        monkeypatch.setenv("DATABASE_URL", admin)
        urls = ensure_database()
        assert parts(urls.app)["dbname"] == "anlan"
        assert ask(urls.app, "SELECT current_user::text") == "anlan_app"
        assert ask(urls.backup, "SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user") is True
        assert ensure_database() == urls
        # A second installation must not take the roles from the first.
        secrets_file().unlink()
        with pytest.raises(DatabaseTrouble, match="anlan_owner exists"):
            ensure_database()


@pytest.mark.parametrize("programs", SERVERS)
def test_a_role_maker_that_is_no_superuser_is_enough(
    programs: Path | None, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with throwaway(programs) as admin:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("CREATE ROLE clerk LOGIN CREATEROLE CREATEDB PASSWORD 'clerk'")
        monkeypatch.setenv("DATABASE_URL", with_parts(admin, user="clerk", password="clerk", dbname="safety"))
        urls = ensure_database()
        assert ask(urls.owner, "SELECT current_database()::text") == "safety"
        assert urls.backup is None
        assert ensure_database() == urls


def test_a_plain_login_serves_and_does_not_migrate(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with throwaway() as admin:
        made = provision(admin=admin, passwords=PASSWORDS)
        monkeypatch.setenv("DATABASE_URL", made.app)
        assert ensure_database(owner_needed=False).owner is None
        with pytest.raises(DatabaseTrouble, match="DATABASE_OWNER_URL") as refusal:
            ensure_database()
        assert PASSWORDS.app not in str(refusal.value)
        assert made.owner is not None
        monkeypatch.setenv("DATABASE_OWNER_URL", made.owner)
        assert ensure_database().owner == made.owner
        monkeypatch.delenv("DATABASE_URL")
        with pytest.raises(DatabaseTrouble, match="DATABASE_URL is not"):
            ensure_database()


def test_a_database_unfit_for_chinese_is_refused(place: Path) -> None:
    with throwaway() as admin:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("CREATE DATABASE anlan LOCALE 'C' TEMPLATE template0")
        with pytest.raises(DatabaseTrouble, match=r"C\.UTF-8"):
            provision(admin=admin, passwords=PASSWORDS)


def test_an_unreachable_server_is_named_without_its_password(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:geheim@127.0.0.1:1/anlan")
    with pytest.raises(DatabaseTrouble, match=r"me@127\.0\.0\.1:1/") as refusal:
        ensure_database()
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:p%40ss%2F@db.example:6432/city?sslmode=require",
        "postgresql://me:p%40ss%2F@/city?host=/run/postgresql&port=6432&sslmode=require",
        "postgresql://me:p%40ss%2F@[::1]:6432/city?sslmode=require",
        "host=a,b port=6432,6433 user=me password='p@ss/' dbname=city sslmode=require",
    ],
)
def test_addresses_survive_being_taken_apart(url: str) -> None:
    assert parts(with_parts(url)) == parts(url)
    other = parts(with_parts(url, user="you", password="q:r", dbname="town"))
    assert other == parts(url) | {"user": "you", "password": "q:r", "dbname": "town"}
    entry = django_database(url)
    assert (entry["NAME"], entry["USER"], entry["PASSWORD"]) == ("city", "me", "p@ss/")
    assert entry["OPTIONS"] == {"sslmode": "require"}
    assert "p@ss/" not in shown(url)


def test_secrets_are_stable_between_starts(place: Path) -> None:
    first = standing.passwords()
    assert standing.passwords() == first
    assert len(set(read_secrets().values())) == 3


def test_secrets_of_another_day_are_made_to_fit(place: Path) -> None:
    ensure_database()
    for name in read_secrets():
        remember_secret(name, "of-another-day")
    urls = ensure_database()
    assert ask(urls.app, "SELECT 1") == 1
    assert parts(urls.app)["password"] == "of-another-day"
