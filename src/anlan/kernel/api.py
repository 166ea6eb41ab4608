"""What the rooms' JSON shares: shapes of answers, questions in the query string, cursors, and a form's JSON schema."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from anlan.kernel.errors import Invalid
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
        return tuple(kind(_clean(str(one))) for kind, one in zip(kinds, list(values), strict=True))
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


FIRST_YEAR, LAST_YEAR = 1900, 2199


def as_moment(text: str) -> datetime:
    """For cursors: a time with its offset that a database can compare."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(text)
    return found


def page_of(rows: Sequence[Any], limit: int, place: Callable[[Any], Sequence[Any]]) -> tuple[list[Any], str | None]:
    """From up to `limit` + 1 rows: the page, and the cursor of the next one if there is any."""
    kept = list(rows[:limit])
    return kept, cursor(*place(kept[-1])) if len(rows) > limit else None
