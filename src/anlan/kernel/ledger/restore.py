"""What the ledger needs after its database came back from a backup, and the proof that nothing in it is wrong."""

from collections.abc import Iterable
from pathlib import Path

from django.db import connection

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger.verify import LogCheck, verify_ledger


class LedgerBroken(Exception):
    """The ledger does not agree with what vouches for it; the text names what."""


# Transaction numbers are a cluster's own. What waited keeps its order, ahead of everything the new cluster will write.
_RENUMBER = """
UPDATE kernel_pending p SET txid = ordered.place - ordered.count - 1 FROM (
  SELECT entry_id, row_number() OVER (ORDER BY txid, entry_id) AS place, count(*) OVER () AS count FROM kernel_pending
) AS ordered WHERE ordered.entry_id = p.entry_id
"""


def after_restore(*, witness: Iterable[Path] = ()) -> LogCheck:
    """Make sealing go on in the new cluster, then verify everything. Raises LedgerBroken; run it before web and worker start."""
    with scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_RENUMBER)
    check = verify_ledger(witness=witness)
    if not check.whole:
        raise LedgerBroken(
            "What was restored does not agree with itself or with its kept heads. Do not serve from it; restore another"
            " backup and keep this one for the inquiry.\n  " + "\n  ".join(check.problems)
        )
    return check
