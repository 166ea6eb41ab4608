"""The pages: the record as each side sees it, the kind's own form, documents, cases, organs."""

from datetime import timedelta

import pytest

from tests.enforcement.conftest import Bench
from tests.factories import City
from tests.sessions import SignedIn

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def city(bench: Bench) -> City:
    return bench.city


def test_a_draft_is_edited_by_its_kinds_own_form(bench: Bench, signed_in: SignedIn) -> None:
    record = bench.draft(kind="rectification_order")
    client = signed_in("inspector")
    url = f"/instruments/{record.pk}/steps/amend/"
    assert "problems.0.text" in client.get(url).content.decode()
    sent = {
        "problems.0.text": "三号传动部位无防护罩。", "problems.0.due": "2026-12-30", "problems.1.text": "", "due": "2026-12-30",
        "basis": "安全生产法", "review_body": "县政府", "court": "县法院", "officers.0.name": "inspector 某",
        "officers.0.certificate": "晋E01", "version": "1", "remark": "补充问题",
    }  # fmt: skip
    wrong = client.post(url, sent | {"problems.0.due": "2026-13-99"})
    assert wrong.status_code == 422
    assert "三号传动部位无防护罩。" in wrong.content.decode()
    assert client.post(url, sent)["Location"] == f"/instruments/{record.pk}/"
    kept = bench.fresh(record)
    assert kept.fields["problems"] == [{"text": "三号传动部位无防护罩。", "due": "2026-12-30"}]
    assert client.post(url, sent).status_code == 409  # the version that was shown is no longer the present one


def test_each_side_sees_its_own(bench: Bench, signed_in: SignedIn) -> None:
    record = bench.draft()
    assert signed_in("principal").get(f"/instruments/{record.pk}/").status_code == 404
    served = bench.served()
    inside = signed_in("inspector").get(f"/instruments/{served.pk}/").content.decode()
    outside = signed_in("principal").get(f"/instruments/{served.pk}/").content.decode()
    assert served.number in inside
    assert served.number in outside
    drafter = bench.inspector.name
    assert served.text_digest[:12] in inside
    assert served.text_digest[:12] not in outside
    assert f"/instruments/{served.pk}/steps/confirm/" in outside
    assert f"/instruments/{served.pk}/steps/put_to_file/" not in outside
    assert drafter in inside
    assert signed_in("n_principal").get(f"/instruments/{served.pk}/").status_code == 404
    assert signed_in("citizen").get(f"/instruments/{served.pk}/").status_code == 403


def test_steps_are_taken_on_their_pages(bench: Bench, signed_in: SignedIn) -> None:
    record = bench.draft()
    regulator = signed_in("regulator")
    assert regulator.post(f"/instruments/{record.pk}/steps/review/", {"version": "1"}).status_code == 302
    assert regulator.get(f"/instruments/{record.pk}/steps/number/").status_code == 409
    assert signed_in("inspector").get(f"/instruments/{record.pk}/steps/approve/").status_code == 403
    assert signed_in("leader").post(f"/instruments/{record.pk}/steps/approve/", {"version": "2"}).status_code == 302
    office = signed_in("office")
    assert office.post(f"/instruments/{record.pk}/steps/number/", {"version": "3", "sealed": "true"}).status_code == 302
    for form, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
        document = office.get(f"/instruments/{record.pk}/document.{form}")
        assert document.status_code == 200
        assert b"".join(document.streaming_content).startswith(begins)
    assert signed_in("principal").get(f"/instruments/{record.pk}/document.pdf").status_code == 404
    handing = bench.handing()
    page = signed_in("inspector").post(
        f"/instruments/{record.pk}/steps/serve/", handing | {"signature": "", "version": "4"}
    )
    assert page.status_code == 422
    page = signed_in("inspector").post(f"/instruments/{record.pk}/steps/serve/", handing | {"version": "4"})
    assert page.status_code == 302
    principal = signed_in("principal")
    assert principal.post(f"/instruments/{record.pk}/steps/confirm/", {"version": "5"}).status_code == 302
    page = principal.get(f"/instruments/{record.pk}/steps/answer/").content.decode()
    assert "data-documents" in page, "an answer comes as a document as often as not"
    answer = {"version": "6", "words": "已经整改。"}
    assert principal.post(f"/instruments/{record.pk}/steps/answer/", answer).status_code == 302
    assert bench.fresh(record).state == "answered"


def test_cases_and_organs_are_the_issuing_sides(bench: Bench, signed_in: SignedIn) -> None:
    case = bench.case()
    page = signed_in("office").get(f"/instruments/cases/{case.pk}/")
    assert case.number in page.content.decode()
    assert case.number in signed_in("inspector").get("/instruments/cases/").content.decode()
    assert signed_in("principal").get(f"/instruments/cases/{case.pk}/").status_code == 403
    assert signed_in("n_office").get(f"/instruments/cases/{case.pk}/").status_code == 404
    until = {
        "version": "1",
        "until": (case.decide_by + timedelta(days=30)).isoformat(),
        "reason": "县长批准延长，案情复杂。",
    }
    assert signed_in("leader").post(f"/instruments/cases/{case.pk}/steps/extend/", until).status_code == 302
    office = signed_in("office")
    assert "翠安办" in office.get("/instruments/organs/").content.decode()
    url = f"/instruments/organs/{bench.organ.organisation_id}/"
    keeper = str(bench.regulator.person)
    sent = {"name": "翠岭县安委办", "word": "翠安办", "seal_mm": "40", "keepers": [keeper]}
    assert office.post(url, sent).status_code == 302
    assert signed_in("inspector").get(url).status_code == 403
    assert office.post(url, sent | {"word": "临 安"}).status_code == 422
