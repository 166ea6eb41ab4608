"""Health, readiness and the handlers Django calls by name."""

from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from anlan.kernel.errors import Forbidden, NotFound, Problem
from anlan.site.problems import problem_response


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The process can serve: the database answers and its guards stand."""
    from anlan.kernel.guards import problems

    try:
        found = problems()
    except DatabaseError:
        found = ["the database does not answer"]
    finally:
        connection.close_if_unusable_or_obsolete()
    return JsonResponse({"ready": not found, "problems": found}, status=503 if found else 200)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return problem_response(
        request,
        Forbidden(_("The page was open too long or came from elsewhere. Reload it and try again."), code="csrf"),
    )


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return problem_response(request, NotFound())


def refused(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return problem_response(request, Forbidden())


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return problem_response(request, Problem(_("The request could not be read."), code="bad_request"))


class Broken(Problem):
    code = "broken"
    status = 500
    default_message = _("Something failed on our side. Nothing was saved; please try again in a moment.")


def broken(request: HttpRequest) -> HttpResponse:
    return problem_response(request, Broken())
