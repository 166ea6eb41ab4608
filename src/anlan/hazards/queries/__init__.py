from anlan.hazards.queries.board import Board, BoardFilters, Month, Row, board, trend
from anlan.hazards.queries.filters import HazardFilters, read_filters, seen
from anlan.hazards.queries.list import Page, count_hazards, enterprise_names, hazards, walk
from anlan.hazards.queries.waiting import signature_wanted, waits_for

__all__ = [
    "Board",
    "BoardFilters",
    "HazardFilters",
    "Month",
    "Page",
    "Row",
    "board",
    "count_hazards",
    "enterprise_names",
    "hazards",
    "read_filters",
    "seen",
    "signature_wanted",
    "trend",
    "waits_for",
    "walk",
]
