"""The pages of self-checks: what is due, the sheet of one check, the record, the list of who is behind, the archive."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from anlan.hazards.models import Hazard
from anlan.inspections import beside
from anlan.inspections.models import SelfCheck
from anlan.inspections.self_check_duty import settle
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from tests.factories import City
from tests.inspections.self_checks import DAY, MONDAY, at, checks, do, found, make_control, make_point, plan
from tests.sessions import SignedIn, signed_in

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture(autouse=True)
def categories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Known whether or not the hazards room tells them already."""
    from anlan.hazards.categories import categories as known
    from anlan.hazards.categories import category_name

    monkeypatch.setattr(beside, "_categories", [lambda: {code: category_name(code) for code in known()}])


def url(city: City, day: Any, cycle: str = "daily") -> str:
    return f"/self-checks/of/{city.enterprise.pk}/{cycle}/{day}/"


def typed(client: Client, address: str, **values: Any) -> dict[str, Any]:
    """The form as it is shown, with the hidden id of the check."""
    sheet = client.get(address).context["sheet"]
    return {"check": str(sheet.pk)} | {f"value_{line.key}": "yes" for line in sheet.lines} | values


def test_the_own_page_says_what_is_due(city: City, signed_in: SignedIn) -> None:
    plan(city)
    make_control(make_point(city.enterprise), "护罩完好", "daily")
    with at(MONDAY + DAY):
        settle()
        client = signed_in("safety_manager")
        page = client.get("/self-checks/")
        assert [(one["state"]["code"], one["url"]) for one in page.context["due"]] == [
            ("due", url(city, MONDAY + DAY)), ("open_late", url(city, MONDAY)),
        ]  # fmt: skip
        bench = client.get("/").context["links"]
        assert [one["url"] for one in bench] == [url(city, MONDAY + DAY), url(city, MONDAY)]
        assert signed_in("n_principal").get("/self-checks/").context["due"] == []


def test_nothing_found_in_one_post(city: City, signed_in: SignedIn) -> None:
    plan(city)
    control = make_control(make_point(city.enterprise), "护罩完好", "daily")
    with at(MONDAY):
        client = signed_in("safety_manager")
        sent = typed(client, url(city, MONDAY), **{f"remark_{control.pk}": "已紧固"})
        answer = client.post(url(city, MONDAY), sent, follow=True)
        assert "nothing found" in answer.content.decode()
        (check,) = checks()
        assert (check.nothing_found, check.answers[0]["control"], check.answers[0]["remark"]) == (
            True,
            str(control.pk),
            "已紧固",
        )
        assert client.get(f"/self-checks/{check.pk}/").status_code == 200


def test_every_item_is_answered_and_what_was_typed_stays(city: City, signed_in: SignedIn) -> None:
    plan(city)
    first, second = (make_control(make_point(city.enterprise, name), name, "daily") for name in ("甲", "乙"))
    with at(MONDAY):
        client = signed_in("safety_manager")
        sent = typed(client, url(city, MONDAY))
        del sent[f"value_{second.pk}"]
        answer = client.post(url(city, MONDAY), sent | {f"remark_{first.pk}": "留着"})
        assert answer.status_code == 422
        lines = {line.key: line for line in answer.context["sheet"].lines}
        assert "value" in lines[str(second.pk)].errors
        assert not lines[str(first.pk)].errors
        assert "留着" in answer.content.decode()
    assert checks() == []


def test_a_no_asks_for_its_finding_and_becomes_a_hazard(city: City, signed_in: SignedIn) -> None:
    plan(city)
    control = make_control(make_point(city.enterprise), "护罩完好", "daily")
    key = str(control.pk)
    with at(MONDAY):
        client = signed_in("safety_manager")
        sent = typed(client, url(city, MONDAY)) | {
            f"value_{key}": "no",
            f"place_{key}": "一车间",
            f"category_{key}": "guarding",
        }
        answer = client.post(url(city, MONDAY), sent)
        assert answer.status_code == 422
        assert set(answer.context["sheet"].lines[0].errors) == {"description", "photos"}
        with scope.acting(city.safety_manager):
            photo = city.photo(city.safety_manager)
        sent |= {f"description_{key}": "右侧防护罩松动脱落。", f"photos_{key}": [str(photo)]}
        assert client.post(url(city, MONDAY), sent).status_code == 302
        (check,) = checks()
        page = client.get(f"/self-checks/{check.pk}/").content.decode()
    with scope.acting(SYSTEM):
        hazard = Hazard.objects.get()
    assert hazard.number in page
    assert f"/hazards/{hazard.pk}/" in page
    with at(MONDAY):
        again = client.post(url(city, MONDAY), sent)
        assert again.status_code == 422, "the same sheet sent twice is not two findings"
    assert len(checks()) == 1


def test_late_asks_why_and_a_missed_one_takes_a_reason(city: City, signed_in: SignedIn) -> None:
    plan(city)
    with at(MONDAY + 8 * DAY):
        client = signed_in("safety_manager")
        settle()
        friday = MONDAY + 4 * DAY
        sent = typed(client, url(city, friday))
        answer = client.post(url(city, friday), sent)
        assert (answer.status_code, "excuse" in answer.context["sheet"].field_errors) == (422, True)
        assert client.post(url(city, friday), sent | {"excuse": "停电"}).status_code == 302
        too_late = client.post(url(city, MONDAY), typed(client, url(city, MONDAY)) | {"excuse": "停电"})
        assert too_late.status_code == 422
        missed = next(one for one in checks() if one.period == MONDAY)
        assert client.post(f"/self-checks/{missed.pk}/excuse/", {"excuse": ""}).status_code == 422
        assert client.post(f"/self-checks/{missed.pk}/excuse/", {"excuse": "全厂停产"}).status_code == 302
        assert signed_in("regulator").post(f"/self-checks/{missed.pk}/excuse/", {"excuse": "替他说"}).status_code == 403
    assert next(one for one in checks() if one.period == MONDAY).excuse == "全厂停产"
    assert {one.period: one.state for one in checks()}[friday] == "late"


def test_cycles_begin_and_end_on_pages(city: City, signed_in: SignedIn) -> None:
    principal = signed_in("principal")
    with at(MONDAY):
        page = principal.get("/self-checks/")
        assert len(page.context["may_begin"]) == 3
        begin = f"/self-checks/of/{city.enterprise.pk}/begin/weekly/"
        assert principal.post(begin, {"begins_on": str(MONDAY - DAY)}).status_code == 422
        assert principal.post(begin, {"begins_on": str(MONDAY), "holder_name": "李某"}).status_code == 302
        assert principal.post(begin, {"begins_on": str(MONDAY)}).status_code == 422, "it runs already"
        page = principal.get("/self-checks/")
        end = page.context["plans"][0]["end_url"]
        assert signed_in("safety_manager").get("/self-checks/").context["plans"][0]["end_url"] == ""
        assert signed_in("safety_manager").post(end, {"ends_on": str(MONDAY), "reason": "停产"}).status_code == 403
        assert principal.post(end, {"ends_on": str(MONDAY), "reason": "停产检修"}).status_code == 302


@pytest.mark.parametrize(
    "path", ["/daily/2026-13-01/", "/daily/today/", "/yearly/2026-11-16/", "/weekly/2026-11-17/", "/daily/1999-01-01/"]
)
def test_addresses_that_are_no_period(city: City, signed_in: SignedIn, path: str) -> None:
    plan(city)
    assert signed_in("principal").get(f"/self-checks/of/{city.enterprise.pk}{path}").status_code == 404


def test_regulators_see_who_is_behind_and_neighbours_do_not(city: City, signed_in: SignedIn) -> None:
    plan(city)
    plan(city, actor=city.n_principal, enterprise=city.n_enterprise.pk)
    with at(MONDAY + 7 * DAY):
        settle()
        check = next(one for one in checks() if one.enterprise_id == city.enterprise.pk)
        mine = signed_in("regulator")
        table = mine.get("/self-checks/").context["table"]
        assert [(row["cells"]["name"], row["cells"]["missed"]) for row in table["rows"]] == [(city.enterprise.name, 5)]
        assert mine.get("/self-checks/?month=2026-10").context["table"]["rows"] == []
        assert mine.get("/self-checks/?month=nonsense&cycle=x&region=9&after=zz").status_code == 200
        assert mine.get(f"/self-checks/of/{check.enterprise_id}/").status_code == 200
        assert mine.get(url(city, MONDAY)).status_code == 403
    for name in ("n_regulator", "n_principal", "other_field"):
        other = signed_in(name)
        for path in ("", "export/", "archive/"):
            assert other.get(f"/self-checks/of/{city.enterprise.pk}/{path}").status_code == 404, (name, path)
        assert other.get(f"/self-checks/{check.pk}/").status_code == 404
    assert signed_in("citizen").get("/self-checks/").status_code == 403


def test_the_archive_holds_every_check_and_its_photos(city: City, signed_in: SignedIn) -> None:
    plan(city)
    with at(MONDAY):
        with scope.acting(city.safety_manager):
            one, two = city.photo(city.safety_manager), city.photo(city.safety_manager)
        do(city, MONDAY, nothing_found=False, findings=[found([one])], photos=[str(two)])
    with at(MONDAY + 3 * DAY):
        settle()
        client = signed_in("principal")
        book = b"".join(client.get(f"/self-checks/of/{city.enterprise.pk}/export/"))
        packed = b"".join(client.get(f"/self-checks/of/{city.enterprise.pk}/archive/?month=2026-11"))
        empty = b"".join(client.get(f"/self-checks/of/{city.enterprise.pk}/archive/?month=2026-01"))
    rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + 3
    assert any("传动部位缺少防护罩" in str(cell) for cell in rows[1])
    names = zipfile.ZipFile(BytesIO(packed)).namelist()
    assert len([name for name in names if name.startswith(f"photos/{MONDAY}-daily/")]) == 2
    assert "self-checks.xlsx" in names
    assert zipfile.ZipFile(BytesIO(empty)).namelist() == ["self-checks.xlsx"]


def test_the_month_shows_each_day(city: City, signed_in: SignedIn) -> None:
    plan(city)
    with at(MONDAY):
        do(city, MONDAY)
    with at(MONDAY + 4 * DAY):
        settle()
        month = signed_in("principal").get("/self-checks/").context["month"]
    days = {one["number"]: one["state"] for week in month["weeks"] for one in week if one}
    assert [days[number] for number in (13, 16, 17, 18, 19, 20, 21, 23)] == [
        "free", "done", "open_late", "open_late", "open_late", "due", "free", "ahead",
    ]  # fmt: skip
    with scope.acting(SYSTEM):
        assert SelfCheck.objects.filter(state="missed").count() == 3
