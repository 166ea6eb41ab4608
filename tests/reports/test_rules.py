"""The routing table: which line takes a report, who may keep it, and what trying it says."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.citysettings import change as set_city
from anlan.kernel.citysettings import forget
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.read import acts
from anlan.reports.models import Rule, Sending
from anlan.reports.sorting import route
from anlan.reports.sorting.routing import Facts, Line, first, order
from anlan.reports.sorting.table import RuleInput, add_rule, change_rule, move_rule, rules_of, set_active
from anlan.reports.sorting.trying import try_line
from tests.factories import CITY, COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN, City
from tests.reports.conftest import Town, make_town
from tests.sessions import SignedIn, signed_in

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])
FIRE, GAS, ROADS, WORKS = (new_id() for _one in range(4))


@pytest.fixture
def town(city: City) -> Town:
    return make_town(city)


def _line(unit: UUID, place: int = 10, **over: Any) -> Line:
    facts: dict[str, Any] = {"id": new_id(), "region": COUNTY, "category": None, "industry": None} | over
    return Line(unit=unit, place=place, **facts)


def _facts(**over: Any) -> Facts:
    return Facts(**({"region": TOWN, "category": "gas", "industry": None} | over))


@pytest.mark.parametrize(
    ("lines", "facts", "unit"),
    [
        ([], _facts(), None),
        ([_line(FIRE)], _facts(), FIRE),
        ([_line(FIRE, category="fire_exit")], _facts(), None),
        ([_line(FIRE, category="fire_exit"), _line(GAS, 20, category="gas")], _facts(), GAS),
        ([_line(GAS, 20), _line(FIRE, 10)], _facts(), FIRE),
        ([_line(GAS, region=NEIGHBOUR)], _facts(), None),
        ([_line(GAS, region=CITY)], _facts(), GAS),
        ([_line(FIRE, region=CITY), _line(GAS, region=TOWN)], _facts(), GAS),
        ([_line(FIRE, 5, region=CITY), _line(GAS, 10, region=TOWN)], _facts(), FIRE),
        ([_line(WORKS, industry="construction")], _facts(), None),
        ([_line(WORKS, industry="construction")], _facts(industry="construction"), WORKS),
        ([_line(FIRE, active=False), _line(GAS, 20)], _facts(), GAS),
        ([_line(FIRE, unit_active=False), _line(GAS, 20)], _facts(), GAS),
        ([_line(FIRE), _line(GAS, 20)], _facts(sent_back=frozenset({FIRE})), GAS),
        ([_line(FIRE)], _facts(sent_back=frozenset({FIRE})), None),
        ([_line(GAS, category="gas")], _facts(category=None), None),
        ([_line(GAS, region=5)], _facts(), None),
    ],
)  # fmt: skip
def test_the_first_line_that_fits_wins(lines: list[Line], facts: Facts, unit: UUID | None) -> None:
    found = first(sorted(lines, key=order), facts)
    assert (found.line.unit if found.line else None) == unit


def test_what_was_passed_over_is_said() -> None:
    closed, refused = _line(FIRE, 1, unit_active=False), _line(ROADS, 2)
    found = first([closed, refused, _line(GAS, 3)], _facts(sent_back=frozenset({ROADS})))
    assert found.closed == (closed,)
    assert found.refused == (refused,)


def _add(town: Town, actor: Actor | None = None, **over: Any) -> Rule:
    who = actor or town.city.dispatcher
    with scope.acting(who):
        return add_rule(actor=who, data={"category": "fire_exit", "region": COUNTY, "unit": town.unit.pk} | over)


def test_a_citys_line_holds_in_its_counties_and_a_neighbours_does_not(town: Town) -> None:
    with scope.acting(SYSTEM):
        unit = Organisation.objects.create(id=new_id(), name="市消防支队", kind="department", region=CITY)
    _add(town, town.city.city_office, region=NEIGHBOUR, unit=unit.pk)
    report = town.send()
    with scope.acting(town.city.dispatcher):
        assert route(report) is None
    above = _add(town, town.city.city_office, region=CITY, unit=unit.pk)
    with scope.acting(town.reporter):  # as it is asked while a citizen sends
        found = route(report)
    assert found is not None
    assert found.pk == above.pk
    with scope.acting(town.city.dispatcher):
        own, higher = rules_of(town.city.dispatcher)
    assert own == []
    assert [one.pk for one in higher] == [above.pk]
    assert higher[0].unit.name == "市消防支队"


def test_an_unsorted_report_counts_in_its_categorys_field(town: Town) -> None:
    with scope.acting(SYSTEM):
        from anlan.reports.models import Category

        Category.objects.filter(pk="fire_exit").update(industry_id="construction")
    rule = _add(town, category=None, industry="construction")
    report = town.send()
    with scope.acting(SYSTEM):
        found = route(report)
    assert found is not None
    assert found.pk == rule.pk


def test_whoever_sent_it_back_does_not_get_it_again_by_a_rule(town: Town) -> None:
    _add(town)
    report = town.returned()
    with scope.acting(SYSTEM):
        assert route(report) is None


@pytest.mark.parametrize(
    "name", ["regulator", "inspector", "leader", "auditor", "finance", "system_admin", "citizen", "principal"]
)
def test_others_keep_no_line(town: Town, name: str) -> None:
    rule, who = _add(town), town.city.actors[name]
    with scope.acting(who), pytest.raises((Forbidden, NotFound)):
        set_active(actor=who, rule=rule.pk, active=False)
    with scope.acting(who), pytest.raises(Forbidden):
        add_rule(actor=who, data={"region": COUNTY, "unit": town.unit.pk})


def test_a_desk_keeps_its_own_territory_and_sees_no_neighbours_line(town: Town) -> None:
    foreign = _add(town, town.city.city_office, region=NEIGHBOUR, unit=town.n_unit.pk)
    who = town.city.dispatcher
    with scope.acting(who), pytest.raises(NotFound):
        change_rule(actor=who, rule=foreign.pk, data={"region": COUNTY, "unit": town.unit.pk})
    with scope.acting(who), pytest.raises(Forbidden):
        add_rule(actor=who, data={"region": NEIGHBOUR, "unit": town.unit.pk})
    with scope.acting(who):
        assert rules_of(who) == ([], [])


@pytest.mark.parametrize(
    ("over", "field"),
    [({"category": "nonsense"}, "category"), ({"industry": "nonsense"}, "industry"), ({"unit": new_id()}, "unit"), ({"region": 5}, "region")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(town: Town, over: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        _add(town, **over)
    assert field in wrong.value.fields


def test_a_neighbours_unit_and_an_enterprise_cannot_be_named(town: Town) -> None:
    for unit in (town.n_unit.pk, town.city.enterprise.pk):
        with pytest.raises(Invalid) as wrong:
            _add(town, unit=unit)
        assert "unit" in wrong.value.fields


def test_every_change_is_in_the_ledger_and_the_second_of_two_is_told(town: Town) -> None:
    rule, who = _add(town), town.city.dispatcher
    with scope.acting(who):
        kept = change_rule(
            actor=who, rule=rule.pk, data={"category": "ebike", "region": TOWN, "unit": town.other_unit.pk}, version=1
        )
        assert kept.version == 2
        with pytest.raises(Conflict):
            set_active(actor=who, rule=rule.pk, active=False, version=1)
        set_active(actor=who, rule=rule.pk, active=False, version=2)
        told = acts(rule.pk)
    assert [one.step for one in told] == ["add_rule", "change_rule", "switch_rule"]
    assert told[1].changes["category_id"] == ["fire_exit", "ebike"]
    assert told[1].actor_name == who.name


def test_lines_move_and_keep_places_of_their_own(town: Town) -> None:
    rules = [_add(town, category=code) for code in ("gas", "ebike", "fire_exit")]
    with scope.acting(SYSTEM):
        Rule.objects.update(place=10)
    who = town.city.dispatcher
    with scope.acting(who):
        before = [one.pk for one in rules_of(who)[0]]
        move_rule(actor=who, rule=before[2], by=-1)
        own = rules_of(who)[0]
        assert [one.pk for one in own] == [before[0], before[2], before[1]]
        assert len({one.place for one in own}) == len(rules)
        move_rule(actor=who, rule=before[0], by=-1)  # the first stays the first
        assert rules_of(who)[0][0].pk == before[0]


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_two_who_move_at_once_lose_no_line(city: City) -> None:
    town = make_town(city)
    rules = [_add(town, category=code) for code in ("gas", "ebike", "fire_exit", "machinery")]
    who = town.city.dispatcher

    def push(rule: Rule) -> None:
        try:
            with scope.acting(who):
                move_rule(actor=who, rule=rule.pk, by=-1)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(push, rules))
    with scope.acting(who):
        own = rules_of(who)[0]
    assert len(own) == len({one.place for one in own}) == len(rules)


def test_trying_saves_nothing_and_says_what_would_change(town: Town) -> None:
    _add(town)
    sent, waiting = town.dispatched(), town.send(category="ebike")
    with scope.acting(town.city.dispatcher):
        data = RuleInput(category=None, region=COUNTY, industry=None, unit=town.other_unit.pk)
        found = try_line(town.city.dispatcher, data)
        assert (found.total, found.takes) == (2, 1)
        assert [one.report.pk for one in found.changed] == [waiting.pk]
        assert (found.settled, found.right_now, found.right_then) == (1, 1, 1)
        assert Rule.objects.count() == 1
    assert sent.unit_id == town.unit.pk


def test_a_rule_sends_by_itself_only_where_the_city_lets_it(town: Town) -> None:
    rule = _add(town)
    assert town.send().state == "submitted"
    with scope.acting(SYSTEM):
        set_city(actor=SYSTEM, key="reports.auto_dispatch", region=COUNTY, new=True)
    forget()
    sent = town.fresh(town.send())
    assert (sent.state, sent.unit_id) == ("dispatched", town.unit.pk)
    with scope.acting(SYSTEM):
        assert Sending.objects.get(report=sent).rule_id == rule.pk
    assert town.fresh(town.send(words="出口锁着，你们这群王八蛋")).state == "submitted"
    forget()


def test_the_pages_of_the_table(town: Town, signed_in: SignedIn) -> None:
    client = signed_in("dispatcher")
    sent = {"category": "fire_exit", "region": str(COUNTY), "unit": str(town.unit.pk), "remark": "", "industry": ""}
    assert client.post("/reports/rules/new/", sent).status_code == 302
    assert client.post("/reports/rules/new/", sent | {"unit": ""}).status_code == 422
    with scope.acting(town.city.dispatcher):
        rule = Rule.objects.get()
    town.send()
    page = client.get("/reports/rules/").content.decode()
    assert town.unit.name in page
    assert client.get(f"/reports/rules/{rule.pk}/").status_code == 200
    tried = client.post("/reports/rules/try/", sent | {"category": ""}).content.decode()
    assert "Of 1 past report it takes 0." in tried
    assert "This is needed." in client.post("/reports/rules/try/", {}).content.decode()
    changed = sent | {"category": "ebike", "version": "1"}
    assert client.post(f"/reports/rules/{rule.pk}/", changed).status_code == 302
    assert "in the meantime" in client.post(f"/reports/rules/{rule.pk}/", changed).content.decode()
    assert client.post(f"/reports/rules/{rule.pk}/move/", {"by": "1"}).status_code == 302
    assert client.post(f"/reports/rules/{rule.pk}/switch/", {"active": "0", "version": "2"}).status_code == 302
    assert "switched off" in client.get("/reports/rules/").content.decode()
    assert signed_in("n_dispatcher").get(f"/reports/rules/{rule.pk}/").status_code == 404


def test_a_neighbours_reports_are_not_tried_over(town: Town) -> None:
    town.send(region=NEIGHBOUR_TOWN)
    with scope.acting(town.city.dispatcher):
        found = try_line(town.city.dispatcher, RuleInput(region=COUNTY, unit=town.unit.pk))
    assert found.total == 0
