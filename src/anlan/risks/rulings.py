"""What a city may set of risk grading: the bands, the tiers that answer for a colour, when a source is due again."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.citysettings import Declared, declare, value
from anlan.kernel.rulings import whole
from anlan.risks.models import COLOURS, METHODS, TIERS

WORST_FIRST = tuple(code for code, _label in COLOURS)
TIER_CODES = tuple(code for code, _label in TIERS)
Bands = tuple[tuple[str, Decimal], ...]
"""Colours from worst to mildest with the score from which each counts."""


_score = whole(1, 10_000, _("A whole number from 1 to 10,000."))
_months = whole(1, 60, _("A number of months from 1 to 60."))


def _tiers(found: Any) -> Any:
    """A higher tier never releases the lower ones."""
    if not isinstance(found, list) or not found or tuple(found) != TIER_CODES[-len(found) :]:
        return _("A tier with every tier below it: a higher tier never releases the lower ones.")
    return None


_LS = "常用的 5×5 矩阵分级"
_LEC = "作业条件危险性评价法（LEC）常用分级"
BANDS: dict[tuple[str, str], Declared] = {
    (method, colour): declare(
        key=f"risks.bands.{method}.{colour}", label=label, default=default, check=_score, evidence=mark, basis=basis
    )
    for method, colour, label, default, mark, basis in (
        ("ls", "red", _("LS: red from"), 20, "K", _LS),
        ("ls", "orange", _("LS: orange from"), 15, "K", _LS),
        ("ls", "yellow", _("LS: yellow from"), 9, "K", _LS),
        ("lec", "red", _("LEC: red from"), 320, "W", _LEC),
        ("lec", "orange", _("LEC: orange from"), 160, "W", _LEC),
        ("lec", "yellow", _("LEC: yellow from"), 70, "W", _LEC),
        ("mes", "red", _("MES: red from"), 180, "K", ""),
        ("mes", "orange", _("MES: orange from"), 90, "K", ""),
        ("mes", "yellow", _("MES: yellow from"), 50, "K", ""),
    )
}
TIERS_BY_COLOUR: dict[str, Declared] = {
    colour: declare(
        key=f"risks.tiers.{colour}", label=label, default=list(TIER_CODES[highest:]), check=_tiers, choices=tuple(TIERS)
    )
    for highest, (colour, label) in enumerate(
        (
            ("red", _("Who answers for red")),
            ("orange", _("Who answers for orange")),
            ("yellow", _("Who answers for yellow")),
            ("blue", _("Who answers for blue")),
        )
    )
}
MONTHS: dict[str, Declared] = {
    colour: declare(key=f"risks.months.{colour}", label=label, default=default, check=_months)
    for colour, label, default in (
        ("red", _("Months until red is assessed again"), 6),
        ("orange", _("Months until orange is assessed again"), 12),
        ("yellow", _("Months until yellow is assessed again"), 12),
        ("blue", _("Months until blue is assessed again"), 24),
    )
}


def bands_of(method: str, region: int) -> Bands:
    """
    The bands in force in a region. Each holds its lower end and ends where the worse one begins, so that no score falls
    between two; the mildest takes the rest.
    """
    found = [(colour, Decimal(value(BANDS[method, colour].key, region))) for colour in WORST_FIRST[:-1]]
    return (*found, (WORST_FIRST[-1], Decimal(0)))


def tiers_of(colour: str, region: int) -> list[str]:
    """Every tier that answers for a colour, the highest first."""
    return list(value(TIERS_BY_COLOUR[colour].key, region)) if colour else []


def months_of(colour: str, region: int) -> int:
    months: int = value(MONTHS[colour].key, region)
    return months


def colour_in(bands: Bands, score: Decimal) -> str:
    """The worst colour whose band the score has reached."""
    return next(colour for colour, low in bands if score >= low)


SCORED = tuple(code for code, _label in METHODS if code != "direct")
