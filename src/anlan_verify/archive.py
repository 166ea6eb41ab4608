"""Reads a zip file that may have been made to harm: everything is bounded before it is read, nothing is unpacked to disk."""

import hashlib
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Self

MIB = 1024 * 1024
MAX_MEMBERS = 50_000
MAX_TEXT = 4 * MIB  # one member that is read into memory
MAX_ALL_TEXT = 256 * MIB
MAX_FILE = 512 * MIB  # one original under files/
MAX_TOTAL = 8 * 1024 * MIB
CHUNK = MIB

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    NotImplementedError,
)


class UnusableBundleError(Exception):
    """The input is not a bundle that could be judged at all."""


class Archive:
    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except BROKEN as error:
            raise UnusableBundleError(f"not a readable zip file: {error}") from error
        try:
            self._members = _checked_members(self._zip.infolist())
        except UnusableBundleError:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def names(self) -> list[str]:
        return sorted(self._members)

    def read(self, name: str) -> bytes:
        try:
            return self._zip.read(self._members[name])
        except BROKEN as error:
            raise UnusableBundleError(f"{name} is damaged: {error}") from error

    def sha256(self, name: str) -> str:
        digest = hashlib.sha256()
        try:
            with self._zip.open(self._members[name]) as file:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
        except BROKEN as error:
            raise UnusableBundleError(f"{name} is damaged: {error}") from error
        return digest.hexdigest()


def _checked_members(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > MAX_MEMBERS:
        raise UnusableBundleError(f"more than {MAX_MEMBERS} members")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        _check_member(info)
        if info.is_dir() and not info.file_size:
            continue  # whoever unpacks and packs a bundle again adds the folders' own names, which say nothing
        if info.filename in members:
            raise UnusableBundleError(f"two members are called {info.filename!r}")
        members[info.filename] = info
    if sum(info.file_size for info in infos) > MAX_TOTAL:
        raise UnusableBundleError(f"unpacks to more than {MAX_TOTAL // MIB} MiB")
    if sum(info.file_size for info in infos if not is_file(info.filename)) > MAX_ALL_TEXT:
        raise UnusableBundleError(f"holds more than {MAX_ALL_TEXT // MIB} MiB of text")
    return members


def _check_member(info: zipfile.ZipInfo) -> None:
    name = info.filename
    if name != info.orig_filename or not name.isprintable() or "\\" in name or ":" in name:
        raise UnusableBundleError(f"a member has an unsafe name: {info.orig_filename!r}")
    if any(part in ("", ".", "..") for part in name.removesuffix("/").split("/")):
        raise UnusableBundleError(f"a member has an unsafe name: {name!r}")
    if info.flag_bits & 0x1:
        raise UnusableBundleError(f"{name} is encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnusableBundleError(f"{name} is compressed in an unusual way")
    limit = MAX_FILE if is_file(name) else MAX_TEXT
    if info.file_size > limit:
        raise UnusableBundleError(f"{name} unpacks to more than {limit // MIB} MiB")


def is_file(name: str) -> bool:
    """Whether a member is an original photo or document, which is never read into memory."""
    return name.startswith("files/")
