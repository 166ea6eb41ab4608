"""Programs write checklists: made, drafted, reviewed, published and withdrawn by the same verbs as the pages."""

import io
import zipfile
from typing import Any
from uuid import uuid4

import pytest

from anlan.kernel.ids import new_id
from anlan.standards.models import Edition, Item
from tests.api.asking import got, made, status, wrong
from tests.api.conftest import Speaking
from tests.factories import COUNTY, NEIGHBOUR, City
from tests.standards.lists import drafted, in_use, listed

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
LIST = {"zh": "有限空间作业检查清单", "industry": "gongmao", "kinds": ["administrative"]}
ITEM = {"code": "YX-01", "zh": "作业前先通风、再检测、后作业", "weight": 3, "facilities": ["confined_space"]}


def codes(edition: dict[str, Any]) -> list[str]:
    return [one["code"] for one in edition["items"]]


def test_from_nothing_to_publication(city: City, speak: Speaking) -> None:
    writer, office = speak("regulator"), speak("office")
    key = str(new_id())
    checklist = made(writer.post("/checklists", LIST | {"id": key}))
    assert (checklist["id"], checklist["region"], checklist["editions"]) == (key, COUNTY, [])
    draft = made(writer.post(f"/checklists/{key}/editions", {"note": "首版"}))
    at = f"/checklists/editions/{draft['id']}"
    assert (draft["state"], draft["number"], draft["items"]) == ("draft", 1, [])
    first = made(writer.post(f"{at}/items", ITEM | {"major_clause": city.clause.pk}))
    assert first["applies"] == {"facility": ["confined_space"]}
    assert "工贸企业重大事故隐患判定标准" in first["major_citation"]
    second = made(writer.post(f"{at}/items", {"code": "YX-02", "zh": "监护人员在场并持证"}))
    assert codes(got(writer.post(f"/checklists/items/{second['id']}/move", {"up": True}))) == ["YX-02", "YX-01"]
    edited = got(writer("PATCH", f"/checklists/items/{first['id']}", {"weight": 5}))
    assert (edited["weight"], edited["zh"], edited["applies"]) == (5, ITEM["zh"], first["applies"])
    assert codes(got(writer.post(f"/checklists/items/{second['id']}/remove"))) == ["YX-01"]
    assert status(writer.post(f"{at}/steps/review")) == 409, "whoever wrote it does not review it"
    assert got(office.post(f"{at}/steps/review"))["state"] == "reviewed"
    assert status(writer.post(f"{at}/items", ITEM | {"code": "YX-03"})) == 409
    published = got(office.post(f"{at}/steps/publish", {"note": "首次发布"}))
    assert (published["state"], len(published["digest"])) == ("published", 64)
    assert [one["state"] for one in got(speak("principal").get(f"/checklists/{key}"))["editions"]] == ["published"]
    assert got(office.post(f"{at}/steps/withdraw", {"reason": "规程已废止"}))["state"] == "withdrawn"


def test_all_items_at_once_or_none(city: City, speak: Speaking) -> None:
    draft = drafted(city.regulator, listed(city.regulator), "A1")
    at = f"/checklists/editions/{draft.pk}/items"
    writer = speak("regulator")
    assert wrong(writer("PUT", at, {"items": [ITEM, {"code": "B 1", "zh": "短"}]})) == {"items.1.code", "items.1.zh"}
    assert wrong(writer("PUT", at, {"items": [ITEM, ITEM]})) == {"items"}
    assert wrong(writer("PUT", at, {"items": []})) == {"items"}
    assert [one.code for one in Item.objects.filter(edition=draft)] == ["A1"]
    assert codes(got(writer("PUT", at, {"items": [ITEM, ITEM | {"code": "B1"}]}))) == ["YX-01", "B1"]


def test_what_is_wrong_is_said_at_its_field(city: City, speak: Speaking) -> None:
    writer = speak("regulator")
    assert wrong(writer.post("/checklists", {"zh": "一", "kinds": ["party"]})) == {"zh", "kinds.0"}
    assert wrong(writer.post("/checklists", LIST | {"region": NEIGHBOUR})) == {"region"}
    assert wrong(writer.post("/checklists", LIST | {"industry": "unknown"})) == {"industry"}
    assert wrong(writer.post("/checklists", LIST | {"titel": "x"})) == {"titel"}
    assert wrong(writer.post("/checklists", LIST | {"id": uuid4()})) == {"id"}, "ids rise with time, whoever makes them"
    draft = drafted(city.regulator, listed(city.regulator), "A1")
    at = f"/checklists/editions/{draft.pk}"
    assert wrong(writer.post(f"{at}/items", ITEM | {"code": "A1"})) == {"code"}
    assert wrong(writer.post(f"{at}/items", ITEM | {"law_clause": new_id()})) == {"law_clause"}
    assert wrong(writer.post(f"{at}/items", ITEM | {"weight": 11})) == {"weight"}
    assert wrong(speak("office").post(f"{at}/steps/withdraw", {})) == {"reason"}


def test_a_version_seen_before_is_told(city: City, speak: Speaking) -> None:
    draft = drafted(city.regulator, listed(city.regulator), "A1")
    at, writer = f"/checklists/editions/{draft.pk}", speak("regulator")
    seen = writer.get(at)["ETag"]
    made(writer.post(f"{at}/items", ITEM, If_Match=seen))
    assert status(writer.post(f"{at}/items", ITEM | {"code": "YX-02"}, If_Match=seen)) == 409
    item = Item.objects.get(edition=draft, code="A1")
    assert status(writer("PATCH", f"/checklists/items/{item.pk}", {"weight": 2}, If_Match=seen)) == 409
    assert status(speak("office").post(f"{at}/steps/review?version=1")) == 409


def test_the_same_request_twice_is_one_record(city: City, speak: Speaking) -> None:
    writer, key = speak("regulator"), str(new_id())
    first = writer.post("/checklists", LIST, Idempotency_Key=key)
    again = writer.post("/checklists", LIST, Idempotency_Key=key)
    assert made(first) == made(again)
    assert status(writer.post("/checklists", LIST | {"id": first.json()["id"]})) == 409
    draft = drafted(city.regulator, listed(city.regulator, code="other"))
    item = ITEM | {"id": str(new_id())}
    made(writer.post(f"/checklists/editions/{draft.pk}/items", item))
    assert status(writer.post(f"/checklists/editions/{draft.pk}/items", item | {"code": "YX-02"})) == 409


def test_a_partial_change_keeps_the_rest(city: City, speak: Speaking) -> None:
    checklist = listed(city.regulator, campaign="专项", kinds=["administrative"])
    found = got(speak("regulator")("PATCH", f"/checklists/{checklist.pk}", {"active": False}))
    assert (found["active"], found["campaign"], found["kinds"]) == (False, "专项", ["administrative"])
    assert wrong(speak("regulator")("PATCH", f"/checklists/{checklist.pk}", {"zh": None})) == {"zh"}
    assert wrong(speak("regulator")("PATCH", f"/checklists/{checklist.pk}", {"code": "other"})) == {"code"}


@pytest.mark.parametrize("name", ["inspector", "leader", "auditor", "other_field", "n_regulator", "n_office"])
def test_other_officials_write_nothing(city: City, speak: Speaking, name: str) -> None:
    draft = drafted(city.regulator, listed(city.regulator), "A1")
    item = Item.objects.get(edition=draft)
    at, who = f"/checklists/editions/{draft.pk}", speak(name)
    if name not in ("n_regulator", "n_office"):
        assert status(who.post("/checklists", LIST)) in (403, 422)
    for method, path, body in (
        ("PATCH", f"/checklists/{draft.checklist_id}", {"zh": "改名的清单"}),
        ("POST", f"/checklists/{draft.checklist_id}/editions", {}),
        ("POST", f"{at}/items", ITEM),
        ("PUT", f"{at}/items", {"items": [ITEM]}),
        ("PATCH", f"/checklists/items/{item.pk}", {"weight": 2}),
        ("POST", f"/checklists/items/{item.pk}/move", {"up": False}),
        ("POST", f"/checklists/items/{item.pk}/remove", None),
        ("POST", f"{at}/steps/review", {}),
        ("POST", f"{at}/steps/withdraw", {"reason": "不再使用"}),
    ):
        assert status(who(method, path, body)) == 403, (method, path)
    assert Edition.objects.get(pk=draft.pk).version == draft.version


def test_enterprises_read_what_is_in_force_and_citizens_nothing(city: City, speak: Speaking) -> None:
    edition = in_use(city, "A1")
    draft = drafted(city.regulator, edition.checklist)
    principal = speak("principal")
    shown = got(principal.get(f"/checklists/{edition.checklist_id}"))["editions"]
    assert [one["id"] for one in shown] == [str(edition.pk)]
    assert len(got(speak("auditor").get(f"/checklists/{edition.checklist_id}"))["editions"]) == 2
    for tail in ("", "/workbook", "/xlsform"):
        assert status(principal.get(f"/checklists/editions/{edition.pk}{tail}")) == 200
        assert status(principal.get(f"/checklists/editions/{draft.pk}{tail}")) == 404
        assert status(speak("citizen").get(f"/checklists/editions/{edition.pk}{tail}")) == 403
    assert status(principal.post("/checklists", LIST)) == 403


def test_the_files_are_workbooks(city: City, speak: Speaking) -> None:
    edition = in_use(city, "A1")
    for tail, sheet in (("workbook", "A1"), ("xlsform", "survey")):
        answer = speak("inspector").get(f"/checklists/editions/{edition.pk}/{tail}")
        assert answer["Content-Disposition"].startswith("attachment")
        with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
            text = b"".join(book.read(name) for name in book.namelist() if name.endswith(".xml"))
        assert sheet.encode() in text


def test_laws_and_their_clauses_give_the_ids_that_items_name(city: City, speak: Speaking) -> None:
    from anlan.standards.actions import load_laws

    load_laws()
    laws = got(speak("inspector").get("/laws"))["items"]
    clauses = got(speak("inspector").get(f"/laws/{laws[0]['code']}/clauses"))["items"]
    draft = drafted(city.regulator, listed(city.regulator))
    body = ITEM | {"law_clause": clauses[0]["id"]}
    item = made(speak("regulator").post(f"/checklists/editions/{draft.pk}/items", body))
    assert item["basis"] == clauses[0]["citation"]
    assert got(speak("inspector").get(f"/laws/{laws[0]['code']}/clauses?q=没有这样的词"))["items"] == []
    assert status(speak("inspector").get("/laws/unknown/clauses")) == 404
    assert status(speak("citizen").get("/laws")) == 403
