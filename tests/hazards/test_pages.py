"""The room's pages as a browser gets them: through every middleware, with the real database."""

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anlan.hazards.models import Hazard, SavedView
from anlan.hazards.sheet import sheet
from anlan.identity.models import Post
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.registry.models import Enterprise
from tests.factories import DRAWING, TOWN, City, picture
from tests.sessions import SignedIn

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def _text(response: Any) -> str:
    return response.content.decode()


def _url(hazard: Hazard, *parts: str) -> str:
    return f"/hazards/{hazard.pk}/" + "".join(f"{part}/" for part in parts)


def _photo(client: Client, seed: int = 9000) -> str:
    file = BytesIO(picture(seed))
    file.name = "p.jpg"
    response = client.post("/files/", {"file": file})
    assert response.status_code == 201, response.content
    return str(response.json()["id"])


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_the_list_asks_as_often_for_three_rows_as_for_one(city: City, signed_in: SignedIn, rows: int) -> None:
    for _one in range(rows):
        city.dispatched()
    client = signed_in("regulator")
    client.get("/hazards/")
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/hazards/")
    assert response.status_code == 200
    assert len(response.context["table"]["rows"]) == rows
    asked = [
        one["sql"]
        for one in queries.captured_queries
        if "hazards_" in one["sql"] or "registry_" in one["sql"] or "identity_region" in one["sql"]
    ]
    assert len(asked) == (8 if rows else 5), "\n".join(asked)


def test_a_neighbour_gets_not_found_for_every_page_of_a_hazard(city: City, signed_in: SignedIn) -> None:
    hazard = city.dispatched()
    for name in ("n_regulator", "n_principal", "other_field"):
        client = signed_in(name)
        for address in (_url(hazard), _url(hazard, "sign"), _url(hazard, "steps", "grade")):
            assert client.get(address).status_code == 404, (name, address)
        assert str(hazard.number) not in _text(client.get("/hazards/?q=YH-141002"))
    for name in ("citizen", "security_admin"):
        assert signed_in(name).get(_url(hazard)).status_code == 403
    assert Client().get(_url(hazard)).status_code in (302, 401)


def test_a_post_that_leads_nowhere_is_refused_with_its_reason(city: City, signed_in: SignedIn) -> None:
    hazard = city.found()
    assert signed_in("regulator").get(_url(hazard, "steps", "dispatch")).status_code == 409
    assert signed_in("inspector2").get(_url(hazard, "steps", "dispatch")).status_code == 403
    for name in ("remind", "absorb", "nonsense"):
        assert signed_in("regulator").get(_url(hazard, "steps", name)).status_code == 404


def test_the_whole_loop_is_walked_in_the_browser(city: City, signed_in: SignedIn) -> None:
    inspector, regulator, manager = signed_in("inspector"), signed_in("regulator"), signed_in("safety_manager")
    response = inspector.post("/hazards/new/", {
        "source": "county", "industry": "gongmao", "region": str(TOWN), "enterprise": str(city.enterprise.pk),
        "place": "二号车间西侧", "category": "equipment", "description": "传动部位缺少防护罩。", "photos": [_photo(inspector)],
    })  # fmt: skip
    assert response.status_code == 302, _text(response)
    with scope.acting(city.inspector):
        hazard = Hazard.objects.get()
    assert regulator.post(_url(hazard, "steps", "grade"), {"grade": "general", "version": "1"}).status_code == 302
    dispatch = {"responsible": str(city.enterprise.pk), "due": city.day(30).isoformat(), "version": "2"}
    assert regulator.post(_url(hazard, "steps", "dispatch"), dispatch).status_code == 302
    for name in ("principal", "inspector"):
        client = signed_in(name)
        page = client.get("/hazards/sign/", follow=True)
        assert page.redirect_chain[-1][0] == _url(hazard, "sign")
        data = {"digest": page.context["digest"], "drawing": DRAWING, "version": page.context["version"]}
        assert client.post(_url(hazard, "sign"), data).status_code == 302
    plan = {"measure": "加装固定式防护罩。", "due": city.day(20).isoformat()}
    assert manager.post(_url(hazard, "steps", "plan"), plan).status_code == 302
    done = {
        "measure_done": "护罩已装好。",
        "finished_on": city.day(0).isoformat(),
        "cost": "1,200.50",
        "photos": [_photo(manager, 9001)],
    }
    assert manager.post(_url(hazard, "steps", "submit"), done).status_code == 302
    recheck = {"passed": "true", "remark": "现场查看，牢固有效。", "on_site": "true"}
    assert signed_in("inspector2").post(_url(hazard, "steps", "recheck"), recheck).status_code == 302
    assert regulator.post(_url(hazard, "steps", "close"), {}).status_code == 302
    with scope.acting(city.regulator):
        hazard.refresh_from_db()
    assert (hazard.state, hazard.cost_fen) == ("closed", 120_050)
    page = _text(signed_in("auditor").get(_url(hazard)))
    for words in ("bound to this sheet", "Close off: accepted → closed off", "1200.50", hazard.number):
        assert words in page, words
    assert "changed since" not in page  # the plan moved the due date, not the date that was signed


def test_region_and_field_follow_from_the_enterprise(city: City, signed_in: SignedIn) -> None:
    client = signed_in("inspector")
    data = {
        "source": "county", "enterprise": str(city.enterprise.pk), "site": str(city.site.pk), "place": "配电室",
        "category": "electrical", "description": "配电箱门敞开，无人看管。", "photos": [_photo(client)], "lon": "111.5", "lat": "36.1",
    }  # fmt: skip
    assert client.post("/hazards/new/", data).status_code == 302
    with scope.acting(city.inspector):
        hazard = Hazard.objects.get()
    assert (hazard.region, hazard.industry_id, str(hazard.lat)) == (TOWN, "gongmao", "36.100000")


def test_a_fresh_signature_is_bound_to_the_sheet(city: City, signed_in: SignedIn) -> None:
    hazard = city.sign(city.principal, city.dispatched())
    assert "bound to this sheet" in _text(signed_in("regulator").get(_url(hazard)))


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(city: City, signed_in: SignedIn) -> None:
    hazard = city.rectifying()
    manager = signed_in("safety_manager")
    photo = _photo(manager)
    response = manager.post(_url(hazard, "steps", "submit"), {
        "measure_done": "装", "finished_on": city.day(3).isoformat(), "cost": "12.345", "photos": [photo], "version": str(hazard.version),
    })  # fmt: skip
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert set(errors) == {"measure_done", "cost"}
    page = _text(response)
    assert photo in page
    assert "12.345" in page
    response = manager.post(
        _url(hazard, "steps", "submit"),
        {"measure_done": "装好了防护罩。", "finished_on": city.day(3).isoformat(), "cost": "abc", "photos": [photo]},
    )
    assert set(response.context["form"].errors) == {"cost"}
    response = manager.post(
        _url(hazard, "steps", "submit"),
        {"measure_done": "装好了防护罩。", "finished_on": city.day(3).isoformat(), "photos": [photo]},
    )
    assert set(response.context["form"].errors) == {"finished_on"}
    with scope.acting(city.regulator):
        assert Hazard.objects.get(pk=hazard.pk).version == hazard.version


def test_money_is_typed_in_yuan_and_kept_in_fen(city: City, signed_in: SignedIn) -> None:
    hazard = city.claimed(grade="major")
    plan = {key: str(value) for key, value in city.plan(hazard).items()} | {"funds_fen": "５,000.5"}
    assert signed_in("safety_manager").post(_url(hazard, "steps", "plan"), plan).status_code == 302
    with scope.acting(city.regulator):
        assert Hazard.objects.get(pk=hazard.pk).plan["funds_fen"] == 500_050
    assert "5000.50" in _text(signed_in("regulator").get(_url(hazard)))


def test_a_conflict_tells_what_happened_in_the_meantime(city: City, signed_in: SignedIn) -> None:
    hazard = city.found()
    client = signed_in("regulator")
    form = client.get(_url(hazard, "steps", "grade"))
    city.do(
        city.regulator2,
        hazard,
        "amend",
        place="三号车间",
        category="equipment",
        description="防护罩缺失，人员可触及。",
        reason="地点写错",
    )
    response = client.post(_url(hazard, "steps", "grade"), {"grade": "general", "version": form.context["version"]})
    assert response.status_code == 409
    page = _text(response)
    assert "regulator2" in page
    assert "Correct" in page
    assert _url(hazard) in page


def test_the_same_form_sent_twice_acts_once(city: City, signed_in: SignedIn) -> None:
    hazard = city.found()
    client = signed_in("regulator")
    for _time in range(2):
        response = client.post(
            _url(hazard, "steps", "grade"), {"grade": "general", "version": "1", "idempotency_key": "k-1"}
        )
        assert (response.status_code, response["Location"]) == (302, _url(hazard))
    with scope.acting(city.regulator):
        assert Hazard.objects.get(pk=hazard.pk).version == 2


def test_a_signature_given_for_an_older_sheet_is_refused(city: City, signed_in: SignedIn) -> None:
    hazard = city.dispatched()
    response = signed_in("principal").post(
        _url(hazard, "sign"), {"digest": "0" * 64, "drawing": DRAWING, "version": str(hazard.version)}
    )
    assert response.status_code == 409
    with scope.acting(city.principal):
        assert Hazard.objects.get(pk=hazard.pk).state == "dispatched"


def test_the_signing_screen_shows_every_fact_that_is_bound(city: City, signed_in: SignedIn) -> None:
    hazard = city.dispatched(grade="major")
    response = signed_in("principal").get(_url(hazard, "sign"))
    with scope.acting(city.principal):
        present = sheet(Hazard.objects.get(pk=hazard.pk))
    assert response.context["digest"] == present.digest
    assert len(response.context["facts"]) == len(present.facts) - 1  # the photos are shown as photos
    assert len(response.context["photos"]) == len(present.facts["photos"])
    assert signed_in("safety_manager").get(_url(hazard, "sign")).status_code == 403


def test_an_officer_of_one_field_signs_for_an_enterprise_registered_under_another(
    city: City, signed_in: SignedIn
) -> None:
    with scope.acting(SYSTEM):
        Enterprise.objects.filter(pk=city.enterprise.pk).update(industry_id="hazchem", industry_bit=1)
        Post.objects.filter(pk=city.posts["inspector"].pk).update(industries=0b001)
    hazard = city.dispatched()
    client = signed_in("inspector")
    assert city.enterprise.name in _text(client.get(_url(hazard)))
    assert city.enterprise.uscc in _text(client.get(_url(hazard, "sign")))


def test_signing_goes_on_to_the_next(city: City, signed_in: SignedIn) -> None:
    first, second = city.dispatched(), city.dispatched()
    client = signed_in("principal")
    page = client.get(_url(first, "sign"))
    response = client.post(_url(first, "sign"), {"digest": page.context["digest"], "drawing": DRAWING})
    assert response["Location"] == _url(second, "sign")
    page = client.get(_url(second, "sign"))
    response = client.post(_url(second, "sign"), {"digest": page.context["digest"], "drawing": DRAWING})
    assert response["Location"] == _url(second)


def test_many_are_dispatched_at_once_each_for_itself(city: City, signed_in: SignedIn) -> None:
    good, ungraded, nobodys = city.found(grade="general"), city.found(), city.found(grade="general", enterprise=None)
    client = signed_in("regulator")
    ids = [str(one.pk) for one in (good, ungraded, nobodys)]
    page = client.get("/hazards/dispatch/", {"ids": ids})
    assert page.context["left_out"] == 2
    bad = client.post("/hazards/dispatch/", {"ids": ids, "due": "never"})
    assert (bad.status_code, set(bad.context["form"].errors)) == (422, {"due"})
    done = client.post("/hazards/dispatch/", {"ids": ids, "due": city.day(20).isoformat()})
    assert done.status_code == 200
    troubles = {one.number: bool(one.trouble) for one in done.context["outcomes"]}
    assert troubles == {good.number: False, ungraded.number: True, nobodys.number: True}
    with scope.acting(city.regulator):
        states = dict(Hazard.objects.values_list("number", "state"))
    assert states == {good.number: "dispatched", ungraded.number: "found", nobodys.number: "found"}


def test_views_are_saved_used_and_removed_by_their_owner_alone(city: City, signed_in: SignedIn) -> None:
    client = signed_in("regulator")
    client.post("/hazards/views/", {"name": "逾期", "query": "?late=1&grade=major&after=x", "path": "/hazards/"})
    page = client.get("/hazards/?grade=major&late=1")
    view = page.context["saved_views"][0]
    assert (view["label"], view["active"]) == ("逾期", True)
    assert "after" not in view["url"]
    other = signed_in("regulator2")
    assert other.get("/hazards/").context["saved_views"] == []
    other.post(f"/hazards/views/{view['id']}/remove/")
    with scope.acting(city.regulator):
        assert SavedView.objects.count() == 1
    client.post(f"/hazards/views/{view['id']}/remove/")
    with scope.acting(city.regulator):
        assert SavedView.objects.count() == 0


def test_nobody_decides_blind(city: City, signed_in: SignedIn) -> None:
    """The form of a decision shows what it is decided on, and a date the calendar does not reach is told at its field."""
    asked = city.do(city.principal, city.rectifying(), "ask_extension", due=city.day(60), reason="备件未到货")
    page = _text(signed_in("regulator").get(_url(asked, "steps", "decide_extension")))
    assert "备件未到货" in page
    assert page.count(city.day(60).isoformat()) >= 2, "as a fact and as the date proposed"
    disputed = city.disputed()
    assert "设备已停用" in _text(signed_in("office").get(_url(disputed, "steps", "arbitrate")))
    done = city.rectified()
    page = _text(signed_in("inspector").get(_url(done, "steps", "recheck")))
    assert done.measure_done in page
    assert page.count("/thumb/") == 2, "before and after"
    found = city.found(grade="general")
    typed = {
        "responsible": str(city.enterprise.pk),
        "due": "2090-01-01",
        "demands": "请尽快整改",
        "version": found.version,
    }
    response = signed_in("regulator").post(_url(found, "steps", "dispatch"), typed)
    assert response.status_code == 422
    assert "请尽快整改" in _text(response)
    assert response.context["form"].errors["due"]
