"""Regions from a table of public codes: CSV with `code`, `zh` (or `name`), and whatever else, which is left aside."""

import csv
from collections.abc import Iterable, Mapping
from hashlib import file_digest
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from anlan.identity.models import Region
from anlan.kernel.actor import Actor
from anlan.kernel.codes import CodeError, ancestors, level, parse_region
from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.text import TextError, clean_line


def load_regions(*, actor: Actor, rows: Iterable[Mapping[str, str]], digest: str = "") -> tuple[int, int]:
    """
    Add regions and bring names up to date, all or nothing; the numbers added and renamed. Nothing is ever removed,
    since records keep the code of their day.
    """
    if not actor.is_system:
        raise Forbidden
    given = _parsed(rows)
    stored = dict(Region.objects.values_list("code", "name"))
    fresh = [code for code in given if code not in stored]
    renamed = [code for code in given if code in stored and stored[code] != given[code]]
    known = stored.keys() | given.keys()
    # Parents first: higher codes end in more zeros.
    for size in ("province", "city", "county", "township", "village"):
        Region.objects.bulk_create(
            Region(
                code=code,
                name=given[code],
                level=size,
                parent_id=next((above for above in ancestors(code) if above in known), None),
            )
            for code in fresh
            if level(code) == size
        )
    for code in renamed:
        Region.objects.filter(pk=code).update(name=given[code])
    if fresh or renamed:
        write_note(
            actor=actor,
            subject_type="regions",
            subject_id=new_id(),
            step="load_regions",
            changes={str(code): [stored[code], given[code]] for code in renamed[:1000]},
            data={"added": len(fresh), "renamed": len(renamed), "sha256": digest},
            region=settings.ANLAN_CITY,
        )
    return len(fresh), len(renamed)


def _parsed(rows: Iterable[Mapping[str, str]]) -> dict[int, str]:
    given: dict[int, str] = {}
    faults: list[str] = []
    for number, row in enumerate(rows, start=2):
        try:
            code = parse_region(row.get("code") or "")
            name = clean_line(row.get("zh") or row.get("name") or "", max_length=60)
        except (CodeError, TextError) as wrong:
            faults.append(_("Row %(row)s: %(reason)s") % {"row": number, "reason": wrong})
            continue
        if not name:
            faults.append(_("Row %(row)s: %(reason)s") % {"row": number, "reason": _("The name is missing.")})
        elif given.get(code, name) != name:
            faults.append(_("Row %(row)s: %(reason)s") % {"row": number, "reason": _("The code occurs twice.")})
        given[code] = name
    if faults or not given:
        raise Invalid(fields={"file": faults[:100] or [_("The file holds no rows.")]})
    return given


def read_regions(path: Path) -> tuple[list[dict[str, str]], str]:
    """Rows of a UTF-8 CSV and the file's SHA-256."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text)), digest
