"""The JSON shapes of the pool."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from anlan.experts.models import Certificate, Expert
from anlan.experts.rules import bits_of
from anlan.kernel.api import CursorText, Output, Question


class ExpertOut(Output):
    """One expert. `fields` are bits of supervision fields, none means all; phone numbers are not told here."""

    id: UUID
    name: str
    level: str
    region: int
    fields: list[int]
    specialties: list[str]
    title: str
    employer: str
    since: date
    until: date | None


class ExpertPage(Output):
    items: list[ExpertOut]
    next: str | None


class ExpertsQuestion(Question):
    q: Annotated[str, Field(max_length=60)] = ""
    level: Annotated[str, Field(max_length=10)] = ""
    specialty: Annotated[str, Field(max_length=30)] = ""
    free_on: date | None = Field(default=None, description="Only those in the pool and not absent that day.")
    after: CursorText = ""


class CertificateOut(Output):
    id: UUID
    person: UUID
    number: str
    issuer: str
    fields: list[int]
    valid_from: date
    valid_to: date | None


class CertificatePage(Output):
    items: list[CertificateOut]
    next: str | None


class CertificatesQuestion(Question):
    q: Annotated[str, Field(max_length=60)] = ""
    after: CursorText = ""


def expert_out(row: Expert) -> ExpertOut:
    same = ("name", "level", "region", "specialties", "title", "employer", "since", "until")
    return ExpertOut(id=row.pk, fields=bits_of(row.industries), **{name: getattr(row, name) for name in same})


def certificate_out(row: Certificate) -> CertificateOut:
    same = ("number", "issuer", "valid_from", "valid_to")
    return CertificateOut(
        id=row.pk, person=row.person_id, fields=bits_of(row.industries), **{name: getattr(row, name) for name in same}
    )
