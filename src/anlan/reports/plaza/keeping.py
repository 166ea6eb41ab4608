"""
How a report comes onto the plaza and leaves it: by the database itself, in the transaction that changes the report.

A report stands there from the moment a person has looked at it (it has left `submitted`) and given it public words, as long
as it is public, not held, and neither a duplicate nor outside work safety. Places are rounded to a thousandth of a degree, about a
hundred metres; what looks like a phone, an identity or a bank card's number is blanked, whatever the person overlooked: with a
country code, cut by spaces, points and dashes, in full width or written out.
"""

from collections.abc import Iterator

from django.db import connection

from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.guards import APP_ROLE

PLAZA = Actor(role="plaza", name="plaza", post_label="plaza")
"""Whoever reads the plaza: no territory, no person, no enterprise, so no row of any scoped table."""
FOLDING = 0x504C5A41
BATCH = 10_000

_D = "[0-9０-９]"
_CUT = "[ 　.．·—－-]?"
_WRITTEN = "[〇零一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
_NUMBERS = (
    f"([+＋]?[8８][6６]{_CUT})?[1１][3-9３-９]({_CUT}{_D}){{9}}",  # mobile
    f"[(（]?[0０]{_D}{{2,3}}[)）]?{_CUT}{_D}{{7,8}}",  # landline
    f"{_D}{{6}}{_CUT}{_D}{{8}}{_CUT}{_D}{{3}}[0-9０-９XxＸｘ]",  # identity number
    f"{_D}{{15,19}}",  # its old form, bank cards
)
_BLANKED = f"""
CREATE OR REPLACE FUNCTION anlan_plaza_words(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN regexp_replace(regexp_replace(t, '(?<!{_D})({"|".join(_NUMBERS)})(?!{_D})', '***', 'g'),
    '(?<!{_WRITTEN})[一幺壹]{_WRITTEN}{{10}}(?!{_WRITTEN})', '***', 'g');
"""
_SHOWN = """
  r.public AND NOT r.held AND r.public_words <> '' AND r.state <> 'submitted' AND r.outcome NOT IN ('duplicate', 'declined')
"""
_SHOW = f"""
CREATE OR REPLACE FUNCTION anlan_plaza_show(wanted uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
DECLARE
  r reports_report;
BEGIN
  SELECT * INTO r FROM reports_report WHERE id = wanted;
  IF r.id IS NULL OR NOT ({_SHOWN}) THEN
    DELETE FROM reports_publicphoto WHERE report_id = wanted;
    DELETE FROM reports_publicreport WHERE id = wanted;
    IF FOUND THEN
      INSERT INTO reports_plazachange DEFAULT VALUES;
    END IF;
    RETURN;
  END IF;
  INSERT INTO reports_publicreport AS p (
    id, number, state, outcome, category_id, industry_id, county, town, words, place, lon, lat, unit, answer, joined,
    reported_at, verified_at, handled_at, answered_at, changed_at, search
  ) VALUES (
    r.id, r.number, r.state, r.outcome, r.category_id, r.industry_id, r.county, r.region - mod(r.region, 1000),
    anlan_plaza_words(r.public_words), anlan_plaza_words(r.public_place), round(r.lon, 3), round(r.lat, 3),
    coalesce((SELECT name FROM identity_organisation WHERE id = r.unit_id), ''),
    CASE WHEN r.state = 'answered' THEN anlan_plaza_words(r.answer) ELSE '' END, r.joined,
    r.reported_at, r.verified_at, r.handled_at, CASE WHEN r.state = 'answered' THEN r.answered_at END, r.state_since,
    anlan_fold(left(r.number || ' ' || anlan_plaza_words(r.public_words) || ' ' || anlan_plaza_words(r.public_place), 2400))
  ) ON CONFLICT (id) DO UPDATE SET
    state = excluded.state, outcome = excluded.outcome, category_id = excluded.category_id, industry_id = excluded.industry_id,
    county = excluded.county, town = excluded.town, words = excluded.words, place = excluded.place, lon = excluded.lon,
    lat = excluded.lat, unit = excluded.unit, answer = excluded.answer, joined = excluded.joined,
    verified_at = excluded.verified_at, handled_at = excluded.handled_at, answered_at = excluded.answered_at, search = excluded.search,
    changed_at = greatest(p.changed_at, excluded.changed_at);
  DELETE FROM reports_publicphoto AS p WHERE report_id = wanted
    AND NOT EXISTS (SELECT 1 FROM reports_reportphoto o WHERE o.id = p.id AND o.shown);
  -- What has no copy for showing, such as a video, stays where it is.
  INSERT INTO reports_publicphoto (id, report_id, phase, display_sha256, thumb_sha256, width, height, at)
    SELECT o.id, wanted, o.phase, f.display_sha256, f.thumb_sha256, f.width, f.height, o.at
    FROM reports_reportphoto o JOIN files_file f ON f.id = o.file_id
    WHERE o.report_id = wanted AND o.shown AND f.kind = 'photo' AND f.display_sha256 <> '' AND f.thumb_sha256 <> ''
  ON CONFLICT (id) DO NOTHING;
  UPDATE reports_publicreport SET cover = (
    SELECT id FROM reports_publicphoto WHERE report_id = wanted ORDER BY at, id LIMIT 1
  ) WHERE id = wanted;
  INSERT INTO reports_plazachange DEFAULT VALUES;
END $body$
"""
_REPORT_CHANGED = """
CREATE OR REPLACE FUNCTION anlan_plaza_report() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
BEGIN
  PERFORM anlan_plaza_show(NEW.id);
  RETURN NULL;
END $body$
"""
_PHOTO_CHANGED = """
CREATE OR REPLACE FUNCTION anlan_plaza_photo() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
BEGIN
  PERFORM anlan_plaza_show(CASE TG_OP WHEN 'DELETE' THEN OLD.report_id ELSE NEW.report_id END);
  RETURN NULL;
END $body$
"""
READ = (
    "public", "held", "public_words", "public_place", "state", "outcome", "category_id", "industry_id", "county", "region", "lon",
    "lat", "unit_id", "answer", "joined", "verified_at", "handled_at", "answered_at", "number",
)  # fmt: skip
"""The columns that the plaza is written from: a report that changes elsewhere costs nothing here."""
_TABLES = ("reports_publicreport", "reports_publicphoto")


def guards() -> Iterator[str]:
    yield _BLANKED
    yield _SHOW
    yield "REVOKE EXECUTE ON FUNCTION anlan_plaza_show(uuid) FROM PUBLIC"
    yield f"REVOKE EXECUTE ON FUNCTION anlan_plaza_show(uuid) FROM {APP_ROLE}"
    yield _REPORT_CHANGED
    yield _PHOTO_CHANGED
    new, old = (f"({', '.join(f'{row}.{one}' for one in READ)})" for row in ("NEW", "OLD"))
    for name, table, when in (
        ("plaza_added", "reports_report", f"INSERT ON {{table}} FOR EACH ROW WHEN ({_SHOWN.replace('r.', 'NEW.').strip()})"),
        ("plaza_changed", "reports_report", f"UPDATE ON {{table}} FOR EACH ROW WHEN ({old} IS DISTINCT FROM {new})"),
        ("plaza_photo_added", "reports_reportphoto", "INSERT ON {table} FOR EACH ROW WHEN (NEW.shown)"),
        ("plaza_photo_changed", "reports_reportphoto", "UPDATE ON {table} FOR EACH ROW WHEN (OLD.shown OR NEW.shown)"),
        ("plaza_photo_gone", "reports_reportphoto", "DELETE ON {table} FOR EACH ROW WHEN (OLD.shown)"),
    ):  # fmt: skip
        run = "anlan_plaza_report" if table == "reports_report" else "anlan_plaza_photo"
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield f"CREATE TRIGGER {name} AFTER {when.format(table=table)} EXECUTE FUNCTION {run}()"
    for table in _TABLES:
        yield f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {APP_ROLE}"


_FOLD = """
WITH taken AS (
  DELETE FROM reports_plazachange WHERE id IN (SELECT id FROM reports_plazachange ORDER BY id LIMIT %s) RETURNING 1
), kept AS (
  INSERT INTO reports_plazaversion (only_one, changes) SELECT true, count(*) FROM taken HAVING count(*) > 0
  ON CONFLICT (only_one) DO UPDATE SET changes = reports_plazaversion.changes + excluded.changes
)
SELECT count(*) FROM taken
"""


def fold_changes() -> int:
    """Add what changed to the version, so that asking for it stays one small reading."""
    with scope.acting(PLAZA), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLDING])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FOLD, [BATCH])
        return int(cursor.fetchone()[0])


def content_version() -> int:
    """How often the plaza has changed: it grows with every commit that changed something on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT coalesce(sum(changes), 0) FROM reports_plazaversion) + (SELECT count(*) FROM reports_plazachange)"
        )
        return int(cursor.fetchone()[0])
