"""What every page's frame needs: the actor, their posts, the menu, what waits in the inbox.

Everything that asks the database is a callable that a template calls only where it is drawn: an error page after a failed
transaction asks nothing. At most two queries a page: the unread messages, and once in a while the city's name.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from anlan.identity.models import Region
from anlan.kernel.actor import Actor
from anlan.notify.queries import unread_count
from anlan.site.menu import menu_for
from anlan.site.pages.access import address

T = TypeVar("T")
KEEP_SECONDS = 300.0
_lock = Lock()
_name: tuple[float, str] | None = None


def frame(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    found: dict[str, Any] = {
        "DEMO": settings.DEMO,
        "CITY_NAME": city_name,
        "actor": actor,
        "my_posts": getattr(request, "my_posts", []),
    }
    if actor is None:
        return found
    unread = _once(lambda: _quietly(lambda: unread_count(actor), 0))
    return found | {
        "unread_count": unread,
        "menu": _once(lambda: menu_for(actor, request.path, {"unread": unread()})),
        "user_links": _user_links,
    }


def _user_links() -> list[dict[str, Any]]:
    links = (
        (_("My account"), "identity:me", "user-circle"),
        (_("Help"), "help", "help-circle"),
        (_("About Anlan"), "about", "info-circle"),
    )
    return [{"label": label, "url": url, "icon": icon} for label, name, icon in links if (url := address(name))]


def city_name() -> str:
    """What the city of this deployment is called; kept for five minutes."""
    global _name  # noqa: PLW0603 -- one small cache a process
    with _lock:
        if _name is None or time.monotonic() - _name[0] > KEEP_SECONDS:
            query = Region.objects.filter(pk=settings.ANLAN_CITY).values_list("name", flat=True)
            found = _quietly(query.first, None)
            if not found:
                return ""
            _name = (time.monotonic(), found)
        return _name[1]


def forget() -> None:
    """Drop the kept name: between tests, and after regions were loaded."""
    global _name  # noqa: PLW0603 -- one small cache a process
    with _lock:
        _name = None


def _once(make: Callable[[], T]) -> Callable[[], T]:
    """Templates call what they are given, each time they name it."""
    kept: list[T] = []

    def get() -> T:
        if not kept:
            kept.append(make())
        return kept[0]

    return get


def _quietly(ask: Callable[[], T], otherwise: T) -> T:
    """The frame of a page that reports a failed transaction is drawn without figures."""
    try:
        return ask()
    except DatabaseError:
        return otherwise
