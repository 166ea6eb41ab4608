"""No page and no API tells the enterprise of an unannounced visit before the arrival."""

from typing import Any

import pytest
from django.test import Client

from anlan.inspections.models import Visit
from tests.inspections.conftest import Field
from tests.sessions import SignedIn, signed_in

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def hidden(city: Field) -> Visit:
    return city.plan(style="unannounced", members=city.pair())


DOORS = ("/visits/", "/visits/?q={number}", "/", "/inbox/", "/visits/calendar/", "/visits/board/")


def body(client: Client, url: str) -> tuple[int, str]:
    answer: Any = client.get(url, follow=True)
    return answer.status_code, answer.content.decode()


def test_no_page_and_no_api_of_the_enterprise_says_a_word(city: Field, signed_in: SignedIn) -> None:
    visit = hidden(city)
    client = signed_in("principal")
    for door in DOORS:
        status, text = body(client, door.format(number=visit.number))
        assert status in (200, 403, 404), door
        assert "q=" in door or visit.number not in text, door  # a search says back what was asked
        assert str(visit.pk) not in text, door
    for url in (f"/visits/{visit.pk}/", f"/visits/{visit.pk}/steps/cancel/", f"/visits/{visit.pk}/record.docx",
                f"/api/v1/visits/{visit.pk}", f"/api/v1/visits/{visit.pk}/ledger"):  # fmt: skip
        assert client.get(url, headers={"accept": "text/html"}).status_code == 404, url
    listing = client.get("/api/v1/visits").json()
    assert (listing["items"], listing["count"]) == ([], 0)
    enterprise = body(client, f"/enterprises/{city.enterprise.pk}/")[1]
    assert visit.number not in enterprise
    city.do(city.inspector, visit, "arrive")
    assert visit.number in body(client, "/visits/")[1]
    assert client.get("/api/v1/visits").json()["count"] == 1
    assert client.get(f"/api/v1/visits/{visit.pk}").status_code == 200
    assert visit.number in body(client, f"/enterprises/{city.enterprise.pk}/")[1]
