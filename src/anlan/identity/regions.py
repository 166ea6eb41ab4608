"""Regions from a table: all rows or none."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.identity.models import Region
from anlan.identity.rules import require
from anlan.kernel.actor import Actor
from anlan.kernel.codes import CodeError, ancestors, level, parse_region
from anlan.kernel.errors import Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.text import clean_line

MOST_ERRORS = 200


def load_regions(rows: Iterable[Mapping[str, Any]], *, actor: Actor) -> int:
    """
    Add or rename regions: columns `code`, `name` (or `zh`), and if known `lon`, `lat` (WGS 84, degrees).

    A region's parent is the nearest higher code in the table or already loaded; the topmost has none. Raises Invalid with
    the reason at `row N.column`; nothing is loaded then. Returns how many rows were loaded.
    """
    require(actor, "load_regions")
    wrong: dict[str, list[Any]] = {}
    found: dict[int, Region] = {}
    for number, row in enumerate(rows, start=2):  # row 1 is the heading
        region = _read(row, number, actor, wrong)
        if region is None:
            continue
        if region.code in found:
            wrong[f"row {number}.code"] = [_("This code occurs twice.")]
        found[region.code] = region
        if len(wrong) >= MOST_ERRORS:
            break
    if not found and not wrong:
        wrong["file"] = [_("The table has no rows.")]
    if wrong:
        raise Invalid(fields=wrong)
    known = set(
        Region.objects.filter(code__in={up for code in found for up in ancestors(code)}).values_list("code", flat=True)
    )
    for code, region in found.items():
        region.parent_id = next((up for up in ancestors(code) if up in found or up in known), None)
    ordered = sorted(found.values(), key=lambda region: (len(ancestors(region.code)), region.code))
    Region.objects.bulk_create(
        ordered,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent", "lon", "lat"],
    )
    write_note(
        actor=actor,
        subject_type="regions",
        subject_id=new_id(),
        step="load_regions",
        data={"rows": len(ordered), "first": ordered[0].code, "last": ordered[-1].code},
        region=ordered[0].code,
    )
    return len(ordered)


def _read(row: Mapping[str, Any], number: int, actor: Actor, wrong: dict[str, list[Any]]) -> Region | None:
    problems: dict[str, Any] = {}
    code = 0
    try:
        code = parse_region(str(row.get("code") or ""))
        if not actor.covers(code):
            problems["code"] = _("This place is outside your territory.")
    except CodeError as error:
        problems["code"] = str(error)
    try:
        name = clean_line(str(row.get("name") or row.get("zh") or ""), max_length=60)
    except ValueError as error:
        name = ""
        problems["name"] = str(error)
    if not name:
        problems.setdefault("name", _("A name is needed."))
    lon, lat = _degrees(row, "lon", 180, problems), _degrees(row, "lat", 90, problems)
    if (lon is None) != (lat is None) and not problems:
        problems["lat"] = _("Give both coordinates or none.")
    wrong.update({f"row {number}.{column}": [reason] for column, reason in problems.items()})
    return None if problems else Region(code=code, name=name, level=level(code), lon=lon, lat=lat)


def _degrees(row: Mapping[str, Any], column: str, most: int, problems: dict[str, Any]) -> Decimal | None:
    text = str(row.get(column) or "").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > most:
        problems[column] = _("Write degrees such as 111.518976.")
        return None
    return value.quantize(Decimal("0.000001"))
