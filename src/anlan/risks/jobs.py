"""Work that outlasts a request, and the daily look for assessments that are due."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(name="risks.write_export", queue="exports", retry=RetryStrategy(max_attempts=3, wait=5))
def write_export(*, export_id: str) -> None:
    from anlan.risks.actions.exports import write_waiting

    write_waiting(UUID(export_id))
