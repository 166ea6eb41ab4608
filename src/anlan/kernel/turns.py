"""Taking turns where no row of one's own can be locked."""

from django.db import connection


def one_at_a_time(what: str) -> None:
    """Wait until no other transaction holds the same words; held until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
