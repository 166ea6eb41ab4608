"""Checklists for programs: the list, one edition with its items, and what a visit asks of an enterprise."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from anlan.identity import roles
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.api import cursor, read_cursor
from anlan.kernel.errors import Forbidden, NotFound, SignInNeeded
from anlan.registry.queries import enterprise
from anlan.standards import queries
from anlan.standards.checklist_schemas import (
    ChecklistPage,
    ChecklistsQuestion,
    EditionFacts,
    ItemList,
    ItemsQuestion,
    checklist_row,
    edition_facts,
    item_facts,
)
from anlan.standards.queries import editions

router = Router(tags=["checklists"])
READERS = frozenset({*roles.OFFICIALS, *roles.ENTERPRISE_POSTS})


def _reader(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise SignInNeeded
    if actor.role not in READERS:
        raise Forbidden
    return actor


@router.get("checklists", response=ChecklistPage, operation_id="checklists", summary="Checklists that hold here")
def list_checklists(request: HttpRequest, asked: Query[ChecklistsQuestion]) -> ChecklistPage:
    """By code: those made for this post's territory, for a part of it, or for what lies above it."""
    after = read_cursor(asked.cursor, str)[0] if asked.cursor else ""
    page = editions.kept_lists(_reader(request), asked.filters, after=after, limit=asked.limit)
    return ChecklistPage(items=[checklist_row(one) for one in page.rows], next=cursor(page.next) if page.next else None)


@router.get(
    "checklists/editions/{edition_id}",
    response=EditionFacts,
    operation_id="checklist_edition",
    summary="One edition with its items",
)
def get_edition(request: HttpRequest, edition_id: UUID) -> EditionFacts:
    """An edition that never was in force is for officials alone."""
    actor = _reader(request)
    found = editions.edition(edition_id)
    if found.in_force_from is None and actor.role not in roles.OFFICIALS:
        raise NotFound
    return edition_facts(found, list(queries.items_of([found])))


@router.get(
    "enterprises/{enterprise_id}/checklist-items",
    response=ItemList,
    operation_id="checklist_items",
    summary="The items a visit asks of an enterprise",
)
def list_items(request: HttpRequest, enterprise_id: UUID, asked: Query[ItemsQuestion]) -> ItemList:
    """Of the editions in force on that day: the common lists, the industry's and the campaign's, only what applies."""
    _reader(request)
    found = queries.items_for(
        enterprise=enterprise(enterprise_id), kind=asked.kind, campaign=asked.campaign, day=asked.on or clock.today()
    )
    return ItemList(items=[item_facts(one) for one in found])
