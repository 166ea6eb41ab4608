"""The only code that reads bulletins for others."""

from anlan.bulletins.queries.figures import FigureView, behind, figure_view, figure_views, tables
from anlan.bulletins.queries.list import Filters, Page, bulletin, bulletins, campaigns, count_bulletins, read_filters
from anlan.bulletins.queries.parts import (
    next_order,
    open_remarks,
    remarks,
    seal_holds,
    signer_options,
    withdrawable,
    writings,
)

__all__ = [
    "FigureView", "Filters", "Page", "behind", "bulletin", "bulletins", "campaigns", "count_bulletins", "figure_view", "figure_views", "next_order", "open_remarks",
    "read_filters", "remarks", "seal_holds", "signer_options", "tables", "withdrawable", "writings",
]  # fmt: skip
