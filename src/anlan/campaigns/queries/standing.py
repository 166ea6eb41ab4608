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
LEAST_SECONDS = 3


def confirmations(record: Return) -> dict[str, Confirmation]:
    """Of the present round, by panel."""
    return {one.panel: one for one in Confirmation.objects.filter(of=record, round=record.round)}


@dataclass(frozen=True, kw_only=True)
class Look:
    """How the present round was looked at: `seconds` from the first panel that was confirmed to the last."""

    panels: int
    seconds: int
    people: tuple[str, ...]

    @property
    def hasty(self) -> bool:
        """Nobody reads a panel in less than some seconds: whoever locks should know. [K]"""
        return self.panels > 1 and self.seconds < LEAST_SECONDS * (self.panels - 1)


def look(record: Return) -> Look | None:
    found = sorted(confirmations(record).values(), key=lambda one: one.at)
    if not found:
        return None
    names = tuple(dict.fromkeys(one.name for one in found))
    return Look(panels=len(found), seconds=int((found[-1].at - found[0].at).total_seconds()), people=names)


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
