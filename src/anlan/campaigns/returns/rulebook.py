"""Checks of a return as data: what must hold, what the message says, and examples that prove both."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from anlan.campaigns.returns.template import Cell, Data, Filler, Sourced, Template

Level = Literal["field", "panel", "cross_panel", "cross_month", "cross_unit"]
LEVELS = {
    "field": _("one box"),
    "panel": _("one panel"),
    "cross_panel": _("across panels"),
    "cross_month": _("across months"),
    "cross_unit": _("across units"),
}
Severity = Literal["error", "reason", "warning"]
"""An error must be mended, a `reason` may stand once somebody said why, a warning is only said."""
Missing = Literal["skip_any", "skip_all", "never"]
"""When values are missing: not asked if any is, not asked if all are, asked with nought in their place."""
Operator = Literal["==", "!=", "<", "<=", ">", ">=", "compulsory_pair", "exclusive_pair"]
"""A compulsory pair is written on both sides or on neither, an exclusive one on at most one."""
PAIRS = ("compulsory_pair", "exclusive_pair")


class Case(Data):
    """An example: a return, shortened to what the check reads."""

    filler: Filler = "district"
    month: date = date(2024, 4, 1)
    values: dict[str, int | str | date] = {}
    none: tuple[str, ...] = ()
    """Cells and panels answered “none”."""
    rows: dict[str, tuple[dict[str, int | str | date], ...]] = {}
    last: dict[str, int] = {}
    below: dict[str, int] = {}
    counted: dict[str, int] = {}
    known: dict[str, int | str] = {}


class Side(Data):
    expression: Annotated[str, Field(min_length=1)]
    missing: Missing = "skip_any"


class Words(Data):
    """What somebody reads who broke it: what is wrong, and what to write instead. `{name}` stands for a value."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]
    instead_zh: Annotated[str, Field(min_length=1)]
    instead_en: Annotated[str, Field(min_length=1)]


class Check(Words, Sourced):
    """
    Either an `expression` that must be true, or two sides and an operator between them. `each` names a panel with rows: then it
    is asked of every row. `shows` are the cells and panels where the message stands.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.:]*$", max_length=100)]
    level: Level
    severity: Severity = "error"
    fills: tuple[Filler, ...] = ("district", "system", "unit")
    each: str = ""
    shows: Annotated[tuple[str, ...], Field(min_length=1)]
    missing: Missing = "skip_any"
    expression: str = ""
    left: Side | None = None
    operator: Operator | None = None
    right: Side | None = None
    passes: tuple[Case, ...] = ()
    fails: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        sides = (self.left, self.operator, self.right)
        if bool(self.expression) == any(sides) or (any(sides) and not all(sides)):
            raise ValueError(
                str(_("%(check)s: either an expression, or left, operator and right.") % {"check": self.id})
            )
        return self

    @property
    def source_text(self) -> str:
        """The whole as one expression; of a pair there is none, for it asks only who wrote."""
        if self.left and self.right and self.operator:
            return (
                "" if self.operator in PAIRS else f"({self.left.expression}) {self.operator} ({self.right.expression})"
            )
        return self.expression


class Checks(Data):
    check: tuple[Check, ...] = ()


def implied(template: Template) -> Iterator[Check]:
    """The checks that a template implies: parts that add up, sums that do not shrink, figures that the platform counts too."""
    for cell in template.cells.values():
        if cell.member is None and cell.element.by:
            yield _adds_up(template, cell)
        if cell.element.over == "cumulative":
            yield _does_not_shrink(cell)
        if cell.element.counted and cell.member is None:
            yield _as_counted(cell)


def _adds_up(template: Template, cell: Cell) -> Check:
    parts = [one.name for one in template.by_panel[cell.panel.code] if one.member and one.element is cell.element]
    return _implied(
        f"adds_up:{cell.name}",
        cell,
        level="panel",
        left=Side(expression=cell.name),
        operator="==",
        right=Side(expression=" + ".join(parts), missing="skip_all"),
        zh=f"“{cell.element.zh}”合计填 {{{cell.name}}}，与各分项之和不一致。",
        en=f"“{cell.element.en}”: the total {{{cell.name}}} is not the sum of its parts.",
        instead_zh="请逐项核对各分项，使合计等于各分项之和；没有的分项填 0。",
        instead_en="Go through the parts so that they add up to the total; write 0 where there was none.",
    )


def _does_not_shrink(cell: Cell) -> Check:
    return _implied(
        f"does_not_shrink:{cell.name}",
        cell,
        level="cross_month",
        severity="reason",
        expression=f"{cell.name} >= last.{cell.name}",
        zh=f"“{cell.element.zh}”是累计数，本月填 {{{cell.name}}}，少于上月的 {{last.{cell.name}}}。",
        en=f"“{cell.element.en}” is cumulative: {{{cell.name}}} is less than last month's {{last.{cell.name}}}.",
        instead_zh="请填行动开始以来的累计数，而不是本月数；上月填错的，请说明原因。",
        instead_en="Write the sum since the campaign began, not the month's; if last month was wrong, say so.",
    )


def _as_counted(cell: Cell) -> Check:
    return _implied(
        f"as_counted:{cell.name}",
        cell,
        level="panel" if cell.panel.repeats else "field",
        severity="reason",
        expression=f"{cell.name} == counted.{cell.name}",
        zh=f"“{cell.element.zh}”填 {{{cell.name}}}，平台按记录统计为 {{counted.{cell.name}}}。",
        en=f"“{cell.element.en}”: you wrote {{{cell.name}}}, the platform counts {{counted.{cell.name}}} from its records.",
        instead_zh="请打开统计明细核对：漏录的先补录，统计数确实不全的说明差额原因。",
        instead_en="Open the rows behind the count: enter what is missing there, or say why your figure differs.",
    )


def _implied(key: str, cell: Cell, **given: Any) -> Check:
    return Check(
        id=key,
        shows=(cell.name,),
        fills=cell.panel.fills,
        source=cell.panel.source,
        evidence=cell.panel.evidence,
        **given,
    )
