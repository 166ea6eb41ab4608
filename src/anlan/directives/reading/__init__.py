"""
From the text of a document to the tasks it gives. Values in, values out: no clock, no database, no network.

`read(text)` normalises (`normal`), finds the parts (`layout`), and proposes tasks (`tasks`). A person accepts or mends each proposal.
"""

from dataclasses import dataclass
from datetime import date

from anlan.directives.reading.layout import Layout, lay_out
from anlan.directives.reading.normal import LONGEST, Normal, normalise
from anlan.directives.reading.tasks import Proposal, propose
from anlan.directives.reading.times import Rhythm, When

__all__ = ["LONGEST", "Layout", "Normal", "Proposal", "Reading", "Rhythm", "When", "read"]

LEAST = 0.4
"""Below this confidence nothing is proposed."""


@dataclass(frozen=True, slots=True)
class Reading:
    normal: Normal
    layout: Layout
    proposals: tuple[Proposal, ...]


def read(text: str, *, received: date | None = None) -> Reading:
    """
    `received` is the day on which the document came in: it tells the year where the document itself carries no day.

    Raises ValueError when the text is longer than `LONGEST` characters.
    """
    normal = normalise(text)
    layout = lay_out(normal)
    found = propose(normal, layout, layout.dated or received)
    return Reading(normal, layout, tuple(one for one in found if one.confidence >= LEAST))
