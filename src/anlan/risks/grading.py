"""How bad a source is: the scales of the methods, the score, the colour. Pure: values in, judgement out."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from math import prod
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.errors import Invalid
from anlan.kernel.phrases import chinese, in_tongue
from anlan.risks.rulings import SCORED, WORST_FIRST, bands_of, colour_in


@dataclass(frozen=True, kw_only=True)
class Level:
    """One value of a scale. `text` is how it is written and kept."""

    text: str
    zh: str
    en: str
    evidence: str

    @property
    def value(self) -> Decimal:
        return Decimal(self.text)

    @property
    def words(self) -> str:
        return in_tongue(self)


@dataclass(frozen=True, kw_only=True)
class Factor:
    letter: str
    zh: str
    en: str
    levels: tuple[Level, ...]

    @property
    def words(self) -> str:
        return in_tongue(self)


@dataclass(frozen=True, kw_only=True)
class Method:
    code: str
    zh: str
    en: str
    formula: str
    evidence: str
    factors: tuple[Factor, ...]

    @property
    def words(self) -> str:
        return in_tongue(self)

    @property
    def letters(self) -> tuple[str, ...]:
        return tuple(factor.letter for factor in self.factors)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """`factors` as written, `score` None when nothing was scored, `bands` those it was judged by."""

    method: str
    factors: dict[str, str]
    score: Decimal | None
    colour: str
    bands: list[list[str]]
    direct: bool


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("anlan.risks") / "data" / name).read_text(encoding="utf-8"))


@cache
def methods() -> dict[str, Method]:
    found = {}
    for code, facts in _read("methods.toml").items():
        factors = tuple(
            Factor(
                letter=one["letter"],
                zh=one["zh"],
                en=one["en"],
                levels=tuple(Level(text=text, zh=zh, en=en, evidence=mark) for text, zh, en, mark in one["levels"]),
            )
            for one in facts["factor"]
        )
        names = {name: facts[name] for name in ("zh", "en", "formula", "evidence")}
        found[code] = Method(code=code, factors=factors, **names)
    return found


@cache
def _accidents() -> dict[str, tuple[str, str]]:
    return {one["code"]: (one["zh"], one["en"]) for one in _read("accidents.toml")["accident"]}


def accidents() -> dict[str, str]:
    """The twenty kinds of accident: code → name in the reader's language."""
    place = 0 if chinese() else 1
    return {code: names[place] for code, names in _accidents().items()}


def accident_words() -> dict[str, str]:
    """Every word that means a kind: its names in both languages and its code → the code."""
    return {word: code for code, names in _accidents().items() for word in (*names, code)}


def level_of(method: str, letter: str, given: Any) -> Level | None:
    """The level a value stands for; 6, 6.0 and "6" are one. None when it is not on the scale."""
    try:
        value = Decimal(str(given).strip())
    except InvalidOperation:
        return None
    factor = next(one for one in methods()[method].factors if one.letter == letter)
    return next((level for level in factor.levels if value.is_finite() and level.value == value), None)


def scale_words(method: str, letter: str) -> str:
    factor = next(one for one in methods()[method].factors if one.letter == letter)
    return "、".join(level.text for level in factor.levels)


def judge(*, method: str, factors: Mapping[str, Any], direct_reason: str = "", region: int) -> Judgement:
    """
    The judgement by the bands in force in `region`. Raises Invalid at each factor that is not on its scale. A reason to
    determine it directly makes it red whatever the score.
    """
    if method == "direct":
        if not direct_reason.strip():
            raise Invalid(fields={"direct_reason": [_("Say what makes it a major risk without a score.")]})
        if any(value not in (None, "") for value in factors.values()):
            raise Invalid(fields={"method": [_("A direct determination has no factors.")]})
        return Judgement(method=method, factors={}, score=None, colour=WORST_FIRST[0], bands=[], direct=True)
    if method not in SCORED:
        raise Invalid(fields={"method": [_("Choose one of the list.")]})
    wanted = methods()[method]
    found: dict[str, Level] = {}
    wrong: dict[str, list[Any]] = {}
    for letter in wanted.letters:
        level = level_of(method, letter, factors.get(letter, ""))
        if level is None:
            wrong[letter] = [
                _("Only these values are on the scale: %(scale)s.") % {"scale": scale_words(method, letter)}
            ]
        else:
            found[letter] = level
    for letter, given in factors.items():
        if letter not in wanted.letters and given not in (None, ""):
            wrong[letter] = [_("%(method)s has no such factor.") % {"method": method.upper()}]
    if wrong:
        raise Invalid(fields=wrong)
    score = Decimal(prod(level.value for level in found.values())).quantize(Decimal("0.01"))
    bands = bands_of(method, region)
    direct = bool(direct_reason.strip())
    return Judgement(
        method=method,
        factors={letter: level.text for letter, level in found.items()},
        score=score,
        colour=WORST_FIRST[0] if direct else colour_in(bands, score),
        bands=[[colour, str(low)] for colour, low in bands],
        direct=direct,
    )


def worst(colours: Any) -> str:
    """The worst of some colours; "" of none."""
    known = [colour for colour in colours if colour]
    return min(known, key=WORST_FIRST.index, default="")
