"""Bulletins for programs: the list, one with its figures, the rows behind a figure, one operation for each step, the paper."""

from io import BytesIO
from typing import Annotated, Literal
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Body, Path, Query, Router
from ninja.responses import Status
from pydantic import Field

from anlan.bulletins import needs, queries
from anlan.bulletins.actions import draft, take_step
from anlan.bulletins.flow import BULLETIN
from anlan.bulletins.paper import paper_of
from anlan.bulletins.queries import Filters
from anlan.bulletins.queries.figures import PAGE
from anlan.bulletins.queries.list import COUNTED
from anlan.bulletins.rules import READERS
from anlan.bulletins.schemas import (
    BulletinFacts,
    BulletinPage,
    BulletinRow,
    FigureRows,
    facts_of,
    figure_of,
    figure_row_of,
    row_of,
)
from anlan.identity.asking import reader_of
from anlan.kernel.api import MOST, CursorText, Question, as_moment, cursor, read_cursor
from anlan.kernel.flow.operations import add_operations
from anlan.kernel.inputs import NewId, without_id
from anlan.kernel.papers import pdf, word

router = Router(tags=["bulletins"])
StateName = Literal["drafted", "reviewed", "approved", "issued", "withdrawn", "discarded"]


class BulletinsQuestion(Question):
    """The list's filters; the same words as in the address of the list page."""

    state: list[StateName] = []
    campaign: UUID | None = None
    year: Annotated[int, Field(ge=2000, le=2199)] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    cursor: CursorText = ""


class RowsQuestion(Question):
    after: Annotated[int, Field(ge=0, lt=2**31)] | None = Field(default=None, description="`next` of the page before.")
    limit: Annotated[int, Field(ge=1, le=MOST)] = PAGE


class BulletinDraft(needs.Draft):
    """A bulletin over whole months of a campaign."""

    id: NewId


@router.get("bulletins", response=BulletinPage, operation_id="bulletins", summary="List bulletins")
def list_bulletins(request: HttpRequest, asked: Query[BulletinsQuestion]) -> BulletinPage:
    """Newest first; drafts only for the office of their territory, issued ones for everybody below it."""
    actor = reader_of(request, READERS)
    filters = Filters(states=tuple(asked.state), campaign=asked.campaign, year=asked.year)
    after = read_cursor(asked.cursor, as_moment, UUID) if asked.cursor else None
    page = queries.bulletins(actor, filters, after=after, limit=asked.limit)
    count = queries.count_bulletins(filters)
    return BulletinPage(
        items=[BulletinRow(**row_of(row)) for row in page.rows],
        next=cursor(page.after[0].isoformat(), page.after[1]) if page.after else None,
        count=min(count, COUNTED),
        count_is_exact=count <= COUNTED,
    )


@router.post("bulletins", response={201: BulletinFacts}, operation_id="bulletin_draft", summary="Draft a bulletin")
def draft_bulletin(request: HttpRequest, data: Body[BulletinDraft]) -> Status[BulletinFacts]:
    """Computes all figures of the months and writes a text with them."""
    actor = reader_of(request, READERS)
    made = draft(actor=actor, data=without_id(needs.Draft, data), id=data.id)
    return Status(201, facts_of(actor, queries.bulletin(made.pk)))


@router.get("bulletins/{uuid:bulletin_id}", response=BulletinFacts, operation_id="bulletin", summary="One bulletin")
def bulletin_facts(request: HttpRequest, bulletin_id: UUID, response: HttpResponse) -> BulletinFacts:
    """With its text, its figures, and for those who work on it remarks and steps."""
    actor = reader_of(request, READERS)
    found = queries.bulletin(bulletin_id)
    response["ETag"] = f'"{found.version}"'
    return facts_of(actor, found)


@router.get(
    "bulletins/{uuid:bulletin_id}/figures/{figure}",
    response=FigureRows,
    operation_id="bulletin_figure",
    summary="The rows behind a figure",
)
def bulletin_figure(
    request: HttpRequest,
    bulletin_id: UUID,
    figure: Annotated[str, Path(..., pattern=r"^[a-z][a-z0-9_]{0,39}$")],
    asked: Query[RowsQuestion],
) -> FigureRows:
    """The greatest first; their values add up to the figure, a share aside, which is one figure in another."""
    actor = reader_of(request, READERS)
    found = queries.bulletin(bulletin_id)
    view = queries.figure_view(found, figure)
    after = -1 if asked.after is None else asked.after
    rows, more = queries.behind(actor, found, figure, after=after, limit=asked.limit)
    return FigureRows(figure=figure_of(view), items=[figure_row_of(row) for row in rows], next=more)


@router.get(
    "bulletins/{uuid:bulletin_id}/paper.docx",
    operation_id="bulletin_docx",
    summary="The bulletin as Word",
    response={200: None},
)
def bulletin_docx(request: HttpRequest, bulletin_id: UUID) -> FileResponse:
    return _paper(request, bulletin_id, "docx")


@router.get(
    "bulletins/{uuid:bulletin_id}/paper.pdf",
    operation_id="bulletin_pdf",
    summary="The bulletin as PDF",
    response={200: None},
)
def bulletin_pdf(request: HttpRequest, bulletin_id: UUID) -> FileResponse:
    return _paper(request, bulletin_id, "pdf")


def _paper(request: HttpRequest, bulletin_id: UUID, kind: str) -> FileResponse:
    reader_of(request, READERS)
    found = queries.bulletin(bulletin_id)
    write, mime = (word.write, word.MIME) if kind == "docx" else (pdf.write, pdf.MIME)
    answer = FileResponse(
        BytesIO(write(paper_of(found))), as_attachment=True, filename=f"{found.title}.{kind}", content_type=mime
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


add_operations(
    router,
    BULLETIN,
    under="bulletins",
    response=BulletinFacts,
    take=lambda actor, bulletin, step, data, version: facts_of(
        actor,
        queries.bulletin(take_step(actor=actor, bulletin=bulletin, step=step, data=data, version=version).pk),
    ),
)
