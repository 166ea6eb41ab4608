"""What is asked, as a workbook that an office edits: panels, elements, checks with their examples. Which sheets and columns it has."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.campaigns.returns.rulebook import LEVELS
from anlan.kernel.exchange import Choices, Column, SheetSpec, WorkbookSpec
from anlan.registry.workbooks import both, column

OPTIONAL = ("dimensions", "facts", "examples", "checks")
"""Sheets that may be empty or absent."""

FILLERS = {"district": _("district or zone"), "system": _("department"), "unit": _("unit below")}
KINDS = {
    "count": _("a count"),
    "money": _("amount in yuan"),
    "date": _("a day"),
    "text": _("text"),
    "choice": _("a choice"),
    "document": _("document number or address"),
}
PERSONS = {
    "principal": _("enterprise principals"),
    "safety_manager": _("safety managers"),
    "worker": _("workers and staff"),
    "officer": _("enforcement officers"),
}
OVERS = {"month": _("of the month"), "cumulative": _("since the campaign began")}
SEVERITIES = {"error": _("must be mended"), "reason": _("needs a reason"), "warning": _("please look")}
MISSING = {
    "skip_any": _("skip if any is blank"),
    "skip_all": _("skip if all are blank"),
    "never": _("blank counts as nought"),
}
OPERATORS = {
    **{one: one for one in ("==", "!=", "<", "<=", ">", ">=")},
    "compulsory_pair": _("both or neither"),
    "exclusive_pair": _("at most one"),
}
OUTCOMES = {"passes": _("passes the check"), "fails": _("is stopped by it")}
MARKS = ("V", "B+", "B", "W", "K")
WORDS: dict[str, dict[str, Any]] = {
    "kinds": KINDS,
    "persons": PERSONS,
    "overs": OVERS,
    "levels": LEVELS,
    "severities": SEVERITIES,
    "missing": MISSING,
    "operators": OPERATORS,
    "outcomes": OUTCOMES,
    "fillers": FILLERS,
    "marks": {one: one for one in MARKS},
}


def book() -> WorkbookSpec:
    return WorkbookSpec(
        title=_("What a return asks"),
        sheets=[
            _sheet("general", _("General"), _GENERAL),
            _sheet("dimensions", _("Breakdowns"), _DIMENSIONS),
            _sheet("facts", _("Known facts"), _FACTS),
            _sheet("panels", _("Panels"), _PANELS, ("code",)),
            _sheet("elements", _("Elements"), _ELEMENTS, ("panel", "code")),
            _sheet("checks", _("Checks"), _CHECKS, ("id",)),
            _sheet("examples", _("Examples"), _EXAMPLES),
        ],
    )


def _sheet(name: str, title: Any, columns: list[Column], *unique: tuple[str, ...]) -> SheetSpec:
    return SheetSpec(name=name, title=title, columns=columns, unique=unique, aliases=both(title))


def reading() -> Choices:
    """Words of either language and the codes themselves."""
    return {
        name: {word: code for code, label in words.items() for word in (code, *both(label))}
        for name, words in WORDS.items()
    }


def offered() -> Choices:
    return {name: {str(label): code for code, label in words.items()} for name, words in WORDS.items()}


_CODE: dict[str, Any] = {"required": True, "max_length": 40, "width": 18}
_LONG: dict[str, Any] = {"multiline": True, "max_length": 4000, "width": 48}
_ZH, _EN = _("In Chinese"), _("In English")
_FILLS_HELP = _("Several in one cell, separated by commas: district or zone, department, unit below.")


def _sourced() -> list[Column]:
    return [
        column("source", _("Where it comes from"), required=True, max_length=500, width=40),
        column("evidence", _("Evidence mark"), kind="choice", choices_from="marks", width=10),
    ]


_GENERAL = [
    column("code", _("Code of the return"), **_CODE),
    column("version", _("Version"), kind="int", required=True, minimum=1, width=10),
    column("zh", _ZH, required=True, max_length=200, width=30),
    column("en", _EN, required=True, max_length=300, width=30),
    column("from_month", _("From the month"), required=True, max_length=7, width=12),
    column("to_month", _("To the month"), max_length=7, width=12),
    column("due", _("Due on the working day of the next month"), kind="int", required=True, minimum=1, maximum=60, width=14),
    *_sourced(),
]  # fmt: skip
_DIMENSIONS = [
    column("dimension", _("Code of the breakdown"), **_CODE),
    column("dimension_zh", _("Breakdown in Chinese"), required=True, max_length=200),
    column("dimension_en", _("Breakdown in English"), required=True, max_length=300),
    column("code", _("Code of the part"), **_CODE),
    column("zh", _("Part in Chinese"), required=True, max_length=200),
    column("en", _("Part in English"), required=True, max_length=300),
]
_FACTS = [
    column("code", _("Code of the fact"), **_CODE),
    column("type", _("Kind"), kind="choice", choices_from="kinds", width=12),
    column("zh", _ZH, required=True, max_length=200, width=34),
    column("en", _EN, required=True, max_length=300, width=34),
    *_sourced(),
]
_PANELS = [
    column("code", _("Code of the panel"), **_CODE),
    column("zh", _ZH, required=True, max_length=200, width=30),
    column("en", _EN, required=True, max_length=300, width=30),
    column("fills", _("Filled in by"), required=True, max_length=200, width=26, help=_FILLS_HELP),
    column("repeats", _("Several entries"), kind="bool", width=10),
    column("most_rows", _("At most entries"), kind="int", minimum=1, maximum=500, width=10),
    column("none", _("“None” is an answer"), kind="bool", width=12),
    column("needed", _("Must be answered"), kind="bool", width=12),
    *_sourced(),
]
_ELEMENTS = [
    column("panel", _("Code of the panel"), **_CODE),
    column("code", _("Code of the element"), **_CODE),
    column("type", _("Kind"), kind="choice", choices_from="kinds", required=True, width=14),
    column("zh", _ZH, required=True, max_length=200, width=30),
    column("en", _EN, required=True, max_length=300, width=30),
    column("unit", _("Unit of count"), max_length=10, width=10, help=_("家 for enterprises, 家次 for visits to them.")),
    column("person", _("Kind of people"), kind="choice", choices_from="persons", width=14),
    column("over", _("Counted over"), kind="choice", choices_from="overs", width=16),
    column("none", _("“None” is an answer"), kind="bool", width=12),
    column("needed", _("Must be answered"), kind="bool", width=12),
    column("by", _("Broken down by"), max_length=40, width=14),
    column("counted", _("Counted by the platform as"), max_length=60, width=22),
    column("options", _("Choices"), width=34, multiline=True, max_length=4000, help=_("One a line: code | in Chinese | in English.")),
    column("least", _("At least"), kind="int", width=10),
    column("most", _("At most"), kind="int", width=10),
    column("longest", _("Signs at most"), kind="int", minimum=1, maximum=4000, width=10),
    column("help_zh", _("Help in Chinese"), **_LONG),
    column("help_en", _("Help in English"), **_LONG),
]  # fmt: skip
_CHECKS = [
    column("id", _("Code of the check"), required=True, max_length=100, width=26),
    column("level", _("How far it looks"), kind="choice", choices_from="levels", required=True, width=12),
    column("severity", _("How grave"), kind="choice", choices_from="severities", width=12),
    column("fills", _("For returns of"), max_length=200, width=20, help=_FILLS_HELP),
    column("each", _("For each entry of the panel"), max_length=40, width=14),
    column("shows", _("Shown at"), required=True, max_length=1000, width=26, help=_("Boxes or panels, separated by commas.")),
    column("missing", _("Where something is blank"), kind="choice", choices_from="missing", width=18),
    column("expression", _("Must be true"), help=_("An expression of CEL; or left side, operator and right side."), **_LONG),
    column("left", _("Left side"), **_LONG),
    column("left_missing", _("Blank on the left"), kind="choice", choices_from="missing", width=18),
    column("operator", _("Operator"), kind="choice", choices_from="operators", width=12),
    column("right", _("Right side"), **_LONG),
    column("right_missing", _("Blank on the right"), kind="choice", choices_from="missing", width=18),
    column("zh", _("What is wrong, in Chinese"), required=True, **_LONG),
    column("en", _("What is wrong, in English"), required=True, **_LONG),
    column("instead_zh", _("What to write instead, in Chinese"), required=True, **_LONG),
    column("instead_en", _("What to write instead, in English"), required=True, **_LONG),
    *_sourced(),
]  # fmt: skip
_EXAMPLES = [
    column("check", _("Code of the check"), required=True, max_length=100, width=26),
    column("outcome", _("This return"), kind="choice", choices_from="outcomes", required=True, width=10),
    column("filler", _("Filled in by a"), kind="choice", choices_from="fillers", width=12),
    column("month", _("In the month"), kind="date", width=12),
    column("content", _("What is written in it"), help=_('As in TOML, a line each: values = { "checks.units" = 3 }.'), **_LONG),
]  # fmt: skip
