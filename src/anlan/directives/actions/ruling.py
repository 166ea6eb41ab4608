"""What a person decides on a proposal: a task as it was read, a task in other words, or none."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.directives import needs
from anlan.directives.actions.tasks import Facts, give
from anlan.directives.models import Directive, DirectiveTask, Proposal
from anlan.directives.reading.times import UNREAL
from anlan.directives.rules import registers, units_of
from anlan.identity.models import Organisation
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.calendar import working_days
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.wording import parsed
from anlan.kernel.workdays import MORNING


def accept(*, actor: Actor, proposal: UUID, data: BaseModel | dict[str, Any]) -> list[DirectiveTask]:
    """One task for each unit, with what the reader found. Raises NotFound, Forbidden, Conflict when it was ruled on, Invalid."""
    checked = parsed(needs.Accept, data)
    row = _open(actor, proposal)
    if words := unsettled(row):
        raise Invalid(fields={"due": [no_such_day(words)]})
    facts = proposed(row)
    tasks = give(actor, row.directive, row, _units(checked.units, row.region), facts)
    _rule(actor, row, "accepted", tasks)
    return tasks


def mend(*, actor: Actor, proposal: UUID, data: BaseModel | dict[str, Any]) -> list[DirectiveTask]:
    """The same with a person's what, when, how often, partners and evidence in place of the reader's."""
    checked = parsed(needs.Mend, data)
    row = _open(actor, proposal)
    facts = _said(checked)
    tasks = give(actor, row.directive, row, _units(checked.units, row.region), facts)
    _rule(actor, row, "mended", tasks, {"what": checked.what, "due": checked.due, "rhythm": facts.rhythm})
    return tasks


def add(*, actor: Actor, directive: UUID, data: BaseModel | dict[str, Any]) -> list[DirectiveTask]:
    """A task that the reader did not see: a person marked its words in the normalised text. Kept beside the others, to learn from."""
    checked = parsed(needs.Add, data)
    document = Directive.objects.select_for_update(of=("self",)).filter(pk=directive).first()
    if document is None:
        raise NotFound
    if not registers(actor, document.region):
        raise Forbidden(_("Only %(who)s may do this."), who=_("the committee office of the territory"))
    quote = document.normalised[checked.start : checked.end].strip()
    if not quote:
        raise Invalid(fields={"start": [_("Mark the words of the document that ask for it.")]})
    facts = _said(checked)
    row = Proposal(
        id=new_id(),
        directive=document,
        region=document.region,
        position=(document.proposals.aggregate(last=Max("position"))["last"] or 0) + 1,
        start=checked.start,
        end=checked.end,
        fields=by_hand(checked, quote),
        confidence_permille=1000,
    )
    row.save(force_insert=True)
    tasks = give(actor, document, row, _units(checked.units, document.region), facts)
    _rule(actor, row, "added", tasks, {"what": checked.what, "due": checked.due, "rhythm": facts.rhythm})
    return tasks


def by_hand(said: needs.Add, quote: str) -> dict[str, Any]:
    """In the shape of `reading.shown.task`; its place in the original is not known."""
    return {
        "span": [said.start, said.end],
        "original": None,
        "text": quote,
        "what": said.what,
        "who": "",
        "who_from": "",
        "with": said.partners,
        "when": {"text": "", "due": said.due.isoformat(), "rule": None} if said.due else None,
        "when_from": "",
        "how_often": said.rhythm.model_dump() if said.rhythm else None,
        "urgent": "",
        "unsettled": "",
        "evidence": list(said.evidence),
        "confidence": 1.0,
        "why": ["by_hand"],
    }


def _said(checked: needs.Mend) -> Facts:
    if checked.due and checked.rhythm:
        raise Invalid(fields={"due": [_("What comes again has no one day: say until when.")]})
    return Facts(
        what=checked.what,
        due=checked.due,
        rhythm=checked.rhythm.model_dump() if checked.rhythm else None,
        until=checked.until,
        partners=checked.partners,
        evidence=list(checked.evidence),
    )


def refuse(*, actor: Actor, proposal: UUID, data: BaseModel | dict[str, Any]) -> Proposal:
    """It is no task; the reason teaches whoever improves the reader."""
    checked = parsed(needs.Refuse, data)
    row = _open(actor, proposal)
    row.reason = checked.reason
    _rule(actor, row, "refused", [], {"reason": checked.reason})
    return row


def unsettled(row: Proposal) -> str:
    """The words of a day that does not exist (2月30日前); a person says in `mend` which is meant."""
    return str(row.fields.get("unsettled") or "")


def no_such_day(words: str) -> str:
    said = _("“%(words)s” is no day that exists. Settle with the issuer which is meant, and set it.")
    return str(said) % {"words": words}


def proposed(row: Proposal) -> Facts:
    """What the reader found, with its rule turned into a day: from the day on which the document came in."""
    fields = row.fields
    return Facts(
        what=str(fields["what"])[:500] or str(fields["text"])[:500],
        due=None if fields["how_often"] else _day(fields, row.directive),
        rhythm=fields["how_often"],
        until=_day(fields, row.directive) if fields["how_often"] else None,
        partners=str(fields["with"])[:200],
        evidence=list(fields["evidence"]),
    )


def _day(fields: dict[str, Any], directive: Directive) -> date | None:
    when = fields["when"]
    if when and when["due"]:
        return date.fromisoformat(when["due"])
    if when is None:
        # What is asked for at once has not as long as the whole document.
        return None if fields.get("urgent") and not fields["how_often"] else directive.limit
    rule = when["rule"]
    if rule.get(UNREAL):
        return None
    if rule.get("after") != "received":
        return directive.limit
    start = datetime.combine(directive.received_on, MORNING, clock.SHANGHAI)
    if "working_days" in rule:
        return clock.day_of(working_days().add(start, rule["working_days"]))
    if "hours" in rule or "minutes" in rule:
        return clock.day_of(start + timedelta(hours=rule.get("hours", 0), minutes=rule.get("minutes", 0)))
    later = clock.months_after(directive.received_on, rule.get("months", 0))
    days = (later - directive.received_on).days + rule.get("days", 0) + 7 * rule.get("weeks", 0)
    return clock.day_of(working_days().add_calendar_days(start, days))


def _open(actor: Actor, proposal: UUID) -> Proposal:
    """The proposal under its lock, still to be ruled on."""
    row = Proposal.objects.select_for_update(of=("self",)).select_related("directive").filter(pk=proposal).first()
    if row is None:
        raise NotFound
    if not registers(actor, row.region):
        raise Forbidden(_("Only %(who)s may do this."), who=_("the committee office of the territory"))
    if row.ruling:
        raise Conflict(_("This proposal was decided on already."), code="proposal.ruled")
    return row


def _units(ids: list[UUID], region: int) -> list[Organisation]:
    """Those of the document's territory; an enterprise is asked through the unit that supervises it."""
    wanted = list(dict.fromkeys(ids))
    found = {one.pk: one for one in units_of(region).filter(pk__in=wanted)}
    if len(found) != len(wanted):
        raise Invalid(fields={"units": [_("Choose units of your territory.")]})
    return [found[one] for one in wanted]


def _rule(
    actor: Actor, row: Proposal, ruling: str, tasks: list[DirectiveTask], more: dict[str, Any] | None = None
) -> None:
    row.ruling, row.ruled_by, row.ruled_at = ruling, actor.person, clock.now()
    row.save(update_fields=["ruling", "ruled_by", "ruled_at", "reason"])
    write_note(
        actor=actor,
        subject_type="directive",
        subject_id=row.directive_id,
        step=f"{ruling}_proposal",
        data={"proposal": row.position, "text": row.fields["text"], "tasks": [one.number for one in tasks]}
        | (more or {}),
        region=row.region,
    )
