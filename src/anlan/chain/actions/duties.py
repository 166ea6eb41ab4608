"""Duties: given, changed, ended, handed over. What was stays, with its days."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.chain import rules
from anlan.chain.models import Duty
from anlan.chain.needs import DutyChange, DutyEnd, DutyInput, HandOver
from anlan.chain.queries.bodies import ABOVE, bodies, holders
from anlan.identity.models import Region
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.wording import parsed
from anlan.registry.models import Industry

SUBJECT = "duty"
FACTS = (
    "kind", "part", "region", "industry_id", "organisation_id", "post_id", "person_name", "title", "phone", "matter",
    "basis", "evidence", "valid_from", "valid_to",
)  # fmt: skip
HELD = ("organisation_id", "post_id", "person_name", "title", "phone", "matter", "basis")


def keeper(actor: Actor) -> None:
    if not rules.keeps_chain(actor):
        raise Forbidden(_("Only the committee office of the territory keeps its responsibility chain."))


def give_duty(
    *,
    actor: Actor,
    data: DutyInput | dict[str, Any],
    id: UUID | None = None,  # noqa: A002 -- the record's own word
    evidence: str = "",
) -> Duty:
    """
    Give a duty in the actor's territory. `evidence` is empty for what an office says of itself.

    That another leads the same already is no reason to refuse: documents do overlap, and the checker is there to show it.
    The very same duty of the same holder on the same days is refused.
    """
    keeper(actor)
    given = parsed(DutyInput, data)
    duty = Duty(
        id=id or new_id(),
        kind=given.kind,
        part=given.part,
        region=given.region,
        valid_from=given.valid_from or clock.today(),
        valid_to=given.valid_to,
        evidence=evidence,
    )
    _place(actor, duty, given.industry)
    _hold(actor, duty, given.model_dump())
    _check(duty)
    if id is not None:
        _new(id)
    return _store(actor, duty, "give_duty")


def change_duty(*, actor: Actor, duty: UUID, data: DutyChange | dict[str, Any]) -> Duty:
    """
    Another holder, part, phone or basis. With `since` the old row ends the day before and a new one begins; without it
    the row is corrected in place. Returns the row that holds from then on.
    """
    keeper(actor)
    given = parsed(DutyChange, data)
    old = _locked(actor, duty)
    if old.valid_to is not None and old.valid_to < clock.today():
        raise WrongState(_("This duty has ended; what was stays as it was."))
    if given.since is None or given.since <= old.valid_from:
        if given.since is not None and given.since < old.valid_from:
            raise Invalid(fields={"since": [_("This duty begins later than that.")]})
        before = _facts(old)
        _hold(actor, old, given.model_dump())
        _check(old)
        changes = _changes(before, old)
        if changes:
            _only_one(old)
            old.save()
            _note(actor, old, "change_duty", changes=changes)
        return old
    if old.valid_to is not None and given.since > old.valid_to:
        raise Invalid(fields={"since": [_("This duty ends earlier than that.")]})
    fresh = _copy(old, since=given.since)
    _hold(actor, fresh, given.model_dump())
    _check(fresh)
    _end(actor, old, given.since - timedelta(days=1), "change_duty", successor=fresh)
    return _store(actor, fresh, "give_duty", predecessor=old)


def end_duty(*, actor: Actor, duty: UUID, data: DutyEnd | dict[str, Any]) -> Duty:
    """The duty runs until its last day; the row stays."""
    keeper(actor)
    given = parsed(DutyEnd, data)
    found = _locked(actor, duty)
    last = given.last_day or clock.today() - timedelta(days=1)
    if found.valid_to is not None and found.valid_to < clock.today():
        raise Conflict(_("This duty has ended already."))
    if last < found.valid_from and (found.valid_from > clock.today() or given.last_day is not None):
        raise Invalid(fields={"last_day": [_("This duty begins later than that.")]})
        # Given today and taken back: it ran on no day, and the row with its end before its beginning says so.
    _end(actor, found, last, "end_duty", reason=given.reason)
    return found


def hand_over(*, actor: Actor, data: HandOver | dict[str, Any]) -> list[Duty]:
    """Everything one person has in the actor's territory goes to another from a day; the old rows end the day before."""
    keeper(actor)
    given = parsed(HandOver, data)
    since = given.since or clock.today()
    _named(given)
    successor = _post(actor, given.to_post, field="to_post") if given.to_post else None
    leaving = Q(post_id=given.from_post) if given.from_post else Q(post=None, person_name=given.from_name)
    rows = Duty.objects.select_for_update(of=("self",)).filter(
        leaving, Q(valid_to__isnull=True) | Q(valid_to__gte=since), scope.within(actor, industry=None)
    )
    found = list(rows.order_by("id"))
    if not found:
        raise Invalid(
            fields={"from_post" if given.from_post else "from_name": [_("Nobody of this name has a duty here then.")]}
        )
    moved = []
    for old in found:
        fresh = _copy(old, since=max(since, old.valid_from))
        fresh.post_id = successor
        fresh.person_name = "" if successor else given.to_name
        fresh.title, fresh.phone = given.title or ("" if successor else old.title), given.phone
        if old.valid_from >= since:  # it had not begun: the successor has it from the start
            before = _facts(old)
            for name in HELD:
                setattr(old, name, getattr(fresh, name))
            old.save()
            _note(actor, old, "hand_over", changes=_changes(before, old), reason=given.reason)
            moved.append(old)
            continue
        _end(actor, old, since - timedelta(days=1), "hand_over", reason=given.reason, successor=fresh)
        moved.append(_store(actor, fresh, "give_duty", predecessor=old))
    return moved


def _named(given: HandOver) -> None:
    wrong: dict[str, list[Any]] = {}
    if not given.from_post and not given.from_name:
        wrong["from_post"] = [_("Name who leaves: choose a post, or write a name.")]
    if not given.to_post and not given.to_name:
        wrong["to_post"] = [_("Name who takes over: choose a post, or write a name.")]
    if given.from_post and given.from_post == given.to_post:
        wrong["to_post"] = [_("That is the same person.")]
    if wrong:
        raise Invalid(fields=wrong)


def _place(actor: Actor, duty: Duty, industry: str) -> None:
    wrong: dict[str, list[Any]] = {}
    if not Region.objects.filter(pk=duty.region).exists():
        wrong["region"] = [_("This region is not known here. Choose one of the list.")]
    elif not actor.covers(duty.region):
        wrong["region"] = [_("This region lies outside your territory.")]
    if industry:
        found = Industry.objects.filter(pk=industry, active=True).first()
        if found is None:
            wrong["industry"] = [_("This industry is not known here. Choose one of the list.")]
        elif not actor.covers(duty.region, found.bit) and "region" not in wrong:
            wrong["industry"] = [_("Your post does not supervise this industry.")]
        else:
            duty.industry, duty.industry_bit = found, found.bit
    if wrong:
        raise Invalid(fields=wrong)


def _hold(actor: Actor, duty: Duty, given: dict[str, Any]) -> None:
    """Put the holder in, unchanged ones unasked: a body that was closed since may stay while its phone is corrected."""
    body, post = given["organisation"], given["post"]
    if body != duty.organisation_id:
        with scope.elevated(ABOVE):
            known = body is None or bodies(actor).filter(pk=body).exists()
        if not known:
            raise Invalid(fields={"organisation": [_("There is no such organisation in your territory or above it.")]})
        duty.organisation_id = body
    if post != duty.post_id:
        duty.post_id = _post(actor, post, field="post") if post else None
    duty.person_name = "" if post else given["person_name"]
    duty.title, duty.phone, duty.matter, duty.basis = (given[name] for name in ("title", "phone", "matter", "basis"))


def _post(actor: Actor, post: UUID, *, field: str) -> UUID:
    with scope.elevated(ABOVE):
        known = holders(actor).filter(pk=post).exists()
    if not known:
        raise Invalid(fields={field: [_("Nobody holds this post in your territory or above it.")]})
    return post


def _check(duty: Duty) -> None:
    wrong = rules.duty_faults(
        kind=duty.kind,
        part=duty.part,
        industry=duty.industry_id,
        matter=duty.matter,
        organisation=duty.organisation_id,
        person=duty.post_id or duty.person_name,
    )
    if wrong:
        raise Invalid(fields=wrong)


def _new(id: UUID) -> None:  # noqa: A002 -- the record's own word
    with scope.elevated("an id that another office used is taken too"):
        if Duty.objects.filter(pk=id).exists():
            raise Conflict(_("This duty was given already."), code="duty.exists")


def _only_one(duty: Duty) -> None:
    """Two who give the same at once wait for each other; the second is told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"duty {duty.region} {duty.industry_bit}"]
        )
    meets = Q(valid_to__isnull=True) | Q(valid_to__gte=duty.valid_from)
    if duty.valid_to is not None:
        meets &= Q(valid_from__lte=duty.valid_to)
    same = ("kind", "part", "region", "industry_bit", "organisation_id", "post_id", "person_name", "matter")
    rows = Duty.objects.filter(meets, **{name: getattr(duty, name) for name in same}).exclude(pk=duty.pk)
    if rows.exists():
        raise Invalid(
            _("They have this very duty on these days already."),
            fields={
                "organisation" if duty.part in rules.BY_BODIES else "post": [
                    _("They have this very duty on these days already.")
                ]
            },
            code="duty.same",
        )


def _store(actor: Actor, duty: Duty, step: str, *, predecessor: Duty | None = None) -> Duty:
    _only_one(duty)
    duty.save(force_insert=True)
    facts = {name: value for name, value in _facts(duty).items() if value not in (None, "")}
    _note(actor, duty, step, data=facts | ({"predecessor": predecessor.pk} if predecessor else {}))
    return duty


def _end(actor: Actor, duty: Duty, last: date, step: str, *, reason: str = "", successor: Duty | None = None) -> None:
    before, duty.valid_to = duty.valid_to, last
    duty.save(update_fields=["valid_to"])
    data: dict[str, Any] = {"reason": reason} if reason else {}
    _note(
        actor,
        duty,
        step,
        changes={"valid_to": [before, last]},
        data=data | ({"successor": successor.pk} if successor else {}),
    )


def _copy(old: Duty, *, since: date) -> Duty:
    names = [name for name in FACTS if name != "valid_from"]
    return Duty(
        id=new_id(), valid_from=since, industry_bit=old.industry_bit, **{name: getattr(old, name) for name in names}
    )


def _locked(actor: Actor, duty: UUID) -> Duty:
    found = Duty.objects.select_for_update(of=("self",)).filter(pk=duty).first()
    if found is None or not actor.covers(found.region):
        raise NotFound
    return found


def _facts(duty: Duty) -> dict[str, Any]:
    return {name: getattr(duty, name) for name in FACTS}


def _changes(before: dict[str, Any], duty: Duty) -> dict[str, Any]:
    return {name: [before[name], value] for name, value in _facts(duty).items() if before[name] != value}


def _note(
    actor: Actor,
    duty: Duty,
    step: str,
    *,
    changes: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    write_note(
        actor=actor,
        subject_type=SUBJECT,
        subject_id=duty.pk,
        step=step,
        changes=changes,
        data=(data or {}) | ({"reason": reason} if reason else {}),
        region=duty.region,
        industry_bit=duty.industry_bit,
    )
