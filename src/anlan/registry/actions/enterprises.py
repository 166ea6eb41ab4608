"""Enterprises: registered, changed, closed."""

from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from anlan.identity.actions.posts import follow_enterprise
from anlan.identity.models import Organisation, Region
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.geo import to_wgs84
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import changed, write_note
from anlan.kernel.wording import parsed
from anlan.registry import rules
from anlan.registry.events import EnterpriseMoved, following
from anlan.registry.inputs import CONTACTS, EnterpriseInput, Place
from anlan.registry.models import Enterprise, Industry, Placed

I = TypeVar("I", bound=BaseModel)  # noqa: E741
SUBJECT = "enterprise"
POINT = ("lon", "lat", "original_lon", "original_lat", "original_system")


def check_region(actor: Actor, code: int, industry_bit: int) -> None:
    """The region is known, and the actor may put a record of that industry there."""
    if not Region.objects.filter(pk=code).exists():
        raise Invalid(fields={"region": [_("This region is not known here. Choose one of the list.")]})
    if not actor.covers(code):
        raise Invalid(fields={"region": [_("This region lies outside your territory.")]})
    if not actor.covers(code, industry_bit):
        raise Invalid(fields={"industry": [_("Your post does not supervise this industry.")]})


def industry_of(code: str) -> Industry:
    found = Industry.objects.filter(pk=code, active=True).first()
    if found is None:
        raise Invalid(fields={"industry": [_("This industry is not known here. Choose one of the list.")]})
    return found


def put_point(record: Placed, place: Place) -> None:
    """Keep the pair as given and as WGS 84."""
    record.original_lon, record.original_lat, record.original_system = place.lon, place.lat, place.system
    if place.lon is None or place.lat is None:
        record.lon = record.lat = None
        return
    lon, lat = to_wgs84(float(place.lon), float(place.lat), place.system)
    record.lon, record.lat = Decimal(f"{lon:.6f}"), Decimal(f"{lat:.6f}")


def register_enterprise(*, actor: Actor, data: dict[str, Any] | EnterpriseInput) -> Enterprise:
    """A new enterprise with the organisation its people will hold posts in."""
    if not rules.keeps_enterprises(actor):
        raise Forbidden
    given = parsed(EnterpriseInput, data)
    industry = industry_of(given.industry)
    check_region(actor, given.region, industry.bit)
    _check_free(given.uscc)
    now = clock.now()
    enterprise = Enterprise(id=new_id(), created_at=now, changed_at=now)
    _fill(enterprise, given, industry)
    _save(enterprise)
    ensure_organisation(enterprise=enterprise)
    write_note(
        actor=actor,
        subject_type=SUBJECT,
        subject_id=enterprise.pk,
        step="register_enterprise",
        data=given.model_dump(exclude_defaults=True),
        **place_of(enterprise),
    )
    return enterprise


def edit_enterprise(*, actor: Actor, enterprise: UUID, data: dict[str, Any]) -> Enterprise:
    """
    Change the fields that are given. A post of the enterprise may change its contacts alone.

    When it moves to another region or industry, its people and every record that copies either go along or stay, as
    docs/decisions/a-moved-enterprise.md says.
    """
    record = locked(enterprise)
    keeper = rules.keeps(actor, record)
    if not keeper and not rules.answers_for(actor, record):
        raise Forbidden
    if not keeper and (others := set(data) - CONTACTS):
        words = [_("Only the office and the regulator may change this.")]
        raise Invalid(fields=dict.fromkeys(sorted(others), words))
    if record.status == "closed":
        raise Conflict(_("The enterprise is closed; its record is kept as it was."))
    given = parsed(EnterpriseInput, _as_input(record) | data)
    before, was = _facts(record), (record.region, record.industry_bit)
    industry = industry_of(given.industry)
    moved = (given.region, industry.bit) != was
    if keeper and moved:
        check_region(actor, given.region, industry.bit)
    if given.uscc != record.uscc:
        _check_free(given.uscc)
    _fill(record, given, industry)
    changes = changed(before, _facts(record))
    if not changes:
        return record
    record.changed_at = clock.now()
    _save(record)
    if moved or "name" in changes:
        ensure_organisation(enterprise=record)
    write_note(
        actor=actor,
        subject_type=SUBJECT,
        subject_id=record.pk,
        step="edit_enterprise",
        changes=changes,
        **place_of(record),
    )
    if moved:
        _bring_along(actor, record, *was)
    return record


def _bring_along(actor: Actor, record: Enterprise, region: int, industry_bit: int) -> None:
    """Sites stay where they stand; its people go along, and whatever the rooms downstream keep of it."""
    with following():
        record.sites.update(industry_bit=record.industry_bit)
        if record.region != region:
            follow_enterprise(actor=actor, enterprise=record.pk, region=record.region)
    EnterpriseMoved(enterprise=record, actor=actor, region=region, industry_bit=industry_bit).emit()


def close_enterprise(*, actor: Actor, enterprise: UUID, reason: str) -> Enterprise:
    """The enterprise has ceased; its record and its history stay."""
    record = locked(enterprise)
    if not rules.keeps(actor, record):
        raise Forbidden
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why: moved away, wound up, merged …")]})
    if record.status == "closed":
        raise Conflict(_("The enterprise is closed already."))
    old, record.status, record.changed_at = record.status, "closed", clock.now()
    record.save(update_fields=["status", "changed_at"])
    write_note(
        actor=actor,
        subject_type=SUBJECT,
        subject_id=record.pk,
        step="close_enterprise",
        changes={"status": [old, "closed"]},
        data={"reason": reason.strip()[:300]},
        **place_of(record),
    )
    return record


def ensure_organisation(*, enterprise: Enterprise) -> Organisation:
    """The organisation that carries the enterprise's own id, so that its people can hold posts."""
    with scope.elevated("an enterprise's organisation follows the enterprise"):
        taken = Organisation.objects.filter(region=enterprise.region, name=enterprise.name).exclude(pk=enterprise.pk)
        name = f"{enterprise.name[:98]} ({enterprise.uscc})" if taken.exists() else enterprise.name
        facts = {"name": name, "region": enterprise.region, "kind": "enterprise"}
        return Organisation.objects.update_or_create(pk=enterprise.pk, defaults=facts)[0]


def locked(enterprise: UUID) -> Enterprise:
    record = Enterprise.objects.select_for_update().filter(pk=enterprise).first()
    if record is None:
        raise NotFound
    return record


def place_of(enterprise: Enterprise) -> dict[str, Any]:
    return {"region": enterprise.region, "industry_bit": enterprise.industry_bit, "enterprise_id": enterprise.pk}


def _check_free(uscc: str) -> None:
    with scope.elevated("a credit code is unique in the whole country"):
        taken = Enterprise.objects.filter(uscc=uscc).exists()
    if taken:
        raise Invalid(fields={"uscc": [_("An enterprise with this credit code is registered already.")]})


def _save(enterprise: Enterprise) -> None:
    try:
        with transaction.atomic():
            enterprise.save()
    except IntegrityError:  # another registered it between the check and now
        raise Invalid(fields={"uscc": [_("An enterprise with this credit code is registered already.")]}) from None


def _fill(record: Enterprise, given: EnterpriseInput, industry: Industry) -> None:
    for name in EnterpriseInput.model_fields:
        if name not in {"lon", "lat", "system", "industry"}:
            setattr(record, name, getattr(given, name))
    record.industry, record.industry_bit = industry, industry.bit
    put_point(record, given)


def _as_input(record: Enterprise) -> dict[str, Any]:
    """The record in the words of its input, so that a partial change is judged as a whole."""
    names = set(EnterpriseInput.model_fields) - {"lon", "lat", "system", "industry"}
    return {name: getattr(record, name) for name in names} | {
        "industry": record.industry_id,
        "lon": record.original_lon,
        "lat": record.original_lat,
        "system": record.original_system,
    }


def _facts(record: Enterprise) -> dict[str, Any]:
    names = set(EnterpriseInput.model_fields) - {"lon", "lat", "system", "industry"}
    return {name: getattr(record, name) for name in sorted(names | set(POINT))} | {"industry": record.industry_id}
