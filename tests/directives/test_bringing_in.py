"""The same document as every kind of file through the page, read by the job, registered; and what no office can bring in."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader, PdfWriter

from anlan.directives.actions.intake import read_waiting
from anlan.directives.models import Directive, Intake, Proposal
from anlan.directives.reading.sources import recognition
from anlan.files.kinds import LARGEST
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from tests.directives.conftest import Desk
from tests.directives.test_pages import bring_in, browser, document, register, words
from tests.directives.test_sources import docx, pdf, scan, workbook
from tests.directives.test_sources import picture as drawn
from tests.factories import CITY

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def office(desk: Desk) -> Client:
    return browser(desk.office)


def upload(name: str, data: bytes, media_type: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type=media_type)


def locked(*, owner_only: bool = False) -> bytes:
    out, writer = BytesIO(), PdfWriter()
    writer.append(PdfReader(BytesIO(pdf())))
    writer.encrypt("" if owner_only else "secret", owner_password="other", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(("name", "make"), [("通知.docx", docx), ("通知.PDF", pdf)])
def test_a_file_becomes_a_registered_document_with_its_proposals(desk: Desk, office: Client, name: str, make: Any):
    place = bring_in(office, text="", file=upload(name, data := make()))
    read_waiting(UUID(place.split("/")[3]))
    form = office.get(place).context["form"]
    assert form["reference"].value() == "澜安办〔2026〕40号"
    assert register(office, place).status_code == 302
    made = document(desk)
    page = office.get(f"/directives/{made.pk}/")
    assert [card["who"] for card in page.context["cards"]] == ["县应急局", "各县区安委会", "县住建局", "各单位"]
    assert [fact["value"] for fact in page.context["facts"] if fact["url"]] == [name]
    address = f"/files/{made.file_id}/original/"
    assert b"".join(office.get(address).streaming_content) == data
    for stranger in (desk.city.actors["n_office"], desk.city.actors["principal"]):
        assert browser(stranger).get(address).status_code in (403, 404)
    assert Client().get(address).status_code in (302, 403, 404)


def test_a_picture_is_read_where_text_recognition_is_installed_and_refused_clearly_where_not(
    desk: Desk, office: Client
):
    place = bring_in(office, text="", file=upload("通知.png", drawn(), "image/png"))
    read_waiting(UUID(place.split("/")[3]))
    asked = office.get(place)
    if recognition() is None:
        assert "tesseract-ocr-chi-sim" in words(asked)
    else:
        assert "12月20日" in asked.context["excerpt"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.docx", b"", "empty"),
        ("a.txt", b"", "empty"),
        ("a.txt", " \n\u3000".encode(), "empty"),
        ("a.txt", b"\x00\x01\x02\x03" * 100, "Only text, docx, PDF"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, ""),
        ("a.pdf", b"hello", ""),
        ("a.xlsx", workbook(), "Only text, docx, PDF"),
        ("a.docx", workbook(), ""),
        ("a.pdf", locked(), "password"),
        ("a.pdf", locked(owner_only=True), "password"),
        ("a.jpg", b"GIF89a" + b"\x00" * 90, ""),
        ("a.txt", b"a" * 900_000, "200000 characters"),
    ],
    ids=[
        "empty",
        "empty-text",
        "blank",
        "binary",
        "doc",
        "no-pdf",
        "xlsx",
        "xlsx-named-docx",
        "locked",
        "locked-against-change",
        "gif",
        "long",
    ],
)
def test_what_is_no_document_is_refused_at_once_with_a_reason(
    desk: Desk, office: Client, name: str, data: bytes, said: str
):
    answer = office.post("/directives/new/", {"region": CITY, "text": "", "file": upload(name, data)})
    if answer.status_code == 302:  # kept as a file, and only the job can tell
        place = answer["Location"]
        read_waiting(UUID(place.split("/")[3]))
        answer = office.get(place)
        assert office.post(place, {"title": "通知"}).status_code == 200  # nothing to register
    else:
        assert answer.status_code == 422
        assert answer.context["form"].errors
    assert said in words(answer)
    with scope.acting(SYSTEM):
        assert not Directive.objects.exists()
        assert not Proposal.objects.exists()


def test_a_file_that_is_too_large_is_refused_with_both_sizes(desk: Desk, office: Client):
    answer = office.post(
        "/directives/new/", {"region": CITY, "text": "", "file": upload("a.pdf", b"%PDF-" + b"0" * LARGEST)}
    )
    assert answer.status_code in (413, 422)
    assert str(LARGEST // 10**6) in words(answer)
    with scope.acting(SYSTEM):
        assert not Intake.objects.exists()


def test_a_scan_says_what_would_help(desk: Desk, office: Client):
    place = bring_in(office, text="", file=upload("扫描.pdf", scan(), "application/pdf"))
    read_waiting(UUID(place.split("/")[3]))
    assert "pictures of pages" in words(office.get(place))


@pytest.mark.parametrize("name", ["n_office", "inspector", "principal", "citizen"])
def test_nobody_else_looks_at_what_waits(desk: Desk, office: Client, name: str):
    place = bring_in(office)
    stranger = browser(desk.city.actors[name])
    for answer in (stranger.get(place), stranger.post(place, {"title": "通知"}), stranger.post(f"{place}give-up/")):
        assert answer.status_code in (403, 404)
    assert Client().get(place).status_code == 302
    with scope.acting(SYSTEM):
        assert Intake.objects.count() == 1
        assert not Directive.objects.exists()
