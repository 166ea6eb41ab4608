"""The states of a monthly return: the word, the shape beside it, and who is waited for."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.flow import State

WRITING = ("open", "draft", "bounced", "returned")
"""The unit has it and may write."""
REVIEWING = ("passed", "accepted")
COUNTED = ("passed", "accepted", "locked")
"""Its figures count in those of the units above."""

STATES = (
    State(code="open", label=pgettext_lazy("return", "open"), shape="circle", tone="new", waits_for=_("the unit")),
    State(code="draft", label=pgettext_lazy("return", "draft"), shape="half", tone="moving", waits_for=_("the unit")),
    State(
        code="submitted",
        label=pgettext_lazy("return", "handed in"),
        shape="dot",
        tone="moving",
        waits_for=_("the platform"),
    ),
    State(
        code="bounced",
        label=pgettext_lazy("return", "bounced by a check"),
        shape="cross",
        tone="attention",
        waits_for=_("the unit"),
    ),
    State(
        code="passed",
        label=pgettext_lazy("return", "checks passed"),
        shape="tick",
        tone="moving",
        waits_for=_("the reviewer"),
    ),
    State(
        code="returned",
        label=pgettext_lazy("return", "sent back"),
        shape="cross",
        tone="attention",
        waits_for=_("the unit"),
    ),
    State(
        code="accepted",
        label=pgettext_lazy("return", "accepted"),
        shape="ring",
        tone="moving",
        waits_for=_("the committee office"),
    ),
    State(code="locked", label=pgettext_lazy("return", "locked"), shape="full", tone="done", final=True),
)
