"""An assessment's whole life in one table. How its points come about is `scoring/computing.py`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.assessments import checks, needs, notices, rules, rulings, steps
from anlan.assessments.models import Assessment
from anlan.assessments.states import STATES
from anlan.kernel.flow import Flow, Step
from anlan.kernel.flow.clock_steps import climbing_steps

YEARLY = "每月上报、每季通报、年度考核（市安委会全会要求）"
UNIT = _("a post of the assessed unit")
OFFICE = _("the committee office of the territory that assesses")

STEPS = (
    Step(
        name="open",
        label=pgettext_lazy("assessment", "Open"),
        source=(),
        target=("opened",),
        by=rules.opens,
        who=OFFICE,
        needs=needs.Open,
        do=steps.opened,
        then=notices.moved,
        basis=YEARLY,
    ),
    Step(
        name="score",
        label=_("Score an item"),
        source=("opened",),
        by=rules.is_unit,
        who=UNIT,
        needs=needs.Score,
        do=steps.score,
        listed=False,
    ),
    Step(
        name="hand_in",
        label=_("Hand in the self-score"),
        source=("opened",),
        target=("self_scored",),
        by=rules.is_unit,
        who=UNIT,
        needs=needs.HandIn,
        guards=(checks.AllScored(),),
        do=steps.hand_in,
        then=notices.moved,
        consequence=_("The office checks it from then on; you cannot change it any more."),
    ),
    Step(
        name="go_on",
        label=_("Go on without a self-score"),
        source=("opened",),
        target=("self_scored",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.GoOn,
        guards=(checks.SelfScoreIsOver(),),
        do=steps.go_on,
        then=notices.moved,
        consequence=_("That the unit did not score itself in time stays written."),
    ),
    Step(
        name="examine",
        label=_("Check an item"),
        source=("self_scored",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Examine,
        guards=(checks.NotSelfScorer(),),
        do=steps.examine,
        listed=False,
    ),
    Step(
        name="mark",
        label=_("Enter a case"),
        source=("self_scored",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Mark,
        guards=(checks.NotSelfScorer(),),
        do=steps.mark,
        listed=False,
        consequence=_("It changes the points as the card says; the unit reads it with the result."),
    ),
    Step(
        name="strike",
        label=_("Strike a case out"),
        source=("self_scored",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Strike,
        guards=(checks.NotSelfScorer(),),
        do=steps.strike,
        listed=False,
    ),
    Step(
        name="check",
        label=_("Finish the check"),
        source=("self_scored",),
        target=("checked",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Check,
        guards=(checks.NotSelfScorer(), checks.TimeIsOver(), checks.AllChecked()),
        do=steps.check,
        then=notices.moved,
        consequence=_(
            "The platform's figures are counted now and frozen with a digest; the result is computed from them."
        ),
    ),
    Step(
        name="reopen",
        label=_("Check again"),
        source=("checked",),
        target=("self_scored",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Reopen,
        do=steps.reopen,
        then=notices.moved,
        listed=False,
        consequence=_("The frozen figures are given up and counted anew when the check is finished again."),
    ),
    Step(
        name="notify",
        label=_("Notify the unit"),
        source=("checked",),
        target=("notified",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Notify,
        do=steps.notify,
        then=notices.moved,
        consequence=_("The unit reads every line of its result, and its time to appeal begins."),
    ),
    Step(
        name="agree",
        label=_("No objection"),
        source=("notified",),
        by=rules.is_unit,
        who=UNIT,
        needs=needs.Agree,
        guards=(checks.NotOfTheOffice(), checks.NotAgreed()),
        do=steps.agree,
        listed=False,
        consequence=_("The unit can appeal no more."),
    ),
    Step(
        name="appeal",
        label=pgettext_lazy("assessment", "Appeal"),
        source=("notified",),
        target=("appealed",),
        by=rules.is_unit,
        who=UNIT,
        needs=needs.Appeal,
        guards=(checks.NotOfTheOffice(), checks.NotAgreed(), checks.AppealIsOpen()),
        do=steps.appeal,
        then=notices.moved,
        consequence=_("It can be done once. Somebody who did not check your scores decides."),
    ),
    Step(
        name="decide",
        label=pgettext_lazy("assessment", "Decide"),
        source=("notified", "appealed"),
        target=("decided",),
        by=rules.is_office,
        who=_("somebody of the committee office who did not check the scores"),
        needs=needs.Decide,
        guards=(checks.NotChecker(), checks.NotSelfScorer(), checks.HeardOrOver()),
        do=steps.decide,
        then=notices.done,
        consequence=_("The result is settled; it changes no more and waits for the publication of all."),
    ),
    Step(
        name="leave_out",
        label=_("Leave out"),
        source=("opened", "self_scored"),
        target=("left_out",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.LeaveOut,
        do=steps.leave_out,
        then=notices.done,
        listed=False,
        consequence=_("The unit is not assessed this year and has no place among the others. This is final."),
    ),
    Step(
        name="release",
        label=pgettext_lazy("assessment", "Publish"),
        source=("decided",),
        target=("published",),
        by=rules.publishes,
        who=OFFICE,
        needs=needs.Release,
        do=steps.release,
        then=notices.done,
        quiet=True,
    ),
    *climbing_steps(("opened", "self_scored", "notified", "appealed"), notices.climbed),
)


def _place(record: Assessment) -> dict[str, Any]:
    return {"region": record.region, "industry_bit": None, "enterprise_id": None}


ASSESSMENT = Flow(
    name="assessment",
    label=_("Yearly assessment"),
    model="assessments.Assessment",
    states=STATES,
    steps=STEPS,
    due=rulings.due,
    ladder=rulings.ladder,
    place=_place,
)
