"""Lists, searches and what waits for whom: exact, in scope, by index."""

from datetime import UTC, datetime

import pytest
from django.db import connection, connections
from django.http import QueryDict

from anlan.hazards import search
from anlan.hazards.models import Hazard
from anlan.hazards.queries import HazardFilters, board, count_hazards, hazards, read_filters, waits_for, walk
from anlan.hazards.queries.board import FIGURES
from anlan.kernel import scope
from tests.factories import COUNTY, TOWN, City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def _ids(city: City, name: str, **filters: object) -> set[object]:
    actor = city.actors[name]
    with scope.acting(actor):
        return {row.pk for row in hazards(actor, HazardFilters(**filters)).rows}  # type: ignore[arg-type]


def test_pages_go_forth_and_back_without_losing_or_repeating_a_row(city: City) -> None:
    same = datetime(2026, 11, 2, 4, tzinfo=UTC)
    made = [city.found(found_at=same if number < 4 else None).pk for number in range(7)]
    with scope.acting(city.regulator):
        for order in ("newest", "due"):
            pages, after = [], None
            while True:
                page = hazards(city.regulator, order=order, after=after, limit=3)
                pages.append([row.pk for row in page.rows])
                after = page.after
                if after is None:
                    break
            assert sorted(one for page in pages for one in page) == sorted(made)
            assert [len(page) for page in pages] == [3, 3, 1]
            back = hazards(city.regulator, order=order, before=page.before, limit=3)
            assert [row.pk for row in back.rows] == pages[1]
            assert back.before is not None
            first = hazards(city.regulator, order=order, before=back.before, limit=3)
            assert [row.pk for row in first.rows] == pages[0]
            assert first.before is None
        assert [row.pk for rows in walk(city.regulator, HazardFilters(), step=2) for row in rows] == [
            row.pk for row in hazards(city.regulator, limit=50).rows
        ]


@pytest.mark.parametrize("words", ["传动部位", "防护罩", "翠岭铸造", "翠岭 防护罩", "YH-141002", "号车间"])
def test_chinese_words_find_by_number_place_description_and_enterprise(city: City, words: str) -> None:
    hazard = city.dispatched()
    assert _ids(city, "regulator", words=words) == {hazard.pk}
    assert _ids(city, "principal", words=words) == {hazard.pk}
    assert _ids(city, "regulator", words=words, states=("closed",)) == set()
    assert _ids(city, "regulator", words=f"{words} 绝无此词") == set()


def test_listed_never_listed_and_unpublished_with_and_without_words(city: City) -> None:
    never = city.rectifying(grade="major")
    listed, published, delisted = (
        city.do(city.office, city.accepted(grade="major"), "list", level="county") for _one in range(3)
    )
    city.do(city.office, published, "publish", where="县政府网站")
    city.do(city.office, delisted, "publish", where="县政府网站")
    city.do(city.office, delisted, "delist", remark="整改到位")
    for words in ("", "防护罩"):
        assert _ids(city, "office", words=words, listed="yes") == {listed.pk, published.pk}
        assert _ids(city, "office", words=words, listed="no") == {never.pk}
        assert _ids(city, "office", words=words, listed="unpublished") == {listed.pk}
        assert len(_ids(city, "office", words=words)) == 4


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1", "yes"),
        ("true", "yes"),
        ("on", "yes"),
        ("yes", "yes"),
        ("no", "no"),
        ("unpublished", "unpublished"),
        ("x", ""),
    ],
)
def test_old_links_still_say_listed(written: str, read: str) -> None:
    found = read_filters(QueryDict(f"listed={written}"))
    assert found.listed == read
    assert read_filters(QueryDict(found.query())) == found


def test_search_leaks_nothing_of_the_neighbour(city: City) -> None:
    city.dispatched()
    for name in ("n_regulator", "n_principal", "citizen", "system_admin", "other_field"):
        actor = city.actors[name]
        assert _ids(city, name, words="防护罩") == set()
        with scope.acting(actor):
            assert search.find("防护罩", {}, cap=10) == []
            assert count_hazards(actor, HazardFilters(words="防护罩")) == 0
    with connection.cursor() as cursor:  # no scope, no rows: not even by the function itself
        cursor.execute("SELECT set_config('anlan.regions', '', false)")
        cursor.execute(
            "SELECT count(*) FROM anlan_hazard_search(array['防护'], array['防护'], '{}', false, null, null, false, 10, true)"
        )
        assert cursor.fetchone()[0] == 0


def test_the_search_uses_its_index_with_a_pinned_path(city: City) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosecdef, proconfig FROM pg_proc WHERE proname = 'anlan_hazard_search'")
        assert cursor.fetchone() == (True, ["search_path=public, pg_temp"])
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM hazards_hazard"
            " WHERE anlan_hazard_words(number, place, description, search) @> ARRAY['防护', '护罩']"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "hazard_words" in plan


def test_what_waits_for_whom(city: City) -> None:
    made = {
        state: city.in_state(state).pk
        for state in ("found", "dispatched", "disputed", "claimed", "rectifying", "rectified", "accepted", "closed")
    }
    expected = {
        "regulator": {"found", "accepted"},  # the dispute is about what this regulator dispatched
        "office": {"disputed"},
        "inspector2": {"dispatched", "rectified"},
        "principal": {"dispatched", "claimed", "rectifying"},
        "safety_manager": {"claimed", "rectifying"},
        "city_regulator": {"disputed"},  # the regulator above the one who dispatched it
        "n_regulator": set(),
        "leader": set(),
        "citizen": set(),
    }
    for name, states in expected.items():
        assert _ids(city, name, mine=True) == {made[state] for state in states}, name
    group = city.dispatched(source="group", place="锅炉房北侧")
    assert _ids(city, "leader", mine=True) == {group.pk}
    assert _ids(city, "leader", mine=True, words="锅炉房") == {group.pk}
    city.sign(city.leader, group)
    assert _ids(city, "leader", mine=True) == set()


def test_every_figure_of_the_board_opens_to_as_many_rows(city: City) -> None:
    for state, grade, region in (
        ("found", "", TOWN),
        ("rectifying", "major", TOWN),
        ("closed", "general", COUNTY),
        ("dismissed", "", TOWN),
        ("transferred", "", COUNTY),
    ):
        city.in_state(state, grade=grade, region=region)
    for name in ("regulator", "city_office", "n_office"):
        actor = city.actors[name]
        with scope.acting(actor):
            for by in ("region", "industry", "source"):
                found = board(actor, by)
                for row in [*found.rows, found.total]:
                    for figure in FIGURES:
                        filters = read_filters(QueryDict(row.queries[figure]))
                        assert count_hazards(actor, filters) == getattr(row, figure), (name, by, row.key, figure)


def test_filters_survive_the_address_and_bad_ones_are_left_out() -> None:
    filters = read_filters(
        QueryDict(
            "q=%E9%98%B2&state=open&state=closed&grade=major&region=141002000000&own=1&late=1&from=2026-01-02&mine=1"
        )
    )
    assert read_filters(QueryDict(filters.query())) == filters
    broken = "state=x&grade=y&region=１２&enterprise=z&from=2026-13-01&to=0001-01-01&region=999999999999999"
    assert read_filters(QueryDict(broken)) == HazardFilters()


def test_the_enterprise_sees_its_own_only(city: City) -> None:
    dispatched, _unsent = city.dispatched(), city.found()
    assert _ids(city, "principal") == {dispatched.pk}
    with scope.acting(city.principal):
        assert Hazard.objects.filter(waits_for(city.principal)).count() == 1


@pytest.mark.parametrize("walked", ["1", "1000"])
def test_search_finds_the_same_by_walking_and_by_the_index(city: City, walked: str) -> None:
    """Words of many rows, of few and of none, both ways, on pages of two, as far as the list goes."""
    made = [city.found(place=f"{number}号{'喷涂' if number % 3 else '熔炼'}车间").pk for number in range(1, 8)]
    held = {"喷涂车间": [7, 5, 4, 2, 1], "熔炼": [6, 3], "号": [7, 6, 5, 4, 3, 2, 1], "锅炉": []}
    if walked == "1":
        held["号"] = [7]  # too short for the index: only the first rows are read
    for words, numbers in held.items():
        filters, found, after = HazardFilters(words=words), [], None
        with scope.acting(city.regulator):
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('anlan.walked', %s, true)", [walked])
            while not found or after:
                page = hazards(city.regulator, filters, limit=2, after=after)
                found += [row.pk for row in page.rows]
                if (after := page.after) is None:
                    break
            assert count_hazards(city.regulator, filters) == len(numbers)
        if (words, walked) != ("号", "1"):
            assert found == [made[number - 1] for number in numbers], words
