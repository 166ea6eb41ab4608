"""A city's settings: the nearest territory wins, a useless value is refused, every change is in the ledger."""

import pytest

from anlan.kernel import citysettings, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Invalid
from anlan.kernel.ledger.read import acts
from anlan.kernel.models import CitySetting, Entry

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
CITY, COUNTY, TOWN, NEIGHBOUR = 141000000000, 141002000000, 141002001000, 141021000000
KEY = "hazards.days.sign"


def change(region: int, new: object, key: str = KEY) -> None:
    with scope.acting(SYSTEM):
        citysettings.change(actor=SYSTEM, key=key, region=region, new=new, basis="会议纪要")


def test_the_nearest_territory_wins() -> None:
    assert citysettings.value(KEY, TOWN) == 2
    change(CITY, 4)
    change(COUNTY, 3)
    assert [citysettings.value(KEY, place) for place in (TOWN, COUNTY, NEIGHBOUR, CITY, None)] == [3, 3, 4, 4, 2]


def test_a_change_is_in_the_ledger_with_old_and_new() -> None:
    change(COUNTY, 3)
    change(COUNTY, 5)
    with scope.acting(SYSTEM):
        subject = CitySetting.objects.get(region=COUNTY).pk
        assert [act.changes[KEY] for act in acts(subject)] == [[None, 3], [3, 5]]
        assert Entry.objects.filter(subject_id=subject, region=COUNTY).count() == 2


@pytest.mark.parametrize(("key", "new"), [(KEY, 0), (KEY, True), (KEY, "3"), (KEY, None), ("hazards.no.such", 1)])
def test_a_useless_value_is_refused_and_nothing_is_kept(key: str, new: object) -> None:
    with pytest.raises(Invalid):
        change(COUNTY, new, key)
    assert CitySetting.objects.count() == 0
    with scope.acting(SYSTEM):
        assert Entry.objects.count() == 0
