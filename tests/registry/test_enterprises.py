"""Registering, changing and closing enterprises: who may, what is refused, and what the ledger keeps."""

import json
from decimal import Decimal

import pytest

from anlan.identity import roles
from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.codes import make_uscc
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.models import Entry
from anlan.registry import queries
from anlan.registry.actions import (
    add_site,
    close_enterprise,
    edit_enterprise,
    edit_site,
    register_enterprise,
)
from anlan.registry.models import Enterprise
from tests.registry.conftest import COUNTY, GAS, GONGMAO, NEIGHBOUR_TOWN, TOWN

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def refused(call, **arguments):
    """The reasons by field of a call that must be refused."""
    with pytest.raises(Invalid) as caught:
        call(**arguments)
    return {name: [str(one) for one in reasons] for name, reasons in caught.value.fields.items()}


def notes(record):
    with scope.acting(SYSTEM):
        entries = Entry.objects.filter(subject_id=record.pk).order_by("version")
        return [(entry.step, json.loads(bytes(entry.body))) for entry in entries]


@pytest.mark.parametrize("who", ["office", "regulator", "city"])
def test_office_and_regulator_register(town, who):
    made = town.enterprise(town[who], principal_phone="+86 138-0013-8000")
    assert (made.region, made.industry_bit, made.principal_phone) == (TOWN, GONGMAO, "13800138000")
    ((step, body),) = notes(made)
    assert step == "register_enterprise"
    assert body["data"]["uscc"] == made.uscc
    assert body["actor"]["role"] in {roles.OFFICE, roles.REGULATOR}
    with scope.acting(SYSTEM):
        assert Organisation.objects.get(pk=made.pk).name == made.name


@pytest.mark.parametrize(
    "who", ["inspector", "leader", "auditor", "citizen", "system_admin", "security_admin", "audit_admin"]
)
def test_others_do_not(town, who):
    with pytest.raises(Forbidden):
        town.enterprise(town[who])
    with scope.acting(SYSTEM):
        assert not Enterprise.objects.exists()


def test_outside_the_territory_or_the_industry_nothing_is_registered(town):
    office, gas = town["office"], town["gas"]
    with scope.acting(office):
        wrong = refused(register_enterprise, actor=office, data=town.facts(region=NEIGHBOUR_TOWN))
        assert wrong == {"region": ["This region lies outside your territory."]}
        wrong = refused(register_enterprise, actor=office, data=town.facts(region=141099000000))
        assert wrong == {"region": ["This region is not known here. Choose one of the list."]}
    with scope.acting(gas):
        wrong = refused(register_enterprise, actor=gas, data=town.facts())
        assert wrong == {"industry": ["Your post does not supervise this industry."]}
        assert register_enterprise(actor=gas, data=town.facts(industry="gas")).industry_bit == GAS


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("uscc", "91141002MA0000000X", "check character"),
        ("uscc", "9114", "18 characters, not 4"),
        ("region", "14100", "2, 4, 6, 9 or 12 digits"),
        ("industry", "sorcery", "not known here"),
        ("principal_phone", "12345", "mobile number of 11 digits"),
        ("name", "", "at least 2"),
        ("name", "坏\x00名", "U+0000"),
        ("employees", -1, "at least 0"),
        ("status", "closed", "Choose one of the list"),
        ("lon", 181, "at most 180"),
        ("colour", "red", "no such field"),
    ],
)
def test_a_wrong_field_says_why(town, field, value, words):
    with scope.acting(town["office"]):
        wrong = refused(register_enterprise, actor=town["office"], data=town.facts() | {field: value})
    assert list(wrong) == [field]
    assert words in wrong[field][0]


def test_codes_that_begin_with_a_letter_are_valid(town):
    made = town.enterprise(uscc=make_uscc(77, region=COUNTY, kind="N2").lower())
    assert made.uscc.startswith("N2141002")


def test_a_code_is_taken_once_in_the_whole_country(town):
    there = town.enterprise(town["n_office"], region=NEIGHBOUR_TOWN)
    with scope.acting(town["office"]):
        wrong = refused(register_enterprise, actor=town["office"], data=town.facts(uscc=there.uscc))
        assert wrong == {"uscc": ["An enterprise with this credit code is registered already."]}
        with pytest.raises(NotFound):
            queries.enterprise(there.pk)


def test_points_are_kept_as_given_and_as_wgs84(town):
    made = town.enterprise(lon="111.523000", lat="36.084000", system="gcj02")
    assert (made.original_lon, made.original_system) == (Decimal("111.523000"), "gcj02")
    assert Decimal("0.003") < made.original_lon - made.lon < Decimal("0.008")
    with scope.acting(town["office"]):
        wrong = refused(register_enterprise, actor=town["office"], data=town.facts(lon="111.5"))
    assert wrong == {"": ["A point needs both longitude and latitude."]}


def test_a_neighbour_neither_sees_nor_changes(town):
    made = town.enterprise()
    for name in ("n_office", "n_regulator", "gas", "citizen", "system_admin"):
        who = town[name]
        with scope.acting(who):
            with pytest.raises(NotFound):
                edit_enterprise(actor=who, enterprise=made.pk, data={"name": "别的名字"})
            with pytest.raises(NotFound):
                close_enterprise(actor=who, enterprise=made.pk, reason="搬走")
            with pytest.raises(NotFound):
                add_site(actor=who, enterprise=made.pk, data={"name": "一厂"})
            assert queries.enterprises(who).rows == []
    assert len(notes(made)) == 1


def test_an_edit_keeps_before_and_after(town):
    made, office = town.enterprise(), town["office"]
    with scope.acting(office):
        edit_enterprise(actor=office, enterprise=made.pk, data={"address": "府前街1号", "employees": 25})
        edit_enterprise(actor=office, enterprise=made.pk, data={"address": "府前街1号"})
    (_first, (step, body)) = notes(made)
    assert step == "edit_enterprise"
    assert body["changes"] == {"address": ["", "府前街1号"], "employees": [None, 25]}


def test_moving_needs_the_territory_of_both_ends(town):
    made, office, city = town.enterprise(), town["office"], town["city"]
    with scope.acting(office):
        add_site(actor=office, enterprise=made.pk, data={"name": "一厂"})
        wrong = refused(edit_enterprise, actor=office, enterprise=made.pk, data={"region": NEIGHBOUR_TOWN})
        assert list(wrong) == ["region"]
    with scope.acting(city):
        edit_enterprise(actor=city, enterprise=made.pk, data={"region": NEIGHBOUR_TOWN, "industry": "gas"})
        assert {site.industry_bit for site in queries.sites_of(made.pk)} == {GAS}
        assert Organisation.objects.get(pk=made.pk).region == NEIGHBOUR_TOWN
    with scope.acting(office), pytest.raises(NotFound):
        queries.enterprise(made.pk)


def test_an_enterprise_keeps_its_own_contacts_and_nothing_else(town):
    made, other = town.enterprise(), town.enterprise()
    with scope.acting(SYSTEM):
        manager = town.hold("manager", roles.SAFETY_MANAGER, COUNTY, enterprise=made)
    with scope.acting(manager):
        edit_enterprise(actor=manager, enterprise=made.pk, data={"safety_manager_phone": "0357-2222222"})
        wrong = refused(edit_enterprise, actor=manager, enterprise=made.pk, data={"name": "新名字", "employees": 3})
        assert wrong == {"name": ["Only the office and the regulator may change this."]}
        with pytest.raises(NotFound):
            edit_enterprise(actor=manager, enterprise=other.pk, data={"employees": 3})
        with pytest.raises(Forbidden):
            close_enterprise(actor=manager, enterprise=made.pk, reason="不干了")
        with pytest.raises(Forbidden):
            register_enterprise(actor=manager, data=town.facts())
        assert [row.pk for row in queries.enterprises(manager).rows] == [made.pk]
        assert queries.count_enterprises(manager, queries.Filters(words="铸造")) == 1


@pytest.mark.parametrize("who", ["inspector", "leader", "auditor"])
def test_readers_of_the_territory_change_nothing(town, who):
    made, actor = town.enterprise(), town[who]
    with scope.acting(actor):
        assert queries.enterprise(made.pk) == made
        for act in (
            lambda: edit_enterprise(actor=actor, enterprise=made.pk, data={"employees": 3}),
            lambda: close_enterprise(actor=actor, enterprise=made.pk, reason="搬走"),
            lambda: add_site(actor=actor, enterprise=made.pk, data={"name": "一厂"}),
        ):
            with pytest.raises(Forbidden):
                act()


def test_a_closed_enterprise_stays_as_it_was(town):
    made, office = town.enterprise(), town["office"]
    with scope.acting(office):
        assert list(refused(close_enterprise, actor=office, enterprise=made.pk, reason=" ")) == ["reason"]
        assert close_enterprise(actor=office, enterprise=made.pk, reason="已注销").status == "closed"
        for act in (
            lambda: close_enterprise(actor=office, enterprise=made.pk, reason="已注销"),
            lambda: edit_enterprise(actor=office, enterprise=made.pk, data={"employees": 3}),
            lambda: add_site(actor=office, enterprise=made.pk, data={"name": "一厂"}),
        ):
            with pytest.raises(Conflict):
                act()
    assert notes(made)[-1][1]["data"] == {"reason": "已注销"}


def test_sites_lie_with_their_enterprise_and_have_names_of_their_own(town):
    made, office = town.enterprise(), town["office"]
    with scope.acting(SYSTEM):
        manager = town.hold("manager", roles.PRINCIPAL, COUNTY, enterprise=made)
    with scope.acting(office):
        site = add_site(actor=office, enterprise=made.pk, data={"name": "一厂", "lon": 111.5, "lat": 36.1})
        assert (site.region, site.industry_bit, site.lon) == (TOWN, GONGMAO, Decimal("111.500000"))
        assert list(refused(add_site, actor=office, enterprise=made.pk, data={"name": "一厂"})) == ["name"]
        assert list(refused(edit_site, actor=office, site=site.pk, data={"region": NEIGHBOUR_TOWN})) == ["region"]
    with scope.acting(manager):
        edit_site(actor=manager, site=site.pk, data={"address": "东门"})
        assert list(refused(edit_site, actor=manager, site=site.pk, data={"region": COUNTY})) == ["region"]
    with scope.acting(town["n_office"]), pytest.raises(NotFound):
        edit_site(actor=town["n_office"], site=site.pk, data={"address": "东门"})
    assert [step for step, _body in notes(made)] == ["register_enterprise", "add_site", "edit_site"]


def test_two_of_one_name_each_have_an_organisation(town):
    first, second = town.enterprise(name="同名公司"), town.enterprise(name="同名公司")
    with scope.acting(SYSTEM):
        names = {one.pk: one.name for one in Organisation.objects.filter(pk__in=[first.pk, second.pk])}
    assert names == {first.pk: "同名公司", second.pk: f"同名公司 ({second.uscc})"}
