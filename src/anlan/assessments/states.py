"""The states of an assessment: the word, the shape beside it, and who is waited for."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.flow import State

BEFORE = ("opened", "self_scored", "checked")
"""The unit knows nothing of the check yet."""
TOLD = ("notified", "appealed", "decided", "published")
OPEN = (*BEFORE, "notified", "appealed", "decided")
OVER = ("published", "left_out")

STATES = (
    State(
        code="opened",
        label=pgettext_lazy("assessment", "self-score open"),
        shape="circle",
        tone="new",
        waits_for=_("the unit to score itself"),
    ),
    State(
        code="self_scored",
        label=_("self-scored"),
        shape="half",
        tone="moving",
        waits_for=_("the committee office to check the scores"),
    ),
    State(
        code="checked",
        label=pgettext_lazy("assessment", "checked"),
        shape="dot",
        tone="moving",
        waits_for=_("the committee office to notify the unit"),
    ),
    State(
        code="notified",
        label=pgettext_lazy("assessment", "notified"),
        shape="ring",
        tone="moving",
        waits_for=_("the unit to agree or to appeal"),
    ),
    State(
        code="appealed",
        label=pgettext_lazy("assessment", "appealed"),
        shape="triangle",
        tone="attention",
        waits_for=_("somebody of the office who did not check it"),
    ),
    State(
        code="decided",
        label=pgettext_lazy("assessment", "decided"),
        shape="tick",
        tone="moving",
        waits_for=_("the publication of all results"),
    ),
    State(code="published", label=pgettext_lazy("assessment", "published"), shape="full", tone="done", final=True),
    State(code="left_out", label=pgettext_lazy("assessment", "left out"), shape="dash", tone="quiet", final=True),
)
