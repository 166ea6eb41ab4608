"""Setting up: who opens a campaign, publishes what is asked, says of whom, and begins a month."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from anlan.campaigns import actions
from anlan.campaigns.models import Campaign, Participant, Return, ReturnTemplate
from anlan.campaigns.returns.shipped import texts
from anlan.identity.models import Organisation
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import CalendarEnds, Conflict, Forbidden, Invalid, NotFound, NotNow
from anlan.kernel.ids import new_id
from tests.campaigns.conftest import APRIL, Month
from tests.factories import COUNTY

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_may")]

TEMPLATE, CHECKS = texts("2024-campaign")
NEXT = TEMPLATE.replace("version = 1", "version = 2", 1).replace("2024-01", "2026-05", 1)
OFFICES = ("city",)
OTHERS = ("county", "office", "department", "regulator", "auditor", "leader", "principal", "citizen", "system_admin")


def _publish(month: Month, who: str, **data: Any) -> ReturnTemplate:
    actor = month.actors[who]
    with scope.acting(actor):
        return actions.publish_template(
            actor=actor, campaign=month.campaign.pk, data={"template": NEXT, "checks": CHECKS, **data}
        )


def _enrol(month: Month, who: str, **data: Any) -> Participant:
    actor = month.actors[who]
    given = {"unit": month.units["town"].pk, "filler": "unit", "from_month": APRIL, **data}
    with scope.acting(actor):
        return actions.enrol(actor=actor, campaign=month.campaign.pk, data=given)


def _open(actor: Actor, month: Month, day: date) -> int:
    with scope.acting(actor):
        return actions.open_month(actor=actor, campaign=month.campaign.pk, month=day)


@pytest.mark.parametrize("who", OTHERS)
def test_only_the_office_of_the_territory_sets_up(month: Month, who: str) -> None:
    with pytest.raises(Forbidden):
        _publish(month, who)
    with pytest.raises(Forbidden):
        _enrol(month, who)
    with pytest.raises(Forbidden):
        _open(month.actors[who], month, APRIL)


def test_a_county_opens_its_own_campaign_and_a_code_once(month: Month) -> None:
    county = month.actors["county"]
    data = {"code": "zhiben", "zh": "县级专项整治", "en": "County campaign", "from_day": date(2026, 1, 1)}
    with scope.acting(county):
        own = actions.open_campaign(actor=county, data=data)
        assert own.region == county.region
        with pytest.raises(Conflict):
            actions.open_campaign(actor=county, data=data)
        with pytest.raises(Invalid):
            actions.open_campaign(actor=county, data={**data, "code": "other", "to_day": date(2025, 1, 1)})
    with scope.acting(month.actors["leader"]), pytest.raises(Forbidden):
        actions.open_campaign(actor=month.actors["leader"], data={**data, "code": "other"})
    assert Campaign.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"template": TEMPLATE}, "template", "higher number"),
        ({"template": NEXT.replace("2026-05", "2024-01", 1)}, "template", "later month"),
        ({"template": NEXT + "\nbroken"}, "template", ""),
        ({"template": NEXT.replace('unit = "公里"', 'unit = ""')}, "template", "counted in"),
        ({"checks": CHECKS.replace("checks.units <= checks.visits", "checks.units <= checks.vists")}, "checks", "nothing is called"),
        ({"checks": CHECKS.replace("checks.units <= checks.visits", "checks.units >= checks.visits")}, "checks", "units_within_visits: example 1"),
    ],
)  # fmt: skip
def test_what_is_published_must_load_be_newer_and_prove_itself(
    month: Month, data: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        _publish(month, "city", **data)
    assert any(words in str(one) for one in refused.value.fields[field])
    assert ReturnTemplate.objects.count() == 1


def test_a_month_that_was_opened_keeps_its_version(month: Month) -> None:
    new = _publish(month, "city", template=NEXT.replace('zh = "宣传活动"', 'zh = "宣传活动场次"'))
    assert _open(month.actors["city"], month, date(2026, 5, 1)) == 5
    assert month.of("county").template_id != new.pk
    assert month.of("county", date(2026, 5, 1)).template_id == new.pk


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"unit": new_id()}, "unit"),
        ({"reviewer": new_id()}, "reviewer"),
        ({"unit": "enterprise"}, "unit"),
        ({"reviewer": "town"}, "reviewer"),
        ({"reviewer": "far_town"}, "reviewer"),
        ({"unit": "county", "reviewer": "town"}, "reviewer"),
        ({"to_month": date(2026, 3, 1)}, "to_month"),
        ({"from_month": date(2026, 4, 2)}, "from_month"),
        ({"filler": "enterprise"}, "filler"),
    ],
)
def test_who_cannot_take_part(month: Month, data: dict[str, Any], field: str) -> None:
    named = {"enterprise": month.city.enterprise.pk} | {name: unit.pk for name, unit in month.units.items()}
    given = {key: named.get(value, value) if key != "filler" else value for key, value in data.items()}
    with pytest.raises(Invalid) as refused:
        _enrol(month, "city", **given)
    assert field in refused.value.fields


def test_two_units_do_not_review_each_other(month: Month) -> None:
    with scope.acting(SYSTEM):
        second = Organisation.objects.create(
            id=new_id(), name="县应急局", kind="department", region=COUNTY, industries=0
        )
    _enrol(month, "city", unit=second.pk, filler="system", reviewer=month.units["county"].pk)
    with pytest.raises(Invalid, match="need"), override("en"):
        _enrol(month, "city", unit=month.units["county"].pk, filler="district", reviewer=second.pk)
    third = _enrol(month, "city", unit=month.units["town"].pk, reviewer=second.pk)
    assert third.reviewer_id == second.pk


def test_a_countys_campaign_does_not_reach_beyond_it(month: Month) -> None:
    county = month.actors["county"]
    data = {"code": "own", "zh": "县级专项整治", "en": "County campaign", "from_day": date(2026, 1, 1)}
    with scope.acting(county):
        own = actions.open_campaign(actor=county, data=data)
    city = month.actors["city"]  # stands above, and sees the neighbour's town
    with scope.acting(city), pytest.raises(Invalid):
        given = {"unit": month.units["far_town"].pk, "filler": "unit", "from_month": APRIL}
        actions.enrol(actor=city, campaign=own.pk, data=given)


def test_a_unit_that_leaves_is_not_asked_any_more(month: Month) -> None:
    _enrol(month, "city", to_month=APRIL, reviewer=month.units["county"].pk)
    with scope.acting(month.actors["city"]):
        assert Participant.objects.count() == 5
    assert _open(month.actors["city"], month, date(2026, 5, 1)) == 4


def test_a_month_is_opened_once_and_for_those_who_came_since(month: Month) -> None:
    city = month.actors["city"]
    assert _open(city, month, APRIL) == 0
    assert _open(city, month, APRIL + timedelta(days=12)) == 0
    with scope.acting(city):
        assert Return.objects.filter(month=APRIL).count() == 5


def test_a_month_ahead_or_before_anything_was_asked_is_not_opened(month: Month) -> None:
    with pytest.raises(NotNow):
        _open(month.actors["city"], month, date(2026, 6, 1))
    with pytest.raises(NotNow):
        _open(month.actors["city"], month, date(2023, 12, 1))
    with scope.acting(month.actors["city"]), pytest.raises(NotFound):
        actions.open_month(actor=month.actors["city"], campaign=new_id(), month=APRIL)


def test_past_the_calendar_no_month_is_opened(month: Month) -> None:
    december = datetime(2027, 12, 6, 2, tzinfo=UTC)
    with clock.at(december), pytest.raises(CalendarEnds):
        _open(month.actors["city"], month, date(2027, 12, 1))


def test_the_platform_opens_the_present_month_by_itself(month: Month) -> None:
    assert actions.open_due_months() == 5
    assert actions.open_due_months() == 0
    assert month.of("town", date(2026, 5, 1)).state == "open"


def test_participants_are_seen_by_those_concerned(month: Month) -> None:
    def seen(who: str) -> set[str]:
        names = {unit.pk: name for name, unit in month.units.items()}
        with scope.acting(month.actors[who]):
            return {names[one] for one in Participant.objects.values_list("unit_id", flat=True)}

    assert seen("city") == {"county", "neighbour", "department", "town", "far_town"}
    assert seen("county") == {"county", "town"}
    assert seen("town") == {"town"}
    assert seen("department") == {"department"}
    assert seen("inspector") == seen("leader") == seen("principal") == seen("citizen") == seen("finance") == set()


def test_a_body_that_was_dissolved_hands_in_nothing_more(month: Month) -> None:
    with scope.acting(SYSTEM):
        Organisation.objects.filter(pk=month.units["town"].pk).update(active=False)
    assert _open(month.actors["city"], month, date(2026, 5, 1)) == 4
    with scope.acting(SYSTEM):
        assert Return.objects.filter(unit=month.units["town"]).count() == 1  # the month that was opened stays


def test_no_month_is_opened_outside_the_campaign(month: Month) -> None:
    with scope.acting(SYSTEM):
        Campaign.objects.filter(pk=month.campaign.pk).update(to_day=date(2026, 4, 30))
    for day in (date(2026, 5, 1), date(2023, 12, 1)):
        with pytest.raises(NotNow) as refused:
            _open(month.actors["city"], month, day)
        assert refused.value.code == "returns.outside_campaign"
