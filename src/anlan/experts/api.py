"""Experts, their groups and absences, officers' certificates and avoidances for programs: the same verbs as the pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from anlan.experts import actions, queries
from anlan.experts.pages.common import reader_of
from anlan.experts.schemas import (
    AbsenceOut,
    AvoidanceOut,
    AvoidancePage,
    CertificateOut,
    CertificatePage,
    CertificatesQuestion,
    Ending,
    ExpertFactsOut,
    ExpertOut,
    ExpertPage,
    ExpertPatch,
    ExpertsQuestion,
    GroupList,
    GroupOut,
    GroupPatch,
    NewAbsence,
    NewAvoidance,
    NewCertificate,
    NewExpert,
    NewGroup,
    PageQuestion,
    absence_out,
    avoidance_out,
    certificate_out,
    expert_facts,
    expert_input,
    expert_out,
    group_input,
    group_out,
)

router = Router(tags=["experts"])


@router.get("experts", response=ExpertPage, operation_id="experts", summary="The expert pool of my territory, by name")
def list_experts(request: HttpRequest, asked: Query[ExpertsQuestion]) -> ExpertPage:
    found = queries.experts(reader_of(request), **asked.model_dump())
    return ExpertPage(items=[expert_out(row) for row in found.rows], next=found.next)


@router.post("experts", response={201: ExpertOut}, operation_id="add_expert", summary="Add an expert to the pool")
def add_expert(request: HttpRequest, data: NewExpert) -> Status[ExpertOut]:
    """By the committee office that keeps the entry; the region lies in its territory."""
    return Status(201, expert_out(actions.add_expert(actor=reader_of(request), data=data)))


@router.get("experts/{uuid:expert}", response=ExpertFactsOut, operation_id="expert", summary="One expert")
def read_expert(request: HttpRequest, expert: UUID) -> ExpertFactsOut:
    """With groups and the days on which they cannot come."""
    reader_of(request)
    return expert_facts(queries.expert(expert))


@router.patch("experts/{uuid:expert}", response=ExpertOut, operation_id="edit_expert", summary="Change an expert")
def edit_expert(request: HttpRequest, expert: UUID, data: ExpertPatch) -> ExpertOut:
    """Fields that are absent stay as they are. `until` is the last day in the pool; the record stays."""
    actor = reader_of(request)
    whole = expert_input(queries.expert(expert, held=True)) | data.model_dump(exclude_unset=True)
    return expert_out(actions.edit_expert(actor=actor, expert=expert, data=whole))


@router.post(
    "experts/{uuid:expert}/absences",
    response={201: AbsenceOut},
    operation_id="note_absence",
    summary="Note that an expert cannot come",
)
def note_absence(request: HttpRequest, expert: UUID, data: NewAbsence) -> Status[AbsenceOut]:
    """By the office, or by the expert. Both days are included."""
    return Status(201, absence_out(actions.note_absence(actor=reader_of(request), expert=expert, data=data)))


@router.post(
    "absences/{uuid:absence_id}/over", response=ExpertFactsOut, operation_id="end_absence", summary="Take an absence back"
)  # fmt: skip
def end_absence(request: HttpRequest, absence_id: UUID) -> ExpertFactsOut:
    """The expert can come after all; the ledger keeps both."""
    actor = reader_of(request)
    expert = queries.expert_of_absence(absence_id)
    actions.end_absence(actor=actor, absence=absence_id)
    return expert_facts(queries.expert(expert))


@router.get("expert-groups", response=GroupList, operation_id="expert_groups", summary="Groups of experts")
def list_groups(request: HttpRequest) -> GroupList:
    """Of the post's territory; those in use first."""
    return GroupList(items=[group_out(row) for row in queries.groups(reader_of(request))])


@router.post("expert-groups", response={201: GroupOut}, operation_id="add_group", summary="Make a group of experts")
def add_group(request: HttpRequest, data: NewGroup) -> Status[GroupOut]:
    """The leader is one of the members; what none of them knows, the group does not know."""
    return Status(201, _group(actions.keep_group(actor=reader_of(request), data=data).pk))


@router.get("expert-groups/{uuid:group_id}", response=GroupOut, operation_id="expert_group", summary="One group")
def read_group(request: HttpRequest, group_id: UUID) -> GroupOut:
    reader_of(request)
    return _group(group_id)


@router.patch("expert-groups/{uuid:group_id}", response=GroupOut, operation_id="edit_group", summary="Change a group")
def edit_group(request: HttpRequest, group_id: UUID, data: GroupPatch) -> GroupOut:
    """Fields that are absent stay as they are; `members` is the whole list."""
    actor = reader_of(request)
    whole = group_input(queries.group(group_id, held=True)) | data.model_dump(exclude_unset=True)
    return _group(actions.keep_group(actor=actor, data=whole, group=group_id).pk)


def _group(group: UUID) -> GroupOut:
    return group_out(queries.group(group))


@router.get("certificates", response=CertificatePage, operation_id="certificates", summary="Officers' certificates")
def list_certificates(request: HttpRequest, asked: Query[CertificatesQuestion]) -> CertificatePage:
    found = queries.certificates(reader_of(request), **asked.model_dump())
    return CertificatePage(items=[certificate_out(row) for row in found.rows], next=found.next)


@router.post(
    "certificates", response={201: CertificateOut}, operation_id="add_certificate", summary="Register a certificate"
)
def add_certificate(request: HttpRequest, data: NewCertificate) -> Status[CertificateOut]:
    """Of an officer of the territory; without `until` it holds on."""
    return Status(201, certificate_out(actions.add_certificate(actor=reader_of(request), data=data)))


@router.post(
    "certificates/{uuid:certificate_id}/end",
    response=CertificateOut,
    operation_id="end_certificate",
    summary="End a certificate",
)
def end_certificate(request: HttpRequest, certificate_id: UUID, data: Ending) -> CertificateOut:
    """From the day after the last one its holder no longer counts among the two officers of an inspection."""
    asked: dict[str, Any] = data.model_dump()
    return certificate_out(actions.end_certificate(actor=reader_of(request), certificate=certificate_id, **asked))


@router.get("avoidances", response=AvoidancePage, operation_id="avoidances", summary="Whom somebody must not check")
def list_avoidances(request: HttpRequest, asked: Query[PageQuestion]) -> AvoidancePage:
    """Of the post's territory, and one's own; the latest first."""
    found = queries.avoidances(reader_of(request), after=asked.after)
    return AvoidancePage(items=[avoidance_out(row) for row in found.rows], next=found.next)


@router.post(
    "avoidances", response={201: AvoidanceOut}, operation_id="declare_avoidance", summary="Declare an avoidance"
)
def declare_avoidance(request: HttpRequest, data: NewAvoidance) -> Status[AvoidanceOut]:
    """By the office or the regulator for an officer or expert of theirs, or by the person for themselves."""
    return Status(201, avoidance_out(actions.declare_avoidance(actor=reader_of(request), data=data)))


@router.post(
    "avoidances/{uuid:avoidance_id}/end",
    response=AvoidanceOut,
    operation_id="end_avoidance",
    summary="End an avoidance",
)
def end_avoidance(request: HttpRequest, avoidance_id: UUID, data: Ending) -> AvoidanceOut:
    """It is only ever made shorter, and nobody lifts their own."""
    asked: dict[str, Any] = data.model_dump()
    return avoidance_out(actions.end_avoidance(actor=reader_of(request), avoidance=avoidance_id, **asked))
