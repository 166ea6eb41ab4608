"""Refusals as GeoReport v2 words them: a list of codes, which are HTTP's, with descriptions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from anlan.kernel.errors import Problem
from anlan.reports.open311 import formats

View = Callable[..., HttpResponse]


class Fault(Exception):
    """Something of the request is in the way."""

    def __init__(self, code: int, *descriptions: str, retry_after: int | None = None) -> None:
        self.code, self.descriptions, self.retry_after = code, descriptions, retry_after
        super().__init__("; ".join(descriptions))


def of_problem(problem: Problem) -> Fault:
    """What a verb said, in the specification's few codes: 400 for what was sent, 403 for who sent it, 404 for what is not there."""
    code = problem.status if problem.status in (403, 404, 429) else 400
    told = [f"{field}: {message}" for field, messages in problem.fields.items() for message in messages]
    return Fault(code, *(told or [problem.detail]), retry_after=problem.retry_after)


def answering(view: View) -> View:
    """The view's faults in the format that was asked for."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, kind: str, **values: Any) -> HttpResponse:
        try:
            return view(request, *args, kind=kind, **values)
        except Problem as problem:
            return _told(of_problem(problem), kind)
        except (BadRequest, SuspiciousOperation, MultiPartParserError):
            return _told(Fault(400, _("The request could not be read.")), kind)
        except Fault as fault:
            return _told(fault, kind)

    return answered


def _told(fault: Fault, kind: str) -> HttpResponse:
    errors = [{"code": str(fault.code), "description": words} for words in fault.descriptions]
    response = formats.answer(errors, formats.ERRORS, kind, status=fault.code)
    response["Cache-Control"] = "no-store"
    if fault.retry_after is not None:
        response["Retry-After"] = str(fault.retry_after)
    return response
