"""The ledger's own triggers: the leaf is made by the database, and every entry queues for the sequencer."""

from collections.abc import Iterator

from anlan.kernel.flow.declare import flows

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


subjects: dict[str, str] = {}
"""Kinds of records without a flow whose entries and files are seen by whoever sees the record: kind → table."""


# Pinned: a temporary table named like ours must not answer for it.
_ASKS = "RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS"


def subject_seen() -> str:
    """Whether the subject of an entry is seen by the reader: the tables' own policies decide."""
    tables = {flow.name: flow.table for flow in flows.values()} | subjects
    arms = " ".join(
        f"WHEN '{kind}' THEN RETURN EXISTS (SELECT 1 FROM {table} WHERE id = subject);"
        for kind, table in tables.items()
    )
    case = f"CASE kind {arms} ELSE RETURN false; END CASE;" if arms else "RETURN false;"
    return f"CREATE OR REPLACE FUNCTION anlan_subject_seen(kind text, subject uuid) {_ASKS} $$ BEGIN {case} END $$"


def entry_seen() -> str:
    """Whether an entry is: by whoever sees its subject, that of an internal step only by those inside."""
    arms = " ".join(
        f"IF kind = '{flow.name}' AND step IN ({', '.join(repr(name) for name in flow.internal)}) THEN"
        f" RETURN EXISTS (SELECT 1 FROM {flow.table} WHERE id = subject AND ({flow.inside})); END IF;"
        for flow in flows.values()
        if flow.internal
    )
    return (
        f"CREATE OR REPLACE FUNCTION anlan_entry_seen(kind text, subject uuid, step text) {_ASKS}"
        f" $$ BEGIN {arms} RETURN anlan_subject_seen(kind, subject); END $$"
    )


def ledger_guards() -> Iterator[str]:
    yield _LEAF
    yield _QUEUE
    yield "DROP TRIGGER IF EXISTS entry_leaf ON kernel_entry"
    yield "CREATE TRIGGER entry_leaf BEFORE INSERT ON kernel_entry FOR EACH ROW EXECUTE FUNCTION anlan_entry_leaf()"
    yield "DROP TRIGGER IF EXISTS entry_queue ON kernel_entry"
    yield "CREATE TRIGGER entry_queue AFTER INSERT ON kernel_entry FOR EACH ROW EXECUTE FUNCTION anlan_entry_queue()"
