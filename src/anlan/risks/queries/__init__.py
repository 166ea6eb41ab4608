from anlan.risks.queries.detail import PointDetail, control_of, detail_of, history_of, point, source, units_of
from anlan.risks.queries.points import COUNTED, Filters, Page, count_points, points, read_filters, tallied, walk
from anlan.risks.queries.public import Notice, notice_of, report_state
from anlan.risks.queries.reports import report, reports_of, waiting_reports

__all__ = [
    "COUNTED",
    "Filters",
    "Notice",
    "Page",
    "PointDetail",
    "control_of",
    "count_points",
    "detail_of",
    "history_of",
    "notice_of",
    "point",
    "points",
    "read_filters",
    "report",
    "report_state",
    "reports_of",
    "source",
    "tallied",
    "units_of",
    "waiting_reports",
    "walk",
]
