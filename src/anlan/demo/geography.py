"""
Where the demo city lies: one prefecture's public region codes with approximate points.

County centres are own knowledge rounded to 0.01 degree (WGS 84), good enough to place invented
enterprises on a map and for nothing else [K]. Codes and names come from the public statistical codes
(`registry/data/regions_141000.csv`).
"""

import csv
import math
import random
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CITY_CODE = 141000000000
CITY_NAME = "临汾市"

# (longitude, latitude) of the county seat, and the radius in degrees within which demo points are strewn.
COUNTY_CENTRES: dict[int, tuple[float, float, float]] = {
    141002000000: (111.52, 36.08, 0.10),  # 尧都区
    141021000000: (111.48, 35.64, 0.06),  # 曲沃县
    141022000000: (111.72, 35.74, 0.08),  # 翼城县
    141023000000: (111.44, 35.88, 0.08),  # 襄汾县
    141024000000: (111.67, 36.25, 0.10),  # 洪洞县
    141025000000: (111.92, 36.27, 0.08),  # 古县
    141026000000: (112.25, 36.15, 0.10),  # 安泽县
    141027000000: (111.85, 35.97, 0.07),  # 浮山县
    141028000000: (110.68, 36.10, 0.09),  # 吉县
    141029000000: (110.85, 35.97, 0.10),  # 乡宁县
    141030000000: (110.75, 36.47, 0.07),  # 大宁县
    141031000000: (110.94, 36.69, 0.08),  # 隰县
    141032000000: (110.63, 36.76, 0.07),  # 永和县
    141033000000: (111.10, 36.41, 0.08),  # 蒲县
    141034000000: (111.56, 36.65, 0.06),  # 汾西县
    141081000000: (111.37, 35.62, 0.04),  # 侯马市
    141082000000: (111.72, 36.57, 0.05),  # 霍州市
}


@dataclass(frozen=True, slots=True)
class Region:
    code: int  # 12 digits
    zh: str
    en: str
    level: str  # city, county, township
    parent: int | None


@cache
def regions() -> tuple[Region, ...]:
    """The city, its 17 counties and their townships, in code order."""
    text = (files("anlan.registry") / "data" / "regions_141000.csv").read_text(encoding="utf-8")
    return tuple(
        Region(
            code=int(row["code"]),
            zh=row["zh"],
            en=row["en"],
            level=row["level"],
            parent=int(row["parent"]) if row["parent"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def counties() -> tuple[Region, ...]:
    return tuple(region for region in regions() if region.level == "county")


@cache
def townships(county: int) -> tuple[Region, ...]:
    return tuple(region for region in regions() if region.parent == county and region.level == "township")


def county_of(code: int) -> int:
    """The county's 12-digit code for a township or anything below it."""
    return code // 1_000_000 * 1_000_000


def point_near(code: int, rng: random.Random) -> tuple[float, float]:
    """
    A demo point (longitude, latitude) in WGS 84 near a township or county.

    Each township has its own direction and distance from the county seat, drawn from its code, so that
    its enterprises cluster; the city itself answers with its seat's county.
    """
    county = county_of(code)
    lon, lat, radius = COUNTY_CENTRES.get(county, COUNTY_CENTRES[141002000000])
    if code != county:
        own = random.Random(code)
        angle, distance = own.uniform(0, math.tau), radius * math.sqrt(own.random())
        lon, lat = lon + distance * math.cos(angle), lat + distance * math.sin(angle)
    spread = 0.008
    return round(lon + rng.gauss(0, spread), 6), round(lat + rng.gauss(0, spread), 6)
