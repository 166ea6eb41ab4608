"""The JSON shapes of the pool."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from anlan.experts import needs
from anlan.experts.models import Absence, Avoidance, Certificate, Expert, ExpertGroup
from anlan.experts.rules import bits_of
from anlan.kernel.api import CursorText, Output, Question, example, partial


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


class AbsenceOut(Output):
    """Days on which an expert cannot come, both included."""

    id: UUID
    first: date
    last: date
    reason: str


class ExpertFactsOut(ExpertOut):
    person: UUID | None = Field(description="The account, when there is one.")
    groups: list[UUID]
    absences: list[AbsenceOut]


class NewExpert(needs.ExpertFacts):
    """`fields` are bits of supervision fields, none means all; `specialties` are codes of kinds of facility and process."""

    model_config = example(
        name="陈某", level="city", region=141000000000, fields=[0], specialties=["dust"], title="高级工程师",
        employer="市冶金设计院", since="2026-01-01",
    )  # fmt: skip


ExpertPatch: Any = partial(
    needs.ExpertFacts, "ExpertPatch", "What changes of an expert; fields that are absent stay as they are."
)


class NewAbsence(needs.AbsenceFacts):
    """Both days are included."""

    model_config = example(first="2026-12-01", last="2026-12-05", reason="外出授课")


class GroupOut(Output):
    """Experts who go out together."""

    id: UUID
    name: str
    region: int
    fields: list[int] = Field(description="Bits of the supervision fields its members know; none means all.")
    leader: UUID | None
    members: list[UUID]
    active: bool


class GroupList(Output):
    items: list[GroupOut]


class NewGroup(needs.GroupFacts):
    """One to forty members, each an expert of the pool."""


GroupPatch: Any = partial(
    needs.GroupFacts, "GroupPatch", "What changes of a group; fields that are absent stay as they are."
)


class PageQuestion(Question):
    after: CursorText = ""


class AvoidanceOut(Output):
    """Why somebody must not check an enterprise, from one day to another, both included."""

    id: UUID
    person: UUID
    enterprise: UUID
    kind: Literal["kin", "employed", "holding", "declared", "other"]
    reason: str
    since: date
    until: date | None


class AvoidancePage(Output):
    items: list[AvoidanceOut]
    next: str | None


class NewAvoidance(needs.AvoidanceFacts):
    """Without `until` it holds until it is ended."""


class Ending(needs.Why):
    """The last day on which it holds, and why."""

    model_config = example(last="2026-12-31", reason="证件到期换发")
    last: date = Field(description="The last day, included.")


class NewCertificate(needs.CertificateFacts):
    """`fields` are bits of supervision fields, none means all."""


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


def expert_facts(row: Expert) -> ExpertFactsOut:
    return ExpertFactsOut(
        **expert_out(row).model_dump(),
        person=row.person_id,
        groups=[one.pk for one in row.groups.all()],
        absences=[absence_out(one) for one in sorted(row.absences.all(), key=lambda one: (one.first, one.pk))],
    )


def expert_input(row: Expert) -> dict[str, Any]:
    """An expert in the words of the input, so that a partial change is judged as a whole."""
    same = ("name", "level", "region", "specialties", "title", "employer", "phone", "since", "until", "remark")
    return {name: getattr(row, name) for name in same} | {"fields": bits_of(row.industries), "person": row.person_id}


def absence_out(row: Absence) -> AbsenceOut:
    return AbsenceOut(id=row.pk, first=row.first, last=row.last, reason=row.reason)


def group_out(row: ExpertGroup) -> GroupOut:
    members = sorted(one.pk for one in row.members.all())
    return GroupOut(
        id=row.pk, name=row.name, region=row.region, fields=bits_of(row.industries), leader=row.leader_id,
        members=members, active=row.active,
    )  # fmt: skip


def group_input(row: ExpertGroup) -> dict[str, Any]:
    return group_out(row).model_dump(exclude={"id", "fields"})


def avoidance_out(row: Avoidance) -> AvoidanceOut:
    same = ("kind", "reason", "since", "until")
    return AvoidanceOut(
        id=row.pk, person=row.person_id, enterprise=row.enterprise_id, **{name: getattr(row, name) for name in same}
    )


def certificate_out(row: Certificate) -> CertificateOut:
    same = ("number", "issuer", "valid_from", "valid_to")
    return CertificateOut(
        id=row.pk, person=row.person_id, fields=bits_of(row.industries), **{name: getattr(row, name) for name in same}
    )
