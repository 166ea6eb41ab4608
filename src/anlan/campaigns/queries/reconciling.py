"""Typed against counted: every figure that the platform counts too, with the difference and the reason that was given for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anlan.campaigns.models import Return
from anlan.campaigns.queries.listing import seen
from anlan.campaigns.returns.kept import figures_of
from anlan.campaigns.returns.saying import shown
from anlan.campaigns.returns.template import Cell
from anlan.campaigns.versions import checker_for
from anlan.kernel.actor import Actor

AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Pair:
    """`typed` is None where the box is blank. `counted` is as it was when the return was checked last."""

    record: Return
    cell: Cell
    typed: int | None
    counted: int
    typed_said: str
    counted_said: str
    reason: str
    reason_by: str

    @property
    def difference(self) -> int | None:
        return None if self.typed is None else self.typed - self.counted


@dataclass(frozen=True, kw_only=True)
class Total:
    cell: Cell
    typed: int
    counted: int
    units: int
    differing: int
    unexplained: int

    @property
    def difference(self) -> int:
        return self.typed - self.counted


def pairs(actor: Actor, campaign: UUID, month: date) -> Iterator[Pair]:
    """By unit, in the order of the form; of returns that were checked at least once."""
    rows = Return.objects.filter(seen(actor), campaign_id=campaign, month=month).exclude(counted={})
    for row in rows.select_related("unit").order_by("region", "id").iterator(AT_ONCE):
        template = checker_for(row.template_id).template
        figures = figures_of(template, row.values)
        for name, counted in row.counted.items():
            cell = template.cells.get(name)
            if cell is None or row.filler not in cell.panel.fills:
                continue
            typed = figures.get(name)
            given = row.values["reasons"].get(f"as_counted:{name}", {})
            yield Pair(
                record=row,
                cell=cell,
                typed=typed,
                counted=counted,
                typed_said=shown(template, name, typed) if typed is not None else "",
                counted_said=shown(template, name, counted),
                reason=given.get("typed", ""),
                reason_by=given.get("by", ""),
            )


def totals(found: list[Pair]) -> list[Total]:
    """By figure; blank boxes count as nothing typed."""
    by_cell: dict[str, list[Pair]] = {}
    for one in found:
        by_cell.setdefault(one.cell.name, []).append(one)
    return [
        Total(
            cell=some[0].cell,
            typed=sum(one.typed or 0 for one in some),
            counted=sum(one.counted for one in some),
            units=len(some),
            differing=sum(bool(one.difference) for one in some),
            unexplained=sum(bool(one.difference) and not one.reason for one in some),
        )
        for some in by_cell.values()
    ]
