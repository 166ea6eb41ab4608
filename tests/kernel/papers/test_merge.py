"""Operators' templates: what is let in, what is filled in, and everything that is neither."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls, qn

from anlan.kernel.errors import Invalid
from anlan.kernel.papers import merging
from anlan.kernel.papers.merge import SEAL, Field, check, fill
from anlan.kernel.papers.paper import Seal
from anlan.kernel.refusals import Refused
from tests.files.hostile import zipped
from tests.kernel.papers.samples import seal
from tests.kernel.papers.templates import LETTER, good, saved, template, with_rows

VALUES: dict[str, Any] = {
    "party": "甲公司",
    "matter": "整改不力",
    "problems": [{"text": "通道堵塞", "due": "2026年12月1日"}, {"text": "无人值守"}],
}


def reasons(*lines: str, make: Any = lambda document: None) -> list[str]:
    with pytest.raises(Invalid) as caught:
        check(template(*lines, make=make), LETTER)
    assert set(caught.value.fields) == {"template"}
    return [str(one) for one in caught.value.fields["template"]]


def texts(data: bytes) -> list[str]:
    document = Document(BytesIO(data))
    return [
        *(one.text for one in document.paragraphs),
        *(cell.text for table in document.tables for row in table.rows for cell in row.cells),
    ]


def changed(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The package with one part edited."""
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(stream, "w", ZIP_DEFLATED) as after:
        for part in before.infolist():
            body = before.read(part)
            if part.filename == name:
                assert old in body
                body = body.replace(old, new)
            after.writestr(part.filename, body)
    return stream.getvalue()


# -- what is let in ----------------------------------------------------------------------------------------------------


def test_a_template_may_use_keys_and_chinese_names() -> None:
    assert check(good(), LETTER) == {"party", "matter", "problems"}
    assert check(good("{% if reply_by %}于{{ 答复期限 }}前{% endif %}{{ 印章 }}"), LETTER) == {
        "party", "matter", "problems", "reply_by", "seal",
    }  # fmt: skip


def test_every_field_that_is_missing_is_named() -> None:
    said = reasons("{{ party }}", make=with_rows("{{ row.due }}"))
    assert len(said) == 2
    assert "{{ 事由 }}" in said[0]
    assert "{{ 问题.内容 }}" in said[1]


def test_a_field_nobody_knows_is_named_with_the_one_that_was_meant() -> None:
    said = reasons("{{ 当事 }}{{ whatever }}{{ matter }}", make=with_rows("{{ row.内荣 }}{{ row.text }}"))
    assert any("{{ 当事 }}" in one and "{{ 当事人 }}" in one for one in said)
    assert any("{{ whatever }}" in one for one in said)
    assert any("{{ 问题.内荣 }}" in one and "{{ 问题.内容 }}" in one for one in said)


@pytest.mark.parametrize("mark", ["{{ party }", "{{ party", "{% if party %}甲", "{{ party }}}} 乙 }}", "{% frob %}"])
def test_a_field_left_open_is_shown_where_it_stands(mark: str) -> None:
    assert reasons(mark, make=with_rows("{{ row.text }}"))


def test_braces_of_a_chinese_keyboard_are_pointed_out() -> None:
    assert "｛｛当事人｝｝" in reasons("｛｛当事人｝｝")[0]


def test_a_list_is_no_text_and_a_text_no_list() -> None:
    said = " ".join(reasons("{{ 问题 }}{% for x in party %}{{ x }}{% endfor %}"))
    assert "问题" in said
    assert "party" in said


def test_a_condition_across_a_table_is_refused_at_once() -> None:
    def crooked(document: Any) -> None:
        with_rows("{{ row.text }}")(document)
        cells = document.add_table(rows=1, cols=2).rows[0].cells
        cells[0].text, cells[1].text = "{% if party %}甲", "乙"
        document.add_paragraph("{% endif %}")

    assert len(reasons("{{ party }}{{ matter }}", make=crooked)) == 1


def test_a_field_where_none_is_filled_is_refused() -> None:
    def remark(document: Any) -> None:
        with_rows("{{ row.text }}")(document)
        run = document.add_paragraph().add_run("看批注")
        document.add_comment(run, "{{ matter }}", author="x")

    assert "comments.xml" in " ".join(reasons("{{ party }}{{ matter }}", make=remark))


# -- what is kept out --------------------------------------------------------------------------------------------------

PROGRAMS = [
    "{{ cycler.__init__.__globals__.os.popen('id') }}",
    "{{ party.__class__.__mro__ }}",
    "{{ party['__class__'] }}",
    "{{ ''.__class__ }}",
    "{{ ''|attr('__class__') }}",
    "{{ party|safe }}",
    "{{ party|map(attribute='x')|list }}",
    "{{ party() }}",
    "{{ party.upper() }}",
    "{{ party * 99999999 }}",
    "{{ party ~ party }}",
    "{{ 2 ** 99999999 }}",
    "{{ [1] }}",
    "{% set x = party %}",
    "{% include '/etc/passwd' %}",
    "{% import 'x' as y %}",
    "{% extends 'x' %}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% for i in range(99999999) %}甲{% endfor %}",
    "{% for a in 问题 recursive %}{{ loop(问题) }}{% endfor %}",
    "{% for a, b in 问题 %}{% endfor %}",
    "{% for row in 问题 %}{% for x in row.text %}{{ x }}{% endfor %}{% endfor %}",
    "{% filter upper %}甲{% endfilter %}",
    "{% call party() %}{% endcall %}",
    "{% with x = 1 %}{% endwith %}",
    "{% autoescape false %}{{ party }}{% endautoescape %}",
    "{{ self }}{{ self._TemplateReference__context }}",
    "{{p party }}",
    "{{r party }}",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_template_is_no_program(program: str) -> None:
    lines = ("{{ party }}{{ matter }}", program)
    assert reasons(*lines, make=with_rows("{{ row.text }}"))
    with pytest.raises(Refused) as caught:
        fill(template(*lines, make=with_rows("{{ row.text }}")), LETTER, VALUES)
    assert caught.value.code == "paper.template"


def test_the_environment_itself_holds_nothing_to_begin_with() -> None:
    made = merging.environment()
    assert not made.globals
    assert made.autoescape
    assert set(made.filters) == {"default", "join", "length"}


def test_the_mark_of_the_seal_is_the_same_on_both_sides() -> None:
    assert merging.SEAL == SEAL


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("paper.empty", lambda: b""),
        ("paper.type", lambda: b"%PDF-1.7"),
        ("paper.type", lambda: zipped(**{"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"})),
        ("paper.legacy", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("paper.macros", lambda: zipped(**{"[Content_Types].xml": b"<a/>", "word/vbaProject.bin": b"x"})),
        ("paper.bomb", lambda: zipped(**{"word/document.xml": bytes(120 << 20)})),
        ("paper.damaged", lambda: good()[:-40]),
        ("paper.damaged", lambda: zipped(**{"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"})),
        ("paper.entities", lambda: changed(good(), "word/document.xml", b"<w:document", b"<!DOCTYPE a><w:document")),
        ("paper.active", lambda: template("甲", make=lambda document: _instruct(document, "DDEAUTO c:\\\\x cmd"))),
        (
            "paper.active",
            lambda: template("甲", make=lambda document: _instruct(document, "INCLUDE", "TEXT http://a/b")),
        ),
        ("paper.external", lambda: template("甲", make=_attach)),
    ],
)
def test_a_file_that_is_no_decent_document_is_refused(code: str, make: Callable[[], bytes]) -> None:
    data = make()
    for act in (lambda: check(data, LETTER), lambda: fill(data, LETTER, VALUES)):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == code
        assert "%(" not in caught.value.detail


def _instruct(document: Any, *pieces: str) -> None:
    from anlan.kernel.papers.wordml import element

    paragraph = document.add_paragraph()
    for piece in pieces:
        made = element("w:instrText")
        made.text = piece
        paragraph.add_run()._r.append(made)


def _attach(document: Any) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    document.part.relate_to("http://127.0.0.1:9/evil.dotm", kind, is_external=True)


# -- what is filled in -------------------------------------------------------------------------------------------------


def test_values_stand_where_their_fields_stood() -> None:
    said = texts(fill(good("{% if reply_by %}于{{ reply_by }}前答复{% endif %}"), LETTER, VALUES))
    assert said[:3] == ["甲公司：", "因整改不力，请予整改。", ""]
    assert said[-4:] == ["通道堵塞", "2026年12月1日", "无人值守", ""]
    assert not any("{" in one for one in said)


def test_text_is_text() -> None:
    said = "A & B <w:p/> {{ 7*7 }} {% if %} \"'&amp;"
    assert texts(fill(good(), LETTER, VALUES | {"party": said}))[0] == f"{said}："


def test_line_ends_stay() -> None:
    assert texts(fill(good(), LETTER, VALUES | {"matter": "一\n二"}))[1] == "因一\n二，请予整改。"


def test_fields_cut_up_by_word_are_filled() -> None:
    def cut(document: Any) -> None:
        with_rows("{{ row.text }}")(document)
        line = document.add_paragraph()
        for piece in ("{", "{ par", "ty", " }", "}好"):
            line.add_run(piece).bold = piece == "ty"

    data = template("{{ matter }}", make=cut)
    assert check(data, LETTER) == {"party", "matter", "problems"}
    assert "甲公司好" in texts(fill(data, LETTER, VALUES))


def test_headers_and_footers_are_filled() -> None:
    def head(document: Any) -> None:
        with_rows("{{ row.text }}")(document)
        document.sections[0].header.paragraphs[0].text = "致{{ party }}"
        document.sections[0].footer.paragraphs[0].text = "{{ matter }}"

    data = template("甲", make=head)
    check(data, LETTER)
    section = Document(BytesIO(fill(data, LETTER, VALUES))).sections[0]
    assert (section.header.paragraphs[0].text, section.footer.paragraphs[0].text) == ("致甲公司", "整改不力")


def test_footnotes_are_filled_once_whatever_their_values_say() -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    note = f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:t>见{{{{ party }}}}</w:t></w:r></w:p></w:footnote></w:footnotes>'

    def annotate(document: Any) -> None:
        with_rows("{{ row.text }}")(document)
        document.add_section()
        mime = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
        document.part.relate_to(Part(PackURI("/word/footnotes.xml"), mime, note.encode(), document.part.package), kind)

    data = template("{{ matter }}", make=annotate)
    assert "party" in check(data, LETTER)
    filled = fill(data, LETTER, VALUES | {"party": "甲{{ 7*7 }}"})
    with ZipFile(BytesIO(filled)) as package:
        assert "见甲{{ 7*7 }}" in package.read("word/footnotes.xml").decode()


def test_whoever_drew_the_template_is_not_named_in_what_is_sent() -> None:
    def sign(document: Any) -> None:
        with_rows("{{ row.text }}")(document)
        document.core_properties.author = document.core_properties.title = "{{ party }}赵某"

    data = template("{{ party }}{{ matter }}", make=sign)
    about = Document(BytesIO(fill(data, LETTER, VALUES, about={"title": "函 & 件"}))).core_properties
    assert (about.title, about.author) == ("函 & 件", "")


def test_the_seal_is_pressed_where_its_field_stood() -> None:
    data = good("安委办{{ 印章 }}印", "2026年10月9日")
    sealed = Document(BytesIO(fill(data, LETTER, VALUES, seal=Seal(image=seal(), width=45))))
    (anchor,) = sealed.element.body.iter(qn("wp:anchor"))
    assert anchor.get("behindDoc") == "1"
    assert anchor.find(qn("wp:extent")).get("cx") == str(45 * 36000)
    assert "安委办印" in [one.text for one in sealed.paragraphs]
    run = anchor.getparent().getparent()
    assert [one.text or one.tag.rsplit("}")[-1] for one in run if one.tag != qn("w:rPr")] == ["安委办", "drawing", "印"]
    plain = Document(BytesIO(fill(data, LETTER, VALUES)))
    assert not list(plain.element.body.iter(qn("wp:anchor")))
    assert "安委办印" in [one.text for one in plain.paragraphs], "the mark itself never shows"


@pytest.mark.parametrize(
    ("key", "value"),
    [("party", ""), ("party", None), ("party", "  "), ("problems", []), ("matter", "a\x00b"), ("matter", f"a{SEAL}"),
     ("problems", [{"text": "a\x1b"}]), ("problems", [{"text": "甲"}] * 2001)],
)  # fmt: skip
def test_a_value_that_cannot_stand_is_named_at_its_field(key: str, value: Any) -> None:
    with pytest.raises(Invalid) as caught:
        fill(good(), LETTER, VALUES | {key: value})
    assert set(caught.value.fields) == {key}


def test_a_value_for_no_field_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="colour"):
        fill(good(), LETTER, VALUES | {"colour": "red"})


def test_many_rows_are_filled_within_the_limits() -> None:
    said = texts(fill(good(), LETTER, VALUES | {"problems": [{"text": f"第{row}条"} for row in range(500)]}))
    assert sum(one.startswith("第") for one in said) == 500


def test_a_kind_without_lists_needs_none() -> None:
    kind = (Field(key="party", name="当事人"),)
    assert "甲" in texts(fill(saved(_one("{{ 当事人 }}")), kind, {"party": "甲"}))


def _one(line: str) -> Any:
    document = Document()
    document.add_paragraph(line)
    return document
