"""What downstream rooms tell a visit: they register here, nothing is imported back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.safestring import SafeString

from anlan.inspections.models import Visit

OpenHazards = Callable[[UUID], list[dict[str, Any]]]
Categories = Callable[[], dict[str, str]]
Panel = Callable[[HttpRequest, Visit], SafeString | None]
_open_hazards: list[OpenHazards] = []
_categories: list[Categories] = []
_panels: list[Panel] = []


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


def panel_by(function: Panel) -> Panel:
    """Register a card on a visit's page: HTML, or None for nothing. Asked in the reader's own scope."""
    _panels.append(function)
    return function


def panels(request: HttpRequest, visit: Visit) -> list[SafeString]:
    return [html for function in _panels if (html := function(request, visit))]
