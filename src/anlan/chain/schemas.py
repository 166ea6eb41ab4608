"""The JSON shapes of the chain."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from anlan.chain.models import Duty
from anlan.chain.needs import DutyInput, HandOver, Kind, Part
from anlan.chain.queries import DutyFilters, Fault, holder_words, title_words
from anlan.kernel.api import MOST, CursorText, Output, Question, example
from anlan.kernel.inputs import Code
from anlan.registry.inputs import RegionCode


class DutyFacts(Output):
    """Who has which duty where, and on which days. Without `valid_to` it runs on."""

    id: UUID
    kind: Kind
    part: Part
    region: int
    industry: str | None
    matter: str
    organisation: UUID | None
    organisation_name: str
    post: UUID | None
    person: str
    title: str
    phone: str
    basis: str
    evidence: str = Field(description="Empty for what an office said itself; K for defaults to be confirmed.")
    valid_from: date
    valid_to: date | None


class DutyPage(Output):
    items: list[DutyFacts]
    next: str | None


class DutiesQuestion(Question):
    region: RegionCode | None = Field(default=None, description="With all below it.")
    kind: Kind | None = None
    part: Part | None = None
    industry: Code = ""
    when: Literal["now", "ended", "coming", "all"] = "now"
    q: Annotated[str, Field(max_length=60)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""

    @property
    def filters(self) -> DutyFilters:
        return DutyFilters(
            words=self.q.strip(),
            region=self.region,
            kind=self.kind or "",
            part=self.part or "",
            industry=self.industry,
            when="" if self.when == "all" else self.when,
        )


class NewDuty(DutyInput):
    """A duty as the committee office gives it. Days are included; without a first day it begins today."""

    model_config = example(
        kind="sector", part="leader", region=141002000000, industry="gongmao", person_name="王某", title="副区长",
        basis="尧都区安委会〔2026〕3号", valid_from="2026-03-01",
    )  # fmt: skip
    id: UUID | None = Field(default=None, description="Made by the client, so that a retry is the same record.")


class NewHandOver(HandOver):
    """Who leaves and who takes over: each a post, or the name of somebody without an account."""

    model_config = example(from_name="王某", to_name="刘某", title="副区长", since="2026-09-01", reason="工作调整")


class HandedOver(Output):
    """The successor's duties."""

    items: list[DutyFacts]


class CheckQuestion(Question):
    region: RegionCode | None = Field(
        default=None, description="With all below it; the post's own territory otherwise."
    )
    limit: Annotated[int, Field(ge=1, le=2000)] = 500


class FaultFacts(Output):
    """One thing the checker found, the rows that cause it, and the ground of the expectation."""

    name: str
    words: str
    group: str
    severity: int = Field(description="1 nobody answers, 2 not clear who answers, 3 to be put in order.")
    region: int
    industry_bit: int | None
    kind: str
    part: str
    matter: str
    duties: list[UUID]
    enterprises: int = Field(description="How many enterprises it concerns; 0 for faults of duties.")
    basis: str
    evidence: str


class CheckResult(Output):
    """`counts` is of all; `items` are the gravest first, up to `limit`."""

    counts: dict[str, int]
    total: int
    items: list[FaultFacts]


class ChainFacts(Output):
    kind: str
    part: str
    region: int | None
    matter: str
    organisation: str
    title: str
    person: str
    phone: str = Field(description="Told to officials alone.")
    basis: str
    evidence: str
    duty: UUID | None
    vacant: bool
    missing: bool


class ChainList(Output):
    items: list[ChainFacts]


def facts_of(one: Duty) -> DutyFacts:
    return DutyFacts(
        id=one.pk,
        kind=one.kind,
        part=one.part,
        region=one.region,
        industry=one.industry_id,
        matter=one.matter,
        organisation=one.organisation_id,
        organisation_name=one.organisation.name if one.organisation else "",
        post=one.post_id,
        person=holder_words(one),
        title=title_words(one),
        phone=one.phone,
        basis=one.basis,
        evidence=one.evidence,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
    )


def fault_of(one: Fault) -> FaultFacts:
    known = one.check
    return FaultFacts(
        name=one.name,
        words=str(known.words),
        group=known.group,
        severity=known.severity,
        region=one.region,
        industry_bit=one.industry_bit,
        kind=one.slot,
        part=one.part,
        matter=one.matter,
        duties=list(one.duties),
        enterprises=one.enterprises,
        basis=known.basis,
        evidence=known.evidence,
    )


def link_of(link: dict[str, Any], *, official: bool) -> ChainFacts:
    return ChainFacts(**(link if official or link["kind"] == "principal" else link | {"phone": ""}))
