"""The checker's questions. Parameters: low, high (half-open), mask, day, and the city's levels."""

_LIVE = """
live AS (
  SELECT * FROM chain_duty
  WHERE region >= %(low)s AND region < %(high)s AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s)
    AND (industry_bit IS NULL OR (%(mask)s::bigint >> industry_bit) & 1 = 1)
)"""

MISSING = f"""
WITH place AS (
  SELECT code, level FROM identity_region
  WHERE code >= %(low)s AND code < %(high)s AND valid_to IS NULL AND level IN ('city', 'county', 'township')
), field AS (
  SELECT code, bit FROM registry_industry WHERE active AND (%(mask)s::bigint >> bit) & 1 = 1
), slot AS (
  SELECT 'sector' AS kind, part, place.code AS region, field.bit
  FROM place, field, (VALUES ('lead'), ('leader')) AS parts(part)
  WHERE place.level = ANY (%(sector)s::text[]) AND NOT (place.level <> 'city' AND field.code = ANY (%(city_led)s::text[]))
  UNION ALL
  SELECT 'territorial', 'lead', code, NULL FROM place WHERE level = ANY (%(territorial)s::text[])
  UNION ALL
  SELECT 'committee', part, code, NULL FROM place, (VALUES ('director_party'), ('director_government')) AS parts(part)
  WHERE level = ANY (%(directors)s::text[])
), {_LIVE}
SELECT slot.kind, slot.part, slot.region, slot.bit,
  (SELECT d.id FROM chain_duty d
   WHERE d.kind = slot.kind AND d.part = slot.part AND d.region = slot.region
     AND d.industry_bit IS NOT DISTINCT FROM slot.bit AND d.valid_to < %(day)s
   ORDER BY d.valid_to DESC, d.id DESC LIMIT 1),
  CASE WHEN (slot.kind, slot.part) = ('sector', 'lead') THEN
    (SELECT array_agg(h.id ORDER BY h.id) FROM live h
     WHERE h.kind = 'sector' AND h.part = 'cooperate' AND h.region = slot.region AND h.industry_bit = slot.bit) END
FROM slot
WHERE NOT EXISTS (
  SELECT 1 FROM live
  WHERE live.kind = slot.kind AND live.part = slot.part AND live.region = slot.region
    AND coalesce(live.industry_bit, -1) = coalesce(slot.bit, -1))
"""

DOUBLES = f"""
WITH {_LIVE}
SELECT kind, part, region, industry_bit, array_agg(id ORDER BY id)
FROM live
WHERE matter = '' AND (kind, part) IN (('territorial', 'lead'), ('sector', 'lead'), ('sector', 'leader'),
  ('committee', 'director_party'), ('committee', 'director_government'))
GROUP BY kind, part, region, industry_bit HAVING count(*) > 1
"""

PART_DOUBLES = f"""
WITH {_LIVE}
SELECT region, industry_bit, min(matter), array_agg(id ORDER BY id)
FROM live WHERE kind = 'sector' AND part = 'lead' AND matter <> ''
GROUP BY region, industry_bit, lower(regexp_replace(matter, '[[:space:][:punct:]，、。；：（）]', '', 'g'))
HAVING count(*) > 1
"""

GAPS = f"""
WITH {_LIVE}
SELECT region, industry_bit, array_agg(id ORDER BY id)
FROM live WHERE kind = 'sector' AND part = 'lead'
GROUP BY region, industry_bit HAVING bool_and(matter <> '')
"""

HOLDERS = f"""
WITH {_LIVE}
SELECT live.id, live.kind, live.part, live.region, live.industry_bit, coalesce(NOT o.active, false) AS gone,
  coalesce(p.valid_to < %(day)s OR NOT a.is_active, false) AS holder_left
FROM live
  LEFT JOIN identity_organisation o ON o.id = live.organisation_id
  LEFT JOIN identity_post p ON p.id = live.post_id
  LEFT JOIN identity_person a ON a.id = p.person_id
WHERE NOT o.active OR p.valid_to < %(day)s OR NOT a.is_active
"""

_COVERED = """
led AS (
  SELECT DISTINCT region, industry_bit FROM chain_duty
  WHERE kind = 'sector' AND part = 'lead' AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s)
), peopled AS (
  SELECT region, industry_bit, count(*) AS firms FROM registry_enterprise
  WHERE region >= %(low)s AND region < %(high)s AND status <> 'closed' AND (%(mask)s::bigint >> industry_bit) & 1 = 1
  GROUP BY region, industry_bit
), bare AS (
  SELECT * FROM peopled p WHERE NOT EXISTS (
    SELECT 1 FROM led WHERE led.industry_bit = p.industry_bit AND led.region IN (
      p.region, p.region - p.region %% 1000, p.region - p.region %% 1000000, p.region - p.region %% 100000000,
      p.region - p.region %% 10000000000))
)"""

UNCOVERED = f"""
WITH {_COVERED}
SELECT region - region %% 1000000, industry_bit, sum(firms)::int FROM bare GROUP BY 1, 2
"""

FIRMS = {
    "no_principal": "e.principal_name = ''",
    "no_safety_manager": "e.safety_manager_name = ''",
    "no_principal_card": "NOT coalesce(c.principal, false)",
    "card_unsigned": "coalesce(c.unsigned, false)",
    "risk_without_holder": "coalesce(c.unheld, false)",
}
"""What is wrong inside an enterprise: its row `e`, its cards taken together `c`."""

_TOGETHER = """
bool_or(level = 'principal') AS principal, bool_or(holder_name <> '' AND signed_on IS NULL) AS unsigned,
bool_or(holder_name = '' AND jsonb_array_length(risks) > 0) AS unheld
"""
_BOUNDS = """
e.region >= %(low)s AND e.region < %(high)s AND e.status <> 'closed' AND (%(mask)s::bigint >> e.industry_bit) & 1 = 1
"""
# Enterprises and cards are laid on one another by grouping, not joined: the planner cannot estimate behind a policy, and
# a nested loop over a city's enterprises would take minutes.
_ALL = f"""
WITH laid AS (
  SELECT e.id, e.region, e.principal_name, e.safety_manager_name, NULL::boolean AS principal, NULL::boolean AS unsigned,
    NULL::boolean AS unheld
  FROM registry_enterprise e WHERE {_BOUNDS}
  UNION ALL
  SELECT enterprise_id, NULL, NULL, NULL, {_TOGETHER} FROM chain_dutycard WHERE active GROUP BY enterprise_id
), e AS (
  SELECT max(region) AS region, max(principal_name) AS principal_name, max(safety_manager_name) AS safety_manager_name,
    bool_or(principal) AS principal, bool_or(unsigned) AS unsigned, bool_or(unheld) AS unheld
  FROM laid GROUP BY id HAVING max(region) IS NOT NULL
)"""
_COUNTS = ", ".join(f"count(*) FILTER (WHERE {condition.replace('c.', 'e.')})" for condition in FIRMS.values())

ENTERPRISES = f"""
{_ALL} SELECT region - region %% 1000000, {_COUNTS} FROM e GROUP BY 1
"""

COVERAGE = f"""
{_ALL} SELECT region - region %% 1000000, count(*), count(*) FILTER (WHERE principal),
  count(*) FILTER (WHERE principal AND NOT unsigned AND NOT unheld) FROM e GROUP BY 1 ORDER BY 1
"""


def firms_with(name: str) -> str:
    """Ids and names of the enterprises behind one kind of fault, by name; parameters more: name, id, limit, bit."""
    if name == "uncovered":
        return f"""
WITH {_COVERED}
SELECT e.id, e.name, e.region FROM registry_enterprise e JOIN bare USING (region, industry_bit)
WHERE e.status <> 'closed' AND e.industry_bit = %(bit)s AND (e.name, e.id) > (%(name)s, %(id)s::uuid)
ORDER BY e.name, e.id LIMIT %(limit)s
"""
    return f"""
SELECT e.id, e.name, e.region FROM registry_enterprise e
  LEFT JOIN LATERAL (SELECT {_TOGETHER} FROM chain_dutycard WHERE enterprise_id = e.id AND active) c ON true
WHERE {_BOUNDS} AND {FIRMS[name]} AND (e.name, e.id) > (%(name)s, %(id)s::uuid)
ORDER BY e.name, e.id LIMIT %(limit)s
"""
