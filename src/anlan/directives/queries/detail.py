"""One document, one task, with what hangs on each. Absent and out of scope answer alike."""

from uuid import UUID

from anlan.directives.models import Directive, DirectiveTask, Intake, Proposal, Recurrence
from anlan.directives.rules import registers
from anlan.files.models import File
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound


def directive(directive_id: UUID) -> Directive:
    found = Directive.objects.select_related("file").filter(pk=directive_id).first()
    if found is None:
        raise NotFound
    return found


def proposals(actor: Actor, of: Directive) -> list[Proposal]:
    """In the order of the text; for the office alone."""
    if not registers(actor, of.region):
        return []
    return list(Proposal.objects.filter(directive=of).prefetch_related("tasks__unit").order_by("start", "position"))


def proposal(actor: Actor, proposal_id: UUID) -> Proposal:
    found = Proposal.objects.select_related("directive").filter(pk=proposal_id).first()
    if found is None or not registers(actor, found.region):
        raise NotFound
    return found


def task(task_id: UUID) -> DirectiveTask:
    found = DirectiveTask.objects.select_related("unit", "directive", "recurrence").filter(pk=task_id).first()
    if found is None:
        raise NotFound
    return found


def tasks_of(of: Directive) -> list[DirectiveTask]:
    """Those in the reader's sight, the nearest day first."""
    rows = DirectiveTask.objects.filter(directive=of).select_related("unit")
    return list(rows.order_by("due", "number")[:200])


def files_of(subject: UUID) -> list[File]:
    return list(File.objects.filter(subject_id=subject).order_by("uploaded_at", "id"))


def intake(actor: Actor, intake_id: UUID) -> Intake:
    found = Intake.objects.filter(pk=intake_id).first()
    if found is None or not registers(actor, found.region):
        raise NotFound
    return found


def intakes(actor: Actor) -> list[Intake]:
    """What was brought in and not registered yet."""
    rows = Intake.objects.filter(scope.within(actor, industry=None)).defer("text")
    return [one for one in rows.order_by("-created_at")[:20] if registers(actor, one.region)]


def recurrences(actor: Actor) -> list[Recurrence]:
    """Duties that the territory's office watches, and those of the actor's unit: running ones first, the next to open first."""
    seen = scope.within(actor, region="issued_region", industry=None)
    if actor.organisation and not registers(actor, actor.region or 0):
        seen = scope.within(actor, industry=None)
    rows = Recurrence.objects.filter(seen).select_related("unit", "directive")
    return list(rows.defer("directive__text", "directive__normalised").order_by("ended_at", "opens_on", "id")[:300])


def recurrence(recurrence_id: UUID) -> Recurrence:
    found = Recurrence.objects.select_related("unit", "directive").filter(pk=recurrence_id).first()
    if found is None:
        raise NotFound
    return found


def latest_of(rows: list[Recurrence]) -> dict[UUID, DirectiveTask]:
    """The task of the latest period of each."""
    found = DirectiveTask.objects.filter(recurrence__in=[one.pk for one in rows])
    newest = found.order_by("recurrence_id", "-period").distinct("recurrence_id")
    return {one.recurrence_id: one for one in newest if one.recurrence_id}
