"""Readers of the room."""

from anlan.enforcement.queries.detail import (
    answers_of,
    case,
    cases,
    instrument,
    instruments_of_case,
    organs,
    services_of,
    texts_of,
)
from anlan.enforcement.queries.list import COUNTED, Filters, Page, count_instruments, instruments, read_filters

__all__ = [
    "COUNTED", "Filters", "Page", "answers_of", "case", "cases", "count_instruments", "instrument", "instruments",
    "instruments_of_case", "organs", "read_filters", "services_of", "texts_of",
]  # fmt: skip
