"""/api/v1: one assembly of what the rooms offer to programs. Problems, sign-in and refusals are the same everywhere."""

from collections.abc import Callable, Sequence
from functools import cache, wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.utils import check_csrf

from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound, Problem, SignInNeeded
from anlan.kernel.wording import words
from anlan.site import openapi, strict_json
from anlan.site.faults import Unreadable, WrongType, as_problem
from anlan.site.problems import problem_json
from anlan.site.rendering import Renderer

VERSION = "1"
ROOT = "/api/v1"
ROOMS = (
    ("/", "anlan.site.workbench_api"),
    ("/", "anlan.hazards.api"),
    ("/", "anlan.files.api"),
    ("/", "anlan.files.tus_api"),
    ("/", "anlan.site.sync_api"),
    ("/", "anlan.site.field_api"),
    ("/", "anlan.notify.api"),
    ("/", "anlan.identity.api"),
    ("/", "anlan.registry.api"),
    ("/", "anlan.standards.api"),
    ("/", "anlan.risks.api"),
    ("/", "anlan.chain.api"),
    ("/", "anlan.experts.api"),
    ("/", "anlan.inspections.api"),
    ("/", "anlan.inspections.self_check_api"),
    ("/", "anlan.identity.citizen_api"),
    ("/", "anlan.reports.citizen_api"),
    ("/", "anlan.reports.plaza_api"),
    ("/", "anlan.reports.api"),
    ("/", "anlan.rewards.citizen_api"),
    ("/", "anlan.rewards.api"),
    ("/", "anlan.enforcement.api"),
    ("/", "anlan.campaigns.api"),
    ("/", "anlan.plans.api"),
    ("/", "anlan.directives.api"),
    ("/", "anlan.bulletins.api"),
    ("/", "anlan.assessments.api"),
)


class Bearer:
    """A token that acts as one post; `request.actor` was set from it before any view."""

    openapi_security_schema = {"type": "http", "scheme": "bearer", "description": "A post's token, `anl_…`."}

    def __call__(self, request: HttpRequest) -> Actor | None:
        return getattr(request, "actor", None) if getattr(request, "by_token", False) else None


class Session:
    """The browser's session; writes prove with `X-CSRFToken` that they come from our own pages."""

    openapi_security_schema = {
        "type": "apiKey",
        "in": "cookie",
        "name": "anlan_session",
        "description": "The signed-in browser. Writes need the header `X-CSRFToken`.",
    }

    def __call__(self, request: HttpRequest) -> Actor | None:
        actor: Actor | None = getattr(request, "actor", None)
        if actor is not None and not getattr(request, "by_token", False) and check_csrf(request):
            raise Forbidden(
                _("The page was open too long or came from elsewhere. Reload it and try again."), code="csrf"
            )
        return actor


class StrictParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return strict_json.loads(request.body)


class Api(NinjaAPI):
    def validation_error_from_error_contexts(self, error_contexts: list[ValidationErrorContext]) -> Any:
        """Our own words at each field's path."""
        fields: dict[str, list[Any]] = {}
        for context in error_contexts:
            source = context.model.__ninja_param_source__
            for one in context.pydantic_validation_error.errors(include_url=False, include_input=False):
                fields.setdefault(_path(source, one["loc"]), []).append(words(dict(one)))
        return Invalid(fields=fields)

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """Called once the caller is known and before anything of the request is read."""
        _check_request(request, request.operation)  # type: ignore[attr-defined]
        return super().create_temporal_response(request)

    @cache  # noqa: B019 -- one object a process; made anew it would cost whoever asks a second of our time
    def _document(self) -> OpenAPISchema:
        return openapi.schema(self, f"{ROOT}/")

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        return self._document()


def _path(source: str | None, place: Sequence[Any]) -> str:
    """`("data", "plan", "measure")` of a body is `plan.measure`; a lone name is the parameter itself, or the whole body."""
    if len(place) == 1 and source != "body":
        return str(place[0])
    return ".".join(str(part) for part in place[1:])


def _check_request(request: HttpRequest, operation: Operation) -> None:
    """Refuse parameters nobody asked for, and content of another kind than is read here."""
    sources: dict[str, set[str]] = {}
    many: set[str] = set()
    for model in operation.models:
        names = getattr(model, "__ninja_flatten_map__", None) or {}
        sources.setdefault(str(model.__ninja_param_source__), set()).update(names)
        many.update(getattr(model, "__ninja_collection_fields__", []))
    asked = request.GET
    fields: dict[str, list[Any]] = {
        name: [_("There is no such parameter.")] for name in set(asked) - sources.get("query", set())
    }
    fields |= {name: [_("Give this once.")] for name in asked if len(asked.getlist(name)) > 1 and name not in many}
    if fields:
        raise Invalid(fields=fields)
    if "body" in sources and request.content_type not in ("application/json", "") and _has_body(request):
        raise WrongType(_("Send this request as %(accepted)s."), accepted="application/json")
    if {"form", "file"} & set(sources) and request.content_type != "multipart/form-data":
        raise WrongType(_("Send this request as %(accepted)s."), accepted="multipart/form-data")


def _has_body(request: HttpRequest) -> bool:
    return request.headers.get("Content-Length", "0") not in ("", "0")


def _remember(run: Callable[..., Any]) -> Callable[..., Any]:
    operation = run.__self__  # type: ignore[attr-defined]

    @wraps(run)
    def remembered(request: HttpRequest, **values: Any) -> Any:
        request.operation = operation  # type: ignore[attr-defined]
        return run(request, **values)

    return remembered


def _answer(request: HttpRequest, error: Any) -> HttpResponse:
    """Every exception of an operation: the problem it means, or on to the handler of failures."""
    if isinstance(error, HttpError) and isinstance(error.__cause__, Problem):
        error = error.__cause__  # the body's reader wraps what our parser says
    problem = as_problem(error)
    if problem is None and isinstance(error, AuthenticationError):
        problem = SignInNeeded()
    elif problem is None and isinstance(error, HttpError | BadRequest):
        problem = NotFound() if getattr(error, "status_code", 400) == 404 else Unreadable()
    if problem is None:
        raise error
    return problem_json(problem)


def assemble() -> Api:
    found = Api(
        title="Anlan",
        version=VERSION,
        description=openapi.INTRODUCTION,
        openapi_url="/openapi.json",
        docs_url=None,
        urls_namespace="api",
        auth=[Bearer(), Session()],
        parser=StrictParser(),
        renderer=Renderer(),
    )
    for kind in (Exception, Http404, HttpError):
        found.add_exception_handler(kind, _answer)
    found.add_decorator(_remember, mode="view")
    for prefix, module in ROOMS:
        if find_spec(module):
            found.add_router(prefix, import_module(module).router)
    return found


api = assemble()
