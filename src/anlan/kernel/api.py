"""What the rooms' JSON shares: shapes of answers, questions in the query string, cursors, and a form's JSON schema."""

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from copy import copy
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic_core import PydanticUndefined

from anlan.kernel.codes import CodeError, subtree
from anlan.kernel.errors import Invalid
from anlan.kernel.flow.declare import Step
from anlan.kernel.inputs import Input
from anlan.kernel.text import is_clean

MOST = 200
"""Rows a page."""
Limit = Annotated[int, Field(ge=1, le=MOST, description="Rows a page.")]
CursorText = Annotated[str, Field(max_length=500, description="Where the last page ended: its `next`.")]


class Output(BaseModel):
    """An answer. Times carry their offset, money is integer fen."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Question(BaseModel):
    """A query string. A parameter it does not name is refused, so that a misspelt filter never widens the answer."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def partial(model: type[BaseModel], name: str, words: str) -> Any:
    """
    An input whose fields may all be absent: `exclude_unset` tells what was sent, and the verb judges the whole record.

    A field that is sent is held to the same limits; null is taken only where the whole input takes it.
    """
    fields: dict[str, Any] = {}
    for field, info in model.model_fields.items():
        kept = copy(info)
        kept.default, kept.default_factory = PydanticUndefined, _absent
        fields[field] = (info.annotation, kept)
    return create_model(name, __base__=Input, __doc__=words, **fields)


def _absent() -> None:
    """A default that no document shows."""


def example(**values: Any) -> ConfigDict:
    """For the `model_config` of an input: one request that a program may begin with."""
    return ConfigDict(json_schema_extra={"examples": [values]})


def file_answer(media_type: str) -> dict[str, Any]:
    """`openapi_extra` of an operation that answers with a file."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"responses": {200: {"description": "The file.", "content": {media_type: binary}}}}


class ProblemError(Output):
    field: str = Field(description="Path of the field, such as `plan.measure`; empty when the whole is meant.")
    message: str


class ProblemDetails(BaseModel):
    """RFC 9457 problem details. `code` is stable; `title` and `detail` are words in the language asked for."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[ProblemError] = []


def cursor(*values: Any) -> str:
    """A place in a keyset order, opaque to the caller."""
    text = json.dumps([None if one is None else str(one) for one in values], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str, *kinds: Callable[[str], Any]) -> tuple[Any, ...]:
    """The values of a cursor, each made by its kind; anything else is Invalid."""
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return tuple(
            kind("" if one is None else _clean(str(one))) for kind, one in zip(kinds, list(values), strict=True)
        )
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
        raise Invalid(fields={"cursor": [_("This is not a place in this list. Begin again without it.")]}) from None


def form_schema(model: type[BaseModel]) -> dict[str, Any]:
    """A step's or verb's input as JSON schema in the present language: what a client must show and send."""
    schema = model.model_json_schema()
    schema["title"] = model.__name__
    schema.pop("description", None)
    label_fields(schema)
    return schema


def label_fields(schema: dict[str, Any]) -> None:
    """In place: `label` becomes the title and `help` the description, translated; the page's widget is left out."""
    for part in (schema, *schema.get("$defs", {}).values()):
        for field in part.get("properties", {}).values():
            field.pop("widget", None)
            if label := field.pop("label", ""):
                field["title"] = gettext(label)
            if help_ := field.pop("help", ""):
                field["description"] = gettext(help_)


def in_english(make: Callable[[], Any]) -> Any:
    """Documents are written in the source language, whoever asks."""
    with override("en"):
        return make()


def _clean(text: str) -> str:
    if not is_clean(text):
        raise ValueError(ascii(text))
    return text


def as_day_if_any(text: str) -> date | None:
    """For cursors: a day, or the place of those without one."""
    return date.fromisoformat(text) if text else None


FIRST_YEAR, LAST_YEAR = 1900, 2199


def as_moment(text: str) -> datetime:
    """For cursors: a time with its offset that a database can compare."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(text)
    return found


def known_region(code: int | None) -> int | None:
    """For filters: a code that names a region, with all below it."""
    try:
        if code is not None:
            subtree(code)
    except CodeError:
        raise Invalid(fields={"region": [_("There is no such region.")]}) from None
    return code


IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The version you saw, as `GET` gave it in `ETag`.",
    "schema": {"type": "string"},
}


def if_match(request: HttpRequest) -> int | None:
    """The version of `If-Match`, when one is named."""
    text = request.headers.get("If-Match", "")
    if text in ("", "*"):
        return None
    found = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', text, re.ASCII)
    if found is None:
        raise Invalid(fields={"If-Match": [_('Send the version you saw, such as "7".')]})
    return int(found[1])


def described(step: Step) -> dict[str, str]:
    """A step's summary and description for the document, from its declaration."""
    parts = [
        f"Taken by {step.who}." if step.who else "",
        str(step.consequence),
        f"Basis: {step.basis}." if step.basis else "",
    ]
    places = f"From {', '.join(step.source)}" + (
        f" to {' or '.join(step.target)}." if step.target else "; the state stays."
    )
    return {"summary": str(step.label), "description": " ".join(part for part in [*parts, places] if part)}
