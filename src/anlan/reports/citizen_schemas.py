"""What citizens' programs read and send, and how answers are made from rows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.core import signing
from django.urls import reverse
from pydantic import Field

from anlan.files.models import File
from anlan.files.pictures import State, state_of
from anlan.kernel import clock
from anlan.kernel.api import Output, Question
from anlan.kernel.inputs import Code, Input, Line, NewId, Prose, RegionCode
from anlan.registry.queries.places import region_names
from anlan.reports import needs
from anlan.reports.models import Report, ReportPhoto
from anlan.reports.queries.following import Card, Followed, place_of
from anlan.reports.queries.following import Line as TimelineLine
from anlan.reports.queries.near import Near, NearPublic
from anlan.reports.wording import category_words, public_outcome, public_state

SALT = "anlan.reports.photo"
LASTS_SECONDS = 6 * 3600


class CategoryWord(Output):
    code: str
    name: str


class CategoryFacts(CategoryWord):
    hint: str
    icon: str


class Proof(Output):
    salt: str
    bits: int


class UrgentGroup(Output):
    """Words at which somebody may be in danger now; `A~B` is B at most eight signs behind A."""

    words: list[str]
    harmless: list[str] = Field(description="Longer words in which a word means something else.")
    numbers: list[str] = Field(description="Whom to call.")


class CitizenSettings(Output):
    """What a citizen's program needs before anybody signs in."""

    city: str
    region: int
    urgent_numbers: list[str]
    urgent_words: list[UrgentGroup]
    anonymous_allowed: bool
    real_name_needed: bool
    wechat: bool
    categories: list[CategoryFacts]
    photos_max: int
    video_max_mb: int
    proof: Proof


class NearQuestion(Input):
    """A place, and what else is known."""

    lon: Decimal | None = Field(default=None, ge=-180, le=180)
    lat: Decimal | None = Field(default=None, ge=-90, le=90)
    crs: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
    region: RegionCode | None = None
    words: Annotated[Prose, Field(max_length=2000)] = ""
    category: Code = ""
    photos: Annotated[list[UUID], Field(max_length=needs.MOST_PHOTOS)] = []


class NearReport(Output):
    id: UUID | None = Field(description="By which it is joined; absent for visitors, who read of it on the plaza.")
    number: str
    words: str = Field(description="As the public reads it; empty until a person looked at it.")
    place: str
    distance_m: int | None = Field(description="Of other people's reports in hundreds of metres.")
    photo: str | None
    state: str
    state_label: str
    reported_at: datetime
    likeness: float
    own: bool
    joined: int = Field(description="How many others saw it too.")


class NearReports(Output):
    items: list[NearReport]
    waiting: bool = Field(description="A photo of yours is being prepared: asked again soon, more may be found.")


class PlacesQuestion(Question):
    words: Annotated[str, Field(min_length=1, max_length=100)]


class PlaceFound(Output):
    region: int
    name: str
    path: str
    lon: Decimal | None
    lat: Decimal | None


class PlacesFound(Output):
    items: list[PlaceFound]


class UnitsQuestion(Question):
    region: RegionCode | None = None
    category: Code = ""
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)


class UnitFound(Output):
    id: UUID
    name: str
    why: str


class UnitsFound(Output):
    items: list[UnitFound]


class EmployersQuestion(Question):
    words: Annotated[str, Field(min_length=1, max_length=100, description="A part of the enterprise's name.")]


class EmployerFound(Output):
    id: UUID
    name: str
    place: str


class EmployersFound(Output):
    items: list[EmployerFound]


class ReportSent(needs.Submit):
    """A report."""

    id: NewId


class JoinSent(needs.Join):
    pass


class ClaimCode(Input):
    code: Line


class ClaimContest(needs.Contest):
    code: Line


class ClaimRate(needs.Rate):
    code: Line


class Urgent(Output):
    word: str
    numbers: list[str]


class ReportCard(Output):
    id: UUID
    number: str
    words: str
    place: str
    state: str
    state_label: str
    outcome: str
    outcome_label: str
    reported_at: datetime
    photo: str | None
    category: CategoryWord | None
    due_on: date | None
    late: bool
    answer: str
    satisfied: bool | None
    unread: bool


class ReportAccepted(Output):
    report: ReportCard
    claim_code: str | None = Field(description="Of a report without a name: the only way to follow it.")
    urgent: Urgent | None = Field(description="What was written cannot wait: call one of these numbers.")


class ReportCards(Output):
    items: list[ReportCard]
    next: str | None


class FollowPhoto(Output):
    id: UUID
    kind: Literal["photo", "video"]
    state: State = Field(
        description="waiting: its pictures are being prepared, ask again; flawed: it could not be opened."
    )
    thumb: str | None
    display: str
    phase: str


class May(Output):
    contest: bool
    rate: bool
    join: bool


class RewardWord(Output):
    amount_fen: int
    state: str
    state_label: str


class TimelineEntry(Output):
    at: datetime
    label: str
    words: str
    tone: str


class ReportFollow(ReportCard):
    address: str
    lon: Decimal | None
    lat: Decimal | None
    photos: list[FollowPhoto]
    unit_name: str
    reason: str
    answered_at: datetime | None
    may: May
    reward: RewardWord | None
    timeline: list[TimelineEntry]


def signed(photo: UUID, which: str) -> str:
    """An address of a picture that works for some hours, also where nobody can sign in: in an image of a mini-program."""
    _photo, stamp, sign = signing.TimestampSigner(salt=SALT).sign(str(photo)).split(":")
    return f"/api/v1/citizen/photos/{photo}/{which}?s={stamp}.{sign}"


def signature_holds(photo: UUID, given: str) -> bool:
    stamp, _dot, sign = given.partition(".")
    try:
        signing.TimestampSigner(salt=SALT).unsign(f"{photo}:{stamp}:{sign}", max_age=LASTS_SECONDS)
    except signing.BadSignature:
        return False
    return True


def card(one: Card) -> dict[str, Any]:
    """A joined report shows what the public reads; one's own shows what was sent."""
    report, own = one.report, one.seal.first
    return {
        "id": report.pk,
        "number": report.number,
        "words": report.words if own else report.public_words,
        "place": place_of(report) if own else report.public_place,
        "state": report.state,
        "state_label": public_state(report.state),
        "outcome": report.outcome if report.state == "answered" else "",
        "outcome_label": public_outcome(report),
        "reported_at": report.reported_at,
        "photo": signed(one.photo, "thumb") if one.photo else None,
        "category": CategoryWord(code=report.category.code, name=category_words(report.category))
        if report.category
        else None,
        "due_on": clock.day_of(report.due_at) if report.due_at and report.state in ("dispatched", "verified") else None,
        "late": report.late,
        "answer": report.answer if report.state == "answered" else "",
        "satisfied": report.satisfied if own else None,
        "unread": one.unread,
    }


def card_of(one: Card) -> ReportCard:
    return ReportCard(**card(one))


def follow_of(found: Followed) -> ReportFollow:
    report = found.card.report
    own = found.card.seal.first
    answered = report.state == "answered"
    return ReportFollow(
        **card(found.card),
        address=report.address if own else "",
        lon=report.lon if own else None,
        lat=report.lat if own else None,
        photos=[_photo(one, found.files.get(one.file_id)) for one in found.photos],
        unit_name=report.unit.name if report.unit else "",
        reason=report.reason if answered else "",
        answered_at=report.answered_at,
        may=May(**found.may),
        reward=RewardWord(**{key: found.reward[key] for key in ("amount_fen", "state", "state_label")})
        if found.reward
        else None,
        timeline=[_line(one) for one in found.timeline],
    )


def _photo(one: ReportPhoto, file: File | None) -> FollowPhoto:
    state = state_of(file)
    return FollowPhoto(
        id=one.pk,
        kind="video" if state == "film" else "photo",
        state=state,
        thumb=signed(one.pk, "thumb") if state == "drawn" else None,
        display=signed(one.pk, "display"),
        phase=one.phase,
    )


def _line(one: TimelineLine) -> TimelineEntry:
    return TimelineEntry(at=one.at, label=one.label, words=one.words, tone=one.tone)


def near_of(one: Near) -> NearReport:
    report: Report = one.report
    public_words = report.public_words if report.public else ""
    return NearReport(
        id=report.pk,
        number=report.number,
        words=report.words if one.whole else public_words,
        place=report.public_place or region_names([report.region])[report.region],
        distance_m=one.distance_m,
        photo=signed(one.photo, "thumb") if one.photo else None,
        state=report.state,
        state_label=public_state(report.state),
        reported_at=report.reported_at,
        likeness=one.likeness,
        own=one.own,
        joined=report.joined,
    )


def near_of_public(one: NearPublic) -> NearReport:
    """As the plaza shows it."""
    report = one.report
    return NearReport(
        id=None,
        number=report.number,
        words=report.words,
        place=report.place or region_names([report.town])[report.town],
        distance_m=one.distance_m,
        photo=reverse("plaza:thumb", args=[report.cover]) if report.cover else None,
        state=report.state,
        state_label=public_state(report.state),
        reported_at=report.reported_at,
        likeness=one.likeness,
        own=False,
        joined=report.joined,
    )
