"""Reading what an address says. What cannot be read counts as absent, so that an old link still opens a list."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from anlan.kernel.codes import CodeError, parse_region, subtree

FIRST_YEAR, LAST_YEAR = 1900, 2199


def read_id(text: Any) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


def read_ids(values: Iterable[Any]) -> list[UUID]:
    return [found for one in values if (found := read_id(one))]


def read_day(text: Any) -> date | None:
    try:
        found = date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def read_code(text: Any) -> int | None:
    """Up to twelve digits, whether or not there is such a region: a list of nowhere is empty."""
    digits = str(text or "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else None


def read_region(text: Any) -> int | None:
    """A code that has the form of a region's."""
    try:
        return parse_region(str(text)) if text else None
    except CodeError:
        return None


def reach_of(code: int | None) -> tuple[int, int] | None:
    """A region with all below it as codes, half-open; nothing at all for what is no region."""
    if code is None:
        return None
    try:
        return subtree(code)
    except CodeError:
        return (0, 0)
