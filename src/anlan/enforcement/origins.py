"""The record an instrument or a case rests on, as its drafter names it: one that exists, in sight, with its own number."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.enforcement.filling.grounds import grounds_of, known_sources
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid, NotFound


def origin(actor: Actor, asked: Any) -> dict[str, Any]:
    """
    Its kind, id and number. The addressee reads the number, so nobody types it: it is the record's own.

    The platform names records of rooms downstream, which are not known here.
    """
    kind: str = asked.source_type
    record: UUID | None = asked.source_id
    if actor.is_system:
        return {"source_type": kind, "source_id": record, "source_number": asked.source_number}
    if not kind and record is None:
        return {"source_type": "", "source_id": None, "source_number": ""}
    if kind not in known_sources() or record is None:
        raise Invalid(fields={"source_type": [_("Name the kind and the id of the record together.")]})
    try:
        found = grounds_of(kind, record)
    except NotFound:
        words = _("There is no such record, or it is outside what your post may see.")
        raise Invalid(fields={"source_id": [words]}) from None
    return {"source_type": kind, "source_id": record, "source_number": found.number}
