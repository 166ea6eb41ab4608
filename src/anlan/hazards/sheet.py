"""The sheet that is signed: exactly what a signer is shown, as canonical bytes, and its digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from anlan.hazards.models import DueDate, Hazard, Photo
from anlan.kernel import scope
from anlan.kernel.ledger.write import encode
from anlan.registry.models import Enterprise
from anlan_verify import canonical


@dataclass(frozen=True)
class Sheet:
    facts: dict[str, Any]
    shown: bytes
    digest: str


def sheet(hazard: Hazard) -> Sheet:
    """The facts a signature is bound to. A later change of any of them makes the digest differ, and is shown."""
    return sheets([hazard])[hazard.pk]


def sheets(hazards: Sequence[Hazard]) -> dict[UUID, Sheet]:
    """The sheets of several hazards, read together."""
    photos: dict[UUID, list[str]] = {one.pk: [] for one in hazards}
    rows = Photo.objects.filter(hazard__in=photos, phase="before")
    for hazard, digest in rows.values_list("hazard_id", "file__sha256"):
        photos[hazard].append(digest)
    with scope.elevated("whoever sees a hazard sees who must rectify it, though registered under another field"):
        known = Enterprise.objects.in_bulk({one.responsible_id for one in hazards if one.responsible_id})
    # The date the signers were asked to accept; a plan or an extension later sets another without touching what was signed.
    dates = DueDate.objects.filter(hazard__in=photos, step__in=("dispatch", "arbitrate")).order_by("set_at", "id")
    demanded = dict(dates.values_list("hazard_id", "due"))  # the latest of each
    return {one.pk: _sheet(one, photos[one.pk], known.get(one.responsible_id), demanded.get(one.pk)) for one in hazards}


def _sheet(hazard: Hazard, photos: list[str], responsible: Enterprise | None, demanded: date | None) -> Sheet:
    facts = {
        "number": hazard.number,
        "round": hazard.round,
        "place": hazard.place,
        "category": hazard.category,
        "description": hazard.description,
        "source": hazard.source,
        "found_at": encode(hazard.found_at),
        "finder": hazard.finder_name if hazard.source != "citizen" else "",
        "grade": hazard.grade,
        "basis": hazard.basis,
        "responsible": {"name": responsible.name, "uscc": responsible.uscc} if responsible else None,
        "rectify_due": encode(demanded),
        "required_signers": hazard.required_signers,
        "photos": sorted(photos),
    }
    shown = canonical.dumps(facts)
    return Sheet(facts=facts, shown=shown, digest=sha256(shown).hexdigest())
