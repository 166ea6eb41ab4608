"""The states of a plan's item: the word, the shape beside it, and who is waited for."""

from django.utils.translation import gettext_lazy as _

from anlan.kernel.flow import State, given
from anlan.kernel.flow.given import OPEN, WORKING

__all__ = ["CODES", "DONE", "OF_UNIT", "OPEN", "STATES"]

OF_UNIT = ("assigned", *WORKING)
"""The responsible unit is waited for."""
DONE = ("verified", "done")
"""Found in order: counted as done by boards and bulletins; what is still to be closed is paper."""

STATES = (
    State(
        code="planned",
        label=_("planned"),
        shape="ring",
        tone="quiet",
        waits_for=_("the plan to be published"),
    ),
    *given.STATES,
)
CODES = frozenset(state.code for state in STATES)
