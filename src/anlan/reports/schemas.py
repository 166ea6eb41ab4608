"""A report as officials' programs read it: shapes of answers, and how they are made from rows. No reporter is in them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field

from anlan.files.models import File
from anlan.files.pictures import State, state_of
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.flow.operations import step_offers
from anlan.registry.queries.places import region_names
from anlan.reports import queries
from anlan.reports.flow import REPORT
from anlan.reports.models import Report, ReportPhoto
from anlan.reports.rules import DESK
from anlan.reports.wording import category_words, channel_words, outcome_words, state_words, way_words


class ReportWord(Output):
    code: str
    label: str


class ReportPlace(Output):
    code: int
    name: str


class ReportUnit(Output):
    id: UUID
    name: str


class ReportRow(Output):
    """A report in a list."""

    id: UUID
    number: str
    state: ReportWord
    version: int
    category: ReportWord | None
    channel: ReportWord
    region: ReportPlace
    words: str
    address: str
    unit: ReportUnit | None
    outcome: ReportWord | None
    urgent: str
    held: bool
    public: bool
    late: bool
    level: int
    joined: int
    returns: int
    reported_at: datetime
    due_at: datetime | None


class ReportPage(Output):
    items: list[ReportRow]
    next: str | None
    count: int = Field(description="How many there are, counted up to a bound.")
    count_is_exact: bool


class ReportPhotoFacts(Output):
    id: UUID
    file: UUID
    phase: str
    shown: bool
    state: State = Field(
        description="waiting: its pictures are being prepared, ask again; flawed: it could not be opened."
    )
    thumb: str | None
    display: str | None


class ReportSending(Output):
    unit: ReportUnit
    way: ReportWord
    confidence: Decimal | None
    reason: str
    by: str
    post: str
    at: datetime


class ReportCheck(Output):
    result: str
    words: str
    on: date
    by: str
    post: str
    at: datetime


class ReportHold(Output):
    engine: str
    label: str
    state: str
    settled_by: str
    at: datetime


class ReportOpinion(Output):
    kind: str
    satisfied: bool | None
    words: str
    at: datetime


class ReportStep(Output):
    name: str
    label: str
    allowed: bool
    reason: str
    who: str
    consequence: str
    needs: dict[str, Any]


class ReportFacts(ReportRow):
    """All that officials who see it may know; who reported is sealed."""

    lon: Decimal | None
    lat: Decimal | None
    accuracy_m: int | None
    industry: str | None
    public_words: str
    public_place: str
    reason: str
    answer: str
    duplicate_of: UUID | None
    hazard: UUID | None
    hazard_number: str
    contested: int
    reopened: int
    satisfied: bool | None
    suggested: dict[str, Any]
    anonymous: bool
    verified_at: datetime | None
    handled_at: datetime | None
    answered_at: datetime | None
    photos: list[ReportPhotoFacts]
    sendings: list[ReportSending]
    checks: list[ReportCheck]
    holds: list[ReportHold] = Field(description="For those who sort; to others it is empty.")
    opinions: list[ReportOpinion]
    steps: list[ReportStep]


def row(report: Report, places: dict[int, str]) -> dict[str, Any]:
    return {
        "id": report.pk,
        "number": report.number,
        "state": ReportWord(code=report.state, label=state_words(report.state)),
        "version": report.version,
        "category": ReportWord(code=report.category.code, label=category_words(report.category))
        if report.category
        else None,
        "channel": ReportWord(code=report.channel, label=channel_words(report.channel)),
        "region": ReportPlace(code=report.region, name=places[report.region]),
        "words": report.words,
        "address": report.address,
        "unit": ReportUnit(id=report.unit.pk, name=report.unit.name) if report.unit else None,
        "outcome": ReportWord(code=report.outcome, label=outcome_words(report.outcome)) if report.outcome else None,
        **{
            name: getattr(report, name)
            for name in ("urgent", "held", "public", "late", "level", "joined", "returns", "reported_at", "due_at")
        },
    }


def rows_of(reports: list[Report]) -> list[ReportRow]:
    places = region_names(one.region for one in reports)
    return [ReportRow(**row(one, places)) for one in reports]


def _photo(one: ReportPhoto, file: File | None) -> ReportPhotoFacts:
    state = state_of(file)
    at = f"/api/v1/files/{one.file_id}"
    return ReportPhotoFacts(
        id=one.pk,
        file=one.file_id,
        phase=one.phase,
        shown=one.shown,
        state=state,
        thumb=f"{at}/thumb" if state == "drawn" else None,
        display=f"{at}/display" if state in ("drawn", "film") else None,
    )


def facts_of(actor: Actor, report_id: UUID) -> ReportFacts:
    report = queries.report(actor, report_id)
    photos = queries.photos_of(report)
    files = queries.files_of(photos)
    same = (
        "lon", "lat", "accuracy_m", "public_words", "public_place", "reason", "answer", "hazard_number", "contested",
        "reopened", "satisfied", "suggested", "anonymous", "verified_at", "handled_at", "answered_at",
    )  # fmt: skip
    return ReportFacts(
        **row(report, region_names([report.region])),
        **{name: getattr(report, name) for name in same},
        industry=report.industry_id,
        duplicate_of=report.duplicate_of_id,
        hazard=report.hazard_id,
        photos=[_photo(one, files.get(one.file_id)) for one in photos],
        sendings=[
            ReportSending(
                unit=ReportUnit(id=one.unit.pk, name=one.unit.name),
                way=ReportWord(code=one.way, label=way_words(one.way)),
                confidence=one.confidence,
                reason=one.reason,
                by=one.by_name,
                post=one.by_post,
                at=one.at,
            )
            for one in queries.trail(report)
        ],
        checks=[
            ReportCheck(result=one.result, words=one.words, on=one.on, by=one.by_name, post=one.by_post, at=one.at)
            for one in queries.checks_of(report)
        ],
        holds=[
            ReportHold(engine=one.engine, label=one.label, state=one.state, settled_by=one.settled_by, at=one.at)
            for one in (queries.holds_of(report) if actor.role in DESK else ())
        ],
        opinions=[
            ReportOpinion(kind=one.kind, satisfied=one.satisfied, words=queries.heard(actor, one.words), at=one.at)
            for one in queries.opinions_of(report)
        ],
        steps=[ReportStep(**one) for one in step_offers(REPORT, report, actor)],
    )
