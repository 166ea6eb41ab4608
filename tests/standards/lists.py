"""Checklists as the tests write them."""

from datetime import date
from typing import Any

from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.registry.models import Enterprise
from anlan.standards.actions import add_item, create_checklist, draft_edition, take_step
from anlan.standards.models import Checklist, Edition, Item
from tests.factories import City


def listed(actor: Actor, **over: Any) -> Checklist:
    with scope.acting(actor):
        return create_checklist(actor=actor, data={"zh": "工贸企业检查清单", "industry": "gongmao"} | over)


def drafted(actor: Actor, checklist: Checklist, *codes: str, **over: Any) -> Edition:
    """A draft with an item for each code besides those it copies."""
    with scope.acting(actor):
        edition = draft_edition(actor=actor, checklist=checklist.pk)
        for code in codes:
            add_item(actor=actor, edition=edition.pk, data={"code": code, "zh": f"第{code}项措施落实到位"} | over)
        return Edition.objects.get(pk=edition.pk)


def step(actor: Actor, edition: Edition, name: str, **data: Any) -> Edition:
    with scope.acting(actor):
        return take_step(actor=actor, edition=edition.pk, step=name, data=data)


def published(city: City, edition: Edition, *, start: date | None = None) -> Edition:
    """Reviewed by the city's office and published by it."""
    step(city.city_office, edition, "review")
    return step(city.city_office, edition, "publish", in_force_from=start)


def in_use(
    city: City, *codes: str, start: date | None = None, item: dict[str, Any] | None = None, **over: Any
) -> Edition:
    """A published edition of a new list of the county, written by its regulator."""
    writer = city.city_regulator if over.get("region", 0) == 141000000000 else city.regulator
    if not over.get("industry", "gongmao"):
        writer = city.office
    checklist = listed(writer, **over)
    return published(city, drafted(writer, checklist, *codes, **(item or {})), start=start)


def codes_of(items: list[Item]) -> list[str]:
    return [item.code for item in items]


def change(enterprise: Enterprise, **facts: Any) -> Enterprise:
    with scope.acting(SYSTEM):
        Enterprise.objects.filter(pk=enterprise.pk).update(**facts)
        return Enterprise.objects.get(pk=enterprise.pk)
