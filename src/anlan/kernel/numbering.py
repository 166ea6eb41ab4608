"""Numbers of records as people cite them: gapless in the year of a county."""

from django.db import connection

from anlan.kernel.codes import record_number


def county_of(region: int) -> int:
    """The county a region lies in; what stands above counties stays as it is."""
    return region - region % 1_000_000


def next_number(prefix: str, what: str, *, region: int, year: int) -> str:
    """`YH-141002-2026-000123`; the counter's row is locked until the transaction ends, so that no number is lost."""
    county = county_of(region)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_sequence (key, last) VALUES (%s, 1)"
            " ON CONFLICT (key) DO UPDATE SET last = kernel_sequence.last + 1 RETURNING last",
            [f"{what}:{county}:{year}"],
        )
        sequence = cursor.fetchone()[0]
    return record_number(prefix, region=county, year=year, sequence=sequence)
