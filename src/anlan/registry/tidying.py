"""Workbooks hold personal data, so they go when nobody fetches or mends them any more."""

from datetime import timedelta

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.registry import shelf
from anlan.registry.models import Export, Import

EXPORTS_STAY = timedelta(days=7)
IMPORTS_STAY = timedelta(days=30)
WAITING = ("checking", "faulty", "ready", "loading", "failed")


def tidy() -> int:
    """Remove exports after a week and files that were never loaded after a month; how many files went."""
    now = clock.now()
    with scope.acting(SYSTEM):
        Export.objects.filter(created_at__lt=now - EXPORTS_STAY).delete()
        Import.objects.filter(changed_at__lt=now - IMPORTS_STAY, state__in=WAITING).delete()
        kept = set(Export.objects.exclude(sha256="").values_list("sha256", flat=True))
        kept |= set(Import.objects.filter(state__in=WAITING).values_list("sha256", flat=True))
    gone = [digest for digest in shelf.shelf() if digest not in kept and shelf.older_than_an_hour(digest)]
    for digest in gone:
        shelf.drop(digest)
    return len(gone)
