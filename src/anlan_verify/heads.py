"""
Signed tree heads, and the file that keeps them outside the database.

A head says: at this time the log had this many entries, and this root. Whoever keeps a head can later see that the log
was rewritten or cut, even by someone who holds the database and the signing key.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from anlan_verify import canonical, merkle

SIGNING_CONTEXT = b"anlan tree head v1\n"  # a signature over a head can never pass as one over something else
PEM_END = b"-----END PUBLIC KEY-----"

Keys = Mapping[str, Ed25519PublicKey]
"""Public keys by their id; several after a change of key."""


class HeadError(ValueError):
    """Bytes that should be a signed tree head (or a key for one) are not."""


@dataclass(frozen=True)
class SignedHead:
    log: str
    size: int
    root: str  # hex
    at: str
    algorithm: str  # of the tree: sha256 or sm3
    key_id: str
    signature: str  # hex

    def body(self) -> bytes:
        """The exact bytes that are signed (after ``SIGNING_CONTEXT``)."""
        return canonical.dumps({name: value for name, value in vars(self).items() if name != "signature"})

    def dumps(self) -> bytes:
        return canonical.dumps(vars(self))

    def time(self) -> datetime:
        return canonical.parse_timestamp(self.at)


def sign_head(
    key: Ed25519PrivateKey, *, log: str, size: int, root: bytes, at: datetime, tree: merkle.TreeHash = merkle.SHA256
) -> SignedHead:
    unsigned = SignedHead(log, size, root.hex(), canonical.timestamp(at), tree.name, key_id(key.public_key()), "")
    signature = key.sign(SIGNING_CONTEXT + unsigned.body())
    return SignedHead(**{**vars(unsigned), "signature": signature.hex()})


def verify_head(head: SignedHead, keys: Keys) -> bool:
    """Whether one of ``keys`` signed it; an unknown key id is a plain no."""
    key = keys.get(head.key_id)
    if key is None:
        return False
    try:
        key.verify(bytes.fromhex(head.signature), SIGNING_CONTEXT + head.body())
    except InvalidSignature:
        return False
    return True


def parse_head(data: bytes) -> SignedHead:
    try:
        head = SignedHead(**canonical.loads(data))
        _check_fields(head)
        head.time()
    except (TypeError, ValueError) as error:
        raise HeadError(f"not a signed head: {error}") from error
    return head


def _check_fields(head: SignedHead) -> None:
    texts = (head.log, head.root, head.at, head.algorithm, head.key_id, head.signature)
    if not all(isinstance(text, str) for text in texts) or type(head.size) is not int or head.size < 0:
        raise HeadError("a field has the wrong type")
    if any(bytes.fromhex(text).hex() != text for text in (head.root, head.key_id, head.signature)):
        raise HeadError("hexadecimal is written in lower case without spaces")


def key_id(public: Ed25519PublicKey) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the 32 raw bytes."""
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def public_pem(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def load_public_keys(pem: bytes) -> dict[str, Ed25519PublicKey]:
    """The public keys of a PEM text, by id."""
    keys = {}
    for block in pem.split(PEM_END)[:-1]:
        try:
            key = serialization.load_pem_public_key(block.strip() + b"\n" + PEM_END + b"\n")
        except (ValueError, UnsupportedAlgorithm) as error:
            raise HeadError(f"not a public key: {error}") from error
        if not isinstance(key, Ed25519PublicKey):
            raise HeadError("not an Ed25519 key")
        keys[key_id(key)] = key
    if not keys:
        raise HeadError("no public key in PEM form")
    return keys


def load_or_create_key(path: Path) -> Ed25519PrivateKey:
    """The signing key at ``path``, made on first use; refuses one that others may read."""
    if not path.exists():
        _create_key(path)
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path}: others may read the signing key; run chmod 600 on it")
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise HeadError(f"{path}: not an Ed25519 key")
    return key


def _create_key(path: Path) -> None:
    """Two processes may come here at once: the key appears whole under its name, and the first one stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class WitnessFile:
    """Heads kept outside the database, one JSON line each; only ever appended to."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, head: SignedHead) -> None:
        """Returns once the head is on disk."""
        new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            line = head.dumps() + b"\n"
            if file.tell() and not self._ends_with_newline(file):
                line = b"\n" + line  # a crash tore the last line: leave it alone, begin a new one
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        if new:
            _sync_folder(self.path.parent)

    def last(self) -> SignedHead | None:
        """The newest head that can be read."""
        if not self.path.exists():
            return None
        for line in _lines_backwards(self.path):
            try:
                return parse_head(line)
            except HeadError:
                continue
        return None

    def heads(self) -> Iterator[SignedHead]:
        """Every head that can be read, oldest first; torn lines are passed over."""
        if self.path.exists():
            with self.path.open("rb") as file:
                for head in parse_lines(file):
                    if head is not None:
                        yield head

    @staticmethod
    def _ends_with_newline(file: Any) -> bool:
        file.seek(-1, os.SEEK_END)
        return bool(file.read(1) == b"\n")


def parse_lines(lines: Iterable[bytes]) -> Iterator[SignedHead | None]:
    """One head for each line that is not empty; None for a line that is no head."""
    for line in lines:
        if line.strip():
            try:
                yield parse_head(line.rstrip(b"\r\n"))
            except HeadError:
                yield None


def _lines_backwards(path: Path, block: int = 4096) -> Iterator[bytes]:
    """A year of heads is large; the newest are at the end."""
    with path.open("rb") as file:
        position, rest = file.seek(0, os.SEEK_END), b""
        while position:
            start = max(0, position - block)
            file.seek(start)
            rest, *lines = (file.read(position - start) + rest).split(b"\n")
            yield from (line for line in reversed(lines) if line)
            position = start
        if rest:
            yield rest
