"""Figures made of other figures: shares, who stands out, who has nothing."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from anlan.bulletins.figures.declared import Figure
from anlan.bulletins.figures.returns import fillers, picked
from anlan.bulletins.figures.rows import Asked, Row, Rows, source
from anlan.registry.queries import region_names

Units = Mapping[UUID, tuple[str, str, int]]
SIX_TO_ONE = 1


def value_of(figure: Figure, rows: Sequence[Row]) -> int:
    """What the rows add up to; of a list of names, how many there are."""
    return len(rows) if figure.shape == "names" else sum(row.value for row in rows)


def permille(of: int, among: int) -> int | None:
    """Rounded half up, exactly."""
    return (2000 * of + among) // (2 * among) if among else None


def standing_out(figure: Figure, rows: Sequence[Row], units: Units, territory: int) -> list[Row]:
    """
    The units, or places where records name no unit, whose part of another figure is at least `least`; the greatest first. What
    belongs to nobody within the whole territory makes nobody stand out.
    """
    by_unit: dict[UUID | int | None, list[Row]] = {}
    for row in rows:
        by_unit.setdefault(row.unit or row.region, []).append(row)
    places = region_names(key for key in by_unit if isinstance(key, int))
    found = []
    for key, mine in by_unit.items():
        value = sum(row.value for row in mine)
        if key is None or key == territory or value < figure.least:
            continue
        if isinstance(key, UUID):
            name = units[key][1] if key in units else mine[0].label
            kind, region = "unit", units[key][2] if key in units else mine[0].region
        else:
            name, kind, region = places[key], "place", key
        record = mine[0] if len(mine) == 1 else None
        found.append(
            Row(
                kind=record.kind if record else kind,
                key=record.key if record else key if isinstance(key, UUID) else None,
                label=name,
                value=value,
                unit=key if isinstance(key, UUID) else None,
                region=region,
                month=record.month if record else None,
            )
        )
    return sorted(found, key=lambda row: (-row.value, row.region or 0, row.label))


def without(rows: Sequence[Row], units: Units) -> list[Row]:
    """Units that have no part in another figure."""
    have = {row.unit for row in rows if row.value}
    return [
        Row(kind="unit", key=key, label=name, value=1, unit=key, region=region)
        for key, (_filler, name, region) in units.items()
        if key not in have
    ]


@source("one_kind")
def one_kind(asked: Asked, figures: Sequence[Figure]) -> Rows:
    """Units that gave figures for some of several kinds (`asks`), but for no more than `least` of them."""
    found: Rows = {}
    for figure in figures:
        each = [
            Figure(code=f"k{n}", zh="", en="", unit="", source="returns", asks=(cell,))
            for n, cell in enumerate(figure.asks)
        ]
        given: dict[UUID, set[int]] = {}
        about: dict[UUID, Row] = {}
        for key, unit, name, region, month, *values in picked(asked, each):
            given.setdefault(unit, set()).update(n for n, value in enumerate(values) if value)
            about[unit] = Row(kind="return", key=key, label=name, value=1, unit=unit, region=region, month=month)
        found[figure.code] = [about[unit] for unit, kinds in given.items() if 0 < len(kinds) <= figure.least]
    return found


def units_of(asked: Asked) -> Units:
    return fillers(asked)
