"""The city's settings on their pages: what is in force, who may change it, what is refused, what the history says."""

import pytest

from anlan.kernel import citysettings, scope
from anlan.kernel.citysettings import declared, setting_id
from anlan.kernel.errors import Forbidden
from anlan.kernel.ledger.read import acts
from anlan.site.pages.citysettings import SettingForm, kind_of
from tests.factories import CITY, COUNTY, NEIGHBOUR, TOWN, City
from tests.site.pages import client_of, words

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_every_setting_is_shown_and_has_a_form(city: City) -> None:
    page = words(client_of(city, "system_admin").get("/settings/"))
    for key, one in declared.items():
        assert f"/settings/{key}/" in page
        form = SettingForm(one, one.default)
        typed = {name: form[name].value() for name in form.fields}
        again = SettingForm(one, one.default, typed | {"rungs": getattr(form, "rungs", "")})
        assert again.is_valid(), (key, again.errors)
        assert again.new_value() == one.default, key


def test_a_county_sets_its_own_and_puts_it_back(city: City) -> None:
    client = client_of(city, "system_admin")
    address = f"/settings/hazards.days.recheck/?region={COUNTY}"
    answer = client.post(address, {"value": "7", "basis": "县安委会 2026 年第 3 次会议"})
    assert answer.headers["Location"] == f"/settings/?region={COUNTY}"
    assert citysettings.value("hazards.days.recheck", TOWN) == 7
    assert citysettings.value("hazards.days.recheck", NEIGHBOUR) == 10
    page = words(client.get(address))
    assert "县安委会 2026 年第 3 次会议" in page
    assert "set here" in words(client.get(f"/settings/?region={COUNTY}"))
    client.post("/settings/hazards.days.recheck/put-back/", {"region": str(COUNTY)})
    assert citysettings.value("hazards.days.recheck", TOWN) == 10
    with scope.acting(city.system_admin):
        assert [act.step for act in acts(setting_id(COUNTY, "hazards.days.recheck"))] == [
            "change_setting",
            "put_back_setting",
        ]


@pytest.mark.parametrize(
    ("key", "typed", "reason"),
    [
        ("hazards.days.recheck", {"value": "0"}, "1 to 250"),
        ("hazards.days.recheck", {"value": "soon"}, "whole number"),
        ("hazards.signers.county", {"value": ["inspector"]}, "principal always signs"),
        ("hazards.ladder", {"rungs": "1", "days_0": "3", "to_0": "county_office"}, "one rung must be day 0"),
        ("hazards.ladder", {"rungs": "1", "days_0": "0", "to_0": ""}, "one of the known recipients"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_kept(
    city: City, key: str, typed: dict[str, str], reason: str
) -> None:
    answer = client_of(city, "system_admin").post(f"/settings/{key}/?region={COUNTY}", typed)
    assert answer.status_code == 422
    assert reason in words(answer)
    assert citysettings.value(key, COUNTY) == declared[key].default


def test_a_ladder_is_edited_as_rows(city: City) -> None:
    typed = {"rungs": "4", "days_0": "5", "to_0": "city_office", "days_1": "-2", "to_1": "waited_for",
             "days_2": "0", "to_2": "waited_for", "days_3": "", "to_3": ""}  # fmt: skip
    client_of(city, "system_admin").post(f"/settings/hazards.ladder/?region={COUNTY}", typed)
    assert citysettings.value("hazards.ladder", TOWN) == [
        {"days": -2, "to": "waited_for"},
        {"days": 0, "to": "waited_for"},
        {"days": 5, "to": "city_office"},
    ]
    assert kind_of(declared["hazards.ladder"]) == "ladder"


@pytest.mark.parametrize("name", ["office", "regulator", "auditor", "n_system_admin"])
def test_others_may_look_and_not_touch(city: City, name: str) -> None:
    answer = client_of(city, name).post(f"/settings/hazards.days.recheck/?region={COUNTY}", {"value": "5"})
    assert answer.status_code == 403
    with scope.acting(city.actors[name]), pytest.raises(Forbidden):
        citysettings.change(actor=city.actors[name], key="hazards.days.recheck", region=COUNTY, new=5)
    assert citysettings.value("hazards.days.recheck", COUNTY) == 10


def test_a_county_administrator_does_not_set_the_city(city: City) -> None:
    answer = client_of(city, "system_admin").post(f"/settings/hazards.days.recheck/?region={CITY}", {"value": "5"})
    assert answer.status_code == 403


def test_a_yes_or_no_is_ticked_and_not_typed(city: City) -> None:
    client, address = client_of(city, "system_admin"), f"/settings/reports.auto_dispatch/?region={COUNTY}"
    assert 'type="radio"' in words(client.get(address))
    assert client.post(address, {"value": "yes", "basis": ""}).status_code == 302
    assert citysettings.value("reports.auto_dispatch", TOWN) is True
    assert citysettings.value("reports.auto_dispatch", NEIGHBOUR) is False
    assert client.post(address, {"value": "perhaps", "basis": ""}).status_code == 422
    citysettings.forget()
