"""Checklists for those who visit: the editions in force for an enterprise on a day, and the items that apply to it."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from anlan.kernel.codes import ancestors
from anlan.registry.models import Enterprise
from anlan.standards.models import Edition, Item
from anlan.standards.rules import applies


def in_force(day: date) -> Q:
    """
    Editions in force on a day: its dates alone decide.

    A replaced edition holds until the day before the one that took its place.
    """
    return Q(in_force_from__lte=day) & (Q(in_force_to=None) | Q(in_force_to__gte=day))


def facts_of(enterprise: Enterprise) -> Mapping[str, Collection[str]]:
    """What an item's predicate is asked about."""
    return {
        "industry": (enterprise.industry_id,),
        "grade": (enterprise.grade,),
        "scale": (enterprise.scale,),
        "facility": frozenset(enterprise.facilities),
    }


def editions_for(*, enterprise: Enterprise, kind: str, campaign: str = "", day: date) -> list[Edition]:
    """
    The editions a visit of that kind asks from: the common lists, those of the industry, and those of the campaign.

    A list holds in the territory it was made for and below; one without kinds serves visits of every kind.
    """
    own = Q(checklist__industry=None) | Q(checklist__industry=enterprise.industry_id)
    rows = Edition.objects.filter(
        in_force(day),
        own,
        checklist__active=True,
        checklist__region__in=[enterprise.region, *ancestors(enterprise.region)],
        checklist__campaign__in=["", campaign],
    )
    found = [row for row in rows.select_related("checklist") if not row.checklist.kinds or kind in row.checklist.kinds]
    return sorted(found, key=_order)


def _order(edition: Edition) -> tuple[bool, bool, int, str]:
    checklist = edition.checklist
    return bool(checklist.campaign), checklist.industry_id is not None, checklist.region, checklist.code


def items_of(editions: Collection[Edition]) -> QuerySet[Item]:
    """The items of some editions with the clauses they rest on, in each edition's order."""
    rows = Item.objects.filter(edition__in=editions).order_by("edition_id", "place", "id")
    return rows.select_related("law_clause__law", "major_clause__criteria")


def items_for(*, enterprise: Enterprise, kind: str, campaign: str = "", day: date) -> list[Item]:
    """The items of those editions that apply to the enterprise, list by list; each item carries its edition."""
    editions = editions_for(enterprise=enterprise, kind=kind, campaign=campaign, day=day)
    facts = facts_of(enterprise)
    by_edition: dict[object, list[Item]] = {edition.pk: [] for edition in editions}
    known = {edition.pk: edition for edition in editions}
    for item in items_of(editions):
        if applies(item.applies, facts):
            item.edition = known[item.edition_id]
            by_edition[item.edition_id].append(item)
    return [item for edition in editions for item in by_edition[edition.pk]]
