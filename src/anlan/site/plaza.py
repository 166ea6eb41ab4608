"""What the plaza's figures take from the rewards, which lie downstream of it: the two are tied here, where all rooms are known."""

from datetime import date, timedelta

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate

from anlan.kernel import clock
from anlan.reports.plaza.figures import Paid, rewards_by
from anlan.rewards.models import Reward


def paid(first: date, until: date) -> Paid:
    """Rewards paid by day, from the first day until before the other."""
    low, high = (clock.end_of(day - timedelta(days=1)) for day in (first, until))
    rows = (
        Reward.objects.filter(paid_at__gt=low, paid_at__lte=high)
        .annotate(day=TruncDate("paid_at", tzinfo=clock.SHANGHAI))
        .values("day")
        .annotate(count=Count("pk"), fen=Sum("amount_fen"))
    )
    return {row["day"]: (row["count"], row["fen"] or 0) for row in rows}


rewards_by(paid)
