"""
The overdue board: figures that reconcile, each with the list that opens to its rows.

Read from kept counts, so its cost grows with territories and fields, never with hazards. Sums and deltas are read in one
statement: what is being folded is seen in one place or the other.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from django.db import connection

from anlan.hazards.models import SOURCES
from anlan.kernel import clock
from anlan.kernel.actor import EVERYWHERE, Actor
from anlan.kernel.codes import level, subtree
from anlan.kernel.phrases import in_tongue
from anlan.registry.models import Industry
from anlan.registry.queries import region_names

By = Literal["region", "industry", "source"]
COUNTY_SIZE = 1_000_000
_BELOW = {"province": 10**8, "city": 10**6, "county": 10**3, "township": 1, "village": 1}
ENDS = ("closed", "dismissed", "transferred")


@dataclass(frozen=True, kw_only=True)
class BoardFilters:
    """What the board is narrowed to; the same words as the list's filters."""

    region: int | None = None
    industry: str = ""
    source: str = ""
    grade: str = ""

    def query(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if value}


@dataclass(kw_only=True)
class Row:
    """One line: found = open + closed + dismissed + transferred; `late` and `major` are among the open ones."""

    key: str
    label: str
    found: int = 0
    open: int = 0
    late: int = 0
    major: int = 0
    major_late: int = 0
    closed: int = 0
    dismissed: int = 0
    transferred: int = 0
    queries: dict[str, str] = field(default_factory=dict)
    """Figure → query string of the hazard list that shows exactly those rows."""

    def reconciles(self) -> bool:
        return self.found == self.open + self.closed + self.dismissed + self.transferred


@dataclass(frozen=True, kw_only=True)
class Month:
    month: date
    found: int
    closed: int


@dataclass(frozen=True, kw_only=True)
class Board:
    rows: list[Row]
    total: Row


FIGURES: dict[str, dict[str, Any]] = {
    "found": {},
    "open": {"state": "open"},
    "late": {"late": "1"},
    "major": {"state": "open", "grade": "major"},
    "major_late": {"late": "1", "grade": "major"},
    "closed": {"state": "closed"},
    "dismissed": {"state": "dismissed"},
    "transferred": {"state": "transferred"},
}

_SUMS = """
SELECT {key}, coalesce(sum(count), 0),
  coalesce(sum(count) FILTER (WHERE state NOT IN ('closed', 'dismissed', 'transferred')), 0),
  coalesce(sum(count) FILTER (WHERE late), 0),
  coalesce(sum(count) FILTER (WHERE grade = 'major' AND state NOT IN ('closed', 'dismissed', 'transferred')), 0),
  coalesce(sum(count) FILTER (WHERE grade = 'major' AND late), 0),
  coalesce(sum(count) FILTER (WHERE state = 'closed'), 0),
  coalesce(sum(count) FILTER (WHERE state = 'dismissed'), 0),
  coalesce(sum(count) FILTER (WHERE state = 'transferred'), 0)
FROM (
  SELECT region, industry_bit, source, grade, state, late, count FROM hazards_tally WHERE {where}
  UNION ALL
  SELECT region, industry_bit, source, grade, state, late, count FROM hazards_tallydelta WHERE {where}
) AS counted GROUP BY 1
"""
_MONTHS = """
SELECT month, coalesce(sum(found), 0), coalesce(sum(closed), 0) FROM (
  SELECT month, found, closed FROM hazards_monthtally WHERE {where}
  UNION ALL
  SELECT month, found, closed FROM hazards_monthdelta WHERE {where}
) AS counted GROUP BY 1
"""


def board(actor: Actor, by: By = "region", filters: BoardFilters | None = None) -> Board:
    """Figures by the territories below the actor's own (or below `filters.region`), by field or by source."""
    filters = filters or BoardFilters()
    size = child_size(actor, filters)
    where, params = _where(actor, filters)
    where, params = f"by_county = %s AND {where}", [size >= COUNTY_SIZE, *params]
    key = {"region": f"region - mod(region, {size})", "industry": "industry_bit", "source": "source"}[by]
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(key=key, where=where), [*params, *params])
        found = {row[0]: [int(figure) for figure in row[1:]] for row in cursor.fetchall()}
    rows = [
        _row(name, label, figures, {**filters.query(), **narrowed})
        for name, label, figures, narrowed in _named(by, found, size)
    ]
    total = Row(key="", label="")
    for name in FIGURES:
        setattr(total, name, sum(getattr(row, name) for row in rows))
    total.queries = _queries(filters.query())
    return Board(rows=rows, total=total)


def child_size(actor: Actor, filters: BoardFilters) -> int:
    """How many codes a territory of the next lower level spans."""
    place = filters.region or actor.region
    if place is None or actor.regions == EVERYWHERE:
        return _BELOW["city"] if filters.region is None else _BELOW[level(filters.region)]
    return _BELOW[level(place)]


def _where(actor: Actor, filters: BoardFilters) -> tuple[str, list[Any]]:
    """The policy stands behind it; the plain range is for the index and for what the filters ask."""
    inside = " OR ".join("region >= %s AND region < %s" for _range in actor.regions) or "false"
    parts = [f"({inside})"]
    params: list[Any] = [bound for pair in actor.regions for bound in pair]
    if filters.region is not None:
        parts.append("region >= %s AND region < %s")
        params += subtree(filters.region)
    if filters.industry:
        parts.append("industry_bit = ANY(%s)")
        params.append(list(Industry.objects.filter(code=filters.industry).values_list("bit", flat=True)))
    for column in ("source", "grade"):
        if wanted := getattr(filters, column):
            parts.append(f"{column} = %s")
            params.append(wanted)
    return " AND ".join(parts), params


def _named(by: By, found: dict[Any, list[int]], size: int) -> list[tuple[str, str, list[int], dict[str, Any]]]:
    if by == "region":
        names = region_names(found)
        return [
            (str(code), names.get(code, str(code)), found[code], {"region": code} | _own(code, size))
            for code in sorted(found)
        ]
    if by == "industry":
        fields = Industry.objects.filter(bit__in=found).order_by("bit")
        return [(one.code, in_tongue(one), found[one.bit], {"industry": one.code}) for one in fields]
    return [(code, str(label), found[code], {"source": code}) for code, label in SOURCES if code in found]


def _own(code: int, size: int) -> dict[str, Any]:
    """A hazard filed under the county itself lies in no township: its row opens to the county's own rows alone."""
    low, high = subtree(code)
    return {"own": "1"} if high - low > size else {}


def _row(key: str, label: str, figures: list[int], query: dict[str, Any]) -> Row:
    counts = dict(zip(FIGURES, figures, strict=True))
    return Row(key=key, label=label, **counts, queries=_queries(query))


def _queries(query: dict[str, Any]) -> dict[str, str]:
    return {name: urlencode({**query, **narrowed}) for name, narrowed in FIGURES.items()}


def trend(actor: Actor, filters: BoardFilters | None = None, *, months: int = 12) -> list[Month]:
    """Found and closed a month, oldest first, this month last; reopening takes a closing back out of its month."""
    filters = filters or BoardFilters()
    wanted = _last_months(months)
    where, params = _where(actor, BoardFilters(region=filters.region, industry=filters.industry))
    where, params = f"month >= %s AND {where}", [wanted[0], *params]
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS.format(where=where), [*params, *params])
        found = {month: (int(a), int(b)) for month, a, b in cursor.fetchall()}
    return [Month(month=one, found=found.get(one, (0, 0))[0], closed=found.get(one, (0, 0))[1]) for one in wanted]


def _last_months(count: int) -> list[date]:
    first = clock.today().replace(day=1)
    found = [first]
    while len(found) < count:
        last = found[-1]
        found.append(
            last.replace(year=last.year - 1, month=12) if last.month == 1 else last.replace(month=last.month - 1)
        )
    return found[::-1]
