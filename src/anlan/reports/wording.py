"""Words of reports that pages and programs share."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from anlan.kernel import timeline
from anlan.kernel.phrases import chinese, choice_words
from anlan.reports.flow import REPORT
from anlan.reports.models import Category, Opinion, Report, ReportPhoto, Sending
from anlan.reports.models.report import CHANNELS, OUTCOMES

TO_THE_REPORTER = {
    "submitted": pgettext_lazy("to the reporter", "received"),
    "screened": pgettext_lazy("to the reporter", "taken up"),
    "dispatched": pgettext_lazy("to the reporter", "being looked into"),
    "returned": pgettext_lazy("to the reporter", "taken up"),
    "verified": pgettext_lazy("to the reporter", "being rectified"),
    "handled": pgettext_lazy("to the reporter", "being reviewed"),
    "reviewed": pgettext_lazy("to the reporter", "being reviewed"),
    "answered": pgettext_lazy("to the reporter", "answered"),
}
"""A state as people outside read it."""


def public_state(code: str) -> str:
    return str(TO_THE_REPORTER[code])


def state_words(code: str | None) -> str:
    return timeline.state_words(REPORT, code)


def step_words(name: str) -> str:
    return timeline.step_words(REPORT, name)


def state_view(report: Report) -> dict[str, Any]:
    return timeline.state_view(REPORT, report, "late" if report.late else "")


def outcome_words(code: str) -> str:
    return choice_words(OUTCOMES, code) if code else ""


def public_outcome(report: Report) -> str:
    """The outcome as people outside read it, once it was reviewed."""
    return outcome_words(report.outcome) if report.state == "answered" else ""


def channel_words(code: str) -> str:
    return choice_words(CHANNELS, code)


def way_words(code: str) -> str:
    return choice_words(Sending.WAYS, code)


def phase_words(code: str) -> str:
    return choice_words(ReportPhoto.PHASES, code)


def opinion_words(code: str) -> str:
    return choice_words(Opinion.KINDS, code)


def category_words(category: Category | None) -> str:
    if category is None:
        return str(pgettext("category of a report", "not sorted yet"))
    return category.zh if chinese() else category.en


def hint_words(category: Category) -> str:
    return category.hint_zh if chinese() else category.hint_en


def nobody() -> str:
    return _("sealed")
