"""The JSON shapes of the registry."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from anlan.kernel.api import MOST, CursorText, Output, Question, partial
from anlan.kernel.inputs import Code
from anlan.registry.inputs import Contacts, EnterpriseInput, Facilities, Grade, Input, RegionCode, Scale, SiteInput
from anlan.registry.models import Enterprise, Industry, Placed, Site
from anlan.registry.queries import Filters

Status = Literal["active", "suspended", "closed"]


class PointFacts(Output):
    """WGS 84 degrees, and the pair as it was given in its own system."""

    lon: float
    lat: float
    original_lon: float
    original_lat: float
    original_system: Literal["wgs84", "gcj02", "bd09"]


class EnterpriseRow(Output):
    id: UUID
    uscc: str = Field(description="Unified social credit code (GB 32100-2015).")
    name: str
    region: int
    industry: str
    status: Status
    address: str


class EnterpriseFacts(EnterpriseRow):
    principal_name: str
    principal_phone: str
    safety_manager_name: str
    safety_manager_phone: str
    employees: int | None
    scale: str
    grade: str = Field(description="Of supervision, A to D; empty: not graded.")
    facilities: list[str] = Field(description="Codes of equipment, processes and places.")
    point: PointFacts | None
    created_at: datetime
    changed_at: datetime


class EnterprisePage(Output):
    items: list[EnterpriseRow]
    next: str | None


class SiteFacts(Output):
    id: UUID
    enterprise: UUID
    name: str
    address: str
    region: int
    point: PointFacts | None


class SiteList(Output):
    items: list[SiteFacts]


class IndustryFacts(Output):
    """A supervision field. `bit` is its place in industry masks, `criteria` the lists that may apply in it."""

    code: str
    zh: str
    en: str
    bit: int
    department: str
    criteria: list[str]
    evidence: str


class IndustryList(Output):
    items: list[IndustryFacts]


class EnterpriseQuestion(Question):
    q: Annotated[str, Field(max_length=100)] = Field(
        default="", description="Words of the name, or the beginning of a credit code."
    )
    region: RegionCode | None = Field(default=None, description="With all below it.")
    industry: Code = ""
    status: Status | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""

    @property
    def filters(self) -> Filters:
        return Filters(words=self.q.strip(), region=self.region, industry=self.industry, status=self.status or "")


class NewEnterprise(EnterpriseInput):
    """An enterprise as its territory or industry registers it."""


class EnterpriseChange(Contacts):
    """Fields that are absent stay as they are. Posts of the enterprise may send its contacts alone."""

    name: str | None = None
    uscc: str | None = None
    region: int | None = None
    industry: str | None = None
    address: str | None = None
    scale: Scale | None = None
    grade: Grade | None = None
    facilities: Facilities | None = None
    status: Literal["active", "suspended"] | None = None
    lon: Decimal | None = None
    lat: Decimal | None = None
    system: Literal["wgs84", "gcj02", "bd09"] | None = None


class Closing(Input):
    reason: Annotated[str, Field(min_length=2, max_length=300)]


class NewSite(SiteInput):
    """A place of the enterprise."""


SitePatch: Any = partial(SiteInput, "SitePatch", "What changes of a site; fields that are absent stay as they are.")


def point_of(record: Placed) -> PointFacts | None:
    if record.lon is None or record.lat is None or record.original_lon is None or record.original_lat is None:
        return None
    return PointFacts(
        lon=float(record.lon),
        lat=float(record.lat),
        original_lon=float(record.original_lon),
        original_lat=float(record.original_lat),
        original_system=record.original_system,
    )


def row_of(record: Enterprise) -> EnterpriseRow:
    return EnterpriseRow(
        id=record.pk,
        uscc=record.uscc,
        name=record.name,
        region=record.region,
        industry=record.industry_id,
        status=record.status,
        address=record.address,
    )


def facts_of(record: Enterprise) -> EnterpriseFacts:
    return EnterpriseFacts(
        **row_of(record).model_dump(),
        principal_name=record.principal_name,
        principal_phone=record.principal_phone,
        safety_manager_name=record.safety_manager_name,
        safety_manager_phone=record.safety_manager_phone,
        employees=record.employees,
        scale=record.scale,
        grade=record.grade,
        facilities=record.facilities,
        point=point_of(record),
        created_at=record.created_at,
        changed_at=record.changed_at,
    )


def site_of(record: Site) -> SiteFacts:
    return SiteFacts(
        id=record.pk,
        enterprise=record.enterprise_id,
        name=record.name,
        address=record.address,
        region=record.region,
        point=point_of(record),
    )


def industry_of(record: Industry) -> IndustryFacts:
    return IndustryFacts(
        code=record.code,
        zh=record.zh,
        en=record.en,
        bit=record.bit,
        department=record.department,
        criteria=record.criteria,
        evidence=record.evidence,
    )
