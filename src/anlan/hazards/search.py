"""
Finding hazards by words, by index, under row security: number, place, description and the enterprises' names.

Array operators are not leakproof, so under a policy they never choose the index. This function runs as the owner of the
tables and applies the caller's scope itself, from the same declaration as the policy. It answers with ids alone, bounded,
in the order of the list; the caller reads the rows under its own policy.

A common word is found among the first rows of the list at once, and by its index only after reading every row that holds it;
a rare word the other way round. So a thousand rows are walked in the list's order first, and the index is asked when those
do not fill the page. What is too short for the index is looked for among the first rows alone, a larger share of them.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from anlan.kernel.guards import owners_function, quoted
from anlan.kernel.text import search_terms
from anlan.kernel.text import words as words_of

MOST = 10_001
WORDS_SQL = """
CREATE OR REPLACE FUNCTION anlan_hazard_words(number text, place text, description text, search text) RETURNS text[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN anlan_bigrams(number || ' ' || place || ' ' || description || ' ' || search);
"""

_NAMES = """
CREATE OR REPLACE FUNCTION anlan_hazard_names() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
BEGIN
  SELECT left(coalesce(string_agg(name, ' '), ''), 260) INTO NEW.search FROM registry_enterprise
  WHERE id IN (NEW.enterprise_id, NEW.responsible_id);
  RETURN NEW;
END $body$
"""
WALKED, WALKED_WITHOUT_INDEX = 1000, 10_000
"""Rows read in the list's order before the index is asked, and when there is none to ask."""
_SIGNATURE = "anlan_hazard_search(text[], text[], jsonb, boolean, timestamptz, uuid, boolean, int, boolean)"
_NARROWED: dict[str, str] = {
    "county": "county = ($3->>'county')::int8",
    "low": "region >= ($3->>'low')::int8",
    "high": "region < ($3->>'high')::int8",
    "states": "state = ANY(ARRAY(SELECT jsonb_array_elements_text($3->'states')))",
    "grade": "grade = $3->>'grade'",
    "source": "source = $3->>'source'",
    "industry": "industry_id = $3->>'industry'",
    "category": "category = $3->>'category'",
    "enterprise": "$3->>'enterprise' IN (responsible_id::text, enterprise_id::text)",
    "late": "late",
    "listed": "listing_level <> '' AND delisted_at IS NULL",
    "unlisted": "listing_level = ''",
    "unpublished": "listing_level <> '' AND delisted_at IS NULL AND published_at IS NULL",
    "from": "found_at >= ($3->>'from')::timestamptz",
    "until": "found_at < ($3->>'until')::timestamptz",
}
_FUNCTION = """
CREATE OR REPLACE FUNCTION anlan_hazard_search(
  terms text[], wanted text[], f jsonb, waiting boolean, at_time timestamptz, at_id uuid, back boolean, cap int, ordered boolean
) RETURNS TABLE (found uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
DECLARE
  place text := '';
  moment text := CASE WHEN waiting THEN 'due_at' ELSE 'found_at' END;
  direction text := CASE WHEN back = waiting THEN 'DESC' ELSE 'ASC' END;
  rows_of text := 'SELECT id, found_at, due_at, number, place, description, search FROM hazards_hazard WHERE ({seen})';
  in_order text;
  holds text := 'NOT EXISTS (SELECT 1 FROM unnest($2) AS word'
    || ' WHERE strpos(anlan_fold(number || '' '' || place || '' '' || description || '' '' || search), word) = 0)';
  by_words text := '';
  near uuid[];
  walked int := coalesce(nullif(current_setting('anlan.walked', true), '')::int,
    CASE WHEN cardinality(terms) > 0 THEN {walked} ELSE {walked_without_index} END);
BEGIN
  IF cardinality(wanted) = 0 THEN
    RETURN;
  END IF;
  cap := least(cap, {most});
  -- Written out only where they are asked for, so that the planner sees what it plans.
  {narrowed}
  IF waiting THEN
    place := place || ' AND due_at IS NOT NULL';
  END IF;
  IF at_id IS NOT NULL THEN
    -- Newest first, but what is due soonest first.
    place := place || format(' AND (%1$s, id) %2$s ($4, $5)', moment, CASE WHEN back = waiting THEN '<' ELSE '>' END);
  END IF;
  in_order := format(' ORDER BY %1$s %2$s, id %2$s', moment, direction);
  IF cardinality(terms) > 0 THEN
    by_words := ' AND anlan_hazard_words(number, place, description, search) @> $1';
  END IF;
  IF NOT ordered AND by_words <> '' THEN
    RETURN QUERY EXECUTE 'SELECT id FROM (' || rows_of || place || by_words || ') AS held WHERE ' || holds || ' LIMIT $6' USING terms, wanted, f, at_time, at_id, cap;
    RETURN;
  END IF;
  EXECUTE 'SELECT array_agg(id) FROM (SELECT id FROM (' || rows_of || place || in_order || ' LIMIT $7) AS near WHERE ' || holds
    || ' LIMIT $6) AS held' INTO near USING terms, wanted, f, at_time, at_id, cap, walked;
  IF by_words = '' OR cardinality(near) >= cap THEN
    RETURN QUERY SELECT unnest(near);
    RETURN;
  END IF;
  -- Sorted before the words are compared, so that they are compared for no more rows than the page needs.
  RETURN QUERY EXECUTE 'SELECT id FROM (' || rows_of || place || by_words || in_order || ' OFFSET 0) AS held WHERE ' || holds
    || in_order || ' LIMIT $6' USING terms, wanted, f, at_time, at_id, cap;
END $body$
"""


def guards() -> Iterator[str]:
    yield _NAMES
    yield "DROP TRIGGER IF EXISTS names_kept ON hazards_hazard"
    yield (
        "CREATE TRIGGER names_kept BEFORE INSERT OR UPDATE ON hazards_hazard"
        " FOR EACH ROW EXECUTE FUNCTION anlan_hazard_names()"
    )
    narrowed = "\n  ".join(
        f"IF f ? '{key}' THEN place := place || ' AND {quoted(condition)}'; END IF;"
        for key, condition in _NARROWED.items()
    )
    yield "DROP FUNCTION IF EXISTS anlan_hazard_search(text[], text[], jsonb, boolean, timestamptz, uuid, boolean, int)"
    sql = (
        _FUNCTION.replace("{narrowed}", narrowed)
        .replace("{most}", str(MOST))
        .replace("{walked}", str(WALKED))
        .replace("{walked_without_index}", str(WALKED_WITHOUT_INDEX))
    )
    yield from owners_function(sql, _SIGNATURE, table="hazards_hazard")


def find(
    text: str,
    narrowed: dict[str, Any],
    *,
    waiting: bool = False,
    at: tuple[datetime, UUID] | None = None,
    back: bool = False,
    cap: int,
    ordered: bool = True,
) -> list[UUID]:
    """
    Ids of hazards in the transaction's scope that hold every word: newest first, or when `waiting` those due soonest first.
    Not `ordered`, any of them, for counting up to `cap`.

    `narrowed` takes the keys of `_NARROWED`; `at` is the (moment, id) after which, or when `back` before which, they lie.
    """
    moment, record = at or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT found FROM anlan_hazard_search(%s::text[], %s::text[], %s::jsonb, %s, %s, %s, %s, %s, %s)",
            [search_terms(text), words_of(text), json.dumps(narrowed), waiting, moment, record, back, cap, ordered],
        )
        return [found for (found,) in cursor.fetchall()]
