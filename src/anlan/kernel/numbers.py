"""The numbers that people call records by: one row of counting a prefix, county and year."""

from django.db import connection

from anlan.kernel.codes import record_number

_COUNTY = 1_000_000


def county_of(region: int) -> int:
    return region - region % _COUNTY


def take_numbers(kind: str, region: int, year: int, count: int = 1) -> int:
    """Take the next `count` numbers of a county's year and return the first; the counter is locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_sequence (key, last) VALUES (%s, %s)"
            " ON CONFLICT (key) DO UPDATE SET last = kernel_sequence.last + %s RETURNING last",
            [f"{kind}:{county_of(region)}:{year}", count, count],
        )
        last: int = cursor.fetchone()[0]
    return last - count + 1


def next_number(prefix: str, kind: str, region: int, year: int) -> str:
    """`YH-141002-2026-000123`: the next one of the county."""
    return record_number(prefix, region=county_of(region), year=year, sequence=take_numbers(kind, region, year))
