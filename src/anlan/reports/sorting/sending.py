"""Many reports sent at once: each by its own verb and savepoint, so that one that cannot go holds up no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid, Problem
from anlan.reports.models import Report
from anlan.reports.sorting.queue import propose

MOST = 200


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one report of many: sent to whom, or why not."""

    id: UUID
    number: str
    unit: str = ""
    trouble: str = ""


def reasons(problem: Problem) -> str:
    """A problem in one line."""
    said = [str(one) for fields in problem.fields.values() for one in fields]
    return " ".join(said) or problem.detail


def send_many(*, actor: Actor, reports: Sequence[UUID], unit: UUID | None) -> list[Outcome]:
    """All to one unit, or (with None) each to the one that a rule or a sure suggestion names."""
    found = []
    rows = {row.pk: row for row in Report.objects.filter(pk__in=list(reports)[:MOST])}
    for report in (rows[one] for one in dict.fromkeys(reports) if one in rows):
        try:
            with transaction.atomic():
                name = _send(actor, report, unit)
            found.append(Outcome(id=report.pk, number=report.number, unit=name))
        except Problem as problem:
            found.append(Outcome(id=report.pk, number=report.number, trouble=reasons(problem)))
    return found


def _send(actor: Actor, report: Report, unit: UUID | None) -> str:
    from anlan.reports.actions import take_step

    if unit is not None and report.state == "dispatched" and report.unit_id == unit:
        return ""  # pressed twice
    proposal = propose(report)
    chosen = next((one for one in proposal.candidates if (one.unit == unit if unit else one.sure)), None)
    if chosen is None and unit is None:
        raise Invalid(_("Neither a rule nor a sure suggestion says where it goes."))
    data: dict[str, object] = {"unit": unit or (chosen.unit if chosen else None), "way": "hand"}
    if chosen is not None and chosen.way in ("rule", "suggested") and chosen.sure:
        data |= {"way": chosen.way, "rule": chosen.rule if chosen.way == "rule" else None}
        if chosen.confidence is not None:
            data["confidence"] = f"{chosen.confidence:.3f}"
    if report.category_id is None and proposal.category:
        data["category"] = proposal.category
    done = take_step(actor=actor, report=report.pk, step="dispatch", data=data)
    if done.unit_id is None:
        return ""
    with scope.elevated("the name of the unit it was sent to"):
        return Organisation.objects.filter(pk=done.unit_id).values_list("name", flat=True).first() or ""
