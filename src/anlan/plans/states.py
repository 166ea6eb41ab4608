"""The states of a plan's item: the word, the shape beside it, and who is waited for."""

from django.utils.translation import gettext_lazy as _

from anlan.kernel.flow import State
from anlan.kernel.flow.given import WORKING

OPEN = ("assigned", "handed_back", *WORKING, "reported", "verified")
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
    State(
        code="assigned", label=_("to be signed for"), shape="dot", tone="new", waits_for=_("the unit to sign for it")
    ),
    State(
        code="handed_back",
        label=_("handed back"),
        shape="dash",
        tone="new",
        waits_for=_("the office to assign it anew"),
    ),
    State(code="signed_for", label=_("signed for"), shape="ring", tone="moving", waits_for=_("the unit to do it")),
    State(code="under_way", label=_("under way"), shape="half", tone="moving", waits_for=_("the unit to do it")),
    State(
        code="reported",
        label=_("reported done"),
        shape="ring",
        tone="moving",
        waits_for=_("the office to verify it"),
    ),
    State(
        code="returned",
        label=_("returned to be mended"),
        shape="cross",
        tone="new",
        waits_for=_("the unit to mend it"),
    ),
    State(
        code="verified",
        label=_("found in order"),
        shape="tick",
        tone="moving",
        waits_for=_("the office to close it"),
    ),
    State(code="done", label=_("carried out"), shape="full", tone="done", final=True),
    State(code="withdrawn", label=_("called off"), shape="dash", tone="quiet", final=True),
)
CODES = frozenset(state.code for state in STATES)
