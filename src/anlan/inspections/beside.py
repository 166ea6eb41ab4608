"""What downstream rooms tell a visit: they register here, nothing is imported back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

OpenHazards = Callable[[UUID], list[dict[str, Any]]]
Categories = Callable[[], dict[str, str]]
_open_hazards: list[OpenHazards] = []
_categories: list[Categories] = []


def open_hazards_by(function: OpenHazards) -> OpenHazards:
    """Register who knows what is still open at an enterprise: id, number, place, description, state, recurrence and more."""
    _open_hazards.append(function)
    return function


def open_hazards(enterprise: UUID) -> list[dict[str, Any]]:
    """What is open at an enterprise, latest first, as far as the present scope reaches."""
    return [one for function in _open_hazards for one in function(enterprise)]


def categories_by(function: Categories) -> Categories:
    """Register who knows the categories of findings: code → name in the reader's language."""
    _categories.append(function)
    return function


def categories() -> dict[str, str]:
    return {code: name for function in _categories for code, name in function().items()}
