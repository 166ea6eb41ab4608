"""The states of an edition: the word, the shape beside it, and who is waited for."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.flow import State

STATES = (
    State(
        code="draft",
        label=pgettext_lazy("edition", "draft"),
        shape="dot",
        tone="new",
        waits_for=_("somebody who did not write it to review it"),
    ),
    State(
        code="reviewed",
        label=pgettext_lazy("edition", "reviewed"),
        shape="half",
        tone="moving",
        waits_for=_("publication"),
    ),
    State(code="published", label=pgettext_lazy("edition", "published"), shape="full", tone="done"),
    State(code="replaced", label=pgettext_lazy("edition", "replaced"), shape="dash", tone="quiet"),
    State(code="withdrawn", label=pgettext_lazy("edition", "withdrawn"), shape="cross", tone="quiet", final=True),
)
AT_WORK = ("draft", "reviewed")
