"""
Formulas of computed items, in CEL as the checks of returns are: whole numbers, no loops, a bounded cost.

`part` and `whole` are the measure's counts, `permille` their rate, `most` the item's weight in hundredths of a point; the value is
in hundredths of a point too and is kept between nought and `most`.
"""

from functools import lru_cache

from django.utils.translation import gettext as _

from anlan.campaigns.returns.expressions import COUNT, Expression, ExpressionError, Language

NAMES = ("part", "whole", "permille", "most")


class FormulaError(ValueError):
    """A formula that is refused, in the reader's language."""


@lru_cache(maxsize=1)
def language() -> Language:
    return Language(dict.fromkeys(NAMES, COUNT))


@lru_cache(maxsize=500)
def compiled(source: str) -> Expression:
    """Raises FormulaError for an unknown name, bad syntax, a loop, or a value that is no whole number."""
    try:
        found = language().compile(source)
    except ExpressionError as error:
        raise FormulaError(_("The formula cannot be read: %(reason)s") % {"reason": str(error)}) from None
    if found.yields != "INT" and found.yields.lower() != "int":
        raise FormulaError(_("The formula must give a whole number: hundredths of a point."))
    return found


def value_of(source: str, *, part: int, whole: int, permille: int, most: int) -> int:
    """Hundredths of a point, between nought and `most`; nought where the formula has no value."""
    values = {"part": part, "whole": whole, "permille": permille, "most": most}
    try:
        found = int(compiled(source).value(language().activation(values)))
    except ArithmeticError:
        return 0
    return max(0, min(found, most))
