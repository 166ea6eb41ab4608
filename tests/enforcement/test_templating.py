"""Every kind's words: they say all that is required, print, and come back from the operator's Word filled."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from anlan.enforcement.kinds import Field, kinds
from anlan.enforcement.models import Instrument
from anlan.enforcement.papers import Issue, paper_of, wording
from anlan.enforcement.templating import template, values, wanted
from anlan.kernel.errors import Invalid
from anlan.kernel.papers import merge, word
from anlan.kernel.papers.paper import Paper

WRITTEN = sorted(code for code, kind in kinds().items() if not kind.elsewhere)


def sample(field: Field) -> Any:
    match field.type:
        case "date":
            return "2026-12-04"
        case "money":
            return 2_000_000
        case "choice":
            return field.choices[-1].code
        case "items":
            return [{column.code: sample(column) for column in field.columns} for _ in range(2)]
    return f"{field.zh}甲"


def fields_of(code: str) -> dict[str, Any]:
    return {field.code: sample(field) for field in kinds()[code].fields}


def made(code: str, fields: dict[str, Any] | None = None, **over: Any) -> Paper:
    facts: dict[str, Any] = {
        "addressee": "翠岭铸造有限公司",
        "organ": "某某区应急管理局",
        "day": date(2026, 11, 22),
        "number": "某应急责改〔2026〕3号",
        "after": "某应急责改〔2026〕2号",
    }
    return paper_of(kinds()[code], fields_of(code) if fields is None else fields, Issue(**facts | over))


def text_of(docx: bytes) -> str:
    document = Document(BytesIO(docx))
    section = document.sections[0]
    lines = [line.text for line in (*section.first_page_header.paragraphs, *document.paragraphs)]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*lines, *cells])


def test_all_kinds_but_the_visit_s_record_have_words() -> None:
    assert {code for code, kind in kinds().items() if kind.elsewhere} == {"site_record"}
    assert all(wording(code).get("body") for code in WRITTEN)


@pytest.mark.parametrize("code", WRITTEN)
def test_a_paper_says_every_required_field(code: str) -> None:
    said = text_of(word.write(made(code)))
    for field in kinds()[code].required:
        told = (
            "2026年12月4日"
            if field.type == "date"
            else f"{field.zh}甲"
            if field.type in ("text", "prose", "person")
            else ""
        )
        assert told in said, field.code
    assert "某应急责改〔2026〕3号" in said
    assert "{" not in said


@pytest.mark.parametrize("code", WRITTEN)
def test_the_shipped_words_pass_as_a_template_and_say_the_same(code: str) -> None:
    shipped = template(code)
    assert {field.code for field in kinds()[code].required} <= merge.check(shipped, wanted(code))
    instrument = Instrument(kind=code, addressee="翠岭铸造有限公司", fields=fields_of(code))
    filled = text_of(merge.fill(shipped, wanted(code), values(instrument, made(code))))
    assert "某应急责改〔2026〕3号" in filled
    assert "{{" not in filled
    for field in kinds()[code].required:
        if field.type in ("text", "prose", "person"):
            assert f"{field.zh}甲" in filled, field.code


def test_a_template_without_a_required_field_is_refused_by_its_name() -> None:
    document = Document(BytesIO(template("warning_letter")))
    for line in document.paragraphs:
        if "{{ 回复日期 }}" in line.text:
            line.text = line.text.replace("{{ 回复日期 }}", "{{ 回复日 }}")
    changed = BytesIO()
    document.save(changed)
    with pytest.raises(Invalid) as refused:
        merge.check(changed.getvalue(), wanted("warning_letter"))
    reasons = " ".join(map(str, refused.value.fields["template"]))
    assert "回复日期" in reasons
    assert "回复日 }}" in reasons


def test_a_draft_prints_with_blanks_where_nothing_is_known_yet() -> None:
    said = text_of(word.write(made("warning_letter", {}, number="")))
    assert "请于＿＿＿＿前书面回复" in said


def test_what_is_optional_and_missing_leaves_no_line() -> None:
    fields = {field.code: sample(field) for field in kinds()["penalty_notice"].fields if field.code != "fine"}
    assert "罚款金额" not in text_of(word.write(made("penalty_notice", fields)))


def test_a_value_s_full_stop_does_not_stand_in_the_middle_of_a_sentence() -> None:
    fields = {field.code: sample(field) for field in kinds()["penalty_notice"].fields} | {"ground": "第一百零二条。"}
    assert "第一百零二条。，" not in text_of(word.write(made("penalty_notice", fields)))
