"""What a public report is called and how far it has come, in words and shapes."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.identity.models import Region
from anlan.kernel import clock
from anlan.kernel.geo import Point
from anlan.kernel.phrases import in_tongue
from anlan.registry.queries import region_names
from anlan.reports.models import PublicReport
from anlan.reports.plaza import queries

STATUS_WORDS: dict[str, Any] = {
    "open": gettext_lazy("being looked into"),
    "handled": gettext_lazy("handled, being reviewed"),
    "closed": gettext_lazy("answered"),
}
STATES: dict[str, tuple[Any, str]] = {
    "screened": (gettext_lazy("taken up"), "waiting"),
    "dispatched": (gettext_lazy("sent to the unit"), "active"),
    "returned": (gettext_lazy("being sent on"), "active"),
    "verified": (gettext_lazy("confirmed, being put right"), "active"),
    "handled": (gettext_lazy("handled, being reviewed"), "ready"),
    "reviewed": (gettext_lazy("handled, being reviewed"), "ready"),
    "answered": (gettext_lazy("answered"), "done"),
}
OUTCOMES: dict[str, Any] = {
    "verified": gettext_lazy("It was true and was dealt with."),
    "unfounded": gettext_lazy("It was looked into on the spot; the hazard was not found."),
}


@dataclass(frozen=True, kw_only=True)
class Card:
    """A report in the reader's words."""

    report: PublicReport
    state: dict[str, Any]
    category: str
    county: str
    day: str

    @property
    def address(self) -> str:
        return f"/plaza/{self.report.number}/"


def cards(rows: list[PublicReport]) -> list[Card]:
    """Names of all their places in one query."""
    names = county_names({row.county for row in rows})
    return [
        Card(
            report=row,
            state=state_of(row),
            category=in_tongue(row.category) if row.category else "",
            county=names.get(row.county, ""),
            day=clock.day_of(row.reported_at).isoformat(),
        )
        for row in rows
    ]


def state_of(row: PublicReport) -> dict[str, Any]:
    label, tone = STATES.get(row.state, (row.state, "muted"))
    return {"code": row.state, "label": label, "tone": tone}


def county_names(codes: set[int]) -> dict[int, str]:
    """Those that have a name: a bare code says nothing to a reader."""
    named = region_names(codes) if codes else {}
    return {code: name for code, name in named.items() if name != str(code)}


def counties(city: int) -> list[tuple[int, str]]:
    """The counties a reader may choose, in the order of their codes."""
    return list(
        Region.objects.filter(code__gt=city, code__lt=city + 100_000_000, level="county", valid_to=None)
        .order_by("code")
        .values_list("code", "name")
    )


def county_middles(city: int) -> list[tuple[str, Point]]:
    """Name and middle of each county that has one, WGS 84."""
    rows = Region.objects.filter(
        code__gt=city, code__lt=city + 100_000_000, level="county", valid_to=None, lon__isnull=False, lat__isnull=False
    )
    return [(row.name, (float(row.lon or 0), float(row.lat or 0))) for row in rows.order_by("code")]


def outcome_of(row: PublicReport) -> str:
    """What came of it, once that is settled."""
    return str(OUTCOMES.get(row.outcome, "")) if row.state == "answered" else ""


def progress_of(row: PublicReport) -> list[dict[str, str]]:
    """The hazard's road as the public reads it, by days."""
    return [
        {"label": one["label"], "words": one["words"], "tone": one["tone"], "on": clock.day_of(one["at"]).isoformat()}
        for one in queries.progress(row)
    ]


def stages(row: PublicReport) -> list[dict[str, Any]]:
    """The way of a report in five stages, for the stepper. What the unit found untrue is said with the answer, after the review."""
    reached = {"screened": 1, "dispatched": 2, "returned": 2, "verified": 3, "handled": 4, "reviewed": 4, "answered": 5}
    at = reached.get(row.state, 0)
    looked = _("Confirmed on the spot")
    if row.outcome == "unfounded" and row.state in ("handled", "reviewed", "answered"):
        looked = _("Looked into: not found") if row.state == "answered" else _("Looked into on the spot")
    names = [
        (_("Reported"), row.reported_at),
        (_("Taken up"), None),
        (_("Sent to the unit"), None),
        (looked, row.verified_at),
        (_("Handled"), row.handled_at),
        (_("Answered"), row.answered_at),
    ]
    found = []
    for place, (label, moment) in enumerate(names):
        status = "done" if place <= at else "waiting"
        if status == "waiting" and place == at + 1:
            status = "current"
        day = clock.day_of(moment).isoformat() if moment and status == "done" else ""
        found.append({"label": label, "status": status, "at": day, "who": row.unit if place == 2 else ""})
    return found
