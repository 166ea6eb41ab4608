"""Services: the kinds of report as GeoReport v2 lists them, and the questions asked with each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.phrases import chinese, in_tongue, listed
from anlan.kernel.text import TextError, clean_line, clean_text
from anlan.reports.models import Category
from anlan.reports.open311.faults import Fault

DATA = Path(__file__).parents[1] / "data" / "open311.toml"
LONGEST_ANSWER = 300
KINDS = frozenset({"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"})


@dataclass(frozen=True, kw_only=True)
class Question:
    code: str
    datatype: str
    required: bool
    zh: str
    en: str
    services: tuple[str, ...] = ()
    values: tuple[dict[str, str], ...] = ()

    @property
    def words(self) -> str:
        return self.zh if chinese() else self.en

    def word_of(self, key: str) -> str:
        return next(one["zh" if chinese() else "en"] for one in self.values if one["key"] == key)


@cache
def _all() -> tuple[Question, ...]:
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["question"]
    found = tuple(Question(**_frozen(row)) for row in rows)
    if unknown := {one.datatype for one in found} - KINDS:
        raise ValueError(f"open311.toml: no datatype {unknown}")
    return found


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(one) if isinstance(one, list) else one for key, one in row.items()}


def questions(service: str) -> list[Question]:
    return [one for one in _all() if not one.services or service in one.services]


def services() -> list[dict[str, Any]]:
    return [
        {
            "service_code": row.code,
            "service_name": in_tongue(row),
            "description": row.hint_zh if chinese() or not row.hint_en else row.hint_en,
            "metadata": bool(questions(row.code)),
            "type": "realtime",
            "keywords": ", ".join(dict.fromkeys((row.zh, row.en))),
            "group": _("Work safety"),
        }
        for row in Category.objects.filter(active=True)
    ]


def service(code: str) -> Category:
    found = Category.objects.filter(pk=code[:30], active=True).first()
    if found is None:
        raise Fault(404, _("service_code: there is no such service."))
    return found


def definition(code: str) -> dict[str, Any]:
    row = service(code)
    return {
        "service_code": row.code,
        "attributes": [
            {
                "variable": True,
                "code": one.code,
                "datatype": one.datatype,
                "required": one.required,
                "datatype_description": None,
                "order": place,
                "description": one.words,
                "values": [{"key": value["key"], "name": one.word_of(value["key"])} for value in one.values],
            }
            for place, one in enumerate(questions(code), start=1)
        ],
    }


def answered(code: str, given: Mapping[str, list[str]]) -> list[str]:
    """What was answered, one line a question. Raises Fault for every answer that is missing or does not fit."""
    wrong, lines = [], []
    known = {one.code: one for one in questions(code)}
    wrong += [
        _("attribute[%(code)s]: this service does not ask that.") % {"code": one} for one in given if one not in known
    ]
    for one in known.values():
        answers = [text for text in given.get(one.code, []) if text.strip()]
        if not answers:
            if one.required:
                wrong.append(_("attribute[%(code)s]: this is required.") % {"code": one.code})
            continue
        try:
            lines.append(_("%(question)s: %(answer)s") % {"question": one.words, "answer": _read(one, answers)})
        except (ValueError, TextError):
            wrong.append(_("attribute[%(code)s]: this answer does not fit the question.") % {"code": one.code})
    if wrong:
        raise Fault(400, *wrong)
    return lines


def _read(one: Question, answers: list[str]) -> str:
    if one.datatype == "multivaluelist":
        return listed(_chosen(one, key) for key in answers)
    if len(answers) > 1:
        raise ValueError(one.code)
    text = answers[0]
    if one.datatype == "singlevaluelist":
        return _chosen(one, text)
    if one.datatype == "number":
        return f"{float(text):g}"
    if one.datatype == "datetime":
        return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M")
    clean = clean_text if one.datatype == "text" else clean_line
    return clean(text, max_length=LONGEST_ANSWER)


def _chosen(one: Question, key: str) -> str:
    if key not in {value["key"] for value in one.values}:
        raise ValueError(key)
    return one.word_of(key)
