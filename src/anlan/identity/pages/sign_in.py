"""Signing in, and switching posts."""

import json
from typing import Any
from uuid import UUID

from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from anlan.identity.roles import ROLES
from anlan.identity.sessions import choose_post
from anlan.kernel.errors import NotFound

WHY = {
    "idle": _("You were signed out because nothing happened for a while. Drafts are kept on this device."),
    "expired": _("You were signed out because a session lasts at most half a day. Sign in to go on."),
}


class SignInView(LoginView):
    template_name = "identity/sign_in.html"

    def get_initial(self) -> dict[str, Any]:
        """In the demo, a click on an account fills the form."""
        chosen = next((one for one in demo_accounts() if one["username"] == self.request.GET.get("as")), None)
        return {"login": chosen["username"], "password": chosen["password"]} if chosen else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = WHY.get(self.request.GET.get("why", ""))
        accounts = [{**one, "post": _post_words(one.get("post", ""))} for one in demo_accounts()]
        return {**super().get_context_data(**kwargs), "why": words, "accounts": accounts}


def _post_words(role: str) -> str:
    return str(ROLES[role].label) if role in ROLES else role


def demo_accounts() -> list[dict[str, str]]:
    """The demo city's accounts, which are public; nothing outside the demo."""
    if not settings.DEMO:
        return []
    try:
        found = json.loads((settings.ANLAN_VAR / "demo" / "accounts.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [one for one in found if isinstance(one, dict) and {"username", "password"} <= set(one)]


@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    """Act as another of one's own posts from the next request on."""
    try:
        post = UUID(request.POST.get("post", ""))
    except ValueError:
        raise NotFound from None
    if not choose_post(request, post):
        raise NotFound
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe and back.startswith("/") else "/")
