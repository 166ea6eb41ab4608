"""
Before and after pictures of hazards, drawn by code and marked as demo pictures.

Same kind and seed: same spot. `after` shows it repaired.
"""

import datetime as dt
import io
from collections.abc import Callable
from fractions import Fraction

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from anlan.demo.pictures import indoor, outdoor, works
from anlan.demo.pictures.canvas import Canvas

DRAWERS: dict[str, Callable[[Canvas], None]] = {
    "blocked_exit": indoor.blocked_exit,
    "bare_wiring": indoor.bare_wiring,
    "drums": indoor.drums,
    "extinguisher": indoor.extinguisher,
    "overloaded_socket": indoor.overloaded_socket,
    "ebike": indoor.ebike,
    "gas_hose": indoor.gas_hose,
    "record_book": indoor.record_book,
    "gas_meter": indoor.gas_meter,
    "machine_guard": works.machine_guard,
    "ladle_water": works.ladle_water,
    "dust_beams": works.dust_beams,
    "gas_cylinder": works.gas_cylinder,
    "ammonia_leak": works.ammonia_leak,
    "hook_latch": works.hook_latch,
    "mine_roof": works.mine_roof,
    "scaffold_ties": outdoor.scaffold_ties,
    "pit_rail": outdoor.pit_rail,
    "manhole": outdoor.manhole,
    "mine_slope": outdoor.mine_slope,
    "tyre": outdoor.tyre,
    "warning_sign": outdoor.warning_sign,
    "life_buoy": outdoor.life_buoy,
}
KINDS = tuple(DRAWERS)

EXIF_IFD, GPS_IFD = 0x8769, 0x8825
MAKE, SOFTWARE, DATETIME, DATETIME_ORIGINAL, OFFSET_TIME_ORIGINAL = 0x010F, 0x0131, 0x0132, 0x9003, 0x9011
LAT_REF, LAT, LON_REF, LON, MAP_DATUM = 1, 2, 3, 4, 18
SECONDS_RESOLUTION = 10_000  # about 3 mm on the ground


def draw(kind: str, *, after: bool, seed: int) -> Image.Image:
    """A picture of 1280 by 960, RGB."""
    canvas = Canvas(seed=seed, kind=kind, after=after)
    DRAWERS[kind](canvas)
    return canvas.finish()


def jpeg(kind: str, *, after: bool, seed: int, taken_at: dt.datetime, lonlat: tuple[float, float]) -> bytes:
    """The picture as a camera would hand it in: JPEG with time (aware) and place (WGS 84 degrees) in EXIF."""
    return encode(draw(kind, after=after, seed=seed), taken_at=taken_at, lonlat=lonlat)


def encode(picture: Image.Image, *, taken_at: dt.datetime, lonlat: tuple[float, float]) -> bytes:
    """Write a drawn picture with its own time and place, so that one drawing serves many hazards."""
    if taken_at.tzinfo is None:
        raise ValueError("taken_at needs a time zone")
    written = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    exif = Image.Exif()
    exif[MAKE] = "Anlan demo"
    exif[SOFTWARE] = "drawn by code"
    exif[DATETIME] = written
    exif.get_ifd(EXIF_IFD).update({DATETIME_ORIGINAL: written, OFFSET_TIME_ORIGINAL: taken_at.isoformat()[-6:]})
    lon, lat = lonlat
    exif.get_ifd(GPS_IFD).update(
        {
            LAT_REF: "N" if lat >= 0 else "S",
            LAT: _sexagesimal(abs(lat)),
            LON_REF: "E" if lon >= 0 else "W",
            LON: _sexagesimal(abs(lon)),
            MAP_DATUM: "WGS-84",
        },
    )
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=82, exif=exif)
    return buffer.getvalue()


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    seconds = Fraction(round(degrees * 3600 * SECONDS_RESOLUTION), SECONDS_RESOLUTION)
    whole, rest = divmod(seconds, 3600)
    minutes, last = divmod(rest, 60)
    return IFDRational(whole), IFDRational(minutes), IFDRational(last.numerator, last.denominator)
