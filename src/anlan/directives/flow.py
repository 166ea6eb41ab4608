"""The whole life of a directive's task in one table."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.directives import checks, needs, notices, rules, rulings, steps
from anlan.directives.models import DirectiveTask
from anlan.directives.states import OPEN, STATES, WORKING
from anlan.kernel.flow import Flow, Step
from anlan.kernel.flow.clock_steps import climbing_steps

OFFICE = _("the committee office that gave the task")
UNIT = _("a post of the responsible unit")

STEPS = (
    Step(
        name="assign",
        label=_("Assign"),
        source=(),
        target=("assigned",),
        by=rules.is_giver,
        who=_("the committee office, or the platform for what recurs"),
        needs=needs.Assign,
        do=steps.assign,
        then=notices.moved,
    ),
    Step(
        name="sign",
        label=_("Sign for it"),
        source=("assigned",),
        target=("signed_for",),
        by=rules.is_unit,
        who=UNIT,
        needs=needs.Sign,
        do=steps.heard,
        then=notices.moved,
        consequence=_("From now on the unit answers for it and for its day."),
    ),
    Step(
        name="hand_back",
        label=_("Hand back"),
        source=("assigned",),
        target=("handed_back",),
        by=rules.is_unit,
        who=UNIT,
        needs=needs.HandBack,
        do=steps.hand_back,
        then=notices.moved,
        listed=False,
    ),
    Step(
        name="reassign",
        label=_("Assign anew"),
        source=("handed_back",),
        target=("assigned",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Reassign,
        do=steps.reassign,
        then=notices.moved,
    ),
    Step(
        name="start",
        label=_("Begin work"),
        source=("signed_for", "returned"),
        target=("under_way",),
        by=rules.is_unit,
        who=UNIT,
        needs=needs.Sign,
        do=steps.heard,
        then=notices.moved,
    ),
    Step(
        name="progress",
        label=_("Report progress"),
        source=("under_way",),
        by=rules.is_unit,
        who=UNIT,
        needs=needs.Progress,
        do=steps.heard,
        listed=False,
    ),
    Step(
        name="count",
        label=_("Enter that it was done once"),
        source=WORKING,
        by=rules.is_unit,
        who=UNIT,
        needs=needs.Count,
        guards=(checks.Counted(), checks.WithinPeriod()),
        do=steps.count,
        listed=False,
    ),
    Step(
        name="report",
        label=_("Report it done"),
        source=WORKING,
        target=("reported",),
        by=rules.is_unit,
        who=UNIT,
        needs=needs.Report,
        guards=(checks.OftenEnough(), checks.EvidenceShown(), checks.NotAhead()),
        do=steps.report,
        then=notices.moved,
    ),
    Step(
        name="verify",
        label=_("Find it in order"),
        source=("reported",),
        target=("verified",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Verify,
        guards=(checks.NotReporter(),),
        do=steps.verify,
        then=notices.moved,
    ),
    Step(
        name="return",
        label=_("Return it to be mended"),
        source=("reported",),
        target=("returned",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Return,
        do=steps.give_back,
        then=notices.moved,
        consequence=_("The unit must mend it and report again; its day stays."),
    ),
    Step(
        name="close",
        label=_("Close the task"),
        source=("verified",),
        target=("done",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Verify,
        do=steps.verify,
        then=notices.moved,
        consequence=_("The task is done. This is final."),
    ),
    Step(
        name="comb",
        label=_("Note of the week"),
        source=OPEN,
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Comb,
        do=steps.comb,
        listed=False,
    ),
    Step(
        name="change_due",
        label=_("Change the day"),
        source=("assigned", *WORKING),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.ChangeDue,
        do=steps.change_due,
        then=notices.moved,
        listed=False,
    ),
    Step(
        name="withdraw",
        label=_("Call off"),
        source=OPEN,
        target=("withdrawn",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Withdraw,
        do=steps.withdraw,
        then=notices.moved,
        listed=False,
        consequence=_("Nobody need do it any more. This is final."),
    ),
    *climbing_steps(OPEN, notices.climbed),
)


def _place(task: DirectiveTask) -> dict[str, Any]:
    return {"region": task.region, "industry_bit": None, "enterprise_id": None}


DIRECTIVE_TASK = Flow(
    name="directive_task",
    label=_("Directive's task"),
    model="directives.DirectiveTask",
    states=STATES,
    steps=STEPS,
    due=rulings.due,
    ladder=rulings.ladder,
    place=_place,
)
