"""
Payments that contradict themselves: alarms, and the findings by which a person settled them.

An alarm is an event of a bill and never changed; a finding names the alarms that it settles.
"""

from collections.abc import Iterable
from uuid import UUID

from anlan.rewards.models import BillEvent, Reward


def unsettled(reward: Reward) -> list[BillEvent]:
    """Alarms of a reward that nobody settled yet, oldest first."""
    events = BillEvent.objects.filter(bill__reward=reward, source__in=["alarm", "finding"])
    return left(events.select_related("bill").order_by("at", "id"))


def left(events: Iterable[BillEvent]) -> list[BillEvent]:
    """Of some bills' alarms and findings, the alarms that no finding names."""
    found = list(events)
    settled: set[UUID] = {
        UUID(one) for event in found if event.source == "finding" for one in event.body.get("alarms", [])
    }
    return [event for event in found if event.source == "alarm" and event.pk not in settled]
