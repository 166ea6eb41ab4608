"""Setting up over HTTP, by pages and by programs: what an office does, what others are refused, what outsiders cannot tell from nothing."""

import json
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from anlan.campaigns.models import Campaign, LeaderAct, Participant, ReturnTemplate
from anlan.campaigns.queries import setup, sheets
from anlan.identity.models import Organisation
from anlan.identity.tokens import issue_token
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from tests.campaigns.conftest import Month
from tests.factories import CITY, COUNTY

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.usefixtures("in_may")]


def browser(month: Month, who: str) -> Client:
    post = month.posts.get(who) or month.city.posts[who]
    found = Client(headers={"Accept-Language": "en"})
    found.force_login(post.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def program(month: Month, who: str) -> Client:
    post = month.posts.get(who) or month.city.posts[who]
    with scope.acting(SYSTEM):
        token = issue_token(post=post, name="x")
    return Client(headers={"Accept-Language": "en", "Authorization": f"Bearer {token}"})


def call(client: Client, method: str, path: str, data: Any = None) -> Any:
    body = {"data": json.dumps(data), "content_type": "application/json"} if data is not None else {}
    return client.generic(method, f"/api/v1/{path}", headers={"Idempotency-Key": str(new_id())}, **body)  # type: ignore[arg-type]


@pytest.mark.parametrize(("who", "status"), [("city", 200), ("county", 200), ("department", 200), ("leader", 200), ("auditor", 200), ("principal", 403), ("citizen", 403), ("inspector", 403)])  # fmt: skip
def test_who_reads_a_campaign(month: Month, who: str, status: int) -> None:
    client = browser(month, who)
    for path in ("/campaigns/", f"/campaigns/{month.campaign.pk}/", "/campaigns/leaders/"):
        assert client.get(path).status_code == status, path
    assert client.get(f"/campaigns/{new_id()}/").status_code == (404 if status == 200 else 403)


@pytest.mark.parametrize("who", ["county", "department", "leader", "auditor"])
def test_only_the_office_is_let_into_the_forms(month: Month, who: str) -> None:
    client, base = browser(month, who), f"/campaigns/{month.campaign.pk}/"
    for path in ("enrol/", "enrol/many/", "month/", "publish/", "publish/workbook/?from=last"):
        assert client.get(base + path).status_code == 403, path
    for path, data in (
        ("enrol/", {}),
        ("month/", {"month": "2026-05-01"}),
        ("publish/", {"as_it_is": "2024-campaign"}),
    ):
        assert client.post(base + path, data).status_code == 403, path


def test_a_campaign_of_a_county_is_nothing_to_its_neighbour(month: Month) -> None:
    county = month.actors["county"]
    from anlan.campaigns import actions

    with scope.acting(county):
        own = actions.open_campaign(
            actor=county, data={"code": "own", "zh": "县级行动", "en": "Own", "from_day": date(2026, 1, 1)}
        )
    for who, status in (("county", 200), ("city", 200), ("town", 200), ("neighbour", 404)):
        assert browser(month, who).get(f"/campaigns/{own.pk}/").status_code == status, who
        assert call(program(month, who), "GET", f"campaigns/{own.pk}").status_code == status, who
    assert "县级行动" not in browser(month, "neighbour").get("/campaigns/").content.decode()


def test_an_office_sets_a_campaign_up_in_pages(month: Month) -> None:
    """All that the how-to tells: open, publish as it is, enrol everybody, open the month."""
    client = browser(month, "city")
    sent = {"code": "gas-2026", "zh": "燃气安全专项整治", "en": "Gas campaign", "from_day": "2026-01-01"}
    answer = client.post("/campaigns/new/", sent)
    made = Campaign.objects.get(code="gas-2026")
    base = f"/campaigns/{made.pk}/"
    assert answer.headers["Location"] == base
    assert client.post("/campaigns/new/", sent).status_code == 422  # its code is taken: said in the form
    assert client.post(f"{base}publish/", {"as_it_is": "2024-campaign"}).status_code == 302
    assert ReturnTemplate.objects.get(campaign=made).from_month == date(2026, 1, 1)
    with scope.acting(month.actors["city"]):
        proposed = [str(one.unit.pk) for several in setup.proposals(made).values() for one in several]
    assert client.post(f"{base}enrol/many/", {"units": [str(new_id())], "from_month": "2026-04-01"}).status_code == 422
    assert client.post(f"{base}enrol/many/", {"units": proposed, "from_month": "2026-04-01"}).status_code == 302
    assert client.post(f"{base}month/", {"month": "2026-04-01"}).status_code == 302
    with scope.acting(month.actors["city"]):
        taking = {
            one.unit.name: (one.filler, one.reviewer and one.reviewer.name)
            for one in Participant.objects.filter(campaign=made).select_related("unit", "reviewer")
        }
        assert taking["county单位"] == ("district", None)
        assert taking["department单位"] == ("system", None)
        assert taking["town单位"] == ("unit", "county单位")
        assert setup.months(made)[0].expected == len(taking) == len(proposed)
    again = client.post(f"{base}month/", {"month": "2026-04-01"}, follow=True)
    assert "expected already" in again.content.decode()


def test_a_new_version_goes_through_the_workbook(month: Month) -> None:
    client, base = browser(month, "city"), f"/campaigns/{month.campaign.pk}/"
    begun = BytesIO(b"".join(client.get(f"{base}publish/workbook/?from=last").streaming_content))  # type: ignore[arg-type]
    begun.name = "x.xlsx"
    tried = client.post(f"{base}publish/", {"file": begun})
    assert tried.status_code == 200
    page = tried.content.decode()
    carried = page.split('name="carried" value="')[1].split('"')[0]
    assert ReturnTemplate.objects.count() == 1
    assert client.post(f"{base}publish/", {"carried": carried}).status_code == 302
    newest = ReturnTemplate.objects.order_by("-version")[0]
    assert (newest.version, newest.from_month) == (2, date(2026, 6, 1))
    assert client.post(f"{base}publish/", {"carried": carried}).status_code == 422  # published already
    assert client.post(f"{base}publish/", {"carried": carried + "x"}).status_code == 404
    for part in ("template", "checks"):
        assert b"".join(client.get(f"{base}templates/{newest.pk}/{part}/").streaming_content)  # type: ignore[arg-type]
    assert client.get(f"{base}templates/{newest.pk}/").status_code == 200


def test_a_text_that_is_wrong_is_told_and_not_published(month: Month) -> None:
    client, base = browser(month, "city"), f"/campaigns/{month.campaign.pk}/"
    broken = BytesIO(b'code = "x"')
    broken.name = "x.toml"
    answer = client.post(f"{base}publish/", {"file": broken})
    assert answer.status_code == 422
    assert "version" in answer.content.decode()
    other = BytesIO("不是".encode("gb18030"))
    other.name = "x.toml"
    assert "UTF-8" in client.post(f"{base}publish/", {"file": other}).content.decode()


def _book(month: Month, record: UUID, who: str) -> BytesIO:
    with scope.acting(month.actors[who]):
        stream = sheets.book(sheets.to_fill(record))
    stream.name = "x.xlsx"
    return stream


def test_a_workbook_over_http(month: Month) -> None:
    record = month.saved("county")
    client, path = program(month, "county"), f"/api/v1/returns/{record.pk}/workbook"
    month_of = client.get(path)
    assert month_of.headers["Content-Disposition"].startswith("attachment")
    with scope.acting(month.actors["county"]):
        before = _book(month, record.pk, "county")
    month.do("county2", record, "save", cells={"help.visits": "9"})
    told = client.post(path, {"file": before}, headers={"Idempotency-Key": str(new_id())}).json()
    assert (told["saved"], told["changes"], told["conflicts"]) == (False, [], [])  # nothing was typed in it
    for who in ("town", "neighbour"):
        refused = program(month, who).post(
            path, {"file": _book(month, record.pk, "county")}, headers={"Idempotency-Key": str(new_id())}
        )
        assert refused.status_code == 404, who
    assert (
        program(month, "city")
        .post(path, {"file": _book(month, record.pk, "county")}, headers={"Idempotency-Key": str(new_id())})
        .status_code
        == 403
    )
    junk = BytesIO(b"junk")
    junk.name = "x.xlsx"
    assert client.post(path, {"file": junk}, headers={"Idempotency-Key": str(new_id())}).status_code == 422


def test_the_page_of_the_workbook(month: Month) -> None:
    record = month.saved("county")
    client, path = browser(month, "county"), f"/campaigns/returns/{record.pk}/sheet/"
    assert client.get(path).status_code == 200
    page = client.post(path, {"file": _book(month, record.pk, "county")}).content.decode()
    carried = page.split('name="carried" value="')[1].split('"')[0]
    assert client.post(path, {"carried": carried}).status_code == 302
    assert client.post(path, {"carried": "x"}).status_code == 404
    assert browser(month, "city").get(path).status_code == 403
    assert browser(month, "town").get(path).status_code == 404
    assert browser(month, "inspector").get(path).status_code == 403


def test_an_archive_of_workbooks(month: Month) -> None:
    import zipfile

    county, town = month.saved("county"), month.of("town")
    client = browser(month, "county")
    kept = BytesIO(b"".join(client.get(f"/campaigns/{month.campaign.pk}/workbooks/2026-04/").streaming_content))  # type: ignore[arg-type]
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr("broken.xlsx", b"junk")
    kept.seek(0)
    kept.name = "x.zip"
    page = client.post("/campaigns/sheets/", {"file": kept}).content.decode()
    assert str(county.pk) in page
    assert str(town.pk) in page
    assert "broken.xlsx" in page
    assert "Only the unit itself" in page
    assert browser(month, "city").get(f"/campaigns/{month.campaign.pk}/workbooks/2026-05/").status_code == 404
    assert browser(month, "city").get(f"/campaigns/{month.campaign.pk}/workbooks/nonsense/").status_code == 404


def test_setting_up_by_program(month: Month) -> None:
    city = program(month, "city")
    made = call(city, "POST", "campaigns", {"code": "x-2026", "zh": "专项", "en": "Xx", "from_day": "2026-01-01"})
    assert made.status_code == 201, made.content
    base = f"campaigns/{made.json()['id']}"
    assert call(city, "POST", f"{base}/months", {"month": "2026-04-01"}).status_code == 409  # nothing is asked yet
    from anlan.campaigns.returns.shipped import texts

    template, checks = texts("2024-campaign")
    assert call(city, "POST", f"{base}/templates", {"template": template, "checks": checks}).status_code == 201
    assert call(city, "POST", f"{base}/templates", {"template": "x", "checks": ""}).status_code == 422
    unit = {"unit": str(month.units["county"].pk), "filler": "district", "from_month": "2026-04-01"}
    assert call(city, "PUT", f"{base}/participants", unit).json()["name"] == "county单位"
    many = {"units": [str(month.units["department"].pk)], "from_month": "2026-04-01"}
    assert call(city, "POST", f"{base}/participants/many", many).json() == {"enrolled": 1}
    assert call(city, "POST", f"{base}/months", {"month": "2026-04-01"}).json() == {"opened": 2}
    assert [one["expected"] for one in call(city, "GET", f"{base}/months").json()["items"]] == [2]
    assert len(call(city, "GET", f"{base}/templates").json()["items"]) == 1
    assert {one["name"] for one in call(city, "GET", f"{base}/participants").json()["items"]} == {
        "county单位",
        "department单位",
    }
    county = program(month, "county")
    for method, path, data in (
        ("POST", "months", {"month": "2026-04-01"}),
        ("PUT", "participants", unit),
        ("POST", "participants/many", many),
        ("POST", "templates", {"template": template, "checks": checks}),
    ):
        assert call(county, method, f"{base}/{path}", data).status_code == 403, path


def test_leaders_by_program(month: Month) -> None:
    county = program(month, "county")
    path = f"campaigns/{month.campaign.pk}/leaders"
    found = call(county, "GET", path).json()["items"]
    assert {one["region"] for one in found} == {COUNTY}
    data = {
        "kind": "visit",
        "on": "2026-05-05",
        "people": [found[0]["key"]],
        "topic": "查看化工园安全",
        "place": "城西化工园",
    }
    made = call(county, "POST", f"{path}/acts", data)
    assert made.status_code == 201, made.content
    visit = next(one for one in call(county, "GET", path).json()["items"][0]["duties"] if one["duty"] == "visit")
    assert (visit["done"], visit["standing"]) == (1, "done")
    key = made.json()["id"]
    assert (
        call(program(month, "neighbour"), "POST", f"leader-acts/{key}/withdraw", {"reason": "写错了人"}).status_code
        == 404
    )
    assert call(program(month, "neighbour"), "GET", f"{path}?region={COUNTY}").status_code == 404
    assert call(county, "POST", f"leader-acts/{key}/withdraw", {"reason": "写错了人"}).json()["withdrawn"] is True
    with scope.acting(SYSTEM):
        assert LeaderAct.objects.get(pk=key).withdrawn_at
    office = browser(month, "county")
    assert office.get(f"/campaigns/leaders/acts/{key}/").status_code == 200
    assert (
        office.get(
            f"/campaigns/leaders/deeds/?campaign={month.campaign.pk}&leader={found[0]['key']}&duty=visit"
        ).status_code
        == 200
    )
    assert office.get(f"/campaigns/{month.campaign.pk}/leaders/").status_code == 200
    assert browser(month, "department").get(f"/campaigns/{month.campaign.pk}/leaders/").status_code == 403


def test_the_office_of_a_unit_is_proposed_once(month: Month) -> None:
    """A division with an office and a government has one return; its other bodies are below it."""
    with scope.acting(SYSTEM):
        Organisation.objects.create(id=new_id(), name="尧都区人民政府", kind="government", region=COUNTY)
        Organisation.objects.create(id=new_id(), name="尧都区应急局", kind="department", region=COUNTY, industries=1)
        Organisation.objects.create(id=new_id(), name="市委办公室", kind="department", region=CITY, industries=0)
    with scope.acting(month.actors["city"]):
        found = setup.proposals(month.campaign)
    assert [one.unit.name for one in found["district"]] == ["county单位", "neighbour单位"]
    assert "市委办公室" not in {one.unit.name for one in found["system"]}
    assert {"尧都区人民政府", "尧都区应急局"} <= {
        one.unit.name for one in found["unit"] if one.reviewer and one.reviewer.name == "county单位"
    }
