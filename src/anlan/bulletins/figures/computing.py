"""All figures of a bulletin at once: values with their rows, the same for earlier periods, and the rankings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from anlan.bulletins.figures import derived, instruments, plans, records, returns  # noqa: F401 -- their sources register themselves
from anlan.bulletins.figures.declared import Catalogue, Criterion, Figure, Ranking, catalogue
from anlan.bulletins.figures.rows import Asked, Row, Rows, moments, sources
from anlan.kernel import scope
from anlan_verify import canonical

LATER = ("share", "worst", "none_of")
"""Made of other figures."""
Units = derived.Units


@dataclass(frozen=True, kw_only=True)
class Computed:
    """`figures` and `tables` are what a bulletin keeps of them; `rows` stand behind the figures."""

    figures: dict[str, Any]
    tables: dict[str, Any]
    rows: Rows


def compute(asked: Asked) -> Computed:
    """
    Counted with all rows of the territory in sight: a figure is of the city's records and not of what its clerk may see. Who may
    ask is for the verb to say.
    """
    known = catalogue()
    with scope.elevated("a bulletin's figures are of the whole territory"):
        units = derived.units_of(asked)
        rows = _rows(asked, known, units)
        values = _values(known, rows)
        before = _values(known, _rows(asked.earlier(asked.months), known, units, compared=True))
        year_ago = _values(known, _rows(asked.earlier(12), known, units, compared=True))
        stood = {figure.code: _stood(figure, known, asked) for figure in known.figure}
    figures = {
        figure.code: _kept(figure, values[figure.code], before, year_ago, rows, stood[figure.code])
        for figure in known.figure
        if figure.code in values
    }
    tables = {one.code: ranked(one, known, rows, units) for one in known.ranking}
    return Computed(figures=figures, tables={code: table for code, table in tables.items() if table}, rows=rows)


def _rows(asked: Asked, known: Catalogue, units: Units, *, compared: bool = False) -> Rows:
    """`compared`: an earlier period, of which only some figures can be counted."""
    found: Rows = {}
    wanted = [one for one in known.figure if one.compared or not compared]
    for name in dict.fromkeys(one.source for one in wanted if one.source not in LATER):
        if name in sources:
            found |= sources[name](asked, [one for one in wanted if one.source == name])
    for figure in wanted:
        if figure.source == "worst" and figure.asks[0] in found:
            found[figure.code] = derived.standing_out(figure, found[figure.asks[0]], units, asked.territory)
        elif figure.source == "none_of" and figure.asks[0] in found:
            found[figure.code] = derived.without(found[figure.asks[0]], units)
    return found


def _values(known: Catalogue, rows: Rows) -> dict[str, int]:
    """A share of nothing is not known."""
    found = {code: derived.value_of(known.by_code[code], mine) for code, mine in rows.items()}
    for figure in known.figure:
        if figure.shape == "share" and figure.of in found and figure.among in found:
            share = derived.permille(found[figure.of], found[figure.among])
            if share is not None:
                found[figure.code] = share
    return found


def _stood(figure: Figure, known: Catalogue, asked: Asked) -> datetime | None:
    """The moment of which a figure tells; one made of others tells of theirs."""
    if figure.source in LATER:
        under = figure.of or figure.asks[0]
        return _stood(known.by_code[under], known, asked)
    return moments[figure.source](asked, figure) if figure.source in moments else None


def _kept(
    figure: Figure,
    value: int,
    before: Mapping[str, int],
    year_ago: Mapping[str, int],
    rows: Rows,
    stood: datetime | None,
) -> dict[str, Any]:
    kept: dict[str, Any] = {"value": value}
    if stood is not None:
        kept["stood"] = canonical.timestamp(stood)
    if figure.code in before and figure.shape != "names":
        kept["before"] = before[figure.code]
    if figure.code in year_ago and figure.shape != "names":
        kept["year_ago"] = year_ago[figure.code]
    if figure.shape == "names":
        kept["names"] = [row.label for row in rows[figure.code][: figure.most]]
    return kept


def ranked(ranking: Ranking, known: Catalogue, rows: Rows, units: Units) -> dict[str, Any] | None:
    """
    Units of one kind by points; those with equal points share a place. None where there is nothing to rank by. Criteria whose
    figure is known of no unit fall away, and the weights of the others count as a hundred.
    """
    mine = {key: name for key, (filler, name, _region) in units.items() if filler == ranking.filler}
    criteria = [one for one in ranking.criteria if _countable(known.by_code[one.figure], rows)]
    columns = [_column(known.by_code[one.figure], rows, mine) for one in criteria]
    told = [n for n, column in enumerate(columns) if any(value is not None for value in column.values())]
    criteria, columns = [criteria[n] for n in told], [columns[n] for n in told]
    if not any(any(column.values()) for column in columns):  # nobody did anything: no unit is before another
        return None
    weights = sum(one.weight for one in criteria)
    points = dict.fromkeys(mine, 0.0)
    for criterion, column in zip(criteria, columns, strict=True):
        shares = known.by_code[criterion.figure].shape == "share"
        for key in mine:
            points[key] += criterion.weight * _part(criterion, column, key, shares=shares)
    tenths = {key: round(10 * 100 * points[key] / weights) for key in mine}
    order = sorted(mine, key=lambda key: (-tenths[key], mine[key]))
    places = {key: 1 + sum(other > tenths[key] for other in tenths.values()) for key in mine}
    return {
        "criteria": [{"figure": one.figure, "weight": one.weight, "better": one.better} for one in criteria],
        "rows": [
            {
                "unit": str(key),
                "name": mine[key],
                "place": places[key],
                "tenths": tenths[key],
                "values": [column[key] for column in columns],
            }
            for key in order
        ],
    }


def _countable(figure: Figure, rows: Rows) -> bool:
    if figure.shape == "share":
        return figure.of in rows and figure.among in rows
    return figure.code in rows


def _column(figure: Figure, rows: Rows, units: Mapping[UUID, str]) -> dict[UUID, int | None]:
    if figure.shape == "share":
        of, among = _by_unit(rows[figure.of], units), _by_unit(rows[figure.among], units)
        return {key: derived.permille(of[key], among[key]) for key in units}
    return dict(_by_unit(rows[figure.code], units))


def _by_unit(rows: list[Row], units: Mapping[UUID, str]) -> dict[UUID, int]:
    found = dict.fromkeys(units, 0)
    for row in rows:
        if row.unit in found:
            found[row.unit] += row.value
    return found


def _part(criterion: Criterion, column: Mapping[UUID, int | None], key: UUID, *, shares: bool) -> float:
    """From nought to one. Where a share is of nothing, nothing was done wrong and nothing well: a half."""
    value = column[key]
    if value is None:
        return 0.5
    best = 1000 if shares else max((one for one in column.values() if one), default=0)
    part = min(value / best, 1.0) if best else 0.0
    return part if criterion.better == "high" else 1.0 - part
