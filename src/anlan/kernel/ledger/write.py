"""Writing entries: the exact canonical bytes that are hashed, in the transaction of the act itself."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict
from anlan.kernel.ids import new_id
from anlan.kernel.models import Entry
from anlan_verify import canonical

if TYPE_CHECKING:
    from anlan.kernel.flow.declare import Taking


def encode(value: Any) -> Any:
    """A value as the ledger writes it: strings, integers, booleans, null, lists, objects. Decimals become strings."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return canonical.timestamp(value)
    if isinstance(value, date | UUID | Decimal):
        return str(value)
    if isinstance(value, BaseModel):
        return encode(value.model_dump())
    if isinstance(value, dict):
        return {str(key): encode(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [encode(one) for one in value]
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"the ledger cannot write {type(value).__name__}")


def write_entry(taking: "Taking", *, state: list[str | None], changes: dict[str, Any], previous: bytes | None) -> Entry:
    """The entry of one flow step; `previous` is the hash of the record's entry before."""
    record, actor = taking.record, taking.actor
    inside = taking.flow.place_inside if taking.step.internal else None
    place = (inside or taking.flow.place)(record)
    hidden = _SECRET | taking.withheld
    data = {
        key: value for key, value in encode(taking.data).items() if key not in hidden and value not in (None, "", [])
    }
    return _write(
        actor=actor,
        at=taking.at,
        subject_type=taking.flow.name,
        subject_id=record.pk,
        version=record.version,
        step=taking.step.name,
        label=str(taking.step.label),
        state=state,
        changes=changes,
        data=data | encode(taking.notes),
        files=taking.files,
        basis=taking.step.basis,
        digest=taking.digest,
        previous=previous,
        **place,
    )


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What of a record's facts is no longer as it was: [old, new] by name."""
    return {name: [before.get(name), new] for name, new in after.items() if before.get(name) != new}


TRIES = 5
_SECRET = frozenset({"code", "drawing"})
"""Inputs that prove a person and are never written down."""


def write_note(
    *,
    actor: Actor,
    subject_type: str,
    subject_id: UUID,
    step: str,
    changes: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
    region: int | None = None,
    industry_bit: int | None = None,
    enterprise_id: UUID | None = None,
) -> Entry:
    """The entry of an act on a record that has no flow (a person, a post, a setting, an import)."""
    with scope.elevated("a note's number counts the notes its writer may not see"):
        for more in reversed(range(TRIES)):
            last = Entry.objects.filter(subject_id=subject_id).aggregate(last=Max("version"))["last"] or 0
            try:
                with transaction.atomic():
                    return _write(
                        actor=actor,
                        at=clock.now(),
                        subject_type=subject_type,
                        subject_id=subject_id,
                        version=last + 1,
                        step=step,
                        label=step,
                        state=[None, None],
                        changes=encode(changes or {}),
                        data=encode(data or {}),
                        files=[],
                        basis="",
                        digest=None,
                        previous=_leaf_of(subject_id, last) if last else None,
                        region=region,
                        industry_bit=industry_bit,
                        enterprise_id=enterprise_id,
                    )
            except IntegrityError:  # somebody else wrote a note on the same record at the same time
                if not more:
                    raise Conflict(
                        _("Others are changing the same record just now. Try again in a moment."), code="ledger.busy"
                    ) from None
    raise AssertionError("unreachable")


def _write(
    *,
    actor: Actor,
    at: datetime,
    subject_type: str,
    subject_id: UUID,
    version: int,
    step: str,
    label: str,
    state: list[str | None],
    changes: dict[str, Any],
    data: dict[str, Any],
    files: list[str],
    basis: str,
    digest: str | None,
    previous: bytes | None,
    region: int | None,
    industry_bit: int | None,
    enterprise_id: UUID | None,
) -> Entry:
    entry_id = new_id()
    body = canonical.dumps(
        {
            "v": 1,
            "id": str(entry_id),
            "subject": {"type": subject_type, "id": str(subject_id)},
            "version": version,
            "step": step,
            "label": label,
            "actor": _who(actor),
            "at": canonical.timestamp(at),
            "client_at": encode(actor.client_at),
            "from": {"ip": actor.ip} if actor.ip and not actor.veiled else None,
            "state": state,
            "changes": changes,
            "data": data,
            "files": sorted(files),
            "basis": basis,
            "digest": digest,
            "prev": previous.hex() if previous else None,
        }
    )
    columns: dict[str, Any] = {
        "id": entry_id,
        "at": at,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "version": version,
        "step": step,
        "person_id": None if actor.veiled else actor.person,
        "post_id": None if actor.veiled else actor.post,
        "actor_name": "" if actor.veiled else actor.name,
        "region": region,
        "industry_bit": industry_bit,
        "enterprise_id": enterprise_id,
        "body": body,
        "leaf": b"",  # made by the database
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, list(columns.values()))
    return Entry(**columns)


def _who(actor: Actor) -> dict[str, Any]:
    """A citizen is not named: anybody who reads the record reads its entries."""
    if actor.veiled:
        return {"person": None, "name": "", "post": None, "post_label": "", "role": actor.role}
    return {
        "person": encode(actor.person),
        "name": actor.name,
        "post": encode(actor.post),
        "post_label": actor.post_label,
        "role": actor.role,
    }


# Plain SQL where every step of everybody passes: the ORM would spend longer on making it than PostgreSQL on doing it.
_INSERT = (
    "INSERT INTO kernel_entry (id, at, subject_type, subject_id, version, step, person_id, post_id, actor_name, region,"
    " industry_bit, enterprise_id, body, leaf) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def _leaf_of(subject_id: UUID, version: int) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT leaf FROM kernel_entry WHERE subject_id = %s AND version = %s", [subject_id, version])
        row = cursor.fetchone()
    return bytes(row[0]) if row else None
