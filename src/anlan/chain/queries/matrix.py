"""The matrix: places down, fields across, each cell with who leads and what is wrong in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from anlan.chain import rulings
from anlan.chain.models import Duty
from anlan.chain.queries.checker import Bounds, Fault, check
from anlan.chain.queries.duties import running, seen
from anlan.identity.models import Region
from anlan.kernel import citysettings, clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import level
from anlan.registry.models import Industry
from anlan.registry.queries import industries

STATES = ("overlap", "omission", "cooperating", "vacant", "gap", "ok", "above")
TERRITORY, COMMITTEE = "territory", "committee"
_STATE_OF = {
    "two_leads": "overlap", "two_holders": "overlap", "part_overlap": "overlap", "part_gap": "gap", "body_gone": "vacant",
    "holder_left": "vacant", "no_lead": "omission", "no_leader": "gap", "no_territorial": "omission",
    "one_director_missing": "gap", "ended_without_successor": "omission",
}  # fmt: skip
_GRAVITY = ("omission", "overlap", "vacant", "gap")
"""Of several faults in one cell the first of these is its state."""


@dataclass(kw_only=True)
class Cell:
    """One place and one column: a field's code, the territory or the committee."""

    region: int
    column: str
    duties: list[Duty] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    expected: bool = True

    @property
    def state(self) -> str:
        found = {_state(fault) for fault in self.faults}
        for state in _GRAVITY:
            if state in found:
                helped = state == "omission" and any(one.part == "cooperate" for one in self.duties)
                return "cooperating" if helped else state
        return "ok" if self.expected or self.duties else "above"

    def parts(self, *parts: str) -> list[Duty]:
        return [one for one in self.duties if one.part in parts]


def _state(fault: Fault) -> str:
    if fault.name == "ended_without_successor" and fault.part != "lead":
        return "gap"
    return _STATE_OF[fault.name]


@dataclass(frozen=True, kw_only=True)
class Row:
    place: Region
    cells: list[Cell]

    @property
    def in_order(self) -> int:
        return sum(cell.state in ("ok", "above") for cell in self.cells)


@dataclass(frozen=True, kw_only=True)
class Matrix:
    root: Region
    fields: list[Industry]
    rows: list[Row]

    @property
    def totals(self) -> dict[str, int]:
        found = Counter(cell.state for row in self.rows for cell in row.cells)
        return {state: found[state] for state in STATES}


def places(root: Region) -> list[Region]:
    """The place itself and the next level below it."""
    below = {"province": "city", "city": "county", "county": "township"}.get(root.level, "")
    found = Region.objects.filter(parent=root, level=below, valid_to=None).order_by("code") if below else []
    return [root, *found]


def matrix(actor: Actor, *, region: int | None = None, industry: str = "") -> Matrix:
    """Raises NotFound for a place outside the actor's territory."""
    bounds = Bounds.of(actor, region)
    root = Region.objects.get(pk=bounds.root)
    fields = [one for one in industries(actor) if not industry or one.pk == industry]
    rows = places(root)
    cells = {
        (place.code, column): Cell(region=place.code, column=column, expected=expects(place, column))
        for place in rows
        for column in (TERRITORY, COMMITTEE, *(one.pk for one in fields))
    }
    columns: dict[int | None, str] = {one.bit: one.pk for one in fields}
    codes = [place.code for place in rows]
    for duty in _live(actor, codes):
        if cell := cells.get((duty.region, column_of(duty.kind, columns.get(duty.industry_bit, "")))):
            cell.duties.append(duty)
    for fault in check(actor, region=bounds.root, enterprises=False):
        if cell := cells.get((fault.region, column_of(fault.slot, columns.get(fault.industry_bit, "")))):
            cell.faults.append(fault)
    return Matrix(
        root=root,
        fields=fields,
        rows=[
            Row(
                place=place,
                cells=[cells[place.code, name] for name in (TERRITORY, COMMITTEE, *(one.pk for one in fields))],
            )
            for place in rows
        ],
    )


def one_cell(actor: Actor, *, region: int, column: str) -> Cell:
    """The same cell alone, for its panel."""
    bounds = Bounds.of(actor, region)
    place = Region.objects.get(pk=bounds.root)
    fields: dict[int | None, str] = {one.bit: one.pk for one in industries(actor)}
    duties = [one for one in _live(actor, [region]) if column_of(one.kind, fields.get(one.industry_bit, "")) == column]
    faults = [
        one
        for one in check(actor, region=region, enterprises=False)
        if one.region == region and column_of(one.slot, fields.get(one.industry_bit, "")) == column
    ]
    return Cell(region=region, column=column, duties=duties, faults=faults, expected=expects(place, column))


def column_of(kind: str, industry: str) -> str:
    return {"territorial": TERRITORY, "committee": COMMITTEE}.get(kind, industry)


def expects(place: Region, column: str) -> bool:
    """Whether the city's settings want something in this cell."""
    if column == TERRITORY:
        key = rulings.TERRITORIAL.key
    elif column == COMMITTEE:
        key = rulings.DIRECTORS.key
    else:
        led = citysettings.value(rulings.CITY_LED.key, place.code)
        if column in led and place.level != "city":
            return False
        key = rulings.SECTOR.key
    return level(place.code) in citysettings.value(key, place.code)


def _live(actor: Actor, codes: Sequence[int]) -> list[Duty]:
    rows = Duty.objects.filter(seen(actor), running(clock.today()), region__in=codes)
    return list(rows.select_related("organisation", "post__person", "industry").order_by("valid_from", "id"))


def by_id(duties: Sequence[UUID]) -> dict[UUID, Duty]:
    """The rows that faults name, as far as they are seen."""
    return Duty.objects.select_related("organisation", "post__person", "industry").in_bulk(list(duties))
