"""What is wrong with a file: every bad cell by sheet, row, column and reason, bounded in what it lists, never in what it counts."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

LISTED = 10_000
SHOWN = 60

REASONS: dict[str, Any] = {
    "required": _("This cell must not be empty."),
    "too_long": _("The text has %(count)s characters; %(limit)s are allowed."),
    "unfit": _("The text holds the character %(name)s, which cannot be stored."),
    "lost_digits": _(
        "The code was typed as a number, and Excel keeps only 15 digits: the rest is lost. "
        "Format the column as text and type the code again."
    ),
    "lost_zeros": _(
        "The code was typed as a number and has fewer than %(count)s digits: leading zeros are lost. Format the column as text."
    ),
    "wrong_length": _("The code has %(count)s characters instead of %(limit)s."),
    "not_a_code": _(
        "This is not a code: a fraction, a date or a yes/no value. Format the column as text and type the code again."
    ),
    "not_a_number": _("This is not a number."),
    "not_whole": _("This must be a whole number."),
    "too_small": _("The number must be at least %(limit)s."),
    "too_large": _("The number must be at most %(limit)s."),
    "not_a_date": _("This is not a date. Write it as 2026-01-31."),
    "not_a_moment": _("This is not a date with time. Write it as 2026-01-31 08:30."),
    "not_a_choice": _("This is not one of the choices."),
    "not_a_choice_but": _("This is not one of the choices. Did you mean “%(suggestion)s”?"),
    "not_yes_or_no": _("Write yes or no."),
    "duplicate": _("The same value stands in row %(row)s already."),
    "rule": _("%(message)s"),
    "missing_sheet": _("The sheet “%(title)s” is missing."),
    "missing_headings": _("No heading of the sheet “%(title)s” was found in its first 20 rows."),
    "missing_column": _("The column “%(title)s” is missing."),
    "missing_column_but": _("The column “%(title)s” is missing. Is it the one called “%(suggestion)s”?"),
    "repeated_column": _("The column “%(title)s” occurs twice."),
    "no_rows": _("The sheet holds no rows."),
}


def letters(index: int) -> str:
    """Column 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`row` counts from 1 as Excel does, 0 where a whole sheet or column is meant; `value` is what was typed, shortened."""

    sheet: str
    row: int
    index: int
    column: str
    code: str
    value: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def cell(self) -> str:
        return f"{letters(self.index)}{self.row}" if self.row else ""

    @property
    def reason(self) -> str:
        words = str(REASONS[self.code])
        return words % self.params if self.params else words


@dataclass(kw_only=True)
class Report:
    """`rows` counts the rows read of each sheet, by the sheet's name in the spec."""

    rows: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    total: int = 0
    unknown: list[dict[str, str]] = field(default_factory=list)
    """Columns that will be left aside: sheet, column, suggestion."""
    limit: int = LISTED

    @property
    def ok(self) -> bool:
        return self.total == 0

    @property
    def complete(self) -> bool:
        """Every fault is listed."""
        return self.total == len(self.faults)

    def add(self, **fault: Any) -> None:
        self.total += 1
        if len(self.faults) < self.limit:
            self.faults.append(Fault(**fault))

    def as_dict(self) -> dict[str, Any]:
        """JSON; reasons are words again only where they are shown, in the reader's language."""
        return asdict(self) | {"ok": self.ok}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Report":
        known = {key: value for key, value in data.items() if key != "ok"}
        return cls(**known | {"faults": [Fault(**fault) for fault in data["faults"]]})


def shown(value: object) -> str:
    """What was typed, as a person would read it back."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = str(value).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
