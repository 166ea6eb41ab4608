"""Disk and files: room left, a store that only we can read, nothing half received, a backup that is not old."""

import json
import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from anlan.files.actions import store
from anlan.kernel import clock
from anlan.site.backup import STAMP
from anlan.site.doctor import Answer, check, fail, ok, warn
from anlan.site.var import var_directory

LEAST_BYTES = 5_000_000_000
LEAST_PART = 0.1
LEFT_SECONDS = 3600
OLD, VERY_OLD = timedelta(days=2), timedelta(days=14)


def _room(path: Path, what: str) -> Answer:
    there = next(one for one in (path, *path.parents) if one.exists())
    usage = shutil.disk_usage(there)
    words = f"{what}: {usage.free / 1e9:.1f} GB free of {usage.total / 1e9:.1f} GB in {there}."
    if usage.free < LEAST_BYTES / 10:
        return fail(words, "Make room now: writes are about to fail.")
    if usage.free < LEAST_BYTES or usage.free < usage.total * LEAST_PART:
        return warn(words, "Make room, or move the directory to a larger disk.")
    return ok(words)


@check("storage.files")
def room_for_files() -> Answer:
    return _room(Path(settings.ANLAN_FILES), "Photos and documents")


@check("storage.database")
def room_for_database() -> Answer:
    embedded = var_directory() / "pg"
    if not embedded.exists():
        return ok("The database's disk belongs to its own server and is not looked at from here.")
    return _room(embedded.resolve(), "Embedded database")


@check("storage.private")
def private() -> Answer:
    """What is kept is for our account alone, and it can be written."""
    for folder in (settings.ANLAN_FILES, settings.ANLAN_KEYS):
        path = Path(folder)
        if path.exists() and path.stat().st_mode & 0o077:
            return fail(f"Others on this machine may enter {path}.", f"chmod -R go= {path}")
    digest = store().put(b"anlan doctor was here\n")
    kept = store().verify(digest)
    store().path(digest).unlink()
    if not kept:
        return fail(f"What is written to {settings.ANLAN_FILES} does not come back.", "Check that disk.")
    return ok(f"{settings.ANLAN_FILES} can be written and is private.")


@check("storage.incoming")
def incoming() -> Answer:
    folder = Path(settings.ANLAN_FILES) / "incoming"
    moment = time.time()
    left = [one for one in folder.glob("*") if moment - one.stat().st_mtime > LEFT_SECONDS] if folder.exists() else []
    if left:
        size = sum(one.stat().st_size for one in left)
        return warn(
            f"{len(left)} files ({size / 1e6:.1f} MB) were never received to their end, by processes that were killed.",
            f"Delete them: find {folder} -type f -mmin +60 -delete",
        )
    return ok("No upload was left unfinished.")


@check("storage.backup")
def saved() -> Answer:
    path = var_directory() / STAMP
    if not path.exists():
        return warn("No backup was made from here yet.", "Run anlan backup DIRECTORY every day, to another machine.")
    stamp = json.loads(path.read_text())
    age = clock.now() - datetime.fromisoformat(stamp["made"])
    words = f"The last backup is {age.days} days old: {stamp['directory']}."
    if age > VERY_OLD:
        return fail(words, "Find out why backups stopped; run anlan backup DIRECTORY.")
    if age > OLD:
        return warn(words, "Run anlan backup DIRECTORY every day.")
    return ok(words)
