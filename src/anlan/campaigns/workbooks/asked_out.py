"""A template and its checks into the workbook that an office edits."""

from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from anlan.campaigns.returns.checking import Checker
from anlan.campaigns.returns.rulebook import Case, Check, implied
from anlan.campaigns.returns.template import GREATEST, Template
from anlan.campaigns.returns.texts import case_text
from anlan.campaigns.workbooks.asked import WORDS, book
from anlan.kernel.exchange import Column
from anlan.kernel.exchange.template import LISTED_INLINE
from anlan.kernel.exchange.writing import Pen, new_workbook, sheet_name, unfit_removed

ROOM_BELOW = 300
"""Rows below the last that still offer their choices."""


def write(stream: IO[bytes], checker: Checker) -> None:
    follow = {one.id for one in implied(checker.template)}
    own = [check for check in checker.checks if check.id not in follow]
    rows = {
        "general": [checker.template.model_dump(include={"code", "version", "zh", "en", "from_month", "to_month", "due", "source", "evidence"})],
        "dimensions": _dimensions(checker.template),
        "facts": [one.model_dump() for one in checker.template.facts],
        "panels": _panels(checker.template),
        "elements": _elements(checker.template),
        "checks": [_check(one) for one in own],
        "examples": [row for one in own for row in _examples(one)],
    }  # fmt: skip
    taken: set[str] = set()
    with new_workbook(stream, streaming=False) as workbook:
        pen = Pen(workbook)
        for sheet in book().sheets:
            page = workbook.add_worksheet(sheet_name(sheet.title, taken))
            page.freeze_panes(1, 2)
            listed = list(rows[sheet.name])
            for index, one in enumerate(sheet.columns):
                page.set_column(index, index, one.width, pen.wrap if one.multiline else None)
                page.write_string(0, index, unfit_removed(str(one.title)), pen.must if one.required else pen.head)
                if help_ := str(one.help):
                    page.write_comment(0, index, help_, {"x_scale": 2})
                _offer(page, index, one, len(listed))
                for line, row in enumerate(listed, start=1):
                    pen.write(page, line, index, _shown(one, row.get(one.key)))


def _offer(page: Any, index: int, column: Column, rows: int) -> None:
    labels: list[str] = []
    if column.kind == "bool":
        labels = [_("yes"), _("no")]
    elif column.kind == "choice":
        labels = [str(label) for label in WORDS[column.choices_from].values()]
    if labels and len(",".join(labels)) <= LISTED_INLINE:
        page.data_validation(1, index, rows + ROOM_BELOW, index, {"validate": "list", "source": labels})


def _shown(column: Column, one: Any) -> Any:
    if column.kind == "bool":
        return _("yes") if one else _("no")
    if column.kind == "choice":
        return str(WORDS[column.choices_from].get(one, one or ""))
    if column.key == "fills":
        return "、".join(str(WORDS["fillers"][code]) for code in one or ())
    return one


def _dimensions(template: Template) -> Iterator[dict[str, Any]]:
    for one in template.dimensions:
        for member in one.members:
            yield {
                "dimension": one.code,
                "dimension_zh": one.zh,
                "dimension_en": one.en,
                **member.model_dump(),
            }


def _panels(template: Template) -> Iterator[dict[str, Any]]:
    for one in template.panels:
        yield one.model_dump(exclude={"elements"}) | {"most_rows": one.most_rows if one.repeats else None}


def _elements(template: Template) -> Iterator[dict[str, Any]]:
    for panel in template.panels:
        for one in panel.elements:
            options = "\n".join(f"{option.code} | {option.zh} | {option.en}" for option in one.options)
            row = one.model_dump() | {"panel": panel.code, "options": options}
            if not one.is_number:
                row |= {"least": None, "most": None, "over": None}
            if one.most == GREATEST:
                row["most"] = None
            if one.type not in ("text", "document"):
                row["longest"] = None
            yield row


def _check(check: Check) -> dict[str, Any]:
    row = check.model_dump(exclude={"passes", "fails", "left", "right"})
    for name, side in (("left", check.left), ("right", check.right)):
        row |= {name: side.expression if side else "", f"{name}_missing": side.missing if side else ""}
    return row | {"shows": "、".join(check.shows)}


def _examples(check: Check) -> Iterator[dict[str, Any]]:
    several: Iterable[tuple[str, tuple[Case, ...]]] = (("passes", check.passes), ("fails", check.fails))
    for outcome, cases in several:
        for case in cases:
            yield {
                "check": check.id,
                "outcome": outcome,
                "filler": case.filler,
                "month": case.month,
                "content": case_text(case),
            }
