"""New findings, exports, files, pickers and prints as a browser gets them."""

from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from anlan.hazards.models import Export, Hazard
from anlan.hazards.pages import listing
from anlan.kernel import clock, scope
from tests.factories import COUNTY, TOWN, City, picture
from tests.sessions import SignedIn

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def _text(response: Any) -> str:
    return response.content.decode()


def _url(hazard: Hazard, *parts: str) -> str:
    return f"/hazards/{hazard.pk}/" + "".join(f"{part}/" for part in parts)


def _photo(client: Client, seed: int = 9000) -> str:
    file = BytesIO(picture(seed))
    file.name = "p.jpg"
    response = client.post("/files/", {"file": file})
    assert response.status_code == 201, response.content
    return str(response.json()["id"])


def _sheet(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_export_is_exactly_what_is_filtered(
    city: City, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anlan.hazards import exporting

    graded = [city.found(grade="general").number for _one in range(3)]
    city.found()
    client = signed_in("regulator")
    response = client.get("/hazards/export/?grade=general")
    rows = _sheet(b"".join(response.streaming_content))
    assert [row[0] for row in rows[1:]] == graded[::-1]
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    monkeypatch.setattr(exporting, "PORTION", 2)
    response = client.get("/hazards/export/?grade=general")
    with scope.acting(city.regulator):
        export = Export.objects.get()
    assert response["Location"] == f"/hazards/exports/{export.pk}/"
    assert client.get(response["Location"]).context["job"]["state"] == "waiting"
    assert client.get(f"{response['Location']}file/").status_code == 404
    exporting.write_waiting(export.pk)
    assert client.get(response["Location"]).context["job"]["state"] == "done"
    file = client.get(f"{response['Location']}file/")
    assert [row[0] for row in _sheet(b"".join(file.streaming_content))[1:]] == graded[::-1]
    assert signed_in("regulator2").get(f"{response['Location']}file/").status_code == 404


def test_the_export_holds_moments_answers_and_sums_as_a_workbook_does(city: City, signed_in: SignedIn) -> None:
    hazard = city.rectified()
    client = signed_in("regulator")
    client.cookies["anlan_language"] = "zh-hans"
    response = client.get("/hazards/export/?state=open")
    head, row = _sheet(b"".join(response.streaming_content))
    cells = dict(zip(head, row, strict=True))
    assert cells["逾期"] == "否"
    assert cells["费用（元）"] == 1200.5
    for name, moment in (("截止", hazard.due_at), ("发现时间", hazard.found_at)):
        assert moment is not None
        assert cells[name] == moment.astimezone(clock.SHANGHAI).replace(tzinfo=None, microsecond=0)


def test_the_exports_name_says_what_it_is_and_of_which_days(city: City, signed_in: SignedIn) -> None:
    client = signed_in("regulator")
    for query, days in (("", str(clock.today())), ("?from=2026-11-01&to=2026-11-22", "2026-11-01_2026-11-22")):
        for language, name in (("zh-hans", "隐患"), ("en", "Hazards")):
            client.cookies["anlan_language"] = language
            response = client.get(f"/hazards/export/{query}")
            assert f"{name}-{days}.xlsx" in unquote(response["Content-Disposition"])


def test_it_may_be_this_one_is_said_before_sending(city: City, signed_in: SignedIn) -> None:
    hazard = city.dispatched(place="喷涂车间除尘器")
    client = signed_in("inspector")
    found = client.get("/hazards/new/same/", {"enterprise": str(city.enterprise.pk), "place": "喷涂车间 除尘器"})
    assert hazard.number in _text(found)
    assert hazard.number not in _text(
        signed_in("n_inspector").get(
            "/hazards/new/same/", {"enterprise": str(city.enterprise.pk), "place": "喷涂车间除尘器"}
        )
    )


def test_an_enterprise_registers_self_checks_of_its_own_only(city: City, signed_in: SignedIn) -> None:
    client = signed_in("safety_manager")
    form = client.get("/hazards/new/").context["form"]
    assert [value for value, _words in form.fields["source"].widget.choices] == ["self"]
    data = {
        "source": "self", "industry": "gongmao", "region": str(TOWN), "enterprise": str(city.n_enterprise.pk),
        "place": "配电室", "category": "electrical", "description": "配电箱门敞开，无人看管。", "photos": [_photo(client)],
    }  # fmt: skip
    assert client.post("/hazards/new/", data).status_code == 422
    assert client.post("/hazards/new/", data | {"enterprise": str(city.enterprise.pk)}).status_code == 302
    with scope.acting(city.safety_manager):
        assert Hazard.objects.get().responsible_id == city.enterprise.pk


@pytest.mark.parametrize("source", ["county", "group"])
def test_an_enterprise_cannot_pass_its_finding_off_as_a_check_of_the_state(
    city: City, signed_in: SignedIn, source: str
) -> None:
    client = signed_in("safety_manager")
    data = {
        "source": source, "industry": "gongmao", "region": str(TOWN), "enterprise": str(city.enterprise.pk),
        "place": "配电室", "category": "electrical", "description": "配电箱门敞开，无人看管。", "photos": [_photo(client)],
    }  # fmt: skip
    assert client.post("/hazards/new/", data).status_code == 422


def test_originals_stay_with_officials_and_their_uploader(city: City, signed_in: SignedIn) -> None:
    hazard = city.dispatched()
    with scope.acting(city.inspector):
        photo = hazard.photos.get().file
    for name, expected in (
        ("inspector", 200),
        ("regulator", 200),
        ("principal", 403),
        ("n_regulator", 404),
        ("citizen", 404),
    ):
        response = signed_in(name).get(f"/files/{photo.pk}/original/")
        assert response.status_code == expected, name
        if expected == 200:
            assert response["Content-Disposition"].startswith("attachment")
            assert b"".join(response.streaming_content)
    client = signed_in("principal")
    for kind in ("thumb", "display"):
        response = client.get(f"/files/{photo.pk}/{kind}/")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "private" in response["Cache-Control"]
        assert b"".join(response.streaming_content).startswith(b"\xff\xd8")
        again = client.get(f"/files/{photo.pk}/{kind}/", headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304
    assert client.get(f"/files/{photo.pk}/else/").status_code == 404


def test_a_file_that_is_no_photo_is_refused_in_words(city: City, signed_in: SignedIn) -> None:
    file = BytesIO(b"no photo at all")
    file.name = "p.jpg"
    response = signed_in("inspector").post("/files/", {"file": file})
    assert response.status_code == 422
    assert response.json()["code"].startswith("file.")
    assert signed_in("inspector").post("/files/").status_code == 422
    assert Client().post("/files/").status_code in (302, 401)


def test_pickers_find_within_the_scope_and_the_form_works_without_scripts(city: City, signed_in: SignedIn) -> None:
    hazard = city.found(grade="general")
    client = signed_in("regulator")
    found = client.get(
        "/hazards/pick/enterprise/", {"name": "responsible", "county": str(COUNTY), "responsible_words": "翠岭"}
    )
    assert str(city.enterprise.pk) in _text(found)
    other = client.get(
        "/hazards/pick/enterprise/", {"name": "responsible", "county": "141021000000", "responsible_words": "苍溪"}
    )
    assert str(city.n_enterprise.pk) not in _text(other)
    for asked in ({"county": "141021000000"}, {"county": str(COUNTY)}, {}):
        by_id = client.get(
            "/hazards/pick/enterprise/", {"name": "responsible", "chosen": str(city.n_enterprise.pk), **asked}
        )
        assert str(city.n_enterprise.pk) not in _text(by_id)
    clauses = client.get("/hazards/pick/clause/", {"name": "clause", "hazard": str(hazard.pk)})
    assert str(city.clause.pk) in _text(clauses)
    assert client.get("/hazards/pick/enterprise/", {"name": "a b"}).status_code == 404
    response = client.post(
        _url(hazard, "steps", "dispatch"), {"responsible_words": "翠岭", "due": city.day(9).isoformat()}
    )
    assert response.status_code == 422
    assert str(city.enterprise.pk) in _text(response)


def test_the_print_carries_the_proof(city: City, signed_in: SignedIn) -> None:
    hazard = city.found()
    response = signed_in("regulator").get(f"{_url(hazard)}?print=1")
    proof = response.context["proof"]
    assert proof.text() == f"ANLAN1 {hazard.number} {proof.leaf} {proof.size}"
    assert len(proof.leaf) == 64
    assert response.context["proof_code"].startswith("data:image/svg+xml")


def test_a_printed_list_says_where_by_which_filters_and_that_there_is_more(
    city: City, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _one in range(2):
        city.found(grade="general")
    client = signed_in("regulator")
    whole = _text(client.get("/hazards/"))
    assert "No filter</p>" in whole
    assert "This is one page of the list" not in whole
    monkeypatch.setattr(listing, "hazards", partial(listing.hazards, limit=1))
    page = _text(client.get("/hazards/?grade=general"))
    assert "Grade general hazard</p>" in page
    assert "2 hazards This is one page of the list, with 1 row; there are further pages.</p>" in page
