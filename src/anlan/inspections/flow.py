"""A visit's whole life in one table: from plan to filed record. Days are working days; limits and ladders are data (`rulings.py`)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.inspections import checks, needs, notices, rules, rulings
from anlan.inspections.models import Visit
from anlan.inspections.states import BEFORE, STATES
from anlan.inspections.steps import clock, going, planning, recording
from anlan.kernel.flow import Flow, Step

SAFETY_LAW = "《安全生产法》（2021）"
NAMED = ("assigned", "notified", "unannounced")
VISITORS = _("those who go on this visit")
PLANNERS = _("officials who plan visits in this territory and field")

STEPS = (
    Step(
        name="plan",
        label=_("Plan a visit"),
        source=(),
        target=("planned",),
        by=rules.may_plan,
        who=PLANNERS,
        needs=needs.Plan,
        do=planning.plan,
        basis=f"{SAFETY_LAW}第六十二条",
    ),
    Step(
        name="assign",
        label=_("Name who goes"),
        source=("planned",),
        target=("assigned",),
        by=rules.may_plan,
        who=PLANNERS,
        needs=needs.Assign,
        do=planning.assign,
        then=notices.assigned,
        consequence=_("They see the visit from now on and are told."),
    ),
    Step(
        name="reassign",
        label=_("Change who goes"),
        source=NAMED,
        by=rules.may_plan,
        who=PLANNERS,
        needs=needs.Reassign,
        do=planning.reassign,
        then=notices.assigned,
        listed=False,
    ),
    Step(
        name="join",
        label=_("Join this visit"),
        source=BEFORE,
        by=rules.may_plan,
        who=PLANNERS,
        needs=needs.Join,
        do=planning.join,
        then=notices.changed,
        basis=f"{rulings.STATE_COUNCIL_54}：综合查一次",
        listed=False,
        consequence=_("The enterprise is visited once, by both departments together."),
    ),
    Step(
        name="notify",
        label=_("Notify the enterprise"),
        source=("assigned",),
        target=("notified",),
        by=rules.may_plan | rules.is_visitor,
        who=PLANNERS,
        needs=needs.Notify,
        guards=(checks.Announced(),),
        do=planning.notify,
        then=notices.announced,
        consequence=_("The enterprise sees the visit from now on and is told."),
    ),
    Step(
        name="hold_back",
        label=_("Leave unannounced"),
        source=("assigned",),
        target=("unannounced",),
        by=rules.may_plan | rules.is_visitor,
        who=PLANNERS,
        needs=needs.HoldBack,
        guards=(checks.HeldBack(),),
        do=planning.hold_back,
        then=notices.done,
        consequence=_("The enterprise learns nothing before the arrival."),
    ),
    Step(
        name="reschedule",
        label=_("Change the day"),
        source=BEFORE,
        by=rules.may_plan,
        who=PLANNERS,
        needs=needs.Reschedule,
        do=planning.reschedule,
        then=notices.changed,
        listed=False,
    ),
    Step(
        name="arrive",
        label=_("Arrive"),
        source=("notified", "unannounced"),
        target=("under_way",),
        by=rules.is_visitor,
        who=VISITORS,
        needs=needs.Arrive,
        guards=(
            checks.ArrivedInTime(),
            checks.OnItsDays(),
            checks.CertificatesHold(),
            checks.NobodyKeepsAway(),
            checks.WithinCap(),
        ),
        do=going.arrive,
        then=notices.arrived,
        basis=f"{SAFETY_LAW}第六十五条",
        consequence=_("The visit begins; the enterprise sees it from now on."),
    ),
    Step(
        name="answer",
        label=_("Answer an item"),
        source=("under_way",),
        by=rules.is_visitor,
        who=VISITORS,
        needs=needs.Answer,
        do=going.answer,
        listed=False,
    ),
    Step(
        name="add_finding",
        label=_("Add a finding"),
        source=("under_way",),
        by=rules.is_visitor,
        who=VISITORS,
        needs=needs.AddFinding,
        do=going.add_finding,
        listed=False,
    ),
    Step(
        name="withdraw_finding",
        label=_("Take a finding back"),
        source=("under_way",),
        by=rules.is_visitor,
        who=VISITORS,
        needs=needs.WithdrawFinding,
        do=going.withdraw_finding,
        listed=False,
        consequence=_("It stays in the record as taken back, with the reason."),
    ),
    Step(
        name="on_site",
        label=_("Measure or training on site"),
        source=("under_way",),
        by=rules.is_visitor,
        who=VISITORS,
        needs=needs.OnSite,
        do=going.on_site,
        basis=f"{SAFETY_LAW}第六十五条",
        listed=False,
        consequence=_("It is printed in the record and cannot be taken back."),
    ),
    Step(
        name="record",
        label=_("Close the record"),
        source=("under_way",),
        target=("recorded",),
        by=rules.is_visitor,
        who=VISITORS,
        needs=needs.Record,
        do=recording.record,
        then=notices.recorded,
        basis=f"{SAFETY_LAW}第六十八条",
        consequence=_("Every finding becomes a hazard at once; both sides then sign exactly this record."),
    ),
    Step(
        name="sign",
        label=pgettext_lazy("visit", "Sign the record"),
        source=("recorded",),
        target=("recorded", "signed"),
        by=rules.is_visitor | rules.is_visited,
        who=_("those who go, and the enterprise"),
        needs=needs.Sign,
        do=recording.sign,
        then=notices.signed,
        basis=f"{SAFETY_LAW}第六十八条",
        consequence=_("The signature is bound to exactly this record and is never erased."),
    ),
    Step(
        name="reopen",
        label=_("Reopen the record"),
        source=("recorded",),
        target=("under_way",),
        by=rules.is_visitor,
        who=VISITORS,
        needs=needs.Reopen,
        guards=(checks.EnterpriseNotSigned(),),
        do=recording.reopen,
        then=notices.changed,
        listed=False,
        consequence=_("The record is open again; findings registered so far stay hazards."),
    ),
    Step(
        name="cancel",
        label=_("Cancel the visit"),
        source=(*BEFORE, "under_way"),
        target=("cancelled",),
        by=rules.may_plan | rules.is_leader,
        who=_("officials who plan visits here, or the visit's leader"),
        needs=needs.Cancel,
        guards=(checks.NothingFoundYet(),),
        do=planning.cancel,
        then=notices.changed,
        listed=False,
        consequence=_("This is final. It does not count against the yearly cap."),
    ),
    *(
        Step(
            name=name,
            label=label,
            source=source,
            target=target,
            by=rules.is_clock,
            who=_("the clock"),
            needs=needs.Level,
            do=do,
            then=told,
            clock=True,
        )
        for name, label, source, target, do, told in (
            ("file", _("File"), ("signed",), ("filed",), clock.file, None),
            ("remind", _("Reminder"), (*BEFORE, "under_way", "recorded"), (), clock.remind, notices.climbed),
            ("fall_due", _("Due"), (*BEFORE, "under_way", "recorded"), (), clock.fall_due, notices.climbed),
            ("escalate", _("Escalation"), (*BEFORE, "under_way", "recorded"), (), clock.escalate, notices.climbed),
        )
    ),
)


def _place(visit: Visit) -> dict[str, Any]:
    """The enterprise reads its entries from the moment it may know of the visit."""
    return {"region": visit.region, "industry_bit": visit.industry_bit, "enterprise_id": visit.known_to_id}


VISIT = Flow(
    name="visit",
    label=_("Visit"),
    model="inspections.Visit",
    states=STATES,
    steps=STEPS,
    due=rulings.due,
    ladder=rulings.ladder,
    place=_place,
)
