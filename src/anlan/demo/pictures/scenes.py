"""Backgrounds and things that several pictures share."""

import itertools

from anlan.demo.pictures.canvas import BROWN, HEIGHT, INK, RED, WHITE, WIDTH, YELLOW, Canvas, Colour, shade

SKY = ((166, 200, 226), (188, 208, 220), (150, 186, 214))


def room(c: Canvas, *, horizon: float = 620, wall: Colour | None = None, floor: Colour | None = None) -> None:
    """A wall with a skirting band and a tiled floor in perspective."""
    wall = wall or c.tint((206, 210, 204), (214, 204, 188), (188, 202, 210), (202, 208, 190))
    floor = floor or c.tint((150, 148, 142), (136, 142, 146), (158, 146, 130))
    c.gradient(0, horizon, shade(wall, 1.06), shade(wall, 0.9))
    c.rect(0, horizon * 0.62, WIDTH, horizon, (*shade(wall, 0.72)[:3], 90))
    c.gradient(horizon, HEIGHT, shade(floor, 0.84), shade(floor, 1.08))
    seam = (*shade(floor, 0.72)[:3], 130)
    for x in range(-10, 21):
        c.line([(640 + (x * 130 - 640) * 0.62, horizon), (x * 220 - 460, HEIGHT)], seam, 2)
    for step in range(1, 6):
        y = horizon + (HEIGHT - horizon) * (step / 5.4) ** 1.6
        c.line([(0, y), (WIDTH, y)], seam, 2)
    c.rect(0, horizon - 20, WIDTH, horizon, shade(wall, 0.55))


def yard(c: Canvas, *, horizon: float = 420, ground: Colour | None = None) -> None:
    """Sky, far roofs and open ground."""
    sky = c.tint(*SKY)
    c.gradient(0, horizon, sky, shade(sky, 1.16))
    x = -60.0
    while x < WIDTH:
        width, height = c.rng.uniform(90, 240), c.rng.uniform(40, 150)
        c.rect(x, horizon - height, x + width, horizon, shade(sky, c.rng.uniform(0.62, 0.78)))
        x += width * c.rng.uniform(0.7, 1.3)
    earth = ground or c.tint((176, 156, 122), (164, 160, 150), (168, 148, 116))
    c.gradient(horizon, HEIGHT, shade(earth, 0.86), shade(earth, 1.06))
    for _ in range(60):
        px, py = c.rng.uniform(0, WIDTH), c.rng.uniform(horizon + 10, HEIGHT)
        c.ellipse(px, py, 6 * py / HEIGHT, 2.5 * py / HEIGHT, (*shade(earth, 0.7)[:3], 120))


def hall(c: Canvas, *, horizon: float = 640) -> None:
    """A dim works hall with trusses, columns and high windows."""
    tone = c.tint((92, 100, 110), (104, 98, 92), (86, 98, 100))
    c.gradient(0, horizon, shade(tone, 0.7), shade(tone, 1.1))
    for x in range(40, WIDTH, 200):
        c.rect(x, 110, x + 120, 210, (206, 222, 226))
        c.line([(x + 60, 110), (x + 60, 210)], shade(tone, 0.7), 5)
        c.line([(x, 160), (x + 120, 160)], shade(tone, 0.7), 5)
    for x in (0, 400, 820, 1220):
        c.rect(x, 0, x + 46, horizon, shade(tone, 0.62))
        c.rect(x + 14, 0, x + 22, horizon, shade(tone, 0.85))
    floor = c.tint((112, 108, 102), (104, 106, 108))
    c.gradient(horizon, HEIGHT, shade(floor, 0.75), shade(floor, 1.1))


def triangle_sign(c: Canvas, x: float, y: float, size: float, mark: str = "!") -> None:
    c.poly([(x, y - size), (x + size, y + size * 0.75), (x - size, y + size * 0.75)], INK)
    c.poly([(x, y - size * 0.8), (x + size * 0.82, y + size * 0.64), (x - size * 0.82, y + size * 0.64)], YELLOW)
    c.text(x, y + size * 0.22, mark, size * 0.9, INK)


def plate(
    c: Canvas, x: float, y: float, words: str, latin: str, *, fill: Colour = YELLOW, ink: Colour = INK, size: float = 34
) -> None:
    """A lettered sign with its middle at (x, y)."""
    half = max(len(words) * size * 0.56, 60) + 14
    c.rect(x - half, y - size, x + half, y + size, fill, edge=shade(fill, 0.6), width=4, r=8)
    c.text(x, y, words, size, ink, latin=latin)


def rail(c: Canvas, x0: float, x1: float, foot: float, height: float, *, step: float = 150, slope: float = 0) -> None:
    """A red and white guard rail along the ground; slope lifts its far end."""
    count = max(1, round((x1 - x0) / step))
    posts = [(x0 + (x1 - x0) * i / count, foot - slope * i / count) for i in range(count + 1)]
    for share in (1.0, 0.55):
        for (xa, ya), (xb, yb) in itertools.pairwise(posts):
            pieces = 4
            for piece in range(pieces):
                a, b = piece / pieces, (piece + 1) / pieces
                c.line(
                    [
                        (xa + (xb - xa) * a, ya + (yb - ya) * a - height * share),
                        (xa + (xb - xa) * b, ya + (yb - ya) * b - height * share),
                    ],
                    RED if piece % 2 else WHITE,
                    13,
                )
    for x, y in posts:
        c.line([(x, y), (x, y - height - 8)], shade(RED, 0.85), 13)
        c.ellipse(x, y, 20, 7, shade(INK, 1.4))


def carton(c: Canvas, x: float, y: float, width: float, height: float) -> None:
    """A cardboard box standing with its lower left corner at (x, y)."""
    tone = shade(BROWN, c.loose.uniform(0.88, 1.18))
    side = width * 0.16
    c.rect(x, y - height, x + width, y, tone)
    c.poly(
        [(x + width, y - height), (x + width + side, y - height - side), (x + width + side, y - side), (x + width, y)],
        shade(tone, 0.72),
    )
    c.poly(
        [
            (x, y - height),
            (x + side, y - height - side),
            (x + width + side, y - height - side),
            (x + width, y - height),
        ],
        shade(tone, 1.14),
    )
    c.rect(x + width * 0.42, y - height, x + width * 0.58, y, shade(tone, 1.22))
    c.rect(x + width * 0.08, y - height * 0.35, x + width * 0.34, y - height * 0.12, WHITE)


def smoke(
    c: Canvas, x: float, y: float, size: float, tone: Colour = (235, 238, 240), *, rise: float = 1.0, strength: int = 46
) -> None:
    """Soft overlapping puffs: vapour, smoke, haze."""
    for puff in range(26):
        step = puff * 16 / 26
        spread = size * (0.35 + step / 13)
        c.ellipse(
            x + c.loose.uniform(-1, 1) * spread * 0.8,
            y - step * size * 0.16 * rise + c.loose.uniform(-1, 1) * spread * 0.4,
            spread * 0.7,
            spread * 0.6,
            (*tone[:3], strength * 2 // 3),
        )
