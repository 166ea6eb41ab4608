"""Who answers for a record: the nearest holders, missing links told, frozen into the hazard at one question's cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from anlan.chain.models import Duty
from anlan.chain.queries import chain_for
from anlan.chain.wording import chain_links
from anlan.hazards.models import Hazard
from anlan.identity.models import Organisation, Person, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from tests.chain.conftest import Chain
from tests.factories import CITY, COUNTY, NEIGHBOUR_TOWN, TOWN

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def links(region=TOWN, bit=0, firm=None, day=None):
    return {(one["kind"], one["part"]): one for one in chain_for(region, bit, firm, day or clock.today())}


def client_for(city, name) -> Client:
    client = Client(headers={"accept-language": "en"})
    post = city.posts[name]
    Person.objects.filter(pk=post.person_id).update(password_changed_at=timezone.now(), language="en")
    client.force_login(
        Person.objects.get(pk=post.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    client.cookies["anlan_language"] = "en"
    return client


def test_each_part_comes_from_the_nearest_place(chain: Chain) -> None:
    firm = chain.city.enterprise
    with scope.acting(chain.city.principal):
        found = links(firm=firm.pk)
    assert found["territorial", "lead"]["region"] == TOWN
    assert found["sector", "lead"]["region"] == COUNTY
    assert found["sector", "lead"]["organisation"] == chain.body(COUNTY, "gongmao").name
    assert found["committee", "director_party"]["person"] == "director_party"
    assert (found["principal", "principal"]["person"], found["principal", "principal"]["organisation"]) == (
        "赵一",
        firm.name,
    )
    assert not any(one["missing"] or one["vacant"] for one in found.values())
    with scope.acting(SYSTEM):
        chain.slots["sector", "lead", COUNTY, "gongmao"].delete()
    assert links()["sector", "lead"]["region"] == CITY
    assert links(NEIGHBOUR_TOWN)["sector", "lead"]["organisation"].startswith("141021")


def test_missing_and_vacant_links_are_told(chain: Chain) -> None:
    with scope.acting(SYSTEM):
        Duty.objects.filter(kind="sector", part="leader", industry_bit=0).delete()
        Organisation.objects.filter(pk=chain.body(COUNTY, "gongmao").pk).update(active=False)
        leader = chain.give(kind="territorial", part="leader", region=COUNTY, post=chain.city.posts["leader"].pk)
        assert links()["territorial", "leader"]["person"] == "leader 某"
        Post.objects.filter(pk=leader.post_id).update(valid_to=clock.today() - timedelta(days=1))
    found = links()
    assert found["sector", "leader"]["missing"]
    assert found["sector", "lead"]["vacant"]
    assert (found["territorial", "leader"]["vacant"], found["territorial", "leader"]["person"]) == (True, "")
    assert ("principal", "principal") not in found, "no enterprise, no principal to miss"
    words = {one.label: one.words for one in chain_links(list(found.values()))}
    assert len(words) == len(found)
    tomorrow = clock.today() + timedelta(days=1)
    with scope.acting(SYSTEM):
        Duty.objects.filter(region=TOWN).update(valid_from=tomorrow)
    assert links()["territorial", "lead"]["region"] == COUNTY
    assert links(day=tomorrow)["territorial", "lead"]["region"] == TOWN


def test_a_hazard_keeps_its_chain_as_it_was(chain: Chain) -> None:
    hazard = chain.city.found()
    kept = {(one["kind"], one["part"]): one for one in hazard.chain}
    assert kept["sector", "lead"]["duty"] == str(chain.slots["sector", "lead", COUNTY, "gongmao"].pk)
    assert all("phone" not in one for one in hazard.chain)
    with scope.acting(SYSTEM):
        Duty.objects.all().delete()
        assert Hazard.objects.get(pk=hazard.pk).chain == hazard.chain
    bare = chain.city.found()
    assert {(one["kind"], one["part"]) for one in bare.chain if one["missing"]} >= {
        ("sector", "lead"),
        ("territorial", "lead"),
    }


def test_registering_asks_one_question_more(chain: Chain) -> None:
    chain.city.found()
    with CaptureQueriesContext(connection) as asked:
        chain.city.found()
    about = [
        one["sql"]
        for one in asked.captured_queries
        if "chain" in one["sql"] and not one["sql"].startswith(("INSERT", "UPDATE"))
    ]
    assert len([sql for sql in about if "anlan_chain(" in sql]) == 1
    assert not any("chain_duty" in sql for sql in about)


def test_the_page_and_the_api_show_it(chain: Chain) -> None:
    with scope.acting(SYSTEM):
        Duty.objects.filter(kind="sector", part="leader").delete()
        Duty.objects.filter(kind="territorial").update(phone="0357-2222222")
    hazard = chain.city.found()
    client = client_for(chain.city, "regulator")
    page = client.get(f"/hazards/{hazard.pk}/").content.decode()
    assert "Who answers for it" in page
    assert chain.body(COUNTY, "gongmao").name in page
    assert "not settled" in page
    facts = client.get(f"/api/v1/hazards/{hazard.pk}").json()["chain"]
    assert {one["part"] for one in facts if one["missing"]} == {"leader"}
    url = f"/api/v1/enterprises/{chain.city.enterprise.pk}/chain"
    told = client.get(url).json()["items"]
    assert "0357-2222222" in {one["phone"] for one in told}
    own = client_for(chain.city, "principal").get(url).json()["items"]
    assert {one["phone"] for one in own if one["kind"] != "principal"} == {""}
    assert client_for(chain.city, "n_regulator").get(url).status_code == 404
