"""One ledger entry of a bundle: its exact bytes, what they say, and the proof that came with them."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anlan_verify import canonical, merkle

HEX_256 = re.compile(r"[0-9a-f]{64}")
MAX_PATH = 64  # steps of a proof; enough for a tree of 2**64 leaves


class MalformedError(ValueError):
    """Well-formed JSON that does not say what it should."""


@dataclass(frozen=True)
class Proof:
    index: int
    size: int
    leaf: str  # hex, as the database has it
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class Entry:
    """The body is as ``docs/explanation/evidence.md`` lays down; ``body`` is empty when it could not be read."""

    name: str  # of the member
    raw: bytes
    body: dict[str, Any]
    proof: Proof | None

    @property
    def version(self) -> int:
        return int(self.body["version"])

    @property
    def subject(self) -> dict[str, str]:
        return {key: str(self.body["subject"][key]) for key in ("type", "id")}

    @property
    def at(self) -> datetime:
        return canonical.parse_timestamp(self.body["at"])

    @property
    def prev_hash(self) -> str:
        """What the next entry of the same record must name as ``prev``: always the SHA-256 leaf hash."""
        return merkle.leaf_hash(self.raw).hex()

    def title(self) -> str:
        if not self.body:
            return self.name
        what = f"{self.body['label'] or self.body['step']} ({self.body['step']})"
        return f"{self.name} · v{self.version} · {what} · {self.body['actor']['name']} · {self.body['at']}"


def check_body(body: Any) -> None:
    """Raises MalformedError unless the body has every key an entry must have, each of the right kind."""
    _need(isinstance(body, dict), "an object")
    _need(body.get("v") == 1, "v is 1")
    for key in ("id", "step", "label"):
        _need(isinstance(body.get(key), str), f"{key} is a text")
    for key, names in (("subject", ("type", "id")), ("actor", ("name",))):
        part = body.get(key)
        _need(isinstance(part, dict) and all(isinstance(part.get(name), str) for name in names), f"{key} is whole")
    _need(type(body.get("version")) is int and body["version"] > 0, "version counts from 1")
    canonical.parse_timestamp(body.get("at"))
    _need(_is_pair(body.get("state")), "state is [old, new]")
    changes = body.get("changes")
    _need(isinstance(changes, dict) and all(map(_is_pair, changes.values())), "each change is [old, new]")
    files = body.get("files")
    _need(isinstance(files, list) and all(map(is_digest, files)), "files are SHA-256 digests")
    _need(body.get("prev", "") is None or is_digest(body.get("prev")), "prev is a digest or null")


def parse_proof(data: bytes) -> Proof:
    value = canonical.loads(data)
    _need(isinstance(value, dict), "an object")
    _need(all(type(value.get(key)) is int for key in ("index", "size")), "index and size are integers")
    _need(isinstance(value.get("leaf"), str), "leaf is a text")
    return Proof(value["index"], value["size"], value["leaf"], parse_path(value.get("path")))


def parse_path(path: Any) -> tuple[bytes, ...]:
    _need(isinstance(path, list) and len(path) <= MAX_PATH and all(map(is_digest, path)), "path is a list of digests")
    return tuple(bytes.fromhex(step) for step in path)


def is_digest(value: Any) -> bool:
    return isinstance(value, str) and HEX_256.fullmatch(value) is not None


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _need(condition: bool, what: str) -> None:
    if not condition:
        raise MalformedError(f"expected: {what}")
