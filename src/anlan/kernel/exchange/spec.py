"""What a workbook should hold: declared once, used for the template, the dry run, the load and the export."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["text", "code", "int", "decimal", "date", "datetime", "choice", "bool"]
Choices = Mapping[str, Mapping[str, Any]]
"""Choices known only at run time: for each `choices_from`, label → value."""

MAX_ROWS = 1_048_576
BIGINT = 2**63


@dataclass(frozen=True, kw_only=True)
class Column:
    key: str
    title: Any
    """Heading, may be a lazy translation."""
    help: Any = ""
    kind: Kind = "text"
    required: bool = False
    max_length: int | None = None
    multiline: bool = False
    exact_length: int | None = None
    """Of a `code`: a number typed in its place with fewer digits has lost leading zeros."""
    minimum: int | None = None
    maximum: int | None = None
    places: int = 6
    """Of a `decimal`: it is rounded to as many, as Excel computes in binary."""
    choices: Mapping[str, Any] | None = None
    """Label → value; labels are what the cell shows."""
    choices_from: str = ""
    example: Any = ""
    aliases: tuple[str, ...] = ()
    """Other headings that mean this column, in any language."""
    validate: Callable[[Any], Any] | None = None
    """Given a converted value, says why it is wrong, or None; must depend on the value alone (answers are kept)."""
    meant: Callable[[str], Any] | None = None
    """Given a text that is no value of the kind, says what it means all the same, or None; must depend on the text alone."""
    width: int = 18

    def labels(self, choices: Choices) -> dict[str, Any]:
        found = self.choices if self.choices is not None else choices.get(self.choices_from, {})
        return {str(label): value for label, value in found.items()}


@dataclass(frozen=True, kw_only=True)
class SheetSpec:
    name: str
    title: Any
    columns: Sequence[Column]
    unique: Sequence[tuple[str, ...]] = ()
    """Keys of columns whose values together may occur once in the file."""
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"Sheet {self.name} names a column twice.")
        if unknown := {key for group in self.unique for key in group} - set(keys):
            raise ValueError(f"Sheet {self.name} has no columns {sorted(unknown)}.")

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True, kw_only=True)
class WorkbookSpec:
    title: Any
    sheets: Sequence[SheetSpec]
    notes: Sequence[Any] = field(default_factory=tuple)
    """Paragraphs for the page of instructions."""
