"""Duty cards: written by the enterprise, acknowledged by their holders, counted for the territory."""

from datetime import timedelta

import pytest

from anlan.chain import actions, queries
from anlan.chain.models import DutyCard
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.models import Entry
from anlan.registry.models import Enterprise
from tests.factories import City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
LINE = {"level": "team_leader", "title": "一班班长", "holder_name": "孙三", "duties": ["班前讲安全"]}


def add(city: City, who: str = "safety_manager", **over):
    actor = city.actors[who]
    with scope.acting(actor):
        return actions.add_card(actor=actor, enterprise=city.enterprise.pk, data=LINE | over)


def test_the_enterprise_writes_its_lists_and_nobody_else(city):
    made = add(city)
    assert (made.region, made.industry_bit, made.signed_on) == (city.enterprise.region, 0, None)
    add(city, "principal", title="二班班长")
    for who in ("office", "regulator", "inspector", "auditor", "leader"):
        with pytest.raises(Forbidden):
            add(city, who, title="三班班长")
    for who in ("n_safety_manager", "n_office", "citizen"):
        with pytest.raises(NotFound):
            add(city, who, title="三班班长")
        with scope.acting(city.actors[who]), pytest.raises(NotFound):
            queries.card(made.pk)
    with pytest.raises(Invalid):
        add(city)
    with scope.acting(SYSTEM):
        assert Entry.objects.get(subject_id=made.pk).enterprise_id == city.enterprise.pk


@pytest.mark.parametrize(
    "over", [{"duties": []}, {"level": "king"}, {"title": ""}, {"duties": [""]}, {"duties": ["长" * 301]}]
)
def test_what_a_card_needs(city, over):
    with pytest.raises(Invalid) as wrong:
        add(city, **over)
    assert any(field.startswith(next(iter(over))) for field in wrong.value.fields)


def test_a_card_set_aside_is_taken_up_again(city):
    card, actor = add(city), city.safety_manager
    with scope.acting(actor):
        actions.end_card(actor=actor, card=card.pk)
        with pytest.raises(Conflict):
            actions.end_card(actor=actor, card=card.pk)
        assert queries.cards(city.enterprise.pk) == []
    assert add(city).pk == card.pk


def test_who_acknowledges(city):
    manager, principal, today = city.safety_manager, city.principal, clock.today()
    paper = add(city)
    own = add(city, title="主要负责人", level="principal", holder_name="", holder=principal.person)
    assert own.holder_name == "principal 某"
    with scope.acting(principal), pytest.raises(Forbidden):
        actions.acknowledge(actor=principal, card=paper.pk)
    with scope.acting(manager):
        with pytest.raises(Forbidden):
            actions.acknowledge(actor=manager, card=own.pk)
        for day in (today + timedelta(days=1), today - timedelta(days=1)):
            with pytest.raises(Invalid):
                actions.acknowledge(actor=manager, card=paper.pk, data={"signed_on": day})
        assert actions.acknowledge(actor=manager, card=paper.pk).signed_on == today
        changed = actions.change_card(actor=manager, card=paper.pk, data=LINE | {"duties": ["班后交接"]})
        assert changed.signed_on is None, "what was acknowledged is no longer what the card says"
    with scope.acting(principal):
        assert actions.acknowledge(actor=principal, card=own.pk).signed_on == today
    nobody = add(city, title="巡检", holder_name="")
    with scope.acting(manager), pytest.raises(Invalid):
        actions.acknowledge(actor=manager, card=nobody.pk)


def test_an_account_of_another_enterprise_holds_no_card_here(city):
    with pytest.raises(Invalid) as wrong:
        add(city, holder_name="", holder=city.n_principal.person)
    assert set(wrong.value.fields) == {"holder"}


def test_the_usual_cards_and_how_far_a_county_has_come(city):
    manager = city.safety_manager
    with scope.acting(manager):
        made = actions.draw_up(actor=manager, enterprise=city.enterprise.pk)
        assert {(one.level, one.holder_id) for one in made} == {
            ("principal", city.principal.person),
            ("safety_officer", manager.person),
        }
        assert actions.draw_up(actor=manager, enterprise=city.enterprise.pk) == []

    def counted(who):
        actor = city.actors[who]
        with scope.acting(actor):
            return [(one.enterprises, one.begun, one.complete) for one in queries.coverage(actor)]

    assert counted("office") == [(1, 1, 0)]
    assert counted("n_office") == [(1, 0, 0)]
    assert counted("other_field") == []
    with scope.acting(SYSTEM):
        DutyCard.objects.update(signed_on=clock.today())
    assert counted("city_office") == [(1, 1, 1), (1, 0, 0)]


def test_a_closed_enterprise_writes_no_more(city):
    with scope.acting(SYSTEM):
        Enterprise.objects.filter(pk=city.enterprise.pk).update(status="closed")
    with pytest.raises(Forbidden):
        add(city)
