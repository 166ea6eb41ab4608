"""The verbs of an enterprise's own checks: begin and end a cycle, do a check, excuse a missed one, write missed ones down."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from anlan.files.actions import link_files
from anlan.identity import roles
from anlan.inspections.events import FindingRecorded
from anlan.inspections.models import Finding, SelfCheck, SelfCheckPlan
from anlan.inspections.periods import MONTHLY, end_of, following, is_period, period_of
from anlan.inspections.self_check_needs import AddExcuse, BeginPlan, CheckFinding, DoCheck, EndPlan
from anlan.inspections.self_check_pairing import unfound
from anlan.inspections.self_check_rulings import done_at, late_until, owed
from anlan.kernel import clock
from anlan.kernel.actor import CLOCK, Actor
from anlan.kernel.errors import CalendarEnds, Conflict, Forbidden, Invalid, NotFound, NotNow
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.wording import parsed
from anlan.registry.events import STEP
from anlan.registry.models import Enterprise
from anlan.registry.rules import answers_for, keeps
from anlan.risks.models import Control, RiskPoint

SUBJECT, PLAN = "self_check", "self_check_plan"
FINDINGS_A_CHECK = 200


def _enterprise(enterprise: UUID, *, held: bool = False) -> Enterprise:
    """`held` until the transaction ends: a plan begun while it moves is begun where it is then."""
    rows = Enterprise.objects.select_for_update(of=("self",)) if held else Enterprise.objects.all()
    found = rows.filter(pk=enterprise).first()
    if found is None:
        raise NotFound
    return found


def _place(row: SelfCheck | SelfCheckPlan) -> dict[str, Any]:
    return {"region": row.region, "industry_bit": row.industry_bit, "enterprise_id": row.enterprise_id}


def _own_people(actor: Actor, enterprise: Enterprise) -> None:
    if not answers_for(actor, enterprise):
        raise Forbidden(_("Only the enterprise's own people may do this."), code="self_check.own")


# Plans


def begin_plan(*, actor: Actor, data: BeginPlan | dict[str, Any]) -> SelfCheckPlan:
    """A cycle is kept from a day on: by the enterprise's own people, or on the word of its regulator."""
    asked = parsed(BeginPlan, data)
    enterprise = _enterprise(asked.enterprise, held=True)
    if not (answers_for(actor, enterprise) or keeps(actor, enterprise)):
        raise Forbidden(_("Only the enterprise's own people and its regulator may do this."), code="self_check.plan")
    if enterprise.status == "closed":
        raise NotNow(_("The enterprise is closed."))
    if asked.begins_on < clock.today():
        raise Invalid(fields={"begins_on": [_("The date lies in the past.")]})
    plan = SelfCheckPlan(
        id=new_id(),
        enterprise=enterprise,
        region=enterprise.region,
        industry_bit=enterprise.industry_bit,
        cycle=asked.cycle,
        begins_on=asked.begins_on,
        holder_name=asked.holder_name,
        on_rest_days=asked.on_rest_days,
        settled_to=asked.begins_on - timedelta(days=1),
    )
    last = SelfCheckPlan.objects.filter(enterprise=enterprise, cycle=asked.cycle).order_by("-begins_on").first()
    if last is not None and last.ends_on is not None and last.ends_on >= asked.begins_on:
        raise Invalid(fields={"begins_on": [_("The cycle is kept until %(day)s already.") % {"day": last.ends_on}]})
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("This cycle is kept already."), code="self_check.running") from None
    write_note(
        actor=actor, subject_type=PLAN, subject_id=plan.pk, step="begin_plan",
        data=asked.model_dump(mode="json"), **_place(plan),
    )  # fmt: skip
    return plan


def end_plan(*, actor: Actor, plan: UUID, data: EndPlan | dict[str, Any]) -> SelfCheckPlan:
    """What was owed until its last day stays owed. The safety manager alone cannot end it."""
    asked = parsed(EndPlan, data)
    row = SelfCheckPlan.objects.select_for_update(of=("self",)).select_related("enterprise").filter(pk=plan).first()
    if row is None:
        raise NotFound
    principal = actor.role == roles.PRINCIPAL and answers_for(actor, row.enterprise)
    if not (principal or keeps(actor, row.enterprise)):
        raise Forbidden(_("Only the enterprise's principal and its regulator may do this."), code="self_check.plan")
    if row.ends_on is not None:
        raise Conflict(_("This cycle was ended already."), code="self_check.ended")
    if asked.ends_on < max(clock.today(), row.begins_on):
        raise Invalid(fields={"ends_on": [_("The date lies in the past.")]})
    row.ends_on = asked.ends_on
    row.save(update_fields=["ends_on"])
    write_note(
        actor=actor, subject_type=PLAN, subject_id=row.pk, step="end_plan",
        changes={"ends_on": [None, str(asked.ends_on)]}, data={"reason": asked.reason}, **_place(row),
    )  # fmt: skip
    return row


def move_plan(*, actor: Actor, plan: SelfCheckPlan, enterprise: Enterprise) -> None:
    """Its enterprise moved: what is owed from now on is owed there. The plan is locked."""
    was = _place(plan)
    plan.region, plan.industry_bit = enterprise.region, enterprise.industry_bit
    changes = {name: [was[name], new] for name, new in _place(plan).items() if was[name] != new}
    if changes:
        plan.save(update_fields=list(changes))
        write_note(actor=actor, subject_type=PLAN, subject_id=plan.pk, step=STEP, changes=changes, **_place(plan))


# Checks


def do_check(
    *,
    actor: Actor,
    id: UUID,  # noqa: A002 -- the record's word
    data: DoCheck | dict[str, Any],
    client_at: datetime | None = None,
) -> SelfCheck:
    """
    Enter one period's check; `id` is made by whoever does it, so that a retry is the same record.

    A fact: when the period has its check already, what is new is added to it, and nothing of either is lost.
    """
    asked = parsed(DoCheck, data)
    enterprise = _enterprise(asked.enterprise)
    _own_people(actor, enterprise)
    plan = _plan_of(enterprise, asked.cycle, asked.period)  # held: two people at once come one after the other
    _complete(asked)
    moment = done_at(plan.region, client_at, clock.now())
    if clock.day_of(moment) < asked.period:  # a phone that brings it after midnight
        raise Invalid(fields={"period": [_("It was done before this period began.")]})
    row = SelfCheck.objects.filter(enterprise=enterprise, cycle=asked.cycle, period=asked.period).first()
    state = _state(plan, asked, row, moment)
    step = "do_check" if row is None or row.state == "missed" else "add_to_check"
    before = None if row is None else row.state
    row = row or _new(actor, id, plan, asked)
    row.state = state
    row.answers = [*row.answers, *_answers(actor, asked, moment)]
    row.nothing_found = asked.nothing_found and (step == "do_check" or row.nothing_found)
    row.words = "\n".join(filter(None, [row.words, asked.words]))
    row.files = [*row.files, *map(str, asked.photos)]
    row.excuse = row.excuse or asked.excuse
    if step == "do_check":
        row.person_id, row.person_name, row.client_at, row.done_at = actor.person, actor.name, client_at, moment
    if before is not None:
        row.version += 1
    row.save(force_insert=before is None)
    link_files(actor=actor, ids=asked.photos, subject_type=SUBJECT, subject_id=row.pk, field="photos")
    found = [_record(actor, row, enterprise, one, number, moment) for number, one in enumerate(asked.findings)]
    write_note(
        actor=actor,
        subject_type=SUBJECT,
        subject_id=row.pk,
        step=step,
        changes={"state": [before, state]} if before != state else {},
        data={
            "cycle": asked.cycle,
            "period": asked.period,
            "answers": [[one.text, one.value, one.remark] for one in asked.answers],
            "nothing_found": asked.nothing_found,
            "words": asked.words,
            "excuse": asked.excuse,
            "findings": [[str(one.pk), one.hazard_number] for one in found],
            "photos": len(asked.photos),
        },
        **_place(row),
    )
    return row


def _plan_of(enterprise: Enterprise, cycle: str, period: date) -> SelfCheckPlan:
    if not is_period(cycle, period):
        raise Invalid(fields={"period": [_("A week begins on its Monday, a month on its first day.")]})
    if period > clock.today():
        raise Invalid(fields={"period": [_("This period has not begun yet.")]})
    plans = SelfCheckPlan.objects.select_for_update(of=("self",)).filter(enterprise=enterprise, cycle=cycle)
    for plan in plans.order_by("-begins_on"):
        if plan.begins_on <= end_of(cycle, period) and (plan.ends_on is None or plan.ends_on >= period):
            return plan
    raise Invalid(fields={"period": [_("The enterprise does not keep this cycle then.")]}, code="self_check.no_plan")


def _complete(asked: DoCheck) -> None:
    bare = unfound(asked, _points(asked))
    wrong: dict[str, list[Any]] = {}
    if bare:
        wrong["findings"] = [
            _("What is not in order needs a finding of its own with a photo: %(answers)s")
            % {"answers": "；".join(one.text or "–" for one in bare)}
        ]
    elif asked.nothing_found and asked.findings:
        wrong["nothing_found"] = [_("Findings were entered: then something was found.")]
    elif not asked.nothing_found and not asked.findings:
        wrong["nothing_found"] = [_("Say what was found, or that nothing was found.")]
    if asked.cycle == MONTHLY and not asked.words:
        wrong["words"] = [_("A monthly review needs its minutes.")]
    if wrong:
        raise Invalid(fields=wrong)


def _points(asked: DoCheck) -> dict[UUID, UUID]:
    """The risk point of each control that is not in order."""
    bad = [one.control for one in asked.answers if one.value == "no" and one.control]
    return dict(Control.objects.filter(pk__in=bad).values_list("pk", "source__point_id")) if bad else {}


def _state(plan: SelfCheckPlan, asked: DoCheck, row: SelfCheck | None, moment: datetime) -> str:
    """Done in its time or late; too late is told as what cannot be done now."""
    if row is not None and row.state != "missed":
        return row.state
    if clock.day_of(moment) <= end_of(asked.cycle, asked.period):
        return "done"
    if moment > late_until(plan, asked.period):
        raise NotNow(
            _("It is too late for this check: it stays missed. You may still say why."), code="self_check.too_late"
        )
    if not (asked.excuse or (row and row.excuse)):
        raise Invalid(fields={"excuse": [_("Say why it is late.")]})
    return "late"


def _new(actor: Actor, id: UUID, plan: SelfCheckPlan, asked: DoCheck) -> SelfCheck:  # noqa: A002 -- the record's word
    if SelfCheck.objects.filter(pk=id).exists():
        raise Conflict(_("This id belongs to another check."), code="self_check.exists")
    return SelfCheck(
        id=id,
        plan=plan,
        enterprise_id=plan.enterprise_id,
        region=plan.region,
        industry_bit=plan.industry_bit,
        cycle=asked.cycle,
        period=asked.period,
    )


def _answers(actor: Actor, asked: DoCheck, moment: datetime) -> list[dict[str, Any]]:
    return [
        {
            "control": str(one.control) if one.control else None,
            "item": str(one.item) if one.item else None,
            "words": one.text,
            "value": one.value,
            "remark": one.remark,
            "by": actor.name,
            "at": moment.isoformat(),
        }
        for one in asked.answers
    ]


def _record(
    actor: Actor, row: SelfCheck, enterprise: Enterprise, asked: CheckFinding, number: int, moment: datetime
) -> Finding:
    """A finding becomes a hazard downstream in the same transaction, or nothing of the check is kept."""
    at = f"findings.{number}"
    if Finding.objects.filter(pk=asked.id).exists():
        raise Conflict(_("This finding was entered already."), code="finding.exists")
    if asked.risk_point and not RiskPoint.objects.filter(pk=asked.risk_point, enterprise=enterprise).exists():
        raise Invalid(fields={f"{at}.risk_point": [_("The enterprise has no such risk point.")]})
    finding = Finding(
        id=asked.id,
        self_check=row,
        risk_point_id=asked.risk_point,
        enterprise=enterprise,
        known_to_id=enterprise.pk,
        region=row.region,
        industry_bit=row.industry_bit,
        place=asked.place,
        category=asked.category,
        description=asked.description,
        files=[str(one) for one in asked.photos],
        found_at=moment,
        finder_id=actor.person,
        finder_name=actor.name,
    )
    finding.save(force_insert=True)
    event = FindingRecorded(finding=finding, actor=actor)
    try:
        event.emit()
        link_unlinked(actor=actor, ids=asked.photos, check=row)
    except Invalid as wrong:
        fields = {f"{at}.{name}" if name else at: words for name, words in wrong.fields.items()}
        raise Invalid(wrong.message, fields=fields or {at: [wrong.detail]}, code=wrong.code) from None
    finding.hazard_id, finding.hazard_number = event.settled.hazard_id, event.settled.number
    finding.joined = event.settled.joined
    finding.save(update_fields=["hazard_id", "hazard_number", "joined"])
    return finding


def link_unlinked(*, actor: Actor, ids: Sequence[UUID], check: SelfCheck) -> None:
    """The hazard may have taken the photos themselves or copies of them: what nobody took belongs to the check."""
    from anlan.files.models import File

    mine = File.objects.filter(pk__in=list(ids), uploader_id=actor.person)
    if mine.count() != len(set(ids)):
        raise Invalid(
            fields={"photos": [_("One of the photos is not yours, or belongs to another record. Upload it again.")]}
        )
    free = mine.filter(subject_id=None).values_list("pk", flat=True)
    link_files(actor=actor, ids=list(free), subject_type=SUBJECT, subject_id=check.pk, field="photos")


def add_excuse(*, actor: Actor, check: UUID, data: AddExcuse | dict[str, Any]) -> SelfCheck:
    """Why a check was missed or late. It stays missed; what was said before stays in the ledger."""
    asked = parsed(AddExcuse, data)
    row = SelfCheck.objects.select_for_update(of=("self",)).select_related("enterprise").filter(pk=check).first()
    if row is None:
        raise NotFound
    _own_people(actor, row.enterprise)
    if row.state == "done":
        raise NotNow(_("This check was done in its time: there is nothing to excuse."))
    old, row.excuse, row.version = row.excuse, asked.excuse, row.version + 1
    row.save(update_fields=["excuse", "version"])
    write_note(
        actor=actor, subject_type=SUBJECT, subject_id=row.pk, step="excuse_check",
        changes={"excuse": [old, asked.excuse]}, **_place(row),
    )  # fmt: skip
    return row


# What was missed


def settle_plan(plan: UUID, *, upto: date) -> int:
    """
    Write down as missed what was owed, is over and has no check, up to a day. Inside the clock's scope.

    The plan's row is held, so that two runs at once, or a run and somebody doing the check, come one after the other.
    """
    row = SelfCheckPlan.objects.select_for_update(of=("self",)).select_related("enterprise").filter(pk=plan).first()
    if row is None:
        return 0
    last = min(upto, row.ends_on) if row.ends_on else upto
    period = period_of(row.cycle, (row.settled_to or row.begins_on - timedelta(days=1)) + timedelta(days=1))
    missed = 0
    while end_of(row.cycle, period) <= last:
        there = SelfCheck.objects.filter(enterprise=row.enterprise_id, cycle=row.cycle, period=period).exists()
        try:
            missing = not there and row.enterprise.status == "active" and owed(row, period)
        except CalendarEnds:
            break  # nothing is guessed past the calendar's end: the rest waits for the next year's notice
        if missing:
            _write_missed(row, period)
            missed += 1
        row.settled_to = end_of(row.cycle, period)
        period = following(row.cycle, period)
    row.save(update_fields=["settled_to"])
    return missed


def _write_missed(plan: SelfCheckPlan, period: date) -> None:
    check = SelfCheck.objects.create(
        id=new_id(),
        plan=plan,
        enterprise_id=plan.enterprise_id,
        region=plan.region,
        industry_bit=plan.industry_bit,
        cycle=plan.cycle,
        period=period,
        state="missed",
    )
    write_note(
        actor=replace(CLOCK, person=None),
        subject_type=SUBJECT,
        subject_id=check.pk,
        step="miss_check",
        changes={"state": [None, "missed"]},
        data={"cycle": plan.cycle, "period": period},
        **_place(check),
    )
