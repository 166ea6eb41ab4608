"""Documents from above for programs: bringing in, reading, deciding; tasks and their steps; the weekly digest."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router
from ninja.responses import Status
from pydantic import Field

from anlan.directives import actions, needs, queries
from anlan.directives.flow import DIRECTIVE_TASK
from anlan.directives.queries import TaskFilters
from anlan.directives.rules import READERS
from anlan.directives.schemas import (
    DigestDraftFacts,
    DigestFacts,
    DigestRow,
    Digests,
    DirectiveFacts,
    DirectivePage,
    DirectiveRow,
    Given,
    IntakeFacts,
    TaskFacts,
    TaskPage,
    TaskRow,
    digest_row,
    directive_facts,
    directive_row,
    intake_facts,
    task_facts,
    task_row,
)
from anlan.identity.asking import reader_of
from anlan.kernel.api import CursorText, Limit, Question, as_moment, cursor, known_region, read_cursor
from anlan.kernel.flow.operations import add_operations
from anlan.kernel.inputs import Day, Input, NewId, RegionCode, without_id

router = Router(tags=["directives"])
StateName = Literal[
    "open",
    "assigned",
    "handed_back",
    "signed_for",
    "under_way",
    "reported",
    "returned",
    "verified",
    "done",
    "withdrawn",
]


class DirectivesQuestion(Question):
    q: Annotated[str, Field(max_length=60)] = Field(default="", description="Of number, title or issuer.")
    limit: Limit = 50
    cursor: CursorText = ""


class TasksQuestion(Question):
    """The list's filters; the same words as in the address of the list page."""

    state: list[StateName] = Field(default=[], description="`open` means every state that waits for something.")
    unit: UUID | None = None
    directive: UUID | None = None
    region: RegionCode | None = Field(default=None, description="With all below it.")
    late: bool = False
    mine: bool = Field(default=False, description="Of the own unit.")
    q: Annotated[str, Field(max_length=60)] = ""
    limit: Limit = 50
    cursor: CursorText = ""


class NewDirective(needs.Register):
    """A document as text, or as the id of an uploaded file; it is read at once."""

    id: NewId


class Week(Input):
    day: Day | None = Field(default=None, description="Any day of the week; absent: this week.")


@router.get("directives", response=DirectivePage, operation_id="directives", summary="List documents from above")
def list_directives(request: HttpRequest, asked: Query[DirectivesQuestion]) -> DirectivePage:
    """Newest first. Those of the own territory, and those that give a task one may see."""
    actor = reader_of(request, READERS)
    after = read_cursor(asked.cursor, as_moment, UUID) if asked.cursor else None
    page = queries.directives(actor, words=asked.q.strip(), after=after, limit=asked.limit)
    count = queries.count_directives(actor, asked.q.strip())
    return DirectivePage(
        items=[DirectiveRow(**directive_row(row)) for row in page.rows],
        next=cursor(page.after[0].isoformat(), page.after[1]) if page.after else None,
        count=min(count, queries.COUNTED),
        count_is_exact=count <= queries.COUNTED,
    )


@router.post("directives", response={201: DirectiveFacts}, operation_id="directive_register", summary="Register")
def register_directive(request: HttpRequest, data: Body[NewDirective]) -> Status[DirectiveFacts]:
    """Read and registered at once. For large files and pictures `directives/incoming` reads in the background."""
    actor = reader_of(request, READERS)
    made = actions.register(actor=actor, data=without_id(needs.Register, data), id=data.id)
    return Status(201, directive_facts(actor, queries.directive(made.pk)))


@router.post("directives/incoming", response={202: IntakeFacts}, operation_id="directive_bring_in", summary="Bring in")
def bring_in(request: HttpRequest, data: Body[needs.Register]) -> Status[IntakeFacts]:
    """Put down to be read by a job; ask for it until its state is done, then register it."""
    return Status(202, intake_facts(actions.bring_in(actor=reader_of(request, READERS), data=data)))


@router.get(
    "directives/incoming/{uuid:intake_id}",
    response=IntakeFacts,
    operation_id="directive_incoming",
    summary="How far it is read",
)
def incoming(request: HttpRequest, intake_id: UUID) -> IntakeFacts:
    return intake_facts(queries.intake(reader_of(request, READERS), intake_id))


@router.post(
    "directives/incoming/{uuid:intake_id}/register",
    response={201: DirectiveFacts},
    operation_id="directive_register_incoming",
    summary="Register what was read",
)
def register_incoming(request: HttpRequest, intake_id: UUID, data: Body[needs.Head]) -> Status[DirectiveFacts]:
    actor = reader_of(request, READERS)
    made = actions.register_intake(actor=actor, intake=intake_id, data=data)
    return Status(201, directive_facts(actor, queries.directive(made.pk)))


@router.get("directives/{uuid:directive_id}", response=DirectiveFacts, operation_id="directive", summary="One document")
def directive(request: HttpRequest, directive_id: UUID) -> DirectiveFacts:
    """With its proposals, for the office; with the tasks one may see."""
    actor = reader_of(request, READERS)
    return directive_facts(actor, queries.directive(directive_id))


@router.post(
    "directives/{uuid:directive_id}/tasks",
    response={201: Given},
    operation_id="directive_add",
    summary="Add a task by hand",
)
def add_task(request: HttpRequest, directive_id: UUID, data: Body[needs.Add]) -> Status[Given]:
    made = actions.add(actor=reader_of(request, READERS), directive=directive_id, data=data)
    return Status(201, _given([one.pk for one in made]))


@router.post(
    "directive-proposals/{uuid:proposal_id}/accept",
    response={201: Given},
    operation_id="proposal_accept",
    summary="Accept a proposal",
)
def accept(request: HttpRequest, proposal_id: UUID, data: Body[needs.Accept]) -> Status[Given]:
    """One task for each unit."""
    made = actions.accept(actor=reader_of(request, READERS), proposal=proposal_id, data=data)
    return Status(201, _given([one.pk for one in made]))


@router.post(
    "directive-proposals/{uuid:proposal_id}/mend",
    response={201: Given},
    operation_id="proposal_mend",
    summary="Accept a proposal in other words",
)
def mend(request: HttpRequest, proposal_id: UUID, data: Body[needs.Mend]) -> Status[Given]:
    made = actions.mend(actor=reader_of(request, READERS), proposal=proposal_id, data=data)
    return Status(201, _given([one.pk for one in made]))


@router.post(
    "directive-proposals/{uuid:proposal_id}/refuse",
    response={204: None},
    operation_id="proposal_refuse",
    summary="Refuse a proposal",
)
def refuse(request: HttpRequest, proposal_id: UUID, data: Body[needs.Refuse]) -> Status[None]:
    actions.refuse(actor=reader_of(request, READERS), proposal=proposal_id, data=data)
    return Status(204, None)


def _given(tasks: list[UUID]) -> Given:
    return Given(tasks=[TaskRow(**task_row(queries.task(one))) for one in tasks])


@router.get("directive-tasks", response=TaskPage, operation_id="directive_tasks", summary="List tasks")
def list_tasks(request: HttpRequest, asked: Query[TasksQuestion]) -> TaskPage:
    """Newest first. Pages by cursor; only what this post may see."""
    actor = reader_of(request, READERS)
    filters = TaskFilters(
        states=tuple(asked.state),
        unit=asked.unit,
        directive=asked.directive,
        region=known_region(asked.region),
        late=asked.late,
        mine=asked.mine,
        words=asked.q.strip(),
    )
    after = read_cursor(asked.cursor, as_moment, UUID) if asked.cursor else None
    page = queries.tasks(actor, filters, after=after, limit=asked.limit)
    count = queries.count_tasks(actor, filters)
    return TaskPage(
        items=[TaskRow(**task_row(row)) for row in page.rows],
        next=cursor(page.after[0].isoformat(), page.after[1]) if page.after else None,
        count=min(count, queries.COUNTED),
        count_is_exact=count <= queries.COUNTED,
    )


@router.get(
    "directive-tasks/{uuid:directive_task_id}", response=TaskFacts, operation_id="directive_task", summary="One task"
)
def task(request: HttpRequest, directive_task_id: UUID, response: HttpResponse) -> TaskFacts:
    """With every step of the present state."""
    actor = reader_of(request, READERS)
    found = queries.task(directive_task_id)
    response["ETag"] = f'"{found.version}"'
    return task_facts(actor, found)


@router.get("directive-digests", response=Digests, operation_id="directive_digests", summary="Weekly digests")
def list_digests(request: HttpRequest) -> Digests:
    """The latest 120, newest first."""
    return Digests(items=[DigestRow(**digest_row(one)) for one in queries.digests(reader_of(request, READERS))])


@router.get(
    "directive-digests/{uuid:digest_id}",
    response=DigestFacts,
    operation_id="directive_digest",
    summary="One weekly digest",
)
def digest(request: HttpRequest, digest_id: UUID) -> DigestFacts:
    reader_of(request, READERS)
    found = queries.digest(digest_id)
    return DigestFacts(**digest_row(found), sections=found.sections, facts=found.facts)


@router.post(
    "directive-digests/drafts",
    response={201: DigestDraftFacts},
    operation_id="directive_digest_draft",
    summary="Draft a digest",
)
def draft_digest(request: HttpRequest, data: Body[Week]) -> Status[DigestDraftFacts]:
    """From the records as they stand now, in place of an earlier draft of the week."""
    made = actions.draft_digest(actor=reader_of(request, READERS), week=data.day)
    return Status(201, DigestDraftFacts(**{name: getattr(made, name) for name in DigestDraftFacts.model_fields}))


@router.put(
    "directive-digests/drafts/{uuid:digest_draft_id}",
    response=DigestDraftFacts,
    operation_id="directive_digest_edit",
    summary="Edit the draft",
)
def edit_digest(request: HttpRequest, digest_draft_id: UUID, data: Body[needs.EditDigest]) -> DigestDraftFacts:
    made = actions.save_digest(actor=reader_of(request, READERS), draft_id=digest_draft_id, data=data)
    return DigestDraftFacts(**{name: getattr(made, name) for name in DigestDraftFacts.model_fields})


@router.post(
    "directive-digests/drafts/{uuid:digest_draft_id}/issue",
    response={201: DigestFacts},
    operation_id="directive_digest_issue",
    summary="Issue the draft",
)
def issue_digest(request: HttpRequest, digest_draft_id: UUID) -> Status[DigestFacts]:
    """Given its number, kept as Word and PDF, and not changed any more."""
    made = actions.issue_digest(actor=reader_of(request, READERS), draft_id=digest_draft_id)
    return Status(201, DigestFacts(**digest_row(made), sections=made.sections, facts=made.facts))


add_operations(
    router,
    DIRECTIVE_TASK,
    under="directive-tasks",
    response=TaskFacts,
    take=lambda actor, task, step, data, version: task_facts(
        actor, queries.task(actions.take_step(actor=actor, task=task, step=step, data=data, version=version).pk)
    ),
)
