"""
Finding risk points by words of their names, by index, under row security: as `registry.search` does it for enterprises,
and for the same reason. Answers with ids alone; the caller reads the rows under its own policy.
"""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from anlan.kernel.guards import owners_function
from anlan.kernel.text import words as words_of
from anlan.registry.search import pairs

MOST = 2000
"""Rows of a search: who gets more says more."""
_SIGNATURE = "anlan_point_search(text[], text[], int8, int8, int)"
_FUNCTION = """
CREATE OR REPLACE FUNCTION anlan_point_search(terms text[], wanted text[], low int8, high int8, cap int)
RETURNS TABLE (found uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
DECLARE
  place text := '';
BEGIN
  IF cardinality(wanted) = 0 THEN
    RETURN;
  END IF;
  IF cardinality(terms) > 0 THEN place := place || ' AND anlan_pairs(name) @> $1'; END IF;
  IF low IS NOT NULL THEN place := place || ' AND region >= $3 AND region < $4'; END IF;
  RETURN QUERY EXECUTE
    'SELECT id FROM risks_riskpoint WHERE ({seen})'
    || ' AND NOT EXISTS (SELECT 1 FROM unnest($2) AS word WHERE strpos(anlan_fold(name), word) = 0)'
    || place || ' ORDER BY id DESC LIMIT least($5, 2001)'
    USING terms, wanted, low, high, cap;
END $body$
"""


def guards() -> Iterator[str]:
    return owners_function(_FUNCTION, _SIGNATURE, table="risks_riskpoint")


def find(text: str, *, within: tuple[int, int] | None = None, cap: int = MOST) -> list[UUID]:
    """Ids of points in the transaction's scope whose names hold every word, newest first."""
    low, high = within or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT found FROM anlan_point_search(%s, %s, %s, %s, %s)", [pairs(text), words_of(text), low, high, cap]
        )
        return [found for (found,) in cursor.fetchall()]
