"""What a city may set about sorting. Defaults are own knowledge, to be confirmed."""

from django.utils.translation import gettext_lazy as _

from anlan.kernel.citysettings import declare, value
from anlan.kernel.rulings import whole

LOWEST, HIGHEST = 50, 99
THRESHOLD = declare(
    key="reports.suggest.threshold",
    label=_("Per cent of confidence from which a learnt suggestion is offered"),
    help=_(
        "Also the share that must have proved right on reports the platform had not seen; below it nothing is offered."
    ),
    default=80,
    check=whole(LOWEST, HIGHEST),
)
LEAST = declare(
    key="reports.suggest.least",
    label=_("Settled reports needed before the platform learns from them"),
    default=150,
    check=whole(40, 100_000),
)
EVERY = declare(
    key="reports.suggest.days",
    label=_("Days after which the platform learns anew"),
    default=7,
    check=whole(1, 366),
)


def threshold(region: int) -> float:
    return int(value(THRESHOLD.key, region)) / 100


def least(region: int) -> int:
    return int(value(LEAST.key, region))


def days(region: int) -> int:
    return int(value(EVERY.key, region))
