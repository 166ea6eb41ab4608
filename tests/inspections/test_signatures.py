"""Who signed, on whose device, in which round: told as it was."""

from datetime import timedelta

import pytest

from anlan.identity.models import Person
from anlan.inspections.documents.facts import site_record
from anlan.inspections.models import Member, Visit, VisitSignature
from anlan.inspections.schemas import facts_of
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.ledger.read import acts
from anlan.notify.models import Message
from tests.inspections.conftest import Field

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def signed(visit: Visit) -> list[VisitSignature]:
    with scope.acting(SYSTEM):
        return list(VisitSignature.objects.filter(visit_id=visit.pk).order_by("at", "id"))


def told(city: Field, name: str) -> list[Message]:
    with scope.acting(city.actors[name]):
        return list(Message.objects.filter(kind="visit.signed_for", person_id=city.actors[name].person))


def namesakes(city: Field) -> Visit:
    """A recorded visit of two officers of one name."""
    visit = city.ready()
    with scope.acting(SYSTEM):
        Person.objects.filter(pk=city.inspector2.person).update(name=city.inspector.name)
        Member.objects.filter(visit_id=visit.pk).update(name=city.inspector.name)
    return city.recorded(city.do(city.inspector, visit, "arrive"))


def test_with_their_own_accounts(city: Field) -> None:
    visit = city.recorded()
    for actor in (city.inspector, city.inspector2):
        city.sign_record(actor, visit, "officer", actor.name)
    rows = signed(visit)
    assert [(one.person_id, one.for_id, one.taken_by_id) for one in rows] == [
        (actor.person, actor.person, None) for actor in (city.inspector, city.inspector2)
    ]
    assert told(city, "inspector") == told(city, "inspector2") == []


def test_on_another_members_device_it_is_told_as_that(city: Field) -> None:
    visit = city.recorded()
    city.sign_record(city.inspector, visit, "officer", city.inspector.name)
    city.sign_record(city.inspector, visit, "officer", city.inspector2.name)
    row = signed(visit)[1]
    assert (row.person_id, row.for_id, row.taken_by_id) == (None, city.inspector2.person, city.inspector.person)
    assert [one.facts["by"] for one in told(city, "inspector2")] == [city.inspector.name]
    assert told(city, "inspector") == []
    with scope.acting(city.regulator):
        fresh = Visit.objects.get(pk=visit.pk)
        assert [one.taken_by for one in facts_of(city.regulator, fresh).signatures] == ["", city.inspector.name]
        assert city.inspector.name in site_record(fresh).signatures[1].said
        assert acts(visit.pk)[-1].data["taken_by"]["name"] == city.inspector.name
    with pytest.raises(Invalid):
        city.sign_record(city.inspector2, visit, "officer", city.inspector2.name)
    assert city.sign_record(city.inspector, visit, "enterprise", "王某").state == "filed"


def test_only_who_goes_takes_an_officers(city: Field) -> None:
    visit = city.recorded()
    for name in ("principal", "regulator"):
        with pytest.raises(Forbidden):
            city.sign_record(city.actors[name], visit, "officer", city.inspector.name)
    assert signed(visit) == []
    city.sign_record(city.principal, visit, "enterprise", "随便写的")
    assert [(one.name, one.person_id) for one in signed(visit)] == [(city.principal.name, city.principal.person)]


def test_two_of_one_name_each_sign_with_their_own_account(city: Field) -> None:
    visit, name = namesakes(city), city.inspector.name
    city.sign_record(city.inspector, visit, "officer", name)
    with pytest.raises(Invalid) as caught:
        city.sign_record(city.inspector, visit, "officer", name)
    assert "own account" in str(caught.value.fields["name"][0])
    city.sign_record(city.inspector2, visit, "officer", name)
    assert {one.person_id for one in signed(visit)} == {city.inspector.person, city.inspector2.person}
    assert city.sign_record(city.inspector, visit, "enterprise", "王某").state == "filed"


def test_of_two_of_one_name_the_one_whose_id_is_given(city: Field) -> None:
    visit, name = namesakes(city), city.inspector.name
    city.sign_record(city.inspector, visit, "officer", name, member=city.inspector2.person)
    row = signed(visit)[0]
    assert (row.for_id, row.taken_by_id) == (city.inspector2.person, city.inspector.person)
    with pytest.raises(Invalid):
        city.sign_record(city.inspector2, visit, "officer", name, member=city.inspector2.person)
    city.sign_record(city.inspector, visit, "officer", name)
    assert signed(visit)[1].person_id == city.inspector.person


def test_a_signature_counts_for_its_round_alone(city: Field) -> None:
    visit = city.recorded()
    data = city.record_data(visit)
    for actor in (city.inspector, city.inspector2):
        city.sign_record(actor, visit, "officer", actor.name)
    city.do(city.inspector, visit, "reopen", reason="补记一项")
    with clock.at(clock.now() + timedelta(minutes=5)):
        visit = city.do(city.inspector, visit, "record", **data)
    assert {one.digest for one in signed(visit)} == {visit.record_digest}, "the very same words"
    with scope.acting(city.inspector):
        facts = facts_of(city.inspector, visit)
        assert (facts.missing, [one.bound for one in facts.signatures]) == (
            {"officer": 2, "enterprise": 1},
            [False] * 2,
        )
        assert site_record(visit).signatures == []
    assert city.sign_record(city.inspector, visit, "enterprise", "王某").state == "recorded"
    for actor in (city.inspector, city.inspector2):
        visit = city.sign_record(actor, visit, "officer", actor.name)
    assert visit.state == "filed"
