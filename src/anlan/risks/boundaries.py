"""Boundaries of territories, when the operator supplies a file of them; nothing is fetched and none is shipped."""

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings

from anlan.kernel.codes import CodeError, parse_region
from anlan.kernel.geo import wgs84_to_gcj02

log = structlog.get_logger(__name__)
SHAPES = ("Polygon", "MultiPolygon")
_kept: tuple[tuple[str, str, float], tuple[bytes, str] | None] | None = None


def boundaries() -> tuple[bytes, str] | None:
    """GeoJSON in the base map's system with one `code` a feature, and its ETag; None without a file, or with one that is none."""
    global _kept  # noqa: PLW0603 -- one file a process, read again when it changed
    path = settings.ANLAN_BOUNDARIES
    if not path:
        return None
    try:
        key = (path, settings.ANLAN_MAP_SYSTEM, Path(path).stat().st_mtime)
    except OSError:
        log.warning("map.boundaries", trouble="the file cannot be read", path=path)
        return None
    if _kept is None or _kept[0] != key:
        _kept = (key, _read(Path(path)))
    return _kept[1]


def _read(path: Path) -> tuple[bytes, str] | None:
    try:
        found = json.loads(path.read_bytes())
        features = [one for feature in found["features"] if (one := _feature(feature))]
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        log.warning("map.boundaries", trouble=f"no GeoJSON of areas: {error!r}", path=str(path))
        return None
    body = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")).encode()
    return body, blake2b(body, digest_size=16).hexdigest()


def _feature(feature: dict[str, Any]) -> dict[str, Any] | None:
    facts, shape = feature.get("properties") or {}, feature.get("geometry") or {}
    try:
        code = parse_region(str(facts.get("code") or facts.get("adcode") or ""))
    except CodeError:
        return None
    if shape.get("type") not in SHAPES:
        return None
    shape = {"type": shape["type"], "coordinates": _moved(shape["coordinates"])}
    return {"type": "Feature", "properties": {"code": code}, "geometry": shape}


def _moved(coordinates: Any) -> Any:
    """To the system of the base map, with no more digits than a screen shows."""
    if isinstance(coordinates[0], (int, float)):
        lon, lat = float(coordinates[0]), float(coordinates[1])
        if settings.ANLAN_MAP_SYSTEM == "gcj02":
            lon, lat = wgs84_to_gcj02(lon, lat)
        return [round(lon, 5), round(lat, 5)]
    return [_moved(one) for one in coordinates]
