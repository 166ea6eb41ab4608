"""What the database itself refuses: items of an edition that is no draft any more."""

from collections.abc import Iterator


def guards() -> Iterator[str]:
    # The share lock waits for a review that is under way, so that nothing slips in beside it.
    yield """
CREATE OR REPLACE FUNCTION anlan_items_of_drafts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  editions uuid[];
BEGIN
  IF TG_OP <> 'DELETE' THEN editions := editions || NEW.edition_id; END IF;
  IF TG_OP <> 'INSERT' THEN editions := editions || OLD.edition_id; END IF;
  PERFORM 1 FROM standards_edition WHERE id = ANY(editions) FOR SHARE;
  IF EXISTS (SELECT 1 FROM standards_edition WHERE id = ANY(editions) AND state <> 'draft') THEN
    RAISE EXCEPTION 'items of an edition that is no draft are never changed: % refused', TG_OP USING ERRCODE = 'AN001';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""
    yield "DROP TRIGGER IF EXISTS items_of_drafts ON standards_item"
    yield (
        "CREATE TRIGGER items_of_drafts BEFORE INSERT OR UPDATE OR DELETE ON standards_item"
        " FOR EACH ROW EXECUTE FUNCTION anlan_items_of_drafts()"
    )
