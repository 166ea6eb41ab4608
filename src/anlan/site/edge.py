"""The outer edge of /api: what is too large, without length or unreadable is answered before anything is read."""

from django.http import HttpRequest, HttpResponse

from anlan.files.kinds import LARGEST
from anlan.files.refusals import refuse
from anlan.identity.middleware import GetResponse
from anlan.kernel.errors import Problem
from anlan.site.faults import LengthNeeded, NotAllowed, TooLarge, Unreadable
from anlan.site.problems import problem_json

AROUND = 64 * 1024
"""What multipart puts around a file."""
LARGEST_BODY = 2_500_000
PIECES, PIECE = "/api/v1/uploads", "application/offset+octet-stream"
"""Uploads in pieces (tus): every answer says which version is spoken, refusals too."""


OVERRIDE = "X-HTTP-Method-Override"
"""For those who cannot say PATCH, as tus foresees: a WeChat mini-program's requests know neither it nor another way."""


class ApiEdge:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        if request.method == "POST" and request.headers.get(OVERRIDE) == "PATCH":
            request.method = "PATCH"
        problem = _in_the_way(request)
        response = problem_json(problem) if problem else self.get_response(request)
        if response.status_code == 405 and not hasattr(response, "problem"):
            allowed = response.get("Allow", "")
            response = problem_json(NotAllowed())
            response["Allow"] = allowed
        if response.status_code == 401:
            response["WWW-Authenticate"] = "Bearer"
        response.headers.setdefault("Cache-Control", "private, no-store")
        if request.path.startswith(PIECES):
            response["Tus-Resumable"] = "1.0.0"
            if response.status_code == 412:
                response["Tus-Version"] = "1.0.0"
        return response


def _in_the_way(request: HttpRequest) -> Problem | None:
    if (
        "\x00" in request.path
        or any("\x00" in text for text in request.GET.dict().values())
        or "\x00" in "".join(request.GET)
    ):
        return Unreadable()
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower() and "Content-Length" not in request.headers:
        return LengthNeeded()
    try:
        size = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return Unreadable()
    if request.content_type == "multipart/form-data":
        if size > LARGEST + AROUND:
            problem = refuse("file.too_large", size=round(size / 1e6, 1), limit=LARGEST // 10**6)
            problem.status = 413
            return problem
    elif size > (LARGEST if request.content_type == PIECE else LARGEST_BODY):
        return TooLarge()
    return None
