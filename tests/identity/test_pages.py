"""Every page as every role: shown or refused, and what its forms do."""

import io
import re
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anlan.identity import actions
from anlan.identity.models import Organisation, Person, Post, Region
from anlan.identity.roles import ROLES
from anlan.identity.rules import MAY
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.models import Refusal
from anlan.registry.models import Industry
from tests.identity.conftest import CITY, COUNTY, PASSWORD, TOWN, City, make_post

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PAGES = {
    "identity:people": "read_people",
    "identity:new-person": "open_account",
    "identity:organisations": "read_organisations",
    "identity:new-organisation": "create_organisation",
    "identity:regions": "read_organisations",
    "identity:load-regions": "load_regions",
    "identity:sign-ins": "read_sign_ins",
    "identity:refusals": "read_refusals",
    "identity:rights": "read_rights",
    "identity:me": "issue_token",
    "identity:own-sessions": "issue_token",
    "identity:own-tokens": "issue_token",
    "identity:new-token": "issue_token",
    "mfa_index": "issue_token",
    "account_change_password": "issue_token",
}
OF_A_PERSON = {
    "identity:person": "read_people",
    "identity:give-post": "give_post",
    **{
        f"identity:person-{verb}": verb
        for verb in ("edit_account", "reset_password", "unlock", "end_sessions", "reset_second_factor", "deactivate")
    },
}


@pytest.fixture
def enter(city: City) -> Any:
    """A client signed in as a role."""

    def as_role(role: str) -> Client:
        client = Client()
        client.post("/sign-in/", {"login": city.person(role).username, "password": PASSWORD})
        return client

    return as_role


@pytest.mark.parametrize("role", ROLES)
def test_each_page_is_for_those_who_may(city: City, enter: Any, role: str) -> None:
    client = enter(role)
    person = city.person("inspector" if role != "inspector" else "expert").pk
    pages = {reverse(name): verb for name, verb in PAGES.items()}
    pages |= {reverse(name, args=[person]): verb for name, verb in OF_A_PERSON.items()}
    pages[reverse("identity:end-post", args=[city.posts["leader"].pk])] = "end_post"
    pages[reverse("identity:organisation", args=[city.committee.pk])] = "edit_organisation"
    for path, verb in pages.items():
        expected = 200 if role in MAY[verb] else 403
        assert client.get(path).status_code == expected, (role, path)


def test_strangers_see_no_page(city: City) -> None:
    client = Client()
    paths = [reverse(name) for name in PAGES] + [reverse(name, args=[city.person("leader").pk]) for name in OF_A_PERSON]
    for path in paths:
        for send in (client.get, client.post):
            assert send(path).url.startswith("/sign-in/"), path


def test_opening_an_account_and_giving_a_post(city: City, enter: Any) -> None:
    with scope.acting(SYSTEM):
        Industry.objects.create(code="gas", zh="燃气", en="Gas", bit=3)
    client = enter("security_admin")
    page = client.post("/people/new/", {"name": "Li Na", "username": "a b"})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"username"}
    assert page.context["form"]["name"].value() == "Li Na"
    page = client.post("/people/new/", {"name": "Li Na", "username": "li.na", "language": "en"})
    secret = re.search(r'value="([^"]+)" readonly', page.content.decode())
    assert secret is not None
    assert page.headers["Cache-Control"] == "no-store"
    person = Person.objects.get(username="li.na")
    assert person.check_password(secret[1])
    path = reverse("identity:give-post", args=[person.pk])
    assert set(client.post(path, {"role": "principal", "region": TOWN}).context["form"].errors) == {"organisation"}
    given = {
        "role": "regulator",
        "region": COUNTY,
        "title": "Section head",
        "industries": ["3"],
        "valid_from": "2026-01-01",
    }
    assert client.post(path, given).status_code == 302
    with scope.acting(SYSTEM):
        post = Post.objects.get(person=person)
    assert (post.industries, post.region, str(post.valid_from)) == (1 << 3, COUNTY, "2026-01-01")
    page = client.post(path, {"role": "audit_admin", "region": CITY})
    assert page.status_code == 422
    assert page.context["form"].non_field_errors()
    shown = client.get(reverse("identity:person", args=[person.pk])).content.decode()
    assert "Section head" in shown
    assert "燃气" in shown or "Gas" in shown


def test_acts_on_an_account(city: City, enter: Any) -> None:
    client, person = enter("security_admin"), city.person("inspector")
    at = lambda verb: reverse(f"identity:person-{verb}", args=[person.pk])  # noqa: E731
    assert client.post(at("deactivate"), {}).status_code == 422
    assert client.post(at("deactivate"), {"reason": "moved away"}).status_code == 302
    assert client.post(at("deactivate"), {"reason": "moved away"}).status_code == 422
    page = client.post(at("reactivate"), {"reason": "came back"}).content.decode()
    secret = re.search(r'value="([^"]+)" readonly', page)
    assert secret is not None
    person.refresh_from_db()
    assert person.check_password(secret[1])
    assert client.post(at("edit_account"), {"name": "Right Name", "phone": "13812345678"}).status_code == 302
    assert client.post(at("reset_second_factor"), {"reason": "lost phone"}).status_code == 422
    assert client.post(at("end_sessions"), {}).status_code == 302
    assert (
        client.post(reverse("identity:person-reset_password", args=[city.person("security_admin").pk])).status_code
        == 422
    )
    history = client.get(reverse("identity:person", args=[person.pk])).context["entries"]
    assert len(history) == 5
    post = city.posts["inspector"].pk
    assert client.post(reverse("identity:end-post", args=[post]), {"reason": "moved"}).status_code == 302
    assert client.post(reverse("identity:end-post", args=[post]), {}).status_code == 422


def test_people_are_found_and_paged(city: City, enter: Any) -> None:
    with scope.acting(SYSTEM):
        for number in range(60):
            make_post(
                "expert",
                COUNTY,
                person=Person.objects.create(username=f"many.{number}", name=f"Many {number:02}", region=COUNTY),
            )
    client = enter("security_admin")

    def names(query: str) -> list[str]:
        return [row["cells"]["name"] for row in client.get(f"/people/{query}").context["table"]["rows"]]

    first = client.get("/people/?q=Many").context["table"]
    second = client.get(f"/people/?q=Many&after={first['page']['next']}").context["table"]
    back = client.get(f"/people/?q=Many&before={second['page']['previous']}").context["table"]
    shown = [row["cells"]["name"] for row in first["rows"] + second["rows"]]
    assert shown == [f"Many {number:02}" for number in range(60)]
    assert [row["cells"]["name"] for row in back["rows"]] == shown[:50]
    assert second["page"]["next"] is None
    assert names("?role=principal") == [city.person("principal").name]
    assert names(f"?organisation={city.committee.pk}") == []
    assert len(names(f"?region={TOWN}")) == 2
    assert names("?state=closed") == []
    assert client.get("/people/?after=nonsense").status_code == 422


def test_the_people_list_does_not_ask_more_for_more_people(
    city: City, enter: Any, django_assert_max_num_queries: Any
) -> None:
    client = enter("security_admin")
    client.get("/people/")
    with scope.acting(SYSTEM):
        for number in range(30):
            make_post(
                "expert",
                COUNTY,
                person=Person.objects.create(username=f"many.{number}", name=f"M {number}", region=COUNTY),
            )
    with django_assert_max_num_queries(30):
        client.get("/people/")


def test_organisations_are_kept(city: City, enter: Any) -> None:
    client = enter("system_admin")
    new = {"name": "Gas bureau", "kind": "department", "region": COUNTY, "active": "on"}
    assert client.post("/organisations/new/", new).status_code == 302
    page = client.post("/organisations/new/", new)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"name"}
    with scope.acting(SYSTEM):
        made = Organisation.objects.get(name="Gas bureau")
    path = reverse("identity:organisation", args=[made.pk])
    assert client.post(path, new | {"phone": "0357-1", "active": ""}).status_code == 302
    with scope.acting(SYSTEM):
        made.refresh_from_db()
    assert (made.phone, made.active) == ("0357-1", False)
    assert client.get(reverse("identity:organisation", args=[UUID(int=1)])).status_code == 404


def test_regions_are_loaded_all_or_none(city: City, enter: Any) -> None:
    client = enter("system_admin")

    def load(text: str | bytes) -> Any:
        content = text if isinstance(text, bytes) else text.encode("utf-8-sig")
        return client.post("/regions/load/", {"table": SimpleUploadedFile("regions.csv", content)})

    for wrong in (
        "code,name\n141002,A\n141002,B\n",
        "code,name\n99,A\n",
        "code,name\n110000,Elsewhere\n",
        "code,name\n141022,\n",
        "code,name,lon,lat\n141022,A,500,1\n",
        "code,name,lon,lat\n141022,A,111.5,\n",
        "name\nA\n",
        "",
        b"\xff\xfe\x00",
        "code,name\n141022,A\x07\n",
    ):
        assert load(wrong).status_code == 422, wrong
    assert Region.objects.count() == 4
    assert (
        load("code,name,lon,lat\n141002002,Second street,111.518976,36.088005\n141022,Yicheng,,\n").status_code == 302
    )
    street = Region.objects.get(code=141002002000)
    assert (street.level, street.parent_id, str(street.lon)) == ("township", COUNTY, "111.518976")
    assert client.get(f"/regions/?parent={COUNTY}").context["table"]["rows"][-1]["cells"]["name"] == "Second street"
    assert client.get("/regions/?parent=x").status_code == 200


def test_tokens_are_shown_once_and_revoked(city: City, enter: Any) -> None:
    client = enter("inspector")
    page = client.post("/account/tokens/new/", {"name": "script", "days": "30"}).content.decode()
    secret = re.search(r'value="(anl_[^"]+)"', page)
    assert secret is not None
    assert secret[1] not in client.get("/account/tokens/").content.decode()
    api = {"HTTP_AUTHORIZATION": f"Bearer {secret[1]}"}
    assert Client().get("/api/v1/me", **api).json()["acting"]["role"] == "inspector"
    row = client.get("/account/tokens/").context["rows"][0]
    assert row["works"]
    assert client.post(f"/account/tokens/{row['token'].pk}/revoke/").status_code == 302
    assert Client().get("/api/v1/me", **api).status_code == 401


def test_what_was_refused_is_shown_to_those_who_audit(city: City, enter: Any) -> None:
    enter("inspector").get("/people/")
    enter("inspector").get("/audit/refusals/")
    Client().get("/api/v1/people")
    with scope.acting(SYSTEM):
        assert Refusal.objects.count() == 3
    rows = enter("audit_admin").get("/audit/refusals/").context["table"]["rows"]
    assert [row["cells"]["status"] for row in rows] == [401, 403, 403]
    assert len(enter("auditor").get("/audit/refusals/?status=403").context["table"]["rows"]) == 2
    shown = enter("audit_admin").get("/audit/sign-ins/?outcome=in").context["table"]["rows"]
    assert {row["cells"]["who"]["name"] for row in shown} >= {
        city.person("inspector").name,
        city.person("auditor").name,
    }
    admin = city.actor("security_admin")
    with scope.acting(admin):
        actions.unlock(actor=admin, person=city.person("inspector").pk)
    assert len(enter("audit_admin").get("/audit/rights/").context["table"]["rows"]) == 1


def test_a_county_sees_its_own_refusals_only(city: City, enter: Any) -> None:
    with scope.acting(SYSTEM):
        county = make_post("audit_admin", COUNTY)
    enter("inspector").get("/people/")
    enter("office").get("/people/")
    client = Client()
    client.post("/sign-in/", {"login": county.person.username, "password": PASSWORD})
    rows = client.get("/audit/refusals/").context["table"]["rows"]
    assert [row["cells"]["who"]["name"] for row in rows] == [city.person("inspector").name]


def test_exports_hold_exactly_what_is_filtered(city: City, enter: Any) -> None:
    with scope.acting(SYSTEM):
        for number in range(70):
            person = Person.objects.create(username=f"many.{number}", name=f"=Many {number:02}", region=COUNTY)
            make_post("expert", COUNTY, person=person)
    answer = enter("auditor").get("/people/export/?q=Many")
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 71
    assert not rows[1][0].startswith("=")
    for path in (
        "/organisations/export/",
        "/audit/sign-ins/export/",
        "/audit/refusals/export/",
        "/audit/rights/export/",
    ):
        assert enter("auditor").get(path).status_code == 200
        assert enter("inspector").get(path).status_code == 403
