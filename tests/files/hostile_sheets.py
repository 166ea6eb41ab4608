"""Hostile workbooks, made by code; each names the refusal it must meet, or None: read without harm."""

import hashlib
import io
import struct
import zipfile
import zlib

from tests.files.hostile import Case, zeros

TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
BOOK = b'<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet>&x;</worksheet>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def sheet(rows):
    return b'<?xml version="1.0"?><worksheet><sheetData>' + rows + b"</sheetData></worksheet>"


def workbook(
    parts=(),
    *,
    cells=b'<row r="1"><c r="A1"><v>1</v></c></row>',
    base=(("[Content_Types].xml", TYPES), ("xl/workbook.xml", BOOK)),
):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in (*base, *(((SHEET, sheet(cells)),) if cells is not None else ()), *parts):
            package.writestr(zipfile.ZipInfo(name), body, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_raw(name, packed, *, told, method=8, flags=0, check=0, twice=False):
    """A workbook with one more part whose packed bytes and promised size are given; `twice`: two entries for the same bytes."""
    data = bytearray(workbook())
    end = data.rindex(b"PK\5\6")
    entries, length, start = struct.unpack_from("<HLL", data, end + 10)
    directory, offset = bytes(data[start : start + length]), start
    encoded = name.encode()
    common = struct.pack("<5H3L2H", 20, flags, method, 0, 0, check, len(packed), told, len(encoded), 0)
    added = b""
    for number in range(2 if twice else 1):
        entry = encoded[:-1] + str(number).encode() if twice else encoded
        added += b"PK\1\2\x14\0" + common + struct.pack("<3H2L", 0, 0, 0, 0, offset) + entry
    body = data[:start] + b"PK\3\4" + common + encoded + packed
    count = entries + (2 if twice else 1)
    return bytes(
        body
        + directory
        + added
        + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, length + len(added), len(body), 0)
    )


def deflated(body):
    return zlib.compress(body, 9)[2:-4]


def noise(length):
    """Letters that do not pack well."""
    return b"".join(
        hashlib.sha256(bytes((number >> 8, number & 255))).hexdigest().encode() for number in range(length // 64 + 1)
    )[:length]


def dense(rows, columns):
    letters = [chr(65 + number) for number in range(columns)]
    return b"".join(
        b'<row r="%d">' % row
        + b"".join(f'<c r="{letter}{row}"><v>{row * 7919 % 99991}</v></c>'.encode() for letter in letters)
        + b"</row>"
        for row in range(1, rows + 1)
    )


def strings(count):
    return (
        b"<sst>"
        + b"".join(b"<si><t>%x</t></si>" % (number * 2654435761 % 2**32) for number in range(count))
        + b"</sst>"
    )


def in_utf16():
    return LAUGHS.decode().replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16")


CASES = [
    Case("nothing", "sheet.empty", lambda: b""),
    Case("one byte", "sheet.type", lambda: b"P"),
    Case("csv called xlsx", "sheet.type", "企业名称,信用代码\n".encode),
    Case("zip of something else", "sheet.type", lambda: workbook(base=(("a.txt", b"a"),))),
    Case("xlsb", "sheet.type", lambda: workbook(base=(("[Content_Types].xml", TYPES), ("xl/workbook.bin", b"x")))),
    Case("old xls", "sheet.legacy", lambda: OLE),
    Case("encrypted workbook", "sheet.encrypted", lambda: OLE + "EncryptedPackage".encode("utf-16-le")),
    Case("encrypted part", "sheet.encrypted", lambda: with_raw("xl/a.xml", b"x" * 20, told=20, flags=1)),
    Case("over 64 MB", "sheet.too_large", lambda: workbook() + bytes(64 << 20)),
    Case("cut in the middle", "sheet.damaged", lambda: workbook()[:300]),
    Case("cut at the end", "sheet.damaged", lambda: workbook()[:-1]),
    Case("bytes in front", "sheet.type", lambda: b"GIF89a" + workbook()),
    Case("sheet of 300 MB zeros", "sheet.bomb", lambda: workbook([("xl/a.bin", bytes(300 << 20))])),
    Case(
        "many parts of 10 MB zeros",
        "sheet.bomb",
        lambda: workbook([(f"xl/{number}.bin", bytes(10 << 20)) for number in range(30)]),
    ),
    Case(
        "part that unpacks to more than it says",
        "sheet.damaged",
        lambda: with_raw("xl/a.xml", zeros(300 << 20)[2:-4], told=500),
    ),
    Case("part that promises 4 GB", "sheet.bomb", lambda: with_raw("xl/a.xml", deflated(b"<a/>"), told=2**32 - 2)),
    Case(
        "two parts in the same bytes", "sheet.bomb", lambda: with_raw("xl/a.xml", deflated(b"<a/>"), told=4, twice=True)
    ),
    Case("part with noise for data", "sheet.damaged", lambda: with_raw("xl/a.xml", b"\xff" * 50, told=50)),
    Case("part packed in an unknown way", "sheet.damaged", lambda: with_raw("xl/a.xml", b"x" * 9, told=9, method=77)),
    Case("workbook in a workbook", "sheet.embedded", lambda: workbook([("xl/media/image1.png", workbook())])),
    Case(
        "zip in a zip in a zip",
        "sheet.embedded",
        lambda: workbook([("xl/a.bin", workbook([("xl/b.bin", workbook())]))]),
    ),
    Case("program inside", "sheet.embedded", lambda: workbook([("xl/media/image1.png", b"MZ\x90\0" + bytes(99))])),
    Case("object inside", "sheet.embedded", lambda: workbook([("xl/embeddings/oleObject1.bin", b"abc")])),
    Case("2,500 parts", "sheet.parts", lambda: workbook([(f"xl/media/{number}.png", b"x") for number in range(2_500)])),
    Case(
        "directory of 60,000 entries",
        "sheet.parts",
        lambda: workbook([(f"xl/{number}", b"") for number in range(60_000)]),
    ),
    Case("part that climbs out", "sheet.names", lambda: workbook([("xl/../../../etc/cron.d/x", b"x")])),
    Case("part from the root", "sheet.names", lambda: workbook([("/etc/passwd", b"x")])),
    Case("part on another drive", "sheet.names", lambda: workbook([("C:evil.xml", b"x")])),
    Case("part with backslashes", "sheet.names", lambda: workbook([("xl\\..\\evil.xml", b"x")])),
    Case("part twice, in other letters", "sheet.names", lambda: workbook([("XL/Workbook.xml", BOOK)])),
    Case("macros", "sheet.macros", lambda: workbook([("xl/vbaProject.bin", b"x")])),
    Case(
        "macros by type",
        "sheet.macros",
        lambda: workbook(
            base=(("[Content_Types].xml", TYPES + b"<!-- sheet.macroEnabled.main+xml -->"), ("xl/workbook.xml", BOOK))
        ),
    ),
    Case("macros of Excel 4", "sheet.macros", lambda: workbook([("xl/macrosheets/sheet1.xml", sheet(b""))])),
    Case(
        "link to another workbook",
        "sheet.external",
        lambda: workbook([("xl/externalLinks/externalLink1.xml", b"<a/>")]),
    ),
    Case("link to a database", "sheet.external", lambda: workbook([("xl/connections.xml", b"<a/>")])),
    Case("billion laughs", "sheet.entities", lambda: workbook([(SHEET.replace("1", "2"), LAUGHS)])),
    Case("billion laughs in shared strings", "sheet.entities", lambda: workbook([("xl/sharedStrings.xml", LAUGHS)])),
    Case("billion laughs in UTF-16", "sheet.damaged", lambda: workbook([("xl/sharedStrings.xml", in_utf16())])),
    Case("entity from outside", "sheet.entities", lambda: workbook([("xl/styles.xml", OUTSIDE)])),
    Case("entities in the relations", "sheet.entities", lambda: workbook([("_rels/.rels", OUTSIDE)])),
    Case(
        "formula",
        "sheet.formulas",
        lambda: workbook(cells=b'<row r="7"><c r="C7"><f>WEBSERVICE("http://x")</f></c></row>'),
    ),
    Case(
        "formula under a prefix",
        "sheet.formulas",
        lambda: workbook(cells=b'<x:row r="1"><x:c r="A1"><x:f>1+1</x:f></x:c></x:row>'),
    ),
    Case(
        "shared formula without text",
        "sheet.formulas",
        lambda: workbook(cells=b'<row r="1"><c r="A1"><f t="shared" si="0"/></c></row>'),
    ),
    Case(
        "formula at the edge of a chunk",
        "sheet.formulas",
        lambda: workbook(cells=noise((1 << 20) - 75) + b'<row r="1"><c r="A1"><f>1</f></c></row>' + b"x" * 99),
    ),
    Case("3.2 million cells", "sheet.cells", lambda: workbook(cells=dense(128_000, 25))),
    Case(
        "3.2 million cells without addresses",
        "sheet.bomb",
        lambda: workbook(cells=(b"<row>" + b"<c/>" * 25 + b"</row>") * 128_000),
    ),
    Case(
        "two cells at the far corners",
        "sheet.cells",
        lambda: workbook(cells=b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>'),
    ),
    Case(
        "a cell beyond any sheet",
        "sheet.cells",
        lambda: workbook(cells=b'<row r="1"><c r="A1"/></row><row r="9999999"><c r="A9999999"/></row>'),
    ),
    Case("3.1 million shared strings", "sheet.cells", lambda: workbook([("xl/sharedStrings.xml", strings(3_100_000))])),
    Case("1 million shared strings", None, lambda: workbook([("xl/sharedStrings.xml", strings(1_000_000))])),
    Case(
        "text that looks like a formula",
        None,
        lambda: workbook(cells=b'<row r="1"><c r="A1" t="inlineStr"><is><t>=cmd|\' /C calc\'!A0</t></is></c></row>'),
    ),
    Case(
        "link on a cell",
        None,
        lambda: workbook(
            [
                (
                    "xl/worksheets/_rels/sheet1.xml.rels",
                    b'<Relationships><Relationship Target="http://x" TargetMode="External"/></Relationships>',
                )
            ]
        ),
    ),
]
