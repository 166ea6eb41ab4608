"""Work after the transaction that asked for it: nobody's page waits for a payment service."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=3)


@app.task(name="rewards.tend_bill", queue="payments", retry=AGAIN)
def tend_bill(*, number: str) -> None:
    from anlan.rewards.actions.billing import tend_bill as tend

    tend(number)


@app.task(name="rewards.cancel_bill", queue="payments", retry=AGAIN)
def cancel_bill(*, reward: str) -> None:
    from uuid import UUID

    from anlan.rewards.actions.billing import request_cancel

    request_cancel(UUID(reward))
