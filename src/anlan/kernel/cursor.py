"""The cursor of a list by moment and id, as it travels in an address."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.kernel.errors import Invalid

Place = tuple[datetime, UUID]


def write_cursor(place: Place | None) -> str | None:
    return f"{place[0].isoformat()}~{place[1]}" if place else None


def read_cursor(text: str | None) -> Place | None:
    """None for none; Invalid for a cursor that was not made here."""
    if not text:
        return None
    moment, _tilde, record = text.partition("~")
    wrong = Invalid(_("This page of the list cannot be found any more. Begin at its first page."))
    try:
        at, key = datetime.fromisoformat(moment), UUID(record)
    except ValueError:
        raise wrong from None
    if at.tzinfo is None:
        raise wrong
    return at, key
