"""
One value, one sequence of bytes: the JSON that is hashed and signed.

RFC 8785 (JSON Canonicalization Scheme) without fractions: UTF-8, keys sorted, no whitespace, and only strings,
integers, booleans, null, lists and objects. What two programs could write or read differently is refused.
"""

import json
from datetime import UTC, datetime
from typing import Any, NoReturn

MAX_INTEGER = 2**53 - 1  # beyond it JavaScript and others round
MAX_DEPTH = 32
TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%f+00:00"


class NotCanonicalError(ValueError):
    """These bytes, or this value, have no canonical form here."""


def dumps(value: Any) -> bytes:
    checked = _checked(value, MAX_DEPTH)
    return json.dumps(checked, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def loads(data: bytes) -> Any:
    """Reads canonical bytes; refuses any others, even if they mean the same."""
    try:
        value = json.loads(data.decode(), parse_float=_refuse, parse_constant=_refuse)
    except NotCanonicalError:
        raise
    except RecursionError as error:
        raise NotCanonicalError("nested too deeply") from error
    except ValueError as error:
        raise NotCanonicalError(f"not JSON in UTF-8: {error}") from error
    if dumps(value) != data:
        raise NotCanonicalError("not in canonical form: keys out of order or repeated, spaces, or needless escapes")
    return value


def timestamp(moment: datetime) -> str:
    """An aware time as UTC with exactly six digits of a second."""
    if moment.utcoffset() is None:
        raise NotCanonicalError("a time without its zone means nothing")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def parse_timestamp(text: str) -> datetime:
    """Reads what ``timestamp`` writes, and nothing else."""
    try:
        moment = datetime.strptime(text, TIME_FORMAT).replace(tzinfo=UTC)
    except (TypeError, ValueError) as error:
        raise NotCanonicalError(f"not a canonical time: {text!r}") from error
    if timestamp(moment) != text:
        raise NotCanonicalError(f"not a canonical time: {text!r}")
    return moment


def _refuse(text: str) -> NoReturn:
    raise NotCanonicalError(f"only integers are allowed, not {text[:40]}")


def _checked(value: Any, depth: int) -> Any:
    """The same value with its keys in order."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _checked_text(value)
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonicalError("an integer beyond ±(2^53 - 1)")
        return value
    if depth == 0:
        raise NotCanonicalError("nested too deeply")
    if isinstance(value, list):
        return [_checked(item, depth - 1) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonicalError("an object's keys are strings")
        ordered = sorted(value, key=lambda key: _checked_text(key).encode("utf-16-be"))
        return {key: _checked(value[key], depth - 1) for key in ordered}
    raise NotCanonicalError(f"{type(value).__name__} has no canonical form")


def _checked_text(text: str) -> str:
    if "\x00" in text:
        raise NotCanonicalError("a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonicalError("half of a surrogate pair") from error
    return text
