"""The states of a directive's task are those of every given task."""

from anlan.kernel.flow.given import OPEN, STATES, WORKING

__all__ = ["OPEN", "STATES", "WORKING"]
