"""Good photos, made by code, with all that phones write into them."""

import struct
from io import BytesIO

from PIL import ExifTags, Image, ImageCms


def picture(width=640, height=480):
    """A gradient with a dark bar on the left: no side looks like another."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    image.paste((20, 40, 60), (0, 0, width // 8, height))
    return image


def encoded(image, form="JPEG", **options):
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def exif(*, orientation=1, gps=None, time="2026:03:05 14:30:15", extra=None):
    data = Image.Exif()
    data[ExifTags.Base.Make] = "HUAWEI"
    data[ExifTags.Base.Model] = "ALN-AL00"
    data[ExifTags.Base.Orientation] = orientation
    details = data.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = time
    details[ExifTags.Base.OffsetTimeOriginal] = "+08:00"
    details.update(extra or {})
    data.get_ifd(ExifTags.IFD.GPSInfo).update(PLACE if gps is None else gps)
    return data.tobytes()


PLACE = {
    ExifTags.GPS.GPSLatitudeRef: "N",
    ExifTags.GPS.GPSLatitude: (30.0, 14.0, 36.0),
    ExifTags.GPS.GPSLongitudeRef: "E",
    ExifTags.GPS.GPSLongitude: (120.0, 9.0, 18.0),
    ExifTags.GPS.GPSAltitudeRef: b"\x00",
    ExifTags.GPS.GPSAltitude: 41.5,
    ExifTags.GPS.GPSDateStamp: "2026:03:05",
    ExifTags.GPS.GPSTimeStamp: (6.0, 30.0, 14.0),
}


def jpeg(**options):
    return encoded(picture(), exif=exif(), comment=b"secret comment", **options)


def segment(marker, body):
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def with_segments(data, *segments):
    """A JPEG with more segments right behind its start."""
    return data[:2] + b"".join(segments) + data[2:]


def profile():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
