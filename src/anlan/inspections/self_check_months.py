"""
Counting self-checks by enterprise, place and month as they are written: a statement's net change goes straight into the month's row.
In the month in which an enterprise moves it has a row in each place: what was done counts where it was done.

No row is shared by two enterprises, so that nobody waits for anybody else's count.
"""

from collections.abc import Iterator

from django.db import connection

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM

_NET = """
SELECT change.enterprise_id, date_trunc('month', change.period)::date AS month, key.cycle, change.region,
  change.industry_bit, sum(change.step) FILTER (WHERE change.state = 'done') AS done,
  sum(change.step) FILTER (WHERE change.state = 'late') AS late, sum(change.step) FILTER (WHERE change.state = 'missed') AS missed
FROM ({changes}) AS change CROSS JOIN LATERAL (VALUES (change.cycle), ('')) AS key(cycle)
GROUP BY 1, 2, 3, 4, 5
"""
_COUNT = f"""
INSERT INTO inspections_selfcheckmonth AS kept (id, enterprise_id, month, cycle, region, industry_bit, done, late, missed)
SELECT gen_random_uuid(), enterprise_id, month, cycle, region, industry_bit, coalesce(done, 0), coalesce(late, 0),
  coalesce(missed, 0)
FROM ({_NET}) AS net WHERE coalesce(done, 0) <> 0 OR coalesce(late, 0) <> 0 OR coalesce(missed, 0) <> 0
ORDER BY enterprise_id, month, cycle, region, industry_bit
ON CONFLICT ON CONSTRAINT self_check_month_once DO UPDATE SET done = kept.done + excluded.done,
  late = kept.late + excluded.late, missed = kept.missed + excluded.missed
"""
_ADDED = "SELECT *, 1 AS step FROM added"
_CHANGED = "SELECT *, 1 AS step FROM added UNION ALL SELECT *, -1 AS step FROM gone"
COUNT_ALL = _COUNT.format(changes="SELECT *, 1 AS step FROM inspections_selfcheck")
"""For a table that was filled before anybody counted."""
_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
{count};
RETURN NULL;
END $body$
"""
_DIFFERENT = f"""
SELECT enterprise_id, month, cycle FROM ({_NET.format(changes="SELECT *, 1 AS step FROM inspections_selfcheck")}) AS raw
FULL JOIN inspections_selfcheckmonth AS kept USING (enterprise_id, month, cycle, region, industry_bit)
WHERE (coalesce(raw.done, 0), coalesce(raw.late, 0), coalesce(raw.missed, 0))
  IS DISTINCT FROM (coalesce(kept.done, 0), coalesce(kept.late, 0), coalesce(kept.missed, 0))
"""


def guards() -> Iterator[str]:
    """The triggers, for `kernel.guards`."""
    for event, tables, changes in (
        ("INSERT", "NEW TABLE AS added", _ADDED),
        ("UPDATE", "OLD TABLE AS gone NEW TABLE AS added", _CHANGED),
    ):
        name = f"anlan_self_check_month_{event.lower()}"
        yield _FUNCTION.format(name=name, count=_COUNT.format(changes=changes))
        yield f"DROP TRIGGER IF EXISTS month_{event.lower()} ON inspections_selfcheck"
        yield (
            f"CREATE TRIGGER month_{event.lower()} AFTER {event} ON inspections_selfcheck REFERENCING {tables}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def drift() -> list[str]:
    """Where the kept counts differ from the table itself; empty when they reconcile. Reads the whole table."""
    with scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_DIFFERENT)
        return [f"{enterprise} {month} {cycle}" for enterprise, month, cycle in cursor.fetchall()]
