"""Jobs whose worker was killed are taken up again: the queue alone would leave them "being done" for ever."""

from django.db import connection

from anlan.kernel.duties import duty

SILENT_SECONDS = 40
"""A living worker says so every 10 seconds; one that said nothing for this long is gone."""

_RETRY = """
SELECT procrastinate_retry_job_v2(job.id, now(), NULL, NULL, NULL)
FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
"""


@duty("stalled", every=15.0)
def retry_stalled() -> int:
    """Put the jobs of silent workers back into the queue; returns how many. Every job may run again from its start."""
    with connection.cursor() as cursor:
        cursor.execute(_RETRY, [SILENT_SECONDS])
        return int(cursor.rowcount)
