"""What officials can do on the reports' pages, and what they never find there."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from anlan.identity.models import Organisation, Person, Post
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.reports.models import Hold, Report, SealOpening
from tests.factories import NEIGHBOUR_TOWN, TOWN
from tests.reports.conftest import NAME, PHONE, Town

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def enter(actor: Actor, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(
        Person.objects.get(pk=actor.person), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    client.cookies["anlan_language"] = language
    return client


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code)
    text: str = answer.content.decode()
    return text


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, data)


def test_from_the_desk_to_the_answer_by_the_pages_alone(town: Town) -> None:
    report = town.send(photos=[town.photo(town.reporter)], category="")
    base = f"/reports/{report.pk}/"
    desk, unit, office = enter(town.city.dispatcher), enter(town.regulator), enter(town.city.office)
    assert report.number in page(desk, "/reports/?mine=1")
    form = desk.get(f"{base}steps/screen/").context["form"]
    assert (form["public"].initial, form["public_words"].initial) == ("true", report.words)
    kinds = [code for code, _words in form["category"].field.widget.choices]
    assert "fire_exit" in kinds
    assert "fire_escape" not in kinds, "a kind of report is no kind of hazard"
    with scope.acting(town.city.dispatcher):
        photo = report.photos.get().pk
    screened = {"category": "fire_exit", "industry": "gongmao", "region": str(TOWN), "public_words": "安全出口上锁。",
                "public_place": "解放路街道", "public": "true", "shown": [str(photo)], "version": "1"}  # fmt: skip
    assert post(desk, f"{base}steps/screen/", **screened).status_code == 302
    assert "安全出口上锁。" in page(desk, base)
    assert page(unit, base, 404)
    asked = desk.get(f"{base}steps/dispatch/").content.decode()
    assert "消防救援大队" in asked
    assert post(desk, f"{base}steps/dispatch/", unit=str(town.unit.pk), version="2").status_code == 302
    form = unit.get(f"{base}steps/verify/").context["form"]
    assert (form["hazard_category"].initial, form["industry"].initial) == ("fire_escape", "gongmao")
    found = {"words": "现场查看，安全出口确实上锁。", "on": str(town.city.day(0)), "place": "3号楼", "industry": "gongmao",
             "hazard_category": "fire_escape", "version": "3"}  # fmt: skip
    assert post(unit, f"{base}steps/verify/", **found).status_code == 302
    hazard = town.fresh(report)
    assert f"/hazards/{hazard.hazard_id}/" in page(unit, base)
    assert f"/hazards/{hazard.hazard_id}/" not in page(desk, base), "the desk has no business with hazards"
    assert hazard.hazard_number in page(desk, base)
    assert f"/reports/{report.pk}/" in page(unit, f"/hazards/{hazard.hazard_id}/")
    city = town.city
    city.do(city.regulator, hazard.hazard_id, "dismiss", reason="经复核不构成隐患。")  # type: ignore[arg-type]
    assert report.number in page(office, "/reports/?mine=1")
    review = office.get(f"{base}steps/review/")
    assert "现场查看，安全出口确实上锁。" in review.content.decode()
    assert (
        post(
            office, f"{base}steps/review/", answer="经核查已处理，谢谢。", version=str(town.fresh(report).version)
        ).status_code
        == 302
    )
    assert town.fresh(report).state == "reviewed"


def test_a_wrong_input_is_said_at_its_field_and_kept(town: Town) -> None:
    report = town.dispatched()
    answer = post(
        enter(town.regulator), f"/reports/{report.pk}/steps/unfounded/", reason="短", words="看过了，没有问题。"
    )
    assert answer.status_code == 422
    assert {"reason", "photos"} <= set(answer.context["form"].errors)
    assert answer.context["form"]["words"].value() == "看过了，没有问题。"
    assert town.fresh(report).state == "dispatched"


def test_the_record_shows_who_returned_it_and_why(town: Town) -> None:
    report = town.returned()
    text = page(enter(town.city.dispatcher), f"/reports/{report.pk}/")
    assert "不属于本单位职责。" in text
    assert "消防救援大队" in text
    assert "核查员" in text
    assert town.other_unit.name not in text


@pytest.mark.parametrize(
    "state", ["submitted", "screened", "dispatched", "returned", "verified", "handled", "answered"]
)
def test_no_page_of_an_official_names_the_reporter(town: Town, state: str) -> None:
    report = town.in_state(state)
    for actor in (
        town.city.dispatcher,
        town.city.office,
        town.regulator,
        town.city.leader,
        town.city.auditor,
        town.city.finance,
    ):
        client = enter(actor)
        for url in ("/", "/reports/", f"/reports/{report.pk}/"):
            text = client.get(url).content.decode()
            assert not [one for one in (NAME, PHONE, str(town.reporter.person)) if one in text], (actor.role, url)
        for words in (NAME, PHONE, str(town.reporter.person)):
            assert client.get(f"/reports/?q={words}").context["table"]["rows"] == []


def test_the_seal_is_opened_by_the_named_posts_with_a_reason_and_shown_once(town: Town) -> None:
    report = town.dispatched()
    url = f"/reports/{report.pk}/seal/"
    for actor in (town.regulator, town.city.dispatcher):
        assert page(enter(actor), url, 403)
        assert post(enter(actor), url, reason="想知道是谁举报").status_code == 403
    office = enter(town.city.office)
    assert post(office, url, reason="短").status_code == 422
    with scope.acting(SYSTEM):
        assert not SealOpening.objects.exists()
    opened = post(office, url, reason="需联系上报人核实位置。")
    text = opened.content.decode()
    assert (NAME in text, PHONE in text, opened["Cache-Control"]) == (True, True, "no-store")
    record = page(office, f"/reports/{report.pk}/")
    assert "需联系上报人核实位置。" in record
    assert NAME not in record
    assert NAME not in page(office, url)


def test_the_list_narrows_by_its_address_and_exports_exactly_that(town: Town) -> None:
    late, sent = town.send(words="燃气味很重，快来人。"), town.dispatched()
    client = enter(town.city.dispatcher)

    def numbers(query: str) -> set[str]:
        rows = client.get(f"/reports/?{query}").context["table"]["rows"]
        return {row["cells"]["number"] for row in rows}

    assert numbers("") == {late.number, sent.number}
    assert (
        numbers("state=dispatched") == numbers(f"unit={town.unit.pk}") == numbers("state=open&q=纸箱") == {sent.number}
    )
    assert numbers("mine=1") == numbers("state=unsent") == numbers("urgent=1") == {late.number}
    assert numbers(f"region={NEIGHBOUR_TOWN}") == numbers("late=1") == numbers("outcome=verified") == set()
    assert numbers("state=nonsense&unit=x&region=y&from=z") == {late.number, sent.number}
    book = client.get("/reports/export/?state=dispatched")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(book.streaming_content))).get_sheet_by_index(0).to_python()
    told = str(rows)
    assert sent.number in told
    assert late.number not in told
    assert NAME not in told


def test_pages_of_a_list_neither_lose_nor_repeat_a_row(town: Town) -> None:
    made = {town.submitted().number for _number in range(7)}
    from anlan.reports.queries import reports
    from anlan.reports.queries.office import read_filters, walk

    with scope.acting(town.city.office):
        portions = [[row.number for row in rows] for rows in walk(town.city.office, read_filters({}), most=100, step=3)]
        assert [len(one) for one in portions] == [3, 3, 1]
        assert {number for one in portions for number in one} == made
        first = reports(town.city.office, limit=3)
        second = reports(town.city.office, after=first.after, limit=3)
        back = reports(town.city.office, before=second.before, limit=3)
        assert [row.pk for row in back.rows] == [row.pk for row in first.rows]


def test_the_public_version_stands_beside_the_original(town: Town) -> None:
    report = town.submitted()
    assert "Nobody looked at it yet" in page(enter(town.city.dispatcher), f"/reports/{report.pk}/")
    town.do(town.city.dispatcher, report, "screen", category="fire_exit", public_words="出口上锁。", public=False)
    text = page(enter(town.city.office), f"/reports/{report.pk}/")
    assert "It is kept from the plaza." in text
    assert "出口上锁。" in text
    assert report.words in text


def test_what_is_put_aside_is_the_desks_business(town: Town) -> None:
    report = town.dispatched()
    with scope.acting(SYSTEM):
        Hold.objects.create(report_id=report.pk, engine="words", label="某词", at=report.state_since)
    assert "某词" in page(enter(town.city.office), f"/reports/{report.pk}/")
    assert "某词" not in page(enter(town.regulator), f"/reports/{report.pk}/")


def test_pickers_offer_what_fits_and_only_what_is_in_sight(town: Town) -> None:
    report = town.send(lon="111.518976", lat="36.088005")
    alike = town.send(lon="111.518980", lat="36.088001")
    town.send(region=NEIGHBOUR_TOWN)
    client = enter(town.city.dispatcher)
    units = page(client, f"/reports/pick/unit/?name=unit&report={report.pk}")
    assert town.unit.name in units
    assert town.n_unit.name not in units
    assert town.n_unit.name not in page(client, "/reports/pick/unit/?name=unit&unit_words=邻县")
    found = page(client, f"/reports/pick/report/?name=of&besides={report.pk}")
    assert alike.number in found
    assert report.number not in found
    assert "m away" in found
    assert page(client, "/reports/pick/nothing/?name=of", 404)
    with scope.acting(SYSTEM):
        Organisation.objects.filter(pk=town.unit.pk).update(active=False)
    assert town.unit.name not in page(client, f"/reports/pick/unit/?name=unit&report={report.pk}")


def test_the_workbench_says_what_waits(town: Town) -> None:
    submitted, dispatched, handled = town.send(words="燃气味很重，快来人。"), town.dispatched(), town.handled()
    desk = page(enter(town.city.dispatcher), "/")
    assert f"/reports/{submitted.pk}/steps/screen/" in desk
    assert "燃气味" in desk
    assert f"/reports/{dispatched.pk}/" not in desk
    assert f"/reports/{dispatched.pk}/steps/verify/" in page(enter(town.regulator), "/")
    assert f"/reports/{dispatched.pk}/steps/verify/" in page(enter(town.inspector), "/")
    assert f"/reports/{dispatched.pk}/" not in page(enter(town.other_inspector), "/")
    assert f"/reports/{handled.pk}/steps/review/" in page(enter(town.city.office), "/")
    assert f"/reports/{handled.pk}/" not in page(enter(town.city.n_office), "/")


def test_an_enterprises_page_tells_officials_of_reports_about_it(town: Town) -> None:
    facts = {
        "words": "现场查看属实。",
        "on": town.city.day(0),
        "place": "一车间",
        "industry": "gongmao",
        "hazard_category": "site",
    }
    firm = town.city.enterprise
    report = town.do(town.regulator, town.dispatched(), "verify", enterprise=firm.pk, **facts)
    assert report.number in page(enter(town.regulator), f"/enterprises/{firm.pk}/")
    assert report.number not in page(enter(town.city.principal), f"/enterprises/{firm.pk}/")


@pytest.mark.parametrize(
    ("name", "status"),
    [("dispatcher", 200), ("office", 200), ("finance", 200), ("auditor", 200), ("regulator", 200), ("leader", 200),
     ("citizen", 403), ("principal", 403), ("system_admin", 403), ("security_admin", 403), ("audit_admin", 403)],
)  # fmt: skip
def test_who_opens_the_list(town: Town, name: str, status: int) -> None:
    assert page(enter(town.city.actors[name]), "/reports/", status) or status == 200


def test_the_cost_of_a_list_and_of_a_record_does_not_grow(town: Town, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = enter(town.city.office)

    def asked(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    town.dispatched()
    first = asked("/reports/"), asked("/")
    for _number in range(4):
        town.dispatched()
    assert (asked("/reports/"), asked("/")) == first


def test_strangers_and_posts_of_other_places_find_nothing(town: Town) -> None:
    report = town.submitted()
    for url in (
        "/reports/",
        f"/reports/{report.pk}/",
        f"/reports/{report.pk}/seal/",
        f"/reports/{report.pk}/steps/screen/",
    ):
        assert Client().get(url).headers["Location"].startswith("/sign-in/")
    for actor in (town.city.n_dispatcher, town.city.n_office, town.regulator):
        for url in (f"/reports/{report.pk}/", f"/reports/{report.pk}/steps/screen/", f"/reports/{report.pk}/seal/"):
            assert page(enter(actor), url, 404)
    assert Post.objects.count() == 0
    with scope.acting(SYSTEM):
        assert Report.objects.get(pk=report.pk).version == 1
