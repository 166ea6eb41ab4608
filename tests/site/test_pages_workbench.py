"""Each post's first screen: what it needs, nothing of the neighbours', at the same cost for one row and for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.hazards.queries import Board, Row
from anlan.hazards.queries.board import FIGURES
from anlan.identity import roles
from anlan.kernel.ledger.sequencer import seal
from anlan.site import frame
from anlan.site.pages import workbench
from tests.factories import City
from tests.site.pages import client_of, words

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

POSTS = [
    "city_office",
    "office",
    "regulator",
    "inspector",
    "group_leader",
    "leader",
    "expert",
    "principal",
    "safety_manager",
    "citizen",
    "dispatcher",
    "finance",
    "auditor",
    "system_admin",
    "security_admin",
    "audit_admin",
]


@pytest.mark.parametrize("name", POSTS)
def test_every_post_has_a_workbench(city: City, name: str) -> None:
    response = client_of(city, name).get("/")
    assert response.status_code == 200
    assert city.actors[name].post_label in words(response)


def test_all_roles_are_covered(city: City) -> None:
    assert {city.actors[name].role for name in POSTS} == set(roles.ROLES)


@pytest.mark.parametrize(
    ("name", "state", "act"),
    [
        ("regulator", "found", "grade"),
        ("regulator", "accepted", "close"),
        ("inspector", "rectified", "recheck"),
        ("inspector", "dispatched", "sign"),
        ("principal", "dispatched", "sign"),
        ("principal", "claimed", "plan"),
        ("safety_manager", "rectifying", "submit"),
        ("office", "disputed", "arbitrate"),
    ],
)
def test_the_next_act_is_one_press_away(city: City, name: str, state: str, act: str) -> None:
    hazard = city.in_state(state)
    page = words(client_of(city, name).get("/"))
    assert hazard.number in page
    assert f"{hazard.pk}/steps/{act}/" in page or (act == "sign" and f"{hazard.pk}/sign" in page)


def test_a_leader_sees_what_waits_for_the_signature(city: City) -> None:
    hazard = city.dispatched(source="group")
    page = words(client_of(city, "leader").get("/"))
    assert hazard.number in page
    assert "Read and sign" in page
    city.sign(city.leader, hazard)
    assert "Read and sign" not in words(client_of(city, "leader").get("/"))


def test_an_extension_shows_when_it_must_be_decided(city: City) -> None:
    hazard = city.rectifying()
    city.do(city.principal, hazard, "ask_extension", due=city.day(40), reason="设备到货推迟，需要延期。")
    page = words(client_of(city, "regulator").get("/"))
    assert f"{hazard.pk}/steps/decide_extension/" in page
    assert "10 working days left" in page


def test_show_all_opens_exactly_the_rows_of_the_section(city: City) -> None:
    city.found(grade="major")  # nothing is listed before it is dispatched
    city.rectifying()
    never = {city.rectifying(grade="major").number, city.accepted(grade="major").number}
    listed, published, delisted = (
        city.do(city.office, city.accepted(grade="major"), "list", level="county") for _one in range(3)
    )
    city.do(city.office, published, "publish", where="县政府网站")
    city.do(city.office, delisted, "publish", where="县政府网站")
    city.do(city.office, delisted, "delist", remark="整改到位")
    client = client_of(city, "office")
    sections = {one["title"]: one for one in client.get("/").context["sections"]}
    for title, numbers in (
        ("Listed, not yet published", {listed.number}),
        ("Major hazards not listed for supervision", never),
    ):
        section = sections[title]
        assert {row["number"] for row in section["rows"]} == numbers
        page = client.get(section["more"])
        assert {row["cells"]["number"] for row in page.context["table"]["rows"]} == numbers
        assert 'name="listed"' in words(page)


def test_more_areas_than_are_ranked_lead_to_the_board(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(city, "office")
    for areas, said in ((workbench.RANKED, False), (workbench.RANKED + 1, True)):
        rows = [
            Row(key=str(n), label=f"area {n}", open=2, late=1, queries={"late": "", "open": ""}) for n in range(areas)
        ]
        total = Row(key="", label="", queries=dict.fromkeys(FIGURES, ""))
        monkeypatch.setattr(workbench, "board", lambda _actor, rows=rows, total=total: Board(rows=rows, total=total))
        page = client.get("/")
        assert len(page.context["ranking"]) == workbench.RANKED
        assert ('<a class="btn-link" href="/board/">All areas</a>' in words(page)) is said


@pytest.mark.parametrize("name", ["n_regulator", "n_office", "n_inspector", "n_leader", "n_principal", "n_auditor"])
def test_the_neighbour_sees_nothing(city: City, name: str) -> None:
    hazards = [city.found(), city.dispatched(source="group"), city.rectified()]
    page = words(client_of(city, name).get("/"))
    assert not [one for one in hazards if one.number in page or str(one.pk) in page]


@pytest.mark.parametrize("name", ["office", "regulator", "inspector", "leader", "principal", "auditor", "system_admin"])
def test_the_cost_does_not_grow_with_the_rows(city: City, name: str) -> None:
    def asked() -> int:
        client = client_of(city, name)
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        return len(queries)

    for _turn in range(2):  # what is found again raises an alert, which has rows of its own
        _one_of_each(city)
    first = asked()
    for _turn in range(2):
        _one_of_each(city)
    assert asked() == first


def _one_of_each(city: City) -> None:
    for state in ("found", "claimed", "rectified", "disputed"):
        city.in_state(state)
    city.dispatched(source="group", grade="major")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_auditor_sees_the_head(city: City) -> None:
    city.found()
    seal()
    page = words(client_of(city, "auditor").get("/"))
    assert "Newest signed head" in page
    assert "Register" in page


def test_the_frame_asks_at_most_twice(city: City) -> None:
    frame.forget()
    client = client_of(city, "citizen")  # whose workbench itself asks nothing
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    asked = [one["sql"] for one in queries if "notify_message" in one["sql"] or "identity_region" in one["sql"]]
    assert len(asked) <= 2


def test_the_language_switch_keeps_the_page(city: City) -> None:
    client = client_of(city, "office")
    page = words(client.get("/inbox/?show=unread"))
    assert 'name="next" value="/inbox/?show=unread"' in page
    answer = client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/inbox/?show=unread"})
    assert answer.headers["Location"] == "/inbox/?show=unread"


def test_a_signature_once_given_is_not_asked_for_again(city: City) -> None:
    hazard = city.sign(city.principal, city.dispatched())
    page = words(client_of(city, "principal").get("/"))
    assert hazard.number in page
    assert f"{hazard.pk}/sign" not in page
