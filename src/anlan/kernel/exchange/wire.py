"""
How cells come out of the child: columns of one kind each as plain bytes, so that two million of them cost little.

A block is four bytes of header length, the header as JSON, then the columns' bytes one after another. Kinds of column:
`e` empty, `s` texts joined by U+001F, `f` doubles (NaN is empty), `d` ordinals of days (0 is empty), `j` JSON for anything mixed.
"""

import json
from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from math import isfinite, nan
from typing import Any

SEPARATOR = "\x1f"
Cell = str | float | bool | date | datetime | None

_LENGTH = 4


def pack(header: dict[str, Any], columns: Sequence[Sequence[Any]] = ()) -> bytes:
    parts = [_pack_column(values) for values in columns]
    header = header | {"columns": [(kind, len(payload)) for kind, payload in parts]}
    head = json.dumps(header, ensure_ascii=True, allow_nan=False).encode()
    return b"".join([len(head).to_bytes(_LENGTH, "big"), head, *(payload for _kind, payload in parts)])


def unpack(block: bytes) -> tuple[dict[str, Any], list[list[Cell]]]:
    """The header and the columns, None for an empty cell."""
    body = _LENGTH + int.from_bytes(block[:_LENGTH], "big")
    header = json.loads(block[_LENGTH:body])
    return header, list(_columns(block, body, header))


def _columns(block: bytes, at: int, header: dict[str, Any]) -> Iterator[list[Cell]]:
    for kind, length in header["columns"]:
        yield _unpack_column(kind, block[at : at + length], header.get("count", 0))
        at += length


def _pack_column(values: Sequence[Any]) -> tuple[str, bytes]:
    types = set(map(type, values))
    if types == {str}:
        joined = SEPARATOR.join(values)
        if len(joined) == len(values) - 1 and SEPARATOR * len(joined) == joined:
            return "e", b""
        if joined.count(SEPARATOR) == len(values) - 1:
            return "s", joined.encode("utf-8", "surrogatepass")
    if types == {float} and isfinite(sum(values)):
        return "f", array("d", values).tobytes()
    if str in types and not any(values_text(values)):
        if types == {float, str}:
            numbers = [nan if value == "" else value for value in values]
            if isfinite(sum(value for value in values if value != "")):
                return "f", array("d", numbers).tobytes()
        if types == {date, str}:
            return "d", array("i", [0 if value == "" else value.toordinal() for value in values]).tobytes()
    if types == {date}:
        return "d", array("i", [value.toordinal() for value in values]).tobytes()
    return "j", json.dumps([_plain(value) for value in values], ensure_ascii=True, allow_nan=False).encode()


def values_text(values: Sequence[Any]) -> Iterator[bool]:
    """True for every cell that holds text."""
    return (isinstance(value, str) and value != "" for value in values)


def _plain(value: Any) -> Any:
    if value == "":
        return None
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time | timedelta):
        return str(value)
    return value


def _unpack_column(kind: str, payload: bytes, count: int) -> list[Cell]:
    if kind == "e":
        return [None] * count
    if kind == "s":
        return [value or None for value in payload.decode("utf-8", "surrogatepass").split(SEPARATOR)]
    if kind == "f":
        numbers = array("d", payload).tolist()
        return [None if value != value else value for value in numbers]  # noqa: PLR0124 only NaN differs from itself
    if kind == "d":
        return [date.fromordinal(number) if number else None for number in array("i", payload)]
    return [_object(value) for value in json.loads(payload)]


def _object(value: Any) -> Cell:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["t"]) if "t" in value else date.fromisoformat(value["d"])
    return value
