"""What only the database knows to be wrong, told at the cell like everything else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.exchange.report import REASONS, Report, shown
from anlan.kernel.exchange.spec import SheetSpec

WORDS = {
    "registry.taken": _("An enterprise with this credit code is registered already."),
    "registry.outside": _("This region lies outside your territory."),
    "registry.other_field": _("Your post does not supervise this industry."),
    "registry.half_point": _("A point needs both longitude and latitude."),
    "registry.no_parent": _("There is no organisation of this name, neither registered nor in this file."),
    "registry.unlike": _(
        "The account “%(username)s” belongs to %(name)s. Use another account name, or the name of its owner."
    ),
    "registry.unlike_rows": _("In row %(first)s this account has another name."),
    "registry.yourself": _("Nobody gives rights to themselves. Ask another security administrator."),
    "registry.powers": _("“%(username)s” is an administrator, and administrators hold no other post."),
    "registry.inactive": _("The account “%(username)s” is switched off. Switch it on first."),
    "registry.other_territory": _("The account “%(username)s” is kept by the administrator of another territory."),
    "registry.no_organisation": _("There is no organisation of this name in the region or above it."),
    "registry.no_enterprise": _("There is no enterprise with this credit code in your territory."),
    "registry.organisation_needed": _("A post of an enterprise needs the enterprise's credit code here."),
    "registry.unknown_industry": _(
        "The industry “%(word)s” is not known. Choose from the list on the page of instructions."
    ),
    "registry.ends_early": _("The last day lies before the first."),
    "registry.in_circles": _("This organisation would stand above itself."),
}
REASONS.update(WORDS)


@dataclass
class Marker:
    """Where the columns of the sheet stand in this very file."""

    spec: SheetSpec
    title: str = ""
    places: Mapping[str, int] = field(default_factory=dict)

    def add(self, report: Report, row: int, key: str, code: str, value: Any = "", **params: Any) -> None:
        report.add(
            sheet=self.title,
            row=row,
            index=self.places.get(key, 0),
            column=str(self.spec.column(key).title),
            code=code,
            value=shown(value) if value not in (None, "") else "",
            params=params,
        )

    def add_all(self, report: Report, rows: Iterable[tuple[int, Any]], key: str, code: str) -> None:
        for row, value in rows:
            self.add(report, row, key, code, value)
