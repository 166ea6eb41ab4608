"""Checklists as a workbook: two sheets, the lists and their items. What is exported reads back."""

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.exchange import Choices, Column, SheetSpec, WorkbookSpec
from anlan.kernel.exchange.writing import Pen, new_workbook, sheet_name, unfit_removed
from anlan.registry.facilities import facility_names, split_words
from anlan.registry.inputs import SCALES, facilities_fault
from anlan.registry.models import Industry
from anlan.registry.queries import industry_names, region_names
from anlan.registry.workbooks import both, column
from anlan.standards.categories import category_names
from anlan.standards.models import Checklist, Clause, Edition, Item, LawClause
from anlan.standards.needs import ITEM_CODE, LIST_CODE
from anlan.standards.queries import items_of
from anlan.standards.rules import KINDS, citation, law_citation
from anlan.standards.wording import EVIDENCE, KIND_WORDS

GRADES = ("A", "B", "C", "D")
IMPORTERS = frozenset({roles.OFFICE, roles.REGULATOR})
_SCALE_WORDS = {word.casefold(): code for code, label in SCALES if code for word in (code, *both(label))}
_KIND_WORDS = {word.casefold(): code for code in KINDS for word in (code, *both(KIND_WORDS[code]))}


def _listed(words: dict[str, str], told: Any) -> Callable[[str], str | None]:
    """Several words in one cell, each one of a few; the fault names what is none of them."""

    def fault(text: str) -> str | None:
        strangers = [word for word in split_words(text) if word.casefold() not in words]
        return str(told) % {"words": "、".join(strangers)} if strangers else None

    return fault


def _matching(pattern: str, told: Any) -> Callable[[str], str | None]:
    form = re.compile(pattern)
    return lambda text: None if form.fullmatch(text) else str(told)


grade_fault = _listed({grade.casefold(): grade for grade in GRADES}, _("Not a grade: %(words)s. Write A, B, C or D."))
scale_fault = _listed(_SCALE_WORDS, _("Not a scale: %(words)s. Write micro, small, medium or large."))
kind_fault = _listed(_KIND_WORDS, _("Not a kind of visit: %(words)s."))


_SEVERAL = _("Several in one cell, separated by commas; empty means all.")
_CODE: dict[str, Any] = {
    "required": True,
    "max_length": 40,
    "width": 22,
    "validate": _matching(LIST_CODE, _("Write small letters, digits, - and _ alone.")),
}


def book() -> WorkbookSpec:
    return WorkbookSpec(
        title=_("Checklists to write"),
        sheets=[
            _sheet("checklists", _("Checklists"), _list_columns(), "checklist"),
            _sheet("items", _("Checklist items"), _item_columns(), "checklist", "code"),
        ],
        notes=[
            _("A list that is known by its code gets a draft with exactly these items; a new code makes a new list."),
            _("Nothing is published by a file: somebody else reviews the draft first."),
        ],
    )


def _sheet(name: str, title: Any, columns: list[Column], *key: str) -> SheetSpec:
    return SheetSpec(name=name, title=title, columns=columns, unique=[key], aliases=both(title))


def _list_columns() -> list[Column]:
    return [
        column("checklist", _("Checklist code"), example="141000-example", **_CODE),
        column("zh", _("Name of the checklist"), required=True, max_length=120, example="示例检查清单", width=34),
        column("en", _("Name in English"), max_length=160, width=30),
        column(
            "region", _("Territory"), kind="choice", choices_from="regions", width=20, help=_("Empty means your own.")
        ),
        column(
            "industry",
            _("Industry"),
            kind="choice",
            choices_from="industries",
            width=18,
            help=_("Left open, it is common to all industries."),
        ),
        column("campaign", _("Special campaign"), max_length=60),
        column("kinds", _("Kinds of visit"), max_length=200, validate=kind_fault, help=_("Empty means all."), width=24),
    ]


def _item_columns() -> list[Column]:
    return [
        column("checklist", _("Checklist code"), example="141000-example", **_CODE),
        column(
            "code",
            _("Item code"),
            required=True,
            max_length=20,
            validate=_matching(ITEM_CODE, _("Write letters, digits and . _ - alone.")),
            example="A1",
            width=10,
        ),
        column("group", _("Group"), max_length=80, width=16, example="现场管理"),
        column(
            "zh",
            _("What is asked"),
            required=True,
            max_length=400,
            multiline=True,
            validate=lambda text: None if len(text) >= 4 else str(_("Write at least 4 characters.")),
            example="安全出口畅通，没有锁闭",
            width=50,
        ),
        column("en", _("In English"), max_length=500, multiline=True, width=40),
        column("method", _("How to check"), max_length=300, multiline=True, width=36),
        column("evidence_asked", _("Evidence asked"), kind="choice", choices_from="evidence", width=12),
        column("weight", _("Weight"), kind="int", minimum=1, maximum=10, width=8, help=_("1 to 10; empty means 1.")),
        column("law_clause", _("Clause of law"), kind="choice", choices_from="law_clauses", width=34),
        column("basis", _("Basis in words"), max_length=300, width=30, help=_("When the clause is not loaded.")),
        column("major_clause", _("A “no” may be major by"), kind="choice", choices_from="major_clauses", width=34),
        column("category", _("Category of hazard"), kind="choice", choices_from="hazard_categories", width=14),
        column("industries", _("Only in the industries"), max_length=400, width=20, help=_SEVERAL),
        column("grades", _("Only at the grades"), max_length=20, validate=grade_fault, width=10, help=_SEVERAL),
        column("scales", _("Only at the scales"), max_length=60, validate=scale_fault, width=14, help=_SEVERAL),
        column(
            "facilities", _("Only where there is"), max_length=600, validate=facilities_fault, width=30, help=_SEVERAL
        ),
    ]


def reading() -> Choices:
    """What a cell may say, beside the words every workbook knows: clauses by code or citation."""
    laws = LawClause.objects.filter(superseded_in=None).select_related("law")
    majors = Clause.objects.filter(superseded_in=None).select_related("criteria")
    return {
        "evidence": {word: code for code, label in EVIDENCE.items() for word in (*both(label), code)},
        "law_clauses": {
            word: str(row.pk) for row in laws for word in (f"{row.law_id}/{row.article}", law_citation(row))
        },
        "major_clauses": {
            word: str(row.pk)
            for row in majors
            for word in (f"{row.criteria_id}/{row.article}/{row.item}", citation(row))
        },
        "hazard_categories": {word: code for code, words in category_names().items() for word in (*words, code)},
    }


def offered(_actor: Actor) -> Choices:
    laws = LawClause.objects.filter(superseded_in=None).select_related("law").order_by("law_id", "place")
    majors = Clause.objects.filter(superseded_in=None).select_related("criteria").order_by("criteria_id", "place")
    return {
        "evidence": {str(label): code for code, label in EVIDENCE.items()},
        "law_clauses": {law_citation(row): str(row.pk) for row in laws},
        "major_clauses": {citation(row): str(row.pk) for row in majors},
        "hazard_categories": {words[0]: code for code, words in category_names().items()},
    }


def codes(kind: str, text: str | None) -> list[str]:
    """The codes behind several words of one cell."""
    words = {"kinds": _KIND_WORDS, "scales": _SCALE_WORDS, "grades": {one.casefold(): one for one in GRADES}}[kind]
    return list(dict.fromkeys(words[word.casefold()] for word in split_words(text or "")))


def export(edition: Edition) -> BytesIO:
    """One edition in the columns of the import."""
    stream, spec, names = BytesIO(), book(), industry_names()
    rows: dict[str, list[list[Any]]] = {
        "checklists": [_list_row(edition.checklist)],
        "items": [_item_row(edition.checklist, item, names) for item in items_of([edition])],
    }
    taken: set[str] = set()
    with new_workbook(stream, streaming=False) as workbook:
        pen = Pen(workbook)
        for sheet in spec.sheets:
            page = workbook.add_worksheet(sheet_name(sheet.title, taken))
            page.freeze_panes(1, 0)
            for index, one in enumerate(sheet.columns):
                page.set_column(index, index, one.width)
                page.write_string(0, index, unfit_removed(str(one.title)), pen.must if one.required else pen.head)
            for line, row in enumerate(rows[sheet.name], start=1):
                for index, value in enumerate(row):
                    pen.write(page, line, index, value)
        workbook.worksheets()[1].activate()
    stream.seek(0)
    return stream


def _list_row(checklist: Checklist) -> list[Any]:
    names = industry_names()
    return [
        checklist.code,
        checklist.zh,
        checklist.en,
        region_names([checklist.region])[checklist.region],
        names.get(checklist.industry_id or "", ""),
        checklist.campaign,
        _joined(str(KIND_WORDS[kind]) for kind in checklist.kinds),
    ]


def _item_row(checklist: Checklist, item: Item, names: dict[str, str]) -> list[Any]:
    wanted, scales = item.applies, dict(SCALES)
    categories = category_names()
    return [
        checklist.code,
        item.code,
        item.group,
        item.zh,
        item.en,
        item.method,
        str(EVIDENCE[item.evidence_asked]),
        item.weight,
        law_citation(item.law_clause) if item.law_clause else "",
        item.basis,
        citation(item.major_clause) if item.major_clause else "",
        categories[item.category][0] if item.category in categories else item.category,
        _joined(names.get(code, code) for code in wanted.get("industry", ())),
        _joined(wanted.get("grade", ())),
        _joined(str(scales[code]) for code in wanted.get("scale", ())),
        _joined(facility_names(wanted.get("facility", ()))),
    ]


def _joined(words: Iterable[str]) -> str:
    return "、".join(words)


def industry_words() -> dict[str, str]:
    return {word.casefold(): row.code for row in Industry.objects.all() for word in (row.zh, row.en, row.code)}
