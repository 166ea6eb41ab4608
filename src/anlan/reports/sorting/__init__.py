"""
What is read out of a report before a person decides: words that are urgent or doubtful, the rule that routes it, what the
city's own past suggests. It proposes; only `route` may send a report by itself, and only where the city lets it.
"""

from anlan.reports.sorting.learning.suggesting import suggest
from anlan.reports.sorting.routing import route
from anlan.reports.sorting.words import doubtful_word, urgent_word

__all__ = ["doubtful_word", "route", "suggest", "urgent_word"]
