"""The desk's pages: the list, alerts, drafting from a record. Who may open them, and what they do."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from anlan.enforcement.models import Case, Instrument
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from tests.enforcement.conftest import Bench
from tests.factories import City
from tests.sessions import SignedIn

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
PAGES = ("/instruments/", "/instruments/alerts/", "/instruments/templates/", "/instruments/templates/warning_letter/")


@pytest.fixture
def city(bench: Bench) -> City:
    return bench.city


def newest() -> Instrument:
    with scope.acting(SYSTEM):
        return Instrument.objects.order_by("-created_at", "-id")[0]


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_to_the_issuing_side(signed_in: SignedIn, path: str) -> None:
    for name in ("office", "regulator", "inspector", "leader", "auditor", "city_office"):
        assert signed_in(name).get(path).status_code == 200, name
    for name in ("citizen", "finance", "dispatcher"):
        assert signed_in(name).get(path).status_code == 403, name
    assert signed_in("principal").get(path).status_code == (200 if path == "/instruments/" else 403)
    assert Client().get(path).status_code == 302


def test_an_enterprise_lists_what_it_was_served_and_no_draft(bench: Bench, signed_in: SignedIn) -> None:
    draft, served = bench.draft(kind="interview_notice"), bench.served()
    page = signed_in("principal").get("/instruments/").content.decode()
    assert (served.number in page, str(draft.pk) in page, "New instrument" in page) == (True, False, False)
    assert served.number not in signed_in("n_principal").get("/instruments/").content.decode()


def test_the_list_is_narrowed_by_kind_and_state_and_exported_alike(bench: Bench, signed_in: SignedIn) -> None:
    bench.draft(kind="interview_notice")
    bench.reviewed()
    client = signed_in("regulator")
    page = client.get("/instruments/?kind=interview_notice").content.decode()
    assert "1 instrument" in page
    assert "2 instruments" in client.get("/instruments/").content.decode()
    sent = client.get("/instruments/export/?state=reviewed")
    rows = list(load_workbook(BytesIO(b"".join(sent.streaming_content))).active.values)  # type: ignore[union-attr]
    assert [row[2] for row in rows if row[2] == "Warning letter"] == ["Warning letter"]
    assert not [row for row in rows if row[2] == "Interview notice"]


def test_drafting_asks_for_the_kind_then_for_the_addressee(bench: Bench, signed_in: SignedIn) -> None:
    client = signed_in("inspector")
    kinds = client.get("/instruments/new/").content.decode()
    assert "kind=rectification_order" in kinds
    assert "kind=site_record" not in kinds, "it is written by the visit"
    address = client.get("/instruments/new/?kind=warning_letter")
    assert b"enterprise_words" in address.content
    assert client.get("/instruments/new/?kind=site_record").status_code == 404
    for name in ("auditor", "leader", "principal"):
        assert signed_in(name).get("/instruments/new/").status_code == 403, name


def test_a_hazard_s_page_offers_an_order_that_comes_filled(bench: Bench, signed_in: SignedIn) -> None:
    hazard = bench.city.rectifying()
    client = signed_in("inspector")
    assert (
        f"source=hazard&amp;id={hazard.pk}&amp;kind=rectification_order"
        in client.get(f"/hazards/{hazard.pk}/").content.decode()
    )
    assert "kind=rectification_order" not in signed_in("principal").get(f"/hazards/{hazard.pk}/").content.decode()
    address = f"/instruments/new/?source=hazard&id={hazard.pk}&kind=rectification_order"
    page = client.get(address)
    assert hazard.description in page.content.decode()
    sent: dict[str, Any] = _filled(page)
    done = client.post(address, sent)
    made = newest()
    assert done.status_code == 302, done.content.decode()
    assert (made.kind, made.source_type, made.source_id, made.enterprise_id) == (
        "rectification_order", "hazard", hazard.pk, bench.city.enterprise.pk,
    )  # fmt: skip
    assert made.fields["problems"][0]["text"].endswith(hazard.description)
    assert made.number == ""
    again = client.get(f"/hazards/{hazard.pk}/").content.decode()
    assert f"/instruments/{made.pk}/" in again


def _filled(page: Any) -> dict[str, Any]:
    """What a browser would send of the form as it came."""
    form = page.context["form"]
    sent: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if isinstance(value, list):
            for place, row in enumerate(value):
                sent |= {f"{name}.{place}.{code}": one for code, one in row.items()}
        elif value not in (None, ""):
            sent[name] = value
    return sent


def test_what_is_wrong_stands_at_its_field_and_nothing_is_drafted(bench: Bench, signed_in: SignedIn) -> None:
    address = f"/instruments/new/?kind=warning_letter&enterprise={bench.city.enterprise.pk}"
    answer = signed_in("inspector").post(address, {"risk": "粉尘爆炸", "due": "2026-99-99"})
    assert answer.status_code == 422
    assert "粉尘爆炸" in answer.content.decode()
    with scope.acting(SYSTEM):
        assert not Instrument.objects.exists()


def test_a_penalty_notice_without_a_case_files_one_with_it(bench: Bench, signed_in: SignedIn) -> None:
    hazard = bench.city.rectifying()
    address = f"/instruments/new/?source=hazard&id={hazard.pk}&kind=penalty_notice"
    client = signed_in("inspector")
    sent = _filled(client.get(address)) | {"penalty": "罚款人民币贰万元", "contact": "0357-1234567"}
    nobody = client.post(address, sent | {"officers.0.name": "某人", "officers.0.certificate": "无"})
    assert nobody.status_code == 422, "officers without certificates file no case"
    officers = {
        f"officers.{place}.{key}": one for place, row in enumerate(bench.officers) for key, one in row.items()
    }  # fmt: skip
    assert client.post(address, sent | officers).status_code == 302
    made = newest()
    with scope.acting(SYSTEM):
        case = Case.objects.get(pk=made.case_id)
    assert (case.enterprise_id, case.source_id, made.kind) == (bench.city.enterprise.pk, hazard.pk, "penalty_notice")


def test_another_county_s_hazard_drafts_nothing_here(bench: Bench, signed_in: SignedIn) -> None:
    hazard = bench.city.rectifying()
    for query in (
        f"source=hazard&id={hazard.pk}&kind=warning_letter",
        f"kind=warning_letter&enterprise={bench.city.enterprise.pk}",
    ):
        assert signed_in("n_inspector").get(f"/instruments/new/?{query}").status_code == 404


def test_an_alert_shows_its_rows_and_drafts_with_its_words(bench: Bench, signed_in: SignedIn) -> None:
    first, second = bench.city.closed(grade="major"), bench.city.dispatched(grade="major")
    client = signed_in("inspector")
    page = client.get("/instruments/alerts/").content.decode()
    assert first.number in page
    assert second.number in page
    assert "2 times in 365 days" in page
    address = f"/instruments/new/?alert=repeat&enterprise={bench.city.enterprise.pk}&kind=interview_notice"
    assert address.replace("&", "&amp;") in page
    draft = client.get(address).content.decode()
    assert "同一条款的重大事故隐患出现2次" in draft
    assert "2 times in 365 days" not in signed_in("n_inspector").get("/instruments/alerts/").content.decode()
    on_enterprise = client.get(f"/enterprises/{bench.city.enterprise.pk}/").content.decode()
    assert "2 times in 365 days" in on_enterprise
    own = signed_in("principal").get(f"/enterprises/{bench.city.enterprise.pk}/").content.decode()
    assert "2 times in 365 days" not in own, "an enterprise is told by instruments, not by alerts"


def test_a_workbench_shows_what_waits_for_its_post_alone(bench: Bench, signed_in: SignedIn) -> None:
    draft = bench.draft(actor=bench.city.regulator)
    step = f"/instruments/{draft.pk}/steps/review/"
    assert step in signed_in("regulator2").get("/").content.decode()
    assert step not in signed_in("regulator").get("/").content.decode(), "whoever drafted it does not review it"
    assert step not in signed_in("n_regulator").get("/").content.decode()
    served = bench.served(kind="interview_minutes", after=bench.served(kind="interview_notice").pk)
    answer = f"/instruments/{served.pk}/steps/answer/"
    assert answer in signed_in("principal").get("/").content.decode()
    assert answer not in signed_in("n_principal").get("/").content.decode()


def test_the_office_s_workbench_leads_to_its_alerts(bench: Bench, signed_in: SignedIn) -> None:
    link = "/instruments/alerts/"
    assert link not in signed_in("office").get("/").content.decode()
    bench.city.closed(grade="major")
    bench.city.dispatched(grade="major")
    assert link in signed_in("office").get("/").content.decode()
    assert link not in signed_in("n_office").get("/").content.decode()
