"""A flow's steps for programs: one operation for each that people take, its body the step's own input."""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Body, Path, Query, Router
from pydantic import BaseModel, Field, create_model

from anlan.kernel.actor import Actor
from anlan.kernel.api import IF_MATCH, Question, described, form_schema, if_match, in_english
from anlan.kernel.flow.declare import Flow, Step
from anlan.kernel.flow.offers import offers

Take = Callable[[Actor, UUID, str, BaseModel, int | None], Any]
"""Actor, record, step, input and the version that was seen → the record's facts."""


class StepQuestion(Question):
    version: Annotated[int, Field(ge=1, lt=2**31)] | None = Field(
        default=None, description="The version you saw: 409 when somebody else acted since. `If-Match` says the same."
    )


def add_operations(router: Router, flow: Flow, *, under: str, response: type[BaseModel], take: Take) -> None:
    """`POST {under}/{id}/steps/{step}` for every step that people take."""
    for step in flow.steps:
        if step.by_people:
            router.post(
                f"{under}/{{uuid:{flow.name}_id}}/steps/{step.name}",
                response=response,
                operation_id=f"{flow.name}_{step.name}",
                openapi_extra={"parameters": [IF_MATCH]},
                **in_english(lambda: described(step)),  # noqa: B023 -- called at once
            )(_view(flow, step, take))


def _view(flow: Flow, step: Step, take: Take) -> Callable[..., Any]:
    title = f"{flow.name}_{step.name}".title().replace("_", "")
    schema: Any = create_model(title, __base__=step.needs)
    needless = all(not field.is_required() for field in schema.model_fields.values())
    body: Any = Body(default_factory=schema) if needless else Body(...)
    key = f"{flow.name}_id"

    def view(
        request: HttpRequest,
        record: Annotated[UUID, Path(..., alias=key)],
        asked: Query[StepQuestion],
        data: schema = body,
    ) -> Any:
        version = asked.version if asked.version is not None else if_match(request)
        return take(request.actor, record, step.name, data, version)  # type: ignore[attr-defined]

    view.__name__ = f"{flow.name}_{step.name}"
    return view


def step_offers(flow: Flow, record: Any, actor: Actor) -> list[dict[str, Any]]:
    """Every step of the present state as this post sees it, with what it asks for."""
    return [
        {
            "name": offer.name,
            "label": offer.label,
            "allowed": offer.allowed,
            "reason": offer.reason,
            "who": str(offer.step.who),
            "consequence": str(offer.step.consequence),
            "needs": _form(offer.step.needs, get_language() or ""),
        }
        for offer in offers(flow, record, actor)
    ]


@lru_cache(maxsize=400)
def _form(model: type[BaseModel], language: str) -> dict[str, Any]:
    return form_schema(model)
