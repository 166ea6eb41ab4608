"""A figure as the official text shows it: with its unit, in Chinese, whatever language its reader reads."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anlan.bulletins.figures.declared import FEN_OF_WAN, PERCENT, Figure, catalogue

AND_MORE = "等"


def known(figures: Mapping[str, Any]) -> list[Figure]:
    """The figures of a bulletin, in the catalogue's order; what an old one holds and the catalogue no longer does is left out."""
    return [one for one in catalogue().figure if one.code in figures]


def shown(figure: Figure, value: int) -> str:
    """`3284家`, `1万元`, `95.3%`."""
    return number(figure, value) + figure.unit


def number(figure: Figure, value: int) -> str:
    if figure.unit == PERCENT:
        return plain(Decimal(value) / 10)
    if figure.shape == "money":
        return plain((Decimal(value) / FEN_OF_WAN).quantize(Decimal("0.01")))
    return str(value)


def plain(value: Decimal) -> str:
    """Without noughts at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def words_of(figure: Figure, kept: Mapping[str, Any]) -> str:
    """What stands in the text for a computed figure; of names the first ones."""
    if figure.shape != "names":
        return shown(figure, kept["value"])
    names = kept["names"]
    words = "、".join(names)
    return f"{words}{AND_MORE}{kept['value']}个单位" if kept["value"] > len(names) else words


def texts(figures: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, str]:
    """Every figure's words by its code; what a person typed stands in the place of what was computed."""
    found = {one.code: words_of(one, figures[one.code]) for one in known(figures)}
    return found | {code: entry["text"] for code, entry in typed.items() if code in found}


def change(figure: Figure, now: int, before: int | None) -> str:
    """`+12`, `-3.5`, in the figure's own unit; empty where it was not known before."""
    if before is None:
        return ""
    sign = "+" if now >= before else "-"
    return f"{sign}{number(figure, abs(now - before))}"
