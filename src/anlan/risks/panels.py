"""What downstream rooms show on a risk point's page: they register here, the page asks, no import runs back."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from anlan.risks.models import RiskPoint

Render = Callable[[HttpRequest, RiskPoint], SafeString | None]
panels: dict[str, tuple[int, Render]] = {}


def register_panel(name: str, order: int, render: Render) -> None:
    """`render(request, point)` gives a whole card as HTML, or None for nothing. Call it from `AppConfig.ready`."""
    panels[name] = (order, render)


def shown(request: HttpRequest, point: RiskPoint) -> list[SafeString]:
    ordered = sorted((order, name) for name, (order, _render) in panels.items())
    found = (panels[name][1](request, point) for _order, name in ordered)
    return [html for html in found if html]
