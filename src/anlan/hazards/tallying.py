"""
Counting as the table changes: a statement's net change becomes deltas, which a job folds into sums.

The triggers work on whole statements, so that a step writes two rows and a load of a hundred thousand hazards a few hundred.
"""

from collections.abc import Iterator

from django.db import connection

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM

LOCK = 0x54414C59
BATCH = 50_000

_COUNT = """
INSERT INTO hazards_tallydelta (region, by_county, industry_bit, source, grade, state, late, count)
SELECT key.region, key.by_county, change.industry_bit, change.source, change.grade, change.state, change.late, sum(change.step)
FROM ({changes}) AS change
CROSS JOIN LATERAL (VALUES (change.region, false), (change.county, true)) AS key(region, by_county)
GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(change.step) <> 0;
"""
_MONTH = """
INSERT INTO hazards_monthdelta (month, region, industry_bit, found, closed)
SELECT date_trunc('month', moment.at AT TIME ZONE 'Asia/Shanghai')::date, change.region - change.region % 1000,
  change.industry_bit, sum(change.step * moment.found), sum(change.step * moment.closed)
FROM ({changes}) AS change
CROSS JOIN LATERAL (VALUES (change.found_at, 1, 0), (change.closed_at, 0, 1)) AS moment(at, found, closed)
WHERE moment.at IS NOT NULL
GROUP BY 1, 2, 3 HAVING sum(change.step * moment.found) <> 0 OR sum(change.step * moment.closed) <> 0;
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
{count}
{month}
RETURN NULL;
END $body$
"""
_ADDED = "SELECT *, 1 AS step FROM added"
_CHANGED = "SELECT *, 1 AS step FROM added UNION ALL SELECT *, -1 AS step FROM gone"

_FOLD = """
WITH taken AS (
  DELETE FROM hazards_tallydelta WHERE id IN (SELECT id FROM hazards_tallydelta ORDER BY id LIMIT %s)
  RETURNING region, by_county, industry_bit, source, grade, state, late, count
), sums AS (
  INSERT INTO hazards_tally (id, region, by_county, industry_bit, source, grade, state, late, count)
  SELECT gen_random_uuid(), region, by_county, industry_bit, source, grade, state, late, sum(count)
  FROM taken GROUP BY 2, 3, 4, 5, 6, 7, 8 HAVING sum(count) <> 0
  ON CONFLICT ON CONSTRAINT tally_once DO UPDATE SET count = hazards_tally.count + excluded.count
)
SELECT count(*) FROM taken
"""
_FOLD_MONTHS = """
WITH taken AS (
  DELETE FROM hazards_monthdelta WHERE id IN (SELECT id FROM hazards_monthdelta ORDER BY id LIMIT %s)
  RETURNING month, region, industry_bit, found, closed
), sums AS (
  INSERT INTO hazards_monthtally (id, month, region, industry_bit, found, closed)
  SELECT gen_random_uuid(), month, region, industry_bit, sum(found), sum(closed) FROM taken GROUP BY 2, 3, 4
  ON CONFLICT ON CONSTRAINT month_tally_once
  DO UPDATE SET found = hazards_monthtally.found + excluded.found, closed = hazards_monthtally.closed + excluded.closed
)
SELECT count(*) FROM taken
"""
_RAW = """
SELECT key.region, key.by_county, industry_bit, source, grade, state, late, count(*)
FROM hazards_hazard CROSS JOIN LATERAL (VALUES (region, false), (county, true)) AS key(region, by_county)
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
_KEPT = """
SELECT region, by_county, industry_bit, source, grade, state, late, sum(count) FROM (
  SELECT region, by_county, industry_bit, source, grade, state, late, count FROM hazards_tally
  UNION ALL SELECT region, by_county, industry_bit, source, grade, state, late, count FROM hazards_tallydelta
) AS both_kinds GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(count) <> 0
"""

_DIFFERENT = f"""
SELECT * FROM ({_RAW}) AS raw
FULL JOIN ({_KEPT}) AS kept USING (region, by_county, industry_bit, source, grade, state, late)
WHERE raw.count IS DISTINCT FROM kept.sum
"""


def guards() -> Iterator[str]:
    """The triggers, for `kernel.guards`."""
    for event, tables, changes in (
        ("INSERT", "NEW TABLE AS added", _ADDED),
        ("UPDATE", "OLD TABLE AS gone NEW TABLE AS added", _CHANGED),
    ):
        name = f"anlan_hazard_tally_{event.lower()}"
        count = _COUNT.format(changes=changes)
        yield _FUNCTION.format(name=name, count=count, month=_MONTH.format(changes=changes))
        yield f"DROP TRIGGER IF EXISTS tally_{event.lower()} ON hazards_hazard"
        yield (
            f"CREATE TRIGGER tally_{event.lower()} AFTER {event} ON hazards_hazard REFERENCING {tables}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def fold_tallies(*, batch: int = BATCH) -> int:
    """Move deltas into the sums; returns how many. One folder at a time; readers see a change in one place or the other."""
    moved = 0
    with scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        for statement in (_FOLD, _FOLD_MONTHS):
            cursor.execute(statement, [batch])
            moved += cursor.fetchone()[0]
    return moved


def fold_all() -> int:
    """Fold until nothing is left to fold."""
    moved = 0
    while now := fold_tallies():
        moved += now
    return moved


def drift() -> list[str]:
    """Where the kept counts differ from the table itself; empty when they reconcile. Reads the whole table."""
    with scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_DIFFERENT)
        return [f"{row[:7]}: {row[7]} in the table, {row[8]} kept" for row in cursor.fetchall()]
