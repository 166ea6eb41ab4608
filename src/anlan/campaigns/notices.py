"""Who is told what of a monthly return. Every message says why it was sent."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from anlan.campaigns.letters import drafted
from anlan.campaigns.models import Return
from anlan.campaigns.rules import AT_WORK
from anlan.campaigns.rulings import recipient_of
from anlan.identity import roles
from anlan.identity.holders import Whom, reach
from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.flow import Taking
from anlan.notify.actions import send


def unit(record: Return) -> Whom:
    """The posts of the unit that write its return."""
    return Whom(roles=sorted(AT_WORK), region=record.region, enterprise=record.unit_id)


def office(record: Return) -> Whom:
    return Whom(roles=[roles.OFFICE], region=record.territory, nearest=True)


def reviewer(record: Return) -> Whom:
    """The posts of the unit that looks at it first; where there is none, the office."""
    if record.reviewer_id is None:
        return office(record)
    return Whom(roles=sorted(AT_WORK), region=record.region, enterprise=record.reviewer_id)


def whom(record: Return) -> Whom:
    """Whom a return waits for now."""
    if record.state == "passed":
        return reviewer(record)
    return office(record) if record.state == "accepted" else unit(record)


def tell(record: Return, to: Iterable[Whom], kind: str, *, but: UUID | None = None, **facts: Any) -> None:
    """Tell everybody meant, except the person `but`, who acted: for them it is done."""
    with scope.elevated("a message names the unit it is about"):
        place = Organisation.objects.values_list("name", flat=True).get(pk=record.unit_id)
    due = {"due_at": record.due_at} if record.due_at else {}
    send(
        to=[found for one in to for found in reach(one) if found[0] != but],
        done_by=but,
        kind=kind,
        facts={"number": f"{record.month:%Y-%m}", "place": place, "state": record.state, **due, **facts},
        url=f"/campaigns/returns/{record.pk}/",
        subject_type="monthly_return",
        subject_id=record.pk,
    )


def opened(taking: Taking) -> None:
    tell(taking.record, [unit(taking.record)], "return.opened", but=taking.actor.person, why="fills")


def handed_in(taking: Taking) -> None:
    """What the unit was told before is done."""
    tell(taking.record, [], "return.waits", but=taking.actor.person)


def judged(taking: Taking) -> None:
    """The checks passed it on to its reviewer, or bounced it: everybody of the unit learns that, not only who pressed the button."""
    record: Return = taking.record
    if record.state == "passed":
        tell(record, [reviewer(record)], "return.waits", why="reviews")
    else:
        count = len({one["check"] for one in record.troubles if one["severity"] != "warning"})
        tell(record, [unit(record)], "return.bounced", count=count, why="fills")


def sent_back(taking: Taking) -> None:
    record: Return = taking.record
    told = {"by": taking.actor.name, "words": record.reason, "why": "fills"}
    tell(record, [unit(record)], "return.returned", but=taking.actor.person, **told)


def accepted(taking: Taking) -> None:
    record: Return = taking.record
    tell(record, [unit(record)], "return.accepted", but=taking.actor.person, by=taking.actor.name, why="fills")
    tell(record, [office(record)], "return.to_lock", but=taking.actor.person, by=taking.actor.name, why="locks")


def locked(taking: Taking) -> None:
    tell(
        taking.record,
        [unit(taking.record)],
        "return.locked",
        but=taking.actor.person,
        by=taking.actor.name,
        why="fills",
    )


def amended(taking: Taking) -> None:
    """Whoever vouched for the old figure learns of the new one: the unit and its reviewer."""
    record: Return = taking.record
    told = {"by": taking.actor.name, "words": taking.data.reason}
    tell(record, [unit(record)], "return.amended", but=taking.actor.person, why="fills", **told)
    if record.reviewer_id:
        tell(record, [reviewer(record)], "return.amended", but=taking.actor.person, why="reviews", **told)


def climbed(taking: Taking) -> None:
    """A rung of the ladder: a reminder, or that it is late; a rung that says so drafts a letter for a person to approve."""
    record: Return = taking.record
    level: int = taking.data.level
    to = recipient_of(record, level)
    told = {"waiting": whom(record), "unit": unit(record), "reviewer": reviewer(record)}.get(to, office(record))
    why = {"unit": "fills", "reviewer": "reviews", "waiting": "waited_for"}.get(to, "returns_office")
    kind = "return.late" if record.late else "return.remind"
    if to == "letter" and drafted(record, actor=taking.actor, level=level):
        kind = "return.letter"
    tell(record, [told], kind, level=level, why=why)
