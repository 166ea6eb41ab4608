"""What downstream rooms show on an enterprise's page: they register here, the page asks, no import runs back."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.safestring import SafeString

from anlan.registry.models import Enterprise

Render = Callable[[HttpRequest, Enterprise], SafeString | None]


@dataclass(frozen=True, order=True)
class Panel:
    order: int
    name: str
    render: Render


panels: dict[str, Panel] = {}


def register_panel(name: str, order: int, render: Render) -> None:
    """`render(request, enterprise)` gives a whole card as HTML, or None for nothing. Call it from `AppConfig.ready`."""
    panels[name] = Panel(order, name, render)


def shown(request: HttpRequest, enterprise: Enterprise) -> list[SafeString]:
    found = (
        panel.render(request, enterprise) for panel in sorted(panels.values(), key=lambda one: (one.order, one.name))
    )
    return [html for html in found if html]
