"""A request's actor: who signed in or sent a token, as which post, with the one transaction that carries their scope."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from anlan.identity.acting import actor_for
from anlan.identity.addresses import client_ip
from anlan.identity.sessions import post_for
from anlan.identity.tokens import post_of_token
from anlan.kernel import scope
from anlan.kernel.actor import Actor

GetResponse = Callable[[HttpRequest], HttpResponse]


class SessionLimits:
    """Ends a session after idle time and after its absolute age (等保 2.0 level 3, ASVS 7.3)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            moment = int(timezone.now().timestamp())
            began = request.session.setdefault("began", moment)
            seen = request.session.get("seen", moment)
            if moment - seen > settings.ANLAN_IDLE_SECONDS or moment - began > settings.ANLAN_ABSOLUTE_SECONDS:
                logout(request)
            elif moment - seen > 60 or "seen" not in request.session:
                request.session["seen"] = moment
        return self.get_response(request)


class ActingPost:
    """Sets `request.actor` and runs the view in one transaction with that actor's scope; an error rolls it back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor = self._actor(request)  # type: ignore[attr-defined]
        if actor is None:
            return self.get_response(request)
        with scope.acting(actor):
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response

    def _actor(self, request: HttpRequest) -> Actor | None:
        header = request.headers.get("Authorization", "")
        if header.startswith("Bearer ") and request.path.startswith("/api/"):
            post = post_of_token(header.removeprefix("Bearer ").strip())
            request.by_token = post is not None  # type: ignore[attr-defined]
        elif header and request.path.startswith("/api/"):
            post = None
        elif request.user.is_authenticated:
            post = post_for(request)
        else:
            post = None
        return actor_for(post).from_ip(client_ip(request)) if post else None
