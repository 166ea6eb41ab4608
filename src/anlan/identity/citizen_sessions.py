"""A citizen's session in the browser: as the officials' one, but kept for weeks, since a report takes weeks."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest

from anlan.identity.models import Post
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MARK = "citizen"
"""In the session: its limits are a citizen's."""


def enter(request: HttpRequest, post: Post) -> None:
    """
    Begin a session under a new key: one that somebody planted before is worth nothing.

    Through the framework and not through the sign-in library, whose list of sessions keeps where each came from.
    """
    with scope.acting(SYSTEM):
        login(request, post.person, backend=BACKEND)
        request.session[MARK] = True
        request.session["post"] = str(post.pk)
        request.session.set_expiry(settings.ANLAN_CITIZEN_SECONDS)


def leave(request: HttpRequest) -> None:
    with scope.acting(SYSTEM):
        logout(request)
