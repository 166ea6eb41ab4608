"""Exporting a record's evidence as the bundle that `anlan-verify` judges. It exports what the database says, and repairs nothing."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.flow.declare import flows
from anlan.kernel.flow.take import snapshot
from anlan.kernel.ledger.sequencer import log_name, node_at, seal, signing_key, witness_file
from anlan.kernel.models import Entry, Head, Leaf
from anlan_verify import bundle, canonical, heads, merkle
from anlan_verify import seal as sealing


def export_evidence(
    *, actor: Actor, flow_name: str, record_id: UUID, path: Path, files: Any = None, extra_witness: Path | None = None
) -> int:
    """Write the bundle of one record to `path`; returns the number of entries. `files` is a store with `.path(sha256)`."""
    flow = flows[flow_name]
    record = apps.get_model(flow.model)._default_manager.filter(pk=record_id).first()
    if record is None:
        raise NotFound
    exported_at = clock.now()
    entries = list(Entry.objects.filter(subject_id=record_id).order_by("version", "id"))
    places = dict(Leaf.objects.filter(entry_id__in=[one.pk for one in entries]).values_list("entry_id", "index"))
    leaves = dict(Leaf.objects.filter(entry_id__in=[one.pk for one in entries]).values_list("entry_id", "leaf"))
    witnessed = list(witness_file().heads())
    if extra_witness is not None:
        witnessed += list(heads.WitnessFile(extra_witness).heads())
    stored = Head.objects.order_by("-size").first()
    head = heads.parse_head(canonical.dumps(stored.document)) if stored else None
    size = head.size if head else 0
    indexes = [place for place in places.values() if place is not None]
    chosen = sealing.select_heads(witnessed, indexes)
    bodies = [bytes(one.body) for one in entries]
    proofs = [
        bundle.prove(node_at, index=places[one.pk], leaf=bytes(leaves[one.pk]), size=size, tree=merkle.SHA256)
        if one.pk in places
        else None
        for one in entries
    ]
    mentioned = bundle.mentioned_files(bodies)
    bundle.write(
        path,
        subject={"type": flow_name, "id": str(record_id)},
        record={**snapshot(flow, record), "state": record.state},
        entries=bodies,
        proofs=proofs,
        head=head,
        witness=chosen,
        consistency=bundle.prove_heads(node_at, chosen, size=size, tree=merkle.SHA256),
        files={digest: _kept(files, digest) for digest in mentioned},
        key=heads.public_pem(signing_key().public_key()),
        exported_at=canonical.timestamp(exported_at),
        exported_by=f"{log_name()} {actor.name}",
    )
    return len(entries)


def _kept(files: Any, digest: str) -> Path | None:
    if files is None:
        return None
    path: Path = files.path(digest)
    return path if path.exists() else None


def seal_all() -> None:
    """Seal until nothing committed waits any more; before an export."""
    while seal():
        pass
