"""In whose name an administrative inspection is made: asked when a visit is planned, and before a draw that leads to visits."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.identity.models import Organisation
from anlan.inspections import rulings
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.citysettings import value
from anlan.kernel.codes import subtree


def body_named(chosen: UUID | None) -> Organisation | None:
    """A body that exists and is no enterprise."""
    with scope.elevated("a body of a higher territory may visit too"):
        rows = Organisation.objects.filter(pk=chosen, active=True).exclude(kind="enterprise") if chosen else None
        return rows.first() if rows is not None else None


def inspecting_fault(body: Organisation | None, actor: Actor, *, region: int, abroad: bool) -> Any:
    """Why a body may not make administrative inspections in a region on this actor's word, or None."""
    if body is None:
        return _("An administrative inspection is made by a department: name it.")
    if body.kind not in value(rulings.BODIES.key, region):
        return _("“%(name)s” may not make administrative inspections; plan a supervision or expert help instead.") % {
            "name": body.name
        }
    if not own(body, actor):
        return not_own(body)
    if not abroad and not _reaches(body, region):
        return _("This body has no powers in this region.")
    return None


def own(body: Organisation, actor: Actor) -> bool:
    """Nobody inspects in another body's name: one's own, or one directly under it."""
    return actor.organisation is not None and actor.organisation in (body.pk, body.parent_id)


def not_own(body: Organisation) -> Any:
    return _(
        "You plan an administrative inspection in the name of your own body or of one directly under it, not of “%(name)s”."
    ) % {"name": body.name}


def able_bodies(actor: Actor) -> list[Organisation]:
    """The bodies in whose name the actor may have inspections made, the own first."""
    if actor.organisation is None or actor.region is None:
        return []
    kinds = value(rulings.BODIES.key, actor.region)
    mine = Q(pk=actor.organisation) | Q(parent_id=actor.organisation)
    rows = Organisation.objects.filter(mine, kind__in=kinds, active=True).order_by("name", "id")
    return sorted(rows, key=lambda one: one.pk != actor.organisation)


def _reaches(body: Organisation, region: int) -> bool:
    low, high = subtree(body.region)
    return low <= region < high
