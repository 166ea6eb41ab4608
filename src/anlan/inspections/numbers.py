"""Numbers of visits: gapless in a county's year."""

from django.db import connection

from anlan.kernel.codes import record_number


def county_of(region: int) -> int:
    return region - region % 1_000_000


def next_number(region: int, year: int) -> str:
    """The counter's row is locked until the transaction ends."""
    county = county_of(region)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_sequence (key, last) VALUES (%s, 1)"
            " ON CONFLICT (key) DO UPDATE SET last = kernel_sequence.last + 1 RETURNING last",
            [f"visit:{county}:{year}"],
        )
        sequence = cursor.fetchone()[0]
    return record_number("JC", region=county, year=year, sequence=sequence)
