"""The database refuses a change that no step announced, an edge the table does not have, and a step without entry."""

from collections.abc import Iterator

from anlan.kernel.flow.declare import flows

_ENTRY_EXISTS = """
CREATE OR REPLACE FUNCTION anlan_step_has_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM kernel_entry WHERE subject_id = NEW.id AND version = NEW.version) THEN
    RAISE EXCEPTION 'step % of % % left no ledger entry', NEW.version, TG_TABLE_NAME, NEW.id USING ERRCODE = 'AN003';
  END IF;
  RETURN NULL;
END $$
"""

_ANNOUNCED = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  announced text := coalesce(current_setting('anlan.step', true), '');
  was text := '';
  expected int := 1;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '% are never deleted', TG_TABLE_NAME USING ERRCODE = 'AN002';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    was := OLD.state;
    expected := OLD.version + 1;
  END IF;
  IF split_part(announced, ' ', 1) <> NEW.id::text OR split_part(announced, ' ', 2) <> NEW.version::text
     OR NEW.version <> expected THEN
    RAISE EXCEPTION 'no step announced this change of % %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'AN002';
  END IF;
  IF NOT (split_part(announced, ' ', 3) || ':' || was || ':' || NEW.state) = ANY ('{{{edges}}}'::text[]) THEN
    RAISE EXCEPTION 'step % does not lead from % to %', split_part(announced, ' ', 3), was, NEW.state USING ERRCODE = 'AN002';
  END IF;
  RETURN NEW;
END $$
"""


def flow_guards() -> Iterator[str]:
    yield _ENTRY_EXISTS
    for flow in flows.values():
        table, name = flow.table, f"anlan_flow_{flow.name}"
        yield _ANNOUNCED.format(name=name, edges=",".join(f'"{step}:{a}:{b}"' for step, a, b in flow.edges()))
        yield f"DROP TRIGGER IF EXISTS step_announced ON {table}"
        yield (
            f"CREATE TRIGGER step_announced BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
        yield f"DROP TRIGGER IF EXISTS step_entered ON {table}"
        yield (
            f"CREATE CONSTRAINT TRIGGER step_entered AFTER INSERT OR UPDATE ON {table}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION anlan_step_has_entry()"
        )
