"""The numbers people cite records by: gapless in the year of a county."""

from django.db import connection

from anlan.kernel.codes import record_number


def county_of(region: int) -> int:
    """The county a region lies in; what stands above counties stays as it is."""
    return region - region % 1_000_000


def take_numbers(what: str, *, region: int, year: int, count: int = 1) -> int:
    """Take the next `count` numbers and return the first; the counter is locked until the transaction ends, so none is lost."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_sequence (key, last) VALUES (%s, %s)"
            " ON CONFLICT (key) DO UPDATE SET last = kernel_sequence.last + %s RETURNING last",
            [f"{what}:{county_of(region)}:{year}", count, count],
        )
        last: int = cursor.fetchone()[0]
    return last - count + 1


def next_number(prefix: str, what: str, *, region: int, year: int) -> str:
    """`YH-141002-2026-000123`: the next one of the county."""
    taken = take_numbers(what, region=region, year=year)
    return record_number(prefix, region=county_of(region), year=year, sequence=taken)
