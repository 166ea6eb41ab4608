"""The places of an enterprise."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import changed, write_note
from anlan.kernel.wording import parsed
from anlan.registry import rules
from anlan.registry.actions.enterprises import check_region, locked, place_of, put_point
from anlan.registry.events import SiteMoved
from anlan.registry.inputs import SiteInput
from anlan.registry.models import Enterprise, Site


def add_site(*, actor: Actor, enterprise: UUID, data: dict[str, Any] | SiteInput) -> Site:
    owner = _open_for(actor, enterprise)
    given = parsed(SiteInput, data)
    site = Site(id=new_id(), enterprise=owner)
    _fill(site, given, owner, actor)
    _save(site)
    write_note(
        actor=actor,
        subject_type="enterprise",
        subject_id=owner.pk,
        step="add_site",
        data={"site": site.pk} | given.model_dump(exclude_defaults=True),
        **place_of(owner),
    )
    return site


def edit_site(*, actor: Actor, site: UUID, data: dict[str, Any]) -> Site:
    """Change the fields that are given. What lies at the site goes along when it moves to another region."""
    known = Site.objects.filter(pk=site).values_list("enterprise_id", flat=True).first()
    if known is None:
        raise NotFound
    owner = _open_for(actor, known)
    record = Site.objects.select_for_update(of=("self",)).get(pk=site)  # as it is now that its enterprise is held
    before, region = _facts(record), record.region
    given = parsed(
        SiteInput,
        {
            "name": record.name,
            "address": record.address,
            "region": record.region,
            "lon": record.original_lon,
            "lat": record.original_lat,
            "system": record.original_system,
        }
        | data,
    )
    _fill(record, given, owner, actor)
    changes = changed(before, _facts(record))
    if not changes:
        return record
    _save(record)
    write_note(
        actor=actor,
        subject_type="enterprise",
        subject_id=owner.pk,
        step="edit_site",
        changes=changes,
        data={"site": record.pk},
        **place_of(owner),
    )
    if record.region != region:
        SiteMoved(site=record, actor=actor, region=region).emit()
    return record


def _open_for(actor: Actor, enterprise: UUID) -> Enterprise:
    """The enterprise, when this actor may change its places: its keepers and its own posts may."""
    owner = locked(enterprise)
    if not rules.keeps(actor, owner) and not rules.answers_for(actor, owner):
        raise Forbidden
    if owner.status == "closed":
        raise Conflict(_("The enterprise is closed; its record is kept as it was."))
    return owner


def _fill(site: Site, given: SiteInput, owner: Enterprise, actor: Actor) -> None:
    region = given.region or owner.region
    if region not in (owner.region, site.region):
        if rules.answers_for(actor, owner):
            raise Invalid(fields={"region": [_("Only the office and the regulator may change this.")]})
        check_region(actor, region, owner.industry_bit)
    site.name, site.address, site.region, site.industry_bit = given.name, given.address, region, owner.industry_bit
    put_point(site, given)


def _save(site: Site) -> None:
    try:
        with transaction.atomic():
            site.save()
    except IntegrityError:
        raise Invalid(fields={"name": [_("The enterprise has a site of this name already.")]}) from None


def _facts(site: Site) -> dict[str, Any]:
    names = ("name", "address", "region", "lon", "lat", "original_lon", "original_lat", "original_system")
    return {name: getattr(site, name) for name in names}
