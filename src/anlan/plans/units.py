"""Units by the names that a plan calls them."""

import re

from anlan.identity.models import Organisation
from anlan.kernel.codes import subtree


def folded(name: str) -> str:
    """Names differ by blanks and brackets alone."""
    return re.sub(r"[\s()（）·]", "", name)


class Units:
    """The bodies of a territory, asked for once. A name that several bear is nobody's, unless one lies in the territory itself."""

    def __init__(self, region: int) -> None:
        low, high = subtree(region)
        rows = Organisation.objects.filter(active=True, region__gte=low, region__lt=high).exclude(kind="enterprise")
        by_name: dict[str, list[Organisation]] = {}
        for row in rows.order_by("region", "id"):
            by_name.setdefault(folded(row.name), []).append(row)
        self._found = {
            name: one
            for name, bearers in by_name.items()
            if (
                one := bearers[0] if len(bearers) == 1 else next((row for row in bearers if row.region == region), None)
            )
        }

    def find(self, name: str) -> Organisation | None:
        return self._found.get(folded(name)) if name else None
