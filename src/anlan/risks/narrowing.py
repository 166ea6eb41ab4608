"""What the map is narrowed to, and the conditions that follow from it and from the reader's scope."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from anlan.kernel.actor import ALL_INDUSTRIES, EVERYWHERE, Actor
from anlan.kernel.codes import subtree
from anlan.kernel.reading import read_region
from anlan.registry.models import Industry
from anlan.risks.cells import COLOURS

TOWNSHIP = 1_000
UNASSESSED = "none"
"""How an address calls the points that were never assessed; their counts are called grey."""


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """The same words as in the list of points; `colour` is one of `cells.COLOURS`, `bit` −1 an unknown industry: nothing."""

    region: int | None = None
    industry: str = ""
    colour: str = ""
    overdue: bool = False
    bit: int | None = None

    def query(self, **over: Any) -> str:
        """As an address says it."""
        asked = {
            "region": self.region,
            "industry": self.industry,
            "colour": self.colour,
            "overdue": "1" if self.overdue else "",
            **over,
        }
        if asked["colour"] == "grey":
            asked["colour"] = UNASSESSED
        return urlencode({key: value for key, value in asked.items() if value})

    @property
    def figures(self) -> list[str]:
        """The columns of counts that are asked for."""
        wanted = [colour for colour in COLOURS if self.colour in ("", colour)]
        return [f"late_{colour}" for colour in wanted] if self.overdue else wanted


def read_narrowing(asked: Mapping[str, Any]) -> Narrowing:
    """From an address; what cannot be used counts as absent."""
    industry = str(asked.get("industry") or "")[:30]
    bit = None
    if industry:
        found = Industry.objects.filter(code=industry).values_list("bit", flat=True).first()
        bit = -1 if found is None else found
    colour = str(asked.get("colour") or "").replace(UNASSESSED, "grey")
    return Narrowing(
        region=read_region(asked.get("region")),
        industry=industry,
        bit=bit,
        colour=colour if colour in COLOURS else "",
        overdue=asked.get("overdue") in ("1", "true", "on", True),
    )


def reads_cells(actor: Actor, narrowing: Narrowing) -> bool:
    """Cells are kept by township: who sees less than whole townships, or asks for less, reads the points themselves."""
    spans = [*actor.regions, *([subtree(narrowing.region)] if narrowing.region else [])]
    return not actor.enterprises and all(low % TOWNSHIP == 0 and high % TOWNSHIP == 0 for low, high in spans)


def territory(actor: Actor, narrowing: Narrowing) -> tuple[str, list[Any]]:
    """Plain comparisons of regions, which the policy repeats behind them."""
    parts: list[str] = []
    values: list[Any] = []
    if actor.enterprises:
        parts.append("enterprise_id = ANY(%s)")
        values.append(list(actor.enterprises))
    elif actor.regions != EVERYWHERE:
        parts.append("(" + (" OR ".join("region >= %s AND region < %s" for _span in actor.regions) or "false") + ")")
        values += [bound for span in actor.regions for bound in span]
    if narrowing.region:
        parts.append("region >= %s AND region < %s")
        values += subtree(narrowing.region)
    return " AND ".join(parts) or "true", values


def counted(actor: Actor, narrowing: Narrowing) -> tuple[str, list[Any]]:
    """Territory and industries: the rows of cells to add up."""
    where, values = territory(actor, narrowing)
    if actor.industries != ALL_INDUSTRIES and not actor.enterprises:
        where += " AND industry_bit = ANY(%s)"
        values.append([bit for bit in range(63) if (actor.industries >> bit) & 1])
    if narrowing.bit is not None:
        where += " AND industry_bit = %s"
        values.append(narrowing.bit)
    return where, values


def shown(actor: Actor, narrowing: Narrowing) -> tuple[str, list[Any]]:
    """The points themselves."""
    where, values = counted(actor, narrowing)
    where += " AND active"
    if narrowing.colour:
        where += " AND colour = %s"
        values.append("" if narrowing.colour == "grey" else narrowing.colour)
    if narrowing.overdue:
        where += " AND reassess_by < (SELECT day FROM risks_mapday)"
    return where, values
