"""When an alert is raised, and whether letters are drafted: counts and days with their source, to be set by a city where the law leaves room."""

from django.utils.translation import gettext_lazy as _

from anlan.kernel.citysettings import declare, value
from anlan.kernel.rulings import whole

count = whole(1, 20)
calendar_days = whole(1, 730)

CLOSURE_LAW = (
    "《中华人民共和国安全生产法》（2021）第一百一十三条：存在重大事故隐患，一百八十日内三次或者一年内四次受到行政处罚"
)
KEY_LAW = "《山东省安全生产条例》第四十三条：发生事故或者一年内受到两次以上行政处罚的列入重点检查"

CLOSURE_WINDOW = declare(
    key="enforcement.alerts.closure.days",
    label=_("Closure alert: days of the calendar that the penalties of the short count lie within"),
    default=180,
    check=calendar_days,
    basis=CLOSURE_LAW,
    evidence="V",
)
CLOSURE_COUNT = declare(
    key="enforcement.alerts.closure.count",
    label=_("Closure alert: penalties within those days"),
    default=3,
    check=count,
    basis=CLOSURE_LAW,
    evidence="V",
)
CLOSURE_YEAR = declare(
    key="enforcement.alerts.closure.year",
    label=_("Closure alert: penalties within a year"),
    default=4,
    check=count,
    basis=CLOSURE_LAW,
    evidence="V",
)
KEY_COUNT = declare(
    key="enforcement.alerts.key.count",
    label=_("Key inspection alert: penalties within a year"),
    default=2,
    check=count,
    basis=KEY_LAW,
    evidence="V",
)
REPEAT_COUNT = declare(
    key="enforcement.alerts.repeat.count",
    label=_("Alert of repeated major hazards: how often by the same clause at one enterprise"),
    default=2,
    check=whole(2, 20),
)
REPEAT_DAYS = declare(
    key="enforcement.alerts.repeat.days",
    label=_("Alert of repeated major hazards: within so many days of the calendar"),
    default=365,
    check=calendar_days,
)
ORDER_GRACE = declare(
    key="enforcement.alerts.order.days",
    label=_("Alert of orders without recheck: working days after they fell due"),
    default=10,
    check=whole(0, 250),
    basis="整改期限届满后十日内复查（鄂；总局令第16号待核）",
    evidence="W",
)
ESCALATE = declare(
    key="enforcement.escalation",
    label=_("Supervise letter drafted when the city's office is told of a late hazard (1 yes, 0 no)"),
    default=1,
    check=whole(0, 1, _("1 for yes, 0 for no.")),
)

SETTINGS = (CLOSURE_WINDOW, CLOSURE_COUNT, CLOSURE_YEAR, KEY_COUNT, REPEAT_COUNT, REPEAT_DAYS, ORDER_GRACE)


def of(region: int) -> dict[str, int]:
    """All of them in force for a region, by the last parts of their keys: closure.days, order.days …"""
    return {one.key.removeprefix("enforcement.alerts."): int(value(one.key, region)) for one in SETTINGS}
