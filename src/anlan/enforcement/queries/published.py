"""What everybody may read: one page by keyset, one by its address."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from anlan.enforcement.models import Publication
from anlan.kernel.errors import NotFound

PAGE = 20
Place = tuple[datetime, UUID]


def publications(*, after: Place | None = None, limit: int = PAGE) -> tuple[list[Publication], Place | None]:
    """Newest first, without those taken back; with the place after which the next page begins."""
    rows = Publication.objects.filter(retracted_at=None)
    if after:
        rows = rows.filter(Q(published_at__lt=after[0]) | Q(id__lt=after[1]), published_at__lte=after[0])
    found = list(rows.order_by("-published_at", "-id")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return found, (found[-1].published_at, found[-1].pk) if more else None


def publication(code: str) -> Publication:
    """Also one that was taken back: its address says so. Raises NotFound."""
    found = Publication.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found
