"""Who may receive a report: units that a citizen is offered, and that a dispatcher chooses from."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors
from anlan.kernel.numbering import county_of
from anlan.reports import sorter
from anlan.reports.models import Category, Report

KINDS = ("department", "government", "committee")
MOST = 8
_NOBODY = Actor(role="citizen", name="citizen")


@dataclass(frozen=True, kw_only=True)
class Unit:
    id: UUID
    name: str
    why: str


def units_for(region: int, category: str = "") -> list[Unit]:
    """Bodies whose territory takes the region in, the nearest first; those of the category's field before the others."""
    kind = Category.objects.select_related("industry").filter(pk=category).first() if category else None
    bit = kind.industry.bit if kind and kind.industry else None
    asked = Report(
        region=region, county=county_of(region), category=kind, words="", industry=kind.industry if kind else None
    )
    with scope.acting(_NOBODY), scope.elevated("which units there are is public"):
        rule: Any = sorter.route(asked)
        places = Q(region__in=[region, *ancestors(region)])
        rows = list(Organisation.objects.filter(places, kind__in=KINDS, active=True).order_by("-region", "name")[:200])
    chosen = rule.unit_id if rule is not None else None
    found = [
        (row.pk != chosen, not _serves(row, bit), -row.region, row.name, row)
        for row in rows
        if row.pk == chosen or _serves(row, bit) or row.kind != "department"
    ]
    found.sort(key=lambda one: one[:4])
    return [
        Unit(id=row.pk, name=row.name, why=_why(row.pk == chosen, not other, kind))
        for _unchosen, other, _region, _name, row in found[:MOST]
    ]


def _serves(row: Organisation, bit: int | None) -> bool:
    """A body that names no field answers for all of them."""
    return bit is None or row.industries == 0 or bool((row.industries >> bit) & 1)


def _why(chosen: bool, serves: bool, kind: Category | None) -> str:
    if chosen:
        return _("receives this kind of report here")
    return _("responsible for this field") if serves and kind else _("responsible for this territory")
