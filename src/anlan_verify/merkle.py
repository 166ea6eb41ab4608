"""
The Merkle tree of RFC 6962: roots, proofs that an entry is in it, proofs that it only grew.

A tree is addressed by its complete subtrees: the node at (level, index) is the root over the leaves
[index * 2**level, (index + 1) * 2**level); level 0 holds the leaf hashes. A complete node never changes once it
exists, so a table of them serves every proof, for every size the tree ever had, in O(log n) reads.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

Node = tuple[int, int, bytes]
"""(level, index, hash) of a complete subtree."""

GetNode = Callable[[int, int], bytes]
"""Returns the hash stored at (level, index); raises LookupError when there is none."""


class UnknownAlgorithmError(ValueError):
    """The tree's hash algorithm is unknown, or not in this Python's OpenSSL."""


@dataclass(frozen=True)
class TreeHash:
    """RFC 6962 hashing over one digest; the prefixes keep a leaf from passing as a node."""

    name: str
    digest: Callable[[bytes], Any]

    def empty(self) -> bytes:
        return self.digest(b"").digest()

    def leaf(self, data: bytes) -> bytes:
        return self.digest(b"\x00" + data).digest()

    def node(self, left: bytes, right: bytes) -> bytes:
        return self.digest(b"\x01" + left + right).digest()


SHA256 = TreeHash("sha256", hashlib.sha256)


def tree_hash(name: str) -> TreeHash:
    """The hashing called "sha256" or "sm3" (the latter where OpenSSL offers it)."""
    if name == "sha256":
        return SHA256
    if name == "sm3" and "sm3" in hashlib.algorithms_available:
        return TreeHash("sm3", partial(hashlib.new, "sm3"))
    raise UnknownAlgorithmError(f"unknown or unavailable tree algorithm: {name}")


def leaf_hash(data: bytes, tree: TreeHash = SHA256) -> bytes:
    return tree.leaf(data)


@dataclass(frozen=True)
class Frontier:
    """What must be kept to go on appending: the size, and the roots of the maximal complete subtrees, left to right."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError("a frontier has one peak for each set bit of its size")

    def root(self, tree: TreeHash = SHA256) -> bytes:
        if not self.peaks:
            return tree.empty()
        *rest, root = self.peaks
        for peak in reversed(rest):
            root = tree.node(peak, root)
        return root

    def append(self, leaf: bytes, tree: TreeHash = SHA256) -> "Frontier":
        """The frontier after one more leaf hash."""
        return nodes_after_append(self, [leaf], tree)[1]

    def to_json(self) -> dict[str, Any]:
        return {"size": self.size, "peaks": [peak.hex() for peak in self.peaks]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Frontier":
        return cls(size=value["size"], peaks=tuple(bytes.fromhex(peak) for peak in value["peaks"]))

    @classmethod
    def from_nodes(cls, get: GetNode, size: int) -> "Frontier":
        """The frontier a tree had at ``size``, read back from its stored nodes."""
        levels = [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]
        return cls(size=size, peaks=tuple(get(level, (size >> level) - 1) for level in levels))


def nodes_after_append(
    frontier: Frontier, new_leaves: Iterable[bytes], tree: TreeHash = SHA256
) -> tuple[list[Node], Frontier]:
    """Appends leaf hashes; returns every complete subtree this newly completes (leaves included), and the new frontier."""
    row = list(new_leaves)
    total = frontier.size + len(row)
    old_peaks = dict(
        zip(
            (b for b in range(frontier.size.bit_length()) if frontier.size >> b & 1),
            reversed(frontier.peaks),
            strict=True,
        )
    )
    new_peaks: list[bytes] = []
    nodes: list[Node] = []
    first, level = frontier.size, 0
    while first or row:
        nodes += [(level, first + offset, value) for offset, value in enumerate(row)]
        if first % 2:  # the last complete subtree of this level waited for a right neighbour
            row.insert(0, old_peaks[level])
            first -= 1
        if len(row) % 2:
            new_peaks.append(row[-1])
        row = list(map(tree.node, row[0:-1:2], row[1::2]))
        first, level = first // 2, level + 1
    return nodes, Frontier(size=total, peaks=tuple(reversed(new_peaks)))


def root(leaves: Iterable[bytes], tree: TreeHash = SHA256) -> bytes:
    """The root over leaf hashes."""
    return nodes_after_append(Frontier(), leaves, tree)[1].root(tree)


def nodes_of(leaves: Iterable[bytes], tree: TreeHash = SHA256) -> GetNode:
    """A node getter over leaf hashes held in memory."""
    stored = {(level, index): value for level, index, value in nodes_after_append(Frontier(), leaves, tree)[0]}
    return lambda level, index: stored[level, index]


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1


def _range_root(get: GetNode, begin: int, end: int, tree: TreeHash) -> bytes:
    size = end - begin
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return get(level, begin >> level)
    middle = begin + _split(size)
    return tree.node(_range_root(get, begin, middle, tree), _range_root(get, middle, end, tree))


def root_at(get: GetNode, size: int, tree: TreeHash = SHA256) -> bytes:
    """The root the tree had at ``size``."""
    return _range_root(get, 0, size, tree) if size else tree.empty()


def inclusion_proof(get: GetNode, index: int, size: int, tree: TreeHash = SHA256) -> list[bytes]:
    """The audit path of RFC 6962 §2.1.1, from the leaf upwards."""
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} in a tree of {size}")
    begin, end, path = 0, size, list[bytes]()
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_range_root(get, middle, end, tree))
            end = middle
        else:
            path.append(_range_root(get, begin, middle, tree))
            begin = middle
    return path[::-1]


def consistency_proof(get: GetNode, old: int, new: int, tree: TreeHash = SHA256) -> list[bytes]:
    """The proof of RFC 6962 §2.1.2 that the first ``old`` leaves of the tree of ``new`` are the tree of ``old``."""
    if not 0 <= old <= new:
        raise IndexError(f"a tree of {new} does not contain one of {old}")
    if old in (0, new):
        return []
    begin, end, path = 0, new, list[bytes]()
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(_range_root(get, middle, end, tree))
            end = middle
        else:
            path.append(_range_root(get, begin, middle, tree))
            begin = middle
    if begin:  # otherwise the old root itself is the starting point, and known to whoever verifies
        path.append(_range_root(get, begin, end, tree))
    return path[::-1]


def verify_inclusion(
    *, leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes, tree: TreeHash = SHA256
) -> bool:
    """Whether ``path`` leads from the leaf hash at ``index`` to ``root`` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, value = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if position % 2 or position == last:
            value = tree.node(step, value)
            while position and not position % 2:
                position, last = position >> 1, last >> 1
        else:
            value = tree.node(value, step)
        position, last = position >> 1, last >> 1
    return last == 0 and value == root


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes], tree: TreeHash = SHA256
) -> bool:
    """Whether the tree of ``new`` only appended to the tree of ``old`` (RFC 9162 §2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == tree.empty()
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        return False
    position, last = old - 1, new - 1
    while position % 2:
        position, last = position >> 1, last >> 1
    old_value = new_value = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position % 2 or position == last:
            old_value, new_value = tree.node(step, old_value), tree.node(step, new_value)
            while position and not position % 2:
                position, last = position >> 1, last >> 1
        else:
            new_value = tree.node(new_value, step)
        position, last = position >> 1, last >> 1
    return last == 0 and old_value == old_root and new_value == new_root
