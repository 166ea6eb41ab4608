"""Work that outlasts a request. A job exists exactly when the transaction that asked for it does."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(name="hazards.write_export", queue="exports", retry=RetryStrategy(max_attempts=3, wait=5))
def write_export(*, export_id: str) -> None:
    from anlan.hazards.exporting import write_waiting

    write_waiting(UUID(export_id))
