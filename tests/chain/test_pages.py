"""Pages, API and workbooks of the chain: who gets them, what they change, and nothing of a neighbour."""

import re
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation
from python_calamine import CalamineWorkbook

from anlan.chain.models import Duty
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.registry.actions import imports
from tests.chain.conftest import Chain
from tests.chain.test_answering import client_for
from tests.factories import COUNTY, NEIGHBOUR

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
CELL = f"/chain/cells/{COUNTY}/gongmao/"
READ = ("/chain/", "/chain/duties/", "/chain/check/", "/chain/coverage/", "/chain/duties/export/", CELL)
WRITE = ("/chain/duties/new/", "/chain/duties/hand-over/")


@pytest.mark.parametrize("path", [*READ, *WRITE])
def test_who_gets_a_page(chain: Chain, path: str) -> None:
    for who in ("office", "city_office", "regulator", "leader", "auditor"):
        expected = 200 if path in READ or who.endswith("office") else 403
        assert client_for(chain.city, who).get(path).status_code == expected, who
    for who in ("principal", "citizen", "system_admin"):
        assert client_for(chain.city, who).get(path).status_code == 403, who


def test_a_neighbours_pages_are_as_if_they_were_not(chain: Chain) -> None:
    client = client_for(chain.city, "office")
    theirs = chain.slots["sector", "lead", NEIGHBOUR, "gongmao"].pk
    for path in (
        f"/chain/cells/{NEIGHBOUR}/gongmao/",
        f"/chain/duties/{theirs}/change/",
        f"/chain/duties/{new_id()}/end/",
        f"/chain/cells/{COUNTY}/magic/",
    ):
        assert client.get(path).status_code == 404, path
    for path in ("/chain/", "/chain/duties/?when=all", "/chain/check/", f"/chain/?region={NEIGHBOUR}"):
        assert chain.body(NEIGHBOUR, "gongmao").name not in client.get(path).content.decode(), path


def test_a_cell_is_mended_in_the_panel(chain: Chain) -> None:
    chain_body = chain.body(COUNTY, "gongmao").pk
    with scope.acting(SYSTEM):
        chain.slots["sector", "lead", COUNTY, "gongmao"].delete()
    client = client_for(chain.city, "office")
    assert "No department leads" in client.get(CELL).content.decode()
    asked = {"kind": "sector", "part": "lead", "region": COUNTY, "industry": "gongmao"}
    refused = client.post("/chain/duties/new/", asked)
    assert refused.status_code == 422
    assert "Name the organisation" in refused.content.decode()
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/chain/?region="}
    mended = client.post("/chain/duties/new/", asked | {"organisation": chain_body}, headers=headers)
    text = mended.content.decode()
    assert mended.status_code == 200
    assert "Nothing is wrong here." in text
    assert f'id="cell-{COUNTY}-gongmao"' in text
    assert 'hx-swap-oob="true"' in text
    with scope.acting(SYSTEM):
        duty = Duty.objects.get(kind="sector", part="lead", region=COUNTY, industry_bit=0)
    ended = client.post(f"/chain/duties/{duty.pk}/end/", {"reason": "撤销"}, headers=headers)
    assert "Nothing is wrong here." not in ended.content.decode()


def number(text: str, words: str) -> int:
    """The count that stands behind a state or a kind of finding."""
    return int(re.search(rf'{words}(?:\s|</\w+>)*<b class="num[^>]*>(\d+)</b>', text)[1])


def test_the_numbers_behind_the_panel_follow(chain: Chain) -> None:
    """What comes with the panel's answer says the same as the page read anew, with the filters of its address."""
    client = client_for(chain.city, "office")
    lead = chain.slots["sector", "lead", COUNTY, "gongmao"].pk
    for page, parts in (
        ("/chain/?industry=gongmao", ("duty-totals", f"count-{COUNTY}", f"cell-{COUNTY}-gongmao")),
        ("/chain/check/?name=no_leader&region=", ("checker-groups", "checker-list")),
    ):
        with scope.acting(SYSTEM):
            Duty.objects.filter(pk=lead).update(valid_to=None)
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
        told = client.post(f"/chain/duties/{lead}/end/", {"reason": "撤销"}, headers=headers).content.decode()
        anew = client.get(page).content.decode()
        for part in parts:
            assert re.search(rf'id="{part}"[^>]*hx-swap-oob', told), (page, part)
            assert f'id="{part}"' in anew, (page, part)
        if "check" not in page:
            assert number(told, "nobody") == number(anew, "nobody") == 1
            assert "4 of 5 in order" not in told
            assert re.search(r"(\d+) of (\d+) in order", told)[0] in anew
        else:
            assert number(told, "Ended without a successor") == number(anew, "Ended without a successor") == 1
            assert 'aria-current="true"' in told, "the kind that was chosen stays chosen"


def test_the_api_gives_ends_checks(chain: Chain) -> None:
    client = client_for(chain.city, "office")
    data = {
        "kind": "sector",
        "part": "cooperate",
        "region": COUNTY,
        "industry": "gongmao",
        "organisation": str(chain.body(COUNTY, "hazchem").pk),
    }
    made = client.post("/api/v1/duties", data, content_type="application/json")
    assert made.status_code == 201, made.content
    one = made.json()["id"]
    assert client.post("/api/v1/duties", data, content_type="application/json").status_code == 422
    assert client.get(f"/api/v1/duties/{one}").json()["part"] == "cooperate"
    assert one in {row["id"] for row in client.get("/api/v1/duties?part=cooperate").json()["items"]}
    assert client.get("/api/v1/chain/check").json()["total"] == 0
    lead = chain.slots["sector", "lead", COUNTY, "gongmao"].pk
    ended = client.post(f"/api/v1/duties/{lead}/end", {"reason": "撤销"}, content_type="application/json")
    assert ended.json()["valid_to"]
    found = client.get("/api/v1/chain/check").json()
    assert [row["name"] for row in found["items"]] == ["ended_without_successor"]
    assert set(found["items"][0]["duties"]) == {str(lead), one}
    assert (
        client_for(chain.city, "regulator").post("/api/v1/duties", data, content_type="application/json").status_code
        == 403
    )
    assert client_for(chain.city, "n_office").get(f"/api/v1/duties/{lead}").status_code == 404
    assert client_for(chain.city, "principal").get("/api/v1/chain/check").status_code == 403


HEADINGS = ["Kind of duty", "Part", "Region", "Industry", "Part of the sector", "Organisation", "Account name", "Name of the person", "Phone", "From", "Until"]  # fmt: skip


def book(path: Path, rows: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Duties")
        for number, row in enumerate([HEADINGS, *rows]):
            for index, value in enumerate(row):
                if value is not None:
                    sheet.write(number, index, value)
    return path


def test_every_bad_cell_is_named_and_good_rows_are_given(chain: Chain, tmp_path: Path) -> None:
    office, body = chain.city.office, chain.body(COUNTY, "gongmao").name
    place, other = str(COUNTY), str(NEIGHBOUR)
    good: list[list[object]] = [
        ["sector", "cooperate", place, "gongmao", None, body],
        ["committee", "officer", place, None, None, None, None, "李某"],
        ["territorial", "leader", place, None, None, None, "leader"],
    ]
    bad: list[list[object]] = [
        ["sector", "lead", other, "gongmao", None, body],
        ["sector", "lead", place, None, None, body],
        ["sector", "lead", place, "gongmao", None, "无此局"],
        ["sector", "leader", place, "gongmao"],
        ["committee", "lead", place, None, None, body],
        ["magic", "lead", place, "gongmao", None, body],
        ["sector", "leader", place, "gongmao", None, None, "nobody"],
        ["sector", "leader", place, "gongmao", None, None, "leader", "别人"],
        ["sector", "leader", place, "gongmao", None, None, None, "王", "12"],
        ["sector", "leader", place, "gongmao", None, None, None, "赵", None, "2026-05-01", "2026-04-01"],
        ["sector", "cooperate", place, "gongmao", None, body],
    ]
    with scope.acting(SYSTEM):
        before = Duty.objects.count()
    with translation.override("en"):
        refused = imports.import_file(
            actor=office, kind="duties", path=book(tmp_path / "bad.xlsx", good[:1] + bad), write=True
        )
        cells = {fault.cell for fault in refused.report.faults}
        assert cells == {"C3", "F3", "D4", "F5", "H6", "B7", "A8", "G9", "H10", "I11", "K12", "A13"}, (
            refused.report.faults
        )
        with scope.acting(SYSTEM):
            assert Duty.objects.count() == before
        for counts in ({"duties": 3, "unchanged": 0}, {"duties": 0, "unchanged": 3}):
            outcome = imports.import_file(
                actor=office, kind="duties", path=book(tmp_path / "good.xlsx", good), write=True
            )
            assert outcome.counts == counts, outcome.report.faults
    with scope.acting(SYSTEM):
        assert Duty.objects.get(kind="territorial", part="leader").post_id == chain.city.posts["leader"].pk


def test_the_export_is_the_list(chain: Chain) -> None:
    response = client_for(chain.city, "office").get("/chain/duties/export/?kind=committee")
    rows = (
        CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content))).get_sheet_by_index(0).to_python()
    )
    assert len(rows) == 3
    assert {row[7] for row in rows[1:]} == {"director_party", "director_government"}
