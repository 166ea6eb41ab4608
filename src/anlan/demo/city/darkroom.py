"""Drawing, dating and decoding of one picture: what the studio's processes do. Imports no models, so that they start fast."""

import os
import random
from datetime import datetime
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from anlan.demo import pictures
from anlan.files.images import Derived, inspect_and_derive

SIZE = (960, 720)
PAD = (300, 120)


def drawn(folder: Path, kind: str, *, after: bool, variant: int) -> bytes:
    """The picture as a messenger would pass it on: no time, no place. Drawn once, kept in `folder`."""
    kept = folder / f"{kind}-{'after' if after else 'before'}-{variant}.jpg"
    if not kept.exists():
        picture = pictures.draw(kind, after=after, seed=variant).resize(SIZE, Image.Resampling.LANCZOS)
        fresh = kept.with_suffix(f".{os.getpid()}")
        picture.save(fresh, "JPEG", quality=85)
        fresh.replace(kept)
    return kept.read_bytes()


def dated(source: bytes, *, at: datetime, lonlat: tuple[float, float]) -> bytes:
    with Image.open(BytesIO(source)) as picture:
        return pictures.encode(picture, taken_at=at, lonlat=lonlat)


def scribble(name: str) -> bytes:
    """A signature as a hand might draw it on a pad: a few strokes, the same for the same name."""
    rng = random.Random(name)
    image = Image.new("RGB", PAD, "white")
    pen = ImageDraw.Draw(image)
    for part in range(len(name)):
        left = 18 + part * (PAD[0] - 50) // max(len(name), 1)
        x, y = float(left), rng.uniform(40, 80)
        for _ in range(rng.randint(3, 5)):
            points = [(x, y)]
            dx, dy = rng.uniform(-5, 9), rng.uniform(-9, 9)
            for _ in range(9):
                dx, dy = dx * 0.85 + rng.uniform(-3, 4), dy * 0.8 + rng.uniform(-5, 5)
                x = min(max(x + dx, left - 8), left + 80)
                y = min(max(y + dy, 10), PAD[1] - 10)
                points.append((x, y))
            pen.line(points, fill=(24, 32, 60), width=3, joint="curve")
            x, y = left + rng.uniform(0, 30), rng.uniform(30, 90)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def photo(
    folder: Path,
    kind: str,
    *,
    after: bool,
    variant: int,
    at: datetime | None = None,
    lonlat: tuple[float, float] = (0, 0),
) -> tuple[bytes, Derived]:
    source = drawn(folder, kind, after=after, variant=variant)
    if at is not None:
        source = dated(source, at=at, lonlat=lonlat)
    return source, inspect_and_derive(source)


def signature(name: str) -> tuple[bytes, Derived]:
    source = scribble(name)
    return source, inspect_and_derive(source)
