"""Photos are drawn after the request that brought them. A job exists exactly when the photo's row does."""

from uuid import UUID

from django.db import transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

TRIES = 3
"""After the first one, for what may pass: a busy machine, a full disk."""


# Behind everything else that waits: a message to a phone is not held up by a hundred photos.
@app.task(
    name="files.draw",
    queue="pictures",
    priority=-10,
    pass_context=True,
    retry=RetryStrategy(max_attempts=TRIES, exponential_wait=5),
)
def draw(context: JobContext, *, file: str) -> None:
    from anlan.files.drawing import draw as now

    now(UUID(file), last=context.job.attempts >= TRIES)


def ask_to_draw(file: UUID) -> None:
    """In the transaction that writes the row: neither is lost without the other."""
    draw.configure(queueing_lock=f"files.draw {file}").defer(file=str(file))


def ask_again(file: UUID) -> bool:
    """False when it waits in the queue already."""
    try:
        with transaction.atomic():  # the refusal of a second one must not take the caller's work along
            ask_to_draw(file)
    except AlreadyEnqueued:
        return False
    return True
