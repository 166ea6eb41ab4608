"""
Backup and restore by PostgreSQL's own tools, with the files, keys and kept heads that belong to the database.

`pg_dump` and not `pg_basebackup`: it needs no access to the server's disk or replication, works on any server that
`DATABASE_URL` may name, and goes back into any newer PostgreSQL. Point-in-time recovery of a cluster is
`pg_basebackup` with received WAL, described in deploy/README.md.

Order is what makes it whole: heads are copied before the database (a head must never be ahead of the ledger it
vouches for), files after it (a row's file is there before the row).
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from anlan.site.postgres import binaries
from anlan.site.postgres.provision import APP, BACKUP
from anlan.site.postgres.trouble import DatabaseTrouble
from anlan.site.postgres.urls import connect, parts, shown

MANIFEST = "manifest.json"
STAMP = "last-backup.json"  # beside secrets.env, for anlan doctor
DUMP = "database.dump"
SECRETS = "secrets.env"
BEFORE, AFTER = ("heads", "keys"), ("files",)


@dataclass(frozen=True, kw_only=True)
class Summary:
    files: int
    size: int  # bytes
    made: str


def backup(target: Path, *, database: str, folders: Mapping[str, Path], secrets: Mapping[str, str]) -> Summary:
    """Write everything into `target`, which must not exist: it appears when all is there, with a manifest of SHA-256."""
    if target.exists():
        raise DatabaseTrouble(f"{target} exists already; a backup never overwrites. Name a new directory.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)  # keys and personal data
    with connect(database) as connection:
        version = connection.info.server_version
        _refuse_filtered(connection, database)
    _copy(folders, BEFORE, unfinished)
    _tool("pg_dump", version, database, "--format=custom", "--no-owner", f"--file={unfinished / DUMP}")
    _copy(folders, AFTER, unfinished)
    (unfinished / SECRETS).write_text("".join(f"{name}={value}\n" for name, value in secrets.items()))
    hashes = {str(path.relative_to(unfinished)): _hash(path) for path in _files(unfinished)}
    made = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = {"made": made, "server_version": version, "database": parts(database).get("dbname"), "sha256": hashes}
    (unfinished / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
    unfinished.rename(target)
    return _summary(target, manifest)


def verify(source: Path) -> dict[str, Any]:
    """The manifest, after every byte was compared with it."""
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text())
    except FileNotFoundError as error:
        raise DatabaseTrouble(f"{source} is not a backup: it has no {MANIFEST}.") from error
    wanted = manifest["sha256"]
    found = {
        str(path.relative_to(source)): path for path in _files(source) if path.name != MANIFEST or path.parent != source
    }
    wrong = [f"missing: {name}" for name in wanted.keys() - found.keys()]
    wrong += [f"not in the manifest: {name}" for name in found.keys() - wanted.keys()]
    wrong += [f"changed: {name}" for name in wanted.keys() & found.keys() if _hash(found[name]) != wanted[name]]
    if wrong:
        raise DatabaseTrouble("The backup is damaged; nothing was touched.\n  " + "\n  ".join(sorted(wrong)[:20]))
    return manifest


def restore(source: Path, *, owner: str, folders: Mapping[str, Path], force: bool) -> Summary:
    """Put a verified backup in place. Heads that are already here are kept beside, since they may know more."""
    manifest = verify(source)
    with connect(owner) as connection:
        version = connection.info.server_version
        _refuse_busy(connection)
        filled = [str(path) for path in folders.values() if path.exists() and any(path.iterdir())]
        schemas = _schemas(connection)
        if (filled or schemas) and not force:
            what = [f"the database {shown(owner)} has tables", *filled] if schemas else filled
            raise DatabaseTrouble(f"The place is not empty ({'; '.join(what)}). With --force it is replaced, for good.")
        _tool("pg_restore", version, None, "--list", str(source / DUMP))  # readable before anything is dropped
        _empty(connection)
    _tool("pg_restore", version, owner, "--no-owner", "--exit-on-error", "--single-transaction", str(source / DUMP))
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    for name, path in folders.items():
        if path.exists() and any(path.iterdir()):
            path.rename(path.with_name(f"{path.name}.before-{stamp}"))
        shutil.copytree(source / name, path, dirs_exist_ok=True)
        for made in [path, *path.rglob("*")]:
            made.chmod(0o700 if made.is_dir() else 0o600)
    return _summary(source, manifest)


def saved_secrets(source: Path) -> dict[str, str]:
    lines = (source / SECRETS).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def _refuse_filtered(connection: psycopg.Connection[Any], url: str) -> None:
    """A login under row security would dump a part and call it all; pg_dump refuses, and so do we, with the way out."""
    row = connection.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user").fetchone()
    if row is None or not row[0]:
        raise DatabaseTrouble(
            f"{shown(url)} cannot read past row security, so its backup would not be whole. Set DATABASE_BACKUP_URL to a"
            f" login made by a superuser with:\n  CREATE ROLE {BACKUP} LOGIN BYPASSRLS PASSWORD '…';\n"
            f"  GRANT pg_read_all_data TO {BACKUP};\n  GRANT CONNECT ON DATABASE {parts(url).get('dbname')} TO {BACKUP};"
        )


def _refuse_busy(connection: psycopg.Connection[Any]) -> None:
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = %s", [APP]
    ).fetchone()
    if row and row[0]:
        raise DatabaseTrouble(f"The application is running ({row[0]} connections). Stop web and worker first.")


def _schemas(connection: psycopg.Connection[Any]) -> list[str]:
    rows = connection.execute(
        "SELECT DISTINCT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
    ).fetchall()
    return [row[0] for row in rows]


def _empty(connection: psycopg.Connection[Any]) -> None:
    with connection.transaction():
        for name in {*_schemas(connection), "public"}:
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
        connection.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


def _tool(program: str, server_version: int, database: str | None, *arguments: str) -> None:
    """PostgreSQL's program of the server's generation; the password goes by the environment, not the process list."""
    command = [str(binaries.matching(server_version) / program), *arguments]
    environment = dict(os.environ)
    if database:
        known = parts(database)
        environment["PGPASSWORD"] = str(known.pop("password", ""))
        command.append(f"--dbname={make_conninfo(**known)}")
    result = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)  # noqa: S603
    if result.returncode:
        raise DatabaseTrouble(f"{program} failed:\n{result.stderr.strip()}")


def _copy(folders: Mapping[str, Path], names: Iterable[str], target: Path) -> None:
    for name in names:
        (target / name).mkdir(mode=0o700)
        if folders[name].exists():
            shutil.copytree(folders[name], target / name, dirs_exist_ok=True)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _summary(folder: Path, manifest: Mapping[str, Any]) -> Summary:
    sizes = [path.stat().st_size for path in _files(folder)]
    return Summary(files=len(sizes), size=sum(sizes), made=str(manifest["made"]))
