"""A case of penalty from filing to its close; its notice and decision move it when they are served."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.enforcement import case_steps, checks, notices, rules, rulings
from anlan.enforcement.models import Case
from anlan.enforcement.states import CASE_STATES
from anlan.kernel.flow import Flow, Step
from anlan.kernel.flow.clock_steps import climbing_steps, is_clock

LAW = "《中华人民共和国行政处罚法》（2021）"
OFFICERS = _("an official of the issuing side")
OTHERS = _("an official of the issuing side who did not open it")
UNDECIDED = ("investigated", "notified")

STEPS = (
    Step(
        name="open_case",
        label=_("File a case"),
        source=(),
        target=("investigated",),
        by=rules.may_open_case,
        who=OFFICERS,
        needs=case_steps.OpenCase,
        do=case_steps.open_case,
        basis=f"{LAW}第五十四条：立案",
    ),
    Step(
        name="served",
        label=_("Instrument of the case served"),
        source=(*UNDECIDED, "decided"),
        target=(*UNDECIDED, "decided"),
        by=is_clock,
        who=_("the platform"),
        needs=case_steps.Heard,
        do=case_steps.served,
        then=notices.case_moved,
        quiet=True,
    ),
    Step(
        name="ask_hearing",
        label=_("Hearing asked for"),
        source=UNDECIDED,
        by=is_clock,
        who=_("the platform, when the addressee asks for it"),
        needs=case_steps.Heard,
        do=case_steps.ask_hearing,
        then=notices.case_moved,
        quiet=True,
    ),
    Step(
        name="hear",
        label=_("Record the hearing"),
        source=("notified",),
        by=rules.may_write,
        who=OFFICERS,
        needs=case_steps.Hearing,
        guards=(checks.HearingAsked(),),
        do=case_steps.hear,
        basis=f"{LAW}第六十四条",
    ),
    Step(
        name="extend",
        label=_("Extend the time to decide"),
        source=UNDECIDED,
        by=rules.may_approve,
        who=OTHERS,
        needs=case_steps.Extend,
        guards=(checks.NotOpener(),),
        do=case_steps.extend,
        listed=False,
        basis=f"{LAW}第六十条",
    ),
    Step(
        name="perform",
        label=_("Record performance"),
        source=("decided",),
        target=("performed",),
        by=rules.may_write,
        who=OFFICERS,
        needs=case_steps.Perform,
        do=case_steps.perform,
        basis=f"{LAW}第七十二条",
        consequence=_("Fine and surcharge must be in as they are owed on that day."),
    ),
    Step(
        name="close",
        label=_("Close the case"),
        source=("performed",),
        target=("closed",),
        by=rules.may_approve,
        who=OTHERS,
        needs=case_steps.End,
        guards=(checks.NotOpener(), checks.NothingUnderWay()),
        do=case_steps.end,
        then=notices.case_over,
    ),
    Step(
        name="drop",
        label=_("Drop without penalty"),
        source=UNDECIDED,
        target=("dropped",),
        by=rules.may_approve,
        who=OTHERS,
        needs=case_steps.End,
        guards=(checks.NotOpener(), checks.NothingUnderWay()),
        do=case_steps.end,
        then=notices.case_over,
        listed=False,
        basis=f"{LAW}第五十七条",
    ),
    *climbing_steps((*UNDECIDED, "decided", "performed"), notices.case_climbed),
)


def _place(case: Case) -> dict[str, Any]:
    return {"region": case.region, "industry_bit": case.industry_bit, "enterprise_id": None}


CASE = Flow(
    name="penalty_case",
    label=pgettext_lazy("penalty", "Case"),
    model="enforcement.Case",
    states=CASE_STATES,
    steps=STEPS,
    due=rulings.case_due,
    ladder=rulings.case_ladder,
    place=_place,
)
