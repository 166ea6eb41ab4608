"""Numbers of instruments: one row of figures for each organ, stem and year, without gaps."""

from uuid import UUID

from django.db import connection


def take_order(organ: UUID, stem: str, year: int) -> int:
    """
    The next one, from 1 on. The counter stays locked until the transaction ends: two who number at once wait for each other, and
    what is rolled back gives its number back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_sequence (key, last) VALUES (%s, 1)"
            " ON CONFLICT (key) DO UPDATE SET last = kernel_sequence.last + 1 RETURNING last",
            [f"instrument:{organ.hex}:{stem}:{year}"],
        )
        order: int = cursor.fetchone()[0]
    return order
