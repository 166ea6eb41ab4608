"""Pages by key: the cost of a page does not grow with the table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
P = TypeVar("P", bound=tuple[Any, ...])
"""The place of a row: its values of the list's columns, in their order."""


@dataclass(frozen=True, kw_only=True)
class Page(Generic[M, P]):
    rows: list[M]
    after: P | None
    before: P | None


def page(
    rows: QuerySet[M], columns: Sequence[str], *, after: P | None = None, before: P | None = None, limit: int
) -> Page[M, P]:
    """One page in the order of `columns` (`-` falls), behind the place `after` or in front of the place `before`.

    The last column must be unique, none may be null.
    """
    names = [column.removeprefix("-") for column in columns]

    def place(row: M) -> P:
        return cast("P", tuple(getattr(row, name) for name in names))

    found = behind(rows, columns, before or after, back=before is not None)[: limit + 1]
    return cut(list(found), place, after=after, before=before, limit=limit)


def cut(
    found: list[M], place: Callable[[M], P], *, after: P | None = None, before: P | None = None, limit: int
) -> Page[M, P]:
    """The page of up to `limit` + 1 rows, which come in the order they were walked in: from the end, where `before` is given."""
    back = before is not None
    more, rows = len(found) > limit, found[:limit]
    if back:
        rows.reverse()
    return Page(
        rows=rows,
        after=place(rows[-1]) if rows and (more or back) else None,
        before=place(rows[0]) if rows and (more if back else after is not None) else None,
    )


def behind(rows: QuerySet[M], columns: Sequence[str], at: P | None, *, back: bool = False) -> QuerySet[M]:
    """What lies behind a place, or with `back` in front of it, in the order it is walked in."""
    walked = [(column.removeprefix("-"), column.startswith("-") != back) for column in columns]
    if at:
        rows = rows.filter(_beyond([(name, "lt" if falls else "gt") for name, falls in walked], at))
    return rows.order_by(*(f"-{name}" if falls else name for name, falls in walked))


def _beyond(columns: Sequence[tuple[str, str]], at: Sequence[Any]) -> Q:
    """The first comparison chooses the index, the others settle rows of one value."""
    (name, past), value = columns[0], at[0]
    beyond = Q(**{f"{name}__{past}": value})
    if len(columns) == 1:
        return beyond
    return Q(**{f"{name}__{past}e": value}) & (beyond | _beyond(columns[1:], at[1:]))
