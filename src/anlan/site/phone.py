"""The phone app under /phone/: its shell, its service worker and the token its writes carry.

The shell is open to everybody: it holds no data, and an inspector whose session ran out in a cellar must still reach the unsent work on
the phone. Whoever has nothing there is sent to sign in by the app itself, as soon as the API answers 401.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from anlan.kernel.errors import Problem

BUILT = settings.BASE / "static" / "phone"
"""Where `clients/` builds to; its scripts and styles are served as static files, these few from below the app's own address."""
KINDS = {
    "index.html": "text/html; charset=utf-8",
    "sw.js": "text/javascript; charset=utf-8",
    "manifest.webmanifest": "application/manifest+json",
}


class NotBuilt(Problem):
    code = "phone.not_built"
    status = 503
    default_message = _("The phone app is not installed on this server. Ask its operator to build it (script/install).")


def _built(name: str) -> HttpResponse:
    try:
        body = (BUILT / name).read_bytes()
    except FileNotFoundError:
        raise NotBuilt from None
    response = HttpResponse(body, content_type=KINDS[name])
    response["Cache-Control"] = "no-cache"  # small, and the door to every new version
    return response


@login_not_required
@require_GET
def app(request: HttpRequest, route: str = "") -> HttpResponse:
    """The same shell at every address of the app: which screen it is, the app reads from the address itself."""
    return _built("index.html")


@login_not_required
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    response = _built("sw.js")
    response["Service-Worker-Allowed"] = "/phone/"
    return response


@login_not_required
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    return _built("manifest.webmanifest")


@login_not_required
@require_GET
@never_cache
def token(request: HttpRequest) -> HttpResponse:
    """What the app's writes carry against forgery; a shell from the cache has no page that could bring it."""
    return JsonResponse({"token": get_token(request)})
