"""The way of a report from unit to unit: each step that sends it on, back or once more adds one leg."""

from typing import Any

from anlan.kernel.errors import Conflict
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.reports.models import Report, Sending


def add_leg(taking: Taking, way: str, reason: str, **more: Any) -> None:
    """One leg to the unit the report now names. `way`: one of `Sending.WAYS`; `more`: the rule, the confidence."""
    report: Report = taking.record
    if report.unit_id is None:
        raise Conflict
    leg = Sending(
        id=new_id(),
        report_id=report.pk,
        unit_id=report.unit_id,
        way=way,
        reason=reason,
        by_name=taking.actor.name,
        by_post=taking.actor.post_label[:120],
        at=taking.at,
        **more,
    )
    taking.later.append(lambda: Sending.objects.bulk_create([leg]))
