"""What the desk shows, as its templates and its script take it."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from anlan.files.models import File
from anlan.files.pictures import picture
from anlan.identity.models import Organisation, Region
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.geo import Point, wgs84_to_gcj02
from anlan.kernel.phrases import choice_words, in_tongue, left_words, moment_words
from anlan.kernel.text import whole_address
from anlan.kernel.timeline import state_view
from anlan.registry.queries import region_names
from anlan.reports import redaction
from anlan.reports.flow import REPORT
from anlan.reports.models import Category, Hold, Report, ReportPhoto, Sending
from anlan.reports.models.report import CHANNELS
from anlan.reports.pages.common import url_of
from anlan.reports.plaza.wording import county_middles
from anlan.reports.queries import files_of, near, photos_of
from anlan.reports.sorting import queue
from anlan.reports.sorting.table import units_for
from anlan.reports.sorting.words import urgent
from anlan.reports.states import UNSENT

KEYS = (
    ("j k", gettext_lazy("Next or previous report")),
    ("1 2 3", gettext_lazy("Choose the proposed unit")),
    ("d", gettext_lazy("Send it")),
    ("u", gettext_lazy("It is the same as the likest one nearby")),
    ("x", gettext_lazy("Decline it, with a reason")),
    ("s", gettext_lazy("Select it, for sending many at once")),
    ("z", gettext_lazy("Take back what was just sent")),
    ("o", gettext_lazy("Open its record")),
    ("/", gettext_lazy("Search in what waits")),
    ("?", gettext_lazy("This help")),
)
SHORT = 90
ALIKE = 0.6
"""Near in place alone is not worth a dispatcher's look."""
ONLY: dict[str, Any] = {
    "": gettext_lazy("to do"),
    "urgent": gettext_lazy("urgent"),
    "late": gettext_lazy("overdue"),
    "returned": gettext_lazy("sent back"),
    "contested": gettext_lazy("contested"),
    "held": gettext_lazy("put aside"),
}
CHINA = (73.5, 18.0, 135.1, 53.6)
WIDE = 0.3


def query(request: HttpRequest, **changed: Any) -> str:
    """The present address with some parts changed; empty ones left out."""
    kept = request.GET.copy()
    for name, value in changed.items():
        kept.pop(name, None)
        if value not in ("", None):
            kept[name] = str(value)
    return f"{reverse('reports:desk')}?{kept.urlencode()}" if kept else reverse("reports:desk")


def rows(found: Sequence[Report], request: HttpRequest) -> list[dict[str, Any]]:
    thumbs = _thumbs(row.pk for row in found)
    places = region_names(row.region for row in found)
    return [
        {
            "id": str(row.pk),
            "url": query(request, report=row.pk),
            "number": row.number,
            "words": _short(row.words) or _("Photo without words"),
            "place": row.address or places.get(row.region, ""),
            "category": in_tongue(row.category) if row.category else "",
            "thumb": thumbs.get(row.pk),
            "urgent": row.urgent,
            "late": row.late,
            "held": row.held,
            "returns": row.returns,
            "contested": row.contested > 0,
            "joined": row.joined,
            "since": row.state_since,
            "ago": ago(row.reported_at),
            "due": row.due_at,
        }
        for row in found
    ]


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"


def _thumbs(reports: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The first picture of each."""
    first = queue.first_photos(reports)
    files = files_of(first.values())
    return {report: picture(one.file_id, files.get(one.file_id)) for report, one in first.items()}


def ago(moment: Any) -> str:
    """How long ago, in the largest unit that says something."""
    minutes = max(0, int((clock.now() - moment).total_seconds() // 60))
    if minutes == 0:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s day ago", "%(n)s days ago", minutes // 1440) % {"n": minutes // 1440}


def counts(found: queue.Counts, only: str, request: HttpRequest) -> dict[str, Any]:
    numbers = {"": found.waiting} | {name: getattr(found, name) for name in queue.ONLY}
    return {
        "tabs": [
            {
                "label": label,
                "n": numbers[name],
                "url": query(request, only=name, shown=""),
                "active": name == only,
                "late": name in ("urgent", "late") and numbers[name] > 0,
            }
            for name, label in ONLY.items()
            if not name or numbers[name] or name == only
        ],
        "waiting": found.waiting,
        "oldest": ago(found.oldest) if found.oldest else "",
    }


def mark(found: Sequence[Report], counted: queue.Counts) -> str:
    """Changes with whatever the list shows; the words of how long ago are drawn anew every five minutes."""
    shown = [(row.pk.hex, row.version) for row in found]
    return sha256(repr((shown, counted, int(clock.now().timestamp() // 300))).encode()).hexdigest()[:24]


def points(found: Sequence[Report]) -> list[dict[str, Any]]:
    return [
        {"id": str(row.pk), "at": drawn(row), "urgent": bool(row.urgent or row.late)}
        for row in found
        if row.lon is not None
    ]


def drawn(row: Report) -> Point | None:
    """Where the base map draws it."""
    if row.lon is None or row.lat is None:
        return None
    return _drawn((float(row.lon), float(row.lat)))


def _drawn(point: Point) -> Point:
    return wgs84_to_gcj02(*point) if settings.ANLAN_MAP_SYSTEM == "gcj02" else point


def report(actor: Actor, row: Report) -> dict[str, Any]:
    """The report that is looked at with all that helps to decide."""
    place = region_names([row.region]).get(row.region, "")
    proposal = queue.propose(row)
    sent = photos_of(row)
    alarm = urgent(row.words) if row.urgent else None
    trail = [_leg(one) for one in queue.trail(row)]
    return {
        "row": row,
        "url": url_of(row),
        "take_url": reverse("reports:desk-take", args=[row.pk]),
        "state": state_view(REPORT, row, "late" if row.late else ""),
        "due": {"due_at": row.due_at, "started_at": row.state_since, "words": left_words(row.due_at)}
        if row.due_at
        else None,
        "waits": row.state in UNSENT,
        "place": whole_address(place, row.address),
        "seen": moment_words(row.client_at or row.reported_at),
        "ago": ago(row.reported_at),
        "channel": choice_words(CHANNELS, row.channel),
        "numbers": alarm.group.numbers if alarm else (),
        "photos": photos(sent, files_of(sent), group="desk", caption=row.number),
        "holds": [_hold(one) for one in queue.holds_waiting(row)],
        "candidates": [_candidate(one) for one in proposal.candidates],
        "why": proposal.why,
        "closed_lines": len(proposal.routed.closed),
        "refused_lines": len(proposal.routed.refused),
        "categories": categories(row, proposal),
        "units": unit_choices(actor),
        "near": _near(actor, row, sent),
        "trail": trail,
        "sent_back": next((leg for leg in reversed(trail) if leg["returned"]), None)
        if row.state == "returned"
        else None,
        "public_words": row.public_words or redaction.redacted(row.words),
        "public_place": row.public_place or place,
        "show": row.public or not (row.held or row.decided),
        "may_screen": row.state == "submitted",
        "at": drawn(row),
        "opinion": _objection(row),
    }


def photos(found: Sequence[ReportPhoto], files: dict[UUID, File], *, group: str, caption: str) -> list[dict[str, Any]]:
    """The photos of one report, to be walked through, each with whether the public sees it."""
    return [
        picture(one.file_id, files.get(one.file_id), alt=f"{_('Photo')} {number}", group=group, caption=caption)
        | {"id": str(one.pk), "shown": one.shown}
        for number, one in enumerate(found, 1)
    ]


def _hold(one: Hold) -> dict[str, Any]:
    return {
        "engine": choice_words(Hold.ENGINES, one.engine),
        "what": _("a photo") if one.what == "photo" else _("the words"),
        "label": one.label,
        "url": reverse("reports:holds") + f"#hold-{one.report_id}",
    }


def _candidate(one: queue.Candidate) -> dict[str, Any]:
    confidence = f"{one.confidence:.3f}" if one.confidence is not None else ""
    way = one.way if one.sure else "hand"
    because = []
    if one.way == "rule":
        because.append(_("routing rule %(place)s") % {"place": one.place})
    if one.confidence is not None:
        because.append(_("%(percent)s %% from past reports") % {"percent": percent(one.confidence)})
    if one.wished:
        because.append(_("wished for by the reporter"))
    return {
        "value": "|".join([str(one.unit), way, str(one.rule or ""), confidence if way == "suggested" else ""]),
        "name": one.name,
        "because": because,
        "sure": one.sure,
        "percent": percent(one.confidence) if one.confidence is not None else None,
    }


def percent(confidence: float) -> int:
    """Nothing is certain."""
    return min(99, round(confidence * 100))


def categories(row: Report, proposal: queue.Proposal) -> list[dict[str, Any]]:
    """The reporter's or the screener's choice stands; where there is none, what is sure is chosen."""
    chosen = row.category_id or proposal.category or ""
    return [
        {
            "code": one.code,
            "label": in_tongue(one),
            "chosen": one.code == chosen,
            "percent": percent(proposal.category_confidence) if one.code == proposal.category else None,
        }
        for one in Category.objects.filter(active=True)
    ]


def unit_choices(actor: Actor) -> list[dict[str, str]]:
    found = units_for(actor)
    places = region_names({one.region for one in found})
    return [{"id": str(one.pk), "name": one.name, "place": places.get(one.region, "")} for one in found]


def _near(actor: Actor, row: Report, sent: Sequence[ReportPhoto]) -> list[dict[str, Any]]:
    """What may be the same; only reports of one's own territory can be named as the surviving one."""
    found = near(
        actor,
        lon=row.lon,
        lat=row.lat,
        words=row.words,
        category=row.category_id or "",
        photos=[one.file_id for one in sent if one.phase == "report"],
        region=row.region,
    )
    other = [
        one for one in found if one.report.pk != row.pk and one.likeness >= ALIKE and actor.covers(one.report.region)
    ]
    thumbs = _thumbs(one.report.pk for one in other)
    return [
        {
            "id": str(one.report.pk),
            "number": one.report.number,
            "words": _short(one.report.words) or _("Photo without words"),
            "url": url_of(one.report),
            "thumb": thumbs.get(one.report.pk),
            "metres": one.distance_m,
            "percent": round(one.likeness * 100),
            "ago": ago(one.report.reported_at),
            "state": state_view(REPORT, one.report),
        }
        for one in other
    ]


def _leg(one: Sending) -> dict[str, Any]:
    return {
        "unit": one.unit.name,
        "returned": one.way == "returned",
        "way": choice_words(Sending.WAYS, one.way),
        "percent": round(float(one.confidence) * 100) if one.confidence is not None else None,
        "reason": one.reason,
        "who": f"{one.by_post} {one.by_name}".strip(),
        "at": one.at,
    }


def _objection(row: Report) -> str:
    if not row.contested:
        return ""
    said = row.opinions.filter(kind="contest").order_by("-at").first()
    return said.words if said else ""


def done_words(step: str, row: Report) -> str:
    if step == "dispatch" and row.unit_id:
        return _("%(number)s was sent to %(unit)s.") % {
            "number": row.number,
            "unit": unit_names([row.unit_id])[row.unit_id],
        }
    return _("%(number)s: %(step)s.") % {"number": row.number, "step": REPORT.step(step).label}


def unit_names(units: Iterable[UUID]) -> dict[UUID, str]:
    """Of bodies beyond one's own territory too."""
    with scope.elevated("the names of units that reports go to"):
        return dict(Organisation.objects.filter(pk__in=set(units)).values_list("pk", "name"))


def map_facts(actor: Actor) -> dict[str, Any]:
    """What the script needs to draw; as the risk map, with its base map."""
    return {
        "box": _box(actor),
        "base": [address.replace("{key}", settings.ANLAN_MAP_KEY) for address in settings.ANLAN_MAP_TILES],
        "places": [{"name": name, "at": _drawn(at)} for name, at in county_middles(settings.ANLAN_CITY)],
        "source": settings.ANLAN_MAP_SOURCE,
        "worker": static("build/map-worker.js"),
        "words": {
            "map": _("Map of what waits. Arrow keys move it, plus and minus zoom."),
            "ZoomIn": _("Zoom in"),
            "ZoomOut": _("Zoom out"),
        },
    }


def _box(actor: Actor) -> list[float]:
    codes = [code for code in (actor.region, settings.ANLAN_CITY) if code]
    places = {row.code: row for row in Region.objects.filter(pk__in=codes, lon__isnull=False)}
    place = next((places[code] for code in codes if code in places), None)
    if place is None or place.lon is None or place.lat is None:
        return list(CHINA)
    lon, lat = float(place.lon), float(place.lat)
    return [*_drawn((lon - WIDE, lat - WIDE)), *_drawn((lon + WIDE, lat + WIDE))]


def script_words() -> dict[str, str]:
    return {
        "sending": _("Sending {number} to {unit}"),
        "sending_many": _("Sending {n} reports"),
        "undo": _("Undo"),
        "undone": _("Nothing was sent."),
        "choose_unit": _("Choose a unit first: 1, 2, 3 or from the list."),
        "same": _("{number} is the same as {other}"),
        "failed": _("{number} was not sent: {words}"),
        "selected": _("{n} selected"),
        "unreachable": _("The platform cannot be reached just now. Try again."),
        "unsure": _("The platform did not answer: look whether it still stands in the list, and try again."),
    }
