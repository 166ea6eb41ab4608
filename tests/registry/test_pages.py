"""Pages of the registry and the criteria: who gets them, what is kept when refused, and nothing of a neighbour."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.safestring import mark_safe
from python_calamine import CalamineWorkbook

from anlan.identity import roles
from anlan.identity.models import Person
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.registry import panels, queries, shelf
from anlan.registry.actions import exports, imports
from anlan.registry.models import Enterprise, Export, Import
from anlan.site import reference
from tests.registry.books import book
from tests.registry.conftest import COUNTY, NEIGHBOUR_TOWN, TOWN
from tests.registry.test_imports import GOOD, code

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
LIST = "/enterprises/"


@pytest.fixture
def visit(town):
    """`visit("office")`: a signed-in browser."""

    def sign_in(name):
        client = Client(headers={"Accept-Language": "en"})
        person = Person.objects.get(pk=town[name].person)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


def text(response):
    return response.content.decode()


def sheet(content):
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_list_shows_the_own_territory(town, visit):
    mine = town.enterprise(name="翠岭铸造有限公司")
    theirs = town.enterprise(town["n_office"], name="苍溪铸造有限公司", region=NEIGHBOUR_TOWN)
    page = text(visit("office").get(LIST))
    assert mine.name in page
    assert theirs.name not in page
    for name in ("citizen", "system_admin", "security_admin", "audit_admin"):
        assert visit(name).get(LIST).status_code == 403, name
    assert Client().get(LIST).status_code in (302, 401)


@pytest.mark.parametrize(
    "path", ["/enterprises/{}/", "/enterprises/{}/edit/", "/enterprises/{}/close/", "/enterprises/{}/sites/new/"]
)
def test_a_neighbours_enterprise_is_as_if_it_were_not(town, visit, path):
    theirs = town.enterprise(town["n_office"], name="苍溪铸造有限公司", region=NEIGHBOUR_TOWN)
    client = visit("office")
    foreign, absent = (
        client.get(path.format(theirs.pk)),
        client.get(path.format("01900000-0000-7000-8000-000000000000")),
    )
    assert foreign.status_code == absent.status_code == 404
    assert theirs.name not in text(foreign)
    assert visit("n_office").get(path.format(theirs.pk)).status_code == 200


def test_filters_live_in_the_address(town, visit):
    town.enterprise(name="翠岭铸造有限公司")
    town.enterprise(name="翠岭燃气有限公司", industry="gas")
    client = visit("office")
    for query, found in {
        "q=铸造": {"翠岭铸造有限公司"},
        "industry=gas": {"翠岭燃气有限公司"},
        f"region={TOWN}": {"翠岭铸造有限公司", "翠岭燃气有限公司"},
        "status=closed": set(),
        f"region={NEIGHBOUR_TOWN}": {"翠岭铸造有限公司", "翠岭燃气有限公司"},  # not on offer: as if absent
        "after=nonsense&industry=gas": {"翠岭燃气有限公司"},
    }.items():
        page = text(client.get(f"{LIST}?{query}"))
        assert {name for name in ("翠岭铸造有限公司", "翠岭燃气有限公司") if name in page} == found, query


def test_pages_follow_one_another(town, visit):
    for number in range(53):
        town.enterprise(name=f"第{number:02d}号店")
    client = visit("office")
    first = client.get(LIST)
    table = first.context["table"]
    assert "53 enterprises" in text(first)
    second = client.get(LIST, {"after": table["page"]["next"]})
    assert "第52号店" in text(second)
    assert "第00号店" not in text(second)
    assert "第00号店" in text(client.get(LIST, {"before": second.context["table"]["page"]["previous"]}))


def test_the_export_is_what_is_filtered_and_can_be_read_in_again(town, visit):
    town.enterprise(name="=翠岭铸造", lon="111.523", lat="36.084", system="gcj02", employees=7)
    town.enterprise(name="翠岭燃气有限公司", industry="gas")
    town.enterprise(town["n_office"], name="苍溪铸造有限公司", region=NEIGHBOUR_TOWN)
    response = visit("office").get("/enterprises/export/?industry=gongmao")
    rows = sheet(b"".join(response.streaming_content))
    assert [row[0] for row in rows[1:]] == ["'=翠岭铸造"]
    assert rows[1][2] == "尧都区解放路街道"
    assert rows[1][14:17] == [111.523, 36.084, "GCJ-02"]


def test_a_long_export_is_a_job(town, visit, monkeypatch):
    monkeypatch.setattr(queries, "COUNTED", 1)
    town.enterprise(name="翠岭铸造")
    town.enterprise(name="翠岭锻造")
    town.enterprise(town["n_office"], name="苍溪铸造", region=NEIGHBOUR_TOWN)
    office = visit("office")
    response = office.get("/enterprises/export/")
    assert response.status_code == 302
    assert "waits for its turn" in text(office.get(response.url))
    assert office.get(response.url + "file/").status_code == 404
    with scope.acting(SYSTEM):
        asked = Export.objects.get()
    exports.write_waiting(asked.pk)
    exports.write_waiting(asked.pk)
    assert "2 rows" in text(office.get(response.url))
    rows = sheet(b"".join(office.get(response.url + "file/").streaming_content))
    assert [row[0] for row in rows[1:]] == ["翠岭铸造", "翠岭锻造"]
    for other in ("regulator", "n_office"):
        assert visit(other).get(response.url).status_code == 404
        assert visit(other).get(response.url + "file/").status_code == 404


def test_registering_keeps_what_was_typed_and_says_why(town, visit):
    client = visit("office")
    typed = {
        "name": "翠岭铸造",
        "uscc": "错",
        "region": str(TOWN),
        "industry": "gongmao",
        "status": "active",
        "system": "wgs84",
    }
    refused = client.post("/enterprises/new/", typed)
    assert refused.status_code == 422
    assert "18 characters" in text(refused)
    assert "翠岭铸造" in text(refused)
    made = client.post("/enterprises/new/", typed | {"uscc": code(5), "lon": "111.5", "lat": "36.1", "employees": "12"})
    assert made.status_code == 302
    page = text(client.get(made.url))
    assert "翠岭铸造" in page
    assert "111.500000, 36.100000" in page
    for name in ("inspector", "leader", "auditor", "citizen"):
        assert visit(name).get("/enterprises/new/").status_code == 403, name


def test_an_emptied_field_is_emptied(town, visit):
    made = town.enterprise(address="府前街", employees=5, lon="111.5", lat="36.1")
    client = visit("office")
    form = client.get(f"/enterprises/{made.pk}/edit/").context["form"]
    typed = {name: value if isinstance(value, list) else str(value or "") for name, value in form.initial.items()}
    client.post(f"/enterprises/{made.pk}/edit/", typed | {"address": "", "employees": "", "lon": "", "lat": ""})
    with scope.acting(town["office"]):
        changed = Enterprise.objects.get(pk=made.pk)
    assert (changed.address, changed.employees, changed.lon, changed.original_lat) == ("", None, None, None)
    assert changed.name == made.name


def test_an_enterprises_own_page_asks_for_contacts_alone(town, visit):
    made = town.enterprise()
    with scope.acting(SYSTEM):
        town.hold("manager", roles.SAFETY_MANAGER, COUNTY, enterprise=made)
    client = visit("manager")
    form = client.get(f"/enterprises/{made.pk}/edit/").context["form"]
    assert set(form.fields) == {
        "principal_name", "principal_phone", "safety_manager_name", "safety_manager_phone", "employees",
    }  # fmt: skip
    client.post(f"/enterprises/{made.pk}/edit/", {"employees": "9", "name": "偷改"})
    with scope.acting(SYSTEM):
        changed = Enterprise.objects.get(pk=made.pk)
    assert (changed.employees, changed.name) == (9, made.name)
    assert client.get(f"/enterprises/{made.pk}/close/").status_code == 403


def test_panels_of_other_rooms_stand_on_the_page_in_order(town, visit, monkeypatch):
    made = town.enterprise()
    monkeypatch.setattr(panels, "panels", {})
    panels.register_panel("late", 20, lambda request, record: mark_safe(f"<p>2 {record.uscc}</p>"))
    panels.register_panel("early", 10, lambda request, record: mark_safe("<p>1</p>"))
    panels.register_panel("nothing", 5, lambda request, record: None)
    page = text(visit("office").get(f"/enterprises/{made.pk}/"))
    assert page.index("<p>1</p>") < page.index(f"<p>2 {made.uscc}</p>")


def test_sites_and_closing(town, visit):
    made = town.enterprise()
    client = visit("office")
    added = client.post(
        f"/enterprises/{made.pk}/sites/new/", {"name": "一厂", "system": "bd09", "lon": "111.5", "lat": "36.1"}
    )
    assert added.status_code == 302
    page = client.get(added.url)
    assert "BD-09 111.500000" in text(page)
    site = page.context["sites"][0]["site"]
    again = client.post(f"/enterprises/{made.pk}/sites/new/", {"name": "一厂", "system": "wgs84"})
    assert again.status_code == 422
    assert client.post(f"/sites/{site.pk}/edit/", {"name": "二厂", "system": "wgs84"}).status_code == 302
    assert visit("n_office").get(f"/sites/{site.pk}/edit/").status_code == 404
    assert client.post(f"/enterprises/{made.pk}/close/", {"reason": "已注销"}).status_code == 302
    assert client.post(f"/enterprises/{made.pk}/close/", {"reason": "已注销"}).status_code == 422


def upload(client, path, kind="enterprises"):
    file = SimpleUploadedFile("名单.xlsx", Path(path).read_bytes())
    return client.post(f"/imports/new/{kind}/", {"file": file})


def test_a_workbook_goes_all_its_way(town, visit, tmp_path):
    client = visit("office")
    assert "Enterprises" in text(client.get("/imports/"))
    blank = b"".join(client.get("/imports/template/enterprises/").streaming_content)
    assert CalamineWorkbook.from_filelike(BytesIO(blank)).sheet_names[1:2]
    sent = upload(client, book(tmp_path / "a.xlsx", "enterprises", GOOD))
    assert sent.status_code == 302
    assert "every cell checked" in text(client.get(sent.url))
    record = sent.url.rstrip("/").split("/")[-1]
    imports.check_sent(record)
    ready = text(client.get(sent.url))
    assert "Load all 2 rows" in ready
    assert client.post(sent.url + "load/").status_code == 302
    assert "loaded in one go" in text(client.get(sent.url, headers={"HX-Request": "true"}))
    imports.load_sent(record)
    assert client.get(sent.url, headers={"HX-Request": "true"})["HX-Redirect"] == sent.url
    assert "Everything is loaded." in text(client.get(sent.url))
    assert "甲铸造" in text(client.get(LIST))
    assert "名单.xlsx" in text(client.get("/imports/"))


def test_faults_are_shown_and_come_back_marked(town, visit, tmp_path, django_capture_on_commit_callbacks):
    client = visit("office")
    sent = upload(client, book(tmp_path / "a.xlsx", "enterprises", [["甲铸造", code(1), "曲沃县", "gongmao"]]))
    record = sent.url.rstrip("/").split("/")[-1]
    imports.check_sent(record)
    page = text(client.get(sent.url))
    assert "This region lies outside your territory." in page
    assert "C2" in page
    marked = b"".join(client.get(sent.url + "faults/").streaming_content)
    assert sheet(marked)[1][1] == "C2"
    assert client.post(sent.url + "load/").status_code == 409
    for other in ("regulator", "n_office", "city", "system_admin"):
        for tail in ("", "faults/"):
            assert visit(other).get(sent.url + tail).status_code == 404, other
        for tail in ("load/", "discard/"):
            assert visit(other).post(sent.url + tail).status_code == 404, other
    with scope.acting(SYSTEM):
        digest = Import.objects.get().sha256
    assert digest in shelf.shelf()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(sent.url + "discard/").status_code == 302
    assert digest not in shelf.shelf()
    with scope.acting(SYSTEM):
        assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("office", {"enterprises"}),
        ("regulator", {"enterprises"}),
        ("system_admin", {"organisations"}),
        ("security_admin", {"people"}),
        ("inspector", set()),
        ("audit_admin", set()),
        ("citizen", set()),
    ],
)
def test_each_post_imports_its_own_kinds(town, visit, who, kinds):
    client = visit(who)
    assert client.get("/imports/").status_code == (200 if kinds else 403)
    for kind in ("enterprises", "organisations", "people"):
        expected = 200 if kind in kinds else 403
        assert client.get(f"/imports/new/{kind}/").status_code == expected
        assert client.get(f"/imports/template/{kind}/").status_code == expected
    assert client.get("/imports/new/secrets/").status_code == 404


def test_a_form_without_a_file_says_so(town, visit):
    response = visit("office").post("/imports/new/enterprises/", {})
    assert response.status_code == 422


def test_criteria_show_what_is_in_force_and_what_is_missing(town, visit):
    reference.load()
    client = visit("office")
    page = text(client.get("/criteria/"))
    assert "Criteria for major hazards in industry and trade enterprises" in page
    assert "not loaded" in page
    assert "in force" in page
    found = text(client.get("/criteria/", {"q": "深井铸造 液位"}))
    assert "第5条第7项" in found
    one = text(client.get("/criteria/gongmao-2023/"))
    assert "第14条" in one
    missing = text(client.get("/criteria/aq3067-2026/"))
    assert "are not loaded" in missing
    assert client.get("/criteria/nothing/").status_code == 404
    assert Client().get("/criteria/").status_code in (302, 401)
