"""A bulletin's whole life in one table."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.bulletins import checks, needs, notices, rules, steps
from anlan.bulletins.models import Bulletin
from anlan.bulletins.states import STATES
from anlan.kernel.flow import Flow, Step
from anlan.kernel.flow.clock_steps import is_clock

QUARTERLY = "每月上报一次进展、每季度通报一次推进情况、年度进行总结考核（市安委会全会要求）"
LAYOUT = "《党政机关公文处理工作条例》（中办发〔2012〕14号）"
OFFICE = _("the committee office of the campaign's territory")
OTHER = _("somebody of the office who did not write in it")

STEPS = (
    Step(
        name="draft",
        label=_("Draft a bulletin"),
        source=(),
        target=("drafted",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Draft,
        do=steps.draft,
        basis=QUARTERLY,
    ),
    Step(
        name="write",
        label=_("Write a section"),
        source=("drafted",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Write,
        do=steps.write,
        listed=False,
    ),
    Step(
        name="retitle",
        label=_("Change title and addressees"),
        source=("drafted",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Retitle,
        do=steps.retitle,
        listed=False,
    ),
    Step(
        name="state_figure",
        label=_("Type a figure by hand"),
        source=("drafted",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.StateFigure,
        do=steps.state_figure,
        listed=False,
        consequence=_("The figure is marked as typed by hand, with your reason; what was computed is kept beside it."),
    ),
    Step(
        name="refresh",
        label=_("Compute the figures anew"),
        source=("drafted",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Refresh,
        do=steps.refresh,
        listed=False,
        consequence=_("Figures in the text change with it; the page then shows which ones changed."),
    ),
    Step(
        name="remark",
        label=_("Give a remark"),
        source=("drafted", "reviewed"),
        by=rules.sends_back,
        who=_("the committee office, or whoever is asked to approve"),
        needs=needs.Remark,
        do=steps.remark,
        then=notices.remarked,
        listed=False,
    ),
    Step(
        name="review",
        label=pgettext_lazy("bulletin", "Pass the review"),
        source=("drafted",),
        target=("reviewed",),
        by=rules.is_office,
        who=OTHER,
        needs=needs.Review,
        guards=(checks.NotWriter(), checks.NoOpenRemarks(), checks.SaysSomething(), checks.NamesWhatIsKnown()),
        do=steps.review,
        then=notices.moved,
        basis=LAYOUT,
    ),
    Step(
        name="send_back",
        label=pgettext_lazy("bulletin", "Send back"),
        source=("reviewed", "approved"),
        target=("drafted",),
        by=rules.sends_back,
        who=_("the committee office, or whoever is asked to approve"),
        needs=needs.SendBack,
        do=steps.send_back,
        then=notices.sent_back,
        consequence=_("It can be written in again, and is reviewed and approved anew."),
    ),
    Step(
        name="approve",
        label=pgettext_lazy("bulletin", "Approve"),
        source=("reviewed",),
        target=("approved",),
        by=rules.approves,
        who=_("whoever the reviewer asked, or somebody of the office who neither wrote nor reviewed it"),
        needs=needs.Approve,
        guards=(checks.NotWriter(), checks.NotReviewer(), checks.NoOpenRemarks()),
        do=steps.approve,
        then=notices.moved,
        basis=LAYOUT,
    ),
    Step(
        name="issue",
        label=pgettext_lazy("bulletin", "Issue"),
        source=("approved",),
        target=("issued",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Issue,
        do=steps.issue,
        then=notices.issued,
        basis=LAYOUT,
        consequence=_(
            "It is given its number, everybody concerned is told, and from then on neither its text nor the rows behind its"
            " figures change. What is wrong then is put right by a new bulletin."
        ),
    ),
    Step(
        name="withdraw",
        label=pgettext_lazy("bulletin", "Withdrawn by another bulletin"),
        source=("issued",),
        target=("withdrawn",),
        by=is_clock,
        who=_("the platform"),
        then=notices.moved,
        quiet=True,
    ),
    Step(
        name="discard",
        label=pgettext_lazy("bulletin", "Discard"),
        source=("drafted",),
        target=("discarded",),
        by=rules.is_office,
        who=OFFICE,
        needs=needs.Discard,
        do=steps.discard,
        then=notices.moved,
        listed=False,
        consequence=_("The draft is given up for good."),
    ),
)


def _place(record: Bulletin) -> dict[str, Any]:
    return {"region": record.region, "industry_bit": None, "enterprise_id": None}


BULLETIN = Flow(
    name="bulletin",
    label=_("Bulletin"),
    model="bulletins.Bulletin",
    states=STATES,
    steps=STEPS,
    place=_place,
)
