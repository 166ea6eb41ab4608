"""A hazard's history as programs read it, with what is needed to check it against the signed tree."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from anlan.identity.roles import OFFICIALS
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.ledger.read import acts, newest_head
from anlan.kernel.ledger.sequencer import node_at
from anlan.kernel.models import Entry
from anlan_verify import bundle, merkle


class ProofFacts(Output):
    size: int
    path: list[str] = Field(description="Hashes from the leaf's sibling up, hexadecimal (RFC 6962, SHA-256).")


class ActFacts(Output):
    id: UUID
    version: int
    step: str
    at: datetime
    name: str
    post: str
    role: str
    state: list[str | None]
    changes: dict[str, list[Any]]
    data: dict[str, Any]
    files: list[str]
    digest: str | None
    leaf: str = Field(description="SHA-256 of 0x00 and the entry's bytes.")
    index: int | None = Field(description="Place in the tree; null until sealed, about a second later.")
    body: str | None = Field(description="For officials: the exact canonical bytes that are hashed.")
    proof: ProofFacts | None


class LedgerPage(Output):
    acts: list[ActFacts]
    head: dict[str, Any] | None = Field(description="The newest signed head, when proofs are asked for.")


def ledger_of(actor: Actor, subject: UUID, *, proofs: bool) -> LedgerPage:
    found = acts(subject)
    bodies: dict[UUID, str] = {}
    if actor.role in OFFICIALS:
        rows = Entry.objects.filter(subject_id=subject).values_list("id", "body")
        bodies = {id_: bytes(body).decode() for id_, body in rows}
    head = newest_head() if proofs else None
    size = head.size if head else 0
    return LedgerPage(
        acts=[
            ActFacts(
                id=one.id,
                version=one.version,
                step=one.step,
                at=one.at,
                name=one.actor_name,
                post=one.post_label,
                role=one.role,
                state=one.state,
                changes=one.changes,
                data=one.data,
                files=one.files,
                digest=one.digest,
                leaf=one.leaf,
                index=one.index,
                body=bodies.get(one.id),
                proof=_proof(one.index, one.leaf, size),
            )
            for one in found
        ],
        head=head.document if head else None,
    )


def _proof(index: int | None, leaf: str, size: int) -> ProofFacts | None:
    if index is None or index >= size:
        return None
    proof = bundle.prove(node_at, index=index, leaf=bytes.fromhex(leaf), size=size, tree=merkle.SHA256)
    return ProofFacts(size=proof.size, path=[step.hex() for step in proof.path]) if proof else None
