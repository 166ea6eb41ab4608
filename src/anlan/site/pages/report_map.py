"""What the citizens' app draws its map from when somebody asks for one: base map, names of places, boundaries. All of it public."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe

from anlan.identity.models import Region
from anlan.kernel.codes import subtree
from anlan.kernel.errors import NotFound
from anlan.kernel.geo import Point, wgs84_to_gcj02
from anlan.risks.boundaries import boundaries

HOUR = 3600
MOST_PLACES = 400
WIDE = 0.35
"""Degrees to each side of the city's centre that are in view at first: about 35 km."""


def _drawn(point: Point) -> Point:
    """Where the base map draws it."""
    lon, lat = wgs84_to_gcj02(*point) if settings.ANLAN_MAP_SYSTEM == "gcj02" else point
    return round(lon, 6), round(lat, 6)


@login_not_required
@require_GET
@cache_control(public=True, max_age=HOUR)
def facts(request: HttpRequest) -> HttpResponse:
    """Nothing is asked here: where somebody looks must not stand in a server's log."""
    rows = Region.objects.filter(code__range=_city(), lon__isnull=False).order_by("code")[:MOST_PLACES]
    points = {row.code: _drawn((float(row.lon or 0), float(row.lat or 0))) for row in rows}
    middle = points.get(settings.ANLAN_CITY) or _middle(list(points.values()))
    return JsonResponse(
        {
            "system": settings.ANLAN_MAP_SYSTEM,
            "base": [address.replace("{key}", settings.ANLAN_MAP_KEY) for address in settings.ANLAN_MAP_TILES],
            "source": settings.ANLAN_MAP_SOURCE,
            "boundaries": reverse("report-boundaries") if boundaries() else "",
            "places": [
                {"code": row.code, "name": row.name, "level": row.level, "at": points[row.code]} for row in rows
            ],
            "box": [middle[0] - WIDE, middle[1] - WIDE, middle[0] + WIDE, middle[1] + WIDE] if middle else None,
        }
    )


def _city() -> tuple[int, int]:
    low, high = subtree(settings.ANLAN_CITY)
    return low, high - 1  # `range` takes in both ends


def _middle(points: list[Point]) -> Point | None:
    count = len(points)
    return (sum(lon for lon, _lat in points) / count, sum(lat for _lon, lat in points) / count) if count else None


@login_not_required
@require_safe
@cache_control(public=True, max_age=HOUR)
def shapes(request: HttpRequest) -> HttpResponse:
    """The operator's boundaries."""
    found = boundaries()
    if found is None:
        raise NotFound
    body, etag = found
    response: HttpResponse = HttpResponse(body, content_type="application/geo+json")
    if request.headers.get("If-None-Match", "").removeprefix("W/").strip('"') == etag:
        response = HttpResponseNotModified()
    response["ETag"] = f'W/"{etag}"'
    return response
