"""Workbooks that came in or go out, until they are no longer needed: they hold personal data, so they do not stay."""

import time
from pathlib import Path

from django.conf import settings

from anlan.files.store import Store


def shelf() -> Store:
    """Apart from the evidence, since evidence is never removed."""
    return Store(Path(settings.ANLAN_FILES) / "workbooks")


def keep(source: Path) -> tuple[str, int]:
    """SHA-256 and size."""
    store = shelf()
    digest = store.put(source)
    return digest, store.size(digest)


def path(digest: str) -> Path:
    """Raises FileNotFoundError when it was cleared away."""
    found = shelf().path(digest)
    found.stat()
    return found


def older_than_an_hour(digest: str) -> bool:
    """A younger file may belong to a transaction that has not ended."""
    try:
        return time.time() - path(digest).stat().st_mtime > 3600
    except FileNotFoundError:
        return False


def drop(digest: str) -> None:
    shelf().path(digest).unlink(missing_ok=True)
