"""Telling reporters: by the way they left us, without saying to anybody who they are."""

from typing import Any

from anlan.channels import outgoing, setup
from anlan.identity.citizens import tell
from anlan.kernel import scope
from anlan.reports.models import Report, Seal

SAID = 60
"""Signs of the answer that a short message repeats."""


def tell_reporters(report: Report, template: str, *, everybody: bool = True, **facts: Any) -> int:
    """One message to each who reported, or with `everybody` joined, and can be reached; returns how many."""
    told = {"number": report.number, **facts}
    with scope.elevated("who reported is told, and nobody else learns it"):
        seals = list(Seal.objects.filter(report_id=report.pk).order_by("at", "id"))
        return sum(_tell(seal, template, told) for seal in seals if everybody or seal.first)


def _tell(seal: Seal, template: str, facts: dict[str, Any]) -> bool:
    if seal.person_id is not None:
        return tell(person=seal.person_id, template=template, facts=facts) is not None
    if seal.phone and setup.has_sms():
        outgoing.send(channel="sms", template=template, to=seal.phone, facts=facts)
        return True
    return False
