"""Units by the names that a plan calls them."""

import re

from anlan.identity.models import Organisation
from anlan.kernel.codes import subtree


def folded(name: str) -> str:
    """Names differ by blanks and brackets alone."""
    return re.sub(r"[\s()（）·]", "", name)


class Units:
    """
    The bodies of a territory, asked for once.

    A name is first one of the district's in whose sub-plan it stands, then one of the territory's own bodies. In no sub-plan of
    a district it may be anybody's who alone bears it; a district's never means a body of its neighbour.
    """

    def __init__(self, region: int) -> None:
        self.region = region
        low, high = subtree(region)
        rows = Organisation.objects.filter(active=True, region__gte=low, region__lt=high).exclude(kind="enterprise")
        self._bearers: dict[str, list[Organisation]] = {}
        for row in rows.order_by("region", "id"):
            self._bearers.setdefault(folded(row.name), []).append(row)

    def find(self, name: str, within: int | None = None) -> Organisation | None:
        bearers = self._bearers.get(folded(name), []) if name else []
        low, high = subtree(within or self.region)
        here = [row for row in bearers if low <= row.region < high]
        if len(here) == 1:
            return here[0]
        nearest = within if here and within else self.region
        own = [row for row in bearers if row.region == nearest]
        return own[0] if len(own) == 1 else None
