"""
A platform in miniature: the tables a database superuser can reach, the files, and the heads they cannot.

It exports the way the platform does: what the tables say, without judging.
"""

import copy
import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from anlan_verify import bundle, canonical, heads, merkle, seal
from anlan_verify.heads import SignedHead
from anlan_verify.verify import verify_bundle

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = heads.public_pem(KEY.public_key())
START = datetime(2025, 6, 1, 1, 0, tzinfo=UTC)
STORY = [
    ("register", "登记", "张巡查", None, "registered"),
    ("grade", "定级", "李科长", "registered", "graded"),
    ("dispatch", "派发", "李科长", "graded", "dispatched"),
    ("sign", "签收", "王企业", "dispatched", "rectifying"),
    ("plan", "整改方案", "王企业", "rectifying", "rectifying"),
    ("submit", "整改完成", "王企业", "rectifying", "submitted"),
    ("recheck", "复查", "张巡查", "submitted", "rechecked"),
    ("close", "销号", "赵局长", "rechecked", "closed"),
]


@dataclass
class Row:
    """One row of the ledger table; ``index`` is null until it is sealed."""

    subject: str
    version: int
    raw: bytes
    index: int | None = None
    leaf: bytes = b""

    @property
    def body(self):
        return canonical.loads(self.raw)

    def rewrite(self, **changes):
        self.raw = canonical.dumps({**self.body, **changes})


@dataclass
class Tables:
    """Everything that lives in the database."""

    ledger: list[Row] = field(default_factory=list)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    heads: list[SignedHead] = field(default_factory=list)
    records: dict[str, dict] = field(default_factory=dict)


class LedgerModel:
    def __init__(self, seed=0, cases=7):
        self.random = Random(seed)
        self.tables, self.disk, self.witness = Tables(), {}, []
        self.frontier, self.clock = merkle.Frontier(), START
        self.ids = [str(uuid.UUID(int=self.random.getrandbits(128))) for _ in range(cases)]
        self.mine = self.ids[self.random.randrange(cases)]
        waiting = [case for case in self.ids for _ in STORY]
        self.random.shuffle(waiting)
        for case in waiting:
            self.step(case)
            if self.random.random() < 0.4:
                self.seal()
        self.seal()

    def rows(self, case=None):
        found = [row for row in self.tables.ledger if row.subject == (case or self.mine)]
        return sorted(found, key=lambda row: row.version)

    def step(self, case):
        rows = self.rows(case)
        step, label, name, old, new = STORY[len(rows)]
        self.clock += timedelta(microseconds=self.random.randrange(1, 90_000_000))
        photo = b"photo of " + step.encode() + self.random.randbytes(30)
        digest = hashlib.sha256(photo).hexdigest()
        record = self.tables.records.setdefault(case, {})
        wanted = {"state": new, f"{step}_note": f"{label}:消防通道堆物 {len(rows)}", "due_days": 5 + len(rows) // 4}
        changes = {key: [record.get(key), value] for key, value in wanted.items() if record.get(key) != value}
        body = {
            "v": 1,
            "id": str(uuid.UUID(int=self.random.getrandbits(128))),
            "subject": {"type": "hazard", "id": case},
            "version": len(rows) + 1,
            "step": step,
            "label": label,
            "actor": {
                "person": str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
                "name": name,
                "post": None,
                "post_label": "",
                "role": "r",
            },
            "at": canonical.timestamp(self.clock),
            "client_at": None,
            "from": {"ip": "10.0.0.7"},
            "state": [old, new],
            "changes": changes,
            "data": {"note": wanted[f"{step}_note"], "amount_fen": self.random.randrange(10**6)},
            "files": [digest],
            "basis": "中华人民共和国安全生产法",
            "digest": hashlib.sha256(photo + b"shown").hexdigest() if step == "sign" else None,
            "prev": merkle.leaf_hash(rows[-1].raw).hex() if rows else None,
        }
        self.disk[digest] = photo
        record.update(wanted)
        self.tables.ledger.append(Row(case, len(rows) + 1, canonical.dumps(body)))

    def seal(self):
        """The sequencer: index, tree, signed head, and the copy of the head outside."""
        new = [row for row in self.tables.ledger if row.index is None]
        for offset, row in enumerate(new):
            row.index, row.leaf = self.frontier.size + offset, merkle.leaf_hash(row.raw)
        nodes, self.frontier = merkle.nodes_after_append(self.frontier, [row.leaf for row in new])
        self.tables.nodes |= {(level, index): value for level, index, value in nodes}
        self.clock += timedelta(seconds=1)
        self.sign()
        self.witness.append(self.tables.heads[-1])

    def sign(self, key=KEY):
        head = heads.sign_head(key, log="city", size=self.frontier.size, root=self.frontier.root(), at=self.clock)
        self.tables.heads.append(head)

    def idle(self, *, days):
        """Time passes; the sequencer signs the unchanged tree again."""
        self.clock += timedelta(days=days)
        self.sign()
        self.witness.append(self.tables.heads[-1])

    def rebuild(self, key=KEY):
        """What a superuser who also holds the key can do: leaves, nodes and heads anew from the ledger table."""
        rows = sorted(self.tables.ledger, key=lambda row: row.index)
        for index, row in enumerate(rows):
            row.index, row.leaf = index, merkle.leaf_hash(row.raw)
        nodes, self.frontier = merkle.nodes_after_append(merkle.Frontier(), [row.leaf for row in rows])
        self.tables.nodes = {(level, index): value for level, index, value in nodes}
        self.tables.heads = []
        self.sign(key)

    def relink(self):
        """Makes the prev hashes of the case fit again."""
        before = None
        for row in self.rows():
            row.rewrite(prev=before)
            before = merkle.leaf_hash(row.raw).hex()

    def export(self, path, *, witness=None, key=PUBLIC):
        """``witness``: heads the exporting side claims were kept; by default those that really were."""
        kept = self.witness if witness is None else witness
        exported_at = canonical.timestamp(self.clock + timedelta(seconds=1))
        rows, head = self.rows(), self.tables.heads[-1]

        def get(level, index):
            return self.tables.nodes[level, index]

        proofs = [
            None if row.index is None else bundle.prove(get, index=row.index, leaf=row.leaf, size=head.size)
            for row in rows
        ]
        chosen = seal.select_heads(kept, [row.index for row in rows if row.index is not None])
        bundle.write(
            path,
            subject={"type": "hazard", "id": self.mine},
            record=self.tables.records[self.mine],
            entries=[row.raw for row in rows],
            proofs=proofs,
            head=head,
            witness=chosen,
            consistency=bundle.prove_heads(get, chosen, size=head.size),
            files={digest: self.disk.get(digest) for digest in bundle.mentioned_files(row.raw for row in rows)},
            key=key,
            exported_at=exported_at,
            exported_by="Anlan test",
        )
        return path

    def judge(self, path, **kwargs):
        """As an expert would who kept the heads and the key."""
        outside = {"keys": heads.load_public_keys(PUBLIC), "witness": [copy.copy(self.witness)], **kwargs}
        return verify_bundle(path, **outside)
