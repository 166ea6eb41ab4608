"""Pages of checklists, laws and coverage: who gets them, what they do, and what is refused."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from anlan.identity.models import Person
from anlan.kernel import scope
from anlan.standards.actions import load_laws
from anlan.standards.models import Checklist, Edition, Item, LawClause
from tests.factories import City
from tests.standards.lists import codes_of, drafted, in_use, listed, step

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HX = {"HX-Request": "true"}


def visit(city: City, name: str) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    person = Person.objects.get(pk=city.actors[name].person)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(response: Any) -> str:
    return response.content.decode()


def url(edition: Edition) -> str:
    return f"/checklists/editions/{edition.pk}/"


def items_of(edition: Edition) -> list[Item]:
    return list(Item.objects.filter(edition=edition).order_by("place"))


def test_written_in_pages_from_the_first_click_to_publication(city: City) -> None:
    load_laws()
    client = visit(city, "regulator")
    wrong = client.post("/checklists/new/", {"zh": "", "industry": "gongmao"})
    assert wrong.status_code == 422
    made = client.post("/checklists/new/", {"zh": "铸造企业清单", "industry": "gongmao", "kinds": ["administrative"]})
    assert made.status_code == 302
    checklist = Checklist.objects.get()
    assert (checklist.zh, checklist.kinds) == ("铸造企业清单", ["administrative"])
    law = LawClause.objects.get(law_id="anquan-2021", article="41")
    assert str(law.pk) in text(
        client.get("/checklists/pick/law_clause/", {"name": "law_clause", "law_clause_words": "隐患 职代会"})
    )
    typed = {
        "code": "A1", "zh": "熔炼炉坑没有积水", "weight": "4", "evidence_asked": "photo", "law_clause": str(law.pk),
        "facilities": ["furnace", "molten_metal"], "grades": ["C"],
    }  # fmt: skip
    refused = client.post(f"{made.url}items/", typed | {"weight": "40"})
    assert refused.status_code == 422
    assert "熔炼炉坑没有积水" in text(refused)
    assert client.post(f"{made.url}items/", typed).status_code == 302
    assert client.post(f"{made.url}items/", typed | {"code": "A2"}).status_code == 302
    edition = Edition.objects.get()
    first, second = items_of(edition)
    assert first.applies == {"facility": ["furnace", "molten_metal"], "grade": ["C"]}
    moved = client.post(f"/checklists/items/{first.pk}/down/", headers=HX)
    assert moved.status_code == 200
    assert "<html" not in text(moved)
    assert codes_of(items_of(edition)) == ["A2", "A1"]
    assert client.post(f"/checklists/items/{second.pk}/remove/").status_code == 302
    changed = client.post(f"/checklists/items/{first.pk}/", typed | {"zh": "坑内没有积水", "facilities": []})
    assert changed.status_code == 302
    assert items_of(edition)[0].applies == {"grade": ["C"]}
    page = text(client.get(made.url))
    for words in ("坑内没有积水", "grade C", "somebody else must review"):
        assert words in page
    assert client.post(f"{made.url}steps/review/").status_code == 422
    office = visit(city, "office")
    assert office.post(f"{made.url}steps/review/", {"version": "1"}).status_code == 422  # it changed since
    assert office.post(f"{made.url}steps/review/").status_code == 302
    assert office.post(f"{made.url}steps/publish/", {"in_force_from": "2001-01-01"}).status_code == 422
    assert office.post(f"{made.url}steps/publish/").status_code == 302
    assert Edition.objects.get().state == "published"
    page = text(client.get(made.url))
    assert f"{made.url}items/" not in page
    assert client.post(f"{made.url}items/", typed | {"code": "A3"}).status_code == 422
    assert client.get(made.url + "steps/replace/").status_code == 404


def test_a_new_edition_begins_on_the_lists_page(city: City) -> None:
    edition = in_use(city, "A1")
    client = visit(city, "regulator")
    page = f"/checklists/{edition.checklist_id}/"
    assert "New edition" in text(client.get(page))
    assert client.post(page + "draft/").status_code == 302
    assert client.post(page + "draft/").status_code == 422
    assert "Go on with the draft" in text(client.get(page))
    assert client.post(page + "edit/", {"zh": "改名清单", "active": "false"}).status_code == 302
    assert "out of use" in text(client.get(page))


def test_who_reads_and_who_writes(city: City) -> None:
    edition = in_use(city, "A1")
    draft = drafted(city.regulator, listed(city.regulator), "B1")
    item = items_of(draft)[0]
    for name in ("office", "inspector", "leader", "expert", "auditor", "principal", "n_inspector"):
        client = visit(city, name)
        assert client.get("/checklists/").status_code == 200, name
        assert client.get(url(edition)).status_code == 200, name
        assert client.get(url(draft)).status_code == (404 if name == "principal" else 200), name
        assert client.get("/checklists/coverage/").status_code == (403 if name == "principal" else 200), name
        assert client.get("/laws/").status_code == 200, name
    for name in ("inspector", "n_regulator", "other_field", "principal", "leader"):
        client = visit(city, name)
        assert client.get("/checklists/new/").status_code == (200 if name in ("n_regulator", "other_field") else 403), (
            name
        )
        for path in (f"{url(draft)}items/", f"/checklists/items/{item.pk}/", f"/checklists/{draft.checklist_id}/edit/",
                     f"/checklists/{draft.checklist_id}/draft/"):  # fmt: skip
            assert client.get(path).status_code == 403, (name, path)
            assert client.post(path, {"code": "X", "zh": "偷加一项"}).status_code == 403, (name, path)
        for path in (
            f"/checklists/items/{item.pk}/up/",
            f"/checklists/items/{item.pk}/remove/",
            f"{url(draft)}steps/review/",
        ):
            assert client.post(path).status_code in (403, 422), (name, path)
    assert Edition.objects.get(pk=draft.pk).state == "draft"
    assert codes_of(items_of(draft)) == ["B1"]
    for name in ("citizen", "system_admin"):
        assert visit(city, name).get("/checklists/").status_code == 403
    assert Client().get("/checklists/").status_code in (302, 401)


def test_the_list_shows_what_holds_here_and_filters(city: City) -> None:
    in_use(city, "A1", zh="工贸甲清单")
    in_use(city, "C1", zh="燃气专项清单", campaign="城镇燃气专项")
    near = drafted(city.n_regulator, listed(city.n_regulator, zh="邻县清单"), "N1")
    page = text(visit(city, "office").get("/checklists/"))
    assert "工贸甲清单" in page
    assert "邻县清单" not in page
    assert "邻县清单" in text(visit(city, "city_office").get("/checklists/"))
    assert near.state == "draft"
    for query, shown, hidden in (
        ("?campaign=any", "燃气专项清单", "工贸甲清单"), ("?campaign=none", "工贸甲清单", "燃气专项清单"),
        ("?q=燃气", "燃气专项清单", "工贸甲清单"), ("?industry=common", "", "工贸甲清单"),
    ):  # fmt: skip
        found = text(visit(city, "office").get("/checklists/" + query)).split("<tbody")[-1]
        assert shown in found
        assert hidden not in found


def test_files_of_an_edition(city: City) -> None:
    edition = in_use(city, "A1", item={"facilities": ["dust"]})
    client = visit(city, "principal")
    response = client.get(f"{url(edition)}export/")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))
    assert book.sheet_names == ["Checklists", "Checklist items"]
    assert book.get_sheet_by_name("Checklist items").to_python()[1][1] == "A1"
    form = b"".join(client.get(f"{url(edition)}xlsform/").streaming_content)
    assert CalamineWorkbook.from_filelike(BytesIO(form)).sheet_names == ["survey", "choices", "settings"]
    draft = drafted(city.regulator, edition.checklist)
    assert client.get(f"{url(draft)}export/").status_code == 404


def test_laws_are_found_by_word(city: City) -> None:
    load_laws()
    client = visit(city, "principal")
    page = text(client.get("/laws/?q=动火"))
    assert "Fire Protection Law" in page
    assert "Administrative Penalty Law" not in page
    assert "Article 41" in text(client.get("/laws/anquan-2021/"))
    assert "no clause" in text(client.get("/laws/?q=没有这样的词")).lower()
    assert client.get("/laws/unknown/").status_code == 404


def test_each_number_of_the_coverage_opens_its_rows(city: City) -> None:
    in_use(city, "A1")
    client = visit(city, "city_office")
    page = text(client.get("/checklists/coverage/"))
    assert "/checklists/coverage/enterprises/?industry=gongmao" in page
    rows = text(client.get("/checklists/coverage/enterprises/?industry=gongmao"))
    assert city.n_enterprise.name in rows
    assert city.enterprise.name not in rows
    assert (
        client.get("/checklists/coverage/enterprises/?industry=magic&facility=ufo&county=7&after=x").status_code == 200
    )
    own = text(visit(city, "office").get("/checklists/coverage/enterprises/"))
    assert city.n_enterprise.name not in own


def test_a_page_of_many_items_costs_a_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    edition = in_use(city, *(f"A{n}" for n in range(40)))
    client = visit(city, "office")
    client.get(url(edition))
    with django_assert_max_num_queries(30):
        client.get(url(edition))
    step(city.office, edition, "withdraw", reason="依据已废止")
    with scope.acting(city.office):
        assert "withdrawn" in text(client.get(url(edition)))
