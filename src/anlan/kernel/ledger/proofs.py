"""Proofs made and checked while the reader waits: one entry's place in the tree, the newest entries, the signed heads."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from anlan.kernel.ledger.read import newest_head
from anlan.kernel.ledger.sequencer import LEVEL, signing_key, witness_file
from anlan.kernel.models import Entry, Head, Leaf, Node
from anlan_verify import canonical, heads, merkle

R = TypeVar("R")
MOST = 2000
TAIL_BYTES = 256 * 1024
"""How much of the witness file is read from its end: some hundreds of heads."""


@dataclass(frozen=True, kw_only=True)
class Inclusion:
    """Whether the stored bytes are those sealed at `index` of the tree that the newest head signs."""

    index: int
    size: int
    path: tuple[str, ...]
    leaf: str
    computed: str
    root: str
    bytes_match: bool
    in_tree: bool
    signed: bool

    @property
    def holds(self) -> bool:
        return self.bytes_match and self.in_tree and self.signed


@dataclass(frozen=True, kw_only=True)
class Recent:
    """The last entries, hashed again from their bytes and put upon the tree before them."""

    first: int
    size: int
    read: int
    """Entries whose bytes the reader may see; of the rest the sealed hash was taken."""
    wrong: tuple[int, ...]
    root_matches: bool
    signed: bool

    @property
    def holds(self) -> bool:
        return not self.wrong and self.root_matches and self.signed


@dataclass(frozen=True, kw_only=True)
class CheckedHead:
    head: Head
    signed: bool
    stored_agrees: bool
    """The columns say what the signed document says."""
    witnessed: bool | None
    """The same root in the file outside the database; None when that file's end does not reach back so far."""


def with_nodes(ask: Callable[[merkle.GetNode], R]) -> R:
    """Run a proof over stored nodes with one query: which nodes it needs does not depend on what they hold."""
    wanted: set[tuple[int, int]] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return bytes(32)

    ask(note)
    keys = [level * LEVEL + index for level, index in wanted]
    stored = {key: bytes(value) for key, value in Node.objects.filter(pk__in=keys).values_list("id", "hash")}
    # A node that was removed becomes one that fits nothing: the proof fails instead of the page.
    return ask(lambda level, index: stored.get(level * LEVEL + index, bytes(32)))


def inclusion(entry: Entry) -> Inclusion | None:
    """The proof of one entry under the newest head, checked; None while it waits for its seal."""
    leaf = Leaf.objects.filter(entry_id=entry.pk).first()
    head = newest_head()
    if leaf is None or head is None or leaf.index >= head.size:
        return None
    place, size = leaf.index, head.size
    path = with_nodes(lambda get: merkle.inclusion_proof(get, place, size))
    computed = merkle.leaf_hash(bytes(entry.body))
    root = bytes(head.root)
    return Inclusion(
        index=place,
        size=size,
        path=tuple(step.hex() for step in path),
        leaf=bytes(leaf.leaf).hex(),
        computed=computed.hex(),
        root=root.hex(),
        bytes_match=computed == bytes(leaf.leaf) == bytes(entry.leaf),
        in_tree=merkle.verify_inclusion(leaf=computed, index=place, size=size, path=path, root=root),
        signed=check_head(head),
    )


def verify_recent(count: int) -> Recent | None:
    """Hash the last `count` sealed entries again and compare with the newest head; None when nothing is sealed."""
    head = newest_head()
    if head is None:
        return None
    first = max(head.size - min(count, MOST), 0)
    leaves = list(Leaf.objects.filter(index__gte=first, index__lt=head.size).order_by("index"))
    bodies = dict(Entry.objects.filter(pk__in=[one.entry_id for one in leaves]).values_list("id", "body"))
    wrong, hashes = [], []
    for position, leaf in enumerate(leaves):
        sealed = bytes(leaf.leaf)
        body = bodies.get(leaf.entry_id)
        computed = sealed if body is None else merkle.leaf_hash(bytes(body))
        if computed != sealed or leaf.index != first + position:
            wrong.append(leaf.index)
        hashes.append(computed)
    before = with_nodes(lambda get: merkle.Frontier.from_nodes(get, first))
    _nodes, grown = merkle.nodes_after_append(before, hashes)
    return Recent(
        first=first,
        size=head.size,
        read=len(bodies),
        wrong=tuple(wrong),
        root_matches=grown.size == head.size and grown.root() == bytes(head.root),
        signed=check_head(head),
    )


def check_head(head: Head) -> bool:
    """Whether the platform's key signed this head."""
    public = signing_key().public_key()
    try:
        signed = heads.parse_head(canonical.dumps(head.document))
    except heads.HeadError:
        return False
    return heads.verify_head(signed, {heads.key_id(public): public})


def checked(rows: list[Head]) -> list[CheckedHead]:
    """Heads with their signature and the witness file's word."""
    kept, whole = witnessed()
    reach = min(kept, default=0)
    found = []
    for row in rows:
        root = bytes(row.root).hex()
        known = kept.get(row.size)
        agrees = row.document.get("root") == root and row.document.get("size") == row.size
        said = (known == root) if known else (False if whole or row.size >= reach else None)
        found.append(CheckedHead(head=row, signed=check_head(row), stored_agrees=agrees, witnessed=said))
    return found


def witnessed() -> tuple[dict[int, str], bool]:
    """Size → root at the end of the witness file, and whether that is the whole file."""
    path: Path = witness_file().path
    if not path.exists():
        return {}, True
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        start = max(end - TAIL_BYTES, 0)
        file.seek(start)
        lines = file.read().splitlines()
    if start:
        lines = lines[1:]  # the first one is only the end of a line
    return {head.size: head.root for head in heads.parse_lines(lines) if head is not None}, start == 0
