"""
Writes real HEIC files by hand: HEVC slices of one 16 × 16 block each, with plain samples (PCM), in an ISO container.

No free encoder comes with the decoder we use. Plain samples need none: the arithmetic coder's few bits are the same in every slice.
ITU-T H.265 §7.3 (syntax), §9.3.4 (termination and PCM), ISO/IEC 23008-12 (container).
"""

import struct

from PIL import Image

BLOCK = 16
# split_cu_flag = 0 in its first state, then pcm_flag = 1, flushed: nine bits 100001101, and zeros up to the next byte.
PCM_FOLLOWS = b"\x86\x80"
# end_of_slice_segment_flag = 1 after the coder started anew; its last one is the stop bit.
SLICE_ENDS = b"\xfe\x80"


class Bits:
    def __init__(self):
        self.text = ""

    def u(self, value, width):
        self.text += format(value, f"0{width}b")
        return self

    def ue(self, *values):
        for value in values:
            code = format(value + 1, "b")
            self.text += "0" * (len(code) - 1) + code
        return self

    def bytes(self):
        """With the stop bit, which is also a slice header's alignment."""
        text = self.text + "1"
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")


def unit(kind, payload):
    """A NAL unit, with bytes that keep start codes out of it."""
    out, zeros = bytearray(), 0
    for byte in payload:
        if zeros >= 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes((kind << 1, 1)) + bytes(out)


def profile(bits):
    """Main Still Picture, level 6.2."""
    return bits.u(3, 8).u(0x70000000, 32).u(0b1001, 4).u(0, 44).u(186, 8)


def parameter_sets(width, height):
    video = profile(Bits().u(0, 4).u(3, 2).u(0, 6).u(0, 3).u(1, 1).u(0xFFFF, 16))
    video.u(1, 1).ue(0, 0, 0).u(0, 6).ue(0).u(0, 2)
    sequence = profile(Bits().u(0, 4).u(0, 3).u(1, 1)).ue(0, 1, width, height).u(0, 1).ue(0, 0, 0).u(1, 1).ue(0, 0, 0)
    sequence.ue(0, 1, 0, 2, 0, 0).u(0, 3)  # blocks 8 to 16, transforms 4 to 16; no lists, no asymmetry, no offsets
    sequence.u(1, 1).u(7, 4).u(7, 4).ue(1, 0).u(1, 1)  # plain samples of 8 bits, in blocks of 16, unfiltered
    sequence.ue(0).u(0, 5)
    picture = Bits().ue(0, 0).u(0, 7).ue(0, 0, 0).u(0, 3).ue(0, 0).u(0, 7).u(0b101, 3).u(0, 2).ue(0).u(0, 2)
    return unit(32, video.bytes()), unit(33, sequence.bytes()), unit(34, picture.bytes())


def slices(image):
    luma, blue, red = (plane.tobytes() for plane in image.convert("YCbCr").split())
    width, height = image.size
    across, down = width // BLOCK, height // BLOCK
    address_bits = (across * down - 1).bit_length()
    for number in range(across * down):
        x, y = number % across * BLOCK, number // across * BLOCK
        header = Bits().u(number == 0, 1).u(0, 1).ue(0)
        if number:
            header.u(number, address_bits)
        header.ue(2, 0)
        rows = [luma[row * width + x : row * width + x + BLOCK] for row in range(y, y + BLOCK)]
        for plane in (blue, red):
            rows += [plane[row * width + x : row * width + x + BLOCK : 2] for row in range(y, y + BLOCK, 2)]
        yield unit(19, header.bytes() + PCM_FOLLOWS + b"".join(rows) + SLICE_ENDS)


def box(name, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def full(name, version, *parts, flags=0):
    return box(name, struct.pack(">I", version << 24 | flags), *parts)


def configuration(sets):
    arrays = b"".join(struct.pack(">BHH", 0x80 | data[0] >> 1, 1, len(data)) + data for data in sets)
    fixed = (
        struct.pack(">BBI", 1, 3, 0x70000000)
        + b"\x90\0\0\0\0\0"
        + bytes((186, 0xF0, 0, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0, 0x0F, 3))
    )
    return box(b"hvcC", fixed, arrays)


def encode(image, *, exif=b"", quarter_turns=0, claim=None, brand=b"heic", extra=b""):
    """A HEIC file of `image` (sides multiples of 16). `claim`: another size for the container to tell; `extra`: bytes for `meta`."""
    width, height = image.size
    picture = b"".join(struct.pack(">I", len(data)) + data for data in slices(image))
    items = [(b"hvc1", picture)] + ([(b"Exif", struct.pack(">I", 0) + exif)] if exif else [])
    properties = [
        configuration(parameter_sets(width, height)),
        full(b"ispe", 0, struct.pack(">II", *(claim or image.size))),
    ]
    if quarter_turns:
        properties.append(box(b"irot", bytes((quarter_turns,))))
    links = bytes(
        (len(properties), *(number | (0x80 if number == 1 else 0) for number in range(1, len(properties) + 1)))
    )
    entries = [full(b"infe", 2, struct.pack(">HH4sB", number, 0, kind, 0)) for number, (kind, _) in enumerate(items, 1)]

    def meta(start):
        places, at = b"", start
        for number, (_, data) in enumerate(items, 1):
            places += struct.pack(">HHHII", number, 0, 1, at, len(data))
            at += len(data)
        parts = [
            full(b"hdlr", 0, bytes(4), b"pict", bytes(13)),
            full(b"pitm", 0, struct.pack(">H", 1)),
            full(b"iloc", 0, b"\x44\x00", struct.pack(">H", len(items)), places),
            full(b"iinf", 0, struct.pack(">H", len(items)), *entries),
            box(b"iprp", box(b"ipco", *properties), full(b"ipma", 0, struct.pack(">IH", 1, 1), links)),
        ]
        if exif:
            parts.append(full(b"iref", 0, box(b"cdsc", struct.pack(">HHH", 2, 1, 1))))
        return full(b"meta", 0, *parts, extra)

    head = box(b"ftyp", brand, bytes(4), b"mif1", b"heic")
    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + box(b"mdat", *(data for _, data in items))


def sample(width=64, height=48):
    """Red on the left, blue on the right, white below."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    image.paste("white", (0, height * 2 // 3, width, height))
    return image
