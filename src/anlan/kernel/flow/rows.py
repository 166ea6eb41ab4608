"""
A record added, read under its lock and written back, in plain SQL made once a model.

Every step of everybody passes here: the ORM would spend longer on making these statements than PostgreSQL on doing them.
"""

from collections.abc import Collection
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models


@cache
def _read(model: type[models.Model]) -> tuple[str, list[str], list[tuple[int, Any]]]:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    query = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE "{_key(model)}" = %s FOR UPDATE'
    converters = [
        (place, convert) for place, field in enumerate(fields) for convert in field.get_db_converters(connection)
    ]
    return query, [field.attname for field in fields], converters


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def locked(model: type[models.Model], pk: UUID, *, skip: bool = False) -> Any:
    """The record under its row lock, or None when it is not there or not in sight; with `skip`, also when it is held."""
    query, names, converters = _read(model)
    with connection.cursor() as cursor:
        cursor.execute(f"{query} SKIP LOCKED" if skip else query, [pk])
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for place, convert in converters:
        values[place] = convert(values[place], None, connection)
    return model.from_db(connection.alias, names, values)


def add(record: models.Model) -> None:
    """Insert a record, all its columns."""
    fields = record._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = [field.get_db_prep_save(getattr(record, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{record._meta.db_table}" ({columns}) VALUES ({places})', values)
    record._state.adding, record._state.db = False, connection.alias


def write_back(record: models.Model, changed: Collection[str]) -> None:
    """Write the changed columns of a locked record, and no others: a wide row costs its width in every statement."""
    fields = [field for field in record._meta.concrete_fields if field.attname in changed]
    settings = ", ".join(f'"{field.column}" = %s' for field in fields)
    values = [field.get_db_prep_save(getattr(record, field.attname), connection) for field in fields]
    model = type(record)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" SET {settings} WHERE "{_key(model)}" = %s',
            [*values, record.pk],
        )
        if cursor.rowcount != 1:
            raise RuntimeError(f"{model._meta.label} {record.pk} was locked and could not be written")
