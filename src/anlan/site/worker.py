"""The worker: the job queue in the main thread, the small duties beside it. Stops gracefully on TERM and Ctrl-C."""

import threading

import structlog

log = structlog.get_logger(__name__)


def run(*, concurrency: int = 2) -> None:
    """Work until told to stop; jobs in hand are finished, duties end after their present run."""
    import django

    django.setup()
    from django.db import connections
    from procrastinate.contrib.django import app

    from anlan.kernel import duties, guards

    if found := guards.problems():
        raise SystemExit("The worker does not start: " + "; ".join(found))
    stop = threading.Event()
    connections.close_all()
    threads = duties.start_all(stop)
    log.info("worker.started", duties=sorted(duties.duties))
    try:
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            app.run_worker(
                name="anlan",
                concurrency=concurrency,
                install_signal_handlers=True,
                shutdown_graceful_timeout=20,
                listen_notify=True,
            )
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=30)
        log.info("worker.stopped")
