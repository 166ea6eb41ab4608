"""Pages by key: every row once, forwards and back, whatever the columns' directions and however many rows share a value."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from django.db.models import QuerySet

from anlan.identity.models import Post
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.keyset import page
from tests.factories import City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_every_row_once_in_both_directions(city: City) -> None:
    with scope.acting(SYSTEM):
        rows = Post.objects.all()
        assert rows.values("role").distinct().count() < rows.count(), "some share a value"
        for signs, limit in product(product(("", "-"), repeat=3), (3, 1000)):
            columns = [f"{sign}{name}" for sign, name in zip(signs, ("role", "region", "id"), strict=True)]
            wanted = list(rows.order_by(*columns).values_list("pk", flat=True))
            assert onward(rows, columns, limit) == wanted
            assert backward(rows, columns, limit) == wanted


def onward(rows: QuerySet[Post], columns: Sequence[str], limit: int) -> list[Any]:
    found = page(rows, columns, limit=limit)
    assert found.before is None, "nothing comes before the first page"
    seen = [row.pk for row in found.rows]
    while found.after is not None:
        found = page(rows, columns, after=found.after, limit=limit)
        assert found.before is not None
        seen += [row.pk for row in found.rows]
    return seen


def backward(rows: QuerySet[Post], columns: Sequence[str], limit: int) -> list[Any]:
    last = rows.order_by(*columns).last()
    assert last is not None
    seen = [last.pk]
    place: Any = (last.role, last.region, last.pk)
    while place is not None:
        found = page(rows, columns, before=place, limit=limit)
        assert found.after is not None
        seen = [row.pk for row in found.rows] + seen
        place = found.before
    return seen
