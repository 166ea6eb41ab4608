"""The desk can do the whole visit: plan, assign, answer, find, record, sign, and take the record along."""

import dataclasses
import json
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from anlan.files.models import File
from anlan.inspections.documents.facts import site_record
from anlan.inspections.models import Answer, Finding, Visit
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.registry.models import Enterprise
from tests.factories import DRAWING
from tests.inspections.conftest import Field
from tests.sessions import SignedIn, signed_in

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def sent(client: Client, url: str, data: dict[str, Any]) -> Any:
    return client.post(url, {key: value for key, value in data.items() if value is not None})


def only(city: Field) -> Visit:
    with scope.acting(SYSTEM):
        return Visit.objects.latest("id")


def test_who_visits_elsewhere_that_day_is_told_apart(city: Field, signed_in: SignedIn) -> None:
    first = city.plan(style="unannounced")
    city.do(city.regulator, first, "assign", **city.pair())
    second = city.plan(style="unannounced", kind="supervision", apart="督导另行安排")
    words = "has another visit that day"
    for visit, busy in ((second, True), (first, False)):
        shown = signed_in("regulator").get(f"/visits/{visit.pk}/steps/join/")
        assert shown.status_code == 200
        assert (words in shown.content.decode()) is busy


def test_a_whole_visit_at_the_desk(city: Field, signed_in: SignedIn) -> None:
    desk = signed_in("regulator")
    assert desk.get("/visits/plan/").status_code == 200
    plan = city.plan_data(style="notified", reason="plan")
    refused = sent(desk, "/visits/plan/", plan | {"planned_on": "2020-01-01"})
    assert refused.status_code == 422
    assert "lies in the past" in refused.content.decode()
    assert sent(desk, "/visits/plan/", plan).status_code == 302
    visit = only(city)
    base = f"/visits/{visit.pk}/"
    form = desk.get(f"{base}steps/assign/").content.decode()
    assert "certificate 1410000000" in form
    assert sent(desk, f"{base}steps/assign/", city.pair() | {"version": visit.version}).status_code == 302
    assert sent(desk, f"{base}steps/notify/", {"words": "请准备台账", "version": visit.version + 1}).status_code == 302
    officer = signed_in("inspector")
    assert sent(officer, f"{base}steps/arrive/", {"version": visit.version + 2}).status_code == 302
    page = officer.get(base).content.decode()
    assert "传动部位有防护罩" in page
    assert "涉氨制冷" not in page, "it does not apply"
    row = officer.post(
        f"{base}answer/", {"item": city.items[2].pk, "value": "no", "remark": "三台"}, headers={"hx-request": "true"}
    )
    assert row.status_code == 200
    assert f"add_finding/?item={city.items[2].pk}" in row.content.decode()
    refused_row = officer.post(
        f"{base}answer/", {"item": city.items[2].pk, "value": "maybe"}, headers={"hx-request": "true"}
    )
    assert refused_row.status_code == 422
    assert officer.post(f"{base}answer/", {"item": city.items[0].pk, "value": "yes"}).status_code == 302
    shown = officer.get(f"{base}steps/add_finding/?item={city.items[1].pk}").content.decode()
    assert str(city.clause.pk) in shown, "the item proposes its clause"
    with scope.acting(city.inspector):
        photo = city.photo(city.inspector)
    found = {"item": city.items[2].pk, "place": "三号机", "category": "equipment", "description": "护罩缺失，可触及。", "photos": photo,
             "major": "false"}  # fmt: skip
    assert sent(officer, f"{base}steps/add_finding/", found | {"photos": None}).status_code == 422
    assert sent(officer, f"{base}steps/add_finding/", found).status_code == 302
    assert (
        sent(officer, f"{base}steps/on_site/", {"kind": "training", "words": "讲解防护要求", "people": "3"}).status_code
        == 302
    )
    closing = officer.get(f"{base}record/").content.decode()
    key = closing.split('name="shown" value="')[1].split('"')[0]
    left = this_minute()
    assert f'value="{left[:13]}' in closing, "now, until one says another time"
    words = {
        "summary": "查看机加车间。",
        "met_name": "王某",
        "met_title": "厂长",
        "met_phone": "13800000000",
        "left_at": left,
    }
    assert sent(officer, f"{base}record/", words | {"shown": key, "left_at": ""}).status_code == 422
    assert sent(officer, f"{base}record/", words | {"shown": "x" * 64}).status_code == 409
    assert sent(officer, f"{base}record/", words | {"shown": key, "summary": ""}).status_code == 422
    assert sent(officer, f"{base}record/", words | {"shown": key}).status_code == 422, "an item was overlooked"
    assert sent(officer, f"{base}record/", words | {"shown": key, "partial": "yes"}).status_code == 302
    visit = only(city)
    assert visit.state == "recorded"
    page = officer.get(base).content.decode()
    with scope.acting(city.inspector):
        assert Finding.objects.get().hazard_number in page
        assert Answer.objects.count() == 2
    signing = officer.get(f"{base}sign/?party=officer&name={city.inspector.name}")
    assert visit.record_digest in signing.content.decode()
    same = {"digest": visit.record_digest, "drawing": DRAWING, "refused": "false"}
    for name in (city.inspector.name, city.inspector2.name):
        assert sent(officer, f"{base}sign/", same | {"party": "officer", "name": name}).status_code == 302
    assert sent(officer, f"{base}sign/", same | {"party": "officer", "name": "某某"}).status_code == 422
    owner = signed_in("principal")
    assert sent(owner, f"{base}sign/", same | {"party": "officer", "name": "principal 某"}).status_code == 422
    assert sent(owner, f"{base}sign/", same | {"party": "enterprise", "name": "principal 某"}).status_code == 302
    assert only(city).state == "filed"
    assert "Visit filed" in owner.get(base).content.decode().replace("visit filed", "Visit filed")


def this_minute() -> str:
    """As a field of a page has it."""
    return clock.now().astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def test_a_record_that_cannot_be_registered_says_where(city: Field, signed_in: SignedIn) -> None:
    visit = city.under_way()
    city.finding(visit, place="——")
    officer = signed_in("inspector")
    key = officer.get(f"/visits/{visit.pk}/record/").content.decode().split('name="shown" value="')[1].split('"')[0]
    closing = {"summary": "查看车间。", "met_name": "王某", "left_at": this_minute(), "shown": key}
    overlooked = sent(officer, f"/visits/{visit.pk}/record/", closing)
    assert overlooked.status_code == 422
    assert "items are not answered" in overlooked.content.decode()
    answer = sent(officer, f"/visits/{visit.pk}/record/", closing | {"partial": "yes"})
    assert answer.status_code == 422
    assert "——：Name the place" in answer.content.decode()


def test_many_visits_at_once_with_the_reason_at_each_row(city: Field, signed_in: SignedIn) -> None:
    other = city.other_enterprise()
    city.plan(), city.plan()
    desk = signed_in("regulator")
    codes = f"{city.enterprise.uscc}\n{other.uscc} 914100000000000000"
    found = sent(desk, "/visits/plan-many/", {"codes": codes, "find": "1"}).content.decode()
    assert city.enterprise.name in found
    assert other.name in found
    assert "914100000000000000" in found
    both = {"codes": codes, "enterprises": [city.enterprise.pk, other.pk], "plan": "1", "kind": "administrative",
            "check": "county", "style": "notified", "reason": "plan", "planned_on": city.day(2), "organisation": city.department.pk}  # fmt: skip
    refused = sent(desk, "/visits/plan-many/", both)
    assert refused.status_code == 422
    assert "2 of 2 inspections" in refused.content.decode()
    with scope.acting(SYSTEM):
        assert Visit.objects.count() == 2, "all or none"
    assert sent(desk, "/visits/plan-many/", both | {"enterprises": [other.pk]}).status_code == 302
    assert desk.get("/visits/plan-many/?q=铸造").status_code == 200
    assert signed_in("principal").get("/visits/plan-many/").status_code == 403


@pytest.mark.parametrize("name", ["regulator", "office", "inspector", "expert", "leader", "auditor", "principal"])
def test_every_list_opens_empty_and_filled(city: Field, signed_in: SignedIn, name: str) -> None:
    client = signed_in(name)
    for url in ("/visits/", "/visits/calendar/", "/visits/board/"):
        assert client.get(url).status_code == 200, url
    visit = city.ready()
    city.plan(style="covert", kind="supervision")
    for url in ("/visits/", f"/visits/?q={visit.number}&state=open&kind=administrative", "/visits/?q=翠岭&late=1&from=bad&region=9",
                "/visits/calendar/?month=2026-02", "/visits/calendar/?mine=1", "/visits/board/?style=covert", "/"):  # fmt: skip
        assert client.get(url).status_code == 200, url
    assert visit.number in client.get("/visits/").content.decode()
    page = client.get(f"/visits/{visit.pk}/")
    assert page.status_code == 200
    assert city.inspector.name in page.content.decode()


def test_the_export_holds_what_is_filtered(city: Field, signed_in: SignedIn) -> None:
    from python_calamine import CalamineWorkbook

    visit = city.ready()
    city.plan(kind="supervision")
    book = signed_in("office").get("/visits/export/?kind=administrative")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(book.streaming_content))).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [visit.number]
    assert rows[1][3] == city.enterprise.uscc


def test_the_site_record_reads_back_from_word_and_pdf(city: Field, signed_in: SignedIn) -> None:
    from docx import Document
    from pypdf import PdfReader

    visit = city.under_way()
    city.answer(visit, city.items[2], "no", remark="<script>{{ 7*7 }}")
    found = city.finding(visit, item=city.items[2].pk, place="{% now %} & <b>三号机</b>")
    city.do(
        city.inspector, visit, "on_site", kind="stop_use", words="停用三号机", until=date(2026, 12, 1), finding=found
    )
    officer = signed_in("inspector")
    assert officer.get(f"/visits/{visit.pk}/record.docx").status_code == 404, "not before it is closed"
    visit = city.recorded(visit)
    city.sign_record(city.inspector, visit, "officer", city.inspector.name)
    city.sign_record(
        city.inspector,
        visit,
        "enterprise",
        "王某",
        refused=True,
        reason="负责人不认可",
        witnesses="社区 李某",
        drawing="",
    )
    word = officer.get(f"/visits/{visit.pk}/record.docx")
    document = Document(BytesIO(word.content))
    text = "\n".join(
        [
            *(one.text for one in document.paragraphs),
            *(cell.text for table in document.tables for row in table.rows for cell in row.cells),
        ]
    )
    paper = officer.get(f"/visits/{visit.pk}/record.pdf")
    assert paper.content.startswith(b"%PDF")
    assert len(PdfReader(BytesIO(paper.content)).pages) <= 4, "the items stand in a column one character wide"
    pdf = "\n".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    with scope.acting(city.regulator):
        finding = Finding.objects.get()
        number, proof = finding.hazard_number, File.objects.get(pk=finding.files[0]).sha256
    arrived, left = (
        one.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M") for one in (visit.arrived_at, visit.left_at)
    )
    for said in (visit.number, city.enterprise.name, city.enterprise.uscc, "王某", "1410000000", "1410000001", "三号机", number,
                 "负责人不认可", "社区 李某", visit.record_digest, f"{arrived} – {left}", "告知检查", "县级排查", "设备设施",
                 proof[:16], "2026-12-01", "停用三号机"):  # fmt: skip
        assert said in text, said
        assert said.replace(" ", "") in pdf.replace("\n", "").replace(" ", ""), said
    assert "{% now %} & <b>三号机</b>" in text, "text is text, never a template"
    assert "<script>{{ 7*7 }}" in text
    assert len(document.inline_shapes) == 2, "one drawing and the code"
    for name in ("n_inspector", "n_principal"):
        assert signed_in(name).get(f"/visits/{visit.pk}/record.docx").status_code == 404


def test_nothing_is_fetched_when_the_pdf_is_set(city: Field) -> None:
    from anlan.inspections.documents import pdf
    from anlan.inspections.documents.facts import SiteRecord

    hostile = '<img src="http://127.0.0.1:9/x.png"><style>@import "file:///etc/passwd"</style>'
    record = SiteRecord(title=hostile, number="JC-1", body=hostile, facts=[(hostile, hostile)], summary=hostile, findings=[hostile],
                        answers=[], measures=[], signatures=[], digest="d", size=0, code="ANLAN1")  # fmt: skip
    page = pdf.html(record)
    assert '<img src="http' not in page
    assert pdf.write(record).startswith(b"%PDF")


def test_the_signing_page_and_the_site_record_say_all_that_is_signed(city: Field, signed_in: SignedIn) -> None:
    """And from the signed bytes: a later word of somebody else appears in neither."""
    visit = city.under_way(basis="临安委〔2026〕9号")
    city.answer(visit, city.items[1], "na", remark="未使用煤气")
    found = city.finding(visit, place="三号机", clause=city.clause.pk)
    city.do(
        city.inspector, visit, "on_site", kind="stop_use", words="停用三号机", until=date(2026, 12, 1), finding=found
    )
    visit = city.recorded(visit)
    with scope.acting(SYSTEM):
        Enterprise.objects.filter(pk=city.enterprise.pk).update(name="改名后有限公司")
        proof = File.objects.get(pk=Finding.objects.get().files[0])
    page = (
        signed_in("inspector")
        .get(f"/visits/{visit.pk}/sign/?party=officer&name={city.inspector.name}")
        .content.decode()
    )
    with scope.acting(city.inspector), override("zh-hans"):
        record = site_record(visit)
    paper = json.dumps(dataclasses.asdict(record), ensure_ascii=False, default=str)
    arrived, left = (
        one.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M") for one in (visit.arrived_at, visit.left_at)
    )
    for said in (city.enterprise.name, visit.number, "临安委〔2026〕9号", f"{arrived} – {left}", "王某 厂长 13800000000", "未使用煤气",
                 "三号机", proof.sha256[:16], "停用三号机", "2026-12-01", city.inspector2.name, "1410000001"):  # fmt: skip
        assert said in page, said
        assert said in paper, said
    assert f"/files/{proof.pk}/thumb/" in page
    assert "改名后" not in page.split("</section>")[0].split("What you sign")[-1]
    assert "改名后" not in paper
