"""The plaza's page of a report tells how its hazard goes on: when that moves, the pages that are kept are no longer what they say."""

from collections.abc import Iterator

_MOVED = """
CREATE OR REPLACE FUNCTION anlan_plaza_hazard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
BEGIN
  IF EXISTS (SELECT 1 FROM reports_report r JOIN reports_publicreport p ON p.id = r.id WHERE r.hazard_id = NEW.id) THEN
    INSERT INTO reports_plazachange DEFAULT VALUES;
  END IF;
  RETURN NULL;
END $body$
"""


def guards() -> Iterator[str]:
    """The trigger, for `kernel.guards`."""
    yield _MOVED
    yield "DROP TRIGGER IF EXISTS plaza_hazard ON hazards_hazard"
    yield (
        "CREATE TRIGGER plaza_hazard AFTER UPDATE ON hazards_hazard FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)"
        " EXECUTE FUNCTION anlan_plaza_hazard()"
    )
