"""The two apps in people's hands, /phone/ for posts and /report/ for citizens: their shells, service workers and the token of their writes.

A shell is open to everybody: it holds no data, and an inspector whose session ran out in a cellar must still reach the unsent work on
the phone. Whoever must sign in is told so by the app itself, as soon as the API answers 401.
"""

from typing import Literal

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from anlan.kernel.errors import Problem

Client = Literal["phone", "report"]
BUILT = settings.BASE / "static"
"""Where `clients/` builds to, a folder for each app; scripts and styles are served as static files, these few below the app's own address."""
KINDS = {
    "index.html": "text/html; charset=utf-8",
    "sw.js": "text/javascript; charset=utf-8",
    "manifest.webmanifest": "application/manifest+json",
}


class NotBuilt(Problem):
    code = "phone.not_built"
    status = 503
    default_message = _("The phone app is not installed on this server. Ask its operator to build it (script/install).")


def _built(client: Client, name: str) -> HttpResponse:
    try:
        body = (BUILT / client / name).read_bytes()
    except FileNotFoundError:
        raise NotBuilt from None
    response = HttpResponse(body, content_type=KINDS[name])
    response["Cache-Control"] = "no-cache"  # small, and the door to every new version
    return response


@login_not_required
@require_GET
def app(request: HttpRequest, client: Client, route: str = "") -> HttpResponse:
    """The same shell at every address of the app: which screen it is, the app reads from the address itself."""
    return _built(client, "index.html")


@login_not_required
@require_GET
def worker(request: HttpRequest, client: Client) -> HttpResponse:
    response = _built(client, "sw.js")
    response["Service-Worker-Allowed"] = f"/{client}/"
    return response


@login_not_required
@require_GET
def manifest(request: HttpRequest, client: Client) -> HttpResponse:
    return _built(client, "manifest.webmanifest")


@login_not_required
@require_GET
@never_cache
def token(request: HttpRequest, client: Client) -> HttpResponse:
    """What the app's writes carry against forgery; a shell from the cache has no page that could bring it."""
    return JsonResponse({"token": get_token(request)})


def addresses(client: Client) -> list[URLPattern]:
    facts = {"client": client}
    return [
        path(f"{client}/sw.js", worker, facts, name=f"{client}-worker"),
        path(f"{client}/manifest.webmanifest", manifest, facts, name=f"{client}-manifest"),
        path(f"{client}/token", token, facts, name=f"{client}-token"),
        path(f"{client}/", app, facts, name=client),
        path(f"{client}/<path:route>", app, facts, name=f"{client}-screen"),
    ]
