"""Work that outlasts a request. A job exists exactly when the transaction that asked for it does."""

from datetime import datetime
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

AGAIN = RetryStrategy(max_attempts=3, wait=5)


@app.task(name="plans.give_out", queue="imports", retry=AGAIN)
def give_out(*, plan_id: str, post_id: str, asked_at: str) -> None:
    from anlan.plans.actions.publishing import give_out_rest

    give_out_rest(UUID(plan_id), UUID(post_id), datetime.fromisoformat(asked_at))
