"""Work that outlasts a request. A job exists exactly when the transaction that asked for it does."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

AGAIN = RetryStrategy(max_attempts=3, wait=5)


@app.task(name="registry.check_import", queue="imports", retry=AGAIN)
def check_import(*, import_id: str) -> None:
    from anlan.registry.actions.imports import check_sent

    check_sent(UUID(import_id))


@app.task(name="registry.load_import", queue="imports", retry=AGAIN)
def load_import(*, import_id: str) -> None:
    from anlan.registry.actions.imports import load_sent

    load_sent(UUID(import_id))


@app.task(name="registry.write_export", queue="exports", retry=AGAIN)
def write_export(*, export_id: str) -> None:
    from anlan.registry.actions.exports import write_waiting

    write_waiting(UUID(export_id))
