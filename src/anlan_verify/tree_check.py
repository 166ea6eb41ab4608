"""Checks a whole log, not one case: every entry in order against every head that was kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from anlan_verify import merkle
from anlan_verify.heads import Keys, SignedHead, verify_head
from anlan_verify.report import Finding

BATCH = 8192  # entries hashed at once; bounds the memory


@dataclass(frozen=True)
class LogReport:
    size: int
    root: str  # hex
    heads: int  # that were compared
    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        return not self.findings


def verify_log(
    leaves: Iterable[bytes], heads: Iterable[SignedHead], *, keys: Keys, tree: merkle.TreeHash = merkle.SHA256
) -> LogReport:
    """``leaves`` are the exact bytes of all entries by index; ``heads`` are compared at their sizes, in any order."""
    by_size = sorted(heads, key=lambda head: (head.size, head.at))
    findings: list[Finding] = []
    frontier, source, compared = merkle.Frontier(), iter(leaves), 0
    for head in by_size:
        frontier = _grow(frontier, source, head.size, tree)
        if frontier.size < head.size:
            findings.append(Finding("witness.size_behind", {**_about(head), "head": frontier.size}))
            continue
        compared += 1
        if frontier.root(tree).hex() != head.root or head.algorithm != tree.name:
            findings.append(Finding("witness.root_differs", _about(head)))
        if head.key_id not in keys:
            findings.append(Finding("witness.key_unknown", {**_about(head), "key_id": head.key_id}))
        elif not verify_head(head, keys):
            findings.append(Finding("witness.signature", _about(head)))
    frontier = _grow(frontier, source, None, tree)
    return LogReport(frontier.size, frontier.root(tree).hex(), compared, tuple(findings))


def _grow(
    frontier: merkle.Frontier, source: Iterator[bytes], size: int | None, tree: merkle.TreeHash
) -> merkle.Frontier:
    """Takes entries until the tree has ``size`` (None: until the end)."""
    while size is None or frontier.size < size:
        wanted = BATCH if size is None else min(BATCH, size - frontier.size)
        batch = [tree.leaf(data) for data in islice(source, wanted)]
        if not batch:
            break
        frontier = merkle.nodes_after_append(frontier, batch, tree)[1]
    return frontier


def _about(head: SignedHead) -> dict[str, object]:
    return {"at": head.at, "size": head.size}
