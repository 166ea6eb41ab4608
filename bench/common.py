"""What every bench stands on: a throw-away cluster with the real roles, interleaved timing, one JSON line at the end."""

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECRET = {"owner": "owner-of-bench", "app": "app-of-bench", "backup": "backup-of-bench"}


@contextmanager
def cluster(*databases: str, programs: str = "") -> Iterator[dict[str, Any]]:
    """A running cluster with migrated and guarded databases; yields their URLs by name. Django stands on the first.

    `programs` is the `bin` directory of another PostgreSQL than the embedded one.
    """
    os.environ["ANLAN_MODE"] = "test"
    os.environ.setdefault("ANLAN_VAR", tempfile.mkdtemp(prefix="anlan-bench-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "anlan.site.settings"
    from anlan.site.postgres import Passwords, provision, throwaway

    with throwaway(Path(programs) if programs else None) as admin:
        urls = {
            name: provision(admin=admin, passwords=Passwords(**SECRET), database=name, may_reset=True)
            for name in databases
        }
        first = urls[databases[0]]
        os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = first.app, str(first.owner)
        import django

        django.setup()
        from django.core.management import call_command

        from anlan.kernel import guards

        for name in databases:
            use(urls[name])
            call_command("migrate", database="owner", verbosity=0)
            guards.install()
        use(first)
        try:
            yield urls
        finally:
            from django.db import connections

            connections.close_all()


def use(urls: Any) -> None:
    """Point Django's connections at another of the databases."""
    from django.db import connections

    from anlan.kernel import calendar, citysettings
    from anlan.site.settings import _database

    for alias, url in (("default", urls.app), ("owner", urls.owner)):
        connections[alias].close()
        connections[alias].settings_dict.update(_database(url))
    calendar.forget()
    citysettings.forget()


def median_ms(run: Callable[[], object], *, rounds: int) -> float:
    """Median of `rounds` timed runs after two warm ones, in milliseconds."""
    run(), run()
    times = []
    gc.disable()
    for _ in range(rounds):
        began = time.perf_counter()
        run()
        times.append((time.perf_counter() - began) * 1000)
    gc.enable()
    return statistics.median(times)


def arguments(description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print the result as the last line")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the large case")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full number of clients")
    parser.add_argument("--seed", type=int, default=None, help="of the dice, to see a run again")
    return parser.parse_args()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def finish(result: dict[str, Any], *, as_json: bool) -> None:
    """Print the parts for people, and last the one JSON line."""
    for key, value in result.items():
        say(f"{key:>24}  {value}")
    if as_json:
        print(json.dumps(result))
