"""Hazard sources at a point: what they are, how bad they are, what holds them."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.identity.acting import in_office
from anlan.identity.models import Person, Post
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import changed
from anlan.kernel.wording import parsed
from anlan.risks.actions.common import given_of, locked, note, refresh, saved, source_of, touch
from anlan.risks.grading import judge
from anlan.risks.models import Assessment, Control, HazardSource, RiskPoint
from anlan.risks.needs import Assess, Retire, Source
from anlan.risks.needs import Control as ControlInput
from anlan.risks.rulings import months_of

TAKEN = _("The risk point has a source of this name already.")
EARLIEST_YEAR = 2000


def add_source(*, actor: Actor, point: UUID, data: dict[str, Any] | Source, id: UUID | None = None) -> HazardSource:  # noqa: A002
    record = locked(actor, point)
    given = parsed(Source, data)
    source = HazardSource(id=id or new_id(), point=record, **given.model_dump())
    if id is not None and HazardSource.objects.filter(pk=id).exists():
        raise Conflict(_("This source was registered already."), code="risk.exists")
    saved(source, "name", TAKEN)
    touch(record)
    note(actor, record, "add_source", data=given_of(given) | {"source": source.pk})
    return source


def edit_source(*, actor: Actor, source: UUID, data: dict[str, Any]) -> HazardSource:
    point, record = source_of(actor, source)
    names = tuple(Source.model_fields)
    before = {name: getattr(record, name) for name in names}
    given = parsed(Source, before | data)
    changes = changed(before, given.model_dump())
    if not changes:
        return record
    for name in names:
        setattr(record, name, getattr(given, name))
    saved(record, "name", TAKEN)
    touch(point)
    note(actor, point, "edit_source", changes=changes, data={"source": record.pk, "name": record.name})
    return record


def retire_source(*, actor: Actor, source: UUID, data: dict[str, Any] | Retire) -> HazardSource:
    """It is no longer there: the point is judged by those that are left."""
    point, record = source_of(actor, source)
    given = parsed(Retire, data)
    record.active = False
    record.save(update_fields=["active"])
    follows = refresh(point)
    facts = {"source": record.pk, "name": record.name, "reason": given.reason}
    note(actor, point, "retire_source", changes=follows, data=facts)
    return record


def assess(*, actor: Actor, source: UUID, data: dict[str, Any] | Assess, id: UUID | None = None) -> Assessment:  # noqa: A002
    """
    Judge a source anew: a row is added to its history and never changed, and source and point take its colour, tier and
    date of the next one in the same transaction.
    """
    point, record = source_of(actor, source)
    given = parsed(Assess, data)
    judged = judge(method=given.method, factors=given.factors, direct_reason=given.direct_reason, region=point.region)
    day = given.assessed_on or clock.today()
    if day > clock.today():
        raise Invalid(fields={"assessed_on": [_("The date lies in the future.")]})
    if day.year < EARLIEST_YEAR or (record.assessed_on and day < record.assessed_on):
        raise Invalid(fields={"assessed_on": [_("A later assessment of this source is on record.")]})
    latest = clock.months_after(day, months_of(judged.colour, point.region))
    next_by = given.next_by or latest
    if not day < next_by <= latest:
        reason = _("After the assessment, and by %(latest)s at the latest for this colour.") % {"latest": latest}
        raise Invalid(fields={"next_by": [reason]})
    if id is not None and Assessment.objects.filter(pk=id).exists():
        raise Conflict(_("This assessment was made already."), code="risk.exists")
    made = Assessment.objects.create(
        id=id or new_id(),
        source=record,
        method=judged.method,
        factors=judged.factors,
        score=judged.score,
        colour=judged.colour,
        bands=judged.bands,
        direct_reason=given.direct_reason,
        remark=given.remark,
        assessed_on=day,
        next_by=next_by,
        person_id=actor.person,
        person_name=actor.name[:60],
        at=clock.now(),
    )
    old = record.colour
    record.colour, record.assessed_on, record.reassess_by = judged.colour, day, next_by
    record.save(update_fields=["colour", "assessed_on", "reassess_by"])
    follows = refresh(point)
    facts = {
        "source": record.pk, "name": record.name, "method": judged.method, "factors": judged.factors,
        "score": judged.score, "colour": judged.colour, "before": old, "direct_reason": given.direct_reason,
        "assessed_on": day, "next_by": next_by, "remark": given.remark,
    }  # fmt: skip
    note(actor, point, "assess_source", changes=follows, data=facts)
    return made


def add_control(*, actor: Actor, source: UUID, data: dict[str, Any] | ControlInput, id: UUID | None = None) -> Control:  # noqa: A002
    point, record = source_of(actor, source)
    given = parsed(ControlInput, data)
    if id is not None and Control.objects.filter(pk=id).exists():
        raise Conflict(_("This control was added already."), code="risk.exists")
    control = Control(id=id or new_id(), source=record)
    _fill(control, given, point)
    control.save()
    touch(point)
    note(actor, point, "add_control", data=_told(control) | {"source": record.pk, "name": record.name})
    return control


def edit_control(*, actor: Actor, control: UUID, data: dict[str, Any]) -> Control:
    record, point = _control(actor, control)
    before = _told(record)
    known = {
        "kind": record.kind, "words": record.words, "tier": record.tier, "cycle": record.cycle,
        "holder": record.holder_id, "holder_name": "" if record.holder_id else record.holder_name,
    }  # fmt: skip
    _fill(record, parsed(ControlInput, known | data), point)
    changes = changed(before, _told(record))
    if not changes:
        return record
    record.save()
    touch(point)
    note(actor, point, "edit_control", changes=changes, data={"control": record.pk})
    return record


def retire_control(*, actor: Actor, control: UUID, data: dict[str, Any] | Retire) -> Control:
    record, point = _control(actor, control)
    given = parsed(Retire, data)
    record.active = False
    record.save(update_fields=["active"])
    touch(point)
    note(actor, point, "retire_control", data=_told(record) | {"reason": given.reason})
    return record


def _control(actor: Actor, control: UUID) -> tuple[Control, RiskPoint]:
    found = Control.objects.filter(pk=control).first()
    if found is None:
        raise NotFound
    point, _source = source_of(actor, found.source_id)
    found.refresh_from_db()
    if not found.active:
        raise Conflict(_("The control is retired; its history is kept."), code="risk.retired")
    return found, point


def _fill(control: Control, given: ControlInput, point: RiskPoint) -> None:
    for name in ("kind", "words", "tier", "cycle"):
        setattr(control, name, getattr(given, name))
    control.holder_id, control.holder_name = given.holder, given.holder_name
    if given.holder is not None:
        held = Post.objects.filter(
            in_office(clock.today()), person_id=given.holder, organisation_id=point.enterprise_id
        )
        person = Person.objects.filter(pk=given.holder).first() if held.exists() else None
        if person is None:
            raise Invalid(fields={"holder": [_("This person holds no post at the enterprise.")]})
        control.holder_name = person.name[:60]


def _told(control: Control) -> dict[str, Any]:
    names = ("kind", "words", "tier", "cycle", "holder_id", "holder_name")
    return {"control": control.pk} | {name: getattr(control, name) for name in names}
