"""Who sees what, decided by PostgreSQL: each transaction carries its actor's scope, and no scope means no rows.

A model says once how it is scoped; `kernel.guards` turns that into forced row-level security. Queries add the plain
range themselves (`within`) so that indexes are used; code that forgets is slow, never leaky.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models import Q
from psycopg.pq import TransactionStatus

from anlan.kernel.actor import ALL_INDUSTRIES, EVERYWHERE, SYSTEM, Actor

M = TypeVar("M", bound=type[models.Model])


@dataclass(frozen=True, kw_only=True)
class Scoped:
    """Columns that place a row: region code, industry bit, owning enterprise or organisation, person."""

    region: str | None = None
    industry: str | None = None
    enterprise: str | None = None
    person: str | None = None
    through: str | None = None  # "hazards_hazard.hazard_id": seen when that parent row is seen
    extra: str | None = None  # one more SQL condition under which the row is seen
    writable: str | None = None  # SQL for WITH CHECK of inserts when it differs from what is seen
    nowhere: bool = True  # rows may lie in no region
    of_none: bool = True  # rows may belong to no industry
    once: str | None = None  # SQL: its territory and field see the row only where this holds


@dataclass(frozen=True, kw_only=True)
class Unscoped:
    """The table holds nothing of one region or person; the reason is printed in the docs."""

    reason: str


scopes: dict[str, Scoped | Unscoped] = {}
append_only: set[str] = set()


def scoped(**columns: Any) -> Callable[[M], M]:
    """Declare how a model's rows are placed; see `Scoped`."""

    def declare(model: M) -> M:
        null = {field.attname for field in model._meta.concrete_fields if field.null}
        region, industry = columns.get("region"), columns.get("industry")
        columns.setdefault("nowhere", region is None or region in null)
        columns.setdefault("of_none", industry in null)
        scopes[model._meta.db_table] = Scoped(**columns)
        return model

    return declare


def unscoped(reason: str) -> Callable[[M], M]:
    def declare(model: M) -> M:
        scopes[model._meta.db_table] = Unscoped(reason=reason)
        return model

    return declare


def never_changed(model: M) -> M:
    """Rows may be added, never updated or deleted: refused by grants and by a trigger."""
    append_only.add(model._meta.db_table)
    return model


_current: ContextVar[Actor | None] = ContextVar("anlan_actor", default=None)
_carried: ContextVar[Actor | None] = ContextVar("anlan_carried", default=None)
"""Whose scope the transaction carries: the actor's, or SYSTEM's while elevated."""

SET_SCOPE = (
    "SELECT set_config('anlan.regions', %s, true), set_config('anlan.industries', %s, true),"
    " set_config('anlan.enterprises', %s, true), set_config('anlan.person', %s, true),"
    " set_config('anlan.audits', %s, true), set_config('anlan.low', %s, true), set_config('anlan.high', %s, true),"
    " set_config('anlan.desk', %s, true), set_config('anlan.unit', %s, true)"
)
SETTINGS = 9


A_COUNTY = 1_000_000
"""Region codes of one county: the last six digits."""


def current() -> Actor | None:
    """The actor whose scope the present transaction carries."""
    return _current.get()


def _apply(actor: Actor) -> None:
    regions = "{" + ",".join(f"[{low},{high})" for low, high in actor.regions) + "}"
    enterprises = "{" + ",".join(str(one) for one in actor.enterprises) + "}"
    audits = "yes" if actor.audits else ""
    low, high = actor.regions[0] if len(actor.regions) == 1 else ("", "")
    industries = 0 if actor.fieldless else actor.industries
    unit = "" if actor.enterprises else str(actor.organisation or "")
    person = str(actor.person or "")
    with connection.cursor() as cursor:
        cursor.execute(
            SET_SCOPE,
            [regions, str(industries), enterprises, person, audits, str(low), str(high), actor.desk, unit],
        )


def _restore(outer: Actor | None) -> None:
    """Put the outer scope back; a failed transaction needs nothing, its rollback takes the settings along."""
    if connection.connection is None or connection.needs_rollback:
        return
    if connection.connection.info.transaction_status == TransactionStatus.INERROR:
        return
    if outer is None:
        _clear()
    else:
        _apply(outer)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """One transaction with this actor's scope. Nested, it changes the scope for the inner part and restores it."""
    outer = _carried.get()
    nested = connection.in_atomic_block
    with transaction.atomic():
        _apply(actor)
        token, carried = _current.set(actor), _carried.set(actor)
        try:
            yield
        finally:
            _current.reset(token)
            _carried.reset(carried)
            if nested:
                _restore(outer)


@contextmanager
def elevated(reason: str) -> Iterator[None]:
    """Look beyond the actor's scope for one stated reason (duplicates elsewhere, recipients of a message)."""
    if not reason:
        raise ValueError("elevation needs a reason")
    outer = _carried.get()
    _apply(SYSTEM)
    carried = _carried.set(SYSTEM)
    try:
        yield
    finally:
        _carried.reset(carried)
        _restore(outer)


def _clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SET_SCOPE, [""] * SETTINGS)


def is_county(low: int, high: int) -> bool:
    """Whether a range of codes is one whole county: one equality on a column that holds the county then does."""
    return high - low == A_COUNTY and low % A_COUNTY == 0


def within(
    actor: Actor, *, region: str = "region", industry: str | None = "industry_bit", county: str | None = None
) -> Q:
    """
    The actor's territory as plain leakproof comparisons, which alone choose the index.

    `county` names a column with the county's code: the territory of one county is then one equality, so that an index
    led by it gives the order too.
    """
    if actor.regions == EVERYWHERE and actor.industries == ALL_INDUSTRIES:
        return Q()
    place = Q(pk__in=[])
    for number, (low, high) in enumerate(actor.regions):
        one = Q(**{f"{region}__gte": low, f"{region}__lt": high})
        if county and is_county(low, high):
            one = Q(**{county: low})
        place = one if number == 0 else place | one
    if industry and actor.industries != ALL_INDUSTRIES:
        bits = [bit for bit in range(63) if (actor.industries >> bit) & 1]
        place &= Q(**{f"{industry}__in": bits})
    return place
