"""The JSON shapes of risk points."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from anlan.kernel.api import MOST, CursorText, Output, Question, example, partial
from anlan.kernel.inputs import Code, NewId
from anlan.registry.inputs import RegionCode
from anlan.registry.schemas import PointFacts as Position
from anlan.registry.schemas import point_of
from anlan.risks import needs
from anlan.risks.models import Assessment, Control, RiskPoint, RiskUnit, WorkerReport
from anlan.risks.queries import Filters, PointDetail
from anlan.risks.queries.detail import SourceDetail

ColourName = Literal["", "red", "orange", "yellow", "blue"]


class RiskPointsQuestion(Question):
    """The list's filters; the same words as in the address of the list page."""

    q: Annotated[str, Field(max_length=100)] = Field(
        default="", description="Words of the name, or the beginning of a number."
    )
    colour: Literal["", "red", "orange", "yellow", "blue", "none"] = Field(
        default="", description="`none` was never assessed."
    )
    region: RegionCode | None = Field(default=None, description="With all below it.")
    industry: Code = ""
    enterprise: UUID | None = None
    overdue: bool = Field(default=False, description="Due for re-assessment before today; the longest overdue first.")
    retired: bool = False
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""

    @property
    def filters(self) -> Filters:
        return Filters(
            words=self.q.strip(), colour=self.colour, region=self.region, industry=self.industry,
            enterprise=self.enterprise, overdue=self.overdue, retired=self.retired,
        )  # fmt: skip


class RiskPointRow(Output):
    id: UUID
    number: str
    name: str
    kind: Literal["place", "activity"]
    enterprise: UUID
    enterprise_name: str
    unit: str
    place: str
    region: int
    industry: str
    colour: ColourName = Field(description="Of its worst source; empty before the first assessment.")
    tier: str = Field(description="The highest tier that answers for it; every lower one answers too.")
    assessed_on: date | None
    reassess_by: date | None
    active: bool
    version: int


class RiskPointPage(Output):
    items: list[RiskPointRow]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    count: int = Field(description="How many there are, counted up to a bound.")
    count_is_exact: bool


class AssessmentFacts(Output):
    id: UUID
    method: str
    factors: dict[str, str]
    score: str | None
    colour: ColourName
    bands: list[list[str]] = Field(description="Colours from worst to mildest with the score from which each counted.")
    direct_reason: str
    remark: str
    assessed_on: date
    next_by: date | None
    person: str
    at: datetime


class ControlFacts(Output):
    id: UUID
    kind: str
    words: str
    tier: str
    holder: UUID | None
    holder_name: str
    cycle: str


class SourceFacts(Output):
    id: UUID
    name: str
    description: str
    accidents: list[str] = Field(description="Codes of the kinds of accident of GB 6441.")
    colour: ColourName
    reassess_by: date | None
    assessments: list[AssessmentFacts] = Field(description="The newest first; it counts.")
    controls: list[ControlFacts]
    unheld_tiers: list[str] = Field(description="Tiers that answer for its colour and hold no control of it.")


class RiskPointFacts(RiskPointRow):
    site: UUID | None
    point: Position | None
    emergency_phone: str
    emergency_measures: str
    sources: list[SourceFacts]


class NewRiskPoint(needs.Point):
    """A place or an activity with risks. Longitude and latitude are degrees, in the system that is named."""

    model_config = example(
        enterprise="01900000-0000-7000-8000-000000000001", name="1号熔炼炉", kind="place", unit="熔炼车间",
        lon="111.518976", lat="36.088005", system="gcj02", emergency_phone="13800138000",
    )  # fmt: skip
    id: NewId


class NewSource(needs.Source):
    """What may cause harm at a point."""

    id: NewId


class NewAssessment(needs.Assess):
    """The factors of a method (L, S; L, E, C; or M, E, S), or the reason to determine it directly."""

    model_config = example(method="lec", factors={"L": "3", "E": "6", "C": "15"}, remark="年度评估")
    id: NewId


class NewControl(needs.Control):
    """One measure that holds a source."""

    id: NewId


RiskPointPatch: Any = partial(
    needs.PointFacts, "RiskPointPatch", "What changes of a risk point; fields that are absent stay as they are."
)
SourcePatch: Any = partial(
    needs.Source, "SourcePatch", "What changes of a source; fields that are absent stay as they are."
)
ControlPatch: Any = partial(
    needs.Control, "ControlPatch", "What changes of a control; fields that are absent stay as they are."
)


class Retiring(needs.Retire):
    """Why it is no longer there."""

    model_config = example(reason="设备已拆除")


class UnitFacts(Output):
    """A part of an enterprise that its risk points are grouped by."""

    id: UUID
    enterprise: UUID
    name: str


class UnitList(Output):
    items: list[UnitFacts]


class UnitName(needs.Unit):
    model_config = example(name="熔炼一车间")


class WorkerReportFacts(Output):
    """What somebody at the point wrote after scanning its notice."""

    id: UUID
    point: UUID
    state: Literal["waiting", "hazard", "answered"]
    words: str
    name: str
    phone: str
    photo: UUID | None
    at: datetime
    answer: str
    hazard: UUID | None
    hazard_number: str
    settled_by: str
    settled_at: datetime | None


class WorkerReportList(Output):
    items: list[WorkerReportFacts]


class ReportAnswer(needs.Answer):
    """Whoever wrote the report can read it."""

    model_config = example(answer="当班已停机更换防护罩，已复位。")


def unit_of(row: RiskUnit) -> UnitFacts:
    return UnitFacts(id=row.pk, enterprise=row.enterprise_id, name=row.name)


def report_of(row: WorkerReport) -> WorkerReportFacts:
    same = ("state", "words", "name", "phone", "at", "answer", "hazard_number", "settled_by", "settled_at")
    return WorkerReportFacts(
        id=row.pk, point=row.point_id, photo=row.photo_id, hazard=row.hazard_id,
        **{name: getattr(row, name) for name in same},
    )  # fmt: skip


def row_of(row: RiskPoint) -> RiskPointRow:
    return RiskPointRow(
        id=row.pk, number=row.number, name=row.name, kind=row.kind, enterprise=row.enterprise_id,
        enterprise_name=row.enterprise.name, unit=row.unit.name if row.unit else "", place=row.place, region=row.region,
        industry=row.industry_id, colour=row.colour, tier=row.tier, assessed_on=row.assessed_on, reassess_by=row.reassess_by,
        active=row.active, version=row.version,
    )  # fmt: skip


def assessment_of(row: Assessment) -> AssessmentFacts:
    return AssessmentFacts(
        id=row.pk, method=row.method, factors=row.factors, score=None if row.score is None else f"{row.score:f}",
        colour=row.colour, bands=row.bands, direct_reason=row.direct_reason, remark=row.remark,
        assessed_on=row.assessed_on, next_by=row.next_by, person=row.person_name, at=row.at,
    )  # fmt: skip


def control_of(row: Control) -> ControlFacts:
    return ControlFacts(
        id=row.pk, kind=row.kind, words=row.words, tier=row.tier, holder=row.holder_id, holder_name=row.holder_name,
        cycle=row.cycle,
    )  # fmt: skip


def source_of(one: SourceDetail) -> SourceFacts:
    row = one.source
    return SourceFacts(
        id=row.pk, name=row.name, description=row.description, accidents=row.accidents, colour=row.colour,
        reassess_by=row.reassess_by, assessments=[assessment_of(each) for each in one.history],
        controls=[control_of(each) for each in one.controls], unheld_tiers=one.unheld,
    )  # fmt: skip


def facts_of(detail: PointDetail) -> RiskPointFacts:
    row = detail.point
    return RiskPointFacts(
        **row_of(row).model_dump(), site=row.site_id, point=point_of(row), emergency_phone=row.emergency_phone,
        emergency_measures=row.emergency_measures, sources=[source_of(one) for one in detail.sources],
    )  # fmt: skip
