"""Risk points changed and retired by programs, their units, and what workers reported: the same verbs as the pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from anlan.identity.asking import reader_of
from anlan.kernel.api import IF_MATCH, if_match
from anlan.registry.queries import enterprise as enterprise_of
from anlan.risks import actions, queries
from anlan.risks.models import RiskUnit
from anlan.risks.schemas import (
    ControlFacts,
    ControlPatch,
    ReportAnswer,
    Retiring,
    RiskPointFacts,
    RiskPointPatch,
    SourcePatch,
    UnitFacts,
    UnitList,
    UnitName,
    WorkerReportFacts,
    WorkerReportList,
    control_of,
    facts_of,
    report_of,
    unit_of,
)

router = Router(tags=["risks"])
"""Of the whole room: all methods of one path must stand on one router."""


def _facts(point: UUID, response: HttpResponse | None = None) -> RiskPointFacts:
    found = facts_of(queries.detail_of(queries.point(point)))
    if response is not None:
        response["ETag"] = f'"{found.version}"'
    return found


def _sent(data: Any) -> dict[str, Any]:
    sent: dict[str, Any] = data.model_dump(exclude_unset=True)
    return sent


@router.patch(
    "risk-points/{uuid:point_id}",
    response=RiskPointFacts,
    operation_id="risk_point_edit",
    summary="Change a risk point",
    openapi_extra={"parameters": [IF_MATCH]},
)
def edit(request: HttpRequest, point_id: UUID, response: HttpResponse, data: RiskPointPatch) -> RiskPointFacts:
    """Fields that are absent stay as they are. Its tier follows when it moves to where other rules are in force."""
    version = if_match(request)
    actions.edit_point(actor=reader_of(request), point=point_id, data=_sent(data), version=version)
    return _facts(point_id, response)


@router.post(
    "risk-points/{uuid:point_id}/retire",
    response=RiskPointFacts,
    operation_id="risk_point_retire",
    summary="Retire a risk point",
)
def retire(request: HttpRequest, point_id: UUID, data: Retiring) -> RiskPointFacts:
    """It is no longer there; its record, assessments and history stay."""
    actions.retire_point(actor=reader_of(request), point=point_id, data=data)
    return _facts(point_id)


@router.patch(
    "risk-sources/{uuid:source_id}", response=RiskPointFacts, operation_id="risk_source_edit", summary="Change a source"
)
def edit_source(request: HttpRequest, source_id: UUID, data: SourcePatch) -> RiskPointFacts:
    """Fields that are absent stay as they are. The whole point is answered; its assessments are never changed."""
    return _facts(actions.edit_source(actor=reader_of(request), source=source_id, data=_sent(data)).point_id)


@router.post(
    "risk-sources/{uuid:source_id}/retire",
    response=RiskPointFacts,
    operation_id="risk_source_retire",
    summary="Retire a source",
)
def retire_source(request: HttpRequest, source_id: UUID, data: Retiring) -> RiskPointFacts:
    """The point is judged by the sources that are left."""
    return _facts(actions.retire_source(actor=reader_of(request), source=source_id, data=data).point_id)


@router.patch(
    "risk-controls/{uuid:control_id}",
    response=ControlFacts,
    operation_id="risk_control_edit",
    summary="Change a control",
)
def edit_control(request: HttpRequest, control_id: UUID, data: ControlPatch) -> ControlFacts:
    """Fields that are absent stay as they are. `holder` is an account of the enterprise, `holder_name` anybody else."""
    return control_of(actions.edit_control(actor=reader_of(request), control=control_id, data=_sent(data)))


@router.post(
    "risk-controls/{uuid:control_id}/retire",
    response=ControlFacts,
    operation_id="risk_control_retire",
    summary="Retire a control",
)
def retire_control(request: HttpRequest, control_id: UUID, data: Retiring) -> ControlFacts:
    """Self-checks no longer ask for it."""
    return control_of(actions.retire_control(actor=reader_of(request), control=control_id, data=data))


@router.get(
    "enterprises/{enterprise_id}/risk-units",
    response=UnitList,
    operation_id="risk_units",
    summary="Risk units of an enterprise",
)
def list_units(request: HttpRequest, enterprise_id: UUID) -> UnitList:
    """By name. A unit comes into being with the first point that names it."""
    reader_of(request)
    return UnitList(items=[unit_of(one) for one in queries.units_of(enterprise_of(enterprise_id).pk)])


@router.post(
    "risk-units/{uuid:unit_id}/rename", response=UnitFacts, operation_id="risk_unit_rename", summary="Rename a risk unit"
)  # fmt: skip
def rename_unit(request: HttpRequest, unit_id: UUID, data: UnitName) -> UnitFacts:
    """All its points stay in it."""
    renamed: RiskUnit = actions.rename_unit(actor=reader_of(request), unit=unit_id, data=data)
    return unit_of(renamed)


@router.get(
    "risk-points/{uuid:point_id}/reports",
    response=WorkerReportList,
    operation_id="worker_reports",
    summary="What workers reported at a risk point",
)
def list_reports(request: HttpRequest, point_id: UUID) -> WorkerReportList:
    """Those that wait first, then the newest, at most 50."""
    reader_of(request)
    return WorkerReportList(items=[report_of(one) for one in queries.reports_of(queries.point(point_id).pk)])


@router.post(
    "worker-reports/{uuid:report_id}/answer",
    response=WorkerReportFacts,
    operation_id="worker_report_answer",
    summary="Answer a worker's report",
)
def answer_report(request: HttpRequest, report_id: UUID, data: ReportAnswer) -> WorkerReportFacts:
    """By the enterprise's own people: why it is no hazard, or what was done at once."""
    return report_of(actions.answer_report(actor=reader_of(request), report=report_id, data=data))
