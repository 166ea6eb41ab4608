"""The worker: the job queue in the main thread, the small duties beside it. Stops gracefully on TERM and Ctrl-C."""

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from django.db.utils import OperationalError
from procrastinate.exceptions import ConnectorException

log = structlog.get_logger(__name__)
AGAIN_SECONDS = 1.0
JOBS_SECONDS, DUTIES_SECONDS = 20, 15
"""How long jobs in hand, and then duties all together, are waited for. What is cut off is rolled back and done again."""


def run(*, concurrency: int = 2) -> None:
    """Work until told to stop; jobs in hand are finished, duties end after their present run."""
    import django

    django.setup()
    from django.db import connections
    from procrastinate.contrib.django import app

    from anlan.kernel import duties, guards
    from anlan.site import stalled

    if found := _asked(guards.problems):
        raise SystemExit("The worker does not start: " + "; ".join(found))
    stop = threading.Event()
    connections.close_all()
    threads = duties.start_all(stop)
    log.info("worker.started", duties=sorted(duties.duties))
    try:
        while not _work(app, concurrency, stalled.hold):
            time.sleep(AGAIN_SECONDS)
    finally:
        stop.set()
        until = time.monotonic() + DUTIES_SECONDS
        for thread in threads:
            thread.join(timeout=max(0.0, until - time.monotonic()))
        log.info("worker.stopped")


def _asked(problems: Callable[[], list[str]]) -> list[str]:
    """The answer of a database that may just be coming up."""
    while True:
        try:
            return problems()
        except OperationalError as error:
            log.warning("worker.waits_for_database", error=str(error).strip())
            time.sleep(AGAIN_SECONDS)


def _work(app: Any, concurrency: int, hold: Any) -> bool:
    """True when told to stop; False when the database went away, for a while as we hope."""
    try:
        with app.replace_connector(app.connector.get_worker_connector()):
            app.run_worker(
                name="anlan",
                concurrency=concurrency,
                install_signal_handlers=True,
                shutdown_graceful_timeout=JOBS_SECONDS,
                listen_notify=True,
                worker_middleware=[hold],
            )
    except (ConnectorException, psycopg.OperationalError) as error:
        log.warning("worker.database_lost", error=type(error).__name__)
        return False
    return True
