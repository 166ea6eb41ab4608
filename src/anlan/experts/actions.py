"""Keeping the pool: experts, groups, absences; officers' certificates; whom somebody must not check."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from anlan.experts import needs, rules
from anlan.experts.models import Absence, Avoidance, Certificate, Expert, ExpertGroup, GroupMember
from anlan.identity.acting import in_office
from anlan.identity.models import Post, Region
from anlan.identity.roles import EXPERT
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, Invalid, NotFound, WrongState
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import changed, write_note
from anlan.kernel.wording import parsed
from anlan.registry.models import Enterprise

R = TypeVar("R", bound=models.Model)


def add_expert(*, actor: Actor, data: needs.ExpertFacts | dict[str, Any]) -> Expert:
    _require(rules.keeps_experts(actor))
    expert = Expert(id=new_id())
    return _keep_expert(actor, expert, parsed(needs.ExpertFacts, data), "add_expert")


def edit_expert(*, actor: Actor, expert: UUID, data: needs.ExpertFacts | dict[str, Any]) -> Expert:
    _require(rules.keeps_experts(actor))
    found = _locked(Expert, expert, actor)
    return _keep_expert(actor, found, parsed(needs.ExpertFacts, data), "edit_expert")


def _keep_expert(actor: Actor, expert: Expert, facts: needs.ExpertFacts, step: str) -> Expert:
    _own_ground(actor, facts.region)
    if facts.person and not _holds(facts.person, [EXPERT]):
        raise Invalid(fields={"person": [_("This account holds no expert's post.")]})
    before = {} if expert._state.adding else _facts(expert)
    expert.name, expert.level, expert.region = facts.name, facts.level, facts.region
    expert.industries, expert.specialties = rules.mask_of(facts.fields), facts.specialties
    expert.title, expert.employer, expert.phone = facts.title, facts.employer, facts.phone
    expert.person_id, expert.remark = facts.person, facts.remark
    expert.since, expert.until = facts.since, facts.until
    expert.save()
    _note(actor, expert, step, before)
    return expert


def keep_group(*, actor: Actor, data: needs.GroupFacts | dict[str, Any], group: UUID | None = None) -> ExpertGroup:
    """Make a group, or change one when `group` names it."""
    _require(rules.keeps_experts(actor))
    facts = parsed(needs.GroupFacts, data)
    _own_ground(actor, facts.region)
    found = _locked(ExpertGroup, group, actor) if group else ExpertGroup(id=new_id())
    before = {} if group is None else _facts(found) | {"members": _members(found)}
    members = {row.pk: row for row in Expert.objects.filter(pk__in=facts.members)}
    if missing := set(facts.members) - set(members):
        raise Invalid(fields={"members": [_("There is no such expert.")] * len(missing)})
    found.name, found.region, found.leader_id, found.active = facts.name, facts.region, facts.leader, facts.active
    found.industries = -1 if any(one.industries == -1 for one in members.values()) else _joined(members.values())
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise Invalid(fields={"name": [_("There is a group of this name already.")]}) from None
    # Members whom this office does not see, from a higher territory's pool, were not asked about and stay.
    seen = GroupMember.objects.filter(group=found, expert_id__in=Expert.objects.values("pk"))
    seen.exclude(expert_id__in=facts.members).delete()
    have = set(GroupMember.objects.filter(group=found).values_list("expert_id", flat=True))
    GroupMember.objects.bulk_create(
        GroupMember(id=new_id(), group=found, expert_id=one) for one in facts.members if one not in have
    )
    _note(actor, found, "edit_group" if group else "add_group", before, members=_members(found))
    return found


def note_absence(*, actor: Actor, expert: UUID, data: needs.AbsenceFacts | dict[str, Any]) -> Absence:
    """By the office, or by the expert."""
    found = _locked(Expert, expert, actor)
    _require(rules.keeps_experts(actor) or (found.person_id is not None and found.person_id == actor.person))
    facts = parsed(needs.AbsenceFacts, data)
    made = Absence.objects.create(id=new_id(), expert=found, **facts.model_dump())
    _note(actor, found, "note_absence", None, **facts.model_dump())
    return made


def end_absence(*, actor: Actor, absence: UUID) -> None:
    found = Absence.objects.select_related("expert").filter(pk=absence).first()
    if found is None:
        raise NotFound
    own = found.expert.person_id is not None and found.expert.person_id == actor.person
    _require(own or (rules.keeps_experts(actor) and actor.covers(found.expert.region)))
    _note(actor, found.expert, "end_absence", None, first=found.first, last=found.last)
    found.delete()


def add_certificate(*, actor: Actor, data: needs.CertificateFacts | dict[str, Any]) -> Certificate:
    """Of an officer of one's territory."""
    _require(rules.keeps_officers(actor))
    facts = parsed(needs.CertificateFacts, data)
    post = _officer(actor, facts.person)
    made = Certificate(
        id=new_id(), person_id=facts.person, number=facts.number, issuer=facts.issuer, region=post.region,
        industries=rules.mask_of(facts.fields), valid_from=facts.since, valid_to=facts.until,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Invalid(fields={"number": [_("A certificate of this number is registered already.")]}) from None
    _note(actor, made, "add_certificate", {})
    return made


def end_certificate(*, actor: Actor, certificate: UUID, last: date, reason: str) -> Certificate:
    """From the day after `last` its holder no longer counts among the two officers."""
    _require(rules.keeps_officers(actor))
    found = _locked(Certificate, certificate, actor)
    if last < found.valid_from:
        raise Invalid(fields={"last": [_("The last day lies before the first.")]})
    if found.valid_to is not None and found.valid_to <= last:
        raise WrongState(_("This certificate ends earlier already."))
    before = _facts(found)
    found.valid_to = last
    found.save(update_fields=["valid_to"])
    _note(actor, found, "end_certificate", before, reason=reason)
    return found


def declare_avoidance(*, actor: Actor, data: needs.AvoidanceFacts | dict[str, Any]) -> Avoidance:
    """By the office or regulator for an officer or expert of theirs, or by the person for themselves."""
    facts = parsed(needs.AvoidanceFacts, data)
    own = facts.person == actor.person
    _require(own or rules.keeps_officers(actor))
    enterprise = Enterprise.objects.filter(pk=facts.enterprise).first()
    if enterprise is None:
        raise Invalid(
            fields={"enterprise": [_("There is no such enterprise, or it is outside what your post may see.")]}
        )
    region = actor.region if own and actor.region else _officer(actor, facts.person, experts=True).region
    made = Avoidance.objects.create(
        id=new_id(), person_id=facts.person, enterprise=enterprise, region=region,
        kind=facts.kind, reason=facts.reason, since=facts.since, until=facts.until,
    )  # fmt: skip
    _note(actor, made, "declare_avoidance", {})
    return made


def end_avoidance(*, actor: Actor, avoidance: UUID, last: date, reason: str) -> Avoidance:
    """
    The office or regulator ends it, for a reason that is kept; nobody lifts their own.

    It is only ever made shorter, and never shorter than nothing: a last day before the first would say it had never been.
    """
    _require(rules.keeps_officers(actor))
    found = _locked(Avoidance, avoidance, actor)
    if found.person_id == actor.person:
        raise Forbidden(_("Nobody lifts an avoidance of their own."))
    reason = parsed(needs.Why, {"reason": reason}).reason
    if last < found.since:
        raise Invalid(fields={"last": [_("The last day lies before the first.")]})
    if found.until is not None and found.until <= last:
        raise WrongState(_("This avoidance ends earlier already."))
    before = _facts(found)
    found.until = last
    found.save(update_fields=["until"])
    _note(actor, found, "end_avoidance", before, reason=reason)
    return found


def _require(allowed: bool) -> None:
    if not allowed:
        raise Forbidden


def _own_ground(actor: Actor, region: int) -> None:
    if not Region.objects.filter(code=region).exists():
        raise Invalid(fields={"region": [_("There is no such region.")]})
    if not actor.covers(region):
        raise Invalid(fields={"region": [_("This region lies outside your territory.")]})


def _locked(model: type[R], pk: UUID, actor: Actor) -> R:
    found = model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise NotFound
    if not actor.covers(found.region) and getattr(found, "person_id", None) != actor.person:  # type: ignore[attr-defined]
        raise NotFound
    return found


def _holds(person: UUID, wanted: Any) -> bool:
    return Post.objects.filter(in_office(clock.today()), person_id=person, role__in=wanted).exists()


def _officer(actor: Actor, person: UUID, *, experts: bool = False) -> Post:
    """A post by which somebody of the actor's territory inspects."""
    wanted = rules.OFFICERS | ({EXPERT} if experts else set())
    held = Post.objects.filter(in_office(clock.today()), person_id=person, role__in=wanted).order_by("-region")
    post = next((one for one in held if actor.covers(one.region)), None)
    if post is None:
        raise Invalid(fields={"person": [_("This person holds no such post in your territory.")]})
    return post


def _joined(rows: Any) -> int:
    mask = 0
    for one in rows:
        mask |= one.industries
    return mask


def _members(group: ExpertGroup) -> list[str]:
    return sorted(str(one) for one in GroupMember.objects.filter(group=group).values_list("expert_id", flat=True))


def _facts(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}


def _note(actor: Actor, row: Any, step: str, before: dict[str, Any] | None, **data: Any) -> None:
    """One entry; `before` None: nothing of the row itself changed."""
    after = {} if before is None else _facts(row)
    changes = changed(before or {}, after)
    write_note(
        actor=actor, subject_type=row._meta.model_name, subject_id=row.pk, step=step, changes=changes, data=data,
        region=row.region,
    )  # fmt: skip
