"""Who may open a page of the site. Pages hand their view the actor."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from anlan.identity.roles import ROLES
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden

View = Callable[..., HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    """The actor the middleware found; pages are closed to anybody without one."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise Forbidden
    return actor


def open_to(*roles: str) -> Callable[[View], View]:
    """Let these roles in, everybody with a post when none is named; the view gets (request, actor, …)."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = actor_of(request)
            if roles and actor.role not in roles:
                who = ", ".join(str(ROLES[role].label) for role in ROLES if role in roles)
                raise Forbidden(_("This page is for: %(who)s."), who=who, code="page.not_yours")
            return view(request, actor, *args, **kwargs)

        return guarded

    return guard


def address(name: str, *args: Any, query: str = "") -> str:
    """The address of a named page, or "" where this release has no such page."""
    try:
        found = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{found}?{query}" if query else found
