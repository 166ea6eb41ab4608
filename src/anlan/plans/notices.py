"""Who is told what of an item, and the row of progress that every move leaves."""

from typing import Any

from django.urls import reverse

from anlan.identity import roles
from anlan.identity.holders import Whom, reach
from anlan.kernel.flow import Taking
from anlan.notify.actions import send
from anlan.plans.models import PlanItem
from anlan.plans.rules import UNIT_ROLES
from anlan.plans.rulings import recipients_of
from anlan.plans.states import OF_UNIT
from anlan.plans.steps import record_progress


def whom(item: PlanItem) -> list[Whom]:
    """Whom an item waits for now."""
    if item.state in OF_UNIT and item.unit_id:
        return [Whom(roles=sorted(UNIT_ROLES), region=item.region, enterprise=item.unit_id)]
    if item.state in ("handed_back", "reported", "verified"):
        return [office(item)]
    return []


def office(item: PlanItem) -> Whom:
    return Whom(roles=[roles.OFFICE], region=item.issued_region, nearest=True)


def _tell(item: PlanItem, to: list[Whom], kind: str, taking: Taking, **facts: Any) -> None:
    but = taking.actor.person
    send(
        to=[found for one in to for found in reach(one) if found[0] != but],
        done_by=but,
        kind=kind,
        facts={"number": item.number, "state": item.state, "place": item.name[:60], "due": item.due_at, **facts},
        url=reverse("plans:item", args=[item.pk]),
        subject_type="plan_item",
        subject_id=item.pk,
    )


def planned(taking: Taking) -> None:
    record_progress(taking)


def moved(taking: Taking) -> None:
    record_progress(taking)
    _tell(taking.record, whom(taking.record), "task.waits", taking, why=f"waits:{taking.record.state}")


def climbed(taking: Taking) -> None:
    item: PlanItem = taking.record
    to = [office(item)] if recipients_of(item, taking.data.level) == "office" else whom(item)
    kind = "task.late" if item.late else "task.remind"
    _tell(item, to, kind, taking, level=taking.data.level, why="waited_for")
