"""A program that changes a part of a record keeps the rest as it is when its turn comes, not as it was when it asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from anlan.chain.actions import add_card, change_card
from anlan.experts.actions import add_expert, edit_expert, keep_group
from anlan.experts.models import Expert
from anlan.identity.tokens import issue_token
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.standards.actions import edit_checklist, edit_item
from anlan.standards.checklist_schemas import item_input
from anlan.standards.models import Item
from tests.api.asking import got
from tests.api.conftest import Speaker
from tests.factories import COUNTY, City, make_city
from tests.standards.lists import drafted, listed
from tests.together import one_after_the_other

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
EXPERT = {"name": "陈某", "level": "county", "region": COUNTY, "fields": [0], "since": "2026-01-01"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """Where it is asked for, what somebody else changes meanwhile and how that reads, and what the program sends."""

    path: str
    change: Callable[[], Any]
    there: dict[str, Any]
    sent: dict[str, Any]


def expert(city: City) -> Expert:
    return add_expert(actor=city.office, data=EXPERT)


def an_expert(city: City) -> Case:
    pk, there = expert(city).pk, {"employer": "省安科院"}
    return Case(
        path=f"/experts/{pk}",
        change=lambda: edit_expert(actor=city.office, expert=pk, data=EXPERT | there),
        there=there,
        sent={"title": "高级工程师"},
    )


def a_group(city: City) -> Case:
    first, second = expert(city).pk, expert(city).pk
    facts = {"name": "一组", "region": COUNTY, "leader": first, "members": [first]}
    pk = keep_group(actor=city.office, data=facts).pk
    return Case(
        path=f"/expert-groups/{pk}",
        change=lambda: keep_group(actor=city.office, data=facts | {"members": [first, second]}, group=pk),
        there={"members": sorted([str(first), str(second)])},
        sent={"name": "二组"},
    )


def a_checklist(city: City) -> Case:
    known, there = listed(city.office), {"en": "Another name"}
    facts = {name: getattr(known, name) for name in ("zh", "en", "kinds", "campaign", "active")} | there
    return Case(
        path=f"/checklists/{known.pk}",
        change=lambda: edit_checklist(actor=city.office, checklist=known.pk, data=facts),
        there=there,
        sent={"zh": "改过的清单名称"},
    )


def an_item(city: City) -> Case:
    draft, there = drafted(city.office, listed(city.office), "A1"), {"weight": 7}
    known = Item.objects.get(edition=draft)
    facts = item_input(known) | there
    return Case(
        path=f"/checklists/items/{known.pk}",
        change=lambda: edit_item(actor=city.office, edition=draft.pk, item=known.pk, data=facts),
        there=there,
        sent={"method": "查现场"},
    )


def a_card(city: City) -> Case:
    facts = {"level": "team_leader", "title": "熔炼班组长", "holder_name": "李某", "duties": ["班前会讲清当班风险"]}
    pk, there = add_card(actor=city.principal, enterprise=city.enterprise.pk, data=facts).pk, {"duties": ["班后清场"]}
    return Case(
        path=f"/duty-cards/{pk}",
        change=lambda: change_card(actor=city.principal, card=pk, data=facts | there),
        there=there,
        sent={"emergency": "先停炉断电"},
    )


MAKERS = {an_expert: "office", a_group: "office", a_checklist: "office", an_item: "office", a_card: "principal"}


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_what_was_not_sent_stays_as_somebody_else_left_it(make: Callable[[City], Case]) -> None:
    city = make_city()
    actor, program = getattr(city, MAKERS[make]), Speaker(_token(city, MAKERS[make]))
    with scope.acting(actor):
        case = make(city)
    program.get(case.path)  # so that nothing is loaded for the first time while the other waits
    answer: dict[str, Any] = {}
    one_after_the_other(actor, case.change, lambda: answer.update(got(program("PATCH", case.path, case.sent))))
    wanted = case.sent | case.there
    assert {name: answer[name] for name in wanted} == wanted


def _token(city: City, name: str) -> str:
    with scope.acting(SYSTEM):
        return issue_token(post=city.posts[name], name="test")
