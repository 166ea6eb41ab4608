"""Work that waits for somebody outside. The row says how often it was tried; the queue only calls again."""

from uuid import UUID

from procrastinate.contrib.django import app


@app.task(name="channels.deliver", queue="channels")
def deliver(*, outgoing: str) -> None:
    from anlan.channels.outgoing import deliver as now

    now(UUID(outgoing))
