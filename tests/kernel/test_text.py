from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anlan.kernel import text as t
from anlan.site.postgres import throwaway

DEBIAN = Path("/usr/lib/postgresql/15/bin")
# Characters of Unicode 14, which the oldest of the three (Python 3.11, PostgreSQL 15 and 18) knows.
storable = st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\0"), max_size=60)
typical = st.text(st.sampled_from("消防栓安全隐患三号炉３ＬＰＧlpgABC0123456789 ，。（）-/—·℃㎡①＃é"), max_size=60)


@pytest.fixture(autouse=True)
def english():
    """Messages are compared in their source language, whatever the catalogues hold."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="module", params=["embedded", "debian"])
def database(request):
    if request.param == "debian" and not DEBIAN.is_dir():
        pytest.skip("no PostgreSQL 15 of Debian here")
    with (
        throwaway(DEBIAN if request.param == "debian" else None) as url,
        psycopg.connect(url, autocommit=True) as admin,
    ):
        admin.execute(
            "CREATE DATABASE searched ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0"
        )
        with psycopg.connect(url, dbname="searched", autocommit=True) as connection:
            connection.execute(t.FOLD_SQL)
            connection.execute(t.BIGRAMS_SQL)
            yield connection


def in_sql(connection, text):
    return connection.execute("SELECT anlan_bigrams(%s), anlan_fold(%s)", [text, text]).fetchone()


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=300, deadline=None)
@given(text=storable | typical)
def test_database_and_python_cut_alike(database, text):
    assert in_sql(database, text) == (t.bigrams(text), t.fold(text))


def test_every_character_cuts_alike(database):
    import unicodedata

    # Every character of the first plane, where words and marks mix, and samples of the ideographs beyond.
    numbers = [*range(1, 0x10000), *range(0x10000, 0x30000, 97)]
    known = [chr(n) for n in numbers if unicodedata.category(chr(n)) not in ("Cs", "Cn")]
    for start in range(0, len(known), 2_000):
        text = "".join(f"a{c}b" for c in known[start : start + 2_000])
        assert in_sql(database, text) == (t.bigrams(text), t.fold(text))


def test_the_index_is_used_and_survives_an_empty_search_path(database):
    database.execute("CREATE TABLE hay (id int, body text)")
    database.execute("INSERT INTO hay SELECT n, '车间 ' || md5(n::text) FROM generate_series(1, 5000) n")
    database.execute("INSERT INTO hay VALUES (0, '３号炉旁的LPG储罐无消防设施')")
    database.execute("CREATE INDEX ON hay USING gin (anlan_bigrams(body))")
    database.execute("SET search_path = ''")
    database.execute("REINDEX TABLE public.hay")
    database.execute("ANALYZE public.hay")
    for query in ("消防", "lpg", "3号炉", "LPG 消防"):
        find = "FROM public.hay WHERE public.anlan_bigrams(body) @> %s"
        assert database.execute(f"SELECT id {find}", [t.search_terms(query)]).fetchall() == [(0,)]
        plan = "\n".join(row[0] for row in database.execute(f"EXPLAIN SELECT id {find}", [t.search_terms(query)]))
        assert "Bitmap Index Scan" in plan
    database.execute("SET search_path = DEFAULT")


@pytest.mark.parametrize(
    ("query", "body", "found"),
    [
        ("消防", "车间消防通道堵塞", True),
        ("防消", "车间消防通道堵塞", False),
        ("LPG", "lpg 储罐", True),
        ("lp", "LPG 储罐", True),
        ("3号炉", "３号炉炉壁", True),
        ("3号炉", "13号炉炉壁", True),
        ("4号炉", "3号炉炉壁", False),
        ("YH-141000-2026-000123", "编号 yh-141000-2026-000123。", True),
        ("000124", "编号 YH-141000-2026-000123", False),
        ("91110000600037341L", "（91110000600037341l）", True),
        ("消防 堵塞", "车间消防通道堵塞", True),
        ("消防 照明", "车间消防通道堵塞", False),
        ("消，防", "消防", True),  # one character a word gives no term: the comparison decides
    ],
)
def test_search(query, body, found):
    assert (set(t.search_terms(query)) <= set(t.bigrams(body))) is found


@given(typical, st.integers(0, 60), st.integers(2, 20))
def test_whatever_was_cut_from_a_text_finds_it(body, start, length):
    piece = t.fold(body)[start : start + length]
    assert set(t.search_terms(piece)) <= set(t.bigrams(body))
    assert all(word in t.fold(body) for word in t.words(piece))


def test_terms():
    assert t.bigrams("3号炉 LPG") == ["3号", "lp", "lpg", "pg", "号炉"]
    assert t.search_terms("3号炉 LPG") == ["3号", "lpg", "号炉"]
    assert t.search_terms("炉") == []
    assert t.words("（３号炉）、LPG！") == ["3号炉", "lpg"]


@pytest.mark.parametrize("bad", ["a\0b", "\ud800", "a\x07", "\x7f", "\u202eabc", "\uffff", "\x0b"])
def test_unfit_characters_are_named(bad):
    assert not t.is_clean(bad)
    for clean in (t.clean_line, t.clean_text):
        with pytest.raises(t.TextError, match=r"U\+"):
            clean(bad)


def test_cleaning():
    assert t.clean_line(" \u3000消防\r\n通道\t ３号 ") == "消防 通道 ３号"
    assert t.clean_text("\ufeff 一 \r\n二\r三\u2028四\n\n") == "一\n二\n三\n四"
    assert t.clean_line("e\u0301") == "é"
    assert t.clean_line("👷‍♀️") == "👷‍♀️"
    with pytest.raises(t.TextError, match="5 characters; 4"):
        t.clean_line("12345", max_length=4)


@given(st.text())
def test_clean_text_is_stable_and_storable(text):
    for clean in (t.clean_line, t.clean_text):
        with suppress(t.TextError):
            once = clean(text)
            assert clean(once) == once
            assert t.is_clean(once)
            assert "\0" not in once
            once.encode()
