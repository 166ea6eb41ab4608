"""A card names the risk points its holder looks after: picked among the enterprise's own, never typed, never another's."""

import pytest

from anlan.chain.actions import add_card, change_card
from anlan.chain.models import DutyCard
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Invalid
from anlan.kernel.ids import new_id
from anlan.risks.models import RiskPoint
from tests.chain.test_answering import client_for
from tests.factories import City
from tests.risks.conftest import Plant

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
TYPED = {"level": "team_leader", "title": "一班班长", "holder_name": "孙三", "duties": "班前讲安全"}


@pytest.fixture
def plant(city: City) -> Plant:
    return Plant(city)


def test_points_are_found_ticked_and_kept_while_one_searches_on(plant: Plant) -> None:
    furnace, crane = plant.point(), plant.point(name="2号行车")
    theirs = plant.neighbour()
    client, firm = client_for(plant.city, "safety_manager"), plant.city.enterprise.pk
    form = client.get(f"/chain/enterprises/{firm}/cards/new/").content.decode()
    assert furnace.name in form, "a picker shows points before anything is typed"
    asked = {"name": "risks", "risks_words": "行车", "risks": str(furnace.pk)}
    found = client.get(f"/chain/enterprises/{firm}/points/", asked).content.decode()
    assert f'value="{furnace.pk}" checked' in found, "what was ticked stays through another search"
    assert f'value="{crane.pk}"' in found
    assert f'value="{crane.pk}" checked' not in found
    assert theirs.name not in client.get(f"/chain/enterprises/{firm}/points/?risks_words=酸洗").content.decode()
    assert client.get(f"/chain/enterprises/{plant.city.n_enterprise.pk}/points/").status_code == 404
    assert client_for(plant.city, "office").get(f"/chain/enterprises/{firm}/points/").status_code == 403
    points = [str(furnace.pk), str(crane.pk)]
    assert client.post(f"/chain/enterprises/{firm}/cards/new/", TYPED | {"risks": points}).status_code == 302
    with scope.acting(SYSTEM):
        card = DutyCard.objects.get()
    assert card.risks == points
    shown = client.get(f"/chain/cards/{card.pk}/").content.decode()
    assert furnace.name in shown
    changing = client.get(f"/chain/cards/{card.pk}/change/").content.decode()
    assert changing.count("checked") >= len(points)
    assert client.post(f"/chain/cards/{card.pk}/change/", TYPED | {"risks": points[:1]}).status_code == 302
    with scope.acting(SYSTEM):
        assert DutyCard.objects.get().risks == points[:1]
    assert crane.name not in client.get(f"/chain/enterprises/{firm}/cards/print/").content.decode()


def test_only_points_of_the_enterprise_that_are_in_use(plant: Plant) -> None:
    own, theirs, actor = plant.point(), plant.neighbour(), plant.city.safety_manager
    typed = TYPED | {"duties": ["班前讲安全"]}
    with scope.acting(actor):
        for wrong in (theirs.pk, new_id()):
            with pytest.raises(Invalid) as told:
                add_card(actor=actor, enterprise=plant.city.enterprise.pk, data=typed | {"risks": [own.pk, wrong]})
            assert set(told.value.fields) == {"risks"}
        card = add_card(actor=actor, enterprise=plant.city.enterprise.pk, data=typed | {"risks": [own.pk, own.pk]})
        assert card.risks == [str(own.pk)]
    with scope.acting(SYSTEM):
        RiskPoint.objects.filter(pk=own.pk).update(active=False)
    with scope.acting(actor):
        kept = change_card(actor=actor, card=card.pk, data=typed | {"risks": [own.pk], "emergency": "停炉"})
        assert kept.risks == [str(own.pk)], "one that went out of use stays where it stood"
        with pytest.raises(Invalid):
            add_card(
                actor=actor, enterprise=plant.city.enterprise.pk, data=typed | {"title": "二班", "risks": [own.pk]}
            )
