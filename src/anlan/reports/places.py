"""Where a report is: the region of a position, or of an address in words."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anlan.identity.models import Region
from anlan.kernel import geo
from anlan.kernel.codes import subtree
from anlan.kernel.errors import Invalid
from anlan.kernel.numbering import county_of

NEAR_METRES, FAR_METRES = 25_000, 60_000
SUFFIXES = ("街道办事处", "街道", "地区", "自治县", "区", "县", "市", "镇", "乡")
SHORTEST = 2
"""Signs of a name that is recognised without its kind: 尧都 for 尧都区."""


def region_of(*, lon: float | None, lat: float | None, address: str, given: int | None) -> int:
    """
    The region a report is filed under: as given, as its position lies, or as its address names it.

    Raises Invalid for a place that this city does not serve.
    """
    if given is not None:
        if not Region.objects.filter(code=given).exists():
            raise Invalid(fields={"region": [_("There is no such region.")]})
        if not in_the_city(given):  # above it no desk would see the report
            raise Invalid(fields={"region": [_("This place is not in the territory served here.")]})
        return given
    named = region_named(address) if address else None
    if lon is None or lat is None:
        return named or settings.ANLAN_CITY
    nearest = region_at(lon, lat)
    if nearest is None:
        if named is None and Region.objects.filter(lon__isnull=False).exists():
            raise Invalid(fields={"lon": [_("This place is not in the territory served here.")]})
        return named or settings.ANLAN_CITY
    # Words that name a township of the same county are surer than the nearest middle of a region.
    if named is not None and named != county_of(named) and county_of(named) == county_of(nearest):
        return named
    return nearest


def in_the_city(region: int) -> bool:
    """Whether a region is the city served here or lies in it."""
    low, high = subtree(settings.ANLAN_CITY)
    return low <= region < high


def region_at(lon: float, lat: float) -> int | None:
    """The township, else the county, whose middle lies nearest: boundaries are not among the data."""
    for metres in (NEAR_METRES, FAR_METRES):
        west, south, east, north = geo.box_around((lon, lat), metres)
        rows = Region.objects.filter(
            level__in=("county", "township"), valid_to=None, lon__range=(west, east), lat__range=(south, north)
        ).values_list("code", "level", "lon", "lat")
        found = [
            (level != "township", geo.haversine_m((lon, lat), (float(x), float(y))), code)
            for code, level, x, y in rows
            if x is not None and y is not None
        ]
        if found:
            return min(found)[2]
    return None


def region_named(words: str) -> int | None:
    """The deepest region an address names; a township whose name several counties have needs its county's name too."""
    rows = list(
        Region.objects.filter(level__in=("county", "township"), valid_to=None).values_list("code", "name", "level")
    )
    counties = {code for code, name, level in rows if level == "county" and _names(words, name)}
    towns = [(code, name) for code, name, level in rows if level == "township" and _names(words, name)]
    if counties:
        towns = [(code, name) for code, name in towns if county_of(code) in counties]
    if towns:
        longest = max(len(name) for _code, name in towns)
        best = [code for code, name in towns if len(name) == longest]
        if len(best) == 1:
            return best[0]
    return min(counties) if len(counties) == 1 else None


def _names(words: str, name: str) -> bool:
    if name in words:
        return True
    stem = next((name.removesuffix(one) for one in SUFFIXES if name.endswith(one)), name)
    return len(stem) >= SHORTEST and stem in words


def find_places(words: str, *, limit: int = 10) -> list[Region]:
    """Regions whose name holds the words, or that the words name."""
    asked = words.strip()
    if not asked:
        return []
    rows = Region.objects.filter(level__in=("city", "county", "township", "village"), valid_to=None)
    found = list(rows.filter(name__icontains=asked).order_by("code")[:limit])
    if not found and (code := region_named(asked)) is not None:
        found = list(rows.filter(code=code))
    return found
