"""The cursor of a list by moment and id."""

from datetime import datetime
from uuid import UUID

from anlan.kernel import api
from anlan.kernel.errors import Invalid

Place = tuple[datetime, UUID]


def write_cursor(place: Place | None) -> str | None:
    return api.cursor(place[0].isoformat(), place[1]) if place else None


def read_cursor(text: str | None) -> Place | None:
    """None for none; Invalid for a cursor that was not made here."""
    if not text:
        return None
    at, key = api.read_cursor(text, datetime.fromisoformat, UUID)
    if at.tzinfo is None:
        raise Invalid
    return at, key
