"""How what people found held up: counted for the expert pool, which lies upstream and asks by a registered function."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Q

from anlan.experts.queries import Standing
from anlan.hazards.models import Hazard


def standings(people: Collection[UUID]) -> dict[UUID, Standing]:
    """Only what the reader may see is counted; a duplicate is no error of its finder."""
    rows = (
        Hazard.objects.filter(finder_id__in=people)
        .values("finder_id")
        .annotate(
            found=Count("pk"),
            dismissed=Count("pk", filter=Q(state="dismissed", survivor=None)),
            majors=Count("pk", filter=Q(grade="major")),
            closed=Count("pk", filter=Q(state="closed")),
        )
    )
    return {
        row["finder_id"]: Standing(
            found=row["found"], dismissed=row["dismissed"], major=row["majors"], closed=row["closed"]
        )
        for row in rows
    }
