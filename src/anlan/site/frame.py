"""What every page's frame needs: the actor, their posts, the menu, what waits in the inbox.

Everything that asks the database is a callable that a template calls only where it is drawn: an error page after a failed
transaction asks nothing. At most two queries a page: the unread messages, and once in a while the names of the city and of the post's territory.
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
from anlan.identity.roles import CITIZEN, ENTERPRISE_POSTS
from anlan.kernel.actor import Actor
from anlan.notify.queries import unread_count
from anlan.site.menu import menu_for
from anlan.site.pages.access import address

T = TypeVar("T")
KEEP_SECONDS = 300.0
_lock = Lock()
_names: dict[int, tuple[float, str]] = {}


def frame(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    places = _once(lambda: region_names(settings.ANLAN_CITY, actor.region if actor else None))
    found: dict[str, Any] = {
        "DEMO": settings.DEMO,
        "CITY_NAME": lambda: places().get(settings.ANLAN_CITY, ""),
        "actor": actor,
        "my_posts": getattr(request, "my_posts", []),
    }
    if actor is None:
        return found
    post_firm = actor.organisation_name if actor.role in ENTERPRISE_POSTS else ""
    unread = _once(lambda: _quietly(lambda: unread_count(actor), 0))
    return found | {
        "post_area": lambda: post_firm or places().get(actor.region or 0, ""),
        "post_firm": post_firm,
        "no_search": actor.role == CITIZEN,
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


def region_names(*codes: int | None) -> dict[int, str]:
    """The names of the city and of a post's territory; kept for five minutes, read in one query."""
    wanted = {code for code in codes if code}
    now = time.monotonic()
    with _lock:
        missing = {code for code in wanted if code not in _names or now - _names[code][0] > KEEP_SECONDS}
        if missing:
            rows = Region.objects.filter(pk__in=missing).values_list("code", "name")
            none: list[tuple[int, str]] = []
            _names.update({code: (now, name) for code, name in _quietly(lambda: list(rows), none)})
        return {code: _names[code][1] for code in wanted if code in _names}


def forget() -> None:
    """Drop the kept names: between tests, and after regions were loaded."""
    with _lock:
        _names.clear()


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
