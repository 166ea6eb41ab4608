"""Clauses suggested while a finding is written and graded, and any clause found by word or field: pages and API."""

from datetime import date

import pytest
from django.test import Client

from anlan.kernel import scope
from anlan.standards.models import Clause, CriteriaList
from anlan.standards.queries.suggestions import parts, search_clauses, suggestions
from tests.factories import City
from tests.sessions import SignedIn

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PAINT = "喷漆房使用油性漆，没有安装可燃气体报警器"
DAY = date(2026, 11, 21)


def _text(response) -> str:
    return response.content.decode()


def test_the_api_names_the_clause_that_can_be_cited(city: City, signed_in: SignedIn) -> None:
    found = signed_in("inspector").get(
        "/api/v1/criteria/suggest", {"q": PAINT, "on": "2026-11-21", "industry": "gongmao", "n": 2}
    )
    assert found.status_code == 200, found.content
    body = found.json()
    assert body["confident"] is True
    assert len(body["items"]) == 2
    best = body["items"][0]
    assert (best["list"], best["article"], best["item"]) == ("gongmao-2023", "7", 7)
    assert Clause.objects.get(pk=best["clause"]["id"]).zh == best["clause"]["zh"]
    assert best["clause"]["citation"].endswith("第7条第7项")
    assert "可燃气体报警" in best["why"]


def test_the_api_is_not_sure_of_a_small_fault(city: City, signed_in: SignedIn) -> None:
    body = signed_in("inspector").get("/api/v1/criteria/suggest", {"q": "灭火器压力不足"}).json()
    assert body["confident"] is False
    assert not any(one["confident"] for one in body["items"])


def test_the_api_refuses_strangers_and_nonsense(city: City, signed_in: SignedIn) -> None:
    assert Client().get("/api/v1/criteria/suggest", {"q": PAINT}).status_code == 401
    client = signed_in("inspector")
    for asked in ({}, {"q": ""}, {"q": "水" * 401}, {"q": "水", "n": 0}, {"q": "水", "n": 21}, {"q": "水", "on": "x"}):
        assert client.get("/api/v1/criteria/suggest", asked).status_code == 422, asked


def test_only_clauses_of_the_present_wording_in_force_on_the_day(city: City) -> None:
    with scope.acting(city.inspector):
        best = suggestions(PAINT, DAY, industry="gongmao")[0].clause
        newer = Clause.objects.create(
            criteria_id=best.criteria_id, article=best.article, item=best.item, zh=best.zh, scope=best.scope,
            evidence=best.evidence, edition=9,
        )  # fmt: skip
        Clause.objects.filter(pk=best.pk).update(superseded_in=9)
        assert suggestions(PAINT, DAY, industry="gongmao")[0].clause == newer
        CriteriaList.objects.filter(pk="gongmao-2023").update(in_force_to=date(2026, 11, 20))
        assert all(one.clause.criteria_id != "gongmao-2023" for one in suggestions(PAINT, DAY))
        assert suggestions("  ", DAY) == []


def test_a_search_puts_the_exact_words_first_and_forgives_slips(city: City) -> None:
    with scope.acting(city.inspector):
        exact = search_clauses("深井铸造 液位", DAY)
        assert {(one.clause.article, one.clause.item) for one in exact[:3]} == {("5", 7), ("5", 8), ("5", 9)}
        assert search_clauses("有限空问监护", DAY)[0].clause.article in ("11", "13")
        assert search_clauses("腳手架連牆件", DAY)[0].clause.zh.startswith("没有连墙件")
        assert {one.clause.criteria_id for one in search_clauses("特种作业", DAY, industry="hazchem")} == {
            "aq3067-2026"
        }
        assert search_clauses("🙂🙂🙂", DAY) == []


def test_the_cut_pieces_are_the_text_and_mark_only_the_words() -> None:
    cut = parts("没有固定式可燃气体报警或没有通风", ["可燃气体", "通风"])
    assert "".join(piece for piece, _hit in cut) == "没有固定式可燃气体报警或没有通风"
    assert [piece for piece, hit in cut if hit] == ["可燃气体", "通风"]
    assert parts("㎏以上", ["以上"]) == [("㎏以上", False)]


def test_the_criteria_page_finds_by_field_and_word(city: City, signed_in: SignedIn) -> None:
    client = signed_in("inspector")
    page = _text(client.get("/criteria/"))
    assert "data-focus" in page
    assert "clauses to be loaded" in page
    assert "?industry=gongmao" in page
    field = _text(client.get("/criteria/", {"industry": "gongmao"}))
    assert field.count('class="card find-card"') == 65
    found = _text(client.get("/criteria/find/", {"q": "塔吊没验收"}, headers={"HX-Request": "true"}))
    assert "<html" not in found
    assert found.index("第8条第1项") < 2000
    assert "<mark>塔吊</mark>" in found or "<mark>" not in found  # the English paraphrase has no Chinese word to mark
    assert "data-copy=" in found
    assert "No clause in force reads like this" in _text(
        client.get("/criteria/find/", {"q": "zzzzqq"}, headers={"HX-Request": "true"})
    )
    assert Client().get("/criteria/find/").status_code in (302, 401)


def test_topics_say_that_they_are_topics(city: City, signed_in: SignedIn) -> None:
    client = signed_in("inspector")
    found = _text(client.get("/criteria/", {"industry": "hazchem"}))
    assert found.count("topic only</span>") == 53
    assert "condition is to be read in the standard" in found
    coal = _text(client.get("/criteria/", {"industry": "coal"}))
    assert "to be loaded" in coal
    assert "find-card" not in coal


def test_the_grade_form_suggests_and_a_click_fills_the_field(city: City, signed_in: SignedIn) -> None:
    hazard = city.found(description=PAINT)
    client = signed_in("regulator")
    form = _text(client.get(f"/hazards/{hazard.pk}/steps/grade/"))
    assert "Clauses that may apply" in form
    assert "For reference only: whoever grades decides." in form
    clause = Clause.objects.get(criteria="gongmao-2023", article="7", item=7)
    assert f"chosen={clause.pk}" in form
    picked = _text(client.get(f"/hazards/pick/clause/?name=clause&hazard={hazard.pk}&chosen={clause.pk}"))
    assert f'value="{clause.pk}" checked' in picked
    with scope.acting(city.regulator):
        hazard.refresh_from_db()
    assert hazard.grade == ""


def test_a_general_hazard_is_graded_without_a_sure_hint(city: City, signed_in: SignedIn) -> None:
    hazard = city.found(description="灭火器压力不足，点检卡没有签字")
    form = _text(signed_in("regulator").get(f"/hazards/{hazard.pk}/steps/grade/"))
    assert "Take this clause" not in form or "not sure" in form


def test_a_finding_gets_only_a_hint(city: City, signed_in: SignedIn) -> None:
    client = signed_in("inspector")
    enterprise = str(city.enterprise.pk)
    hint = _text(client.get("/hazards/suggest/", {"description": PAINT, "enterprise": enterprise}))
    assert "This may be a major hazard" in hint
    assert "可燃气体报警" in hint  # an English reader is told the words, which the English paraphrase cannot mark
    assert "Take this clause" not in hint
    for small in ("灭火器压力不足", "员工未戴安全帽", "", "  "):
        assert _text(client.get("/hazards/suggest/", {"description": small})).strip() == ""
    assert (
        client.get("/hazards/suggest/", {"description": PAINT, "found_at": "2020-01-01T08:00"}).content.strip() == b""
    )
    for odd in ("x", "2026-13-45T99:99", "2026-02-31T08:00"):
        assert client.get("/hazards/suggest/", {"description": PAINT, "found_at": odd}).status_code == 200


def test_the_neighbours_hazard_tells_nothing(city: City, signed_in: SignedIn) -> None:
    hazard = city.found(description=PAINT)
    for who in ("n_regulator", "n_inspector"):
        assert signed_in(who).get("/hazards/suggest/", {"hazard": hazard.pk}).status_code == 404
    assert signed_in("citizen").get("/hazards/suggest/", {"hazard": hazard.pk}).status_code == 403
    assert signed_in("regulator").get("/hazards/suggest/", {"hazard": hazard.pk}).status_code == 200


def test_what_the_enterprise_has_counts(city: City) -> None:
    with scope.acting(city.inspector):
        words = "干式除尘器没有泄爆片"
        plain = suggestions(words, DAY, industry="gongmao", limit=20)
        told = suggestions(words, DAY, industry="gongmao", facilities=["dust"], limit=20)
        best = {one.clause.pk: one.score for one in plain}
        dust = [one for one in told if one.clause.article == "11"]
        assert dust
        assert all(one.score > best.get(one.clause.pk, 0) for one in dust)
