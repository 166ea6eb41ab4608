"""The states of a visit: the word, the shape beside it, and who is waited for."""

from django.utils.translation import gettext_lazy as _

from anlan.kernel.flow import State

BEFORE = ("planned", "assigned", "notified", "unannounced")
"""Nobody arrived yet."""

STATES = (
    State(
        code="planned", label=_("visit planned"), shape="dot", tone="new", waits_for=_("the planner to name who goes")
    ),
    State(
        code="assigned",
        label=_("visit assigned"),
        shape="arrow",
        tone="moving",
        waits_for=_("the planner to announce it or hold it back"),
    ),
    State(code="notified", label=_("enterprise notified"), shape="arrow", tone="moving", waits_for=_("the arrival")),
    State(code="unannounced", label=_("not announced"), shape="arrow", tone="moving", waits_for=_("the arrival")),
    State(
        code="under_way",
        label=_("visit under way"),
        shape="half",
        tone="moving",
        waits_for=_("the record of the visit"),
    ),
    State(
        code="recorded",
        label=_("visit recorded"),
        shape="pen",
        tone="moving",
        waits_for=_("the signatures of both sides"),
    ),
    State(code="signed", label=_("record signed"), shape="tick", tone="done", waits_for=_("filing")),
    State(code="filed", label=_("visit filed"), shape="full", tone="done", final=True),
    State(code="cancelled", label=_("visit cancelled"), shape="dash", tone="quiet", final=True),
)
