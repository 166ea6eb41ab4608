"""The states of a hazard: the word, the shape beside it, and who is waited for."""

from django.utils.translation import gettext_lazy as _

from anlan.kernel.flow import State

OPEN = ("found", "dispatched", "disputed", "claimed", "rectifying", "rectified", "accepted")
UNREPAIRED = ("found", "dispatched", "disputed", "claimed", "rectifying", "rectified")
"""Before a passed recheck, which lifts a stop of use."""
UNSETTLED = ("dispatched", "disputed", "claimed", "rectifying", "rectified", "accepted")

STATES = (
    State(code="found", label=_("found"), shape="dot", tone="new", waits_for=_("the regulator to grade and dispatch")),
    State(
        code="dispatched", label=_("dispatched"), shape="arrow", tone="moving", waits_for=_("the required signatures")
    ),
    State(code="disputed", label=_("disputed"), shape="cross", tone="attention", waits_for=_("arbitration")),
    State(code="claimed", label=_("claimed"), shape="pen", tone="moving", waits_for=_("the enterprise's plan")),
    State(
        code="rectifying", label=_("rectifying"), shape="half", tone="moving", waits_for=_("the enterprise to rectify")
    ),
    State(code="rectified", label=_("rectified"), shape="ring", tone="moving", waits_for=_("the recheck")),
    State(code="accepted", label=_("accepted"), shape="tick", tone="done", waits_for=_("closing off")),
    State(code="closed", label=_("closed off"), shape="full", tone="done"),
    State(code="dismissed", label=_("dismissed"), shape="dash", tone="quiet", final=True),
    State(code="transferred", label=_("transferred"), shape="out", tone="quiet", final=True),
)
