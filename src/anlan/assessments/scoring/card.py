"""
A score card: what is looked at, what it weighs, how its points come about, and what the sum is called.

Points are decimals of at most two places; the items' weights make 100. A card is loaded whole or refused with every place that
is wrong.
"""

import hashlib
import tomllib
from collections import Counter
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from anlan.assessments.scoring.formula import FormulaError, compiled
from anlan.kernel.phrases import in_tongue
from anlan.kernel.text import clean_line, clean_text
from anlan.kernel.wording import placed
from anlan_verify import canonical

WHOLE = Decimal(100)
CUT = "bonus_most"
"""The line that keeps all bonuses within their bound."""
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Points = Annotated[Decimal, Field(ge=0, le=WHOLE, max_digits=5, decimal_places=2)]
Some = Annotated[Decimal, Field(gt=0, le=WHOLE, max_digits=5, decimal_places=2)]
Percent = Annotated[Decimal, Field(ge=0, le=1000, max_digits=5, decimal_places=1)]
Words = Annotated[str, AfterValidator(clean_line), Field(min_length=1, max_length=120)]
Basis = Annotated[str, AfterValidator(clean_text), Field(max_length=300)]


class CardError(ValueError):
    """A card that is refused; `faults` are (place, reason), in the reader's language."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{place}: {reason}" if place else reason for place, reason in faults))


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


class Named(Part):
    """Something with a code and a name in both languages."""

    code: Code
    zh: Words
    en: Words

    @property
    def label(self) -> str:
        return str(in_tongue(self))


class Grounded(Named):
    """The same with the ground on which it stands, and how sure that is."""

    basis: Basis = ""
    mark: Literal["V", "B+", "B", "W", "K"] = "K"


class Band(Part):
    """From this rate on, so many points."""

    rate: Percent
    points: Points


class Item(Grounded):
    """
    `computed` from a measure (by its rate, by bands of the rate, or by a formula), by `hand`, or `deduct`: full points, less so many
    for each case. `none` is what a measure earns that has nothing to measure.
    """

    weight: Some
    way: Literal["computed", "hand", "deduct"]
    measure: Annotated[str, Field(max_length=40)] = ""
    bands: tuple[Band, ...] = ()
    formula: Annotated[str, Field(max_length=500)] = ""
    none: Literal["full", "zero"] = "full"
    per_case: Points = Decimal(0)
    asks: Basis = ""

    @field_validator("bands", mode="before")
    @classmethod
    def _readable(cls, given: Any) -> Any:
        if isinstance(given, str):
            raise ValueError(_("Write bands such as 95:10; 90:8."))  # noqa: TRY004 -- pydantic's way to refuse a value
        return given


class Group(Named):
    item: tuple[Item, ...] = Field(min_length=1, max_length=40)

    @property
    def weight(self) -> Decimal:
        return sum((one.weight for one in self.item), Decimal(0))


class Bonus(Grounded):
    """So many points for each case, at most `cap` in all."""

    per_case: Some
    cap: Some


class Veto(Grounded):
    """What makes everything else count less: the sum is at most `at_most`, the grade at best `grade`."""

    at_most: Points | None = None
    grade: str = ""


class Grade(Named):
    """From these points on."""

    points: Points


class Card(Grounded):
    """One version of one year. `bonus_most` bounds the sum of all bonuses."""

    year: int = Field(ge=2000, le=2199)
    version: int = Field(ge=1, le=999)
    bonus_most: Points = Decimal(0)
    group: tuple[Group, ...] = Field(min_length=1, max_length=20)
    bonus: tuple[Bonus, ...] = Field(default=(), max_length=20)
    veto: tuple[Veto, ...] = Field(default=(), max_length=20)
    grade: tuple[Grade, ...] = Field(min_length=2, max_length=8)

    @cached_property
    def items(self) -> dict[str, Item]:
        return {item.code: item for group in self.group for item in group.item}

    @cached_property
    def group_of(self) -> dict[str, Group]:
        return {item.code: group for group in self.group for item in group.item}

    @cached_property
    def named(self) -> dict[str, Grounded]:
        """Everything that a line or a case may be about."""
        return {**self.items, **{one.code: one for one in (*self.bonus, *self.veto)}}

    def items_listed(self) -> list[Item]:
        """In the order of the card, one of a code that occurs twice too."""
        return [item for group in self.group for item in group.item]

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.measure for one in self.items.values() if one.measure))

    def kind(self, code: str) -> str:
        """What a case of this code is: "deduct", "bonus" or "veto"; empty where there can be none."""
        item = self.items.get(code)
        if item is not None:
            return "deduct" if item.way == "deduct" else ""
        if any(one.code == code for one in self.bonus):
            return "bonus"
        return "veto" if any(one.code == code for one in self.veto) else ""

    def grade_named(self, code: str) -> Grade | None:
        return next((one for one in self.grade if one.code == code), None)

    def stored(self) -> dict[str, Any]:
        """JSON; reading it again gives the same card."""
        found: dict[str, Any] = self.model_dump(mode="json")
        return found

    @property
    def digest(self) -> str:
        return hashlib.sha256(canonical.dumps(self.stored())).hexdigest()


def read_card(given: Any, *, measures: frozenset[str] | None = None) -> Card:
    """
    A card from what TOML, JSON or a workbook says. With `measures`, an item may name those alone. Raises CardError with every
    place that is wrong.
    """
    try:
        card = Card.model_validate(given)
    except ValidationError as error:
        raise CardError(placed(error, given)) from None
    if faults := _faults(card, measures):
        raise CardError(faults)
    return card


def parse(source: str, *, measures: frozenset[str] | None = None) -> Card:
    """A card from a text of TOML."""
    try:
        given = tomllib.loads(source, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise CardError([("", str(error))]) from None
    return read_card(given, measures=measures)


def _faults(card: Card, measures: frozenset[str] | None) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    total = sum((group.weight for group in card.group), Decimal(0))
    if total != WHOLE:
        found.append(("group", _("The items' weights make %(sum)s instead of 100.") % {"sum": plain(total)}))
    codes = [one.code for one in (*card.group, *card.items_listed(), *card.bonus, *card.veto)]
    found += [(code, _("This code occurs twice.")) for code, count in Counter(codes).items() if count > 1]
    found += [(code, _("This code is the platform's own.")) for code in codes if code == CUT]
    for item in card.items_listed():
        found += [(item.code, reason) for reason in _item_faults(item, measures)]
    for bonus in card.bonus:
        if bonus.per_case > bonus.cap:
            found.append((bonus.code, _("One case would earn more than the cap.")))
    for veto in card.veto:
        if veto.at_most is None and not veto.grade:
            found.append((veto.code, _("Say what it does: at most so many points, or at best a grade.")))
        if veto.grade and card.grade_named(veto.grade) is None:
            found.append((veto.code, _("There is no grade “%(code)s”.") % {"code": veto.grade}))
    return found + _grade_faults(card)


def _grade_faults(card: Card) -> list[tuple[str, str]]:
    found = []
    points = [one.points for one in card.grade]
    if points != sorted(set(points), reverse=True):
        found.append(("grade", _("Grades come from the best to the lowest, each from fewer points on.")))
    if points[-1] != 0:
        found.append(("grade", _("The lowest grade begins at 0.")))
    if len({one.code for one in card.grade}) != len(points):
        found.append(("grade", _("This code occurs twice.")))
    return found


def _item_faults(item: Item, measures: frozenset[str] | None) -> list[str]:
    found: list[str] = []
    if item.way != "computed" and (item.measure or item.bands or item.formula):
        found.append(_("Only a computed item has a measure, bands or a formula."))
    if item.way != "deduct" and item.per_case:
        found.append(_("Points for each case belong to items from which is deducted."))
    if item.way == "deduct" and not 0 < item.per_case <= item.weight:
        found.append(_("Say how many points one case costs, at most the item's weight."))
    if item.way == "computed":
        found += _computed_faults(item, measures)
    return found


def _computed_faults(item: Item, measures: frozenset[str] | None) -> list[str]:
    found: list[str] = []
    if not item.measure:
        found.append(_("Say which measure it is computed from."))
    elif measures is not None and item.measure not in measures:
        known = "、".join(sorted(measures))
        found.append(
            _("There is no measure “%(name)s”. Known are: %(known)s.") % {"name": item.measure, "known": known}
        )
    if item.bands and item.formula:
        found.append(_("Either bands or a formula, not both."))
    rates, points = [one.rate for one in item.bands], [one.points for one in item.bands]
    if rates != sorted(set(rates), reverse=True) or points != sorted(points, reverse=True):
        found.append(_("Bands come from the highest rate to the lowest, with ever fewer points."))
    if points and points[0] > item.weight:
        found.append(_("A band gives more points than the item weighs."))
    if item.formula:
        try:
            compiled(item.formula)
        except FormulaError as error:
            found.append(str(error))
    return found


def plain(points: Decimal | None) -> str:
    """12.50 → 12.5, 10.00 → 10."""
    if points is None:
        return ""
    text = f"{points:.2f}".rstrip("0").rstrip(".")
    return text if text != "-0" else "0"
