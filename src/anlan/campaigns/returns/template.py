"""
Templates of monthly returns: panels and elements as data, with what each is counted in, who fills it and where it comes from.

A template is read once and frozen; what contradicts itself is refused with its place.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from anlan.kernel.phrases import chinese
from anlan.kernel.wording import placed

DATA = Path(__file__).parent.parent / "data" / "returns"

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Kind = Literal["count", "money", "date", "text", "choice", "document"]
"""A count is a whole number, money whole fen, a date a day, a document the number or id of a paper."""
Filler = Literal["district", "system", "unit"]
"""Who hands in: a district or development zone, a department for its industry system, a unit below either of them."""
Person = Literal["", "principal", "safety_manager", "worker", "officer"]
Mark = Literal["V", "B+", "B", "W", "K"]
NUMBERS = ("count", "money")
GREATEST = 10**15
"""No figure of a city is greater; sums of them stay far within 64 bits."""
NAMESPACES = frozenset(
    {"answered", "asked", "below", "counted", "given", "having", "known", "last", "month", "none", "row", "rows", "sum"}
) | {"unit"}
"""First words that expressions give a meaning."""
KEYWORDS = frozenset(
    {"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop"}
) | {"namespace", "null", "package", "return", "true", "var", "void", "while"}
"""Words of CEL itself."""


class TemplateError(ValueError):
    """A template that contradicts itself."""


class Data(BaseModel):
    """What is read from a file: unknown fields are refused, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Worded(Data):
    zh: Annotated[str, Field(min_length=1, max_length=200)]
    en: Annotated[str, Field(min_length=1, max_length=300)]

    @property
    def label(self) -> str:
        return self.zh if chinese() else self.en


class Sourced(Data):
    """Where it comes from, and how sure that is."""

    source: Annotated[str, Field(min_length=1)]
    evidence: Mark = "K"


class Option(Worded):
    code: Name


class Dimension(Worded):
    """What a figure is broken down by."""

    code: Name
    members: Annotated[tuple[Option, ...], Field(min_length=2)]


class Element(Worded):
    """One thing that is asked. `over` says whether a figure is of the month or has been added up since the campaign began."""

    code: Name
    type: Kind
    unit: str = ""
    person: Person = ""
    over: Literal["month", "cumulative"] = "month"
    none: bool = True
    """Whether “none / not applicable” is an answer."""
    needed: bool = True
    """Whether leaving it blank is an error."""
    by: str = ""
    counted: str = ""
    """Name of the counter with which the platform counts it itself."""
    options: tuple[Option, ...] = ()
    least: int = 0
    most: int = GREATEST
    longest: Annotated[int, Field(ge=1, le=4000)] = 500
    help_zh: str = ""
    help_en: str = ""

    @property
    def help(self) -> str:
        return self.help_zh if chinese() else self.help_en

    @property
    def is_number(self) -> bool:
        return self.type in NUMBERS

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.code in KEYWORDS:
            raise ValueError(
                _("“%(code)s” is a word of the language of checks: choose another code.") % {"code": self.code}
            )
        if self.type == "choice" and len(self.options) < 2:
            raise ValueError(_("%(code)s: a choice needs two options.") % {"code": self.code})
        if self.type == "count" and not self.unit:
            raise ValueError(_("%(code)s: say what it is counted in.") % {"code": self.code})
        if self.person and self.unit not in ("人", "人次"):
            raise ValueError(_("%(code)s: people are counted in 人 or 人次.") % {"code": self.code})
        if (self.by or self.over == "cumulative") and not self.is_number:
            raise ValueError(_("%(code)s: only figures are added up.") % {"code": self.code})
        return self


class Panel(Worded, Sourced):
    """A section of the return. One that repeats has rows, each with all elements: meetings, visits, hazards."""

    code: Name
    fills: Annotated[tuple[Filler, ...], Field(min_length=1)]
    repeats: bool = False
    most_rows: Annotated[int, Field(ge=1, le=500)] = 100
    none: bool = True
    needed: bool = True
    """Whether a panel that repeats must have a row or the answer “none”."""
    elements: Annotated[tuple[Element, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.code in NAMESPACES | KEYWORDS:
            raise ValueError(_("“%(code)s” has a meaning in checks: choose another code.") % {"code": self.code})
        if double := _double(one.code for one in self.elements):
            raise ValueError(_("%(code)s stands twice.") % {"code": f"{self.code}.{double}"})
        if self.repeats and any(one.by or one.counted or one.over == "cumulative" for one in self.elements):
            raise ValueError(
                _("%(code)s: a row is neither broken down nor added up nor counted by the platform.")
                % {"code": self.code}
            )
        return self


class Fact(Worded, Sourced):
    """What the platform knows beside the return and checks may name: `known.<code>`."""

    code: Name
    type: Literal["count", "text"] = "count"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One box: an element, or one member of what it is broken down by. `name` is how expressions call it."""

    name: str
    panel: Panel
    element: Element
    member: Option | None = None

    @property
    def label(self) -> str:
        return f"{self.element.label} · {self.member.label}" if self.member else self.element.label

    @property
    def needed(self) -> bool:
        """Breakdowns are not asked member by member: their sum is compared with the total."""
        return self.element.needed and self.member is None


class Template(Worded, Sourced):
    """A whole return. `due` is the working day of the following month by which it is handed in."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    version: Annotated[int, Field(ge=1)]
    from_month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    to_month: Annotated[str, Field(pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")] = ""
    due: Annotated[int, Field(ge=1, le=60)]
    dimensions: tuple[Dimension, ...] = ()
    facts: tuple[Fact, ...] = ()
    panels: Annotated[tuple[Panel, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if double := _double(one.code for one in self.panels):
            raise ValueError(_("%(code)s stands twice.") % {"code": double})
        known = {one.code for one in self.dimensions}
        for panel in self.panels:
            for one in panel.elements:
                if one.by and one.by not in known:
                    raise ValueError(
                        _("%(code)s: there is no dimension “%(by)s”.")
                        % {"code": f"{panel.code}.{one.code}", "by": one.by}
                    )
        return self

    @cached_property
    def cells(self) -> dict[str, Cell]:
        """Every box by its name, in the order of the page."""
        return {cell.name: cell for panel in self.panels for cell in self._cells(panel)}

    def _cells(self, panel: Panel) -> Iterator[Cell]:
        dimensions = {one.code: one for one in self.dimensions}
        for element in panel.elements:
            name = f"{panel.code}.{element.code}"
            yield Cell(name=name, panel=panel, element=element)
            for member in dimensions[element.by].members if element.by else ():
                yield Cell(name=f"{name}.{member.code}", panel=panel, element=element, member=member)

    @cached_property
    def by_panel(self) -> dict[str, tuple[Cell, ...]]:
        return {
            panel.code: tuple(cell for cell in self.cells.values() if cell.panel.code == panel.code)
            for panel in self.panels
        }

    def panel(self, code: str) -> Panel:
        return next(one for one in self.panels if one.code == code)

    def asked_of(self, filler: str) -> tuple[Panel, ...]:
        return tuple(panel for panel in self.panels if filler in panel.fills)


def _double(codes: Iterator[str]) -> str:
    return next((code for code, n in Counter(codes).items() if n > 1), "")


def parse(source: str) -> Template:
    """A template from a text of TOML. Raises TemplateError with every place that is wrong."""
    try:
        given = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(str(error)) from None
    try:
        return Template.model_validate(given)
    except ValidationError as error:
        raise TemplateError(joined(error, given)) from None


def joined(error: ValidationError, given: Any) -> str:
    """All that is wrong, each with its place."""
    return "; ".join(f"{place}: {reason}" if place else reason for place, reason in placed(error, given))
