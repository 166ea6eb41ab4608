"""Before the arrival: plan, assign, join, notify, hold back, reschedule, cancel."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.inspections import grounds, needs, rulings
from anlan.inspections.bodies import body_named, inspecting_fault, not_own, own
from anlan.inspections.cap import beyond_cap, cap_for, needless, one_at_a_time, used_of_cap
from anlan.inspections.members import members_for
from anlan.inspections.models import OVER, Member, Visit, VisitChecklist
from anlan.inspections.numbers import county_of, next_number
from anlan.inspections.rules import forget_members, members_of
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.citysettings import value
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.registry.models import Enterprise
from anlan.standards.queries.checklists import editions_for, items_for

FARTHEST_DAYS = 400


def plan(taking: Taking) -> None:
    """The law of its kind is asked here; what is wrong is said at the field."""
    data: needs.Plan = taking.data
    visit: Visit = taking.record
    for name in ("kind", "style", "reason", "reason_words", "basis", "campaign", "cap_exception", "apart"):
        setattr(visit, name, getattr(data, name))
    visit.check_kind = data.check
    visit.planned_on, visit.planned_to = data.planned_on, data.planned_to
    visit.planner_id, visit.planner_post_id = taking.actor.person, taking.actor.post
    one_at_a_time(visit.enterprise_id)
    wrong: dict[str, list[Any]] = {}
    if reason := wrong_day(data.planned_on):
        wrong["planned_on"] = [reason]
    _check_body(visit, data, taking.actor, wrong)
    if data.style == "cross_region" and not data.basis:
        wrong["basis"] = [_("A cross-region visit needs its formal basis: document and number.")]
    if data.reason in rulings.BEYOND_CAP and not data.reason_words:
        wrong["reason_words"] = [_("Say which complaint, accident or rectification it follows.")]
    if (data.reason == "campaign" or data.check == "expert") and data.reason == "campaign" and not data.campaign:
        wrong["campaign"] = [_("Name the special campaign.")]
    if reason := too_long(visit):
        wrong["planned_to"] = [reason]
    if reason := beyond_cap(visit) or needless(visit):
        wrong["cap_exception"] = [reason]
    if not data.apart and (near := meets(visit)):
        wrong["apart"] = [near_words(near)]
    if wrong:
        raise Invalid(fields=wrong)
    visit.number = next_number(visit.region, data.planned_on.year)
    fix_checklists(taking)
    grounds.withhold(taking, cap={"used": used_of_cap(visit), "cap": cap_for(visit)})


def wrong_day(day: date) -> Any:
    today = clock.today()
    if day < today:
        return _("The date lies in the past.")
    if (day - today).days > FARTHEST_DAYS:
        return _("Plan at most %(days)s days ahead.") % {"days": FARTHEST_DAYS}
    return None


def too_long(visit: Visit) -> Any:
    """A visit without an end would be planned once and made in any year."""
    most = value(rulings.SPAN.key, visit.region)
    if visit.planned_to is None or (visit.planned_to - visit.planned_on).days <= most:
        return None
    return _("The last day lies at most %(days)s days after the first.") % {"days": most}


def _check_body(visit: Visit, data: needs.Plan, actor: Actor, wrong: dict[str, list[Any]]) -> None:
    chosen = data.organisation or actor.organisation
    body = body_named(chosen)
    if chosen and body is None:
        wrong["organisation"] = [_("There is no such body.")]
        return
    visit.organisation = body
    if visit.kind == "administrative":
        abroad = visit.style == "cross_region"
        if reason := inspecting_fault(body, actor, region=visit.region, abroad=abroad):
            wrong["organisation"] = [reason]


def meets(visit: Visit) -> list[Visit]:
    """Open visits of other departments to the same enterprise near that day: they are made one (综合查一次)."""
    if visit.kind != "administrative" or visit.reason in rulings.BEYOND_CAP:
        return []
    near = value(rulings.MEET.key, visit.region)
    rows = Visit.objects.filter(enterprise_id=visit.enterprise_id, kind="administrative").exclude(state__in=OVER)
    rows = rows.exclude(Q(organisation=visit.organisation_id) | Q(pk=visit.pk)).exclude(reason__in=rulings.BEYOND_CAP)
    with scope.elevated("departments learn of each other's plans so that the enterprise is visited once"):
        found = list(rows.select_related("organisation").order_by("planned_on"))
    return [one for one in found if _days_between(one.planned_on, visit.planned_on) <= near]


def _days_between(a: date, b: date) -> int:
    from datetime import datetime, time

    from anlan.kernel.calendar import working_days

    noon = time(12)
    first, last = sorted((a, b))
    start, end = (datetime.combine(day, noon, clock.SHANGHAI) for day in (first, last))
    return working_days().between(start, end)


def near_words(near: list[Visit]) -> Any:
    one = near[0]
    return _(
        "%(body)s visits this enterprise on %(day)s (%(number)s): join that visit, or write why this one is made apart."
    ) % {
        "body": one.organisation.name if one.organisation else _("Another department"),
        "day": one.planned_on.isoformat(),
        "number": one.number,
    }


def fix_checklists(taking: Taking) -> None:
    """The published editions of that day stay with the visit, whatever is published later."""
    visit: Visit = taking.record
    with scope.elevated("whoever sees a visit sees whom it visits"):
        enterprise = Enterprise.objects.select_related("industry").get(pk=visit.enterprise_id)
    asked: dict[str, Any] = {
        "enterprise": enterprise,
        "kind": visit.kind,
        "campaign": visit.campaign,
        "day": visit.planned_on,
    }
    if visit.kind == "administrative" and not items_for(**asked):
        raise Invalid(
            fields={
                "enterprise": [
                    _("No published checklist covers this enterprise: what is not listed may not be inspected.")
                ]
            }
        )
    editions = editions_for(**asked)
    taking.notes["editions"] = [str(edition.pk) for edition in editions]
    taking.later.append(
        lambda: VisitChecklist.objects.bulk_create(
            VisitChecklist(id=new_id(), visit=visit, edition=edition) for edition in editions
        )
    )


def assign(taking: Taking) -> None:
    data: needs.Assign = taking.data
    visit: Visit = taking.record
    members = members_for(visit, data)
    visit.member_ids = [one.person_id for one in members]
    taking.notes["members"] = [
        {"person": str(one.person_id), "name": one.name, "role": one.role, "certificate": one.certificate}
        for one in members
    ]

    def name_them() -> None:
        Member.objects.filter(visit=visit).delete()
        Member.objects.bulk_create(members)
        forget_members(visit)

    taking.later.append(name_them)


def reassign(taking: Taking) -> None:
    """Whoever was drawn goes, unless a reason that is kept says otherwise."""
    data: needs.Reassign = taking.data
    visit: Visit = taking.record
    if visit.draw_id and len(data.reason) < 2:
        raise Invalid(fields={"reason": [_("The officers of this visit were drawn. Say why somebody else goes.")]})
    assign(taking)


def join(taking: Taking) -> None:
    """Another department comes along: one visit for several."""
    data: needs.Join = taking.data
    visit: Visit = taking.record
    chosen = data.organisation or taking.actor.organisation
    body = body_named(chosen)
    if body is None:
        raise Invalid(fields={"organisation": [_("There is no such body.")]})
    if body.pk == visit.organisation_id or str(body.pk) in visit.joined:
        raise Invalid(fields={"organisation": [_("This department comes already.")]})
    if visit.kind == "administrative" and body.kind not in value(rulings.BODIES.key, visit.region):
        raise Invalid(
            fields={
                "organisation": [
                    _("“%(name)s” may not make administrative inspections; plan a supervision or expert help instead.")
                    % {"name": body.name}
                ]
            }
        )
    if visit.kind == "administrative" and not own(body, taking.actor):
        raise Invalid(fields={"organisation": [not_own(body)]})
    visit.joined = [*visit.joined, str(body.pk)]
    taking.notes["joined"] = {"organisation": str(body.pk), "name": body.name}
    if data.officers:
        _bring(taking, data.officers)


def _bring(taking: Taking, posts: list[UUID]) -> None:
    """The joining department's officers, beside those named before."""
    visit: Visit = taking.record
    going = members_of(visit)
    leader = next((one.post for one in going if one.role == "leader"), None)
    if leader is None:
        raise Invalid(fields={"officers": [_("Nobody leads this visit yet; officers are named when it is assigned.")]})

    def named(role: str) -> list[UUID]:
        return [one.post for one in going if one.role == role and one.post]

    officers = list(dict.fromkeys([*named("officer"), *posts]))
    before = taking.data
    taking.data = needs.Assign(leader=leader, officers=officers, experts=named("expert"), observers=named("observer"))
    assign(taking)
    taking.data = before


def notify(taking: Taking) -> None:
    """From now on the enterprise may know."""
    visit: Visit = taking.record
    visit.known_to_id, visit.notified_at = visit.enterprise_id, taking.at


def hold_back(taking: Taking) -> None:
    """Nothing changes for the enterprise, which learns nothing."""


def reschedule(taking: Taking) -> None:
    data: needs.Reschedule = taking.data
    visit: Visit = taking.record
    if reason := wrong_day(data.planned_on):
        raise Invalid(fields={"planned_on": [reason]})
    one_at_a_time(visit.enterprise_id)
    year, known = visit.planned_on.year, {one.pk for one in meets(visit)}
    visit.planned_on, visit.planned_to = data.planned_on, data.planned_to
    if reason := too_long(visit):
        raise Invalid(fields={"planned_to": [reason]})
    if data.apart:
        visit.apart = data.apart
        grounds.withhold(taking, "apart")
    elif near := [one for one in meets(visit) if one.pk not in known]:
        raise Invalid(fields={"apart": [near_words(near)]})
    if data.planned_on.year != year and (reason := beyond_cap(visit)):
        raise Invalid(fields={"planned_on": [reason]})


def follow(taking: Taking) -> None:
    """The checklists it was planned with stay; whether its body still has powers there is for the planner to see."""
    data: needs.Follow = taking.data
    visit: Visit = taking.record
    visit.region, visit.county = data.region, county_of(data.region)
    visit.industry, visit.industry_bit = visit.enterprise.industry, visit.enterprise.industry_bit


def cancel(taking: Taking) -> None:
    taking.record.cancel_reason = taking.data.reason
