"""What a city may set about bulletins."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.citysettings import declare, value
from anlan.kernel.papers.paper import NUMBER, official_number


def _stem(found: Any) -> Any:
    if isinstance(found, str) and NUMBER.fullmatch(official_number(found, 2026, 1)):
        return None
    return _("A few words without spaces, as they stand before the year.")


def _few(found: Any) -> Any:
    return None if isinstance(found, str) and 2 <= len(found) <= 60 else _("2 to 60 characters.")


STEM = declare(
    key="bulletins.stem",
    label=_("Bulletins: what stands before the year in their number"),
    default="安委办通",
    check=_stem,
)
PRINTER = declare(
    key="bulletins.organ", label=_("Bulletins: the organ that issues them"), default="安全生产委员会办公室", check=_few
)


def stem(region: int) -> str:
    found: str = value(STEM.key, region)
    return found


def organ(region: int, place: str) -> str:
    """With the territory's name in front, unless the setting names it itself."""
    found: str = value(PRINTER.key, region)
    return found if not place or found.startswith(place) else f"{place}{found}"
