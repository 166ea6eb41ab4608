"""A backup is whole or refused, and goes back in: on a real server, under forced row security."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from anlan.site import backup
from anlan.site.postgres import DatabaseTrouble, Passwords, Urls, binaries, provision, throwaway

DEBIAN_15 = binaries.debian(15)
SERVERS = [
    pytest.param(None, id="embedded-18"),
    pytest.param(DEBIAN_15, id="debian-15", marks=pytest.mark.skipif(not DEBIAN_15, reason="postgresql-15 is missing")),
]
TABLES = """
CREATE EXTENSION pg_trgm;
CREATE TABLE site (id int PRIMARY KEY, name text NOT NULL);
CREATE INDEX ON site USING gin (name gin_trgm_ops);
CREATE TABLE entry (id int PRIMARY KEY, site_id int NOT NULL REFERENCES site, words text NOT NULL);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'append only'; END $$;
INSERT INTO site VALUES (1, '安澜化工'), (2, '城东加油站');
INSERT INTO entry VALUES (1, 1, '消防通道堵塞'), (2, 2, '未接地');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE entry FORCE ROW LEVEL SECURITY;
ALTER TABLE site ENABLE ROW LEVEL SECURITY;
ALTER TABLE site FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON entry USING (site_id = nullif(current_setting('anlan.site', true), '')::int);
CREATE POLICY seen ON site USING (id = nullif(current_setting('anlan.site', true), '')::int);
GRANT SELECT, INSERT ON entry, site TO anlan_app;
"""


@pytest.fixture(params=SERVERS)
def urls(request: pytest.FixtureRequest) -> Iterator[Urls]:
    with throwaway(request.param) as admin:
        yield provision(admin=admin, passwords=Passwords(owner="owner", app="app", backup="backup"))


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    made = {name: tmp_path / "here" / name for name in ("files", "keys", "heads")}
    for name, folder in made.items():
        (folder / "ab").mkdir(parents=True)
        (folder / "ab" / name).write_bytes(name.encode() * 1000)
    return made


def run(url: str | None, statement: str) -> list[tuple[object, ...]]:
    assert url is not None
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def entries_seen(urls: Urls) -> list[tuple[object, ...]]:
    with psycopg.connect(urls.app, autocommit=True) as connection:
        connection.execute("SET anlan.site = '2'")
        return connection.execute("SELECT words FROM entry").fetchall()


def test_a_backup_goes_back_whole_with_its_policies_and_triggers(
    urls: Urls, folders: dict[str, Path], tmp_path: Path
) -> None:
    run(urls.owner, TABLES)
    target = tmp_path / "saved"
    done = backup.backup(target, database=str(urls.backup), folders=folders, secrets={"ANLAN_SECRET_KEY": "k"})
    assert done.files == 6
    assert target.stat().st_mode & 0o777 == 0o700

    with pytest.raises(DatabaseTrouble, match="not empty"):
        backup.restore(target, owner=str(urls.owner), folders=folders, force=False)
    run(urls.owner, "DROP TABLE entry CASCADE; DROP TABLE site; CREATE TABLE stranger (id int)")
    (folders["heads"] / "ab" / "newer").write_text("a head that the backup does not know")
    backup.restore(target, owner=str(urls.owner), folders=folders, force=True)

    assert run(urls.backup, "SELECT count(*) FROM entry JOIN site ON site.id = site_id") == [(2,)]
    assert run(urls.app, "SELECT * FROM entry") == []
    assert run(urls.owner, "SELECT * FROM entry") == []
    assert entries_seen(urls) == [("未接地",)]
    assert run(urls.owner, "SELECT to_regclass('stranger')::text") == [(None,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(urls.app, "DELETE FROM entry")
    with pytest.raises(psycopg.errors.RaiseException, match="append only"):
        run(urls.admin, "DELETE FROM entry")
    assert (folders["files"] / "ab" / "files").read_bytes() == b"files" * 1000
    assert not (folders["heads"] / "ab" / "newer").exists()
    [kept] = folders["heads"].parent.glob("heads.before-*")
    assert (kept / "ab" / "newer").exists()
    assert backup.saved_secrets(target) == {"ANLAN_SECRET_KEY": "k"}


def test_a_damaged_backup_is_refused_before_anything_is_touched(
    urls: Urls, folders: dict[str, Path], tmp_path: Path
) -> None:
    run(urls.owner, TABLES)
    target = tmp_path / "saved"
    backup.backup(target, database=str(urls.backup), folders=folders, secrets={})
    for damage, complaint in (
        (lambda: (target / "files" / "ab" / "files").write_bytes(b"filed" * 1000), "changed: files/ab/files"),
        ((target / "files" / "ab" / "files").unlink, "missing: files/ab/files"),
        ((target / "keys" / "other").touch, "not in the manifest: keys/other"),
    ):
        damage()
        with pytest.raises(DatabaseTrouble, match=complaint):
            backup.restore(target, owner=str(urls.owner), folders=folders, force=True)
    assert run(urls.backup, "SELECT count(*) FROM entry") == [(2,)]
    shutil.rmtree(target)
    with pytest.raises(DatabaseTrouble, match="not a backup"):
        backup.verify(target)


def test_a_login_under_row_security_may_not_make_a_partial_backup(
    urls: Urls, folders: dict[str, Path], tmp_path: Path
) -> None:
    with pytest.raises(DatabaseTrouble, match="DATABASE_BACKUP_URL"):
        backup.backup(tmp_path / "saved", database=str(urls.owner), folders=folders, secrets={})
    assert not (tmp_path / "saved").exists()


def test_a_backup_never_overwrites(urls: Urls, folders: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    with pytest.raises(DatabaseTrouble, match="exists already"):
        backup.backup(tmp_path / "saved", database=str(urls.backup), folders=folders, secrets={})


def test_nothing_is_restored_under_a_running_application(urls: Urls, folders: dict[str, Path], tmp_path: Path) -> None:
    run(urls.owner, TABLES)
    target = tmp_path / "saved"
    backup.backup(target, database=str(urls.backup), folders=folders, secrets={})
    with psycopg.connect(urls.app), pytest.raises(DatabaseTrouble, match="Stop web and worker"):
        backup.restore(target, owner=str(urls.owner), folders=folders, force=True)
