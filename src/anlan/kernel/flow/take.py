"""Taking a step: lock, check, change, write the entry, start the clock, tell downstream. One transaction or none."""

from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, NotFound, NotNow, WrongState
from anlan.kernel.flow.declare import Flow, Step, Taking
from anlan.kernel.flow.rows import add, locked, write_back
from anlan.kernel.flow.timers import clocks, start_waiting
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import changed, encode, write_entry
from anlan.kernel.wording import parsed


def take(
    flow: Flow,
    record_id: UUID,
    name: str,
    *,
    actor: Actor,
    data: BaseModel | dict[str, Any] | None = None,
    version: int | None = None,
) -> Any:
    """Take one step on a stored record and return it. Must run inside `scope.acting(actor)`.

    Raises NotFound, WrongState, Forbidden, Invalid or Conflict; nothing is half done then.
    """
    if not flow.has(name):
        raise NotFound(_("There is no step “%(step)s”."), step=name, code="flow.unknown_step")
    step = flow.step(name)
    record = locked(apps.get_model(flow.model), record_id)
    if record is None or step.opens:
        raise NotFound
    _check_state(flow, step, record, version)
    _check_actor(step, record, actor)
    checked = parsed(step.needs, data or {})
    with transaction.atomic():  # so that a caller who goes on after a refusal keeps nothing of it
        return _carry_out(flow, step, record, actor, checked)


def begin(flow: Flow, name: str, record: models.Model, *, actor: Actor, data: BaseModel | dict[str, Any]) -> Any:
    """Open a record by its opening step; the unsaved record is filled by the step's `do`."""
    step = flow.step(name)
    if not step.opens:
        raise ValueError(f"{name} opens nothing")
    _check_actor(step, record, actor)
    checked = parsed(step.needs, data or {})
    with transaction.atomic():
        return _carry_out(flow, step, record, actor, checked)


def _check_state(flow: Flow, step: Step, record: Any, version: int | None) -> None:
    """Whoever comes second is told who was first: by a page's version, or by what the record became."""
    from anlan.kernel.ledger.read import last_act

    if version is not None and record.version != version and (act := last_act(record.pk, since=version)):
        raise Conflict(
            _("%(who)s did “%(what)s” in the meantime. Look at the new state and try again."),
            who=act.actor_name,
            what=_label(flow, act.step),
            code="flow.changed",
        )
    if record.state in step.source:
        return
    facts = {"step": step.label, "state": flow.state(record.state).label}
    if act := last_act(record.pk, steps=[one.name for one in flow.steps if not one.stays]):
        raise WrongState(
            _("“%(step)s” cannot be done now: the record is “%(state)s” since %(who)s did “%(what)s”."),
            who=act.actor_name,
            what=_label(flow, act.step),
            **facts,
        )
    raise WrongState(_("“%(step)s” cannot be done now: the record is “%(state)s”."), **facts)


def _label(flow: Flow, name: str) -> Any:
    return flow.step(name).label if flow.has(name) else name


def _check_actor(step: Step, record: Any, actor: Actor) -> None:
    if not step.by(actor, record):
        raise Forbidden(_("Only %(who)s may do this."), who=step.who, code="flow.not_yours")


def _carry_out(flow: Flow, step: Step, record: Any, actor: Actor, data: BaseModel) -> Any:
    opening = record._state.adding
    for guard in step.guards:
        if not guard.holds(record, actor, data):
            raise NotNow(guard.words(record), code=guard.code)
    old_state = None if opening else record.state
    before = {} if opening else snapshot(flow, record)
    beside = {} if opening else clocks(flow, record)
    taking = Taking(flow=flow, step=step, record=record, actor=actor, data=data, at=clock.now(), before=before)
    leads = step.leads(old_state or "")
    target = step.do(taking) or (leads[0] if len(leads) == 1 else None)
    if target not in leads:
        raise RuntimeError(f"{flow.name}.{step.name} chose {target!r}, not one of {leads}")
    record.state = target
    record.version = 1 if opening else record.version + 1
    if opening or old_state != target:
        record.state_since = taking.at
    old_due = None if opening else record.due_at
    record.due_at = flow.due(record)
    waiting = opening or old_state != target or old_due != record.due_at or taking.restart
    if waiting:
        record.clock, record.late, record.level = new_id(), False, 0
    previous = _announce(flow, record, step)
    after = snapshot(flow, record)
    changes = changed(before, after)
    if opening:
        add(record)
    else:
        write_back(record, changes.keys() | ALWAYS)
    for hang in taking.later:
        hang()
    told = {key: change for key, change in changes.items() if key not in taking.withheld}
    write_entry(taking, state=[old_state, target], changes=told, previous=previous)
    if waiting:
        start_waiting(flow, record, taking.at)
    for name, period in clocks(flow, record).items():
        if period != beside.get(name):
            start_waiting(flow, record, taking.at, name=name)
    if step.then:
        step.then(taking)
    return record


ALWAYS = frozenset({"state", "version", "clock"})


def _announce(flow: Flow, record: Any, step: Step) -> bytes | None:
    """Tell the database which step is coming; returns the hash of the record's last entry, to which the next is chained."""
    hidden = (
        scope.elevated("an entry is chained to the one before it, whoever may read that") if flow.internal else None
    )
    with hidden or nullcontext(), connection.cursor() as cursor:
        cursor.execute(_ANNOUNCE, [f"{record.pk} {record.version} {step.name}", record.pk, record.version - 1])
        _config, leaf = cursor.fetchone()
    return bytes(leaf) if leaf else None


_ANNOUNCE = (
    "SELECT set_config('anlan.step', %s, true), (SELECT leaf FROM kernel_entry WHERE subject_id = %s AND version = %s)"
)


def snapshot(flow: Flow, record: models.Model) -> dict[str, Any]:
    """The record's tracked fields as the ledger writes them."""
    return {
        field.attname: encode(getattr(record, field.attname))
        for field in record._meta.concrete_fields
        if field.name not in flow.untracked
    }
