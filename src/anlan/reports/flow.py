"""A citizen's report from end to end in one table. Days are working days; limits and ladders are data (`rulings.py`)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.flow import Flow, Step
from anlan.kernel.flow.clock_steps import THE_CLOCK, Level, climbing_steps, is_clock
from anlan.reports import checks, needs, notices, rules, rulings
from anlan.reports.models import Report
from anlan.reports.sorting.holds import HOLD_BACK
from anlan.reports.states import ALL, OPEN, STATES, UNSENT
from anlan.reports.steps import answering, looking, sorting_out, submitting

SAFETY_LAW = "《安全生产法》（2021）"
REPLY = f"{SAFETY_LAW}第七十三条"
DESK = _("the dispatcher or the committee office")
UNIT = _("the regulator or inspector of the unit it was sent to")
OFFICE = _("the committee office")
REPORTER = _("whoever reported it")

STEPS = (
    Step(
        name="submit",
        label=pgettext_lazy("report", "Report"),
        source=(),
        target=("submitted",),
        by=rules.may_submit,
        who=_("citizens; the desk for whoever calls or writes"),
        needs=needs.Submit,
        do=submitting.submit,
        then=notices.came_in,
        basis=f"{SAFETY_LAW}第七十四条",
        consequence=_("Who reports is sealed apart from what is reported."),
    ),
    Step(
        name="screen",
        label=pgettext_lazy("report", "Accept"),
        source=("submitted",),
        target=("screened",),
        by=rules.is_desk,
        who=DESK,
        needs=needs.Screen,
        do=sorting_out.screen,
        then=notices.done,
        consequence=_("The reporter sees that it was taken up; the plaza shows the public version."),
    ),
    Step(
        name="dispatch",
        label=pgettext_lazy("report", "Send to a unit"),
        source=UNSENT,
        target=("dispatched",),
        by=rules.is_desk | rules.is_system,
        who=DESK,
        needs=needs.Dispatch,
        guards=(checks.NotHeld(),),
        do=sorting_out.dispatch,
        then=notices.moved,
        consequence=_("The unit's people see it and must look on the spot; the clock starts."),
    ),
    Step(
        name="send_back",
        label=pgettext_lazy("report", "Send back"),
        source=("dispatched",),
        target=("returned",),
        by=rules.is_unit,
        who=UNIT,
        needs=needs.SendBack,
        guards=(checks.ReturnsLeft(),),
        do=sorting_out.send_back,
        then=notices.moved,
        listed=False,
        consequence=_("It returns to the desk; who sent it back and why stays visible."),
    ),
    Step(
        name="verify",
        label=pgettext_lazy("report", "Found true"),
        source=("dispatched",),
        target=("verified",),
        by=rules.is_unit,
        who=UNIT,
        needs=needs.Verify,
        do=looking.verify,
        then=notices.done,
        basis=REPLY,
        consequence=_("It becomes a hazard at once, found by you."),
    ),
    Step(
        name="unfounded",
        label=pgettext_lazy("report", "Found unfounded"),
        source=("dispatched",),
        target=("handled",),
        by=rules.is_unit,
        who=UNIT,
        needs=needs.Unfounded,
        do=looking.unfounded,
        then=notices.handled,
        basis=REPLY,
        consequence=_("The reporter reads your reason after the office reviewed it."),
    ),
    Step(
        name="duplicate",
        label=pgettext_lazy("report", "Same as another"),
        source=(*UNSENT, "dispatched"),
        target=("handled",),
        by=rules.is_desk | rules.is_unit,
        who=_("the desk, or the unit it was sent to"),
        needs=needs.Duplicate,
        do=sorting_out.duplicate,
        then=notices.handled,
        listed=False,
        consequence=_(
            "It follows the other report and is answered with it; what came in after that answer is reviewed by the office."
        ),
    ),
    Step(
        name="decline",
        label=pgettext_lazy("report", "Decline"),
        source=UNSENT,
        target=("handled",),
        by=rules.is_desk,
        who=DESK,
        needs=needs.Decline,
        do=sorting_out.decline,
        then=notices.handled,
        listed=False,
        consequence=_("It is no matter of work safety; the reporter reads why."),
    ),
    Step(
        name="handle",
        label=pgettext_lazy("report", "Settled"),
        source=("verified",),
        target=("handled",),
        by=rules.is_system,
        who=_("the platform, when its hazard is settled"),
        needs=needs.Handle,
        do=looking.handle,
        then=notices.handled,
        quiet=True,
    ),
    Step(
        name="tie",
        label=pgettext_lazy("report", "Goes on with another hazard"),
        source=("verified",),
        by=rules.is_system,
        who=_("the platform, when its hazard is merged"),
        needs=needs.Tie,
        do=looking.tie,
        quiet=True,
    ),
    Step(
        name="hear",
        label=pgettext_lazy("report", "News of its hazard"),
        source=ALL,
        by=rules.is_system,
        who=_("the platform, when its hazard comes back"),
        needs=needs.Hear,
        quiet=True,
    ),
    Step(
        name="come_back",
        label=pgettext_lazy("report", "Its hazard came back"),
        source=("handled",),
        target=("verified",),
        by=rules.is_system,
        who=_("the platform, when its hazard comes back"),
        needs=needs.Hear,
        do=looking.come_back,
        then=notices.moved,
        quiet=True,
    ),
    Step(
        name="send_again",
        label=pgettext_lazy("report", "Not settled: once more"),
        source=("handled",),
        target=("dispatched", "screened"),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.SendAgain,
        do=looking.send_again,
        then=notices.moved,
        listed=False,
        consequence=_(
            "The unit looks once more; what no unit looked at goes back to the desk. The reporter is not told yet."
        ),
    ),
    Step(
        name="review",
        label=pgettext_lazy("report", "Review and answer"),
        source=("handled",),
        target=("reviewed",),
        by=rules.is_office | rules.is_system,
        who=_("the committee office, not whoever looked on the spot, declined or merged it"),
        needs=needs.Review,
        guards=(checks.NotChecker(),),
        do=answering.review,
        then=notices.done,
        basis=REPLY,
        consequence=_("The answer leaves at once, and the plaza shows it: no names in it. A reward may be proposed."),
    ),
    Step(
        name="answer",
        label=pgettext_lazy("report", "Answered"),
        source=("reviewed",),
        target=("answered",),
        by=is_clock,
        who=THE_CLOCK,
        needs=Level,
        do=answering.answer,
        then=notices.answered,
        clock=True,
    ),
    Step(
        name="contest",
        label=pgettext_lazy("report", "Contest the answer"),
        source=("answered",),
        target=("screened",),
        by=rules.is_reporter,
        who=REPORTER,
        needs=needs.Contest,
        guards=(checks.ContestedOnce(), checks.StillTimeToContest()),
        do=answering.contest,
        then=notices.moved,
        listed=False,
        consequence=_("The desk looks again, on its own if it followed another report. An answer is contested once."),
    ),
    Step(
        name="rate",
        label=pgettext_lazy("report", "Rate the answer"),
        source=("answered",),
        by=rules.is_reporter,
        who=REPORTER,
        needs=needs.Rate,
        guards=(checks.NotRated(),),
        do=answering.rate,
        listed=False,
    ),
    Step(
        name="join",
        label=pgettext_lazy("report", "Seen by another"),
        source=OPEN,
        by=rules.is_citizen,
        who=_("citizens"),
        needs=needs.Join,
        guards=(checks.NotMerged(),),
        do=answering.join,
        quiet=True,
    ),
    Step(
        name="edit_public",
        label=_("Edit the public version"),
        source=ALL,
        by=rules.is_desk,
        who=DESK,
        needs=needs.EditPublic,
        do=sorting_out.edit_public,
        listed=False,
        consequence=_("The plaza shows this version; what the citizen sent stays as it was."),
    ),
    Step(
        name="open_seal",
        label=_("Open the seal"),
        source=ALL,
        by=rules.may_open_seal,
        who=_("the posts that the city names"),
        needs=needs.OpenSeal,
        do=answering.open_seal,
        quiet=True,
        consequence=_("Your name and reason are kept in the ledger for ever."),
    ),
    HOLD_BACK,
    Step(
        name="anonymise",
        label=_("Forget who reported"),
        source=("answered",),
        by=is_clock,
        who=THE_CLOCK,
        do=answering.anonymise,
        clock=True,
    ),
    *climbing_steps(OPEN[:-1], notices.climbed),
)


def _place(report: Report) -> dict[str, Any]:
    """
    Entries of what is not sent yet, or lies in no field, lie nowhere: only whoever sees the report reads them. In a region
    and no field they would be every administrator's and auditor's of the region.
    """
    if report.unit_id is None or report.industry_bit is None:
        return {"region": None, "industry_bit": None, "enterprise_id": None}
    return {"region": report.region, "industry_bit": report.industry_bit, "enterprise_id": None}


REPORT = Flow(
    name="report",
    label=pgettext_lazy("flow", "Citizen's report"),
    model="reports.Report",
    states=STATES,
    steps=STEPS,
    due=rulings.due,
    ladder=rulings.ladder,
    place=_place,
)
