"""Experts and officers' certificates for programs."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from anlan.experts import actions, needs, queries
from anlan.experts.pages.common import reader_of
from anlan.experts.schemas import (
    CertificateOut,
    CertificatePage,
    CertificatesQuestion,
    ExpertOut,
    ExpertPage,
    ExpertsQuestion,
    certificate_out,
    expert_out,
)

router = Router(tags=["experts"])


@router.get("experts", response=ExpertPage, operation_id="experts", summary="The expert pool of my territory, by name")
def list_experts(request: HttpRequest, asked: Query[ExpertsQuestion]) -> ExpertPage:
    found = queries.experts(reader_of(request), **asked.model_dump())
    return ExpertPage(items=[expert_out(row) for row in found.rows], next=found.next)


@router.post("experts", response={201: ExpertOut}, operation_id="add_expert", summary="Add an expert to the pool")
def add_expert(request: HttpRequest, data: needs.ExpertFacts) -> Status[ExpertOut]:
    return Status(201, expert_out(actions.add_expert(actor=reader_of(request), data=data)))


@router.get("experts/{uuid:expert}", response=ExpertOut, operation_id="expert", summary="One expert")
def read_expert(request: HttpRequest, expert: UUID) -> ExpertOut:
    reader_of(request)
    return expert_out(queries.expert(expert))


@router.get("certificates", response=CertificatePage, operation_id="certificates", summary="Officers' certificates")
def list_certificates(request: HttpRequest, asked: Query[CertificatesQuestion]) -> CertificatePage:
    found = queries.certificates(reader_of(request), **asked.model_dump())
    return CertificatePage(items=[certificate_out(row) for row in found.rows], next=found.next)


@router.post(
    "certificates", response={201: CertificateOut}, operation_id="add_certificate", summary="Register a certificate"
)
def add_certificate(request: HttpRequest, data: needs.CertificateFacts) -> Status[CertificateOut]:
    return Status(201, certificate_out(actions.add_certificate(actor=reader_of(request), data=data)))
