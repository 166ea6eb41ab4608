"""A small drawing board: flat shapes in a 1280 by 960 frame, drawn at twice the size and reduced."""

import math
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont

WIDTH, HEIGHT = 1280, 960
SCALE = 2
MARK = "演示图片 DEMO"
MARK_LATIN = "DEMO PICTURE"

Colour = tuple[int, int, int] | tuple[int, int, int, int]
Point = tuple[float, float]

INK: Colour = (38, 42, 48)
STEEL: Colour = (132, 142, 152)
RED: Colour = (196, 52, 44)
YELLOW: Colour = (242, 190, 40)
GREEN: Colour = (34, 140, 88)
WHITE: Colour = (246, 246, 242)
BROWN: Colour = (176, 132, 84)

CJK_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
)


@cache
def cjk_font() -> str | None:
    return next((path for path in CJK_FONTS if Path(path).exists()), None)


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = cjk_font()
    # index 2 of the collection holds the simplified Chinese shapes
    return ImageFont.truetype(path, size, index=2) if path else ImageFont.load_default(size)


def shade(colour: Colour, factor: float) -> Colour:
    """Darker below 1, lighter above."""
    red, green, blue = (max(0, min(255, round(part * factor))) for part in colour[:3])
    return red, green, blue


def on_curve(start: Point, bend: Point, end: Point, t: float) -> Point:
    """The point at t (0 to 1) of a quadratic curve."""
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1]


@cache
def _light(where: int) -> Image.Image:
    """A pool of light from one side, darker at the corners, with a little grain; multiplied over the picture."""
    y, x = np.mgrid[0:60, 0:80]
    distance = np.hypot((x / 80 - 0.25 - 0.25 * where), (y / 60 - 0.38) * 0.9)
    values = np.clip(1.06 - 0.62 * distance**1.6, 0.45, 1.0) * 255
    smooth = Image.fromarray(values.astype(np.uint8)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    noise = np.random.default_rng(1).integers(0, 9, size=(HEIGHT, WIDTH))
    grey = Image.fromarray(np.clip(np.asarray(smooth, dtype=np.int16) - noise, 0, 255).astype(np.uint8))
    return Image.merge("RGB", (grey, grey, grey))


class Canvas:
    """
    The frame, its random source for the scene, and another one for what only one state shows.

    The scene's draws must not depend on `after`, so that before and after show the same spot.
    """

    def __init__(self, *, seed: int, kind: str, after: bool) -> None:
        self.after = after
        self.rng = random.Random(f"{kind}/{seed}")
        self.loose = random.Random(f"{kind}/{seed}/loose")
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
        # blending is slow, so only a colour with alpha pays for it
        self._solid = ImageDraw.Draw(self.image)
        self._blend = ImageDraw.Draw(self.image, "RGBA")
        self._light = self.rng.randint(0, 2)

    def tint(self, *colours: Colour) -> Colour:
        """One of the colours, a little varied."""
        chosen = self.rng.choice(colours)
        return shade(chosen, self.rng.uniform(0.92, 1.08))

    def _pen(self, *colours: Colour | None) -> ImageDraw.ImageDraw:
        return self._blend if any(colour and len(colour) == 4 for colour in colours) else self._solid

    def rect(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        fill: Colour,
        *,
        edge: Colour | None = None,
        width: float = 3,
        r: float = 0,
    ) -> None:
        box = (x0 * SCALE, y0 * SCALE, x1 * SCALE, y1 * SCALE)
        thick = round(width * SCALE) if edge else 0
        if r:
            self._pen(fill, edge).rounded_rectangle(box, r * SCALE, fill=fill, outline=edge, width=thick)
        else:
            self._pen(fill, edge).rectangle(box, fill=fill, outline=edge, width=thick)

    def poly(self, points: Sequence[Point], fill: Colour) -> None:
        self._pen(fill).polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def line(self, points: Sequence[Point], fill: Colour, width: float = 4) -> None:
        self._pen(fill).line(
            [(x * SCALE, y * SCALE) for x, y in points], fill=fill, width=round(width * SCALE), joint="curve"
        )

    def curve(self, start: Point, bend: Point, end: Point, fill: Colour, width: float = 6) -> None:
        """A quadratic curve, round at both ends."""
        self.line([on_curve(start, bend, end, step / 16) for step in range(17)], fill, width)
        for x, y in (start, end):
            self.ellipse(x, y, width / 2, width / 2, fill)

    def ellipse(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        fill: Colour | None,
        *,
        edge: Colour | None = None,
        width: float = 3,
    ) -> None:
        box = ((x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE)
        self._pen(fill, edge).ellipse(box, fill=fill, outline=edge, width=round(width * SCALE) if edge else 0)

    def blob(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """An uneven round shape: puddles, dust, rock."""
        points = []
        for step in range(22):
            angle, stretch = math.tau * step / 22, self.loose.uniform(0.84, 1.1)
            points.append((x + rx * stretch * math.cos(angle), y + ry * stretch * math.sin(angle)))
        self.poly(points, fill)

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: int = 70) -> None:
        for step in (1.0, 0.85, 0.65):
            self.ellipse(x, y, rx * step, ry * step, (0, 0, 0, strength // 3))

    def text(
        self, x: float, y: float, words: str, size: float, fill: Colour, *, latin: str = "", anchor: str = "mm"
    ) -> None:
        """Chinese words, or the Latin ones where no Chinese font is installed."""
        said = words if cjk_font() or words.isascii() else latin
        self._pen(fill).text((x * SCALE, y * SCALE), said, font=font(round(size * SCALE)), fill=fill, anchor=anchor)

    def gradient(self, y0: float, y1: float, top: Colour, bottom: Colour, x0: float = 0, x1: float = WIDTH) -> None:
        strip = Image.new("RGB", (1, 2))
        strip.putpixel((0, 0), top[:3])
        strip.putpixel((0, 1), bottom[:3])
        size = (round((x1 - x0) * SCALE), round((y1 - y0) * SCALE))
        column = strip.resize((1, size[1]), Image.Resampling.BILINEAR)
        self.image.paste(column.resize(size, Image.Resampling.NEAREST), (round(x0 * SCALE), round(y0 * SCALE)))

    def finish(self) -> Image.Image:
        picture = self.image.reduce(SCALE)
        picture = ImageChops.multiply(picture, _light(self._light))
        self._mark(picture)
        return picture

    def _mark(self, picture: Image.Image) -> None:
        draw = ImageDraw.Draw(picture, "RGBA")
        draw.rounded_rectangle((WIDTH - 232, HEIGHT - 54, WIDTH - 16, HEIGHT - 14), 10, fill=(20, 24, 28, 165))
        words = MARK if cjk_font() else MARK_LATIN
        draw.text((WIDTH - 124, HEIGHT - 34), words, font=font(24), fill=(255, 255, 255, 235), anchor="mm")
