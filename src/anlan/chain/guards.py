"""Who answers for a place, as numbers of duties beyond the asker's scope: a finding's chain reaches up to the city."""

from collections.abc import Iterator

_SIGNATURE = "anlan_chain(bigint[], int, uuid, date)"
_FUNCTION = """
CREATE OR REPLACE FUNCTION anlan_chain(places bigint[], field int, firm uuid, day date) RETURNS TABLE (
  id uuid, kind text, part text, region bigint, matter text, organisation text, title text, person text, phone text,
  basis text, evidence text, vacant boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
  WITH live AS (
    SELECT d.*, rank() OVER (PARTITION BY d.kind, d.part ORDER BY d.region DESC) AS nearness
    FROM chain_duty d
    WHERE d.region = ANY (places) AND (d.industry_bit IS NULL OR d.industry_bit = field)
      AND d.valid_from <= day AND (d.valid_to IS NULL OR d.valid_to >= day)
  )
  SELECT l.id, l.kind::text, l.part::text, l.region, l.matter::text, coalesce(o.name, '')::text,
    coalesce(nullif(l.title, ''), p.title, '')::text,
    CASE WHEN p.id IS NULL THEN l.person_name WHEN p.valid_to < day OR NOT a.is_active THEN '' ELSE a.name END::text,
    coalesce(nullif(l.phone, ''), a.phone, o.phone, '')::text, l.basis::text, l.evidence::text,
    coalesce(NOT o.active, false) OR coalesce(p.valid_to < day OR NOT a.is_active, false)
  FROM live l
    LEFT JOIN identity_organisation o ON o.id = l.organisation_id
    LEFT JOIN identity_post p ON p.id = l.post_id
    LEFT JOIN identity_person a ON a.id = p.person_id
  WHERE l.nearness = 1
  UNION ALL
  SELECT NULL, 'principal', h.part, e.region, '', e.name::text, '', h.person::text, h.phone::text, '', '', false
  FROM registry_enterprise e, LATERAL (VALUES ('principal', e.principal_name, e.principal_phone),
    ('safety_manager', e.safety_manager_name, e.safety_manager_phone)) AS h(part, person, phone)
  WHERE e.id = firm AND h.person <> ''
$body$
"""


def guards() -> Iterator[str]:
    """The function tells who answers for one place and field and nothing else: what a notice on the wall says too."""
    yield _FUNCTION
    yield f"REVOKE ALL ON FUNCTION {_SIGNATURE} FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION {_SIGNATURE} TO anlan_app"
