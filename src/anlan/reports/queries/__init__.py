"""The only code that reads reports for others."""

from anlan.reports.queries.following import by_claim, follow, own
from anlan.reports.queries.lists import COUNTED, Page, ReportFilters, count_reports, reports, seen
from anlan.reports.queries.near import Near, NearPublic, near, near_public
from anlan.reports.queries.record import (
    checks_of,
    files_of,
    heard,
    holds_of,
    openings_of,
    opinions_of,
    photos_of,
    report,
    trail,
)

__all__ = [
    "COUNTED", "Near", "NearPublic", "Page", "ReportFilters", "by_claim", "checks_of", "count_reports", "files_of", "follow", "heard", "holds_of", "near",
    "near_public", "openings_of", "opinions_of", "own", "photos_of", "report", "reports", "seen", "trail",
]  # fmt: skip
