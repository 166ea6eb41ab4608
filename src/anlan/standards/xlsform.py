"""An edition as an XLSForm, so that departments may use the tools they know (ODK, Kobo): groups, answers, what applies to whom."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from typing import Any

from django.utils.translation import override

from anlan.kernel.exchange.writing import new_workbook, unfit_removed
from anlan.registry.facilities import facilities
from anlan.registry.models import Industry
from anlan.standards.models import Edition, Item
from anlan.standards.queries import items_of
from anlan.standards.rules import citation, law_citation

LANGUAGES = ("中文 (zh)", "English (en)")
SURVEY = (
    "type", "name", *(f"label::{one}" for one in LANGUAGES), *(f"hint::{one}" for one in LANGUAGES), "required",
    "relevant", "constraint", *(f"constraint_message::{one}" for one in LANGUAGES), "appearance", "parameters",
)  # fmt: skip
CHOICES = ("list_name", "name", *(f"label::{one}" for one in LANGUAGES))
ANSWERS = (("yes", "符合", "Yes"), ("no", "不符合", "No"), ("na", "不适用", "Not applicable"))
GRADES = (("none", "未分级", "Not graded"), *((one, one, one) for one in "ABCD"))
SCALES = (
    ("unknown", "不详", "Not known"), ("micro", "微型", "Micro"), ("small", "小型", "Small"), ("medium", "中型", "Medium"),
    ("large", "大型", "Large"),
)  # fmt: skip
EVIDENCE = {
    "photo": ("image", "照片", "Photo"),
    "document": ("image", "文件资料照片", "Photo of the document"),
    "number": ("decimal", "实测值", "Measured value"),
    "interview": ("text", "询问记录", "What was said"),
}
PIXELS = "max-pixels=2048"
Row = dict[str, Any]


def xlsform(edition: Edition) -> BytesIO:
    stream = BytesIO()
    items = list(items_of([edition]))
    with new_workbook(stream, streaming=False) as book:
        _sheet(book, "survey", SURVEY, _survey(edition, items))
        _sheet(book, "choices", CHOICES, _choices())
        settings = {
            "form_title": f"{edition.checklist.zh} · {edition.number}",
            "form_id": _name(f"{edition.checklist.code}"),
            "version": str(edition.number),
            "default_language": LANGUAGES[0],
        }
        _sheet(book, "settings", tuple(settings), [settings])
    stream.seek(0)
    return stream


def _sheet(book: Any, name: str, columns: tuple[str, ...], rows: Any) -> None:
    page = book.add_worksheet(name)
    for index, column in enumerate(columns):
        page.write_string(0, index, column)
        page.set_column(index, index, 24)
    for line, row in enumerate(rows, start=1):
        for index, column in enumerate(columns):
            if value := row.get(column):
                page.write_string(line, index, unfit_removed(str(value)))


def _both(column: str, zh: str, en: str) -> Row:
    return {f"{column}::{LANGUAGES[0]}": zh, f"{column}::{LANGUAGES[1]}": en}


def _survey(edition: Edition, items: list[Item]) -> Iterator[Row]:
    asked = {key for item in items for key, wanted in item.applies.items() if wanted}
    yield {"type": "start", "name": "start"}
    yield {"type": "end", "name": "end"}
    yield {
        "type": "begin_group",
        "name": "header",
        **_both("label", "企业情况", "The enterprise"),
        "appearance": "field-list",
    }
    yield {"type": "text", "name": "enterprise", "required": "yes", **_both("label", "企业名称", "Enterprise")}
    yield {
        "type": "text",
        "name": "uscc",
        **_both("label", "统一社会信用代码", "Unified social credit code"),
        "constraint": "regex(., '^[0-9A-HJ-NP-RTUWXY]{18}$')",
        **_both("constraint_message", "应为18位数字或大写字母", "18 digits or capital letters"),
    }
    if "industry" in asked:
        yield {
            "type": "select_one industry",
            "name": "industry",
            "required": "yes",
            **_both("label", "行业", "Industry"),
        }
    if "grade" in asked:
        yield {"type": "select_one grade", "name": "grade", "required": "yes", **_both("label", "分级", "Grade")}
    if "scale" in asked:
        yield {"type": "select_one scale", "name": "scale", "required": "yes", **_both("label", "规模", "Scale")}
    if "facility" in asked:
        label = _both("label", "设备设施、工艺和场所", "Equipment, processes and places")
        yield {"type": "select_multiple facility", "name": "facility", **label}
    yield {"type": "end_group", "name": "header"}
    for number, (group, members) in enumerate(groupby(items, key=lambda item: item.group), start=1):
        yield {"type": "begin_group", "name": f"group_{number}", **_both("label", group or "检查项", group or "Items")}
        for item in members:
            yield from _item(item)
        yield {"type": "end_group", "name": f"group_{number}"}
    place = _both("label", "检查地点", "Place of the check")
    yield {"type": "geopoint", "name": "place", **place}


def _item(item: Item) -> Iterator[Row]:
    name = _name(item.code)
    relevant = _relevant(item.applies)
    basis = law_citation(item.law_clause) if item.law_clause else item.basis
    major = f"重大隐患依据：{citation(item.major_clause)}" if item.major_clause else ""
    hint = "　".join(part for part in (item.method, basis, major) if part)
    yield {"type": "begin_group", "name": f"g_{name}", "relevant": relevant, **_both("label", item.code, item.code)}
    yield {
        "type": "select_one answer",
        "name": name,
        "required": "yes",
        **_both("label", item.zh, item.en or item.zh),
        **_both("hint", hint, hint),
    }
    failed = f"${{{name}}} = 'no'"
    yield {
        "type": "text",
        "name": f"{name}_remark",
        "required": "yes",
        "relevant": failed,
        "constraint": "string-length(.) >= 6",
        **_both("constraint_message", "请写清楚问题，至少6个字", "Say what is wrong, at least 6 characters"),
        **_both("label", "存在问题", "What is wrong"),
        "appearance": "multiline",
    }
    yield {
        "type": "image",
        "name": f"{name}_photo",
        "required": "yes",
        "relevant": failed,
        **_both("label", "问题照片", "Photo of it"),
        "parameters": PIXELS,
    }
    if item.evidence_asked in EVIDENCE:
        kind, zh, en = EVIDENCE[item.evidence_asked]
        row = {"type": kind, "name": f"{name}_evidence", "relevant": f"${{{name}}} = 'yes'", **_both("label", zh, en)}
        yield row | ({"parameters": PIXELS} if kind == "image" else {})
    yield {"type": "end_group", "name": f"g_{name}"}


def _relevant(predicate: dict[str, list[str]]) -> str:
    """Any within a key, all across keys, as XPath."""
    parts = []
    for key, wanted in predicate.items():
        tests = [f"selected(${{{key}}}, '{code}')" for code in wanted]
        if tests:
            parts.append(f"({' or '.join(tests)})")
    return " and ".join(parts)


def _choices() -> Iterator[Row]:
    with override("zh-hans"):
        chinese = facilities()
    with override("en"):
        english = facilities()
    lists: dict[str, Any] = {
        "answer": ANSWERS,
        "grade": GRADES,
        "scale": SCALES,
        "industry": [(row.code, row.zh, row.en) for row in Industry.objects.filter(active=True).order_by("bit")],
        "facility": [(code, zh, english[code]) for code, zh in chinese.items()],
    }
    for list_name, rows in lists.items():
        for name, zh, en in rows:
            yield {"list_name": list_name, "name": name, **_both("label", zh, en)}


def _name(code: str) -> str:
    """XML takes letters, digits, - _ and . and no digit first; names beginning with `q_` cannot meet ours."""
    return "q_" + re.sub(r"[^A-Za-z0-9]", lambda found: f"_{ord(found.group()):x}_", code)
