"""Checklists for programs: the list, one edition with its items, and what a visit asks of an enterprise."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Query, Router

from anlan.identity import roles
from anlan.identity.asking import reader_of
from anlan.kernel import clock
from anlan.kernel.api import cursor, file_answer, read_cursor
from anlan.kernel.errors import NotFound
from anlan.kernel.pages import XLSX, download
from anlan.registry.queries import enterprise
from anlan.standards import queries, workbook
from anlan.standards.checklist_schemas import (
    ChecklistFacts,
    ChecklistPage,
    ChecklistsQuestion,
    EditionFacts,
    ItemList,
    ItemsQuestion,
    checklist_facts,
    checklist_row,
    edition_facts,
    item_facts,
)
from anlan.standards.models import Edition
from anlan.standards.queries import editions
from anlan.standards.xlsform import xlsform

router = Router(tags=["checklists"])
"""`edition_api` adds the writes: all methods of one path must stand on one router."""


@router.get("checklists", response=ChecklistPage, operation_id="checklists", summary="Checklists that hold here")
def list_checklists(request: HttpRequest, asked: Query[ChecklistsQuestion]) -> ChecklistPage:
    """By code: those made for this post's territory, for a part of it, or for what lies above it."""
    after = read_cursor(asked.cursor, str)[0] if asked.cursor else ""
    page = editions.kept_lists(reader_of(request), asked.filters, after=after, limit=asked.limit)
    return ChecklistPage(items=[checklist_row(one) for one in page.rows], next=cursor(page.next) if page.next else None)


@router.get(
    "checklists/{uuid:checklist_id}",
    response=ChecklistFacts,
    operation_id="checklist",
    summary="One checklist and its editions",
)
def get_checklist(request: HttpRequest, checklist_id: UUID) -> ChecklistFacts:
    """What may be asked on a visit is public: the lists of other territories too."""
    official = reader_of(request).role in roles.OFFICIALS
    found = editions.checklist(checklist_id)
    shown = [one for one in editions.editions_of(found) if official or one.in_force_from is not None]
    return checklist_facts(found, shown)


def seen_edition(request: HttpRequest, edition_id: UUID) -> Edition:
    actor = reader_of(request)
    found = editions.edition(edition_id)
    if found.in_force_from is None and actor.role not in roles.OFFICIALS:
        raise NotFound
    return found


@router.get(
    "checklists/editions/{edition_id}",
    response=EditionFacts,
    operation_id="checklist_edition",
    summary="One edition with its items",
)
def get_edition(request: HttpRequest, edition_id: UUID, response: HttpResponse) -> EditionFacts:
    """An edition that never was in force is for officials alone."""
    found = seen_edition(request, edition_id)
    response["ETag"] = f'"{found.version}"'
    return edition_facts(found, list(queries.items_of([found])))


@router.get(
    "checklists/editions/{edition_id}/workbook",
    operation_id="checklist_workbook",
    summary="An edition as an Excel file",
    openapi_extra=file_answer(XLSX),
)
def get_workbook(request: HttpRequest, edition_id: UUID) -> FileResponse:
    """In the columns of the import, so that it reads back."""
    found = seen_edition(request, edition_id)
    return download(workbook.export(found), f"{found.checklist.code}-{found.number}.xlsx")


@router.get(
    "checklists/editions/{edition_id}/xlsform",
    operation_id="checklist_xlsform",
    summary="An edition as an XLSForm",
    openapi_extra=file_answer(XLSX),
)
def get_xlsform(request: HttpRequest, edition_id: UUID) -> FileResponse:
    """The form definition that ODK, KoboToolbox and `pyxform` read."""
    found = seen_edition(request, edition_id)
    return download(xlsform(found), f"{found.checklist.code}-{found.number}-xlsform.xlsx")


@router.get(
    "enterprises/{enterprise_id}/checklist-items",
    response=ItemList,
    operation_id="checklist_items",
    summary="The items a visit asks of an enterprise",
)
def list_items(request: HttpRequest, enterprise_id: UUID, asked: Query[ItemsQuestion]) -> ItemList:
    """Of the editions in force on that day: the common lists, the industry's and the campaign's, only what applies."""
    reader_of(request)
    found = queries.items_for(
        enterprise=enterprise(enterprise_id), kind=asked.kind, campaign=asked.campaign, day=asked.on or clock.today()
    )
    return ItemList(items=[item_facts(one) for one in found])
