"""Risk points: registered, changed, retired; the units they are grouped by."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.identity.models import Region
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import changed
from anlan.kernel.numbering import county_of, next_number
from anlan.kernel.wording import parsed
from anlan.registry.actions.enterprises import POINT, check_region, industry_of, put_point
from anlan.registry.events import STEP
from anlan.registry.inputs import Place
from anlan.registry.models import Enterprise, Industry, Site
from anlan.risks import rules
from anlan.risks.actions.common import given_of, locked, note, refresh, saved, touch
from anlan.risks.models import RiskPoint, RiskUnit
from anlan.risks.morton import morton
from anlan.risks.needs import Point, PointFacts, Retire, Unit

PREFIX, COUNTER = "FX", "risk_point"
TAKEN = _("The enterprise has a risk point of this name already.")
PLAIN = ("name", "kind", "place", "emergency_phone", "emergency_measures")


def register_point(*, actor: Actor, data: dict[str, Any] | Point, id: UUID | None = None) -> RiskPoint:  # noqa: A002 -- a client's own key
    """A new point. `id` may be made by a client: a retry is then the same record (409 when it exists already)."""
    if not rules.keeps_points(actor):
        raise Forbidden
    given = parsed(Point, data)
    # Held, so that a point registered while its enterprise moves is registered where it is then.
    owner = Enterprise.objects.select_for_update(of=("self",)).filter(pk=given.enterprise).first()
    if owner is None:
        raise Invalid(
            fields={"enterprise": [_("There is no such enterprise, or it is outside what your post may see.")]}
        )
    if actor.enterprises and owner.pk not in actor.enterprises:
        raise Invalid(fields={"enterprise": [_("Your post registers risk points of its own enterprise.")]})
    if owner.status == "closed":
        raise Conflict(_("The enterprise is closed; its record is kept as it was."))
    now = clock.now()
    point = RiskPoint(id=id or new_id(), enterprise=owner, created_at=now, changed_at=now)
    if id is not None and RiskPoint.objects.filter(pk=id).exists():
        raise Conflict(_("This risk point was registered already."), code="risk.exists")
    _fill(actor, point, given, owner)
    point.number = next_number(PREFIX, COUNTER, region=point.region, year=clock.today().year)
    saved(point, "name", TAKEN)
    note(actor, point, "register_risk_point", data=given_of(given) | {"number": point.number})
    return point


def edit_point(*, actor: Actor, point: UUID, data: dict[str, Any], version: int | None = None) -> RiskPoint:
    """Change the fields that are given; colours follow when it moves to where other bands or tiers are in force."""
    record = locked(actor, point, version=version)
    given = parsed(PointFacts, _as_input(record) | data)
    before = _facts(record)
    owner = record.enterprise
    region = record.region
    _fill(actor, record, given, owner)
    changes = changed(before, _facts(record))
    if not changes:
        return record
    saved(record, "name", TAKEN)
    if record.region != region:
        changes |= refresh(record)
    else:
        touch(record)
    note(actor, record, "edit_risk_point", changes=changes)
    return record


def move_point(*, actor: Actor, point: RiskPoint, region: int, industry: Industry) -> None:
    """Its enterprise or its site moved; tier and colour follow the rules in force there. The point is locked."""
    was = {name: getattr(point, name) for name in ("region", "industry_id")}
    point.region, point.county = region, county_of(region)
    point.industry, point.industry_bit = industry, industry.bit
    changes = changed(was, {name: getattr(point, name) for name in was})
    if changes:
        note(actor, point, STEP, changes=changes | refresh(point))


def retire_point(*, actor: Actor, point: UUID, data: dict[str, Any] | Retire) -> RiskPoint:
    """It is no longer there; its record, assessments and history stay."""
    record = locked(actor, point)
    given = parsed(Retire, data)
    record.active = False
    touch(record)
    note(actor, record, "retire_risk_point", changes={"active": [True, False]}, data={"reason": given.reason})
    return record


def rename_unit(*, actor: Actor, unit: UUID, data: dict[str, Any] | Unit) -> RiskUnit:
    record = RiskUnit.objects.select_for_update().filter(pk=unit).first()
    if record is None:
        raise NotFound
    if not rules.keeps(actor, record):
        raise Forbidden
    given = parsed(Unit, data)
    old, record.name = record.name, given.name
    if old == given.name:
        return record
    saved(record, "name", _("The enterprise has a risk unit of this name already."))
    # Each point of the unit has a history of its own; the first one's carries the word for all.
    for point in RiskPoint.objects.filter(unit=record, active=True).order_by("id")[:1]:
        note(actor, point, "rename_risk_unit", changes={"unit": [old, given.name]}, data={"unit_id": record.pk})
    return record


def unit_of(owner: Enterprise, name: str) -> RiskUnit | None:
    """The enterprise's unit of that name, made when it is new."""
    if not name:
        return None
    place = {"region": owner.region, "industry_bit": owner.industry_bit}
    return RiskUnit.objects.get_or_create(enterprise=owner, name=name, defaults=place)[0]


def _fill(actor: Actor, point: RiskPoint, given: PointFacts, owner: Enterprise) -> None:
    for name in PLAIN:
        setattr(point, name, getattr(given, name))
    site = _site(owner, given.site)
    region = given.region or (site.region if site else owner.region)
    industry = industry_of(given.industry) if given.industry else owner.industry
    if (region, industry.bit) != (point.region, point.industry_bit):
        _check_ground(actor, owner, region, industry.bit)
    point.site, point.region, point.county = site, region, county_of(region)
    point.industry, point.industry_bit = industry, industry.bit
    point.unit = unit_of(owner, given.unit)
    put_point(point, Place(lon=given.lon, lat=given.lat, system=given.system))
    point.morton = (
        morton(float(point.lon), float(point.lat)) if point.lon is not None and point.lat is not None else None
    )


def _site(owner: Enterprise, wanted: UUID | None) -> Site | None:
    if wanted is None:
        return None
    site = Site.objects.filter(pk=wanted, enterprise=owner).first()
    if site is None:
        raise Invalid(fields={"site": [_("The enterprise has no such site.")]})
    return site


def _check_ground(actor: Actor, owner: Enterprise, region: int, industry_bit: int) -> None:
    """Officials put points in their territory and fields; an enterprise where it is registered or has a site."""
    if not actor.enterprises:
        check_region(actor, region, industry_bit)
        return
    if not Region.objects.filter(pk=region).exists():
        raise Invalid(fields={"region": [_("This region is not known here. Choose one of the list.")]})
    own = {owner.region, *Site.objects.filter(enterprise=owner).values_list("region", flat=True)}
    if county_of(region) not in {county_of(one) for one in own}:
        raise Invalid(fields={"region": [_("Your enterprise has no site in this county.")]})


def _as_input(record: RiskPoint) -> dict[str, Any]:
    """The record in the words of its input, so that a partial change is judged as a whole."""
    return {name: getattr(record, name) for name in PLAIN} | {
        "unit": record.unit.name if record.unit else "",
        "site": record.site_id,
        "region": record.region,
        "industry": record.industry_id,
        "lon": record.original_lon,
        "lat": record.original_lat,
        "system": record.original_system,
    }


def _facts(record: RiskPoint) -> dict[str, Any]:
    plain = {name: getattr(record, name) for name in (*PLAIN, "region", "site_id", "industry_id", *POINT)}
    return plain | {"unit": record.unit.name if record.unit else ""}
