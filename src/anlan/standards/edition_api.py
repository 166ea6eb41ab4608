"""Writing checklists for programs: a list, its drafts, their items, and the steps to publication and out of force again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Status
from pydantic import create_model

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.api import IF_MATCH, described, if_match, in_english
from anlan.kernel.errors import Forbidden
from anlan.kernel.flow import Step
from anlan.standards import actions, queries
from anlan.standards.actions.checklists import locked
from anlan.standards.checklist_api import reader_of, router
from anlan.standards.checklist_schemas import (
    AllItems,
    ChecklistFacts,
    ChecklistPatch,
    EditionFacts,
    EditionStepQuestion,
    ItemFacts,
    ItemMove,
    ItemPatch,
    NewChecklist,
    NewEdition,
    NewItem,
    checklist_facts,
    edition_facts,
    item_facts,
    item_input,
)
from anlan.standards.flow import EDITION
from anlan.standards.models import Edition
from anlan.standards.needs import ChecklistChange, ChecklistInput
from anlan.standards.queries import editions

__all__ = ["router"]
WORDLESS: Any = Body(default_factory=NewEdition)
VERSIONED = {"parameters": [IF_MATCH]}


def _official(request: HttpRequest) -> Actor:
    actor = reader_of(request)
    if actor.role not in roles.OFFICIALS:
        raise Forbidden
    return actor


def _facts(edition: UUID, response: HttpResponse) -> EditionFacts:
    found = editions.edition(edition)
    response["ETag"] = f'"{found.version}"'
    return edition_facts(found, list(queries.items_of([found])))


@router.post("checklists", response={201: ChecklistFacts}, operation_id="checklist_create", summary="Make a checklist")
def create(request: HttpRequest, data: NewChecklist) -> Status[ChecklistFacts]:
    """By the committee office, or the regulator of the industry, of the list's territory. It has no edition yet."""
    given = {name: getattr(data, name) for name in data.model_fields_set & set(ChecklistInput.model_fields)}
    made = actions.create_checklist(actor=_official(request), data=given, id=data.id)
    return Status(201, checklist_facts(made, []))


@router.patch(
    "checklists/{uuid:checklist_id}",
    response=ChecklistFacts,
    operation_id="checklist_edit",
    summary="Change a checklist",
)
def edit(request: HttpRequest, checklist_id: UUID, data: ChecklistPatch) -> ChecklistFacts:
    """Its name, its campaign, the kinds of visit it serves, and whether it is in use. Its items are in its editions."""
    actor = _official(request)
    known = locked(checklist_id)
    whole = {name: getattr(known, name) for name in ChecklistChange.model_fields}
    actions.edit_checklist(actor=actor, checklist=checklist_id, data=whole | data.model_dump(exclude_unset=True))
    found = editions.checklist(checklist_id)
    return checklist_facts(found, editions.editions_of(found))


@router.post(
    "checklists/{uuid:checklist_id}/editions",
    response={201: EditionFacts},
    operation_id="edition_draft",
    summary="Begin an edition",
)
def draft(
    request: HttpRequest, checklist_id: UUID, response: HttpResponse, data: NewEdition = WORDLESS
) -> Status[EditionFacts]:
    """With the items of the last one in force. A checklist has one edition at work at a time: 409 `edition.at_work`."""
    made = actions.draft_edition(actor=_official(request), checklist=checklist_id, data=data)
    return Status(201, _facts(made.pk, response))


@router.post(
    "checklists/editions/{edition_id}/items",
    response={201: ItemFacts},
    operation_id="item_add",
    summary="Add an item",
    openapi_extra=VERSIONED,
)
def add_item(request: HttpRequest, edition_id: UUID, data: NewItem) -> Status[ItemFacts]:
    """At the end of a draft. Its code stays the same over editions and stands once in each."""
    given = data.model_dump(exclude_unset=True)
    actions.add_item(actor=_official(request), edition=edition_id, data=given, version=if_match(request))
    rows = queries.items_of([editions.edition(edition_id)])
    return Status(201, item_facts(rows.get(code=data.code)))


@router.put(
    "checklists/editions/{edition_id}/items",
    response=EditionFacts,
    operation_id="items_fill",
    summary="Put all items of a draft",
)
def fill(request: HttpRequest, edition_id: UUID, response: HttpResponse, data: AllItems) -> EditionFacts:
    """All or none; what is wrong is said at the item, such as `items.3.code`."""
    actions.fill_edition(actor=_official(request), edition=edition_id, items=data.items)
    return _facts(edition_id, response)


@router.patch(
    "checklists/items/{item_id}",
    response=ItemFacts,
    operation_id="item_edit",
    summary="Change an item of a draft",
    openapi_extra=VERSIONED,
)
def edit_item(request: HttpRequest, item_id: UUID, data: ItemPatch) -> ItemFacts:
    actor = _official(request)
    known = editions.item(item_id, held=True)
    whole = item_input(known) | data.model_dump(exclude_unset=True)
    actions.edit_item(actor=actor, edition=known.edition_id, item=item_id, data=whole, version=if_match(request))
    return item_facts(editions.item(item_id))


@router.post(
    "checklists/items/{item_id}/move",
    response=EditionFacts,
    operation_id="item_move",
    summary="Move an item of a draft up or down",
)
def move_item(request: HttpRequest, item_id: UUID, response: HttpResponse, data: ItemMove) -> EditionFacts:
    """The first does not move up, nor the last down: nothing changes then."""
    actor = _official(request)
    edition = editions.item(item_id).edition_id
    actions.move_item(actor=actor, edition=edition, item=item_id, up=data.up)
    return _facts(edition, response)


@router.post(
    "checklists/items/{item_id}/remove",
    response=EditionFacts,
    operation_id="item_remove",
    summary="Take an item out of a draft",
)
def remove_item(request: HttpRequest, item_id: UUID, response: HttpResponse) -> EditionFacts:
    """Editions before this one keep it."""
    actor = _official(request)
    edition = editions.item(item_id).edition_id
    actions.remove_item(actor=actor, edition=edition, item=item_id)
    return _facts(edition, response)


def _operation(step: Step) -> Callable[..., EditionFacts]:
    """The view of one step; its body is the step's own schema."""
    schema: Any = create_model(f"Edition{step.name.title().replace('_', '')}", __base__=step.needs)
    needless = all(not field.is_required() for field in schema.model_fields.values())
    body: Any = Body(default_factory=schema) if needless else Body(...)

    def take(
        request: HttpRequest,
        edition_id: UUID,
        response: HttpResponse,
        asked: Query[EditionStepQuestion],
        data: schema = body,
    ) -> EditionFacts:
        actor = _official(request)
        version = asked.version if asked.version is not None else if_match(request)
        taken: Edition = actions.take_step(actor=actor, edition=edition_id, step=step.name, data=data, version=version)
        return _facts(taken.pk, response)

    take.__name__ = f"edition_{step.name}"
    return take


for _step in EDITION.steps:
    if not (_step.clock or _step.quiet or _step.opens):
        router.post(
            f"checklists/editions/{{edition_id}}/steps/{_step.name}",
            response=EditionFacts,
            operation_id=f"edition_{_step.name}",
            openapi_extra=VERSIONED,
            **in_english(lambda: described(_step)),  # noqa: B023 -- called at once
        )(_operation(_step))
