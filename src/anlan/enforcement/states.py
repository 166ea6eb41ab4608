"""The states of an instrument and of a case: the word, the shape beside it, and who is waited for."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.flow import State

DRAFTS = ("drafted", "returned", "reviewed", "approved")
"""Only the issuing side knows of it."""
NUMBERED = ("numbered", "served", "answered", "filed", "withdrawn")
"""Its words are fixed for good."""
SERVED = ("served", "answered", "filed")
"""In force: it reached its addressee and was not withdrawn."""
OPEN = (*DRAFTS, "numbered", "served", "answered")

STATES = (
    State(
        code="drafted",
        label=pgettext_lazy("instrument", "drafted"),
        shape="dot",
        tone="new",
        waits_for=_("a reviewer of the organ"),
    ),
    State(
        code="returned",
        label=pgettext_lazy("instrument", "returned to the drafter"),
        shape="diamond",
        tone="attention",
        waits_for=_("the drafter to mend it"),
    ),
    State(
        code="reviewed",
        label=pgettext_lazy("instrument", "reviewed"),
        shape="half",
        tone="moving",
        waits_for=_("the approver of the organ"),
    ),
    State(
        code="approved",
        label=pgettext_lazy("instrument", "approved"),
        shape="tick",
        tone="moving",
        waits_for=_("the keeper of the seal"),
    ),
    State(
        code="numbered",
        label=pgettext_lazy("instrument", "numbered and sealed"),
        shape="square",
        tone="moving",
        waits_for=_("service on the addressee"),
    ),
    State(
        code="served",
        label=pgettext_lazy("instrument", "served"),
        shape="ring",
        tone="moving",
        waits_for=_("the addressee's answer, or filing"),
    ),
    State(
        code="answered",
        label=pgettext_lazy("instrument", "answered"),
        shape="half",
        tone="moving",
        waits_for=_("the issuing organ to file it"),
    ),
    State(code="filed", label=pgettext_lazy("instrument", "filed"), shape="full", tone="done"),
    State(
        code="withdrawn",
        label=pgettext_lazy("instrument", "withdrawn by a later one"),
        shape="dash",
        tone="quiet",
        final=True,
    ),
    State(code="discarded", label=pgettext_lazy("instrument", "discarded"), shape="cross", tone="quiet", final=True),
)

CASE_STATES = (
    State(
        code="investigated",
        label=pgettext_lazy("case", "filed, under investigation"),
        shape="dot",
        tone="new",
        waits_for=_("the penalty notice to be served"),
    ),
    State(
        code="notified",
        label=pgettext_lazy("case", "notice served"),
        shape="half",
        tone="moving",
        waits_for=_("the decision to be served"),
    ),
    State(
        code="decided",
        label=pgettext_lazy("case", "decision served"),
        shape="ring",
        tone="moving",
        waits_for=_("the enterprise to perform it"),
    ),
    State(
        code="performed",
        label=pgettext_lazy("case", "performed"),
        shape="tick",
        tone="moving",
        waits_for=_("the case to be closed"),
    ),
    State(code="closed", label=pgettext_lazy("case", "closed"), shape="full", tone="done", final=True),
    State(code="dropped", label=pgettext_lazy("case", "no penalty, dropped"), shape="cross", tone="quiet", final=True),
)
