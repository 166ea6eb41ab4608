"""Are the entries the ones that were sealed, and is the log they are in the one that others saw?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from anlan_verify import merkle
from anlan_verify.entry import Entry
from anlan_verify.heads import Keys, SignedHead, verify_head
from anlan_verify.report import Finding

SEALING_TAKES = timedelta(hours=1)  # usually a second; an outage of the sequencer must not look like a forgery


def check_head(head: SignedHead, keys: Keys) -> Iterator[Finding]:
    if head.key_id not in keys:
        yield Finding("head.key_unknown", {"key_id": head.key_id, "trusted": ", ".join(keys)})
    elif not verify_head(head, keys):
        yield Finding("head.signature")


def check_inclusion(entries: Sequence[Entry], head: SignedHead, tree: merkle.TreeHash) -> Iterator[Finding]:
    """Every entry, as the exact bytes in the bundle, must be a leaf under the root of the head."""
    for entry in entries:
        if entry.proof is None:
            yield Finding("entry.unsealed", {"entry": entry.title()})
            continue
        leaf, proof = tree.leaf(entry.raw), entry.proof
        sealed = proof.leaf == leaf.hex() and proof.size == head.size
        if not sealed or not merkle.verify_inclusion(
            leaf=leaf, index=proof.index, size=proof.size, path=proof.path, root=bytes.fromhex(head.root), tree=tree
        ):
            detail = {"entry": entry.title(), "leaf": leaf.hex(), "sealed": proof.leaf, "index": proof.index}
            yield Finding("entry.not_in_tree", detail)


def check_order(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Entries that could be read, by version: a later step has a later place in the log."""
    before: int | None = None
    seen: set[int] = set()
    for entry in sorted(entries, key=lambda entry: entry.version):
        if entry.proof is None:
            continue
        index = entry.proof.index
        if index in seen:
            yield Finding("index.duplicate", {"entry": entry.title(), "index": index})
        elif before is not None and index < before:
            yield Finding("index.order", {"entry": entry.title(), "index": index, "before": before})
        seen.add(index)
        before = index


@dataclass
class WitnessSelection:
    """
    Of possibly millions of heads, the few that say something about some entries.

    For each entry the first head that contains it and the last that does not yet; besides, the newest head. Older
    heads follow from these: each commits to everything before it.
    """

    indexes: Sequence[int]
    chosen: dict[str, SignedHead] = field(default_factory=dict)  # by signature
    contradictions: list[SignedHead] = field(default_factory=list)
    last: SignedHead | None = None

    def __post_init__(self) -> None:
        self._waiting = sorted(set(self.indexes), reverse=True)

    def take(self, head: SignedHead) -> None:
        """Heads come in the order in which they were kept."""
        last = self.last
        if last and (head.size < last.size or (head.size == last.size and head.root != last.root)):
            self.contradictions.append(head)
            self.chosen[head.signature] = head
        if self._waiting and head.size > self._waiting[-1]:
            if last:
                self.chosen[last.signature] = last
            self.chosen[head.signature] = head
            while self._waiting and head.size > self._waiting[-1]:
                self._waiting.pop()
        self.last = head

    def result(self) -> list[SignedHead]:
        if self.last:
            self.chosen[self.last.signature] = self.last
        return list(self.chosen.values())


def select_heads(heads: Iterable[SignedHead], indexes: Sequence[int]) -> list[SignedHead]:
    """What an exporter should put into ``witness.jsonl`` and prove consistency for."""
    selection = WitnessSelection(indexes)
    for head in heads:
        selection.take(head)
    return selection.result()


@dataclass(frozen=True)
class SealedLog:
    """The log as the bundle shows it."""

    head: SignedHead
    tree: merkle.TreeHash
    keys: Keys
    exported_at: datetime
    proofs: Mapping[int, tuple[bytes, ...]]  # from older sizes to the head


def check_witness(
    heads: Iterable[SignedHead | None], log: SealedLog, entries: Sequence[Entry]
) -> tuple[list[Finding], dict[str, int]]:
    """Compares heads kept elsewhere (None: a line that is no head) with the log; also counts what was done."""
    indexes = [entry.proof.index for entry in entries if entry.proof]
    older, beyond = WitnessSelection(indexes), WitnessSelection([])
    counts = {"unreadable": 0, "later": 0, "of_this_log": 0}
    cut: SignedHead | None = None
    for head in heads:
        if head is None:
            counts["unreadable"] += 1
        elif (head.log, head.algorithm) == (log.head.log, log.head.algorithm):
            counts["of_this_log"] += 1
            if head.size <= log.head.size:
                older.take(head)
            elif head.time() > log.exported_at:
                counts["later"] += 1  # the log went on after the export
            else:
                beyond.take(head)
                cut = cut or head
    findings = []
    if cut:
        findings.append(Finding("witness.size_behind", _about(cut) | {"head": log.head.size}))
    contradictions = older.contradictions + beyond.contradictions
    findings += [Finding("witness.inconsistent", _about(head)) for head in contradictions]
    chosen = older.result()
    for head in [*chosen, *([cut] if cut else [])]:
        findings += _check_signature(head, log.keys)
    for head in chosen:
        findings += _check_consistency(head, log)
    findings += _check_lateness(chosen, entries)
    return findings, counts | {"compared": len(chosen)}


def _check_signature(head: SignedHead, keys: Keys) -> Iterator[Finding]:
    if head.key_id not in keys:
        yield Finding("witness.key_unknown", _about(head) | {"key_id": head.key_id})
    elif not verify_head(head, keys):
        yield Finding("witness.signature", _about(head))


def _check_consistency(head: SignedHead, log: SealedLog) -> Iterator[Finding]:
    path: tuple[bytes, ...] | None = () if head.size in (0, log.head.size) else log.proofs.get(head.size)
    if path is None:
        yield Finding("witness.unproved", _about(head))
    elif not merkle.verify_consistency(
        old=head.size,
        new=log.head.size,
        old_root=bytes.fromhex(head.root),
        new_root=bytes.fromhex(log.head.root),
        path=path,
        tree=log.tree,
    ):
        yield Finding("witness.root_differs", _about(head))


def _check_lateness(heads: Sequence[SignedHead], entries: Sequence[Entry]) -> Iterator[Finding]:
    """An entry that claims to be older than a head which does not contain it."""
    for entry in entries:
        if entry.proof and entry.body:
            without = [head.time() for head in heads if head.size <= entry.proof.index]
            if without and max(without) - entry.at > SEALING_TAKES:
                yield Finding("entry.sealed_late", {"entry": entry.title(), "at": max(without).isoformat()})


def _about(head: SignedHead) -> dict[str, Any]:
    return {"at": head.at, "size": head.size}
