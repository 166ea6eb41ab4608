"""Reports for citizens' programs: send one, find out whether it is known, follow it, say what one thinks of the answer."""

from typing import Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Body, Query, Router
from ninja.responses import Status
from pydantic import Field

from anlan.channels import setup
from anlan.files.actions import store
from anlan.files.kinds import JPEG
from anlan.files.models import File
from anlan.files.serving import bytes_of, nothing_to_show
from anlan.identity import floods, proofs
from anlan.identity.citizen_api import citizen_of
from anlan.identity.citizens import known
from anlan.identity.models import Region
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.api import CursorText, Question
from anlan.kernel.citysettings import value
from anlan.kernel.cursor import read_cursor, write_cursor
from anlan.kernel.errors import Forbidden, NotFound
from anlan.kernel.inputs import without_id
from anlan.registry.queries.names import enterprises_named
from anlan.registry.queries.places import region_names
from anlan.reports import claims, needs, places, rulings
from anlan.reports.actions import join, submit, take_by_claim, take_step
from anlan.reports.citizen_schemas import (
    CategoryFacts,
    CitizenSettings,
    ClaimCode,
    ClaimContest,
    ClaimRate,
    EmployerFound,
    EmployersFound,
    EmployersQuestion,
    JoinSent,
    NearQuestion,
    NearReports,
    PlaceFound,
    PlacesFound,
    PlacesQuestion,
    Proof,
    ReportAccepted,
    ReportCards,
    ReportFollow,
    ReportSent,
    UnitFound,
    UnitsFound,
    UnitsQuestion,
    Urgent,
    UrgentGroup,
    card_of,
    follow_of,
    near_of,
    near_of_public,
    signature_holds,
)
from anlan.reports.models import Category, Report, ReportPhoto
from anlan.reports.plaza.keeping import PLAZA
from anlan.reports.queries import by_claim, follow, near, near_public, own
from anlan.reports.queries.following import sent
from anlan.reports.queries.near import being_drawn
from anlan.reports.queries.units import units_for
from anlan.reports.sorter import urgent_groups
from anlan.reports.wording import category_words, hint_words

router = Router(tags=["citizens"])
URGENT_NUMBERS = ["119", "120", "12350"]
"""Fire, ambulance, work safety reports."""
VIDEO_MB = 20
NOBODY = Actor(role="citizen", name="citizen")


class OwnQuestion(Question):
    cursor: CursorText = ""


class PhotoQuestion(Question):
    s: str = Field(max_length=120, description="The signature of the address.")


@router.get(
    "citizen/settings",
    response=CitizenSettings,
    auth=None,
    operation_id="citizen_settings",
    summary="What the city takes",
)
def citizen_settings(request: HttpRequest) -> CitizenSettings:
    city = settings.ANLAN_CITY
    name = Region.objects.filter(pk=city).values_list("name", flat=True).first()
    return CitizenSettings(
        city=name or "",
        region=city,
        urgent_numbers=URGENT_NUMBERS,
        urgent_words=[UrgentGroup.model_validate(one) for one in urgent_groups()],
        anonymous_allowed=value(rulings.ANONYMOUS.key, city),
        real_name_needed=value(rulings.REAL_NAME.key, city),
        wechat=setup.has_wechat(),
        categories=[
            CategoryFacts(code=row.code, name=category_words(row), hint=hint_words(row), icon=row.icon)
            for row in Category.objects.filter(active=True)
        ],
        photos_max=needs.MOST_PHOTOS,
        video_max_mb=VIDEO_MB,
        proof=Proof.model_validate(proofs.challenge(floods.bits_for(request))),
    )


@router.post("citizen/near", response=NearReports, auth=None, operation_id="citizen_near", summary="It may be this one")
def near_reports(request: HttpRequest, data: Body[NearQuestion]) -> NearReports:
    """
    At most five, by place, time, words and picture. Of others only what the public may read; for whoever is not signed in
    only reports that stand on the plaza, and their photos are not compared.
    """
    floods.check("near", request)
    if getattr(request, "actor", None) is None:
        with scope.acting(PLAZA):
            visitors = near_public(**data.model_dump(exclude={"photos"}))
            return NearReports(items=[near_of_public(one) for one in visitors], waiting=False)
    found = near(citizen_of(request), **data.model_dump())
    return NearReports(items=[near_of(one) for one in found], waiting=being_drawn(data.photos))


@router.get("citizen/places", response=PlacesFound, auth=None, operation_id="citizen_places", summary="Places by words")
def find_places(request: HttpRequest, asked: Query[PlacesQuestion]) -> PlacesFound:
    floods.check("places", request)
    rows = places.find_places(asked.words)
    paths = region_names(row.code for row in rows)
    return PlacesFound(
        items=[
            PlaceFound(region=row.code, name=row.name, path=paths[row.code], lon=row.lon, lat=row.lat) for row in rows
        ]
    )


@router.get("citizen/units", response=UnitsFound, auth=None, operation_id="citizen_units", summary="Who may receive it")
def find_units(request: HttpRequest, asked: Query[UnitsQuestion]) -> UnitsFound:
    """Suggested units, the likeliest first; it may also be left to the platform."""
    floods.check("places", request)
    region = asked.region
    if region is None and asked.lon is not None and asked.lat is not None:
        region = places.region_at(asked.lon, asked.lat)
    found = units_for(region or settings.ANLAN_CITY, asked.category)
    return UnitsFound(items=[UnitFound(id=one.id, name=one.name, why=one.why) for one in found])


@router.get(
    "citizen/employers", response=EmployersFound, auth=None, operation_id="citizen_employers", summary="Where I work"
)
def find_employers(request: HttpRequest, asked: Query[EmployersQuestion]) -> EmployersFound:
    """Enterprises by a part of their name, of two characters at least; for `employee_of` of a report."""
    floods.check("places", request)
    rows = enterprises_named(asked.words)
    places = region_names(row.region for row in rows)
    return EmployersFound(items=[EmployerFound(id=row.pk, name=row.name, place=places[row.region]) for row in rows])


@router.post(
    "citizen/reports",
    response={201: ReportAccepted, 200: ReportAccepted},
    operation_id="citizen_report",
    summary="Report a hazard",
)
def send_report(request: HttpRequest, data: Body[ReportSent]) -> Status[ReportAccepted]:
    """A photo or words, and a place. The same id again is the same report (200) with the same answer, never a second one."""
    actor = citizen_of(request)
    if value(rulings.REAL_NAME.key, settings.ANLAN_CITY) and not data.anonymous:
        _need_real_name(actor)
    floods.check("report", request)
    if data.anonymous:
        request.keeps_own_answer = True  # type: ignore[attr-defined] # nobody but the seal ties the sender to the report
    before = data.id is not None and _is_known(data.id)
    report = submit(actor=actor, data=without_id(needs.Submit, data), id=data.id)
    sealed = sent(actor, report.pk)
    return Status(
        200 if before else 201,
        ReportAccepted(
            report=card_of(sealed),
            claim_code=claims.code_of(report.pk) if sealed.seal.claim else None,
            urgent=Urgent(word=report.urgent, numbers=URGENT_NUMBERS) if report.urgent else None,
        ),
    )


def _is_known(report: UUID) -> bool:
    with scope.elevated("a retry is answered as such"):
        return Report.objects.filter(pk=report).exists()


def _need_real_name(actor: Actor) -> None:
    account = known(actor.person) if actor.person else None
    if account is None or not account.named:
        raise Forbidden(_("This city asks for your real name first."), code="report.real_name")


@router.get("citizen/reports", response=ReportCards, operation_id="citizen_reports", summary="My reports")
def my_reports(request: HttpRequest, asked: Query[OwnQuestion]) -> ReportCards:
    """What I reported or joined, the latest first."""
    cards, after = own(citizen_of(request), after=read_cursor(asked.cursor))
    return ReportCards(items=[card_of(one) for one in cards], next=write_cursor(after))


@router.get(
    "citizen/reports/{uuid:report_id}",
    response=ReportFollow,
    operation_id="citizen_follow",
    summary="What became of it",
)
def follow_report(request: HttpRequest, report_id: UUID) -> ReportFollow:
    return follow_of(follow(citizen_of(request), report_id))


@router.post(
    "citizen/reports/{uuid:report_id}/join", response=ReportFollow, operation_id="citizen_join", summary="I saw it too"
)
def join_report(request: HttpRequest, report_id: UUID, data: JoinSent = Body(default_factory=JoinSent)) -> ReportFollow:  # noqa: B008 -- ninja's way
    """It is followed from now on; joining again changes nothing. One that is the same as another is joined there."""
    actor = citizen_of(request)
    floods.check("join", request)
    joined = join(actor=actor, report=report_id, data=needs.Join(**data.model_dump()))
    return follow_of(follow(actor, joined.pk))


@router.post(
    "citizen/reports/{uuid:report_id}/contest",
    response=ReportFollow,
    operation_id="citizen_contest",
    summary="Contest the answer",
)
def contest_answer(request: HttpRequest, report_id: UUID, data: Body[needs.Contest]) -> ReportFollow:
    """Once, within the city's time."""
    return _said(citizen_of(request), report_id, "contest", data)


@router.post(
    "citizen/reports/{uuid:report_id}/rate",
    response=ReportFollow,
    operation_id="citizen_rate",
    summary="Rate the answer",
)
def rate_answer(request: HttpRequest, report_id: UUID, data: Body[needs.Rate]) -> ReportFollow:
    return _said(citizen_of(request), report_id, "rate", data)


def _said(
    actor: Actor, report: UUID, step: Literal["contest", "rate"], data: needs.Contest | needs.Rate
) -> ReportFollow:
    follow(actor, report)  # NotFound before anything is said of it
    take_step(actor=actor, report=report, step=step, data=data)
    return follow_of(follow(actor, report))


@router.post("citizen/claims", response=ReportFollow, auth=None, operation_id="citizen_claim", summary="Follow by code")
def follow_by_claim(request: HttpRequest, data: Body[ClaimCode]) -> ReportFollow:
    """A code that nobody has and one that cannot be a code are answered alike."""
    floods.check("claim", request)
    with scope.acting(NOBODY):
        return follow_of(by_claim(data.code))


@router.post(
    "citizen/claims/contest",
    response=ReportFollow,
    auth=None,
    operation_id="citizen_claim_contest",
    summary="Contest by code",
)
def contest_by_claim(request: HttpRequest, data: Body[ClaimContest]) -> ReportFollow:
    return _said_by_claim(request, data.code, "contest", needs.Contest(words=data.words, photos=data.photos))


@router.post(
    "citizen/claims/rate", response=ReportFollow, auth=None, operation_id="citizen_claim_rate", summary="Rate by code"
)
def rate_by_claim(request: HttpRequest, data: Body[ClaimRate]) -> ReportFollow:
    return _said_by_claim(request, data.code, "rate", needs.Rate(satisfied=data.satisfied, words=data.words))


def _said_by_claim(request: HttpRequest, code: str, step: str, data: needs.Contest | needs.Rate) -> ReportFollow:
    floods.check("claim", request)
    actor: Actor | None = getattr(request, "actor", None)
    guest = actor.person if actor is not None and actor.veiled else None
    take_by_claim(code=code, step=step, data=data, person=guest)
    with scope.acting(NOBODY):
        return follow_of(by_claim(code))


@router.get(
    "citizen/photos/{uuid:photo_id}/{which}", auth=None, operation_id="citizen_photo", summary="A picture of a report",
    openapi_extra={"responses": {200: {"description": "The bytes.", "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}}},
)  # fmt: skip
def photo(
    request: HttpRequest, photo_id: UUID, which: Literal["thumb", "display"], asked: Query[PhotoQuestion]
) -> HttpResponseBase:
    """By an address that was given to whoever may see it, for some hours; never an original."""
    if not signature_holds(photo_id, asked.s):
        raise NotFound
    with scope.acting(NOBODY), scope.elevated("the address was signed for whoever may see the picture"):
        row = ReportPhoto.objects.filter(pk=photo_id).first()
        file = File.objects.filter(pk=row.file_id).first() if row else None
    digest = getattr(file, f"{which}_sha256") if file else ""
    if file is None:
        raise NotFound
    if not digest or digest not in store():
        raise nothing_to_show(file)
    answer = bytes_of(request, digest, file.media_type if file.kind == "video" else JPEG.mime)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=3600"
    answer["ETag"] = f'"{digest}"'
    return answer
