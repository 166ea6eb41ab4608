"""What a phone may ask of a visit. Each command calls the verb that the pages call."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, create_model

from anlan.inspections import needs
from anlan.inspections.actions.visit import take_step
from anlan.inspections.flow import VISIT
from anlan.inspections.models import Finding, Visit
from anlan.kernel.actor import Actor
from anlan.kernel.commands import Command, Done, command
from anlan.kernel.errors import Conflict
from anlan.kernel.inputs import Input
from anlan.kernel.models import Entry

FACTS = ("answer", "add_finding", "withdraw_finding", "on_site", "sign")
"""Steps that add something and that no other step has to wait for."""


def without(model: type[BaseModel], *names: str, required: tuple[str, ...] = ()) -> type[BaseModel]:
    """A payload: the step's own fields but those that arrive as photos. The step validates the whole again."""
    fields: dict[str, Any] = {
        name: (field.annotation, ... if name in required else field)
        for name, field in model.model_fields.items()
        if name not in names
    }
    return create_model(f"{model.__name__}Payload", __base__=Input, **fields)


def _take(actor: Actor, asked: Command, step: str, data: BaseModel, *, photos: bool = False) -> Visit:
    values = data.model_dump(exclude_unset=True)
    if photos:
        values["photos"] = list(asked.files)
    return take_step(actor=replace(actor, client_at=asked.client_at), visit=asked.subject, step=step, data=values)


def _not_moved(actor: Actor, asked: Command) -> None:
    """A transition is refused when somebody else moved the visit since; facts that others added do not matter."""
    if asked.base_version is None:
        return
    since = Entry.objects.filter(subject_id=asked.subject, version__gt=asked.base_version, person_id__isnull=False)
    moved = since.exclude(person_id=actor.person).exclude(step__in=FACTS).order_by("-version").first()
    if moved is not None:
        raise Conflict(
            _("%(who)s did “%(what)s” in the meantime. Look at the new state and try again."),
            who=moved.actor_name,
            what=VISIT.step(moved.step).label if VISIT.has(moved.step) else moved.step,
            code="flow.changed",
        )


def _done(visit: Visit, **more: Any) -> Done:
    label = str(VISIT.state(visit.state).label)
    return Done(version=visit.version, record={"state": visit.state, "state_label": label, **more})


@command("visit.arrive", needs.Arrive)
def arrive(actor: Actor, asked: Command, data: Any) -> Done:
    _not_moved(actor, asked)
    visit = _take(actor, asked, "arrive", data)
    return _done(visit, arrived_at=visit.arrived_at.isoformat() if visit.arrived_at else None,
                 distance_m=visit.arrived_distance_m, by_code=visit.arrived_by_code)  # fmt: skip


@command("visit.answer", without(needs.Answer, "photos"), fact=True)
def answer(actor: Actor, asked: Command, data: Any) -> Done:
    return _done(_take(actor, asked, "answer", data, photos=True))


@command("visit.finding", without(needs.AddFinding, "photos", required=("id",)), fact=True)
def finding(actor: Actor, asked: Command, data: Any) -> Done:
    return _done(_take(actor, asked, "add_finding", data, photos=True), finding=str(data.id))


@command("visit.withdraw_finding", needs.WithdrawFinding, fact=True)
def withdraw_finding(actor: Actor, asked: Command, data: Any) -> Done:
    return _done(_take(actor, asked, "withdraw_finding", data))


@command("visit.on_site", without(needs.OnSite, required=("id",)), fact=True)
def on_site(actor: Actor, asked: Command, data: Any) -> Done:
    return _done(_take(actor, asked, "on_site", data))


@command("visit.record", needs.Record)
def record(actor: Actor, asked: Command, data: Any) -> Done:
    """The digest binds it to what was shown, so that facts others added since are seen whatever the base version."""
    visit = _take(actor, asked, "record", data)
    return _done(visit, digest=visit.record_digest, findings=hazards_of(visit.pk))


@command("visit.sign", without(needs.Sign, "photos", "drawing"), fact=True)
def sign(actor: Actor, asked: Command, data: Any) -> Done:
    visit = _take(actor, asked, "sign", data, photos=True)
    return _done(visit, digest=visit.record_digest)


@command("visit.reopen", needs.Reopen)
def reopen(actor: Actor, asked: Command, data: Any) -> Done:
    _not_moved(actor, asked)
    return _done(_take(actor, asked, "reopen", data))


def hazards_of(visit: UUID) -> list[dict[str, Any]]:
    """What became of each finding."""
    rows = Finding.objects.filter(visit_id=visit, withdrawn="").order_by("found_at", "id")
    return [
        {
            "finding": str(row.pk),
            "hazard": str(row.hazard_id) if row.hazard_id else None,
            "hazard_number": row.hazard_number,
            "joined": row.joined,
        }
        for row in rows
    ]
