"""JSON as it comes from anybody: only what can be stored and means one thing."""

import json
import math
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.errors import Invalid, Problem
from anlan.site.faults import Unreadable

DEEPEST = 20
LARGEST_INT = 2**63
_DIGITS = 19


class BadJson(Unreadable):
    code = "json.invalid"
    default_message = _("The body is not valid JSON in UTF-8.")


class TooDeep(Unreadable):
    code = "json.too_deep"
    default_message = _("The JSON is nested too deeply.")


class NotANumber(Unreadable):
    code = "json.number"
    default_message = _("A number in the JSON is not finite or too large.")


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > _DIGITS or not -LARGEST_INT <= int(text) < LARGEST_INT:
        raise NotANumber
    return int(text)


def _decimal(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotANumber
    return number


def _constant(text: str) -> Any:
    raise NotANumber


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson(_("A name stands twice in one JSON object."))
    return found


def loads(body: bytes) -> Any:
    """The value, or a Problem."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            parse_int=_whole,
            parse_float=_decimal,
            parse_constant=_constant,
            object_pairs_hook=_once,
        )
    except RecursionError:
        raise TooDeep from None
    except Problem:
        raise
    except ValueError:
        raise BadJson from None
    _storable(value)
    return value


def _storable(value: Any) -> None:
    """Texts hold neither NUL nor half a character; nesting has an end."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(value, ())]
    while waiting:
        one, path = waiting.pop()
        if len(path) > DEEPEST:
            raise TooDeep
        if isinstance(one, dict):
            for name in one:
                _text(name, path)
            waiting += [(part, (*path, name)) for name, part in one.items()]
        elif isinstance(one, list):
            waiting += [(part, (*path, str(number))) for number, part in enumerate(one)]
        elif isinstance(one, str):
            _text(one, path)


def _text(text: str, path: tuple[str, ...]) -> None:
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        field = ".".join(path).encode("ascii", "replace").decode()
        raise Invalid(
            fields={field: [_("The text holds a character that cannot be stored (NUL or half a character).")]}
        )
