"""A draft's fields computed from the records it rests on, so that a person only reviews. See `grounds` and `answers`."""

from anlan.enforcement.filling import records  # noqa: F401 -- the records of the rooms upstream register themselves
from anlan.enforcement.filling.alerting import grounds_of_alert
from anlan.enforcement.filling.answers import filled
from anlan.enforcement.filling.grounds import Grounds, Officer, Problem, grounds_of, known_sources, source_by

__all__ = ["Grounds", "Officer", "Problem", "filled", "grounds_of", "grounds_of_alert", "known_sources", "source_by"]
