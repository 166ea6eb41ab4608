"""Where the bytes lie: named by their SHA-256, written once, never changed."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from hashlib import file_digest, sha256
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import IO, Protocol

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Shelf(Protocol):
    """The door behind which disk today and S3 later stand."""

    def put(self, source: bytes | Path) -> str:
        """Durable when it returns; the same bytes twice are one file. Gives the SHA-256 in hex."""
        ...

    def open(self, digest: str) -> IO[bytes]:
        """Raises FileNotFoundError."""
        ...

    def size(self, digest: str) -> int: ...

    def verify(self, digest: str) -> bool:
        """Are the bytes there and still those of their name?"""
        ...

    def __contains__(self, digest: str) -> bool: ...

    def __iter__(self) -> Iterator[str]: ...


class Store:
    """On disk under `root`, as `aa/bb/<sha256>`; readable by this user alone."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def path(self, digest: str) -> Path:
        """Raises ValueError for anything but a SHA-256 in hex, so that no name from outside becomes a path."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"not a SHA-256: {digest[:80]!r}")
        return self.root / digest[:2] / digest[2:4] / digest

    def put(self, source: bytes | Path) -> str:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming = self._shelf(self.root / "incoming")
        handle, name = tempfile.mkstemp(dir=incoming)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w+b") as file:
                digest = _copy(source, file)
                size = file.tell()
                target = self.path(digest)
                if self._holds(target, size):
                    return digest
                file.flush()
                os.fsync(file.fileno())
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary.chmod(0o400)
            temporary.replace(target)
            for directory in (target.parent, target.parent.parent, self.root):
                _sync(directory)
        finally:
            temporary.unlink(missing_ok=True)
        return digest

    def open(self, digest: str) -> BufferedReader:
        return self.path(digest).open("rb")

    def size(self, digest: str) -> int:
        return self.path(digest).stat().st_size

    def verify(self, digest: str) -> bool:
        try:
            with self.open(digest) as file:
                return file_digest(file, "sha256").hexdigest() == digest
        except FileNotFoundError:
            return False

    def __contains__(self, digest: str) -> bool:
        return self.path(digest).is_file()

    def __iter__(self) -> Iterator[str]:
        """Every digest, in order, without holding them all."""
        for first in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for second in sorted(first.iterdir()):
                yield from sorted(file.name for file in second.iterdir() if _DIGEST.fullmatch(file.name))

    @staticmethod
    def _holds(target: Path, size: int) -> bool:
        """A file cut short by a broken disk is written anew."""
        try:
            return target.stat().st_size == size
        except FileNotFoundError:
            return False

    @staticmethod
    def _shelf(directory: Path) -> Path:
        directory.mkdir(mode=0o700, exist_ok=True)
        return directory


def _copy(source: bytes | Path, file: BufferedRandom) -> str:
    if isinstance(source, bytes):
        file.write(source)
        return sha256(source).hexdigest()
    with source.open("rb") as original:
        shutil.copyfileobj(original, file, 1 << 20)
    size = file.tell()
    file.seek(0)
    digest = file_digest(file, "sha256").hexdigest()
    file.seek(size)
    return digest


def _sync(directory: Path) -> None:
    """A rename is durable once its directory is."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
