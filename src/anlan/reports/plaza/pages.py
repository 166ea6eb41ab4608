"""The plaza's pages: list, map, one report, figures, pictures, and how the reader likes to read."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.files.actions import store
from anlan.identity.models import Region
from anlan.kernel import scope
from anlan.kernel.api import as_moment
from anlan.kernel.errors import NotFound
from anlan.kernel.geo import Point, wgs84_to_gcj02
from anlan.kernel.pages import read_place, write_place
from anlan.kernel.phrases import in_tongue
from anlan.kernel.reading import read_code
from anlan.reports.models import Category, ReportPhoto
from anlan.reports.plaza import figures as counted
from anlan.reports.plaza import queries
from anlan.reports.plaza.keeping import PLAZA
from anlan.reports.plaza.queries import Asked
from anlan.reports.plaza.serving import FRESH_SECONDS, TYPE_COOKIE, frame, open_page
from anlan.reports.plaza.wording import (
    STATUS_WORDS,
    Card,
    cards,
    counties,
    county_middles,
    outcome_of,
    progress_of,
    stages,
)

NARROWED = ("category", "region", "status", "q")
LONGEST = 60
WIDE = 0.35
"""Degrees around the city's centre that the map shows while nothing was reported."""
YEAR = 365 * 24 * 3600


def read_asked(query: Any) -> Asked:
    """What cannot be read counts as absent, so that an old link still opens a list."""
    status = query.get("status", "")
    return Asked(
        category=query.get("category", "")[:30],
        region=read_code(query.get("region", "")),
        status=status if status in queries.STATUSES else "",
        words=query.get("q", "").strip()[:LONGEST],
    )


@open_page(*NARROWED, "after")
def listing(request: HttpRequest) -> HttpResponse:
    asked = read_asked(request.GET)
    after = read_place(request.GET.get("after", ""), as_moment, UUID)
    page = queries.reports(asked, after=after)
    context = frame(request, "plaza") | {
        "title": _("Reports of the city"),
        "cards": cards(page.rows),
        "filter": _filter(asked),
        "narrowed": any((asked.category, asked.region, asked.status, asked.words)),
        "next_url": f"?{_query(asked)}&after={write_place(page.after)}".replace("?&", "?") if page.after else "",
        "first_url": f"?{_query(asked)}" if after else "",
        "map_url": f"{reverse('plaza:map')}?{_query(asked)}",
        "figures": _headline() if not after else [],
    }
    return render(request, "plaza/list.html", context)


def _filter(asked: Asked) -> dict[str, Any]:
    return {
        "words": asked.words,
        "categories": [
            (row.code, in_tongue(row), row.code == asked.category) for row in Category.objects.filter(active=True)
        ],
        "counties": [(code, name, code == asked.region) for code, name in counties(settings.ANLAN_CITY)],
        "statuses": [(code, label, code == asked.status) for code, label in STATUS_WORDS.items()],
    }


def _query(asked: Asked) -> str:
    facts = {"category": asked.category, "region": asked.region, "status": asked.status, "q": asked.words}
    return urlencode({name: value for name, value in facts.items() if value})


def _headline() -> list[dict[str, Any]]:
    found = counted.totals()
    return [
        {"label": _("reports"), "value": f"{found.reports:,}"},
        {"label": _("answered"), "value": f"{found.answered:,}"},
        {"label": _("days to the answer, at the middle"), "value": "–" if found.median_days is None else str(found.median_days)},
        {"label": _("people who take part"), "value": f"{found.users:,}"},
    ]  # fmt: skip


@open_page(*NARROWED)
def on_the_map(request: HttpRequest) -> HttpResponse:
    asked = read_asked(request.GET)
    rows = queries.points(asked)
    context = frame(request, "map") | {
        "title": _("Reports on the map"),
        "cards": cards(rows[:60]),
        "shown": len(rows),
        "full": len(rows) == queries.ON_THE_MAP,
        "filter": _filter(asked),
        "list_url": f"{reverse('plaza:list')}?{_query(asked)}",
        "map": _map(asked, [(float(row.lon), float(row.lat)) for row in rows if row.lon is not None and row.lat is not None]),
    }  # fmt: skip
    return render(request, "plaza/map.html", context)


@open_page(*NARROWED)
def points(request: HttpRequest) -> HttpResponse:
    """The reports of the map as GeoJSON."""
    found = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": _drawn((float(card.report.lon or 0), float(card.report.lat or 0)))},
            "properties": {
                "url": card.address,
                "words": card.report.words[:80],
                "note": " · ".join(part for part in (card.category, str(card.state["label"]), card.day) if part),
                "done": card.report.state == "answered",
            },
        }
        for card in cards(queries.points(read_asked(request.GET)))
    ]  # fmt: skip
    body = json.dumps({"type": "FeatureCollection", "features": found}, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(body, content_type="application/geo+json")


def _map(asked: Asked, places: list[Point]) -> dict[str, Any]:
    """What the script needs."""
    return {
        "points": f"{reverse('plaza:points')}?{_query(asked)}",
        "box": _box(places),
        "base": [address.replace("{key}", settings.ANLAN_MAP_KEY) for address in settings.ANLAN_MAP_TILES],
        "places": [{"name": name, "at": _drawn(at)} for name, at in county_middles(settings.ANLAN_CITY)],
        "source": settings.ANLAN_MAP_SOURCE,
        "worker": static("build/map-worker.js"),
        "words": {
            "map": _("Map of reports. Arrow keys move it, plus and minus zoom. The list below says the same."),
            "broken": _("The map could not be loaded. The list below says the same."),
            "ZoomIn": _("Zoom in"),
            "ZoomOut": _("Zoom out"),
            "Close": _("Close"),
            "fingers": _("Use two fingers to move the map"),
        },
    }


def _box(places: list[Point]) -> list[float]:
    if not places:
        city = Region.objects.filter(pk=settings.ANLAN_CITY, lon__isnull=False, lat__isnull=False).first()
        lon, lat = (float(city.lon or 0), float(city.lat or 0)) if city else (105.0, 35.0)
        wide = WIDE if city else 20
        places = [(lon - wide, lat - wide), (lon + wide, lat + wide)]
    lons, lats = [lon for lon, _lat in places], [lat for _lon, lat in places]
    return [*_drawn((min(lons), min(lats))), *_drawn((max(lons), max(lats)))]


def _drawn(point: Point) -> Point:
    """Where the base map draws it."""
    return wgs84_to_gcj02(*point) if settings.ANLAN_MAP_SYSTEM == "gcj02" else point


@open_page()
def one(request: HttpRequest, number: str) -> HttpResponse:
    row = queries.report(number)
    card: Card = cards([row])[0]
    phases = {code: str(label) for code, label in ReportPhoto.PHASES}
    pictures = [{"photo": photo, "phase": phases.get(photo.phase, "")} for photo in queries.photos(row.pk)]
    context = frame(request, "plaza") | {
        "title": card.report.words[:40],
        "card": card,
        "pictures": pictures,
        "stages": stages(row),
        "progress": progress_of(row),
        "outcome": outcome_of(row),
    }
    return render(request, "plaza/report.html", context)


@open_page()
def figures(request: HttpRequest) -> HttpResponse:
    context = frame(request, "figures") | {
        "title": _("The service in figures"),
        "totals": counted.totals(),
        "months": counted.months(),
    }
    return render(request, "plaza/figures.html", context)


@login_not_required
@require_safe
def picture(request: HttpRequest, photo_id: UUID, kind: str) -> HttpResponseBase:
    """A copy that carries nothing but the picture; the original is not reached from here."""
    with scope.acting(PLAZA):
        found = queries.photo(photo_id)
    digest = found.thumb_sha256 if kind == "thumb" else found.display_sha256
    if digest not in store():
        raise NotFound
    response: HttpResponseBase
    if request.headers.get("If-None-Match", "").strip('"') == digest:
        response = HttpResponseNotModified()
    else:
        response = FileResponse(store().open(digest), content_type="image/jpeg")
    response["ETag"] = f'"{digest}"'
    # As long as a page: a picture that is withdrawn is soon seen nowhere.
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS * 15}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@login_not_required
@require_safe
def reading(request: HttpRequest) -> HttpResponse:
    """How the reader likes to read, kept by their own browser; then back to the page they came from."""
    back = request.GET.get("next", "")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("plaza:list")
    response = redirect(back)
    response["Cache-Control"] = "no-store"
    if (language := request.GET.get("language", "")) in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax", secure=not settings.RELAXED
        )
    if (kind := request.GET.get("type", "")) in ("large", "plain"):
        response.set_cookie(TYPE_COOKIE, kind, max_age=YEAR, samesite="Lax", secure=not settings.RELAXED)
    return response
