"""What a city may set about plans: time limits and whom reminders go to. Their defaults are our own [K]."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declare, value
from anlan.kernel.flow import Rung
from anlan.kernel.flow.given import WORKING
from anlan.kernel.rulings import days, ladder_to, rungs, whole
from anlan.plans.models import PlanItem

RECIPIENTS = {"unit": _("the unit's posts"), "office": _("the committee office")}
SIGN = declare(key="plans.days.sign", label=_("Days to sign for a plan's item"), default=5, check=days)
VERIFY = declare(key="plans.days.verify", label=_("Days to verify a plan's item"), default=10, check=days)
CLOSE = declare(key="plans.days.close", label=_("Days to close a verified plan's item"), default=5, check=days)
BEHIND = declare(
    key="plans.behind.percent",
    label=_("An item counts as behind when its share done is this many points below the share of time gone (per cent)"),
    default=15,
    check=whole(1, 100),
)
LADDER = declare(
    key="plans.ladder",
    label=_("Reminders: a plan's item"),
    default=[{"days": -10, "to": "unit"}, {"days": 0, "to": "unit"}, {"days": 3, "to": "office"}],
    check=ladder_to(RECIPIENTS),
    choices=tuple(RECIPIENTS.items()),
)


def due(item: PlanItem) -> datetime | None:
    """When what an item waits for is due: signing, the day set, verifying, closing."""
    own = clock.end_of(item.due) if item.due else None
    if item.state in WORKING:
        return own
    setting = {"assigned": SIGN, "handed_back": SIGN, "reported": VERIFY, "verified": CLOSE}.get(item.state)
    if setting is None:
        return None
    limit = working_days().add(item.state_since, value(setting.key, item.issued_region))
    # To sign for it after its day would be late whatever the limit for signing says.
    return min(limit, own) if own and item.state == "assigned" and own > item.state_since else limit


def ladder(item: PlanItem) -> list[Rung]:
    return rungs(value(LADDER.key, item.issued_region))


def recipients_of(item: PlanItem, level: int) -> str:
    """Whom a level tells: "unit" or "office"; whoever is waited for when that is the office."""
    to = str(value(LADDER.key, item.issued_region)[level - 1]["to"])
    return "office" if item.state in ("handed_back", "reported", "verified") else to


def behind_permille(region: int) -> int:
    return int(value(BEHIND.key, region)) * 10
