"""What a city may settle for itself about its chain."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel import citysettings
from anlan.kernel.rulings import some_of

LEVELS = (("city", _("city")), ("county", _("county")), ("township", _("township")))

_levels = some_of(dict(LEVELS), _("Choose levels of the list, each once."), none=True)


def _codes(value: Any) -> str | None:
    fits = isinstance(value, list) and all(isinstance(one, str) and 0 < len(one) <= 30 for one in value)
    return None if fits else str(_("Write a list of codes of industries."))


SECTOR = citysettings.declare(
    key="chain.sector_levels",
    label=_("Levels at which every industry must have a leading department and a leader in charge"),
    default=["city", "county"],
    choices=LEVELS,
    basis="安全生产法（2021）第十条：县级以上地方各级人民政府有关部门在各自职责范围内监督管理",
    evidence="K",
    check=_levels,
)
TERRITORIAL = citysettings.declare(
    key="chain.territorial_levels",
    label=_("Levels at which a government must be named for its territory"),
    default=["city", "county", "township"],
    choices=LEVELS,
    basis="安全生产法（2021）第九条：地方各级人民政府、乡镇人民政府和街道办事处的职责",
    evidence="K",
    check=_levels,
)
DIRECTORS = citysettings.declare(
    key="chain.committee_levels",
    label=_("Levels whose work-safety committee has two directors"),
    default=["city", "county"],
    choices=LEVELS,
    basis="地方党政领导干部安全生产责任制规定：党政同责；双主任为各地通行做法",
    evidence="K",
    check=_levels,
)
CITY_LED = citysettings.declare(
    key="chain.city_led",
    label=_("Industries led by the city alone"),
    help=_("Codes of industries for which the counties need no department of their own, such as rail_air."),
    default=[],
    evidence="K",
    check=_codes,
)
