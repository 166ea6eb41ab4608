"""Checklists and their editions: begun, written, reviewed, published, replaced, withdrawn."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.identity.models import Region
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.codes import format_region
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.flow.take import begin, take
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import changed, write_note
from anlan.kernel.wording import parsed
from anlan.registry.models import Industry
from anlan.standards import needs, rules
from anlan.standards.flow import EDITION
from anlan.standards.models import Checklist, Edition
from anlan.standards.states import AT_WORK

SUBJECT = "checklist"


def create_checklist(
    *,
    actor: Actor,
    data: dict[str, Any] | needs.ChecklistInput,
    id: UUID | None = None,  # noqa: A002
) -> Checklist:
    """A new checklist, without any edition yet."""
    if not rules.writes_checklists(actor):
        raise Forbidden
    given = parsed(needs.ChecklistInput, data)
    if id is not None and Checklist.objects.filter(pk=id).exists():
        raise Conflict(_("This checklist was made already."), code="checklist.exists")
    region = given.region or actor.region
    if region is None or not Region.objects.filter(pk=region).exists():
        raise Invalid(fields={"region": [_("This region is not known here. Choose one of the list.")]})
    if not actor.covers(region):
        raise Invalid(fields={"region": [_("This region lies outside your territory.")]})
    checklist = Checklist(
        id=id or new_id(),
        code=given.code or _free_code(region, given),
        zh=given.zh,
        en=given.en,
        region=region,
        organisation_id=actor.organisation,
        organisation_name=actor.organisation_name,
        industry=_industry(given.industry),
        kinds=given.kinds,
        campaign=given.campaign,
        created_at=clock.now(),
    )
    if not rules.keeps(actor, checklist):
        raise Invalid(fields={"industry": [_("Your post does not supervise this industry.")]})
    try:
        with transaction.atomic():
            checklist.save(force_insert=True)
    except IntegrityError:
        raise Invalid(fields={"code": [_("Another checklist has this code.")]}) from None
    facts = given.model_dump(exclude_defaults=True) | {"code": checklist.code}
    write_note(
        actor=actor,
        subject_type=SUBJECT,
        subject_id=checklist.pk,
        step="create_checklist",
        data=facts,
        **_place(checklist),
    )
    return checklist


def edit_checklist(*, actor: Actor, checklist: UUID, data: dict[str, Any] | needs.ChecklistChange) -> Checklist:
    """Its name, its campaign, the kinds of visit it serves, and whether it is in use."""
    record = locked(checklist)
    if not rules.keeps(actor, record):
        raise Forbidden
    given = parsed(needs.ChecklistChange, data)
    changes = changed({name: getattr(record, name) for name in needs.ChecklistChange.model_fields}, given.model_dump())
    if not changes:
        return record
    for name, (_old, new) in changes.items():
        setattr(record, name, new)
    record.save(update_fields=list(changes))
    write_note(
        actor=actor,
        subject_type=SUBJECT,
        subject_id=record.pk,
        step="edit_checklist",
        changes=changes,
        **_place(record),
    )
    return record


def draft_edition(
    *, actor: Actor, checklist: UUID, data: dict[str, Any] | needs.Draft | None = None, shipped: int | None = None
) -> Edition:
    """A new edition with the items of the last one in force; a checklist has one edition at work at a time."""
    parent = locked(checklist)
    if not rules.keeps(actor, parent):
        raise Forbidden
    if Edition.objects.filter(checklist=parent, state__in=AT_WORK).exists():
        raise Conflict(
            _("An edition of this checklist is at work already. Go on with that one."), code="edition.at_work"
        )
    edition = Edition(id=new_id(), checklist=parent, shipped=shipped)
    made: Edition = begin(EDITION, "draft", edition, actor=actor, data=data or {})
    return made


def take_step(
    *,
    actor: Actor,
    edition: UUID,
    step: str,
    data: BaseModel | dict[str, Any] | None = None,
    version: int | None = None,
) -> Edition:
    """Take any step people take by a button; publication and withdrawal settle the other editions of the list."""
    if EDITION.has(step) and EDITION.step(step).quiet:
        raise NotFound(_("There is no step “%(step)s”."), step=step, code="flow.unknown_step")
    checklist = Edition.objects.filter(pk=edition).values_list("checklist_id", flat=True).first()
    if checklist is None:
        raise NotFound
    locked(checklist)  # one publication of a list at a time
    with transaction.atomic():
        if step == "publish":
            return _publish(actor, edition, checklist, data, version)
        begun = Edition.objects.values_list("in_force_from", flat=True).get(pk=edition)
        taken: Edition = take(EDITION, edition, step, actor=actor, data=data, version=version)
        if step == "withdraw" and begun is not None and begun > clock.today():
            _restore_before(actor, taken, begun)
    return taken


def _publish(actor: Actor, edition: UUID, checklist: UUID, data: Any, version: int | None) -> Edition:
    """The editions before it end the day before it begins; they give way first, as only one is published at a time."""
    given = parsed(needs.Publish, data or {})
    start = given.in_force_from or clock.today()
    record = Edition.objects.get(pk=edition)
    if (
        record.state == "reviewed"
        and (start >= clock.today() or actor.is_system)
        and EDITION.step("publish").by(actor, record)
    ):
        for before in _overlapping(checklist, start):
            take(EDITION, before, "replace", actor=actor, data={"until": start - timedelta(days=1)})
    taken: Edition = take(EDITION, edition, "publish", actor=actor, data=given, version=version)
    return taken


def _overlapping(checklist: UUID, start: date) -> list[UUID]:
    rows = Edition.objects.filter(checklist=checklist, state__in=("published", "replaced")).order_by("number")
    return [row.pk for row in rows if row.in_force_to is None or row.in_force_to >= start]


def _restore_before(actor: Actor, withdrawn: Edition, begun: date) -> None:
    """An edition that never came into force gives back the one that was to end for it."""
    before = Edition.objects.filter(
        checklist=withdrawn.checklist, state="replaced", in_force_to=begun - timedelta(days=1)
    ).order_by("-number").first()  # fmt: skip
    if before is not None:
        take(EDITION, before.pk, "restore", actor=actor)


def add_item(*, actor: Actor, edition: UUID, data: Any, version: int | None = None) -> Edition:
    return _changed(actor, edition, "add_item", data, version)


def edit_item(*, actor: Actor, edition: UUID, item: UUID, data: dict[str, Any], version: int | None = None) -> Edition:
    return _changed(actor, edition, "edit_item", {**data, "item": item}, version)


def move_item(*, actor: Actor, edition: UUID, item: UUID, up: bool) -> Edition:
    return _changed(actor, edition, "move_item", {"item": item, "up": up}, None)


def remove_item(*, actor: Actor, edition: UUID, item: UUID) -> Edition:
    return _changed(actor, edition, "remove_item", {"item": item}, None)


def fill_edition(*, actor: Actor, edition: UUID, items: list[Any]) -> Edition:
    """All items of a draft at once, in place of those it has."""
    return _changed(actor, edition, "fill", {"items": items}, None)


def _changed(actor: Actor, edition: UUID, step: str, data: Any, version: int | None) -> Edition:
    taken: Edition = take(EDITION, edition, step, actor=actor, data=data, version=version)
    return taken


def locked(checklist: UUID) -> Checklist:
    rows = Checklist.objects.select_for_update(of=("self",)).select_related("industry")
    record = rows.filter(pk=checklist).first()
    if record is None:
        raise NotFound
    return record


def _industry(code: str) -> Industry | None:
    if not code:
        return None
    found = Industry.objects.filter(pk=code, active=True).first()
    if found is None:
        raise Invalid(fields={"industry": [_("This industry is not known here. Choose one of the list.")]})
    return found


def _free_code(region: int, given: needs.ChecklistInput) -> str:
    """Territory and industry, and a number that is free."""
    stem = f"{format_region(region)}-{given.industry or ('campaign' if given.campaign else 'common')}"[:34]
    taken = set(Checklist.objects.filter(code__startswith=stem).values_list("code", flat=True))
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def _place(checklist: Checklist) -> dict[str, Any]:
    return {
        "region": checklist.region,
        "industry_bit": checklist.industry.bit if checklist.industry is not None else None,
    }
