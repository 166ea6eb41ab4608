"""The states of a bulletin: the word, the shape beside it, and who is waited for."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.flow import State

OUT = ("issued", "withdrawn")
"""Seen by all whom it concerns, and unchangeable."""

STATES = (
    State(
        code="drafted",
        label=pgettext_lazy("bulletin", "draft"),
        shape="half",
        tone="new",
        waits_for=_("the committee office to write it and another of its people to review it"),
    ),
    State(
        code="reviewed",
        label=pgettext_lazy("bulletin", "reviewed"),
        shape="ring",
        tone="moving",
        waits_for=_("approval"),
    ),
    State(
        code="approved",
        label=pgettext_lazy("bulletin", "approved"),
        shape="tick",
        tone="moving",
        waits_for=_("the committee office to issue it"),
    ),
    State(code="issued", label=pgettext_lazy("bulletin", "issued"), shape="full", tone="done"),
    State(code="withdrawn", label=pgettext_lazy("bulletin", "withdrawn"), shape="dash", tone="quiet", final=True),
    State(code="discarded", label=pgettext_lazy("bulletin", "discarded"), shape="cross", tone="quiet", final=True),
)
