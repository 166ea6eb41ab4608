"""Service requests: the public reports as GeoReport v2 shows them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel import clock
from anlan.kernel.phrases import in_tongue
from anlan.reports.models import PublicReport, Report
from anlan.reports.open311.faults import Fault
from anlan.reports.plaza import queries
from anlan.reports.plaza.wording import county_names, outcome_of, state_of

LONGEST = timedelta(days=90)
PAGE, MOST = 50, 200
DEEPEST = 10_000
"""Rows that may be passed over: further back one narrows the time instead."""
CLOSED = ("answered",)
"""Answered to the reporter. Until then the office may send a report back, so it is open."""
MOST_IDS = 100


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    ids: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    status: str = ""
    start: datetime
    end: datetime
    page: int = 1
    size: int = PAGE


def read(query: Any) -> Narrowing:
    """The query string of `GET requests`. Raises Fault for what cannot be read."""
    wrong: list[str] = []
    start, end = _moment(query, "start_date", wrong), _moment(query, "end_date", wrong)
    if start is None:
        end = end or clock.now()
        start = end - LONGEST
    end = end or start + LONGEST
    if end < start or end - start > LONGEST:
        wrong.append(_("start_date, end_date: the time between them is at most 90 days."))
    statuses = set(_list(query, "status"))
    if statuses - {"open", "closed"}:
        wrong.append(_("status: open or closed."))
    page, size = _number(query, "page", 1, DEEPEST, wrong), _number(query, "page_size", PAGE, MOST, wrong)
    if (page - 1) * size > DEEPEST:
        wrong.append(_("page: narrow start_date and end_date instead of paging this far."))
    ids = _list(query, "service_request_id")
    if len(ids) > MOST_IDS:
        wrong.append(_("service_request_id: at most 100 at once."))
    if wrong:
        raise Fault(400, *wrong)
    return Narrowing(
        ids=ids, services=_list(query, "service_code"), status=statuses.pop() if len(statuses) == 1 else "",
        start=start, end=end, page=page, size=size,
    )  # fmt: skip


def _list(query: Any, name: str) -> list[str]:
    return [one.strip()[:40] for one in query.get(name, "").split(",") if one.strip()]


def _moment(query: Any, name: str, wrong: list[str]) -> datetime | None:
    text = query.get(name, "")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1950 <= found.year <= 2199:
        # In a query string a plus sign that was not encoded arrives as a space.
        wrong.append(
            _("%(name)s: write it as 2026-11-01T00:00:00Z, or with an offset whose + is encoded as %%2B.")
            % {"name": name}
        )
        return None
    return found


def _number(query: Any, name: str, default: int, most: int, wrong: list[str]) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        wrong.append(_("%(name)s: a number from 1 to %(most)s.") % {"name": name, "most": most})
        return default
    return int(text)


def found(narrowing: Narrowing) -> list[PublicReport]:
    """Newest first. Ids, when given, count alone."""
    rows = PublicReport.objects.select_related("category").order_by("-reported_at", "-id")
    if narrowing.ids:
        return list(rows.filter(number__in=narrowing.ids))
    rows = rows.filter(reported_at__gte=narrowing.start, reported_at__lte=narrowing.end)
    if narrowing.services:
        rows = rows.filter(category_id__in=narrowing.services)
    if narrowing.status == "closed":
        rows = rows.filter(state__in=CLOSED)
    elif narrowing.status == "open":
        rows = rows.exclude(state__in=CLOSED)
    skipped = (narrowing.page - 1) * narrowing.size
    return list(rows[skipped : skipped + narrowing.size])


def one(number: str) -> PublicReport:
    return queries.report(number)


def shown(rows: list[PublicReport], address: Callable[[str], str], *, extended: bool) -> list[dict[str, Any]]:
    """`address` makes a path into one that another machine can ask."""
    names = county_names({row.county for row in rows})
    return [_shown(row, names.get(row.county, ""), address, extended=extended) for row in rows]


def _shown(row: PublicReport, county: str, address: Callable[[str], str], *, extended: bool) -> dict[str, Any]:
    notes = " ".join(part for part in (outcome_of(row), row.answer) if part)
    facts: dict[str, Any] = {
        "service_request_id": row.number,
        "status": "closed" if row.state in CLOSED else "open",
        "status_notes": notes or str(state_of(row)["label"]),
        "service_name": in_tongue(row.category) if row.category else None,
        "service_code": row.category_id,
        "description": row.words,
        "agency_responsible": row.unit or None,
        "service_notice": None,
        "requested_datetime": moment(row.reported_at),
        "updated_datetime": moment(row.changed_at),
        "expected_datetime": None,
        "address": " ".join(part for part in (county, row.place) if part) or None,
        "address_id": None,
        "zipcode": None,
        "lat": row.lat,
        "long": row.lon,
        "media_url": address(f"/plaza/photos/{row.cover}/display/") if row.cover else None,
    }
    if extended:
        facts["extended_attributes"] = {
            "state": row.state,
            "state_label": str(state_of(row)["label"]),
            "region": row.county,
            "joined": row.joined,
            "url": address(f"/plaza/{row.number}/"),
        }
    return facts


def not_public_yet(report: Report) -> dict[str, Any]:
    """What the partner that handed it in may know of a report before anybody has looked at it: that it is open."""
    return {
        "service_request_id": report.number,
        "status": "closed" if report.state in CLOSED else "open",
        "status_notes": _("It has been received and is not public."),
        "service_name": in_tongue(report.category) if report.category else None,
        "service_code": report.category_id,
        "description": None,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": moment(report.reported_at),
        "updated_datetime": moment(report.state_since),
        "expected_datetime": None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def moment(at: datetime) -> str:
    return at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds")
