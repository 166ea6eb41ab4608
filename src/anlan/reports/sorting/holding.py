"""What the outside checks say of words and pictures: it puts a report aside for a person, and never stops one."""

from typing import Any
from uuid import UUID

import structlog

from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.flow.take import take
from anlan.reports.models import Hold, Report
from anlan.reports.sorting.holds import ASKED, RELEASED

log = structlog.get_logger(__name__)
PASSED = ("pass", "")
ENGINE = "wechat"
LABELS = {
    "100": "normal",
    "10001": "advertising",
    "20001": "politics",
    "20002": "pornography",
    "20003": "abuse",
    "20006": "crime",
    "20008": "fraud",
    "20012": "vulgar",
    "20013": "copyright",
    "21000": "other",
}
"""WeChat's labels [K]; an unknown one is shown as it came."""


def ask(report: UUID, *, what: str, trace: str, photo: UUID | None = None) -> Hold:
    """Remember what was asked of a check whose answer comes later. Nothing waits for it."""
    return Hold.objects.create(
        report_id=report, engine=ENGINE, what=what, photo_id=photo, trace=trace, state=ASKED, at=clock.now()
    )


def take_result(trace: str, result: str, label: str = "") -> bool:
    """
    An answer that came by the callback door: pass, review or risky. False when nothing of ours was asked under this trace; the same
    answer again changes nothing.
    """
    with scope.acting(SYSTEM):
        hold = Hold.objects.select_for_update().filter(trace=trace).first() if trace else None
        if hold is None:
            log.info("reports.check_unknown", trace=trace[:12])
            return False
        if hold.state != ASKED:
            return True
        if result in PASSED:
            hold.state, hold.label, hold.settled_at = RELEASED, "", clock.now()
            hold.save()
            return True
        take(
            _flow(),
            hold.report_id,
            "hold_back",
            actor=SYSTEM,
            data={"engine": ENGINE, "what": hold.what, "label": words_of(label), "hold": hold.pk},
        )
    return True


def hold_back(report: Report, *, engine: str, label: str, what: str = "words") -> None:
    """Put a report aside. Call it in the scope of the platform."""
    take(_flow(), report.pk, "hold_back", actor=SYSTEM, data={"engine": engine, "what": what, "label": label[:60]})


def words_of(label: str) -> str:
    return LABELS.get(label, label)[:60]


def _flow() -> Any:
    from anlan.kernel.flow.declare import flows

    return flows["report"]
