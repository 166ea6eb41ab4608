"""The whole life of a directive's task in one table; what it shares with every given task stands in `kernel.flow.given`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.directives import checks, needs, notices, rules, rulings, steps
from anlan.directives.models import DirectiveTask
from anlan.directives.states import OPEN, STATES, WORKING
from anlan.kernel.flow import Flow, Step
from anlan.kernel.flow.clock_steps import climbing_steps
from anlan.kernel.flow.given import Given, NotAhead

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
    *Given(
        is_office=rules.is_office,
        is_unit=rules.is_unit,
        office=OFFICE,
        unit=UNIT,
        heard=steps.heard,
        report=steps.report,
        report_guards=(checks.OftenEnough(), checks.EvidenceShown(), NotAhead()),
        do_reassign=steps.reassign,
        moved=notices.moved,
        open=OPEN,
        close_words=_("The task is done. This is final."),
    ).steps(),
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
        name="comb",
        label=_("Note of the week"),
        source=OPEN,
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Comb,
        do=steps.comb,
        listed=False,
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
