"""
Jobs that nobody works on any more are taken up again: the queue alone would leave them "being done" for ever.

Two ways lead there. A worker was killed: it says nothing any more. Or the database went away just when a living worker
fetched a job or reported its end: the worker says it is alive, and knows nothing of that job.
"""

import time
from collections.abc import Awaitable, Callable
from threading import Lock
from typing import Any

from django.db import connection

from anlan.kernel.duties import duty

SILENT_SECONDS = 40
"""A living worker says so every 10 seconds; one that said nothing for this long is gone."""

_held: dict[int, float | None] = {}
"""Jobs in this process: None while they run, then when they ended, until their end is surely written down."""
_own: set[int] = set()
_lock = Lock()

_RETRY = """
SELECT procrastinate_retry_job_v2(job.id, now(), NULL, NULL, NULL)
FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (
  worker.id IS NULL
  OR worker.last_heartbeat < now() - make_interval(secs => %(silent)s)
  OR worker.id = ANY(%(own)s) AND job.id <> ALL(%(held)s) AND now() - make_interval(secs => %(silent)s) >
    (SELECT max(event.at) FROM procrastinate_events event WHERE event.job_id = job.id AND event.type = 'started')
)
"""


async def hold(call_next: Callable[[], Awaitable[Any]], context: Any, worker: Any) -> Any:
    """A worker's middleware: remember which jobs this process really works on."""
    with _lock:
        _own.add(worker.worker_id)
        _held[context.job.id] = None
    try:
        return await call_next()
    finally:
        with _lock:
            _held[context.job.id] = time.monotonic()


@duty("stalled", every=15.0)
def retry_stalled() -> int:
    """Put such jobs back into the queue; returns how many. Every job may run again from its start."""
    with _lock:
        for job, ended in list(_held.items()):
            if ended is not None and time.monotonic() - ended > SILENT_SECONDS:
                del _held[job]
        known: dict[str, Any] = {"own": list(_own), "held": list(_held), "silent": SILENT_SECONDS}
    with connection.cursor() as cursor:
        cursor.execute(_RETRY, known)
        return int(cursor.rowcount)
