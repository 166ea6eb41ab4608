"""Who may open which page, and that every page opens: by role, with nothing, with something, at the same cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.identity import roles
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.models import Entry
from tests.factories import City
from tests.site.pages import client_of, words

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

ALL = frozenset(roles.ROLES)
AUDITORS = frozenset({roles.AUDITOR, roles.AUDIT_ADMIN})
OPEN_TO: dict[str, frozenset[str]] = {
    "/": ALL,
    "/inbox/": ALL,
    "/help/": ALL,
    "/about/": ALL,
    "/board/": frozenset({roles.OFFICE, roles.REGULATOR, roles.LEADER, roles.GROUP_LEADER, roles.AUDITOR}),
    "/board/?by=industry&grade=major": frozenset(
        {roles.OFFICE, roles.REGULATOR, roles.LEADER, roles.GROUP_LEADER, roles.AUDITOR}
    ),
    "/calendar/?start=2026-09-28&n=10": ALL - {roles.CITIZEN},
    "/settings/": frozenset({roles.SYSTEM_ADMIN, roles.OFFICE, roles.REGULATOR, roles.AUDITOR}),
    "/settings/hazards.ladder/": frozenset({roles.SYSTEM_ADMIN, roles.OFFICE, roles.REGULATOR, roles.AUDITOR}),
    "/audit/": AUDITORS,
    "/audit/heads/": AUDITORS,
    "/audit/verify/": AUDITORS,
}
ACTORS = {role: "system_admin" if role == roles.SYSTEM_ADMIN else role for role in ALL} | {roles.LEADER: "leader"}


@pytest.mark.parametrize("role", sorted(ALL))
def test_each_page_opens_to_its_roles_alone(city: City, role: str) -> None:
    city.found()
    client = client_of(city, ACTORS[role])
    found = {page: client.get(page).status_code for page in OPEN_TO}
    assert found == {page: 200 if role in who else 403 for page, who in OPEN_TO.items()}


def test_a_stranger_is_sent_to_sign_in_or_sees_nothing(city: City, client: Any) -> None:
    for page in OPEN_TO:
        answer = client.get(page)
        if page == "/about/":
            assert answer.status_code == 200
        else:
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/sign-in/")


PAGES: list[tuple[str, str]] = [
    ("city_office", "/board/"),
    ("office", "/board/?by=source"),
    ("auditor", "/audit/"),
    ("auditor", "/audit/verify/"),
    ("auditor", "/audit/heads/"),
    ("system_admin", "/settings/"),
    ("office", "/calendar/"),
    ("inspector", "/inbox/"),
]


@pytest.mark.parametrize(("name", "page"), PAGES)
def test_the_cost_does_not_grow_with_the_rows(city: City, name: str, page: str) -> None:
    def asked() -> int:
        client = client_of(city, name)
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    more: Callable[[], object] = city.rectified
    more()
    first = asked()
    more()
    more()
    assert asked() == first


def test_an_entry_opens_to_whoever_sees_its_record_and_to_nobody_else(city: City) -> None:
    hazard = city.dispatched()
    with scope.acting(SYSTEM):
        entry = Entry.objects.filter(subject_id=hazard.pk).order_by("version")[0]
    expected = {
        "auditor": 200, "regulator": 200, "principal": 200, "office": 200, "n_auditor": 404, "n_principal": 404,
        "citizen": 403, "system_admin": 404,
    }  # fmt: skip
    for part in ("", "bytes/"):
        page = f"/audit/entries/{entry.pk}/{part}"
        assert {name: client_of(city, name).get(page).status_code for name in expected} == expected
    assert client_of(city, "auditor").get(f"/audit/entries/{entry.pk}/bytes/").content == bytes(entry.body)


def test_the_board_keeps_its_division_when_it_is_narrowed(city: City) -> None:
    city.found(grade="major")
    page = words(client_of(city, "office").get("/board/?by=industry&grade=major"))
    assert '<input type="hidden" name="by" value="industry"' in page
    assert "Supervision field</th>" in page


def test_search_leads_to_the_list_of_the_reader(city: City) -> None:
    assert client_of(city, "office").get("/search/?q=翠岭 1").headers["Location"].startswith("/hazards/?q=%E7%BF%A0")
    assert client_of(city, "security_admin").get("/search/?q=x").headers["Location"] == "/people/?q=x"
    assert client_of(city, "dispatcher").get("/search/?q=x").headers["Location"] == "/reports/?q=x"
    assert client_of(city, "regulator").get("/search/?q=sp-1").headers["Location"] == "/reports/?q=sp-1"
    assert "data-search" not in words(client_of(city, "citizen").get("/"))
