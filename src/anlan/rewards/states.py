"""The states of a reward: the word, the shape beside it, and who is waited for."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.flow import State

TAKEN = ("approved", "claimable", "paying", "paid")
"""What is counted against the year's budget."""
EARNED = ("proposed", *TAKEN)
"""What is counted against a person's caps."""
OPEN = ("proposed", "approved", "claimable", "paying")
OVER = ("paid", "lapsed", "refused", "excluded")
"""Nothing is waited for. What was paid or lapsed moves again only where a contradiction of its payments is settled."""

STATES = (
    State(code="proposed", label=_("proposed"), shape="dot", tone="new", waits_for=_("a finance officer's approval")),
    State(code="excluded", label=_("excluded"), shape="dash", tone="quiet"),
    State(code="refused", label=pgettext_lazy("reward", "refused"), shape="cross", tone="quiet", final=True),
    State(code="approved", label=_("approved"), shape="tick", tone="moving", waits_for=_("the platform")),
    State(code="claimable", label=_("claimable"), shape="ring", tone="moving", waits_for=_("the reporter to claim it")),
    State(code="paying", label=_("being paid"), shape="half", tone="moving", waits_for=_("the payment")),
    State(code="paid", label=_("paid"), shape="full", tone="done"),
    State(code="lapsed", label=_("lapsed"), shape="dash", tone="quiet"),
)
