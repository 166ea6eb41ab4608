"""A visit as programs read it: shapes of answers, and how they are made from rows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field

from anlan.inspections.flow import VISIT
from anlan.inspections.grounds import may_know
from anlan.inspections.items import items_of_visit
from anlan.inspections.models import Finding, OnSite, Visit, VisitSignature
from anlan.inspections.queries import visits as queries
from anlan.inspections.queries.field import item_facts
from anlan.inspections.rules import Going, members_of
from anlan.inspections.sheet import standing
from anlan.inspections.steps.recording import counts, missing
from anlan.inspections.wording import check_words, kind_words, reason_words, style_words, taken_on
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.flow.operations import step_offers
from anlan.registry.queries import region_names


class VisitWord(Output):
    """A code with its word in the language asked for."""

    code: str
    label: str


class VisitPlace(Output):
    code: int
    name: str


class VisitEnterprise(Output):
    id: UUID
    name: str


class VisitRow(Output):
    """A visit in a list."""

    id: UUID
    number: str
    state: VisitWord
    version: int
    kind: VisitWord
    check: VisitWord
    style: VisitWord
    reason: VisitWord | None = Field(description="Null for an enterprise, as are the words of it.")
    enterprise: VisitEnterprise
    industry: str
    region: VisitPlace
    organisation: str
    planned_on: date
    planned_to: date | None
    late: bool
    findings: int = Field(description="Not taken back.")


class VisitPage(Output):
    items: list[VisitRow]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    count: int = Field(description="How many there are, counted up to a bound.")
    count_is_exact: bool


class VisitMember(Output):
    person: UUID
    name: str
    role: str
    certificate: str
    organisation: str


class VisitItem(Output):
    id: UUID
    code: str
    group: str
    text: str
    method: str
    evidence_asked: str
    basis: str
    weight: int
    category: str
    major_clause: UUID | None
    checklist: str
    value: str | None = Field(description="The present answer; null while there is none.")
    remark: str
    files: list[UUID]


class VisitFinding(Output):
    id: UUID
    item: UUID | None
    risk_point: UUID | None
    place: str
    category: str
    description: str
    clause: UUID | None
    major: bool
    files: list[UUID]
    lon: Decimal | None
    lat: Decimal | None
    found_at: datetime
    finder: str
    withdrawn: str = Field(description="Why it was taken back; empty when it stands.")
    hazard: UUID | None
    hazard_number: str
    joined: bool


class VisitMeasure(Output):
    id: UUID
    kind: str
    words: str
    people: int | None
    until: date | None
    finding: UUID | None
    name: str
    at: datetime


class VisitSigned(Output):
    party: str
    name: str
    title: str
    refused: bool
    reason: str
    witnesses: str
    at: datetime
    digest: str
    bound: bool = Field(description="Given under the record as it stands now.")
    taken_by: str = Field(description="On whose device it was taken, when that was not the signer's own; else empty.")


class VisitSheet(Output):
    facts: dict[str, Any]
    digest: str = Field(description="SHA-256 of the canonical bytes of `facts`.")


class VisitOffer(Output):
    """One step of the present state as this post sees it."""

    name: str
    label: str
    allowed: bool
    reason: str
    who: str
    consequence: str
    needs: dict[str, Any] = Field(description="JSON schema of what to send.")


class VisitFacts(VisitRow):
    """All facts of one visit, and what this post may do now."""

    state_since: datetime
    due_at: datetime | None
    level: int
    reason_words: str
    basis: str
    campaign: str
    cap_exception: str
    apart: str
    site: UUID | None
    joined: list[str]
    draw: UUID | None
    notified_at: datetime | None
    arrived_at: datetime | None
    arrived_distance_m: int | None
    arrived_by_code: bool
    left_at: datetime | None
    summary: str
    met_name: str
    met_title: str
    met_phone: str
    recorded_at: datetime | None
    record_digest: str
    signed_at: datetime | None
    refused: bool
    filed_at: datetime | None
    cancel_reason: str
    members: list[VisitMember]
    items: list[VisitItem]
    found: list[VisitFinding]
    on_site: list[VisitMeasure]
    signatures: list[VisitSigned]
    missing: dict[str, int] = Field(description="Signatures still to come, by party.")
    sheet: VisitSheet
    steps: list[VisitOffer]


def _word(code: str, label: str) -> VisitWord:
    return VisitWord(code=code, label=label)


def rows_of(actor: Actor, rows: list[Visit]) -> list[dict[str, Any]]:
    """The facts a list shows, with names looked up once for all."""
    regions = region_names({one.region for one in rows})
    enterprises = queries.enterprises_of(rows)
    bodies = queries.bodies_of(rows)
    return [
        {
            "id": one.pk,
            "number": one.number,
            "state": _word(one.state, str(VISIT.state(one.state).label)),
            "version": one.version,
            "kind": _word(one.kind, kind_words(one.kind)),
            "check": _word(one.check_kind, check_words(one.check_kind)),
            "style": _word(one.style, style_words(one.style)),
            "reason": _word(one.reason, reason_words(one.reason)) if may_know(actor) else None,
            "enterprise": VisitEnterprise(id=one.enterprise_id, name=enterprises[one.enterprise_id].name),
            "industry": one.industry_id,
            "region": VisitPlace(code=one.region, name=regions[one.region]),
            "organisation": bodies.get(str(one.organisation_id), ""),
            "planned_on": one.planned_on,
            "planned_to": one.planned_to,
            "late": one.late,
            "findings": one.findings_count,
        }
        for one in rows
    ]


SAME = (
    "state_since", "due_at", "level", "basis", "campaign", "notified_at", "arrived_at", "arrived_distance_m",
    "arrived_by_code", "left_at", "summary", "met_name", "met_title", "met_phone",
    "recorded_at", "record_digest", "signed_at", "refused", "filed_at", "cancel_reason",
)  # fmt: skip
WORDS = ("reason_words", "cap_exception", "apart")
"""Empty for an enterprise."""


def facts_of(actor: Actor, visit: Visit) -> VisitFacts:
    """One visit as its page shows it."""
    shown = standing(visit)
    bodies = queries.bodies_of([visit])
    return VisitFacts(
        **rows_of(actor, [visit])[0],
        **{name: getattr(visit, name) for name in SAME},
        **{name: getattr(visit, name) if may_know(actor) else "" for name in WORDS},
        site=visit.site_id,
        joined=[bodies.get(one, one) for one in visit.joined],
        draw=visit.draw_id,
        members=[_member(one) for one in members_of(visit)],
        items=_items(visit),
        found=[_finding(one) for one in queries.findings_of(visit)],
        on_site=[_measure(one) for one in queries.on_site_of(visit)],
        signatures=[_signed(visit, one) for one in queries.signatures_of(visit)],
        missing=dict(missing(visit)) if visit.state == "recorded" else {},
        sheet=VisitSheet(facts=shown.facts, digest=shown.digest),
        steps=[VisitOffer(**one) for one in step_offers(VISIT, visit, actor)],
    )


def _same(row: Any, schema: type[Output], **other: Any) -> dict[str, Any]:
    """The facts that the row and its shape name alike, and the others."""
    return {name: getattr(row, name) for name in schema.model_fields if name not in other} | other


def _member(one: Going) -> VisitMember:
    return VisitMember(**_same(one, VisitMember))


def _finding(one: Finding) -> VisitFinding:
    return VisitFinding(
        **_same(
            one, VisitFinding, item=one.item_id, risk_point=one.risk_point_id, clause=one.clause_id,
            finder=one.finder_name, hazard=one.hazard_id,
        )
    )  # fmt: skip


def _measure(one: OnSite) -> VisitMeasure:
    return VisitMeasure(**_same(one, VisitMeasure, finding=one.finding_id, name=one.person_name))


def _signed(visit: Visit, one: VisitSignature) -> VisitSigned:
    return VisitSigned(**_same(one, VisitSigned, bound=counts(one, visit), taken_by=taken_on(visit, one)))


def _items(visit: Visit) -> list[VisitItem]:
    answers = queries.answers_of(visit)
    found = []
    for item in items_of_visit(visit):
        answer = answers.get(item.pk)
        found.append(
            VisitItem(
                **item_facts(item),
                value=answer.value if answer else None,
                remark=answer.remark if answer else "",
                files=answer.files if answer else [],
            )
        )
    return found
