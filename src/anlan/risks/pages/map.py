"""The four-colour map: the page, its tiles, and the same figures as a table for those without a map."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from anlan.identity.asking import reader_of
from anlan.identity.models import Region
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound
from anlan.kernel.geo import Point, wgs84_to_gcj02
from anlan.kernel.phrases import chinese
from anlan.registry.queries import industries, industry_names, region_choices
from anlan.risks import tiles
from anlan.risks.boundaries import boundaries
from anlan.risks.figures import COUNTS, Territories, Territory, extent, territories
from anlan.risks.narrowing import UNASSESSED, Narrowing, read_narrowing

ANY = ("", "—")
RISKS: dict[str, Any] = {
    "red": gettext_lazy("major risk"),
    "orange": gettext_lazy("considerable risk"),
    "yellow": gettext_lazy("general risk"),
    "blue": gettext_lazy("low risk"),
    UNASSESSED: gettext_lazy("not assessed"),
}
SHAPES = {"red": "■", "orange": "▲", "yellow": "◆", "blue": "●", UNASSESSED: "○"}
"""A colour is never the only sign."""
CHINA = (73.5, 18.0, 135.1, 53.6)
WIDE = 0.35
"""Degrees around a territory's centre that are shown when it has no points yet."""


class MapFilter(forms.Form):
    """Says no to nothing: what it cannot read is left out by `read_narrowing`."""

    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    industry = forms.ChoiceField(label=gettext_lazy("Supervision field"), required=False)
    colour = forms.ChoiceField(
        label=gettext_lazy("Risk colour"),
        required=False,
        choices=[ANY, *RISKS.items()],
    )
    overdue = forms.BooleanField(label=gettext_lazy("Assessment overdue"), required=False)

    def __init__(self, actor: Actor, data: Any) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        if actor.enterprises:
            del fields["region"], fields["industry"]
            return
        names = industry_names()
        fields["region"].choices = [ANY, *((str(code), name) for code, name in region_choices(actor))]
        fields["industry"].choices = [ANY, *((row.code, names[row.code]) for row in industries(actor))]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    narrowing = read_narrowing(request.GET)
    found = territories(actor, narrowing)
    context = {
        "title": _("Risk map"),
        "filter_form": MapFilter(actor, request.GET or None),
        "legend": [{"colour": colour, "label": label, "shape": SHAPES[colour]} for colour, label in RISKS.items()],
        "columns": [{"colour": colour, "label": label, "shape": SHAPES[colour]} for colour, label in RISKS.items()],
        "rows": [_row(row, narrowing) for row in found.rows],
        "total": _row(found.total, narrowing),
        "found": found,
        "list_url": _points_url(narrowing.query()),
        "map": _map(actor, narrowing, found),
        "has_boundaries": boundaries() is not None,
    }
    return render(request, "risks/map.html", context)


def _row(row: Territory, narrowing: Narrowing) -> dict[str, Any]:
    """A line of the table; each number opens its points."""
    place = row.code or narrowing.region
    # A county's own line counts what lies in none of its townships, which no list is narrowed to.
    listed = not row.code or row.exact
    return {
        "label": row.name or _("Total"),
        "url": f"?{narrowing.query(region=row.code)}" if row.opens else "",
        "cells": [
            {
                "label": _("Overdue") if one == "overdue" else RISKS[UNASSESSED if one == "grey" else one],
                "value": row.counts[one],
                "url": _points_url(narrowing.query(region=place, **_asked(one))) if listed else "",
                "late": one == "overdue" and row.counts[one],
            }
            for one in COUNTS
        ],
        "all": {"value": row.total, "url": _points_url(narrowing.query(region=place)) if listed else ""},
        "share": _percent(row.worst_share),
    }


def _asked(figure: str) -> dict[str, str]:
    return {"overdue": "1"} if figure == "overdue" else {"colour": figure}


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _points_url(query: str) -> str:
    url = _address("risks:points")
    return f"{url}?{query}" if url and query else url


def _address(name: str, *args: Any) -> str:
    """Nothing where this release has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _map(actor: Actor, narrowing: Narrowing, found: Territories) -> dict[str, Any]:
    """What the script needs."""
    tile = reverse("risks:tile", args=[0, 0, 0]).replace("0/0/0", "{z}/{x}/{y}")
    query = narrowing.query()
    base = [address.replace("{key}", settings.ANLAN_MAP_KEY) for address in settings.ANLAN_MAP_TILES]
    point = _address("risks:point", "00000000-0000-0000-0000-000000000000")
    return {
        "tiles": request_path(tile, query),
        "lastZoom": tiles.LAST_ZOOM,
        "box": _box(actor, narrowing),
        "places": [
            {
                "code": row.code,
                "name": row.name,
                "at": _drawn(row.centre) if row.centre else None,
                "total": row.total,
                "share": row.worst_share,
                "words": _("%(n)s points, worst share %(share)s")
                % {"n": f"{row.total:,}", "share": _percent(row.worst_share)},
                "url": f"?{narrowing.query(region=row.code)}" if row.opens else "",
            }
            for row in found.rows
        ],
        "boundaries": reverse("risks:boundaries") if boundaries() else "",
        "base": base,
        "source": settings.ANLAN_MAP_SOURCE,
        "point": point.replace("00000000-0000-0000-0000-000000000000", "{id}"),
        "list": _points_url(query),
        "worker": static("build/map-worker.js"),
        "chinese": chinese(),
        "risks": {colour: str(label) for colour, label in RISKS.items()},
        "words": {
            "map": _("Map of risk points. Arrow keys move it, plus and minus zoom."),
            "cell": _("{n} points, the worst: {worst}"),
            "zoom": _("Zoom to {n} points, the worst: {worst}"),
            "here": _("{n} points lie here"),
            "open": _("Open the list"),
            "more": _("and {n} more; zoom in to see them"),
            "nothing": _("No point of this selection is in view."),
            "broken": _("The map could not be loaded. The table below says the same."),
            "ZoomIn": _("Zoom in"),
            "ZoomOut": _("Zoom out"),
            "Close": _("Close"),
        },
    }


def request_path(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _box(actor: Actor, narrowing: Narrowing) -> list[float]:
    """What is in view at first: the points, else the territory, else the country."""
    box = extent(actor, narrowing)
    if box is None:
        codes = [narrowing.region, actor.region, settings.ANLAN_CITY]
        rows = {
            row.code: row for row in Region.objects.filter(pk__in=[code for code in codes if code], lon__isnull=False)
        }
        place = next((rows[code] for code in codes if code in rows), None)
        if place is None or place.lon is None or place.lat is None:
            return list(CHINA)
        lon, lat = float(place.lon), float(place.lat)
        box = (lon - WIDE, lat - WIDE, lon + WIDE, lat + WIDE)
    return [*_drawn((box[0], box[1])), *_drawn((box[2], box[3]))]


def _drawn(point: Point) -> Point:
    """Where the base map draws it."""
    return wgs84_to_gcj02(*point) if settings.ANLAN_MAP_SYSTEM == "gcj02" else point


@require_safe
def tile(request: HttpRequest, zoom: int, x: int, y: int) -> HttpResponse:
    actor = reader_of(request)
    known = request.headers.get("If-None-Match", "").removeprefix("W/").strip('"')
    found = tiles.tile(actor, read_narrowing(request.GET), zoom, x, y, known=known)
    response: HttpResponse
    if found.body is None:
        response = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(found.body, content_type=tiles.TYPE, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(tiles.plain(found.body), content_type=tiles.TYPE)
    return _kept_by_browser(response, found.etag)


@require_safe
def shapes(request: HttpRequest) -> HttpResponse:
    """The operator's boundaries."""
    reader_of(request)
    found = boundaries()
    if found is None:
        raise NotFound
    body, etag = found
    if request.headers.get("If-None-Match", "").removeprefix("W/").strip('"') == etag:
        return _kept_by_browser(HttpResponseNotModified(), etag)
    return _kept_by_browser(HttpResponse(body, content_type="application/geo+json"), etag)


def _kept_by_browser(response: HttpResponse, etag: str) -> HttpResponse:
    """Kept, and asked about each time: who sees what may have changed, and another may sit at the same machine."""
    # Weak: the same tile goes out with and without gzip.
    response["ETag"] = f'W/"{etag}"'
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response
