"""Types of what people type: cleaned at the edge, with limits and a widget, for API schemas and forms alike."""

from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from anlan.kernel.text import clean_line, clean_text

M = TypeVar("M", bound=BaseModel)


def _line(text: str) -> str:
    return clean_line(text)


def _prose(text: str) -> str:
    return clean_text(text)


Line = Annotated[str, AfterValidator(_line), Field(max_length=200)]
Prose = Annotated[str, AfterValidator(_prose), Field(max_length=4000)]


def _sensible(moment: datetime) -> datetime:
    """Beyond these years a moment cannot be moved into the city's time."""
    if not EARLIEST <= moment.year <= LATEST:
        raise ValueError(_("Write a date and time."))
    return moment


def _made_by_time(key: UUID | None) -> UUID | None:
    if key is not None and key.version != 7:
        raise ValueError(_("The id must be a UUIDv7."))
    return key


_BY_CLIENT = "A UUIDv7 made by the client, so that a retry is the same record."
GivenId = Annotated[UUID, AfterValidator(_made_by_time), Field(description=_BY_CLIENT)]
NewId = Annotated[UUID | None, AfterValidator(_made_by_time), Field(default=None, description=_BY_CLIENT)]

Code = Annotated[str, Field(max_length=30, pattern=r"^[A-Za-z0-9_.-]*$")]
RegionCode = Annotated[int, Field(ge=110_000_000_000, lt=1_000_000_000_000)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]

EARLIEST, LATEST = 1950, 2199
Moment = Annotated[AwareDatetime, AfterValidator(_sensible)]


class Input(BaseModel):
    """What a step asks for. Unknown fields are refused, so that a misspelt one is never lost."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


def asks(label: Any, *, widget: str = "", help: Any = "", **limits: Any) -> Any:  # noqa: A002 -- the field's word
    """A field with its label, widget and help; the label is translated when it is shown."""
    return Field(**limits, json_schema_extra={"label": str(label), "widget": widget, "help": str(help)})


def without_id(schema: type[M], body: M) -> M:
    """An operation's body, checked already, as the input of its verb: without the id that the client gave."""
    return schema.model_construct(**{name: getattr(body, name) for name in schema.model_fields})
