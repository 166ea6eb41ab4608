"""Jobs nobody works on are taken up again; those that are worked on are left alone."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from anlan.site import stalled

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def sql(statement: str, *parameters: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0] if cursor.description else None


def job_of(worker: int) -> int:
    """A job that was fetched by this worker ten minutes ago, and is being done as far as the queue knows."""
    job: int = sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('exports', 'registry.write_export') RETURNING id"
    )
    sql("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", worker, job)
    sql("UPDATE procrastinate_events SET at = now() - interval '10 minutes' WHERE job_id = %s", job)
    return job


def worker(heard: str = "0 seconds") -> int:
    return int(
        sql("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id", heard)
    )


def status(job: int) -> str:
    return str(sql("SELECT status FROM procrastinate_jobs WHERE id = %s", job))


def test_the_job_of_a_killed_worker_is_taken_up_again() -> None:
    job = job_of(worker("5 minutes"))
    assert stalled.retry_stalled() == 1
    assert status(job) == "todo"


def test_the_job_of_another_living_worker_is_left_alone() -> None:
    job = job_of(worker())
    assert stalled.retry_stalled() == 0
    assert status(job) == "doing"


def test_a_living_worker_gives_back_what_it_does_not_know() -> None:
    mine = worker()
    job, lost, fresh = job_of(mine), job_of(mine), job_of(mine)
    sql("UPDATE procrastinate_events SET at = now() WHERE job_id = %s", fresh)

    def elsewhere() -> int:
        try:
            return stalled.retry_stalled()
        finally:
            connection.close()

    async def work() -> str:
        assert await asyncio.to_thread(elsewhere) == 1
        return "done"

    context, itself = SimpleNamespace(job=SimpleNamespace(id=job)), SimpleNamespace(worker_id=mine)
    assert asyncio.run(stalled.hold(work, context, itself)) == "done"
    assert (status(job), status(lost), status(fresh)) == ("doing", "todo", "doing")
    assert stalled.retry_stalled() == 0, "its end is being written down"
