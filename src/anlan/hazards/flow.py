"""The hazard's whole life in one table. Days are working days; limits and ladders are data (`rulings.py`)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.hazards import checks, needs, notices, rules, rulings
from anlan.hazards.models import Hazard
from anlan.hazards.steps import clock, finding, rechecking, rectifying, signing
from anlan.kernel.flow import Flow, State, Step

OPEN = ("found", "dispatched", "disputed", "claimed", "rectifying", "rectified", "accepted")
UNSETTLED = ("dispatched", "disputed", "claimed", "rectifying", "rectified", "accepted")
SAFETY_LAW = "《安全生产法》（2021）"
ORDER_16 = "《安全生产事故隐患排查治理暂行规定》（总局令第16号，2008）"

STATES = (
    State(code="found", label=_("found"), shape="dot", tone="new", waits_for=_("the regulator to grade and dispatch")),
    State(code="dispatched", label=_("dispatched"), shape="arrow", tone="moving", waits_for=_("the required signatures")),
    State(code="disputed", label=_("disputed"), shape="cross", tone="attention", waits_for=_("arbitration")),
    State(code="claimed", label=_("claimed"), shape="pen", tone="moving", waits_for=_("the enterprise's plan")),
    State(code="rectifying", label=_("rectifying"), shape="half", tone="moving", waits_for=_("the enterprise to rectify")),
    State(code="rectified", label=_("rectified"), shape="ring", tone="moving", waits_for=_("the recheck")),
    State(code="accepted", label=_("accepted"), shape="tick", tone="done", waits_for=_("closing off")),
    State(code="closed", label=_("closed off"), shape="full", tone="done"),
    State(code="dismissed", label=_("dismissed"), shape="dash", tone="quiet", final=True),
    State(code="transferred", label=_("transferred"), shape="out", tone="quiet", final=True),
)

STEPS = (
    Step(
        name="register", label=_("Register"), source=(), target=("found",), by=rules.may_register,
        who=_("inspectors, experts, regulators of the territory, or the enterprise's own people"),
        needs=needs.Register, do=finding.register, then=notices.moved, basis=f"{SAFETY_LAW}第四十一条",
    ),
    Step(
        name="amend", label=_("Correct"), source=("found",), by=rules.is_finder | rules.is_regulator,
        who=_("the finder or the regulator"), needs=needs.Amend, do=finding.amend, listed=False,
        consequence=_("The words change; the old ones stay in the ledger."),
    ),
    Step(
        name="grade", label=_("Grade"), source=("found",), by=rules.is_finder | rules.is_regulator,
        who=_("the finder or the regulator"), needs=needs.Grade, do=finding.grade, basis=f"{SAFETY_LAW}第一百一十八条",
        consequence=_("A major hazard binds the enterprise to a full plan and two officers to its recheck."),
    ),
    Step(
        name="dispatch", label=_("Dispatch"), source=("found",), target=("dispatched",),
        by=rules.is_regulator | rules.is_office, who=_("the regulator or the committee office"), needs=needs.Dispatch,
        guards=(checks.Graded(),), do=finding.dispatch, then=notices.moved,
        consequence=_("The enterprise sees the hazard and must sign; the clock starts."),
    ),
    Step(
        name="dismiss", label=_("Dismiss"), source=("found",), target=("dismissed",), by=rules.is_regulator,
        who=_("the regulator"), needs=needs.Dismiss, do=finding.dismiss, listed=False,
        consequence=_("The finding is not recognised as a hazard. This is final."),
    ),
    Step(
        name="merge", label=_("Merge into another"), source=OPEN, target=("dismissed",), by=rules.is_regulator,
        who=_("the regulator"), needs=needs.Merge, do=finding.merge, listed=False,
        consequence=_("This hazard ends and points to the surviving one, which counts one recurrence more."),
    ),
    Step(
        name="absorb", label=_("Take in a duplicate"), source=OPEN, by=rules.is_regulator, who=_("the regulator"),
        needs=needs.Absorb, do=finding.absorb_other, quiet=True,
    ),
    Step(
        name="split", label=_("Split off a part"), source=OPEN, by=rules.is_regulator, who=_("the regulator"),
        needs=needs.Split, do=finding.split, listed=False,
        consequence=_("The part becomes a hazard of its own with its own number; this one goes on."),
    ),
    Step(
        name="join", label=_("Found again"), source=OPEN, by=rules.may_register,
        who=_("whoever may register a finding"), needs=needs.Join, do=finding.join, quiet=True,
    ),
    Step(
        name="sign", label=_("Sign and claim"), source=("dispatched",), target=("dispatched", "claimed"),
        by=rules.is_required_signer, who=_("those whose signature is required and still missing"), needs=needs.Sign,
        do=signing.sign, then=notices.moved,
        consequence=_("Your signature is bound to exactly this sheet and is never erased."),
    ),
    Step(
        name="refuse", label=_("Refuse to sign"), source=("dispatched",), target=("disputed",),
        by=rules.is_required_signer, who=_("those whose signature is required and still missing"), needs=needs.Refuse,
        do=signing.refuse, then=notices.moved, listed=False,
        consequence=_("Your refusal is recorded for good; the regulator above decides."),
    ),
    Step(
        name="arbitrate", label=_("Arbitrate"), source=("disputed",), target=("claimed", "dismissed", "dispatched"),
        by=rules.is_above_finder, who=_("a regulator or office above the finder"), needs=needs.Arbitrate,
        do=signing.arbitrate, then=notices.moved,
        consequence=_("Upheld, it counts as claimed; sent again, all signatures are asked anew."),
    ),
    Step(
        name="plan", label=_("File the plan"), source=("claimed",), target=("rectifying",), by=rules.is_responsible,
        who=_("the enterprise's principal or safety manager"), needs=needs.Plan, do=rectifying.plan,
        basis=f"{ORDER_16}第十五条", consequence=_("Work begins and the date you give becomes binding."),
    ),
    Step(
        name="list", label=_("List for supervision"), source=UNSETTLED, by=rules.is_office, who=_("the committee office"),
        needs=needs.List, guards=(checks.IsMajor(), checks.NotListed()), do=rectifying.list_hazard,
        then=notices.enterprise_told, listed=False,
        consequence=_("It is listed, published within the set days, and can only be closed after delisting."),
    ),
    Step(
        name="publish", label=_("Record publication"), source=UNSETTLED, by=rules.is_office, who=_("the committee office"),
        needs=needs.Publish, guards=(checks.Listed(), checks.NotPublished()), do=rectifying.publish, listed=False,
    ),
    Step(
        name="ask_extension", label=_("Ask for an extension"), source=("rectifying",), by=rules.is_principal,
        who=_("the enterprise's principal"), needs=needs.AskExtension,
        guards=(checks.NothingAsked(), checks.StillTimeToAsk()), do=rectifying.ask_extension,
        then=notices.extension_asked, listed=False, consequence=_("The present date binds until the regulator decides."),
    ),
    Step(
        name="decide_extension", label=_("Decide on the extension"), source=("rectifying",), by=rules.is_regulator,
        who=_("the regulator"), needs=needs.DecideExtension, guards=(checks.Asked(),), do=rectifying.decide_extension,
        then=notices.enterprise_told, listed=False, consequence=_("A granted date is added to the history of due dates."),
    ),
    Step(
        name="submit", label=_("Submit for recheck"), source=("rectifying",), target=("rectified",),
        by=rules.is_responsible, who=_("the enterprise's principal or safety manager"), needs=needs.Submit,
        guards=(checks.PlanSettled(),), do=rectifying.submit, then=notices.moved,
        consequence=_("You declare the hazard rectified; an officer comes to look."),
    ),
    Step(
        name="recheck", label=_("Recheck"), source=("rectified",), target=("accepted", "rectifying"),
        by=rules.is_inspector | rules.is_regulator, who=_("an inspector who did not rectify it"), needs=needs.Recheck,
        guards=(checks.NotSubmitter(),), do=rechecking.recheck, then=notices.moved, basis=f"{ORDER_16}第十八条",
        consequence=_("Passed, it waits only for closing off; failed, it goes back with a new date."),
    ),
    Step(
        name="delist", label=_("Delist"), source=("accepted",), by=rules.is_office, who=_("the committee office that listed it"),
        needs=needs.Delist, guards=(checks.Listed(),), do=rectifying.delist, then=notices.enterprise_told, listed=False,
    ),
    Step(
        name="close", label=_("Close off"), source=("accepted",), target=("closed",), by=rules.is_regulator,
        who=_("a regulator who neither rectified nor rechecked it"), needs=needs.Close,
        guards=(checks.NotRectifierNorRechecker(), checks.MajorNotFinder(), checks.Delisted()), do=rechecking.close,
        then=notices.enterprise_told, consequence=_("The loop is closed; a look back may reopen it."),
    ),
    Step(
        name="look_back", label=_("Look back"), source=("closed",), target=("closed", "rectifying"),
        by=rules.is_office | rules.is_inspector, who=_("the committee office or a supervision team"),
        needs=needs.LookBack, guards=(checks.NotCloser(),), do=rechecking.look_back, then=notices.moved, listed=False,
        consequence=_("A false closing reopens the hazard and is counted."),
    ),
    Step(
        name="stop_use", label=_("Stop use on site"), source=OPEN, by=rules.is_inspector,
        who=_("two inspectors on site"), needs=needs.StopUse, guards=(checks.NotStopped(),), do=rectifying.stop_use,
        then=notices.enterprise_told, basis=f"{SAFETY_LAW}第六十五条", listed=False,
        consequence=_("People leave or use stops at once, until the recheck is passed."),
    ),
    Step(
        name="transfer", label=_("Transfer"), source=OPEN, target=("transferred",), by=rules.is_regulator,
        who=_("the regulator"), needs=needs.Transfer, do=rectifying.transfer, listed=False,
        consequence=_("Another authority takes over; the loop here ends."),
    ),
    Step(
        name="add_evidence", label=_("Add evidence"), source=(*OPEN, "closed"), by=rules.takes_part,
        who=_("those who take part in this hazard"), needs=needs.AddEvidence, do=rectifying.add_evidence, listed=False,
    ),
    Step(
        name="remind", label=_("Reminder"), source=OPEN, by=rules.is_clock, who=_("the clock"), needs=needs.Level,
        do=clock.remind, then=notices.climbed, clock=True,
    ),
    Step(
        name="fall_due", label=_("Due"), source=OPEN, by=rules.is_clock, who=_("the clock"), needs=needs.Level,
        do=clock.fall_due, then=notices.climbed, clock=True,
    ),
    Step(
        name="escalate", label=_("Escalation"), source=OPEN, by=rules.is_clock, who=_("the clock"), needs=needs.Level,
        do=clock.escalate, then=notices.climbed, clock=True,
    ),
)


def _place(hazard: Hazard) -> dict[str, Any]:
    return {
        "region": hazard.region,
        "industry_bit": hazard.industry_bit,
        "enterprise_id": hazard.responsible_id,
    }


HAZARD = Flow(
    name="hazard",
    label=_("Hazard"),
    model="hazards.Hazard",
    states=STATES,
    steps=STEPS,
    due=rulings.due,
    ladder=rulings.ladder,
    place=_place,
)
