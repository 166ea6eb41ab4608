"""Draws for programs: announced, held once a signed head holds the announcement, made into visits."""

from typing import Any

import pytest

from anlan.inspections import drawing
from anlan.inspections.models import DrawNotice
from anlan.kernel import clock, scope
from anlan.kernel.ledger.evidence import seal_all
from tests.api.asking import got, made, status, wrong
from tests.api.conftest import Speaker, Speaking
from tests.factories import COUNTY, NEIGHBOUR, City
from tests.inspections.conftest import Field, make_field

pytestmark = pytest.mark.django_db(
    databases=["default", "owner"], transaction=True
)  # a head is signed over what is committed


@pytest.fixture
def city(db: None) -> City:
    """`speak` speaks as the posts of a city whose officers go out."""
    return make_field()


def asked(**over: Any) -> dict[str, Any]:
    facts = {"title": "四季度工贸双随机", "region": COUNTY, "industry": "gongmao", "enterprises": 1, "officers_each": 2}
    return facts | {"planned_on": str(clock.today()), "purpose": "年度计划", "not_visited_days": 0} | over


def announced(who: Speaker, **over: Any) -> dict[str, Any]:
    return made(who.post("/draws", asked(**over)))


def test_a_draw_from_its_announcement_to_its_visits(city: Field, speak: Speaking) -> None:
    regulator = speak("regulator")
    notice = announced(regulator)
    assert (notice["held"], notice["result"], notice["visits"]) == (False, [], [])
    assert [one["id"] for one in got(regulator.get("/draws/announced"))["items"]] == [notice["id"]]
    at = f"/draws/{notice['id']}"
    too_early = regulator.post(f"{at}/hold")
    assert (status(too_early), too_early.json()["code"]) == (409, "draw.no_head")
    seal_all()
    held = got(regulator.post(f"{at}/hold"))
    assert held["held"] is True
    record = {"published": held["published"], "result": held["result"], "digest": held["digest"]}
    assert drawing.replay(record).same, "anybody computes the same from the answer alone"
    assert status(regulator.post(f"{at}/hold")) == 409
    assert [one["id"] for one in got(regulator.get("/draws"))["items"]] == [notice["id"]]
    assert got(regulator.get("/draws/announced"))["items"] == []
    body = {"check": "county", "planned_on": str(clock.today()), "organisation": str(city.department.pk)}
    planned = made(regulator.post(f"{at}/visits", body))["items"]
    assert [one["enterprise"] for one in planned] == [str(city.enterprise.pk)]
    assert got(regulator.get(at))["visits"] == [planned[0]["id"]]
    assert status(regulator.post(f"{at}/visits", body)) == 409


def test_what_is_wrong_and_who_may_not(city: Field, speak: Speaking) -> None:
    regulator = speak("regulator")
    assert wrong(regulator.post("/draws", asked(enterprises=5))) == {"enterprises"}
    assert wrong(regulator.post("/draws", asked(region=NEIGHBOUR))) == {"region"}
    assert wrong(regulator.post("/draws", asked(officers_each=1, purpose=""))) == {"officers_each", "purpose"}
    notice = announced(regulator)["id"]
    for name in ("inspector", "group_leader", "leader", "principal", "citizen"):
        for method, path, body in (
            ("GET", "/draws", None),
            ("GET", f"/draws/{notice}", None),
            ("POST", "/draws", asked()),
            ("POST", f"/draws/{notice}/hold", None),
            ("POST", f"/draws/{notice}/visits", {"check": "county", "planned_on": str(clock.today())}),
        ):
            assert status(speak(name)(method, path, body)) == 403, (name, method, path)
    auditor, stranger = speak("auditor"), speak("n_regulator")
    assert got(auditor.get(f"/draws/{notice}"))["held"] is False
    assert status(auditor.post(f"/draws/{notice}/hold")) == 403
    assert status(stranger.get(f"/draws/{notice}")) == 404
    assert status(stranger.post(f"/draws/{notice}/hold")) == 404
    assert got(stranger.get("/draws/announced"))["items"] == []
    with scope.acting(city.regulator):
        assert DrawNotice.objects.count() == 1
