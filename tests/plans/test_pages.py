"""The pages and the operations: whoever has a part in the campaign reads them, nobody else; steps by form and by program."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from anlan.identity.models import Person
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.plans.models import PlanItem
from tests.plans.conftest import Office

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
TABS = ("All", "To be signed for", "Under way", "To be verified", "Key tasks", "Overdue")
PAGES = ("tree", "units", "regions", "calendar", "items", "checks", "bring")


def visit(actor: Actor) -> Client:
    """Signed in as this person at this post."""
    client = Client(headers={"accept-language": "en"})
    with scope.acting(SYSTEM):
        person = Person.objects.get(pk=actor.person)
        Person.objects.filter(pk=person.pk).update(password_changed_at=clock.now(), language="en")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["post"] = str(actor.post)
    session.save()
    return client


def test_every_page_opens_and_names_the_item(office: Office):
    item = office.assigned()
    client = visit(office.keeper)
    for name in PAGES:
        answer = client.get(reverse(f"plans:{name}", args=[office.plan.pk]))
        assert answer.status_code == 200, name
    assert item.name in client.get(reverse("plans:items", args=[office.plan.pk])).content.decode()
    assert item.name in client.get(reverse("plans:calendar", args=[office.plan.pk])).content.decode()
    branch = client.get(reverse("plans:branch", args=[office.plan.pk]), {"code": "1.1.1"})
    assert item.name in branch.content.decode()
    assert client.get(reverse("plans:item", args=[item.pk])).status_code == 200
    sheet = client.get(reverse("plans:export", args=[office.plan.pk]))
    assert sheet.headers["Content-Type"].endswith("sheet")


def test_the_tab_of_what_is_shown_is_lit_with_and_without_a_year(office: Office):
    office.assigned()
    client, address = visit(office.keeper), reverse("plans:items", args=[office.plan.pk])
    for query, lit in (
        ("", "All"), (f"?year={clock.today().year}", "All"), ("?state=reported", "To be verified"), ("?q=x", None),
    ):  # fmt: skip
        page = client.get(f"{address}{query}").content.decode()
        tabs = [one for one in re.findall(r'<a[^>]*aria-current="page"[^>]*>([^<]+)</a>', page) if one in TABS]
        assert tabs == ([lit] if lit else []), query


def test_who_has_no_part_is_refused_and_a_stranger_finds_nothing(office: Office):
    item = office.assigned()
    for name in ("principal", "dispatcher"):
        client = visit(office.city.actors[name])
        assert client.get(reverse("plans:tree", args=[office.plan.pk])).status_code == 403
    client = visit(office.n_member)
    assert client.get(reverse("plans:tree", args=[office.plan.pk])).status_code == 200  # it is published
    assert client.get(reverse("plans:item", args=[item.pk])).status_code == 404
    assert client.get(reverse("plans:checks", args=[office.plan.pk])).status_code == 403


def test_a_plan_that_is_not_published_is_not_there_for_those_below(office: Office):
    office.item()
    assert visit(office.member).get(reverse("plans:tree", args=[office.plan.pk])).status_code == 404


def test_the_unit_signs_and_reports_by_form(office: Office):
    item = office.assigned()
    client = visit(office.member)
    address = reverse("plans:step", args=[item.pk, "sign"])
    assert client.get(address).status_code == 200
    assert client.post(address, {"version": item.version}).status_code == 302
    address = reverse("plans:step", args=[item.pk, "progress"])
    short = client.post(address, {"words": "已排查十家。"})
    assert short.status_code == 422
    assert client.post(address, {"words": "已排查十家。", "achieved": "10"}).status_code == 302
    with scope.acting(office.member):
        assert PlanItem.objects.get(pk=item.pk).share == 250
    assert client.get(reverse("plans:step", args=[item.pk, "assign"])).status_code == 404


def test_publishing_by_the_button(office: Office):
    item = office.item()
    client = visit(office.keeper)
    assert client.post(reverse("plans:publish", args=[office.plan.pk])).status_code == 302
    assert office.fresh(item).state == "assigned"


def test_programs_read_the_tree_the_items_and_take_steps(office: Office):
    item = office.assigned()
    client = visit(office.member)
    tree: Any = client.get(f"/api/v1/plans/{office.plan.pk}").json()
    assert [one["code"] for one in tree["branches"]] == ["1"]
    assert tree["branches"][0]["below"][0]["below"][0]["sums"]["total"] == 1
    listed = client.get("/api/v1/plans/items", {"branch": "1.1", "state": "open"}).json()
    assert [one["id"] for one in listed["items"]] == [str(item.pk)]
    taken = client.post(
        f"/api/v1/plans/items/{item.pk}/steps/sign", data={}, content_type="application/json",
        headers={"Idempotency-Key": "00000000-0000-7000-8000-000000000001"},
    )  # fmt: skip
    assert (taken.status_code, taken.json()["state"]) == (200, "signed_for")
    assert client.get(f"/api/v1/plans/{office.plan.pk}/progress").json()["sums"]["total"] == 1
    assert client.get(f"/api/v1/plans/{office.plan.pk}/checks").status_code == 403
    assert visit(office.n_member).get(f"/api/v1/plans/items/{item.pk}").status_code == 404
