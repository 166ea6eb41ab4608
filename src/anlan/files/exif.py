"""
Reads when and where a photo says it was taken. Runs in the child; a broken field is left out and named, never a refusal.

EXIF is a claim by whoever held the file: evidence to be weighed, not a fact.
"""

import math
import re
import warnings
from datetime import UTC, datetime
from typing import Any

from PIL import ExifTags, Image

LARGEST = 1 << 20
"""Bytes of EXIF worth reading; makers' notes rarely pass 64 KB."""
_TIME = re.compile(r"((?:19|20)\d\d):(\d\d):(\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def read(image: Image.Image) -> dict[str, Any]:
    """The evidence fields of `anlan.files.images.Evidence`, as JSON."""
    evidence: dict[str, Any] = {"orientation": 1, "problems": []}
    raw = image.info.get("exif", b"")
    if isinstance(raw, bytes) and len(raw) > LARGEST:
        evidence["problems"].append("exif.too_large")
        return evidence
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of every broken tag; what cannot be read is simply not claimed
        try:
            _fill(evidence, image.getexif())
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 Pillow raises nearly anything at bad bytes
            evidence["problems"].append("exif.unreadable")
    return evidence


def _fill(evidence: dict[str, Any], exif: Image.Exif) -> None:
    orientation = exif.get(ExifTags.Base.Orientation, 1)
    evidence["orientation"] = orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1
    evidence["maker"] = _text(exif.get(ExifTags.Base.Make))
    evidence["model"] = _text(exif.get(ExifTags.Base.Model))
    evidence["software"] = _text(exif.get(ExifTags.Base.Software))
    details = exif.get_ifd(ExifTags.IFD.Exif)
    written = details.get(ExifTags.Base.DateTimeOriginal) or details.get(ExifTags.Base.DateTimeDigitized)
    written = written or exif.get(ExifTags.Base.DateTime)
    evidence["taken_at"] = _time(written)
    if written and not evidence["taken_at"]:
        evidence["problems"].append("time.invalid")
    evidence["utc_offset_minutes"] = _offset(details.get(ExifTags.Base.OffsetTimeOriginal))
    _place(evidence, exif.get_ifd(ExifTags.IFD.GPSInfo))


def _place(evidence: dict[str, Any], gps: dict[int, Any]) -> None:
    evidence["gps_at"] = _gps_time(gps)
    if not gps.get(ExifTags.GPS.GPSLatitude) and not gps.get(ExifTags.GPS.GPSLongitude):
        return
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "N", "S", 90)
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "E", "W", 180)
    # A receiver without a fix writes zeros: a point in the Gulf of Guinea.
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        evidence["problems"].append("gps.invalid")
        return
    evidence["latitude"], evidence["longitude"] = latitude, longitude
    evidence["datum"] = _text(gps.get(ExifTags.GPS.GPSMapDatum))
    altitude = _number(gps.get(ExifTags.GPS.GPSAltitude))
    if altitude is not None and altitude < 20_000:
        below = gps.get(ExifTags.GPS.GPSAltitudeRef) in {1, b"\x01"}
        evidence["altitude"] = round(-altitude if below else altitude, 2)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    if not isinstance(value, str):
        return ""
    return "".join(char for char in value[:400] if char.isprintable()).strip()[:100]


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _degrees(parts: Any, ref: Any, plus: str, minus: str, most: int) -> float | None:
    numbers = [_number(part) for part in parts] if isinstance(parts, tuple) and len(parts) == 3 else []
    sign = {plus: 1, minus: -1}.get(_text(ref).upper())
    if sign is None or not numbers:
        return None
    degrees, minutes, seconds = numbers
    if degrees is None or minutes is None or seconds is None or minutes > 60 or seconds > 60:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return round(sign * value, 7) if value <= most else None


def _time(value: Any) -> str | None:
    match = _TIME.match(_text(value))
    if not match:
        return None
    try:
        return datetime(*(int(part) for part in match.groups())).isoformat()  # type: ignore[arg-type]  # noqa: DTZ001 the camera's own clock, without a zone
    except ValueError:
        return None


def _offset(value: Any) -> int | None:
    match = _OFFSET.match(_text(value))
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    return (minutes if match[1] == "+" else -minutes) if minutes <= 14 * 60 else None


def _gps_time(gps: dict[int, Any]) -> str | None:
    day = re.match(r"((?:19|20)\d\d):(\d\d):(\d\d)", _text(gps.get(ExifTags.GPS.GPSDateStamp)))
    clock = gps.get(ExifTags.GPS.GPSTimeStamp)
    if not day or not isinstance(clock, tuple) or len(clock) != 3:
        return None
    hour, minute, second = (_number(part) for part in clock)
    if hour is None or minute is None or second is None:
        return None
    try:
        moment = datetime(
            int(day[1]), int(day[2]), int(day[3]), int(hour), int(minute), min(int(second), 59), tzinfo=UTC
        )
    except ValueError:
        return None
    return moment.isoformat()
