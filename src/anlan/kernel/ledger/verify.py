"""The whole log against everything that vouches for it: tree, signed heads, heads kept outside, records, files."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.flow.declare import flows
from anlan.kernel.ledger.sequencer import LEVEL, node_at, signing_key, witness_file
from anlan.kernel.models import Head
from anlan_verify import bundle, canonical, heads, merkle
from anlan_verify.tree_check import verify_log

BATCH = 4096
SHOWN = 20
"""Of each kind of problem this many are named, the rest counted."""

file_checks: list[Callable[[set[str]], Iterable[str]]] = []
"""A room that keeps files says here what is wrong with them, given the digests the ledger names."""


@dataclass(frozen=True, kw_only=True)
class LogCheck:
    """What was compared, and in words everything that does not agree."""

    size: int
    root: str
    heads: int
    waiting: int
    files: int
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.problems


@dataclass
class _Reading:
    """Entries in the order of the tree, and what was noticed on the way."""

    problems: list[str] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)

    def bodies(self) -> Iterator[bytes]:
        index = 0
        while rows := _rows(_SEALED, [index, index + BATCH]):
            for place, leaf, body in rows:
                if place != index:
                    self.problems.append(f"The log has no entry at index {index}: it was removed.")
                    return  # what follows would only be compared at the wrong place
                raw = b"" if body is None else bytes(body)
                if body is None:
                    self.problems.append(f"The entry sealed at index {index} is missing from the ledger.")
                elif merkle.leaf_hash(raw) != bytes(leaf):
                    self.problems.append(f"The entry at index {index} is not the one that was sealed there.")
                self.mentioned |= bundle.mentioned_files([raw])
                index += 1
                yield raw


_SEALED = """
SELECT l.index, l.leaf, e.body FROM kernel_leaf l LEFT JOIN kernel_entry e ON e.id = l.entry_id
WHERE l.index >= %s AND l.index < %s ORDER BY l.index
"""
_FORGOTTEN = """
SELECT e.subject_type, e.subject_id, e.version FROM kernel_entry e
WHERE NOT EXISTS (SELECT 1 FROM kernel_leaf l WHERE l.entry_id = e.id)
  AND NOT EXISTS (SELECT 1 FROM kernel_pending p WHERE p.entry_id = e.id)
"""
_ORPHANS = (
    "SELECT entry_id FROM kernel_pending p WHERE NOT EXISTS (SELECT 1 FROM kernel_entry e WHERE e.id = p.entry_id)"
)
_TWICE = (
    "SELECT entry_id FROM kernel_pending p WHERE EXISTS (SELECT 1 FROM kernel_leaf l WHERE l.entry_id = p.entry_id)"
)
_GAPS = """
SELECT subject_type, subject_id, count(*), max(version) FROM kernel_entry
GROUP BY 1, 2 HAVING count(*) <> max(version) OR min(version) <> 1
"""
_RECORDS = """
SELECT r.id, r.version, coalesce(e.entries, 0) FROM {table} r FULL JOIN
  (SELECT subject_id, max(version) AS entries FROM kernel_entry WHERE subject_type = '{name}' GROUP BY 1) e
  ON e.subject_id = r.id
WHERE r.version IS DISTINCT FROM e.entries
"""
_UNSEALED_BODIES = "SELECT e.body FROM kernel_entry e JOIN kernel_pending p ON p.entry_id = e.id"


def _rows(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def verify_ledger(*, witness: Iterable[Path] = ()) -> LogCheck:
    """Read the whole log and compare. `witness` are further files of heads, kept elsewhere. Changes nothing."""
    kept = list(witness_file().heads())  # before the log is read: a head is never ahead of the log it vouches for
    with scope.acting(SYSTEM):
        stored = [heads.parse_head(canonical.dumps(one)) for one in Head.objects.values_list("document", flat=True)]
        given = [head for path in witness for head in heads.WitnessFile(path).heads()]
        compared = {head.dumps(): head for head in (*stored, *kept, *given)}
        public = signing_key().public_key()
        reading = _Reading()
        log = verify_log(reading.bodies(), compared.values(), keys={heads.key_id(public): public})
        problems = [*_some(reading.problems), *_some(found.message("en") for found in log.findings)]
        for trouble in (_tree_problems(stored, log.size, log.root), _entry_problems(), _record_problems()):
            problems += _some(trouble)
        waiting = _rows(_UNSEALED_BODIES)
        mentioned = reading.mentioned | bundle.mentioned_files(bytes(body) for (body,) in waiting)
        for check in file_checks:
            problems += _some(check(mentioned))
    return LogCheck(
        size=log.size,
        root=log.root,
        heads=log.heads,
        waiting=len(waiting),
        files=len(mentioned),
        problems=tuple(problems),
    )


def _some(found: Iterable[str]) -> Iterator[str]:
    rest = 0
    for number, one in enumerate(found):
        if number < SHOWN:
            yield one
        else:
            rest += 1
    if rest:
        yield f"… and {rest} more of this kind."


def _tree_problems(stored: list[heads.SignedHead], size: int, root: str) -> Iterator[str]:
    """The newest stored head must be the whole log, and the stored nodes must be its tree."""
    newest = max(stored, key=lambda head: head.size, default=None)
    if (newest.size if newest else 0) != size:
        yield f"The newest head stands for {newest.size if newest else 0} entries, the log has {size}."
    try:
        rebuilt = merkle.root_at(node_at, size).hex()
    except LookupError:
        yield "The stored tree lacks nodes, so that proofs cannot be made."
    else:
        if rebuilt != root:
            yield "The stored tree is not the tree of the entries."
    for (place,) in _rows(_WRONG_NODES, {"level": LEVEL}):
        yield f"Node {place // LEVEL}/{place % LEVEL} of the stored tree does not follow from what is below it."


_WRONG_NODES = """
SELECT l.index FROM kernel_leaf l LEFT JOIN kernel_node n ON n.id = l.index WHERE n.hash IS DISTINCT FROM l.leaf
UNION ALL
SELECT n.id FROM kernel_node n
LEFT JOIN kernel_node a ON a.id = (n.id / %(level)s - 1) * %(level)s + n.id %% %(level)s * 2
LEFT JOIN kernel_node b ON b.id = (n.id / %(level)s - 1) * %(level)s + n.id %% %(level)s * 2 + 1
WHERE n.id >= %(level)s AND n.hash IS DISTINCT FROM sha256('\\x01'::bytea || a.hash || b.hash)
"""


def _entry_problems() -> Iterator[str]:
    for kind, subject, version in _rows(_FORGOTTEN):
        yield f"Entry {version} of {kind} {subject} was never sealed and does not wait to be."
    for (entry,) in _rows(_ORPHANS):
        yield f"Entry {entry} waits to be sealed but is missing from the ledger."
    for (entry,) in _rows(_TWICE):
        yield f"Entry {entry} is sealed and still waits."
    for kind, subject, count, last in _rows(_GAPS):
        yield f"{kind} {subject} has {count} entries, yet the last is number {last}."


def _record_problems() -> Iterator[str]:
    for flow in flows.values():
        for record, version, entries in _rows(_RECORDS.format(table=flow.table, name=flow.name)):
            yield f"{flow.name} {record} is at version {version}, its last entry is number {entries}."
