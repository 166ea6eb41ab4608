"""Who looked on the spot."""

from uuid import UUID

from anlan.kernel import scope
from anlan.kernel.models import Entry


def verifiers(report: UUID) -> list[str]:
    """The people who looked on the spot: from the ledger, which alone names them for certain."""
    with scope.elevated("whoever verified may not approve, wherever their post lies"):
        found = Entry.objects.filter(subject_type="report", subject_id=report, step="verify", person_id__isnull=False)
        return sorted({str(one) for one in found.values_list("person_id", flat=True)})
