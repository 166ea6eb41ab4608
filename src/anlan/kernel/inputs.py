"""Types of what people type: cleaned at the edge, with limits and a widget, for API schemas and forms alike."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from anlan.kernel.text import clean_line, clean_text


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


EARLIEST, LATEST = 1950, 2199
Moment = Annotated[AwareDatetime, AfterValidator(_sensible)]


class Input(BaseModel):
    """What a step asks for. Unknown fields are refused, so that a misspelt one is never lost."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


def asks(label: Any, *, widget: str = "", help: Any = "", **limits: Any) -> Any:  # noqa: A002 -- the field's word
    """A field with its label, widget and help; the label is translated when it is shown."""
    return Field(**limits, json_schema_extra={"label": str(label), "widget": widget, "help": str(help)})
