"""Hostile photos and documents, made by code. Each names the refusal it must meet, or None: taken in and made harmless."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from tests.files import heic, photos


@dataclass(frozen=True)
class Case:
    title: str
    code: str | None
    make: Callable[[], bytes]
    name: str = "photo.jpg"
    type: str = ""


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, *, depth=8, colour=2, before=(), rows=None):
    """A PNG of zeros; `rows` None: as many bytes as the header promises, packed without holding them."""
    samples = {0: 1, 2: 3, 3: 1, 6: 4}[colour]
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    plain = rows if rows is not None else height * (1 + (width * samples * depth + 7) // 8)
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(before) + chunk(b"IDAT", zeros(plain)) + chunk(b"IEND", b"")


def zeros(count, byte=b"\0"):
    packer = zlib.compressobj(9)
    block, out = byte * (1 << 20), []
    while count > 0:
        out.append(packer.compress(block[: min(count, len(block))]))
        count -= len(block)
    return b"".join(out) + packer.flush()


def small_png(*before, after=b""):
    return png(16, 16, before=before) + after


def jpeg_sized(width, height):
    """A sound JPEG whose header claims another size."""
    data = bytearray(photos.encoded(photos.picture(64, 64)))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def many_scans(count):
    """A progressive JPEG whose last scan is repeated: each pass costs the decoder the whole picture."""
    data = photos.encoded(photos.picture(64, 64), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + b"\xff\xd9"


def animation(form, frames, **options):
    pictures = [Image.new("P" if form == "GIF" else "RGB", (320, 240), number * 60 % 256) for number in range(frames)]
    return photos.encoded(pictures[0], form, save_all=True, append_images=pictures[1:], **options)


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in (members or {"evil.txt": b"hidden"}).items():
            package.writestr(name, body)
    return out.getvalue()


def riff(*chunks):
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tiff(entries, following=0):
    body = b"II*\0" + struct.pack("<IH", 8, len(entries))
    return body + b"".join(struct.pack("<HHII", *entry) for entry in entries) + struct.pack("<I", following)


def exif_jpeg(raw):
    return photos.with_segments(photos.encoded(photos.picture()), photos.segment(0xE1, b"Exif\0\0" + raw))


def gps_jpeg(gps):
    return photos.encoded(photos.picture(), exif=photos.exif(gps=photos.PLACE | gps))


def profile_jpeg(body):
    parts = [body[at : at + 65_000] for at in range(0, len(body), 65_000)]
    marked = (b"ICC_PROFILE\0" + bytes((number, len(parts))) + part for number, part in enumerate(parts, 1))
    return photos.with_segments(photos.encoded(photos.picture()), *(photos.segment(0xE2, part) for part in marked))


def cut(make, share):
    def made():
        data = make()
        return data[: int(len(data) * share)]

    return made


def webp():
    return photos.encoded(photos.picture(), "WEBP")


def plain_png():
    return photos.encoded(photos.picture(), "PNG")


def plain_heic():
    return heic.encode(heic.sample())


def edited(data, old, new):
    assert old in data
    return data.replace(old, new, 1)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n(/etc/passwd) (r) file\n"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HTML = b"<html><body><script>fetch('/steal')</script></body></html>"
ELF = b"\x7fELF\x02\x01\x01" + bytes(57)
LOOP = tiff([(0x8769, 4, 1, 8), (0x8825, 4, 1, 8)], following=8)
HEADLESS = b"\xff\xd8\xff\xd9"
HUGE_NOTE = {ExifTags.Base.MakerNote: b"\xff" * 60_000}

BOMBS = [
    Case("png of 400 million pixels", "file.too_many_pixels", lambda: png(20_000, 20_000), "a.png"),
    Case("png over 64 million pixels", "file.too_many_pixels", lambda: png(9_000, 9_000), "a.png"),
    Case("png 12,001 wide", "file.too_many_pixels", lambda: png(12_001, 10), "a.png"),
    Case(
        "png one pixel wide and two thousand million high",
        "file.too_many_pixels",
        lambda: png(1, 2**31 - 1, rows=99),
        "a.png",
    ),
    Case("png without width", "file.unreadable", lambda: png(0, 10), "a.png"),
    Case("png at the limit, packed a thousand to one", None, lambda: png(8_000, 8_000), "a.png"),
    Case("png of 64 Mi pixels with alpha", None, lambda: png(8_192, 8_192, colour=6), "a.png"),
    Case("png of 16 bits a sample", None, lambda: png(6_000, 6_000, depth=16), "a.png"),
    Case("png zTXt of 200 MB", "file.bomb", lambda: small_png(chunk(b"zTXt", b"a\0\0" + zeros(200 << 20))), "a.png"),
    Case(
        "png iTXt of 200 MB", "file.bomb", lambda: small_png(chunk(b"iTXt", b"a\0\1\0\0\0" + zeros(200 << 20))), "a.png"
    ),
    Case(
        "png iTXt unpacked, 2 MB",
        "file.bomb",
        lambda: small_png(chunk(b"iTXt", b"a\0\0\0\0\0" + b"x" * (2 << 20))),
        "a.png",
    ),
    Case("png iCCP of 200 MB", "file.bomb", lambda: small_png(chunk(b"iCCP", b"a\0\0" + zeros(200 << 20))), "a.png"),
    Case(
        "png of 100 texts just small enough",
        "file.bomb",
        lambda: small_png(*[chunk(b"zTXt", b"a\0\0" + zeros(1 << 20))] * 100),
        "a.png",
    ),
    Case("png of 30,000 empty chunks", "file.bomb", lambda: small_png(*[chunk(b"tEXt", b"a\0")] * 30_000), "a.png"),
    Case("png whose pixels go on for 300 MB", None, lambda: png(16, 16, rows=300 << 20), "a.png"),
    Case("jpeg claiming 65,500 a side", "file.too_many_pixels", lambda: jpeg_sized(65_500, 65_500)),
    Case("jpeg claiming 12,000 × 5,000", None, lambda: jpeg_sized(12_000, 5_000)),
    Case("jpeg without width", "file.unreadable", lambda: jpeg_sized(0, 64)),
    Case("jpeg of 3,000 scans", "file.bomb", lambda: many_scans(3_000)),
    Case(
        "jpeg of 30,000 comments",
        "file.bomb",
        lambda: photos.with_segments(photos.jpeg(), *[photos.segment(0xFE, b"")] * 30_000),
    ),
    Case(
        "webp 16,383 wide",
        "file.too_many_pixels",
        lambda: photos.encoded(Image.new("RGB", (16_383, 4)), "WEBP"),
        "a.webp",
    ),
    Case(
        "webp claiming 16 million a side",
        "file.unreadable",
        lambda: riff((b"VP8X", b"\0" * 4 + b"\xff" * 6), (b"VP8L", b"\x2f\xff\xff\xff\x0f" + bytes(99))),
        "a.webp",
    ),
    Case(
        "heic claiming 60,000 a side",
        "file.too_many_pixels",
        lambda: heic.encode(heic.sample(), claim=(60_000, 60_000)),
        "a.heic",
    ),
    Case(
        "heic claiming 4,000 million a side",
        "file.unreadable",
        lambda: heic.encode(heic.sample(), claim=(2**32 - 1, 2**32 - 1)),
        "a.heic",
    ),
    Case("heic of 30,000 boxes", "file.bomb", lambda: plain_heic() + heic.box(b"free") * 30_000, "a.heic"),
    Case(
        "heic with 65,535 items promised, one there",
        None,
        lambda: edited(plain_heic(), b"iinf\0\0\0\0\0\1", b"iinf\0\0\0\0\xff\xff"),
        "a.heic",
    ),
    Case("jpeg profile of 1 MB of noise", None, lambda: profile_jpeg(bytes(range(256)) * 4_000)),
    Case("jpeg profile that lies about its tags", None, lambda: profile_jpeg(photos.profile()[:128] + b"\xff" * 400)),
    Case("file of more than 20 MB", "file.too_large", lambda: photos.jpeg() + bytes(20_000_000)),
]

MOVING = [
    Case("gif of 1,500 frames called jpg", "file.type_unknown", lambda: animation("GIF", 1_500)),
    Case("gif under its own name", "file.type_unknown", lambda: animation("GIF", 2), "a.gif", "image/gif"),
    Case("apng", "file.animated", lambda: animation("PNG", 4), "a.png"),
    Case("animated webp", "file.animated", lambda: animation("WEBP", 4), "a.webp"),
    Case("webp flagged as animated", "file.animated", lambda: riff((b"VP8X", b"\2" + bytes(9))), "a.webp"),
    Case("heic sequence", "file.animated", lambda: heic.encode(heic.sample(), brand=b"msf1"), "a.heic"),
    Case("heic with a film", "file.animated", lambda: plain_heic() + heic.box(b"moov", bytes(99)), "a.heic"),
    Case(
        "mp4",
        "file.type_unknown",
        lambda: heic.box(b"ftyp", b"isom\0\0\0\1isommp41") + heic.box(b"mdat", bytes(99)),
        "a.heic",
    ),
    Case(
        "two-picture jpeg (MPO), as phones write",
        None,
        lambda: photos.encoded(photos.picture(), "MPO", save_all=True, append_images=[photos.picture(320, 240)]),
    ),
]

BROKEN = [
    Case("nothing", "file.empty", lambda: b""),
    Case("one byte", "file.type_unknown", lambda: b"\xff"),
    Case("a thousand NULs", "file.type_unknown", lambda: bytes(1000)),
    Case("jpeg of two markers", "file.unreadable", lambda: HEADLESS),
    Case("jpeg magic and noise", "file.unreadable", lambda: b"\xff\xd8\xff" + bytes(range(256)) * 9),
    *(
        Case(f"jpeg cut at {share:.1%}", "file.truncated", cut(photos.jpeg, share))
        for share in (0.001, 0.02, 0.3, 0.6, 0.9, 0.999)
    ),
    *(
        Case(f"png cut at {share:.1%}", "file.truncated", cut(plain_png, share), "a.png")
        for share in (0.02, 0.3, 0.9, 0.999)
    ),
    *(Case(f"webp cut at {share:.1%}", "file.truncated", cut(webp, share), "a.webp") for share in (0.3, 0.9, 0.99)),
    *(
        Case(f"heic cut at {share:.1%}", "file.truncated", cut(plain_heic, share), "a.heic")
        for share in (0.05, 0.3, 0.99)
    ),
    Case("heic of a head alone", "file.truncated", lambda: heic.box(b"ftyp", b"heic\0\0\0\0mif1heic"), "a.heic"),
    Case(
        "heic with noise for its first slice",
        None,
        lambda: edited(plain_heic(), heic.PCM_FOLLOWS, b"\x55\x55"),
        "a.heic",
    ),
    Case(
        "heic whose decoder settings are noise",
        "file.unreadable",
        lambda: edited(plain_heic(), b"\x42\x01\x01", b"\x7f\xff\xff"),
        "a.heic",
    ),
    Case("png with a wrong check sum", "file.unreadable", lambda: edited(plain_png(), b"IDATx", b"IDATy"), "a.png"),
    Case(
        "png with noise for pixels",
        "file.unreadable",
        lambda: edited(small_png(), chunk(b"IDAT", zeros(16 * 49)), chunk(b"IDAT", b"noise")),
        "a.png",
    ),
    Case("png with fewer rows than promised", "file.truncated", lambda: png(500, 500, rows=5_000), "a.png"),
    Case("jpeg whose tables are gone", "file.unreadable", lambda: edited(photos.jpeg(), b"\xff\xdb", b"\xff\xee")),
]

DISGUISED = [
    Case("png called jpg", "file.type_mismatch", plain_png, "a.jpg"),
    Case("jpeg called png", "file.type_mismatch", photos.jpeg, "a.png"),
    Case("jpeg declared png", "file.type_mismatch", photos.jpeg, "a.jpg", "image/png"),
    Case("jpeg called exe", "file.type_mismatch", photos.jpeg, "a.exe"),
    Case("jpeg declared html", "file.type_mismatch", photos.jpeg, "a.jpg", "text/html"),
    Case("svg with script", "file.type_unknown", lambda: SVG, "a.svg", "image/svg+xml"),
    Case("svg called png", "file.type_unknown", lambda: SVG, "a.png", "image/png"),
    Case("eps", "file.type_unknown", lambda: EPS, "a.eps"),
    Case("eps called jpg", "file.type_unknown", lambda: EPS),
    Case("pdf called jpg", "file.type_unknown", lambda: PDF),
    Case("tiff called jpg", "file.type_unknown", lambda: photos.encoded(photos.picture(), "TIFF")),
    Case("bmp called png", "file.type_unknown", lambda: photos.encoded(photos.picture(), "BMP"), "a.png"),
    Case("ico called png", "file.type_unknown", lambda: photos.encoded(photos.picture(64, 64), "ICO"), "a.png"),
    Case("avif called heic", "file.type_unknown", lambda: photos.encoded(photos.picture(), "AVIF"), "a.heic"),
    Case("html called jpg", "file.type_unknown", lambda: HTML),
    Case("zip called jpg", "file.type_unknown", zipped),
]

POLYGLOTS = [
    Case("jpeg and zip", "file.polyglot", lambda: photos.jpeg() + zipped()),
    Case(
        "jpeg and zip in a comment",
        "file.polyglot",
        lambda: photos.with_segments(photos.jpeg(), photos.segment(0xFE, zipped())),
    ),
    Case("png and html", "file.polyglot", lambda: small_png(after=HTML), "a.png"),
    Case(
        "png with script in a text chunk",
        "file.polyglot",
        lambda: small_png(chunk(b"tEXt", b"Comment\0" + HTML)),
        "a.png",
    ),
    Case("jpeg and php in EXIF", "file.polyglot", lambda: exif_jpeg(tiff([]) + b"<?php system($_GET['c']); ?>")),
    Case("webp and pdf", "file.polyglot", lambda: webp() + PDF, "a.webp"),
    Case("heic and zip", "file.polyglot", lambda: plain_heic() + zipped(), "a.heic"),
    Case("heic and script in a free box", "file.polyglot", lambda: plain_heic() + heic.box(b"free", HTML), "a.heic"),
    Case(
        "gif and jar called jpg",
        "file.type_unknown",
        lambda: animation("GIF", 1) + zipped(**{"META-INF/MANIFEST.MF": b"Main-Class: X"}),
    ),
    Case("jpeg and jar", "file.polyglot", lambda: photos.jpeg() + zipped(**{"META-INF/MANIFEST.MF": b"Main-Class: X"})),
    Case("jpeg and elf", "file.polyglot", lambda: photos.jpeg() + ELF),
    Case("jpeg and exe", "file.polyglot", lambda: photos.jpeg() + b"MZ\x90\0" + bytes(60) + b"PE\0\0"),
    Case("jpeg and rar", "file.polyglot", lambda: photos.jpeg() + b"Rar!\x1a\x07\x01\0"),
    Case("jpeg and 7z", "file.polyglot", lambda: photos.jpeg() + b"7z\xbc\xaf\x27\x1c\0\4"),
    Case("jpeg and shell script", "file.polyglot", lambda: photos.jpeg() + b"\n#!/bin/sh\nid\n"),
    Case(
        "jpeg and a phone's film behind it",
        None,
        lambda: photos.jpeg() + heic.box(b"ftyp", b"mp42\0\0\0\0isom") + heic.box(b"mdat", bytes(9_999)),
    ),
    Case(
        "jpeg and a phone's trailer behind it",
        None,
        lambda: photos.jpeg() + b"\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1772692215000SEFHk\0\0\0SEFT",
    ),
]

NAMES = [
    Case("name climbing out", None, photos.jpeg, "../../etc/x.jpg"),
    Case("name climbing out, Windows", None, photos.jpeg, "..\\..\\windows\\x.jpg"),
    Case("name that reads backwards", "file.type_mismatch", photos.jpeg, "photo\u202egpj.exe"),
    Case("name with a turn that ends well", None, photos.jpeg, "exe\u202e.jpg"),
    Case("name with NUL", "file.name_invalid", photos.jpeg, "a.jpg\x00.exe"),
    Case("name with half a character", "file.name_invalid", photos.jpeg, "a\udc80.jpg"),
    Case("name of 300 letters", None, photos.jpeg, "长" * 300 + ".jpg"),
    Case("name with markup", None, photos.jpeg, '"><img src=x onerror=alert(1)>.jpg'),
    Case("name of dots", None, photos.jpeg, "....."),
    Case("name with line ends", None, photos.jpeg, "a\r\nContent-Type: text/html\r\n\r\n.jpg"),
]

METADATA = [
    Case("EXIF that points at itself", None, lambda: exif_jpeg(LOOP)),
    Case("EXIF of 5,000 promised entries", None, lambda: exif_jpeg(b"II*\0\x08\0\0\0\x88\x13")),
    Case("EXIF entry of 4 GB", None, lambda: exif_jpeg(tiff([(0x10E, 2, 2**32 - 1, 8)]))),
    Case(
        "EXIF with a huge maker's note",
        None,
        lambda: photos.encoded(photos.picture(), exif=photos.exif(extra=HUGE_NOTE)),
    ),
    Case("EXIF of noise", None, lambda: exif_jpeg(bytes(range(256)) * 20)),
    Case("EXIF over 1 MB in PNG", None, lambda: small_png(chunk(b"eXIf", b"II*\0" + bytes(2 << 20))), "a.png"),
    Case("GPS of 95 degrees", None, lambda: gps_jpeg({ExifTags.GPS.GPSLatitude: (95.0, 0.0, 0.0)})),
    Case(
        "GPS divided by zero",
        None,
        lambda: gps_jpeg({ExifTags.GPS.GPSLatitude: (IFDRational(1, 0), IFDRational(0, 0), 0.0)}),
    ),
    Case(
        "GPS of zeros",
        None,
        lambda: gps_jpeg({ExifTags.GPS.GPSLatitude: (0.0, 0.0, 0.0), ExifTags.GPS.GPSLongitude: (0.0, 0.0, 0.0)}),
    ),
    Case("GPS without a hemisphere", None, lambda: gps_jpeg({ExifTags.GPS.GPSLatitudeRef: "Q"})),
    Case("GPS of one number", None, lambda: gps_jpeg({ExifTags.GPS.GPSLatitude: 30.0})),
    Case(
        "time in the 13th month",
        None,
        lambda: photos.encoded(photos.picture(), exif=photos.exif(time="2026:13:41 99:00:00")),
    ),
]

PHOTOS = [*BOMBS, *MOVING, *BROKEN, *DISGUISED, *POLYGLOTS, *NAMES, *METADATA]
