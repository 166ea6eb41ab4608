"""One look for every problem: RFC 9457 problem details for programs, one page component for people."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anlan.kernel.errors import Problem


def details(problem: Problem) -> dict[str, Any]:
    """The RFC 9457 object; `errors` lists fields with their reasons."""
    found: dict[str, Any] = {
        "type": f"/problems/{problem.code}",
        "title": str(problem.default_message),
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
    }
    if problem.fields:
        found["errors"] = [
            {"field": field, "message": str(message)}
            for field, messages in problem.fields.items()
            for message in messages
        ]
    return found


def problem_json(problem: Problem) -> HttpResponse:
    body = json.dumps(details(problem), ensure_ascii=False)
    return _told(HttpResponse(body, status=problem.status, content_type="application/problem+json"), problem)


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_json(problem)
    page = render(request, "error.html", {"problem": problem, "error": details(problem)}, status=problem.status)
    return _told(page, problem)


def _told(response: HttpResponse, problem: Problem) -> HttpResponse:
    response.problem = problem  # type: ignore[attr-defined]
    if problem.retry_after is not None:
        response["Retry-After"] = str(problem.retry_after)
    return response
