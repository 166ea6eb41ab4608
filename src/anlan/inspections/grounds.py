"""
Why a visit is made: for officials alone.

An enterprise that reads its visit must not learn of a complaint, of a count that holds hidden visits, or of another
department's plan. The occasion is left out whole: where only complaints were left out, the gap would tell of one.
"""

from typing import Any
from uuid import UUID, uuid5

from anlan.inspections.models import Visit
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Taking
from anlan.kernel.ledger.write import write_note

GROUNDS = ("reason", "reason_words", "cap_exception", "apart")
SUBJECT = "visit_grounds"


def may_know(actor: Actor) -> bool:
    return not actor.enterprises


def subject_of(visit: UUID) -> UUID:
    """The grounds have a chain of entries of their own, found by the visit's id."""
    return uuid5(visit, SUBJECT)


def withhold(taking: Taking, *names: str, **more: Any) -> None:
    """Leave the grounds out of the visit's entry, which the enterprise reads, and write them into one that it cannot."""
    visit: Visit = taking.record
    chosen = names or GROUNDS
    taking.withheld.update(chosen)
    said = {name: getattr(visit, name) for name in chosen if getattr(visit, name)}
    actor = taking.actor

    def write() -> None:
        write_note(
            actor=actor,
            subject_type=SUBJECT,
            subject_id=subject_of(visit.pk),
            step="give_grounds",
            data={"visit": visit.pk, "number": visit.number, **said, **more},
            region=visit.region,
            industry_bit=visit.industry_bit,
        )

    taking.later.append(write)
