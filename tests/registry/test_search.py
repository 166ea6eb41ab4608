"""Lists of enterprises: filters, pages, search by index, and nothing of a neighbour."""

import random

import pytest
from django.db import connection, connections

from anlan.identity import roles
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.codes import make_uscc
from anlan.registry import queries, search
from anlan.registry.models import Enterprise
from anlan.registry.queries import Filters
from tests.registry.conftest import COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def names(page):
    return [row.name for row in page.rows]


def test_words_are_found_in_the_own_territory_alone(town):
    mine = town.enterprise(name="翠岭精密铸造有限公司")
    theirs = town.enterprise(town["n_office"], name="苍溪精密铸造有限公司", region=NEIGHBOUR_TOWN)
    gas = town.enterprise(name="翠岭精密燃气有限公司", industry="gas")
    expected = {
        "office": {mine.pk, gas.pk},
        "n_office": {theirs.pk},
        "gas": {gas.pk},
        "city": {mine.pk, theirs.pk, gas.pk},
        "citizen": set(),
        "system_admin": set(),
    }
    for name, seen in expected.items():
        who = town[name]
        with scope.acting(who):
            assert set(search.find("精密", cap=100)) == seen, name
            assert {row.pk for row in queries.enterprises(who, Filters(words="精密")).rows} == seen, name
            assert queries.count_enterprises(who, Filters(words="精密")) == len(seen), name


def test_an_enterprise_finds_itself_alone(town):
    mine, _other = town.enterprise(name="翠岭铸造"), town.enterprise(name="翠岭锻造")
    with scope.acting(SYSTEM):
        manager = town.hold("manager", roles.SAFETY_MANAGER, COUNTY, enterprise=mine)
    with scope.acting(manager):
        assert search.find("翠岭", cap=100) == [mine.pk]


def test_without_a_scope_nothing_is_found(town):
    town.enterprise(name="翠岭铸造")
    assert search.find("翠岭", cap=100) == []


@pytest.mark.parametrize("words", ["' OR true --", "%", "_", "\\", "翠岭' UNION SELECT id FROM registry_enterprise --"])
def test_hostile_words_are_words(town, words):
    town.enterprise(town["n_office"], name="翠岭铸造", region=NEIGHBOUR_TOWN)
    with scope.acting(town["office"]):
        assert queries.enterprises(town["office"], Filters(words=words)).rows == []
    with scope.acting(town["n_office"]):
        assert queries.enterprises(town["n_office"], Filters(words=words)).rows == []


def test_every_word_must_be_there_and_single_characters_count(town):
    town.enterprise(name="翠岭LPG第三储配站")
    town.enterprise(name="翠岭第四储配站")
    office = town["office"]
    with scope.acting(office):
        for words, found in {
            "翠岭 lpg": 1,
            "储配站": 2,
            "三": 1,
            "ＬＰＧ": 1,
            "翠站": 0,
            "翠岭 汽": 0,
            "  ": 2,
        }.items():
            assert len(queries.enterprises(office, Filters(words=words.strip())).rows) == found, words


def test_the_beginning_of_a_credit_code_finds_it(town):
    made = town.enterprise()
    town.enterprise(uscc=make_uscc(9, region=NEIGHBOUR))
    office = town["office"]
    with scope.acting(office):
        for words in (made.uscc, made.uscc[:9].lower(), made.uscc[:12]):
            assert [row.pk for row in queries.enterprises(office, Filters(words=words)).rows] == [made.pk]
    with scope.acting(town["n_office"]):
        assert queries.enterprises(town["n_office"], Filters(words=made.uscc)).rows == []


def test_filters_join(town):
    town.enterprise(name="甲铸造", region=TOWN, status="suspended")
    town.enterprise(name="乙铸造", region=COUNTY, industry="gas")
    city = town["city"]
    with scope.acting(city):
        for filters, found in {
            Filters(region=TOWN): ["甲铸造"],
            Filters(region=COUNTY): ["乙铸造", "甲铸造"],
            Filters(region=NEIGHBOUR): [],
            Filters(industry="gas"): ["乙铸造"],
            Filters(status="suspended"): ["甲铸造"],
            Filters(words="铸造", region=TOWN): ["甲铸造"],
            Filters(words="铸造", industry="gas", status="active"): ["乙铸造"],
            Filters(words="铸造", industry="gas", status="suspended"): [],
            Filters(region=5): [],
        }.items():
            assert sorted(names(queries.enterprises(city, filters))) == sorted(found), filters
            assert queries.count_enterprises(city, filters) == len(found)


@pytest.mark.parametrize("words", ["", "铸造"])
def test_pages_run_forth_and_back_without_gaps(town, words):
    for number in range(7):
        town.enterprise(name=f"同名铸造{number // 3}")  # three of one name: the id decides
    office, filters = town["office"], Filters(words=words)
    with scope.acting(office):
        seen, page = [], queries.enterprises(office, filters, limit=3)
        assert page.before is None
        while True:
            seen.append([row.pk for row in page.rows])
            if page.after is None:
                break
            page = queries.enterprises(office, filters, after=page.after, limit=3)
        assert [len(one) for one in seen] == [3, 3, 1]
        assert len({pk for one in seen for pk in one}) == 7
        back = queries.enterprises(office, filters, before=page.before, limit=3)
        assert [row.pk for row in back.rows] == seen[1]
        assert (back.before is not None, back.after is not None) == (True, True)
        first = queries.enterprises(office, filters, before=back.before, limit=3)
        assert [row.pk for row in first.rows] == seen[0]
        assert first.before is None
        assert [row.pk for row in queries.walk(office, filters, step=2)] == [pk for one in seen for pk in one]


@pytest.fixture
def many(town):
    """Enough rows for the planner to care."""
    rng = random.Random(4)
    parts = ["汇源", "宏达", "金鼎", "晋南", "平阳", "远景", "长青", "新世纪", "祥瑞", "永固"]
    rows = [
        f"('{number:032x}'::uuid, 'X{number:017d}', '{rng.choice(parts)}{rng.choice(parts)}{number}号商贸有限公司',"
        f" {TOWN if number % 2 else NEIGHBOUR_TOWN}, 'gongmao', 4, now(), now())"
        for number in range(20_000)
    ]
    with scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_enterprise (id, uscc, name, region, industry_id, industry_bit, created_at, changed_at,"
            " original_system, address, principal_name, principal_phone, safety_manager_name, safety_manager_phone,"
            " scale, status, grade, facilities) SELECT v.*, 'wgs84', '', '', '', '', '', '', 'active', '', '{}' FROM (VALUES "
            + ",".join(rows)
            + ") AS v (a, b, c, d, e, f, g, h)"
        )
    return town


def scans():
    """Uses of the index in the present transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_numscans('enterprise_pairs'::regclass)")
        return cursor.fetchone()[0]


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_a_rare_word_is_found_by_the_index(many):
    office = many["office"]
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE registry_enterprise")
    with scope.acting(office):
        before = scans()
        found = queries.enterprises(office, Filters(words="12345号")).rows
        assert [row.name[-12:] for row in found] == ["12345号商贸有限公司"]
        assert queries.enterprises(office, Filters(words="12346号")).rows == []  # the neighbour's
        assert queries.enterprises(office, Filters(words="第12345号")).rows == []
        assert scans() == before + 3


def test_the_function_is_for_the_application_alone(town):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT prosecdef, proconfig, has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc"
            " WHERE proname = 'anlan_enterprise_search'"
        )
        assert cursor.fetchall() == [(True, ["search_path=public, pg_temp"], False)]
    assert Enterprise.objects.count() == 0
