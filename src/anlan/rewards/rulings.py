"""What a city may set about rewards: time limits, caps, whom a reward waits for. Defaults carry their evidence mark."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declare, value
from anlan.kernel.flow import Rung
from anlan.kernel.rulings import days, ladder_to, rungs, whole
from anlan.rewards.computing import Limits, ground
from anlan.rewards.models import Reward

RECIPIENTS = {"finance": _("the territory's finance officers"), "office": _("the committee office")}
LONGEST = 100_000_000_00


yes_or_no = whole(0, 1, _("1 for yes, 0 for no."))
AUTOMATIC = declare(
    key="rewards.automatic",
    label=_("Rewards: propose one when a verified report is answered (1 yes, 0 no)"),
    default=1,
    check=yes_or_no,
)
ANONYMOUS = declare(
    key="rewards.anonymous", label=_("Rewards: for anonymous reports too (1 yes, 0 no)"), default=1, check=yes_or_no
)
CAP_MONTH = declare(
    key="rewards.cap.month_fen",
    label=_("Rewards: most in fixed amounts for one person, category and month (fen; 0: no cap)"),
    default=100_000,
    check=whole(0, LONGEST),
    **ground("cap_month"),
)
CAP_YEAR = declare(
    key="rewards.cap.year_fen",
    label=_("Rewards: most for one person and year (fen; 0: no cap)"),
    default=0,
    check=whole(0, LONGEST),
    **ground("cap_year"),
)
APPROVE = declare(key="rewards.days.approve", label=_("Days to approve a reward"), default=5, check=days)
CLAIM = declare(
    key="rewards.days.claim",
    label=_("Rewards: days of the calendar to claim"),
    default=60,
    check=whole(1, 365),
    basis="自接到领取通知之日起60日内，逾期视为放弃",
)
AGAIN = declare(
    key="rewards.days.again",
    label=_("Rewards: days of the calendar left to claim again after a transfer failed"),
    default=7,
    check=whole(1, 60),
)
AGAIN_MOST = 3
"""Bills that ended without payment which may each give more days."""
VOUCHER = declare(
    key="rewards.days.voucher",
    label=_("Rewards: days of the calendar to cash a voucher"),
    default=30,
    check=whole(1, 365),
)
LADDER = declare(
    key="rewards.ladder",
    label=_("Reminders: a reward not yet approved"),
    default=[{"days": 0, "to": "finance"}, {"days": 3, "to": "office"}],
    check=ladder_to(RECIPIENTS),
    choices=tuple(RECIPIENTS.items()),
)
REMINDERS = declare(
    key="rewards.ladder.claim",
    label=_("Reminders: a reward not yet claimed; on day 0 it lapses"),
    default=[{"days": -10, "to": "reporter"}, {"days": -3, "to": "reporter"}, {"days": 0, "to": "reporter"}],
    check=ladder_to(["reporter"]),
    choices=(("reporter", _("the reporter")),),
)


def limits(region: int) -> Limits:
    return Limits(
        month_fen=value(CAP_MONTH.key, region),
        year_fen=value(CAP_YEAR.key, region),
        anonymous=bool(value(ANONYMOUS.key, region)),
    )


def claim_until(region: int) -> date:
    return clock.today() + timedelta(days=value(CLAIM.key, region))


def claim_again_until(reward: Reward, failed: int = 1) -> date:
    """Whoever could not be paid on the last day has a few more, but not for ever: who never confirms gives it up too."""
    if failed > AGAIN_MOST and reward.claim_by:
        return reward.claim_by
    again = clock.today() + timedelta(days=value(AGAIN.key, reward.region))
    return max(reward.claim_by or again, again)


def voucher_until(reward: Reward) -> date | None:
    if reward.claimed_at is None:
        return None
    return clock.day_of(reward.claimed_at) + timedelta(days=value(VOUCHER.key, reward.region))


def due(reward: Reward) -> datetime | None:
    """When what a reward waits for is due; a transfer is looked after by its own duty."""
    if reward.state == "proposed":
        return working_days().add(reward.state_since, value(APPROVE.key, reward.region))
    if reward.state == "claimable" and reward.claim_by:
        return clock.end_of(reward.claim_by)
    if reward.state == "paying" and reward.way == "voucher" and (until := voucher_until(reward)):
        return clock.end_of(until)
    return None


def ladder(reward: Reward) -> list[Rung]:
    if reward.state == "claimable":
        return rungs(value(REMINDERS.key, reward.region), lambda on: "remind" if on < 0 else "lapse")
    if reward.state == "paying":
        return [Rung(level=1, days=0, step="expire")]
    return rungs(value(LADDER.key, reward.region))


def recipients_of(reward: Reward, level: int) -> str:
    """Whom a level tells: "finance", "office" or "reporter"."""
    setting = REMINDERS if reward.state == "claimable" else LADDER
    return str(value(setting.key, reward.region)[level - 1]["to"])
