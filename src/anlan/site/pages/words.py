"""Words the site's pages share: time left in working days, and what an entry of the ledger is called."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from anlan.kernel import clock
from anlan.kernel.flow.declare import flows
from anlan.kernel.phrases import left_words
from anlan.risks.wording import STEPS as RISK_STEPS


def due_view(due: datetime | None, *, since: datetime | None = None, label: str = "") -> dict[str, Any] | None:
    """As the time-left component takes it."""
    if due is None:
        return None
    return {"label": label, "due_at": due, "started_at": since, "overdue": due < clock.now(), "words": left_words(due)}


SUBJECTS = {
    "person": gettext_noop("Person"),
    "post": gettext_noop("Post"),
    "organisation": gettext_noop("Organisation"),
    "regions": gettext_noop("Regions"),
    "enterprise": gettext_noop("Enterprise"),
    "site": gettext_noop("Site"),
    "criteria": gettext_noop("Criteria"),
    "import": gettext_noop("Import"),
    "setting": gettext_noop("Setting"),
    "calendar": gettext_noop("Calendar"),
    "evidence": gettext_noop("Evidence bundle"),
    "token": gettext_noop("Access token"),
    "demo": gettext_noop("Demonstration"),
    "risk_point": gettext_noop("Risk point"),
    "self_check": gettext_noop("Own check"),
    "self_check_plan": gettext_noop("Cycle of own checks"),
    "worker_report": gettext_noop("Worker's report"),
    "visit_grounds": gettext_noop("Grounds of a visit"),
    "law": gettext_noop("Law"),
    "checklist": gettext_noop("Checklist"),
    "draw": gettext_noop("Random draw"),
    "duty": gettext_noop("Duty"),
    "duty_card": gettext_noop("Duty card"),
    "expert": gettext_noop("Expert"),
    "expertgroup": gettext_noop("Expert group"),
    "certificate": gettext_noop("Certificate"),
    "avoidance": gettext_noop("Avoidance"),
    "report_rule": gettext_noop("Routing rule"),
    "learnt": gettext_noop("What was learnt"),
    "reward": gettext_noop("Reward"),
    "reward_budget": gettext_noop("Budget of rewards"),
    "reward_rule": gettext_noop("Rule of rewards"),
    "reconciliation": gettext_noop("Reconciliation"),
    "campaign": gettext_noop("Campaign"),
    "directive": gettext_noop("Document from above"),
    "digest": gettext_noop("Weekly digest"),
    "organ": gettext_noop("Issuing organ"),
    "assessment": gettext_noop("Yearly assessment"),
    "assessment_round": gettext_noop("Round of assessments"),
    "score_card": gettext_noop("Score card"),
    "plan": gettext_noop("Campaign plan"),
    "sub_plan": gettext_noop("Sub-plan"),
}
STEPS = {
    "open_plan": gettext_noop("Plan opened"),
    "put_line": gettext_noop("Line of the plan written"),
    "put_sub_plan": gettext_noop("Sub-plan written"),
    "load_lines": gettext_noop("Lines of the plan loaded"),
    "load_sub_plans": gettext_noop("Sub-plans loaded"),
    "publish_plan": gettext_noop("Plan published"),
    "attach_documents": gettext_noop("Documents added"),
    "set_organ": gettext_noop("Issuing organ entered"),
    "open_account": gettext_noop("Account opened"),
    "register_person": gettext_noop("Person registered"),
    "edit_account": gettext_noop("Account changed"),
    "give_post": gettext_noop("Post given"),
    "end_post": gettext_noop("Post ended"),
    "reset_password": gettext_noop("Password reset"),
    "reset_second_factor": gettext_noop("Second factor reset"),
    "unlock": gettext_noop("Account unlocked"),
    "deactivate": gettext_noop("Account closed"),
    "reactivate": gettext_noop("Account opened again"),
    "end_sessions": gettext_noop("Sessions ended"),
    "revoke_tokens_of": gettext_noop("Tokens revoked"),
    "issue_token": gettext_noop("Token issued"),
    "revoke_token": gettext_noop("Token revoked"),
    "create_organisation": gettext_noop("Organisation created"),
    "register_organisation": gettext_noop("Organisation registered"),
    "edit_organisation": gettext_noop("Organisation changed"),
    "load_regions": gettext_noop("Regions loaded"),
    "register_enterprise": gettext_noop("Enterprise registered"),
    "edit_enterprise": gettext_noop("Enterprise changed"),
    "follow_enterprise": gettext_noop("Moved along with its enterprise or site"),
    "close_enterprise": gettext_noop("Enterprise closed"),
    "add_site": gettext_noop("Site added"),
    "edit_site": gettext_noop("Site changed"),
    "load_criteria": gettext_noop("Criteria loaded"),
    "load_import": gettext_noop("Workbook loaded"),
    "change_setting": gettext_noop("Setting changed"),
    "put_back_setting": gettext_noop("Setting put back"),
    "set_year": gettext_noop("Year of the calendar set"),
    "remove_year": gettext_noop("Year of the calendar removed"),
    "set_day": gettext_noop("Day of the calendar set"),
    "remove_day": gettext_noop("Day of the calendar put back"),
    "finish_demo": gettext_noop("Demonstration city built"),
    "export_evidence": gettext_noop("Evidence exported"),
    "begin_plan": gettext_noop("Cycle begun"),
    "end_plan": gettext_noop("Cycle ended"),
    "do_check": gettext_noop("Check done"),
    "add_to_check": gettext_noop("Added to the check"),
    "excuse_check": gettext_noop("Reason given"),
    "miss_check": gettext_noop("Written down as missed"),
    "give_grounds": gettext_noop("Grounds of a visit given"),
    "load_law": gettext_noop("Law loaded"),
    "create_checklist": gettext_noop("Checklist created"),
    "edit_checklist": gettext_noop("Checklist changed"),
    "announce_draw": gettext_noop("Draw announced"),
    "hold_draw": gettext_noop("Draw held"),
    "give_duty": gettext_noop("Duty given"),
    "change_duty": gettext_noop("Duty changed"),
    "end_duty": gettext_noop("Duty ended"),
    "hand_over": gettext_noop("Duties handed over"),
    "add_card": gettext_noop("Card drawn up"),
    "change_card": gettext_noop("Card changed"),
    "acknowledge": gettext_noop("Card acknowledged"),
    "end_card": gettext_noop("Card taken out"),
    "add_expert": gettext_noop("Expert added"),
    "edit_expert": gettext_noop("Expert changed"),
    "add_group": gettext_noop("Group formed"),
    "edit_group": gettext_noop("Group changed"),
    "note_absence": gettext_noop("Absence noted"),
    "end_absence": gettext_noop("Absence taken back"),
    "add_certificate": gettext_noop("Certificate registered"),
    "end_certificate": gettext_noop("Certificate ended"),
    "declare_avoidance": gettext_noop("Avoidance declared"),
    "end_avoidance": gettext_noop("Avoidance ended"),
    "file_report": gettext_noop("Reported on the spot"),
    "settle_report": gettext_noop("Report settled"),
    "add_rule": gettext_noop("Routing rule added"),
    "change_rule": gettext_noop("Routing rule changed"),
    "move_rule": gettext_noop("Routing rule moved"),
    "make_room": gettext_noop("Made room for a moved rule"),
    "switch_rule": gettext_noop("Routing rule switched on or off"),
    "learn": gettext_noop("Learnt from settled reports"),
    "set_budget": gettext_noop("Budget set"),
    "load_reward_rule": gettext_noop("Rule of rewards loaded"),
    "reconcile": gettext_noop("Payments compared"),
    "register_directive": gettext_noop("Document registered"),
    "accepted_proposal": gettext_noop("Proposal accepted"),
    "mended_proposal": gettext_noop("Proposal mended and accepted"),
    "refused_proposal": gettext_noop("Proposal refused"),
    "added_proposal": gettext_noop("Task added by hand"),
    "end_recurrence": gettext_noop("Recurring duty ended"),
    "skip_period": gettext_noop("Period left out"),
    "issue_digest": gettext_noop("Weekly digest issued"),
    "open_campaign": gettext_noop("Campaign opened"),
    "publish_score_card": gettext_noop("Score card published"),
    "open_assessment": gettext_noop("Year's assessment opened"),
    "publish_assessment": gettext_noop("Results of the year published"),
    "publish_template": gettext_noop("Template of returns published"),
    "enrol": gettext_noop("Unit entered for returns"),
}


def subject_label(kind: str) -> str:
    if kind in flows:
        return str(flows[kind].label)
    return _(SUBJECTS[kind]) if kind in SUBJECTS else kind


def step_label(kind: str, step: str) -> str:
    """The step's declared words; an unknown one by its code."""
    if kind in flows and flows[kind].has(step):
        return str(flows[kind].step(step).label)
    if kind == "risk_point" and step in RISK_STEPS:
        return str(RISK_STEPS[step])
    return _(STEPS[step]) if step in STEPS else step.replace("_", " ")
