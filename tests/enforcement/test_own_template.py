"""The whole way of an operator's own Word template: loaded by a page, looked through, used at issuing, binding ever after."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from anlan.enforcement import actions
from anlan.enforcement.kinds import Field, kind
from anlan.enforcement.models import Instrument, Template
from anlan.enforcement.templating import template
from anlan.enforcement.values import said
from anlan.files.actions import store
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.errors import Forbidden
from tests.enforcement.conftest import Bench
from tests.factories import City
from tests.sessions import SignedIn

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
OWN = "本县自用样式"


@pytest.fixture
def city(bench: Bench) -> City:
    return bench.city


def changed(code: str, change: Callable[[Any], object] = lambda document: None) -> bytes:
    """The shipped wording taken home, with the office's own line in it and whatever else was done to it."""
    document = Document(BytesIO(template(code)))
    document.paragraphs[-1].insert_paragraph_before(OWN)
    change(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def without(place: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for line in document.paragraphs:
            line.text = line.text.replace(f"{{{{ {place} }}}}", "略")

    return change


def reaching_out(document: Any) -> None:
    kind_of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    document.part.relate_to("http://127.0.0.1:9/evil.dotm", kind_of, is_external=True)


def with_macros(document: Any) -> None:
    kind_of = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    part = Part(PackURI("/word/vbaProject.bin"), "application/vnd.ms-office.vbaProject", b"x", document.part.package)
    document.part.relate_to(part, kind_of)


def with_code(document: Any) -> None:
    document.paragraphs[-1].insert_paragraph_before("{{ 受文单位.__class__.__mro__ }}")


def load(bench: Bench, code: str, source: bytes) -> None:
    with scope.acting(bench.office):
        actions.load_template(actor=bench.office, kind=code, region=bench.organ.region, source=source, name="自用.docx")


def in_force() -> int:
    with scope.acting(SYSTEM):
        return Template.objects.filter(removed_at=None).count()


def words_of(source: bytes) -> str:
    """All that the document says, heads and tables included."""
    document = Document(BytesIO(source))
    lines = [line.text for line in (*document.sections[0].first_page_header.paragraphs, *document.paragraphs)]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*lines, *cells])


def document(record: Instrument) -> bytes:
    with store().open(record.docx_digest) as source:
        return source.read()


def told(field: Field, value: Any) -> Iterable[str]:
    """What a reader finds of a field's value: of a list every cell of every row."""
    if field.type == "items":
        return (said(column, row.get(column.code)) for row in value for column in field.columns if column.required)
    return (said(field, value),)


def test_it_is_looked_through_then_writes_what_is_numbered_until_it_is_removed(
    bench: Bench, signed_in: SignedIn
) -> None:
    office, address = signed_in("office"), "/instruments/templates/warning_letter/"
    own = SimpleUploadedFile("自用.docx", changed("warning_letter"))
    assert office.post(address, {"template": own}).status_code == 302
    assert "自用.docx" in office.get(address).content.decode()
    draft = bench.approved()
    assert "no PDF." in signed_in("inspector").get(f"/instruments/{draft.pk}/").content.decode()
    issued = bench.do(bench.office, draft, "number", sealed=True)
    sent = signed_in("inspector").get(f"/instruments/{issued.pk}/document.docx")
    assert OWN in words_of(b"".join(sent.streaming_content))  # type: ignore[arg-type]
    assert signed_in("inspector").get(f"/instruments/{issued.pk}/document.pdf").status_code == 404
    assert len(Document(BytesIO(document(issued))).part.package.image_parts) == 1, "the seal stands at its place"
    with scope.acting(SYSTEM):
        assert issued.template_digest == Template.objects.get(removed_at=None).sha256
    assert office.post(f"{address}remove/").status_code == 302
    assert in_force() == 0
    after = bench.numbered()
    assert (after.template_digest, OWN in words_of(document(after)), bool(after.pdf_digest)) == ("", False, True)
    assert OWN in words_of(document(bench.fresh(issued))), "what was issued keeps the document that was made then"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (without("主要风险"), "主要风险"),
        (reaching_out, "outside it"),
        (with_macros, "macros"),
        (with_code, "not allowed in a template"),
    ],
)
def test_what_lacks_a_field_or_is_dangerous_is_refused_and_the_one_before_stays(
    bench: Bench, signed_in: SignedIn, change: Callable[[Any], object], why: str
) -> None:
    load(bench, "warning_letter", changed("warning_letter"))
    sent = SimpleUploadedFile("新.docx", changed("warning_letter", change))
    answer = signed_in("office").post("/instruments/templates/warning_letter/", {"template": sent})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert in_force() == 1
    assert OWN in words_of(document(bench.numbered()))


@pytest.mark.parametrize(
    "source", [b"", b"no docx at all", b64encode(b"x" * 3_000_000)], ids=["empty", "no docx", "too large"]
)
def test_what_is_no_template_at_all_is_refused(bench: Bench, signed_in: SignedIn, source: bytes) -> None:
    sent = SimpleUploadedFile("x.docx", source)
    answer = signed_in("office").post("/instruments/templates/warning_letter/", {"template": sent})
    assert answer.status_code == 422
    assert in_force() == 0


def test_only_who_keeps_the_territorys_organs_loads_and_removes_one(bench: Bench, signed_in: SignedIn) -> None:
    address = "/instruments/templates/warning_letter/"
    for name in ("inspector", "regulator", "leader"):
        signed_in(name).post(address, {"template": SimpleUploadedFile("x.docx", changed("warning_letter"))})
        with scope.acting(bench.city.actors[name]), pytest.raises(Forbidden):
            actions.load_template(
                actor=bench.city.actors[name], kind="warning_letter", region=bench.organ.region, source=b"", name="x"
            )
    assert in_force() == 0
    load(bench, "warning_letter", changed("warning_letter"))
    assert signed_in("inspector").post(f"{address}remove/").status_code == 403
    assert signed_in("n_office").post(f"{address}remove/").status_code == 404, "a neighbour county has none of its own"
    assert in_force() == 1


def test_a_neighbour_county_is_not_written_by_it(bench: Bench) -> None:
    load(bench, "warning_letter", changed("warning_letter"))
    people, city = bench.city.actors, bench.city
    record = bench.draft(people["n_inspector"], enterprise=city.n_enterprise.pk)
    record = bench.do(people["n_regulator"], record, "review")
    record = bench.do(replace(people["n_office"], person=people["n_dispatcher"].person), record, "approve")
    record = bench.do(people["n_office"], record, "number", sealed=False)
    assert record.template_digest == ""
    assert OWN not in words_of(document(record))


@pytest.mark.parametrize(
    "code",
    [
        "rectification_order", "recheck_opinion", "interview_notice", "warning_letter", "supervise_letter",
        "penalty_notice", "penalty_decision",
    ],
)  # fmt: skip
def test_the_document_it_writes_says_every_required_field(bench: Bench, code: str) -> None:
    load(bench, code, changed(code))
    record = issued(bench, code)
    found = words_of(document(record))
    of = kind(code)
    for field in of.required:
        for words in told(field, record.fields[field.code]):
            assert words, field.code
            assert all(line in found for line in words.split("\n")), field.code
    for frame in (OWN, record.number, record.addressee, bench.organ.name):
        assert frame in found
    if of.remedy:
        assert "六十日" in found or "60日" in found
        assert "六个月" in found or "6个月" in found
    assert "{" not in found


def issued(bench: Bench, code: str) -> Instrument:
    """Numbered, with what must lie before it."""
    over: dict[str, Any] = {"fields": bench.fields(code)}
    if code == "recheck_opinion":
        over["after"] = bench.served(kind="rectification_order").pk
    elif code == "supervise_letter":
        over["unit"] = bench.unit.pk
    elif code.startswith("penalty"):
        case = bench.case()
        over["case"] = case.pk
        if code == "penalty_decision":
            notice = bench.served(kind="penalty_notice", case=case.pk)
            bench.do(bench.principal, notice, "answer", words="无异议。", waives=True)
    return bench.numbered(kind=code, **over)
