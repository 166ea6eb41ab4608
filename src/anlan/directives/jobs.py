"""Reading files outlasts a request: pages of a PDF, pictures to be recognised."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

AGAIN = RetryStrategy(max_attempts=3, wait=5)


@app.task(name="directives.read_intake", queue="imports", retry=AGAIN)
def read_intake(*, intake_id: str) -> None:
    from uuid import UUID

    from anlan.directives.actions.intake import read_waiting

    read_waiting(UUID(intake_id))
