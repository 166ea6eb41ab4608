"""What a demo city is not built on."""

import pytest

from anlan.demo import load
from anlan.hazards.models import Hazard
from anlan.identity.models import Person
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger.write import write_note

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_an_interrupted_load_is_refused_with_what_to_do() -> None:
    with scope.acting(SYSTEM):
        write_note(actor=SYSTEM, subject_type="demo", subject_id=load.DEMO, step="begin_demo")
    with pytest.raises(load.HalfLoadedError, match="--fresh"):
        load.main(hazards=1)


def test_a_city_with_people_is_never_mixed_with_the_demo() -> None:
    Person.objects.create(username="somebody", name="Somebody")
    with pytest.raises(load.HalfLoadedError, match="people"):
        load.main(hazards=1)
    with scope.acting(SYSTEM):
        assert not Hazard.objects.exists()


def test_production_never_gets_a_demo_city(settings) -> None:
    settings.RELAXED = False
    with pytest.raises(load.HalfLoadedError, match="production"):
        load.main(hazards=1)
