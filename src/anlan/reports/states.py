"""The states of a citizen's report: the word, the shape beside it, and who is waited for."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.flow import State

UNSENT = ("submitted", "screened", "returned")
"""The desk has it."""
OPEN = (*UNSENT, "dispatched", "verified", "handled", "reviewed")
"""Not answered yet: others may join."""
ALL = (*OPEN, "answered")

STATES = (
    State(
        code="submitted",
        label=pgettext_lazy("report", "submitted"),
        shape="dot",
        tone="new",
        waits_for=_("the dispatcher to look at it"),
    ),
    State(
        code="screened",
        label=pgettext_lazy("report", "screened"),
        shape="ring",
        tone="moving",
        waits_for=_("the dispatcher to send it to a unit"),
    ),
    State(
        code="dispatched",
        label=pgettext_lazy("report", "sent to the unit"),
        shape="arrow",
        tone="moving",
        waits_for=_("the unit to look on the spot"),
    ),
    State(
        code="returned",
        label=pgettext_lazy("report", "sent back"),
        shape="cross",
        tone="attention",
        waits_for=_("the dispatcher to send it elsewhere"),
    ),
    State(
        code="verified",
        label=pgettext_lazy("report", "found true"),
        shape="half",
        tone="moving",
        waits_for=_("the hazard to be rectified"),
    ),
    State(
        code="handled",
        label=pgettext_lazy("report", "handled"),
        shape="pen",
        tone="moving",
        waits_for=_("the committee office's review"),
    ),
    State(
        code="reviewed",
        label=pgettext_lazy("report", "reviewed"),
        shape="tick",
        tone="done",
        waits_for=_("the answer to leave"),
    ),
    State(code="answered", label=pgettext_lazy("report", "answered"), shape="full", tone="done"),
)
