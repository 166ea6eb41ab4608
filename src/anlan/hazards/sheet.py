"""The sheet that is signed: exactly what a signer is shown, as canonical bytes, and its digest."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

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
    photos = Photo.objects.filter(hazard=hazard, phase="before").values_list("file__sha256", flat=True)
    with scope.elevated("whoever sees a hazard sees who must rectify it, though registered under another field"):
        responsible = Enterprise.objects.filter(pk=hazard.responsible_id).first() if hazard.responsible_id else None
    # The date the signers were asked to accept; a plan or an extension later sets another without touching what was signed.
    demanded = DueDate.objects.filter(hazard=hazard, step__in=("dispatch", "arbitrate")).order_by("-set_at", "-id")
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
        "rectify_due": encode(demanded.values_list("due", flat=True).first()),
        "required_signers": hazard.required_signers,
        "photos": sorted(photos),
    }
    shown = canonical.dumps(facts)
    return Sheet(facts=facts, shown=shown, digest=sha256(shown).hexdigest())
