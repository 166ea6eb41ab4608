"""The digest of an issued bulletin: over its text as printed, its figures, and the rows behind each of them."""

from collections.abc import Iterable
from hashlib import sha256
from itertools import groupby
from typing import Any

from anlan.bulletins import writing
from anlan.bulletins.models import Bulletin, FigureRow
from anlan.kernel.ledger.write import encode
from anlan_verify import canonical


def digest_of(bulletin: Bulletin) -> str:
    """Of what is stored now; called with all rows of the bulletin in sight."""
    rows = FigureRow.objects.filter(of=bulletin, edition=bulletin.edition).order_by("figure", "place")
    facts: dict[str, Any] = {
        "number": bulletin.number,
        "organ": bulletin.organ,
        "title": bulletin.title,
        "addressees": bulletin.addressees,
        "issued_on": bulletin.issued_on,
        "months": [bulletin.first_month, bulletin.last_month],
        "text": writing.printed(bulletin.content, bulletin.figures, bulletin.typed),
        "figures": bulletin.figures,
        "tables": bulletin.tables,
        "typed": bulletin.typed,
        "rows": _of_rows(rows.iterator(chunk_size=2000)),
    }
    return sha256(canonical.dumps(encode(facts))).hexdigest()


def _of_rows(rows: Iterable[FigureRow]) -> dict[str, str]:
    found = {}
    for figure, mine in groupby(rows, key=lambda row: row.figure):
        hashed = sha256()
        for row in mine:
            facts = [row.place, row.kind, row.key, row.label, row.note, row.region, row.month, row.value]
            hashed.update(canonical.dumps(encode(facts)) + b"\n")
        found[figure] = hashed.hexdigest()
    return found
