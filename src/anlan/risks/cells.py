"""
Counting on the map as the points change: a statement's net change becomes deltas, which a duty folds into cells of each zoom.

The triggers work on whole statements, so that an assessment writes one row and an import of a hundred thousand points some
thousands. A reader adds cells and deltas in one statement and so always sees what is committed (hazards/tallying.py does the same).
"""

from collections.abc import Iterator

from django.db import connection

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.risks.morton import BITS

FINEST, COARSEST = 12, 5
"""Zooms whose cells are kept; below the coarsest its own are added up, above the finest single points are shown."""
GRID_BITS = 4
"""A kept cell is a sixteenth of a tile of its zoom."""
BLOCK = 10
"""The zoom of the blocks whose versions are kept."""
WITHOUT_PLACE = -1
LEVELS = (0, *range(COARSEST, FINEST + 1))
COLOURS = ("red", "orange", "yellow", "blue", "grey")
FIGURES = (*COLOURS, *(f"late_{colour}" for colour in COLOURS), "lon_sum", "lat_sum")

FOLDING, ROLLING = 0x4D415031, 0x4D415032
BATCH = 50_000

CELL_SHIFT = 2 * (BITS - FINEST - GRID_BITS)
BLOCK_SHIFT = 2 * (BITS - BLOCK)

_TOWNSHIP = "region - mod(region, 1000)"
_CELL = f"coalesce(morton >> {CELL_SHIFT}, {WITHOUT_PLACE})"
_COLOURED = {colour: f"colour = '{'' if colour == 'grey' else colour}'" for colour in COLOURS}


def _sums(late: str) -> str:
    """The figures of changed rows, each with its `step` of 1 or -1."""
    parts = [f"coalesce(sum(step) FILTER (WHERE {is_}), 0)" for is_ in _COLOURED.values()]
    parts += [f"coalesce(sum(step) FILTER (WHERE {is_} AND {late}), 0)" for is_ in _COLOURED.values()]
    parts += [f"coalesce(sum(step * ({axis} * 1000000)::bigint) FILTER (WHERE morton IS NOT NULL), 0)" for axis in ("lon", "lat")]  # fmt: skip
    return ", ".join(parts)


_COLUMNS = ", ".join(FIGURES)
_NONE = "(" + ", ".join("0" for _figure in FIGURES) + ")"
_COUNT = f"""
INSERT INTO risks_mapdelta (region, industry_bit, cell, {_COLUMNS})
SELECT * FROM (
  SELECT {_TOWNSHIP}, industry_bit, {_CELL}, {_sums("reassess_by < today")}
  FROM ({{changes}}) AS change WHERE active GROUP BY 1, 2, 3
) AS net (region, industry_bit, cell, {_COLUMNS})
WHERE ({_COLUMNS}) IS DISTINCT FROM {_NONE};
"""
_TELL = f"""
INSERT INTO risks_mapchange (block, region)
SELECT DISTINCT (morton >> {BLOCK_SHIFT})::int, {_TOWNSHIP} FROM ({{changes}}) AS change WHERE morton IS NOT NULL;
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE today date;
BEGIN
-- Held until this commits, so that the roll of the day never misses a point that is being written.
PERFORM pg_advisory_xact_lock_shared({rolling});
SELECT day INTO today FROM risks_mapday;
{count}
{tell}
RETURN NULL;
END $body$
"""
_SHOWN = "id, name, colour, morton, lon, lat, region, industry_bit, enterprise_id, reassess_by, active"
_DIFFERS = f"""
  SELECT {{table}}.*, {{step}} AS step FROM added JOIN gone USING (id)
  WHERE ({", ".join(f"added.{one.strip()}" for one in _SHOWN.split(","))})
    IS DISTINCT FROM ({", ".join(f"gone.{one.strip()}" for one in _SHOWN.split(","))})
"""
_CHANGES = {
    "INSERT": ("NEW TABLE AS added", "SELECT *, 1 AS step FROM added"),
    "UPDATE": (
        "OLD TABLE AS gone NEW TABLE AS added",
        f"{_DIFFERS.format(table='added', step=1)} UNION ALL {_DIFFERS.format(table='gone', step=-1)}",
    ),
    "DELETE": ("OLD TABLE AS gone", "SELECT *, -1 AS step FROM gone"),
}

_FOLD = f"""
WITH taken AS (
  DELETE FROM risks_mapdelta WHERE id IN (SELECT id FROM risks_mapdelta ORDER BY id LIMIT %s)
  RETURNING region, industry_bit, cell, {_COLUMNS}
), kept AS (
  INSERT INTO risks_mapcell (level, cell, region, industry_bit, {_COLUMNS})
  SELECT at.level, CASE at.level WHEN 0 THEN 0 ELSE cell >> 2 * ({FINEST} - at.level) END, region, industry_bit,
    {", ".join(f"sum({one})" for one in FIGURES)}
  FROM taken CROSS JOIN (VALUES {", ".join(f"({level})" for level in LEVELS)}) AS at(level)
  WHERE at.level = 0 OR cell <> {WITHOUT_PLACE}
  GROUP BY 1, 2, 3, 4
  ORDER BY 1, 2, 3, 4
  ON CONFLICT (level, cell, region, industry_bit)
  DO UPDATE SET {", ".join(f"{one} = risks_mapcell.{one} + excluded.{one}" for one in FIGURES)}
)
SELECT count(*) FROM taken
"""
_FOLD_CHANGES = """
WITH taken AS (
  DELETE FROM risks_mapchange WHERE id IN (SELECT id FROM risks_mapchange ORDER BY id LIMIT %s) RETURNING block, region
), kept AS (
  INSERT INTO risks_mapversion (block, region, changes)
  SELECT block, region, count(*) FROM taken GROUP BY 1, 2
  ON CONFLICT (block, region) DO UPDATE SET changes = risks_mapversion.changes + excluded.changes
)
SELECT count(*) FROM taken
"""

_BECOME_LATE = """
SELECT region, industry_bit, morton, colour, %(step)s AS step FROM risks_riskpoint
WHERE active AND reassess_by >= %(low)s AND reassess_by < %(high)s
"""
_ROLL = f"""
INSERT INTO risks_mapdelta (region, industry_bit, cell, {_COLUMNS})
SELECT {_TOWNSHIP}, industry_bit, {_CELL}, 0, 0, 0, 0, 0,
  {", ".join(f"coalesce(sum(step) FILTER (WHERE {is_}), 0)" for is_ in _COLOURED.values())}, 0, 0
FROM ({_BECOME_LATE}) AS change GROUP BY 1, 2, 3
"""

_RAW = f"""
SELECT region, industry_bit, cell, {_COLUMNS} FROM (
  SELECT {_TOWNSHIP}, industry_bit, {_CELL}, {_sums("reassess_by < (SELECT day FROM risks_mapday)")}
  FROM (SELECT *, 1 AS step FROM risks_riskpoint) AS point WHERE active GROUP BY 1, 2, 3
) AS counted (region, industry_bit, cell, {_COLUMNS})
"""


def _level(level: int) -> str:
    """The true counts of a level, from the points."""
    cell = "0" if level == 0 else f"cell >> {2 * (FINEST - level)}"
    inside = "" if level == 0 else f"WHERE cell <> {WITHOUT_PLACE}"
    sums = ", ".join(f"sum({one})::bigint AS {one}" for one in FIGURES)
    return (
        f"SELECT {level} AS level, {cell} AS cell, region, industry_bit, {sums} FROM raw {inside} GROUP BY 1, 2, 3, 4"
    )


_DIFFERENT = f"""
WITH raw AS ({_RAW}), sound AS ({" UNION ALL ".join(f"({_level(level)})" for level in LEVELS)}),
kept AS (SELECT level, cell, region, industry_bit, {_COLUMNS} FROM risks_mapcell WHERE ({_COLUMNS}) IS DISTINCT FROM {_NONE})
SELECT level, cell, region, industry_bit, sound, kept FROM sound FULL JOIN kept USING (level, cell, region, industry_bit)
WHERE ({", ".join(f"sound.{one}" for one in FIGURES)}) IS DISTINCT FROM ({", ".join(f"kept.{one}::bigint" for one in FIGURES)})
LIMIT 100
"""


def guards() -> Iterator[str]:
    """The triggers, for `kernel.guards`."""
    for event, (tables, changes) in _CHANGES.items():
        name = f"anlan_risk_map_{event.lower()}"
        yield _FUNCTION.format(
            name=name, rolling=ROLLING, count=_COUNT.format(changes=changes), tell=_TELL.format(changes=changes)
        )
        yield f"DROP TRIGGER IF EXISTS map_{event.lower()} ON risks_riskpoint"
        yield (
            f"CREATE TRIGGER map_{event.lower()} AFTER {event} ON risks_riskpoint REFERENCING {tables}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def keep_map() -> None:
    """The duty: count what became overdue since yesterday, then fold."""
    roll_day()
    fold_all()


def fold_cells(*, batch: int = BATCH) -> int:
    """Move deltas into the cells; returns how many. One folder at a time."""
    moved = 0
    with scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLDING])
        if not cursor.fetchone()[0]:
            return 0
        for statement in (_FOLD, _FOLD_CHANGES):
            cursor.execute(statement, [batch])
            moved += cursor.fetchone()[0]
    return moved


def fold_all() -> int:
    """Fold until nothing is left to fold."""
    moved = 0
    while now := fold_cells():
        moved += now
    return moved


def roll_day() -> bool:
    """Count re-assessments that became overdue with the day. False when the day is counted, or while points are being written."""
    today = clock.today()
    with scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT day FROM risks_mapday")
        if cursor.fetchone() == (today,):
            return False
        # Not waited for: behind a waiting lock every writer would wait as well. The duty asks again soon.
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ROLLING])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT day FROM risks_mapday")
        found = cursor.fetchone()
        before = found[0] if found else today.min
        if before == today:
            return False
        change = {"low": min(before, today), "high": max(before, today), "step": 1 if before < today else -1}
        cursor.execute(_ROLL, change)
        cursor.execute(_TELL.format(changes=_BECOME_LATE), change)
        cursor.execute(
            "INSERT INTO risks_mapday (only_one, day) VALUES (true, %s) ON CONFLICT (only_one) DO UPDATE SET day = excluded.day",
            [today],
        )
    return True


def drift() -> list[str]:
    """Where folded cells differ from the points; empty when they reconcile. Reads the whole table; fold first."""
    with scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_DIFFERENT)
        return [f"{row[:4]}: {row[4]} in the table, {row[5]} kept" for row in cursor.fetchall()]
