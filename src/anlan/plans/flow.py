"""The whole life of a plan's item in one table; what it shares with every given task stands in `kernel.flow.given`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.flow import Flow, Step
from anlan.kernel.flow.clock_steps import climbing_steps
from anlan.kernel.flow.given import WORKING, Given, NotAhead
from anlan.plans import checks, needs, notices, rules, rulings, steps
from anlan.plans.models import PlanItem
from anlan.plans.states import OPEN, STATES

OFFICE = _("the committee office that gave the item")
KEEPER = _("the committee office that keeps the plan")
UNIT = _("a post of the responsible unit")

STEPS = (
    Step(
        name="plan",
        label=_("Take into the plan"),
        source=(),
        target=("planned",),
        by=rules.is_keeper,
        who=KEEPER,
        needs=needs.Plan,
        then=notices.planned,
    ),
    Step(
        name="match",
        label=_("Match the unit"),
        source=("planned",),
        by=rules.is_keeper,
        who=KEEPER,
        needs=needs.Match,
        do=steps.match,
        then=notices.planned,
        listed=False,
    ),
    Step(
        name="rewrite",
        label=_("Write anew"),
        source=("planned", *OPEN),
        by=rules.is_keeper,
        who=KEEPER,
        needs=needs.Rewrite,
        do=steps.rewrite,
        quiet=True,
    ),
    Step(
        name="assign",
        label=_("Assign"),
        source=("planned",),
        target=("assigned",),
        by=rules.is_keeper,
        who=KEEPER,
        guards=(checks.UnitKnown(),),
        then=notices.moved,
        quiet=True,
    ),
    *Given(
        is_office=rules.is_office,
        is_unit=rules.is_unit,
        office=OFFICE,
        unit=UNIT,
        report=steps.report,
        report_needs=needs.ReportDone,
        report_guards=(checks.EvidenceShown(), NotAhead()),
        do_reassign=steps.reassign,
        do_change_due=steps.change_due,
        moved=notices.moved,
        open=("planned", *OPEN),
        close_words=_("The item is done. This is final."),
    ).steps(),
    Step(
        name="progress",
        label=_("Report progress"),
        source=WORKING,
        by=rules.is_unit,
        who=UNIT,
        needs=needs.Progress,
        do=steps.progress,
        then=notices.planned,
    ),
    Step(
        name="transfer",
        label=_("Give to another unit"),
        source=("assigned", *WORKING),
        target=("assigned",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Transfer,
        do=steps.transfer,
        then=notices.moved,
        listed=False,
        consequence=_("The other unit signs for it anew; what has been reached stays."),
    ),
    *climbing_steps(OPEN, notices.climbed),
)


def _place(item: PlanItem) -> dict[str, Any]:
    return {"region": item.region, "industry_bit": None, "enterprise_id": None}


PLAN_ITEM = Flow(
    name="plan_item",
    label=_("Plan's item"),
    model="plans.PlanItem",
    states=STATES,
    steps=STEPS,
    due=rulings.due,
    ladder=rulings.ladder,
    place=_place,
    untracked=frozenset({"id", "version", "state", "clock", "order"}),
)
