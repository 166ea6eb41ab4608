"""Who is told what of a task."""

from typing import Any

from anlan.directives.letters import draft_letter
from anlan.directives.models import DirectiveTask
from anlan.directives.rules import UNIT_ROLES
from anlan.directives.rulings import recipients_of
from anlan.identity import roles
from anlan.identity.holders import Whom, reach
from anlan.kernel.flow import Taking
from anlan.notify.actions import send

OF_UNIT = ("assigned", "signed_for", "under_way", "returned")


def whom(task: DirectiveTask) -> list[Whom]:
    """Whom a task waits for now."""
    if task.state in OF_UNIT:
        return [Whom(roles=sorted(UNIT_ROLES), region=task.region, enterprise=task.unit_id)]
    if task.state in ("handed_back", "reported", "verified"):
        return [office(task)]
    return []


def office(task: DirectiveTask) -> Whom:
    return Whom(roles=[roles.OFFICE], region=task.issued_region, nearest=True)


def _tell(task: DirectiveTask, to: list[Whom], kind: str, taking: Taking, **facts: Any) -> None:
    but = taking.actor.person
    send(
        to=[found for one in to for found in reach(one) if found[0] != but],
        done_by=but,
        kind=kind,
        facts={"number": task.number, "state": task.state, "place": task.what[:60], "due": task.due_at, **facts},
        url=f"/directives/tasks/{task.pk}/",
        subject_type="directive_task",
        subject_id=task.pk,
    )


def moved(taking: Taking) -> None:
    _tell(taking.record, whom(taking.record), "task.waits", taking, why=f"waits:{taking.record.state}")


def climbed(taking: Taking) -> None:
    task: DirectiveTask = taking.record
    to = [office(task)] if recipients_of(task, taking.data.level) == "office" else whom(task)
    kind = "task.late" if task.late else "task.remind"
    _tell(task, to, kind, taking, level=taking.data.level, why="waited_for")
    if task.late and task.state in OF_UNIT and recipients_of(task, taking.data.level) == "office":
        draft_letter(task, taking.data.level)
