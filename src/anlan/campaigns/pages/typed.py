"""What the filling page sends: boxes by their place, into what the verb takes; and what somebody else wrote meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field

from anlan.campaigns.models import Return
from anlan.campaigns.queries.filling import typed_of
from anlan.campaigns.returns.kept import ids_of
from anlan.kernel.inputs import Input

PARTS = {"c": 2, "r": 4, "d": 3, "n": 2, "w": 2}
"""Kinds of places and how many words name one: a box, a box of a row, a row taken away, a panel answered “none”, a reason."""


class Typing(Input):
    """Changed boxes by their place: what stood there before one typed, and what stands there now."""

    seen: int = Field(ge=0, lt=2**31)
    changes: dict[str, tuple[str, str]] = Field(max_length=5000)


@dataclass(kw_only=True)
class Sorted:
    """`clashes` are places where somebody else wrote something else since: left as they are, for a person to decide."""

    payload: dict[str, Any]
    clashes: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not any(self.payload.values())


def payload_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """Places into cells, patches of rows, panels answered “none” and reasons. What is no place is left out."""
    found: dict[str, Any] = {"cells": {}, "patches": {}, "nothing": {}, "reasons": {}}
    for place, words in typed.items():
        kind, _mark, rest = place.partition(":")
        if kind not in PARTS:
            continue
        names = rest.split(":", PARTS[kind] - 2)
        if len(names) != PARTS[kind] - 1 or not all(names):
            continue
        if kind == "c":
            found["cells"][names[0]] = words
        elif kind == "r":
            panel, row, element = names
            rows = found["patches"].setdefault(panel, {})
            if rows.get(row, {}) is not None:
                rows.setdefault(row, {})[element] = words
        elif kind == "d":
            panel, row = names
            found["patches"].setdefault(panel, {})[row] = None
        elif kind == "n":
            found["nothing"][names[0]] = bool(words)
        else:
            found["reasons"][names[0]] = words
    return found


def sort_out(record: Return, changes: Mapping[str, tuple[str, str]]) -> Sorted:
    """Keep apart what would undo somebody else's words."""
    stands, clashes, mine = typed_of(record), [], {}
    gone = {(panel, row) for kind, panel, row in (_row_of(place) for place in changes) if kind == "d"}
    for place, (was, now) in changes.items():
        kind, panel, row = _row_of(place)
        here = stands.get(place, "")
        if kind == "r" and (panel, row) in gone:
            continue
        taken_away = kind == "r" and was and row not in ids_of(record.values, panel)
        if kind != "d" and (taken_away or here not in (was, now)):
            clashes.append(place)
        else:
            mine[place] = now
    return Sorted(payload=payload_of(mine), clashes=clashes)


def _row_of(place: str) -> tuple[str, str, str]:
    kind, panel, row, *_rest = [*place.split(":"), "", ""]
    return kind, panel, row
