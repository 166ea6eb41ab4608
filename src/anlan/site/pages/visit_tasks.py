"""Visits on the workbench: today's first, with the step that comes next."""

from typing import Any

from anlan.inspections.models import Visit
from anlan.inspections.queries.visits import enterprises_of
from anlan.inspections.wording import day_words, due_view, kind_words, state_view, style_words
from anlan.kernel import clock
from anlan.site.pages.access import address


def section(title: str, rows: list[Visit], *, empty: str = "") -> dict[str, Any] | None:
    """None when there is nothing to say: an enterprise without a visit is not told that it has none."""
    if not rows and not empty:
        return None
    names = enterprises_of(rows)
    return {
        "title": title,
        "empty": empty,
        "more": address("inspections:visits", query="mine=1&state=open") if empty else address("inspections:visits"),
        "rows": [
            {
                "url": address("inspections:visit", row.pk),
                "number": row.number,
                "enterprise": names[row.enterprise_id].name,
                "address": names[row.enterprise_id].address,
                "state": state_view(row),
                "day": day_words(row),
                "today": row.planned_on <= clock.today(),
                "kind": kind_words(row.kind),
                "style": style_words(row.style),
                "due": due_view(row),
            }
            for row in rows
        ],
    }
