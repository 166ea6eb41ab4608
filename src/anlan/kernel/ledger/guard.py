"""The ledger's own triggers: the leaf is made by the database, and every entry queues for the sequencer."""

from collections.abc import Iterator

from anlan.kernel.flow.declare import flows

subject_tables: dict[str, str] = {}
"""Kinds of records without a flow whose entries and files are seen by whoever sees the record: kind → table, from the rooms."""

_LEAF = """
CREATE OR REPLACE FUNCTION anlan_entry_leaf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.leaf := sha256('\\x00'::bytea || NEW.body);
  RETURN NEW;
END $$
"""

_QUEUE = """
CREATE OR REPLACE FUNCTION anlan_entry_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO kernel_pending (entry_id, txid) VALUES (NEW.id, pg_current_xact_id()::text::bigint);
  RETURN NULL;
END $$
"""


def subject_seen() -> str:
    """Whether the subject of an entry is seen by the reader: the record's own policy decides."""
    tables = {flow.name: flow.table for flow in flows.values()} | subject_tables
    arms = " ".join(
        f"WHEN '{kind}' THEN RETURN EXISTS (SELECT 1 FROM {table} WHERE id = subject);"
        for kind, table in tables.items()
    )
    case = f"CASE kind {arms} ELSE RETURN false; END CASE;" if arms else "RETURN false;"
    return (
        "CREATE OR REPLACE FUNCTION anlan_subject_seen(kind text, subject uuid) RETURNS boolean"
        # Pinned: a temporary table named like ours must not answer for it.
        f" LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$ BEGIN {case} END $$"
    )


def ledger_guards() -> Iterator[str]:
    yield _LEAF
    yield _QUEUE
    yield "DROP TRIGGER IF EXISTS entry_leaf ON kernel_entry"
    yield "CREATE TRIGGER entry_leaf BEFORE INSERT ON kernel_entry FOR EACH ROW EXECUTE FUNCTION anlan_entry_leaf()"
    yield "DROP TRIGGER IF EXISTS entry_queue ON kernel_entry"
    yield "CREATE TRIGGER entry_queue AFTER INSERT ON kernel_entry FOR EACH ROW EXECUTE FUNCTION anlan_entry_queue()"
