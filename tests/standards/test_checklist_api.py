"""Checklists for programs."""

from typing import Any

import pytest
from django.test import Client

from anlan.identity.models import Person
from tests.factories import City
from tests.standards.lists import change, drafted, in_use, listed

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def get(city: City, name: str, path: str) -> tuple[int, Any]:
    client = Client()
    person = Person.objects.get(pk=city.actors[name].person)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(f"/api/v1{path}")
    return response.status_code, response.json()


def test_the_list_goes_on_where_it_ended(city: City) -> None:
    for number in range(3):
        in_use(city, "A1", code=f"l{number}")
    listed(city.n_regulator, code="near")
    status, first = get(city, "inspector", "/checklists?limit=2")
    assert (status, [one["code"] for one in first["items"]]) == (200, ["l0", "l1"])
    assert (first["items"][0]["items"], first["items"][0]["current"]["state"]) == (1, "published")
    status, rest = get(city, "inspector", f"/checklists?limit=2&cursor={first['next']}")
    assert ([one["code"] for one in rest["items"]], rest["next"]) == (["l2"], None)
    assert get(city, "inspector", "/checklists?industri=gas")[0] == 422
    assert get(city, "citizen", "/checklists")[0] == 403


def test_one_edition_with_its_items(city: City) -> None:
    edition = in_use(city, "A1", item={"facilities": ["dust"], "major_clause": city.clause.pk})
    status, found = get(city, "principal", f"/checklists/editions/{edition.pk}")
    assert status == 200
    assert (found["digest"], found["items"][0]["applies"]) == (edition.digest, {"facility": ["dust"]})
    assert "工贸企业重大事故隐患判定标准" in found["items"][0]["major_citation"]
    draft = drafted(city.regulator, edition.checklist)
    assert get(city, "principal", f"/checklists/editions/{draft.pk}")[0] == 404
    assert get(city, "inspector", f"/checklists/editions/{draft.pk}")[0] == 200
    assert get(city, "inspector", f"/checklists/editions/{city.enterprise.pk}")[0] == 404


def test_what_applies_to_an_enterprise_in_sight(city: City) -> None:
    in_use(city, "A1")
    in_use(city, "D1", code="dusty", item={"facilities": ["dust"]})
    path = f"/enterprises/{city.enterprise.pk}/checklist-items"
    assert [one["code"] for one in get(city, "inspector", path)[1]["items"]] == ["A1"]
    change(city.enterprise, facilities=["dust"])
    assert {one["code"] for one in get(city, "principal", f"{path}?kind=self_check")[1]["items"]} == {"A1", "D1"}
    assert get(city, "inspector", f"{path}?on=2001-01-01")[1]["items"] == []
    assert get(city, "inspector", f"{path}?kind=party")[0] == 422
    for name in ("n_inspector", "n_principal", "other_field"):
        assert get(city, name, path)[0] == 404, name
