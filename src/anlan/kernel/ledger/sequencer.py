"""The sequencer: about once a second it gives waiting entries their place in the tree and signs the new head.

It takes only entries whose transaction number is below every transaction still in flight, so nothing that commits later
can precede what was sealed. One sequencer at a time, held by an advisory lock of its transaction.
"""

from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.clock import now
from anlan.kernel.models import Head, Leaf, Node
from anlan_verify import heads, merkle

LOCK = 0x414E4C41
LEVEL = 2**56


@lru_cache(maxsize=1)
def signing_key() -> Ed25519PrivateKey:
    """The platform's Ed25519 key: made on first use, mode 600, outside the database."""
    path = Path(settings.ANLAN_KEYS) / "ledger.pem"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return heads.load_or_create_key(path)


def witness_file() -> heads.WitnessFile:
    """Where heads are kept outside the database."""
    path = Path(settings.ANLAN_HEADS) / "heads.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return heads.WitnessFile(path)


def log_name() -> str:
    return str(settings.ANLAN_LOG_NAME)


_WAITING = """
SELECT p.entry_id, e.leaf FROM kernel_pending p JOIN kernel_entry e ON e.id = p.entry_id
WHERE p.txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY p.txid, p.entry_id LIMIT %s
"""


_OTHER_LOG = (
    "The ledger here was sealed under the name “{there}”, and ANLAN_LOG_NAME says “{here}”. A log never changes its name:"
    " set ANLAN_LOG_NAME back."
)

ROWS = 5_000
"""A statement holds: PostgreSQL takes no more than 65,535 parameters."""


def seal(*, batch: int = 20_000) -> int:
    """Seal what waits; returns how many entries got their place. The new head is witnessed after the commit."""
    head = None
    with scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_WAITING, [batch])
        waiting = cursor.fetchall()
        if not waiting:
            return 0
        last = Head.objects.order_by("-size").first()
        if last and last.document["log"] != log_name():
            raise RuntimeError(_OTHER_LOG.format(there=last.document["log"], here=log_name()))
        frontier = merkle.Frontier.from_json(last.frontier) if last else merkle.Frontier()
        nodes, grown = merkle.nodes_after_append(frontier, [bytes(leaf) for _, leaf in waiting])
        leaves = enumerate(waiting, start=frontier.size)
        Leaf.objects.bulk_create(
            (Leaf(index=index, entry_id=entry, leaf=bytes(leaf)) for index, (entry, leaf) in leaves), batch_size=ROWS
        )
        Node.objects.bulk_create(
            (Node(id=level * LEVEL + index, hash=value) for level, index, value in nodes), batch_size=ROWS
        )
        cursor.execute("DELETE FROM kernel_pending WHERE entry_id = ANY(%s)", [[entry for entry, _ in waiting]])
        head = heads.sign_head(signing_key(), log=log_name(), size=grown.size, root=grown.root(), at=now())
        Head.objects.create(
            size=grown.size, root=grown.root(), at=head.time(), document=vars(head), frontier=grown.to_json()
        )
    witness_file().append(head)
    return len(waiting)


def witness_quiet_log(*, older_than_seconds: int = 3600) -> bool:
    """Sign an unchanged tree again once an hour, outside the database: back-dating shows on a quiet log too."""
    with scope.acting(SYSTEM):
        last = Head.objects.order_by("-size").first()
    if last is None:
        return False
    witness = witness_file()
    kept = witness.last()
    if kept is not None and (now() - kept.time()).total_seconds() < older_than_seconds:
        return False
    witness.append(heads.sign_head(signing_key(), log=log_name(), size=last.size, root=bytes(last.root), at=now()))
    return True


def node_at(level: int, index: int) -> bytes:
    """The stored hash of a complete subtree; what `anlan_verify.merkle` builds proofs from."""
    found = Node.objects.values_list("hash", flat=True).filter(pk=level * LEVEL + index).first()
    if found is None:
        raise LookupError(f"no node {level}/{index}")
    return bytes(found)
