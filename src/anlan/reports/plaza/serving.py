"""
How the open pages are served: as somebody who sees nothing else, the same to everybody, and kept until the plaza changes.

A page depends on its address, the reader's language and the size of type alone. So it is kept by these and by the plaza's content
version, and asked for again it costs one small reading.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection
from functools import wraps
from hashlib import blake2b
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.kernel import clock, scope
from anlan.kernel.errors import NotFound
from anlan.reports.plaza.keeping import PLAZA, content_version

View = Callable[..., HttpResponse]
MEMORY = 24 * 1024 * 1024
"""Bytes of pages that a process keeps."""
LARGEST = 512 * 1024
FRESH_SECONDS = 20
"""How long a browser or a cache between may show what it has without asking: so long a withdrawn report may still be seen."""
TYPE_COOKIE = "anlan_type"


class Kept:
    """The pages asked for last."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, tuple[str, bytes, str]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: str) -> tuple[str, bytes, str] | None:
        with self._lock:
            found = self._pages.get(key)
            if found:
                self._pages.move_to_end(key)
            return found

    def put(self, key: str, page: tuple[str, bytes, str]) -> None:
        if len(page[1]) > LARGEST:
            return
        with self._lock:
            old = self._pages.pop(key, None)
            self._size += len(page[1]) - (len(old[1]) if old else 0)
            self._pages[key] = page
            while self._size > MEMORY:
                _key, gone = self._pages.popitem(last=False)
                self._size -= len(gone[1])

    def forget(self) -> None:
        with self._lock:
            self._pages.clear()
            self._size = 0


kept = Kept()


def large_type(request: HttpRequest) -> bool:
    return request.COOKIES.get(TYPE_COOKIE) == "large"


def open_page(*parameters: str) -> Callable[[View], View]:
    """A page for everybody; `parameters` are those of the query string that it reads."""

    def decorate(view: View) -> View:
        @login_not_required
        @require_safe
        @wraps(view)
        def served(request: HttpRequest, **values: str) -> HttpResponse:
            request.open_asked = _asked(request, parameters)  # type: ignore[attr-defined]
            with scope.acting(PLAZA):
                key = _key(request)
                page = kept.get(key)
                if page is None:
                    # Changed between the two readings, it is newer than its version says: the next reader asks anew.
                    try:
                        response = view(request, **values)
                    except NotFound:
                        return _missing(request)
                    if response.status_code != 200:
                        return response
                    page = (_digest(response.content.hex()), response.content, response["Content-Type"])
                    kept.put(key, page)
            return _answer(request, page)

        return served

    return decorate


def frame(request: HttpRequest, section: str) -> dict[str, Any]:
    """What the frame of the open pages needs besides the words."""
    asked = [(name, text) for name, text in request.open_asked if text]  # type: ignore[attr-defined]
    here = f"{request.path}?{urlencode(asked)}" if asked else request.path
    reading = reverse("plaza:reading")
    return {
        "section": section,
        "large": large_type(request),
        "type_url": f"{reading}?{urlencode({'type': 'plain' if large_type(request) else 'large', 'next': here})}",
        "language_url": f"{reading}?{urlencode({'next': here})}",
    }


def _missing(request: HttpRequest) -> HttpResponse:
    """Alike for what never was and for what is not public."""
    context = frame(request, "") | {"title": _("Nothing is here")}
    response = render(request, "plaza/missing.html", context, status=404)
    response["Cache-Control"] = "no-store"
    return response


def _asked(request: HttpRequest, parameters: Collection[str]) -> list[tuple[str, str]]:
    """What of the query string the page reads. The rest is the reader's own, and stands in no page that others get."""
    return [(name, request.GET.get(name, "")[:200]) for name in parameters]


def _key(request: HttpRequest) -> str:
    facts = (
        request.path, request.open_asked, get_language(), large_type(request), request.get_host(), content_version(),  # type: ignore[attr-defined]
        clock.today(),
    )  # fmt: skip
    return _digest(repr(facts))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _answer(request: HttpRequest, page: tuple[str, bytes, str]) -> HttpResponse:
    etag, body, kind = page
    known = [one.strip().removeprefix("W/").strip('"') for one in request.headers.get("If-None-Match", "").split(",")]
    response: HttpResponse = HttpResponseNotModified() if etag in known else HttpResponse(body, content_type=kind)
    # Weak: the same page goes out with and without compression.
    response["ETag"] = f'W/"{etag}"'
    # With a session its cookie may come along, which no cache between may keep.
    who = "private" if request.user.is_authenticated else "public"
    response["Cache-Control"] = f"{who}, max-age={FRESH_SECONDS}"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
