"""`scope`: the reads of a county's regulator with policy and plain range, against a plain WHERE without policy.

Both sides run the same SQL text on one cluster and database: ours as the application's role inside a scoped transaction,
the reference as a role that bypasses row security. Medians, interleaved.
"""

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import psycopg

from bench.common import arguments, cluster, finish, say
from bench.loader import load
from bench.searching import OURS, REFERENCE

COUNTY = (141002000000, 141003000000)
CITY = (141000000000, 141100000000)
MASK = 0b0111_1111
BITS = [0, 1, 2, 3, 4, 5, 6]
PLAIN = "region >= %(low)s AND region < %(high)s AND industry_bit = ANY(%(bits)s)"
READS = {
    "newest 50 of a county": (
        COUNTY,
        "SELECT id, number, place, state FROM hazards_hazard WHERE county = %(low)s AND industry_bit = ANY(%(bits)s) ORDER BY found_at DESC, id DESC LIMIT 50",
    ),
    "late of a county by due": (
        COUNTY,
        "SELECT id, number FROM hazards_hazard WHERE county = %(low)s AND industry_bit = ANY(%(bits)s) AND state NOT IN ('closed', 'dismissed', 'transferred') ORDER BY due_at, id LIMIT 50",
    ),
    "count of a county": (COUNTY, f"SELECT count(*) FROM hazards_hazard WHERE {PLAIN}"),
    "board of the city": (
        CITY,
        f"SELECT region, state, late, sum(count) FROM hazards_tally WHERE by_county AND {PLAIN} GROUP BY 1, 2, 3",
    ),
    "newest 50 of the city": (
        CITY,
        f"SELECT id, number, place, state FROM hazards_hazard WHERE {PLAIN} ORDER BY found_at DESC, id DESC LIMIT 50",
    ),
    "one by key": (COUNTY, f"SELECT * FROM hazards_hazard WHERE id = %(one)s AND {PLAIN}"),
}


def main() -> None:
    options = arguments(__doc__ or "")
    with cluster("bench") as urls:
        from anlan.site import reference as reference_data

        reference_data.load()
        load(urls["bench"].admin, options.rows)
        with psycopg.connect(urls["bench"].app) as ours, psycopg.connect(urls["bench"].admin) as reference_connection:
            parts = {
                name: measure(ours, reference_connection, name, span, text, options.rounds)
                for name, (span, text) in READS.items()
            }
            parts["search"] = search(ours, reference_connection, options.rounds)
    worst = max(value for name, value in parts.items() if name != "search")
    finish(
        {"bench": "scope", "ratio": worst, "search": parts["search"], "rows": options.rows, "parts": parts},
        as_json=options.json,
    )


def scoped(connection: psycopg.Connection[Any], span: tuple[int, int], text: str, values: dict[str, Any]) -> None:
    from anlan.kernel.scope import SET_SCOPE

    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(
            SET_SCOPE, [f"{{[{span[0]},{span[1]})}}", str(MASK), "{}", "", "", str(span[0]), str(span[1]), "", ""]
        )
        cursor.execute(text, values)
        cursor.fetchall()


def plain(connection: psycopg.Connection[Any], text: str, values: dict[str, Any]) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT 1, 2, 3, 4")  # the round trip that sets the scope is not what is measured
        cursor.execute(text, values)
        cursor.fetchall()


def measure(ours: Any, reference: Any, label: str, span: tuple[int, int], text: str, rounds: int) -> float:
    values: dict[str, Any] = {"low": span[0], "high": span[1], "bits": BITS}
    values["one"] = reference.execute(f"SELECT id FROM hazards_hazard WHERE {PLAIN} LIMIT 1", values).fetchone()[0]
    return compare(label, rounds * 3, lambda: scoped(ours, span, text, values), lambda: plain(reference, text, values))


def search(ours: Any, reference: Any, rounds: int) -> float:
    """The search function under scope, against the same condition with a plain WHERE."""
    from anlan.kernel.text import search_terms
    from anlan.kernel.text import words as words_of

    words = "报警器失效"
    values: dict[str, Any] = {
        "low": COUNTY[0],
        "high": COUNTY[1],
        "bits": BITS,
        "terms": search_terms(words),
        "wanted": words_of(words),
        "filters": json.dumps({"low": COUNTY[0], "high": COUNTY[1]}),
    }
    return compare(
        "search", rounds, lambda: scoped(ours, COUNTY, OURS, values), lambda: plain(reference, REFERENCE, values)
    )


def compare(label: str, rounds: int, ours: Callable[[], None], reference: Callable[[], None]) -> float:
    """Interleaved medians; the first two of each side warm the caches."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 2):
        for side, run in enumerate((ours, reference)):
            began = time.perf_counter()
            run()
            times[side].append(time.perf_counter() - began)
    medians = [statistics.median(one[2:]) for one in times]
    ratio = medians[0] / medians[1]
    say(f"{ratio:6.2f}  {medians[0] * 1000:8.2f} ms against {medians[1] * 1000:8.2f} ms  {label}")
    return round(ratio, 3)


if __name__ == "__main__":
    main()
