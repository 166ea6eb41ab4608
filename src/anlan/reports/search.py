"""
Finding reports by words of their number, text and address, by index, under row security.

Array operators are not leakproof, so under a policy they never choose the index. This function runs as the owner of the
tables and applies the caller's scope itself, from the same declaration as the policy. It answers with ids alone, the newest
first, at most `MOST`; the caller reads the rows under its own policy.
"""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from anlan.kernel.guards import owners_function
from anlan.kernel.text import words as words_of
from anlan.registry.search import pairs

MOST = 10_000
_SIGNATURE = "anlan_report_search(text[], text[], int)"
_TEXT = "number || '' '' || words || '' '' || address"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION anlan_report_search(terms text[], wanted text[], cap int) RETURNS TABLE (found uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
DECLARE
  by_words text := '';
BEGIN
  IF cardinality(wanted) = 0 THEN
    RETURN;
  END IF;
  -- Written out only where it is asked for, so that the planner sees what it plans.
  IF cardinality(terms) > 0 THEN by_words := ' AND anlan_report_words(number, words, address) @> $1'; END IF;
  RETURN QUERY EXECUTE 'SELECT id FROM reports_report WHERE ({{seen}})' || by_words
    || ' AND NOT EXISTS (SELECT 1 FROM unnest($2) AS word WHERE strpos(anlan_fold({_TEXT}), word) = 0)'
    || ' ORDER BY reported_at DESC, id DESC LIMIT $3' USING terms, wanted, cap;
END $body$
"""


def guards() -> Iterator[str]:
    return owners_function(_FUNCTION, _SIGNATURE, table="reports_report")


def find(text: str, *, cap: int = MOST) -> list[UUID]:
    """Ids of reports in the transaction's scope that hold every word, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT found FROM anlan_report_search(%s::text[], %s::text[], %s)", [pairs(text), words_of(text), cap]
        )
        return [found for (found,) in cursor.fetchall()]
