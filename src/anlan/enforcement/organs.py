"""Which organ issues what a territory drafts."""

from anlan.enforcement.models import Organ


def nearest_organ(region: int) -> Organ | None:
    """The organ of the territory, of several its committee office; nobody issues in the name of one above."""
    rows = Organ.objects.filter(region=region).select_related("organisation").order_by("changed_at", "id")
    return min(rows, key=lambda one: one.organisation.kind != "committee", default=None)
