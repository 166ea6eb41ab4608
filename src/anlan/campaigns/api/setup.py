"""Setting campaigns up, returns as workbooks and leaders' duties, for programs."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Body, Form, Router
from ninja import File as FilePart
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from anlan.campaigns import actions, needs
from anlan.campaigns.actions.sheets import fills
from anlan.campaigns.models import Campaign, Participant
from anlan.campaigns.queries import setup, sheets
from anlan.campaigns.returns import saying
from anlan.campaigns.rules import AT_WORK
from anlan.campaigns.workbooks.cells import read_books
from anlan.campaigns.workbooks.comparing import Change, Trial, try_out
from anlan.campaigns.workbooks.reading import parse
from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.kernel.api import Output, file_answer
from anlan.kernel.inputs import NewId, without_id
from anlan.kernel.pages import XLSX, download
from anlan.kernel.refusals import Refused

router = Router(tags=["campaigns"])
READERS = AT_WORK | {roles.LEADER, roles.AUDITOR}


class CampaignFacts(Output):
    id: UUID
    code: str
    zh: str
    en: str
    region: int
    from_day: date
    to_day: date | None
    basis: str


class Campaigns(Output):
    items: list[CampaignFacts]


class ParticipantFacts(Output):
    unit: UUID
    name: str
    region: int
    filler: Literal["district", "system", "unit"]
    reviewer: UUID | None = Field(description="Null: the committee office of the campaign's territory.")
    from_month: date
    to_month: date | None


class Participants(Output):
    items: list[ParticipantFacts]


class VersionFacts(Output):
    id: UUID
    code: str
    version: int
    from_month: date
    published_at: datetime


class Versions(Output):
    items: list[VersionFacts]


class MonthFacts(Output):
    month: date
    expected: int
    states: dict[str, int]
    late: int = Field(description="Were not handed in when they were due.")
    missing: int


class Months(Output):
    items: list[MonthFacts]


class Opened(Output):
    opened: int = Field(description="Returns that are expected since; none when all were before.")


class Enrolled(Output):
    enrolled: int


class CampaignInput(needs.OpenCampaign):
    """A campaign of the own territory."""

    id: NewId


class ChangeFacts(Output):
    place: str = Field(description="`cells.…`, `rows.…`, `nothing.…` or `reasons.…`, as `save` names them.")
    before: str
    now: str


class CampaignTroubleFacts(Output):
    check: str
    severity: Literal["error", "reason", "warning"]
    cells: list[str]
    row: int
    message: str
    instead: str


class ReturnSheetFacts(Output):
    saved: bool
    version: int
    changes: list[ChangeFacts]
    conflicts: list[ChangeFacts] = Field(
        description="Others wrote there since the workbook was downloaded; what stands stays unless `take` names the place."
    )
    same: int
    troubles: list[CampaignTroubleFacts] = Field(description="What is wrong, or would be, with these changes.")


def _facts(row: Campaign) -> CampaignFacts:
    names = ("code", "zh", "en", "region", "from_day", "to_day", "basis")
    return CampaignFacts(id=row.pk, **{name: getattr(row, name) for name in names})


@router.get("campaigns", response=Campaigns, operation_id="campaigns", summary="List campaigns")
def list_campaigns(request: HttpRequest) -> Campaigns:
    """Of one's own territory, of what lies in it and of what stands above it."""
    return Campaigns(items=[_facts(row) for row in setup.campaigns(reader_of(request, READERS))])


@router.post("campaigns", response={201: CampaignFacts}, operation_id="open_campaign", summary="Open a campaign")
def open_campaign(request: HttpRequest, data: Body[CampaignInput]) -> Status[CampaignFacts]:
    actor = reader_of(request, READERS)
    made = actions.open_campaign(actor=actor, data=without_id(needs.OpenCampaign, data), id=data.id)
    return Status(201, _facts(made))


@router.get("campaigns/{uuid:campaign_id}", response=CampaignFacts, operation_id="campaign", summary="One campaign")
def campaign_facts(request: HttpRequest, campaign_id: UUID) -> CampaignFacts:
    return _facts(setup.campaign(reader_of(request, READERS), campaign_id))


def _participant(one: Participant) -> ParticipantFacts:
    return ParticipantFacts(
        unit=one.unit_id,
        name=one.unit.name,
        region=one.region,
        filler=one.filler,
        reviewer=one.reviewer_id,
        from_month=one.from_month,
        to_month=one.to_month,
    )


@router.get(
    "campaigns/{uuid:campaign_id}/participants",
    response=Participants,
    operation_id="campaign_participants",
    summary="Who takes part",
)
def list_participants(request: HttpRequest, campaign_id: UUID) -> Participants:
    """Those in the actor's sight."""
    row = setup.campaign(reader_of(request, READERS), campaign_id)
    return Participants(items=[_participant(one) for one in setup.participants(row)])


@router.put(
    "campaigns/{uuid:campaign_id}/participants",
    response=ParticipantFacts,
    operation_id="enrol_unit",
    summary="Enrol a unit, or change how it takes part",
)
def put_participant(request: HttpRequest, campaign_id: UUID, data: Body[needs.Enrol]) -> ParticipantFacts:
    actor = reader_of(request, READERS)
    row = setup.campaign(actor, campaign_id)
    return _participant(actions.enrol(actor=actor, campaign=row.pk, data=data))


@router.post(
    "campaigns/{uuid:campaign_id}/participants/many",
    response=Enrolled,
    operation_id="enrol_units",
    summary="Enrol units as they are proposed",
)
def post_participants(request: HttpRequest, campaign_id: UUID, data: Body[needs.EnrolMany]) -> Enrolled:
    actor = reader_of(request, READERS)
    row = setup.campaign(actor, campaign_id)
    return Enrolled(enrolled=actions.enrol_many(actor=actor, campaign=row.pk, data=data))


@router.get(
    "campaigns/{uuid:campaign_id}/templates",
    response=Versions,
    operation_id="campaign_templates",
    summary="Published versions of what is asked",
)
def list_templates(request: HttpRequest, campaign_id: UUID) -> Versions:
    row = setup.campaign(reader_of(request, READERS), campaign_id)
    names = ("code", "version", "from_month", "published_at")
    return Versions(
        items=[
            VersionFacts(id=one.row.pk, **{name: getattr(one.row, name) for name in names})
            for one in setup.versions(row)
        ]
    )


@router.post(
    "campaigns/{uuid:campaign_id}/templates",
    response={201: VersionFacts},
    operation_id="publish_campaign_template",
    summary="Publish a version of what is asked",
)
def post_template(request: HttpRequest, campaign_id: UUID, data: Body[needs.Publish]) -> Status[VersionFacts]:
    """Texts of TOML. Refused with every place that is wrong, and with every example that does not come true."""
    actor = reader_of(request, READERS)
    row = setup.campaign(actor, campaign_id)
    made = actions.publish_template(actor=actor, campaign=row.pk, data=data)
    names = ("code", "version", "from_month", "published_at")
    return Status(201, VersionFacts(id=made.pk, **{name: getattr(made, name) for name in names}))


@router.get(
    "campaigns/{uuid:campaign_id}/months",
    response=Months,
    operation_id="campaign_months",
    summary="How the months stand",
)
def list_months(request: HttpRequest, campaign_id: UUID) -> Months:
    row = setup.campaign(reader_of(request, READERS), campaign_id)
    return Months(
        items=[
            MonthFacts(month=one.month, expected=one.expected, states=one.states, late=one.late, missing=one.missing)
            for one in setup.months(row)
        ]
    )


@router.post(
    "campaigns/{uuid:campaign_id}/months", response=Opened, operation_id="open_campaign_month", summary="Open a month"
)
def post_month(request: HttpRequest, campaign_id: UUID, data: Body[needs.OpenMonth]) -> Opened:
    actor = reader_of(request, READERS)
    row = setup.campaign(actor, campaign_id)
    return Opened(opened=actions.open_month(actor=actor, campaign=row.pk, month=data.month))


@router.get(
    "returns/{uuid:return_id}/workbook",
    operation_id="monthly_return_workbook",
    summary="A return as a workbook",
    openapi_extra=file_answer(XLSX),
)
def get_workbook(request: HttpRequest, return_id: UUID) -> HttpResponseBase:
    """To be filled in and sent back; what stands in it is told apart from what others write meanwhile."""
    reader_of(request, AT_WORK)
    record = sheets.to_fill(return_id)
    return download(sheets.book(record), sheets.book_name(record))


@router.post(
    "returns/{uuid:return_id}/workbook",
    response=ReturnSheetFacts,
    operation_id="monthly_return_workbook_send",
    summary="Send a filled-in workbook",
)
def post_workbook(
    request: HttpRequest,
    return_id: UUID,
    file: FilePart[UploadedFile],
    dry_run: Form[bool] = True,
    take: Form[list[str]] = [],  # noqa: B006 -- ninja copies it
) -> ReturnSheetFacts:
    """
    `dry_run` (the default) only tells what it would change. Refused with a reason: a workbook of another month, unit or version of
    what is asked.
    """
    actor = reader_of(request, AT_WORK)
    record = sheets.to_fill(return_id)
    fills(actor, record)
    book = read_books([file.read()])[0]
    if isinstance(book, Refused):
        raise book
    sent = parse(book)
    trial = try_out(record, record.unit.name, sent, take=take)
    version = record.version
    if not dry_run:
        seen = [one.place for one in trial.comparison.conflicts]
        version = actions.save_sheet(actor=actor, record=record.pk, sent=sent, take=take, seen=seen).version
    return _sheet(trial, saved=not dry_run, version=version)


def _sheet(trial: Trial, *, saved: bool, version: int) -> ReturnSheetFacts:
    def shown(one: Change) -> ChangeFacts:
        return ChangeFacts(place=one.place, before=one.before, now=one.now)

    troubles = []
    for one in trial.verdict.troubles:
        said = saying.say(trial.checker, one)
        troubles.append(
            CampaignTroubleFacts(
                check=one.check,
                severity=one.severity,
                cells=list(one.cells),
                row=one.row,
                message=said.message,
                instead=said.instead,
            )
        )
    return ReturnSheetFacts(
        saved=saved,
        version=version,
        changes=[shown(one) for one in trial.comparison.changes],
        conflicts=[shown(one) for one in trial.comparison.conflicts],
        same=trial.comparison.same,
        troubles=troubles,
    )
