"""What the database itself refuses: once numbered, an instrument's words, number, addressee and documents never change."""

from collections.abc import Iterator

FROZEN = (
    "kind", "organ_id", "issuer", "place", "county", "industry_bit", "enterprise_id", "unit_id", "addressee", "source_type",
    "source_id", "after_id", "withdraws_id", "case_id", "fields", "text_version", "text_digest", "drafter_ids", "approver_id",
    "approved_digest", "reviewer_id", "reviewer_name", "approver_name", "drafter_name", "source_number", "created_at", "number", "stem", "year", '"order"', "issued_on", "sealed", "sealer_id", "docx_id", "docx_digest", "pdf_id",
    "pdf_digest", "issued", "template_digest",
)  # fmt: skip
SERVED = ("served_on", "served_at", "way", "refused", "region", "known_to_id", "answer_due")
"""Fixed by its service."""

_FIXED = """
CREATE OR REPLACE FUNCTION anlan_instrument_fixed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF OLD."order" IS NOT NULL AND ({numbered}) THEN
    RAISE EXCEPTION 'instrument % is numbered: its words are fixed', OLD.number USING ERRCODE = 'AN001';
  END IF;
  IF OLD.served_at IS NOT NULL AND ({served}) THEN
    RAISE EXCEPTION 'instrument % is served: its service is fixed', OLD.number USING ERRCODE = 'AN001';
  END IF;
  RETURN NEW;
END $body$
"""


def guards() -> Iterator[str]:
    """Statements for `kernel.guards`."""
    yield _FIXED.format(numbered=_differs(FROZEN), served=_differs(SERVED))
    yield "DROP TRIGGER IF EXISTS instrument_fixed ON enforcement_instrument"
    yield (
        "CREATE TRIGGER instrument_fixed BEFORE UPDATE ON enforcement_instrument"
        " FOR EACH ROW EXECUTE FUNCTION anlan_instrument_fixed()"
    )


def _differs(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
