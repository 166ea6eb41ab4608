"""The edge of the house: one log line a request, problems turned into pages or problem details, refusals kept."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from anlan.kernel.ids import new_id
from anlan.site.faults import as_problem
from anlan.site.problems import problem_response
from anlan.site.refusals import keep_refusal

log = structlog.get_logger("anlan.request")
GetResponse = Callable[[HttpRequest], HttpResponse]
QUIET = ("/healthz", "/readyz", "/metrics", "/static/")


class RequestLog:
    """One structured line a request, with ids and no personal data; gives every answer its request id."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        request_id = str(new_id())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        actor = getattr(request, "actor", None)
        keep_refusal(request, response, actor)
        if not request.path.startswith(QUIET):
            match = request.resolver_match
            log.info(
                "request",
                method=request.method,
                route=match.route if match else "",
                status=response.status_code,
                ms=round((time.monotonic() - began) * 1000),
                post=(actor.role if actor.veiled else str(actor.post)) if actor else None,
            )
        return response


class ProblemPages:
    """A `Problem` raised by a view becomes its page or its problem details."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        problem = as_problem(exception)
        return problem_response(request, problem) if problem else None
