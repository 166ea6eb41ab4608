"""A request's actor: who signed in or sent a token, as which post, with the one transaction that carries their scope."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from anlan.identity import floods
from anlan.identity.acting import actor_for
from anlan.identity.addresses import client_ip
from anlan.identity.citizen_sessions import MARK as CITIZENS
from anlan.identity.history import remember
from anlan.identity.passwords import change_due
from anlan.identity.sessions import post_for
from anlan.identity.tokens import post_of_token
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor

GetResponse = Callable[[HttpRequest], HttpResponse]
API = "/api/"
OPEN_PATHS = ("/healthz", "/readyz", "/metrics", "/i18n/")
"""Asked by machines, or needed by everybody."""
APART = (
    "/api/v1/sync", "/api/v1/uploads", "/r/",
    "/api/v1/citizen/codes", "/api/v1/citizen/sign-in", "/api/v1/citizen/wechat", "/api/v1/citizen/guest",
)  # fmt: skip
"""Views that open their own transactions: many acts in one request, or what a refusal must not undo."""
OWN_ACCOUNT = ("account_", "mfa_", "own-", "me")
"""Addresses about one's own account, by name: they need no post."""


class SessionLimits:
    """Ends a session after idle time and after its absolute age (等保 2.0 level 3, ASVS 7.3)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and (why := self._over(request)):
            request.session_over = why  # type: ignore[attr-defined]
            remember(why, request, person=request.user)
            logout(request)
            if not request.path.startswith((API, *OPEN_PATHS)):
                return to_sign_in(request, why=why)
        return self.get_response(request)

    def _over(self, request: HttpRequest) -> str:
        moment = int(clock.now().timestamp())
        began = request.session.setdefault("began", moment)
        seen = request.session.get("seen", moment)
        citizen = request.session.get(CITIZENS)
        if moment - began > (settings.ANLAN_CITIZEN_SECONDS if citizen else settings.ANLAN_ABSOLUTE_SECONDS):
            return "expired"
        if moment - seen > (settings.ANLAN_CITIZEN_SECONDS if citizen else settings.ANLAN_IDLE_SECONDS):
            return "idle"
        if moment - seen > 60 or "seen" not in request.session:
            request.session["seen"] = moment
            UserSession.objects.filter(session_key=request.session.session_key).update(
                last_seen_at=clock.now(), ip=client_ip(request) or "127.0.0.1"
            )
        return ""


class ActingPost:
    """Sets `request.actor` and runs the view in one transaction with that actor's scope; an error rolls it back.

    Pages are closed unless their view says `login_not_required`: without a person one is sent to sign in, with a password
    that must be changed to change it, without a post to a page that says so. The API answers by itself (401).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor = self._actor(request)  # type: ignore[attr-defined]
        try:
            return self._answer(request, actor)
        finally:
            floods.keep(request)

    def _answer(self, request: HttpRequest, actor: Actor | None) -> HttpResponse:
        if actor is None or request.path.startswith(APART):
            return self.get_response(request)
        with scope.acting(actor):
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            else:
                floods.keep(request)  # one commit for the deed and its count
            return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.path.startswith((API, *OPEN_PATHS)) or not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return to_sign_in(request)
        match = request.resolver_match
        name = (match.url_name or "") if match else ""
        if name in ("account_logout", "account_change_password"):
            return None
        if change_due(request.user):
            return redirect("account_change_password")
        own = name.startswith(OWN_ACCOUNT) and match is not None and match.namespace in ("", "identity")
        if request.actor is None and not own:  # type: ignore[attr-defined]
            return render(request, "identity/no_post.html", status=403)
        return None

    def _actor(self, request: HttpRequest) -> Actor | None:
        header = request.headers.get("Authorization", "")
        if header and request.path.startswith(API):
            secret = header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else ""
            post = post_of_token(secret) if secret else None
            request.by_token = post is not None  # type: ignore[attr-defined]
        elif request.user.is_authenticated and not change_due(request.user):
            post = post_for(request)
        else:
            post = None
        return actor_for(post).from_ip(client_ip(request)) if post else None


def to_sign_in(request: HttpRequest, *, why: str = "") -> HttpResponse:
    """To the sign-in page and back here afterwards."""
    back = request.get_full_path() if request.method == "GET" else ""
    asked = {key: value for key, value in (("why", why), ("next", back if back != "/" else "")) if value}
    address = reverse("identity:sign-in") + (f"?{urlencode(asked)}" if asked else "")
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(address)
    return redirect(address)
