"""The monthly return's whole life in one table. What its checks say is `returns/checking.py`."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.campaigns import checks, needs, notices, rules, rulings, steps
from anlan.campaigns.models import Return
from anlan.campaigns.states import REVIEWING, STATES, WRITING
from anlan.kernel.flow import Flow, Step
from anlan.kernel.flow.clock_steps import climbing_steps, is_clock

MONTHLY = "每月上报一次进展、每季度通报一次推进情况、年度进行总结考核（市安委会全会要求）"
UNIT = _("the committee office or a department's officer of the unit that hands in")
REVIEWER = _("an officer of the district or department above the unit; where there is none, the committee office")
OFFICE = _("the committee office of the campaign's territory")

STEPS = (
    Step(
        name="expect",
        label=_("Open the month"),
        source=(),
        target=("open",),
        by=rules.opens,
        who=_("the committee office, or the platform when a month begins"),
        needs=needs.Expect,
        then=notices.opened,
        basis=MONTHLY,
    ),
    Step(
        name="save",
        label=_("Save"),
        source=WRITING,
        target=("draft",),
        by=rules.is_filler,
        who=UNIT,
        needs=needs.Save,
        do=steps.save,
        consequence=_("What is typed is kept as it is, right or wrong; what is wrong is said beside it."),
    ),
    Step(
        name="hand_in",
        label=_("Hand in"),
        source=WRITING,
        target=("submitted",),
        by=rules.is_filler,
        who=UNIT,
        needs=needs.HandIn,
        do=steps.hand_in,
        then=notices.handed_in,
        basis=MONTHLY,
        consequence=_("The checks are asked at once; what they stop comes back to you with its reasons."),
    ),
    Step(
        name="judge",
        label=_("Checks"),
        source=("submitted",),
        target=("passed", "bounced"),
        by=is_clock,
        who=_("the platform"),
        do=steps.judge,
        then=notices.judged,
        quiet=True,
    ),
    Step(
        name="confirm",
        label=_("Confirm the panel"),
        source=("passed",),
        by=rules.is_reviewer,
        who=REVIEWER,
        needs=needs.Confirm,
        guards=(checks.NotFiller(), checks.PanelIsAsked(), checks.PanelNotConfirmed(), checks.PanelAsSeen()),
        do=steps.confirm,
        consequence=_("You vouch for having looked at this panel."),
    ),
    Step(
        name="accept",
        label=pgettext_lazy("return", "Accept"),
        source=("passed",),
        target=("accepted",),
        by=rules.is_reviewer,
        who=REVIEWER,
        needs=needs.Accept,
        guards=(checks.NotFiller(), checks.AllConfirmed(), checks.NoneBelowWaits()),
        do=steps.accept,
        then=notices.accepted,
    ),
    Step(
        name="send_back",
        label=pgettext_lazy("return", "Send back"),
        source=REVIEWING,
        target=("returned",),
        by=rules.sends_back,
        who=_("the reviewer before it is accepted, the committee office afterwards"),
        needs=needs.SendBack,
        guards=(checks.NotFiller(), checks.PanelsAreAsked()),
        do=steps.send_back,
        then=notices.sent_back,
        consequence=_("The unit gets it back with your reason; every panel must be confirmed anew afterwards."),
    ),
    Step(
        name="lock",
        label=pgettext_lazy("return", "Lock"),
        source=("accepted",),
        target=("locked",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Lock,
        guards=(checks.NotFiller(),),
        do=steps.lock,
        then=notices.locked,
        consequence=_("From then on it is corrected only by amendments, which keep the old figure."),
    ),
    Step(
        name="amend",
        label=pgettext_lazy("return", "Amend"),
        source=("locked",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Amend,
        guards=(checks.NotFiller(),),
        do=steps.amend,
        then=notices.amended,
        consequence=_("The old figure, your reason and your name stay beside the new one."),
    ),
    *(
        replace(step, do=steps.fall_due) if step.name == "fall_due" else step
        for step in climbing_steps((*WRITING, *REVIEWING), notices.climbed)
    ),
)


def _place(record: Return) -> dict[str, Any]:
    return {"region": record.region, "industry_bit": None, "enterprise_id": None}


RETURN = Flow(
    name="monthly_return",
    label=_("Monthly return"),
    model="campaigns.Return",
    states=STATES,
    steps=STEPS,
    due=rulings.due,
    ladder=rulings.ladder,
    place=_place,
)
