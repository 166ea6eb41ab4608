"""Decodes one photo and draws it anew, clean, in two sizes. Runs in the child only: here strangers' bytes meet C code."""

import warnings
from io import BytesIO
from typing import Any, BinaryIO

from PIL import Image, ImageCms

from anlan.files import exif, structure
from anlan.kernel.sandbox_child import Refusal

PIXELS = 1 << 26
"""64 Mi: a phone's "64 megapixel" mode gives 9,248 × 6,936, a little over 64 million."""
SIDE = 12_000
DISPLAY = 2048
ENOUGH = 1600
"""A JPEG whose decoder can halve it down to this is shown at that size: a seventh of the work of scaling it to `DISPLAY`."""
THUMBNAIL = 320
PROFILE_BYTES = 1 << 20

_FORMATS = {"JPEG": "JPEG", "PNG": "PNG", "WebP": "WEBP", "HEIC": "HEIF"}
_TURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def derive(source: BinaryIO, params: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """`params["kind"]` → sizes, evidence and hash; display JPEG and thumbnail JPEG."""
    data = source.read()
    end = structure.end_of_image(params["kind"], data)
    structure.refuse_polyglot(data, end)
    warnings.simplefilter("error")
    # These two speak of metadata we drop, in photos that are otherwise sound.
    warnings.filterwarnings("ignore", module=r"PIL\.TiffImagePlugin")
    warnings.filterwarnings("ignore", message="Image appears to be a malformed MPO")
    try:
        return _derive(data, params["kind"], len(data) - end)
    except (Refusal, MemoryError):
        raise
    except Exception as error:  # decoders raise nearly anything at bad bytes
        raise _why(error) from error


def _why(error: Exception) -> Refusal:
    text = str(error).lower()
    if "memory" in text and "not enough" not in text:
        return Refusal("file.memory")
    if "truncated" in text or "unexpected end" in text or isinstance(error, EOFError):
        return Refusal("file.truncated")
    return Refusal("file.unreadable")


def _derive(data: bytes, kind: str, trailing: int) -> tuple[dict[str, Any], list[bytes]]:
    image = _open(data, kind)
    width, height = image.size
    # Pixels first: Pillow's EXIF reader loads a PNG on its own, and an error it swallowed there would leave a black picture.
    _load(image)
    evidence = exif.read(image)
    orientation = evidence["orientation"]
    profile = image.info.get("icc_profile")
    small = _shrunk(image)
    clean = _on_white(_srgb(small, profile))
    if orientation in _TURN:
        clean = clean.transpose(_TURN[orientation])
    thumbnail = clean.copy()
    thumbnail.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    turned = orientation >= 5
    value = {
        "width": height if turned else width,
        "height": width if turned else height,
        "evidence": evidence,
        "trailing_bytes": trailing,
        "dhash": _dhash(clean),
        "display": clean.size,
        "thumbnail": thumbnail.size,
    }
    return value, [_jpeg(clean, 82), _jpeg(thumbnail, 75, optimize=True)]


def _open(data: bytes, kind: str) -> Image.Image:
    """Reads the header only; the size is judged before any pixel is decoded."""
    Image.MAX_IMAGE_PIXELS = None
    if kind == "HEIC":
        import pi_heif

        pi_heif.register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
    image = Image.open(BytesIO(data), formats=[_FORMATS[kind]])
    _measure(*image.size)
    return image


def _measure(width: int, height: int) -> None:
    if width * height > PIXELS or max(width, height) > SIDE:
        raise Refusal("file.too_many_pixels", width=width, height=height, pixels=64, side=SIDE)


def _load(image: Image.Image) -> None:
    scale = min(1.0, ENOUGH / max(image.size))
    image.draft(None, (int(image.width * scale), int(image.height * scale)))  # a JPEG is decoded at the scale needed
    image.load()
    _measure(*image.size)  # HEIC may turn out larger than its header said


def _shrunk(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode in {"P", "PA"}:
        image = image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    image.thumbnail((DISPLAY, DISPLAY), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return image


def _srgb(image: Image.Image, profile: Any) -> Image.Image:
    """A colour profile that cannot be used is dropped: colours a little off beat no photo."""
    if not isinstance(profile, bytes) or not 128 <= len(profile) <= PROFILE_BYTES:
        return image
    modes = {"RGB": "RGB", "RGBA": "RGBA", "CMYK": "RGB", "L": "RGB"}
    if image.mode not in modes:
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode=modes[image.mode])
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return converted or image


def _on_white(image: Image.Image) -> Image.Image:
    """A new picture of pixels only: no comment, profile or tag can ride along."""
    clean = Image.new("RGB", image.size, "white")
    if image.mode in {"LA", "La", "RGBA", "RGBa"}:
        image = image.convert("RGBA")
        clean.paste(image, mask=image.getchannel("A"))
    else:
        clean.paste(image.convert("RGB"))
    return clean


def _jpeg(image: Image.Image, quality: int, *, optimize: bool = False) -> bytes:
    """Searching for the best codes saves a tenth of the bytes and takes five times as long: only of the small one."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, progressive=optimize, optimize=optimize)
    return out.getvalue()


def _dhash(image: Image.Image) -> int:
    """64 bits: is each of 8 × 8 cells brighter than its right neighbour? Near-equal pictures differ in few bits. Signed, for a bigint."""
    cells = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (cells[row * 9 + column] > cells[row * 9 + column + 1])
    return bits - (1 << 64) if bits >> 63 else bits
