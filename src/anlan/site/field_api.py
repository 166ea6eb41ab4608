"""The day's work and the clauses, downloaded before going where there is no network."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseNotModified
from ninja import Router

from anlan.identity.roles import ENTERPRISE_POSTS, OFFICIALS
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden
from anlan.site.field import clauses, day_of, tag
from anlan.site.rendering import Renderer

router = Router(tags=["sync"])


def _worker(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.role not in OFFICIALS | ENTERPRISE_POSTS:
        raise Forbidden
    return actor


def _tagged(request: HttpRequest, content: Any, more: dict[str, Any] | None = None) -> HttpResponse:
    """304 when the phone has this already; `more` changes each time and says nothing new."""
    etag = f'"{tag(content)}"'
    asked = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    response: HttpResponse
    if etag in asked:
        response = HttpResponseNotModified()
    else:
        whole = more | content if more is not None else content
        body = Renderer().render(request, whole, response_status=200)
        response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


@router.get("field/day", operation_id="field_day", summary="Today's work, for a phone without a network")
def day(request: HttpRequest) -> HttpResponse:
    """Visits with their items and findings, self-checks that are due, categories. `ETag` and `If-None-Match` spare the bytes."""
    return _tagged(request, day_of(_worker(request), clock.today()), {"as_of": clock.now()})


@router.get("field/clauses", operation_id="field_clauses", summary="Clauses in force, for search without a network")
def all_clauses(request: HttpRequest) -> HttpResponse:
    _worker(request)
    return _tagged(request, clauses(clock.today()))
