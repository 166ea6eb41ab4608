"""Pages by key: the cost of a page does not grow with the table."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from anlan.kernel.errors import Invalid
from anlan.kernel.keyset import behind

M = TypeVar("M", bound=Model)
SIZE = 50


@dataclass(frozen=True, kw_only=True)
class Page(Generic[M]):
    rows: list[M]
    next: str | None
    previous: str | None


def page(
    rows: QuerySet[M], keys: Sequence[str], *, newest: bool = False, after: str = "", before: str = "", size: int = SIZE
) -> Page[M]:
    """One page in the order of `keys` (descending if `newest`), behind the cursor `after` or in front of `before`.

    The last key must be unique. Raises Invalid for a cursor that was not made here.
    """
    backwards = bool(before) and not after
    columns = [f"-{key}" for key in keys] if newest else keys
    cursor = before if backwards else after
    place = tuple(_read(cursor, keys)) if cursor else None
    found = list(behind(rows, columns, place, back=backwards)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    onward, back = (bool(found), more) if backwards else (more, bool(cursor) and bool(found))
    return Page(
        rows=found,
        next=_write(found[-1], keys) if onward else None,
        previous=_write(found[0], keys) if back else None,
    )


def _write(row: Model, keys: Sequence[str]) -> str:
    values = [getattr(row, key) for key in keys]
    text = json.dumps([value.isoformat() if isinstance(value, datetime) else str(value) for value in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, keys: Sequence[str]) -> list[Any]:
    try:
        values = [str(one) for one in json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))]
        UUID(values[-1])
        return [
            datetime.fromisoformat(value) if key == "at" else value for key, value in zip(keys, values, strict=True)
        ]
    except (ValueError, TypeError, IndexError, binascii.Error):
        raise Invalid(fields={"after": [_("This is not a cursor of this list.")]}) from None
