"""What a city may set about directives: time limits and whom reminders go to. Their defaults are our own [K]."""

import re
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.directives.models import DirectiveTask
from anlan.directives.states import WORKING
from anlan.kernel import clock
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declare, value
from anlan.kernel.flow import Rung
from anlan.kernel.rulings import days, ladder_to, rungs

RECIPIENTS = {"unit": _("the unit's posts"), "office": _("the committee office")}
SIGN = declare(key="directives.days.sign", label=_("Days to sign for a directive's task"), default=2, check=days)
VERIFY = declare(key="directives.days.verify", label=_("Days to verify a directive's task"), default=5, check=days)
CLOSE = declare(
    key="directives.days.close", label=_("Days to close a verified directive's task"), default=3, check=days
)
LADDER = declare(
    key="directives.ladder",
    label=_("Reminders: a directive's task"),
    default=[{"days": -3, "to": "unit"}, {"days": 0, "to": "unit"}, {"days": 1, "to": "office"}],
    check=ladder_to(RECIPIENTS),
    choices=tuple(RECIPIENTS.items()),
)

COUNTED_LADDER = declare(
    key="directives.ladder_counted",
    label=_("Reminders: a directive's task that is counted within a period"),
    default=[
        {"days": -20, "to": "unit"},
        {"days": -10, "to": "unit"},
        {"days": -3, "to": "unit"},
        {"days": 0, "to": "unit"},
        {"days": 1, "to": "office"},
    ],
    check=ladder_to(RECIPIENTS),
    choices=tuple(RECIPIENTS.items()),
)
"""What must be done so and so often within a quarter or half a year needs time to be done: it is told of earlier."""


def _stem(found: Any) -> Any:
    fits = isinstance(found, str) and 1 <= len(found) <= 20 and not re.search(r"[\s〔〕\d]", found)
    return None if fits else _("The letters before the year in a document's number, at most 20 characters.")


STEM = declare(
    key="directives.digest.stem",
    label=_("Number of the weekly digest: what stands before the year"),
    default="安督",
    check=_stem,
)


def ladder_key(task: DirectiveTask) -> str:
    return COUNTED_LADDER.key if task.wanted else LADDER.key


def due(task: DirectiveTask) -> datetime | None:
    """When what a task waits for is due: signing, the day set, verifying, closing. Without a day set the unit has no limit."""
    own = clock.end_of(task.due) if task.due else None
    if task.state in WORKING:
        return own
    setting = {"assigned": SIGN, "handed_back": SIGN, "reported": VERIFY, "verified": CLOSE}.get(task.state)
    if setting is None:
        return None
    limit = working_days().add(task.state_since, value(setting.key, task.issued_region))
    # To sign for it after its day would be late whatever the limit for signing says.
    return min(limit, own) if own and task.state == "assigned" and own > task.state_since else limit


def ladder(task: DirectiveTask) -> list[Rung]:
    return rungs(value(ladder_key(task), task.issued_region))


def recipients_of(task: DirectiveTask, level: int) -> str:
    """Whom a level tells: "unit" or "office"; whoever is waited for when that is the office."""
    to = str(value(ladder_key(task), task.issued_region)[level - 1]["to"])
    return "office" if task.state in ("handed_back", "reported", "verified") else to
