"""Pydantic's findings in the words of the people who type: one message a kind of error, translated."""

from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ValidationError

from anlan.kernel.errors import Invalid

M = TypeVar("M", bound=BaseModel)

MESSAGES: dict[str, Any] = {
    "missing": _("This is needed."),
    "string_too_short": _("Please write at least %(min_length)s characters."),
    "string_too_long": _("Please write at most %(max_length)s characters."),
    "too_short": _("At least %(min_length)s needed."),
    "too_long": _("At most %(max_length)s allowed."),
    "greater_than": _("Must be more than %(gt)s."),
    "greater_than_equal": _("Must be at least %(ge)s."),
    "less_than": _("Must be less than %(lt)s."),
    "less_than_equal": _("Must be at most %(le)s."),
    "int_parsing": _("Write a whole number."),
    "int_type": _("Write a whole number."),
    "decimal_parsing": _("Write a number."),
    "decimal_max_places": _("At most %(decimal_places)s decimal places."),
    "date_parsing": _("Write a date such as 2026-11-21."),
    "date_from_datetime_parsing": _("Write a date such as 2026-11-21."),
    "datetime_parsing": _("Write a date and time."),
    "datetime_from_date_parsing": _("Write a date and time."),
    "timezone_aware": _("The time needs a time zone."),
    "uuid_parsing": _("This is not a valid id."),
    "uuid_type": _("This is not a valid id."),
    "enum": _("Choose one of the list."),
    "literal_error": _("Choose one of the list."),
    "bool_parsing": _("Choose yes or no."),
    "string_type": _("Write text."),
    "list_type": _("A list is needed."),
    "dict_type": _("An object is needed."),
    "model_type": _("An object is needed."),
    "model_attributes_type": _("An object is needed."),
    "extra_forbidden": _("There is no such field."),
    "json_invalid": _("This is not valid JSON."),
    "finite_number": _("Write a finite number."),
    "decimal_max_digits": _("At most %(max_digits)s digits."),
    "decimal_whole_digits": _("At most %(whole_digits)s digits before the decimal point."),
    "decimal_type": _("Write a number."),
    "string_pattern_mismatch": _("This is not written in the form that is asked for."),
    "tuple_type": _("A list is needed."),
}

FORMS = {
    "[a-z": _("Use the letters a to z, digits, “_” and “-”."),
    r"\d{4}-(0": _("Write a month such as 2026-04."),
}
"""What a pattern that holds this asks for."""


def words(error: dict[str, Any]) -> Any:
    """The message of one pydantic error; our own validators' messages pass as they are."""
    if error["type"] == "value_error":
        return error["ctx"]["error"].args[0] if error.get("ctx") else error["msg"]
    context = error.get("ctx") or {}
    # Pydantic counts a text that was tidied first as a "Value" of items.
    kind = f"string_{error['type']}" if context.get("field_type") == "Value" else error["type"]
    if form := next((text for part, text in FORMS.items() if part in context.get("pattern", "")), None):
        return form
    message = MESSAGES.get(kind) or MESSAGES.get(error["type"])
    if message is None:
        return _("This value cannot be used.")
    text = str(message)
    return text % context if "%(" in text else text


def field_errors(error: ValidationError, schema: type[BaseModel] | None = None) -> dict[str, list[Any]]:
    """Reasons by field path ("plan.measure"); errors of the whole go under ""."""
    found: dict[str, list[Any]] = {}
    for one in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in one["loc"])
        found.setdefault(path, []).append(words(dict(one)))
    return found


def placed(error: ValidationError, given: Any) -> list[tuple[str, str]]:
    """(place, reason) of all that is wrong in a file; a place goes by the codes of its parts: `panels.checks.elements.units`."""
    found = error.errors(include_url=False, include_input=False)
    return [(_way(given, one["loc"]), str(words(dict(one)))) for one in found]


def _way(given: Any, path: tuple[int | str, ...]) -> str:
    parts = []
    for step in path:
        try:
            given = given[step]
        except (KeyError, IndexError, TypeError):
            given = None
        code = (given.get("code") or given.get("id")) if isinstance(step, int) and isinstance(given, dict) else None
        parts.append(str(code or (step + 1 if isinstance(step, int) else step)))
    return ".".join(parts)


def parsed(schema: type[M], data: BaseModel | dict[str, Any]) -> M:
    """The typed input of a verb, or Invalid with the reasons at each field."""
    if isinstance(data, schema):
        return data
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        raise Invalid(fields=field_errors(error, schema)) from None
