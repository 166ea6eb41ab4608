"""Giving tasks to units, and every step people take on them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.directives.flow import DIRECTIVE_TASK
from anlan.directives.models import Directive, DirectiveTask, Proposal, Recurrence
from anlan.directives.recurring import due, period, recurs, times_wanted
from anlan.identity.models import Organisation
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.calendar import working_days
from anlan.kernel.errors import NotFound
from anlan.kernel.flow.take import begin, take
from anlan.kernel.ids import new_id
from anlan.kernel.numbering import next_number

PREFIX, COUNTER = "DB", "directive_task"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a task says, whoever settled it. `rhythm` is what `reading.shown.rhythm` gives; `until` its last day."""

    what: str
    due: date | None = None
    rhythm: dict[str, Any] | None = None
    until: date | None = None
    partners: str = ""
    evidence: list[str] = field(default_factory=list)


def give(
    actor: Actor, directive: Directive, proposal: Proposal, units: list[Organisation], facts: Facts
) -> list[DirectiveTask]:
    """One task for each unit; of what comes again the first, and a recurrence that opens the others."""
    return [_give(actor, directive, proposal, unit, facts) for unit in units]


def _give(actor: Actor, directive: Directive, proposal: Proposal, unit: Organisation, facts: Facts) -> DirectiveTask:
    quote = str(proposal.fields["text"])
    if not recurs(facts.rhythm) or facts.rhythm is None:
        task = _task(directive, unit, facts, quote=quote)
        task.proposal, task.due = proposal, facts.due or facts.until
        return _begun(actor, task)
    opens = _first_opening(facts.rhythm)
    row = Recurrence(
        id=new_id(),
        directive=directive,
        proposal=proposal,
        unit=unit,
        region=unit.region,
        issued_region=directive.region,
        what=facts.what,
        quote=quote,
        partners=facts.partners,
        evidence=facts.evidence,
        rhythm=facts.rhythm,
        starts_on=clock.today(),
        ends_on=facts.until,
        opens_on=opens,
    )
    row.save(force_insert=True)
    return open_period(actor, row)


def _first_opening(rhythm: dict[str, Any]) -> date:
    """Today, unless the period's day has passed: nobody is late with what nobody had asked for."""
    today = clock.today()
    span = period(rhythm, today)
    return today if due(rhythm, span, working_days()) >= today else date.fromordinal(span.last.toordinal() + 1)


def open_period(actor: Actor, row: Recurrence) -> DirectiveTask:
    """
    The task of the period that `row.opens_on` lies in; the row moves on to the period after it.

    Raises CalendarExhausted past the calendar's end, and then nothing has changed.
    """
    span = period(row.rhythm, row.opens_on)
    day = due(row.rhythm, span, working_days())
    facts = Facts(what=row.what, partners=row.partners, evidence=list(row.evidence))
    task = _task(row.directive, row.unit, facts, quote=row.quote)
    task.wanted = times_wanted(row.rhythm)
    task.recurrence, task.proposal, task.period, task.due = row, row.proposal, span.first, day
    row.opens_on = date.fromordinal(span.last.toordinal() + 1)
    row.save(update_fields=["opens_on"])
    return _begun(actor, task)


def _task(directive: Directive, unit: Organisation, facts: Facts, *, quote: str) -> DirectiveTask:
    return DirectiveTask(
        id=new_id(),
        number=next_number(PREFIX, COUNTER, region=unit.region, year=clock.today().year),
        state="",
        state_since=clock.now(),
        directive=directive,
        unit=unit,
        region=unit.region,
        issued_region=directive.region,
        what=facts.what,
        quote=quote,
        partners=facts.partners,
        evidence=facts.evidence,
        created_at=clock.now(),
    )


def _begun(actor: Actor, task: DirectiveTask) -> DirectiveTask:
    made: DirectiveTask = begin(DIRECTIVE_TASK, "assign", task, actor=actor, data={})
    return made


def take_step(
    *, actor: Actor, task: UUID, step: str, data: BaseModel | dict[str, Any] | None = None, version: int | None = None
) -> DirectiveTask:
    """Take any step that people take."""
    if DIRECTIVE_TASK.has(step) and not DIRECTIVE_TASK.step(step).by_people:
        raise NotFound(_("There is no step “%(step)s”."), step=step, code="flow.unknown_step")
    found: DirectiveTask = take(DIRECTIVE_TASK, task, step, actor=actor, data=data, version=version)
    return found
