"""
Finding enterprises by words of their names, by index, under row security.

Array operators are not leakproof, so under a policy they never choose the index. This function runs as the owner of the
tables, where no policy stands in the way, and applies the caller's scope itself, from the same declaration as the
policy. It answers with ids alone, at most `cap`, in the order of the list; the caller reads the rows under its own policy.
"""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection

from anlan.kernel.guards import owners_function
from anlan.kernel.text import words as words_of

# All pairs of neighbouring characters of the folded name: four times as fast as `anlan_bigrams`, which an import of a
# hundred thousand names feels. Names are qualified so that the index survives a restore with an empty search path.
PAIRS_SQL = """
CREATE OR REPLACE FUNCTION anlan_pairs(t text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
DECLARE
  folded text := public.anlan_fold(t);
  found text[] := '{}';
BEGIN
  FOR i IN 1 .. length(folded) - 1 LOOP
    found := found || substr(folded, i, 2);
  END LOOP;
  RETURN found;
END $body$
"""

_SIGNATURE = "anlan_enterprise_search(text[], text[], int8, int8, text, text, text, uuid, boolean, int)"
_FUNCTION = """
CREATE OR REPLACE FUNCTION anlan_enterprise_search(
  terms text[], wanted text[], low int8, high int8, field text, standing text, at_name text, at_id uuid, back boolean, cap int
) RETURNS TABLE (found uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
DECLARE
  place text := '';
BEGIN
  IF cardinality(wanted) = 0 THEN
    RETURN;
  END IF;
  -- Written out only where they are asked for, so that the planner sees what it plans.
  IF cardinality(terms) > 0 THEN place := place || ' AND anlan_pairs(name) @> $1'; END IF;
  IF low IS NOT NULL THEN place := place || ' AND region >= $3 AND region < $4'; END IF;
  IF field IS NOT NULL THEN place := place || ' AND industry_id = $5'; END IF;
  IF standing IS NOT NULL THEN place := place || ' AND status = $6'; END IF;
  IF at_id IS NOT NULL THEN
    place := place || CASE WHEN back THEN ' AND (name, id) < ($7, $8)' ELSE ' AND (name, id) > ($7, $8)' END;
  END IF;
  RETURN QUERY EXECUTE
    'SELECT id FROM registry_enterprise WHERE ({seen})'
    || ' AND NOT EXISTS (SELECT 1 FROM unnest($2) AS word WHERE strpos(anlan_fold(name), word) = 0)'
    || place
    || CASE WHEN back THEN ' ORDER BY name DESC, id DESC' ELSE ' ORDER BY name, id' END
    || ' LIMIT least($9, 10001)'
    USING terms, wanted, low, high, field, standing, at_name, at_id, cap;
END $body$
"""


def guards() -> Iterator[str]:
    return owners_function(_FUNCTION, _SIGNATURE, table="registry_enterprise")


def pairs(text: str) -> list[str]:
    """What a name must hold to be a candidate: the pairs of each word. A single character gives none."""
    return sorted({word[at : at + 2] for word in words_of(text) for at in range(len(word) - 1)})


def find(
    text: str,
    *,
    within: tuple[int, int] | None = None,
    industry: str | None = None,
    status: str | None = None,
    at: tuple[str, UUID] | None = None,
    back: bool = False,
    cap: int,
) -> list[UUID]:
    """Ids of enterprises in the transaction's scope whose names hold every word, ordered by name (backwards when `back`)."""
    low, high = within or (None, None)
    name, record = at or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT found FROM anlan_enterprise_search(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [pairs(text), words_of(text), low, high, industry, status, name, record, back, cap],
        )
        return [found for (found,) in cursor.fetchall()]
