"""Risk points for programs: the same verbs as the pages."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Status

from anlan.identity.asking import reader_of
from anlan.kernel.api import as_day_if_any, cursor, read_cursor
from anlan.kernel.errors import Invalid
from anlan.kernel.inputs import without_id
from anlan.risks import actions, needs, queries
from anlan.risks.change_api import router
from anlan.risks.queries import COUNTED
from anlan.risks.schemas import (
    AssessmentFacts,
    ControlFacts,
    NewAssessment,
    NewControl,
    NewRiskPoint,
    NewSource,
    RiskPointFacts,
    RiskPointPage,
    RiskPointsQuestion,
    SourceFacts,
    assessment_of,
    control_of,
    facts_of,
    row_of,
    source_of,
)

__all__ = ["router"]


def _facts(point: UUID) -> RiskPointFacts:
    return facts_of(queries.detail_of(queries.point(point)))


@router.get("risk-points", response=RiskPointPage, operation_id="risk_points", summary="List risk points")
def list_points(request: HttpRequest, asked: Query[RiskPointsQuestion]) -> RiskPointPage:
    """Newest first; only those this post may see. Pages by cursor."""
    actor, filters = reader_of(request), asked.filters
    after = read_cursor(asked.cursor, as_day_if_any, UUID) if asked.cursor else None
    if after and filters.overdue and after[0] is None:
        raise Invalid(fields={"cursor": [_("This is not a place in this list. Begin again without it.")]})
    page = queries.points(actor, filters, after=(after[0], after[1]) if after else None, limit=asked.limit)
    count = queries.count_points(actor, filters)
    return RiskPointPage(
        items=[row_of(row) for row in page.rows],
        next=cursor(*page.after) if page.after else None,
        count=min(count, COUNTED),
        count_is_exact=count <= COUNTED,
    )


@router.post(
    "risk-points", response={201: RiskPointFacts}, operation_id="risk_point_register", summary="Register a risk point"
)
def register(request: HttpRequest, data: NewRiskPoint) -> Status[RiskPointFacts]:
    """By the enterprise itself, or the office or regulator of its territory and field."""
    given = without_id(needs.Point, data)
    made = actions.register_point(actor=reader_of(request), data=given, id=data.id)
    return Status(201, _facts(made.pk))


@router.get("risk-points/{uuid:point_id}", response=RiskPointFacts, operation_id="risk_point", summary="One risk point")
def get_point(request: HttpRequest, point_id: UUID, response: HttpResponse) -> RiskPointFacts:
    """With its sources, all their assessments, and what holds them."""
    reader_of(request)
    found = _facts(point_id)
    response["ETag"] = f'"{found.version}"'
    return found


@router.post(
    "risk-points/{uuid:point_id}/sources",
    response={201: SourceFacts},
    operation_id="risk_source_add",
    summary="Add a source",
)
def add_source(request: HttpRequest, point_id: UUID, data: NewSource) -> Status[SourceFacts]:
    given = without_id(needs.Source, data)
    made = actions.add_source(actor=reader_of(request), point=point_id, data=given, id=data.id)
    detail = queries.detail_of(queries.point(point_id))
    return Status(201, source_of(next(one for one in detail.sources if one.source.pk == made.pk)))


@router.post(
    "risk-sources/{uuid:source_id}/assessments",
    response={201: AssessmentFacts},
    operation_id="risk_assess",
    summary="Assess a source",
)
def assess(request: HttpRequest, source_id: UUID, data: NewAssessment) -> Status[AssessmentFacts]:
    """Score and colour are worked out by the rules in force where the point lies; source and point follow at once."""
    given = without_id(needs.Assess, data)
    return Status(
        201, assessment_of(actions.assess(actor=reader_of(request), source=source_id, data=given, id=data.id))
    )


@router.post(
    "risk-sources/{uuid:source_id}/controls",
    response={201: ControlFacts},
    operation_id="risk_control_add",
    summary="Add a control",
)
def add_control(request: HttpRequest, source_id: UUID, data: NewControl) -> Status[ControlFacts]:
    given = without_id(needs.Control, data)
    return Status(
        201, control_of(actions.add_control(actor=reader_of(request), source=source_id, data=given, id=data.id))
    )
