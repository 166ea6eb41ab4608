"""
Public words of an instrument that is meant for all: proposed from its fields, decided by a person, looked over by the machine.

What is stored is what anybody reads: telephone and identity numbers are blanked, and natural persons whom the records know are named by
their family name alone, whatever the person who published it overlooked.
"""

import secrets
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from anlan.enforcement.kinds import Field, Kind
from anlan.enforcement.models import Instrument, Publication, Service
from anlan.enforcement.rulings import kind_of
from anlan.enforcement.values import said
from anlan.kernel import clock, scope
from anlan.kernel.ids import new_id
from anlan.registry.models import Enterprise

TOLD = ("text", "prose", "date", "choice")
"""Types of fields whose words are proposed; lists of people and sums are not."""
WITHHELD = frozenset({"contact", "medium", "publish_on", "feedback"})
"""Fields that speak to the addressee alone."""
LONGEST_NAME = 4
"""Characters of a natural person's name; longer ones are firms."""


def proposed(record: Instrument) -> str:
    """What its fields say, for a person to shorten and mend."""
    kind = kind_of(record)
    lines = (
        f"{one.zh}：{said(one, record.fields.get(one.code))}"
        for one in kind.fields
        if one.type in TOLD and one.code not in WITHHELD and record.fields.get(one.code)
    )
    return "\n".join(lines)


def publish(record: Instrument, words: str) -> Publication:
    names = people_of(record)
    sheet = record.issued
    return Publication.objects.create(
        id=new_id(),
        code=secrets.token_hex(6),
        kind=record.kind,
        number=record.number,
        title=_veiled(str(sheet.get("title") or kind_of(record).zh), names)[:200],
        organ=str(sheet.get("organ", "")),
        addressee=_veiled(record.addressee, names),
        region=record.county,
        words=_veiled(words, names),
        issued_on=record.issued_on or clock.today(),
        published_at=clock.now(),
    )


def retract(publication: UUID, why: str) -> None:
    """Its address stays and says why; its words are gone."""
    Publication.objects.filter(pk=publication, retracted_at=None).update(
        retracted_at=clock.now(), retracted_why=_veiled(why, ())[:300], words=""
    )


def people_of(record: Instrument) -> frozenset[str]:
    """Natural persons that the records behind it know by name."""
    kind = kind_of(record)
    found = {record.received_by, record.drafter_name, record.reviewer_name, record.approver_name}
    found |= set(_named(kind, record))
    with scope.elevated("whose names a public page must not show"):
        found |= set(Service.objects.filter(instrument=record).values_list("receiver", flat=True))
        firm = Enterprise.objects.filter(pk=record.enterprise_id).first() if record.enterprise_id else None
    if firm is not None:
        found |= {firm.principal_name, firm.safety_manager_name}
    return frozenset(one.strip() for one in found if 2 <= len(one.strip()) <= LONGEST_NAME)


def _named(kind: Kind, record: Instrument) -> Iterable[str]:
    for field in kind.fields:
        if field.type == "person":
            yield str(record.fields.get(field.code) or "")
        for row in record.fields.get(field.code) or () if field.columns else ():
            yield from (str(row.get(one.code) or "") for one in field.columns if _person(one))


def _person(column: Field) -> bool:
    return column.type == "person"


def _veiled(text: str, names: Iterable[str]) -> str:
    """The longest name first: one may be the beginning of another."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, f"{name[0]}{'某' * (len(name) - 1)}")
    return blanked(text)


def blanked(text: str) -> str:
    """The plaza's own blanking of telephone and identity numbers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT anlan_plaza_words(%s)", [text])
        return str(cursor.fetchone()[0])
