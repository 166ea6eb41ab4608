"""What downstream rooms show on a hazard's page: they register here, nothing is imported back."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from anlan.hazards.models import Hazard

Panel = Callable[[HttpRequest, Hazard], SafeString | None]
_panels: list[Panel] = []


def panel_by(function: Panel) -> Panel:
    """Register a card on a hazard's page: HTML, or None for nothing. Asked in the reader's own scope."""
    _panels.append(function)
    return function


def panels(request: HttpRequest, hazard: Hazard) -> list[SafeString]:
    return [html for function in _panels if (html := function(request, hazard))]
