"""Whoever an item waits for finds it on the workbench, with the step to take; nobody else does."""

import re

import pytest
from django.urls import reverse

from anlan.kernel.actor import Actor
from tests.plans.conftest import Office
from tests.plans.test_pages import visit

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def offered(actor: Actor) -> list[str]:
    """The steps of plan items that the page offers."""
    answer = visit(actor).get("/")
    assert answer.status_code == 200
    return re.findall(r"/plans/items/[0-9a-f-]{36}/steps/(\w+)/", answer.content.decode())


@pytest.mark.parametrize(
    ("state", "whose", "step"),
    [
        ("assigned", "member", "sign"),
        ("signed_for", "member", "start"),
        ("under_way", "member", "report"),
        ("returned", "member", "start"),
        ("handed_back", "office", "reassign"),
        ("reported", "office", "verify"),
        ("verified", "office", "close"),
    ],
)
def test_the_next_step_is_offered_to_whom_it_waits_for(office: Office, state: str, whose: str, step: str):
    office.in_state(state)
    county = office.city.actors["office"]
    waited, other = (office.member, county) if whose == "member" else (county, office.member)
    assert set(offered(waited)) == {step}
    assert offered(other) == []
    assert offered(office.n_member) == []
    assert offered(office.city.actors["n_office"]) == []


@pytest.mark.parametrize("state", ["planned", "done", "withdrawn"])
def test_what_waits_for_nobody_is_not_there(office: Office, state: str):
    office.in_state(state)
    for actor in (office.member, office.keeper, office.city.actors["office"]):
        assert offered(actor) == []


def test_the_list_behind_it_holds_the_unit_s_open_items(office: Office):
    item = office.assigned()
    page = visit(office.member).get("/").content.decode()
    more = f"{reverse('plans:items', args=[office.plan.pk])}?year={item.year}&amp;state=open&amp;unit={office.unit.pk}"
    assert more in page
    assert item.name in visit(office.member).get(more.replace("&amp;", "&")).content.decode()
