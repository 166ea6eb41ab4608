"""What became of one return: who confirmed what, what was amended, why it was sent back, and the unit's months before."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from anlan.campaigns.models import Amendment, Confirmation, Return
from anlan.campaigns.returns.kept import figures_of
from anlan.campaigns.returns.saying import shown
from anlan.campaigns.returns.template import Cell
from anlan.campaigns.states import COUNTED
from anlan.campaigns.versions import checker_for
from anlan.kernel.ledger.read import last_act

MONTHS = 12


def confirmations(record: Return) -> dict[str, Confirmation]:
    """Of the present round, by panel."""
    return {one.panel: one for one in Confirmation.objects.filter(of=record, round=record.round)}


def amendments(record: Return) -> list[Amendment]:
    """Newest first."""
    return list(Amendment.objects.filter(of=record).order_by("-at", "-id"))


def marked_panels(record: Return) -> list[str]:
    """Those that the reviewer named when it was sent back last; none in any other state."""
    if record.state not in ("returned", "draft") or not record.sent_back:
        return []
    act = last_act(record.pk, steps=["send_back"])
    return [str(one) for one in (act.data.get("panels") or [])] if act else []


@dataclass(frozen=True, kw_only=True)
class Past:
    """A figure in one month; None where the return was not accepted or has no such box."""

    month: date
    record: Return
    figure: int | None
    said: str


def history(record: Return, cell: Cell) -> list[Past]:
    """A figure over the unit's last months, oldest first."""
    rows = Return.objects.filter(campaign_id=record.campaign_id, unit_id=record.unit_id, month__lte=record.month)
    found = []
    for row in rows.order_by("-month")[:MONTHS]:
        template = checker_for(row.template_id).template
        figures = figures_of(template, row.values) if row.state in COUNTED or row.pk == record.pk else {}
        figure = figures.get(cell.name)
        found.append(Past(month=row.month, record=row, figure=figure, said=_said(template, cell.name, figure)))
    return found[::-1]


def _said(template: Any, name: str, figure: int | None) -> str:
    return shown(template, name, figure) if figure is not None else ""
