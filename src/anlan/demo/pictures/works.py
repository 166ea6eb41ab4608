"""Works halls and mines: machines, molten metal, pipes, lifting gear, roofs."""

import math

from anlan.demo.pictures.canvas import GREEN, INK, RED, STEEL, WHITE, YELLOW, Canvas, Colour, shade
from anlan.demo.pictures.scenes import hall, plate, room, smoke, triangle_sign


def machine_guard(c: Canvas) -> None:
    hall(c)
    body = c.tint((60, 120, 110), (70, 104, 140), (120, 130, 110))
    c.shadow(640, 850, 500, 50)
    c.rect(150, 480, 1130, 850, body, edge=shade(body, 0.65), width=8, r=14)
    c.rect(150, 780, 1130, 850, shade(body, 0.6))
    c.rect(980, 520, 1090, 640, (40, 46, 50), r=8)
    for i, tone in enumerate((RED, GREEN, YELLOW)):
        c.ellipse(1010 + i * 26, 610, 9, 9, tone)
    small, large = (360.0, 430.0, 110.0), (800.0, 400.0, 200.0)
    c.poly([(small[0], 320), (large[0], 200), (large[0], 226), (small[0], 346)], INK)
    c.poly([(small[0], 540), (large[0], 600), (large[0], 574), (small[0], 514)], INK)
    for x, y, radius in (small, large):
        c.ellipse(x, y, radius, radius, (52, 56, 60))
        c.ellipse(x, y, radius - 22, radius - 22, STEEL)
        for i in range(6):
            angle = i * math.tau / 6 + 0.3
            c.line(
                [(x, y), (x + (radius - 26) * math.cos(angle), y + (radius - 26) * math.sin(angle))],
                shade(STEEL, 0.62),
                radius * 0.14,
            )
        c.ellipse(x, y, radius * 0.24, radius * 0.24, INK)
        c.ellipse(x, y, radius * 0.1, radius * 0.1, WHITE)
    if not c.after:
        for i in range(3):
            c.curve(
                (900 + i * 40, 180 + i * 26),
                (1000 + i * 36, 230 + i * 40),
                (1030 + i * 26, 350 + i * 30),
                (255, 255, 255, 130),
                6,
            )
        for x, y in ((212, 452), (1040, 450)):
            c.rect(x, y, x + 30, y + 30, shade(YELLOW, 0.8), edge=INK)
        return
    frame = ((210, 300), (560, 280), (640, 170), (1040, 170), (1040, 640), (210, 640))
    c.poly(frame, (*YELLOW[:3], 60))
    for x in range(226, 1040, 34):
        top = 300 if x < 560 else max(170, 280 - (x - 560) * 1.4)
        c.line([(x, top), (x, 640)], shade(YELLOW, 0.92), 5)
    for y in range(200, 640, 34):
        left = 210 if y > 296 else 640
        c.line([(left, y), (1040, y)], shade(YELLOW, 0.92), 5)
    c.line([*frame, frame[0]], YELLOW, 22)
    triangle_sign(c, 640, 430, 84)


def ladle_water(c: Canvas) -> None:
    hall(c, horizon=600)
    c.rect(0, 40, 1280, 92, (196, 150, 40))
    c.rect(0, 92, 1280, 104, INK)
    x = 620 + c.rng.uniform(-70, 70)
    for dx in (-190, 190):
        c.line([(x + dx, 100), (x + dx, 200)], shade(STEEL, 0.9), 9)
        c.line([(x + dx * 1.22, 200), (x + dx * 1.22, 390)], shade(STEEL, 0.8), 24)
    c.rect(x - 240, 180, x + 240, 222, (90, 94, 98))
    c.ellipse(x, 330, 250, 60, (255, 190, 70, 70))
    body = c.tint((84, 80, 78), (96, 86, 78))
    c.poly([(x - 230, 320), (x + 230, 320), (x + 180, 690), (x - 180, 690)], body)
    c.poly([(x - 230, 320), (x - 150, 320), (x - 120, 690), (x - 180, 690)], shade(body, 1.3))
    for y in (410, 560):
        c.rect(x - 226 + (y - 320) * 0.14, y, x + 226 - (y - 320) * 0.14, y + 26, shade(body, 0.62))
    c.ellipse(x, 320, 230, 52, shade(body, 0.6))
    c.ellipse(x, 322, 200, 40, (255, 150, 40))
    c.ellipse(x - 20, 318, 140, 24, (255, 226, 130))
    for dx in (-240, 204):
        c.rect(x + dx, 370, x + dx + 36, 420, INK, r=10)
    c.ellipse(640, 860, 520, 84, (58, 54, 50))
    if c.after:
        c.ellipse(640, 852, 500, 74, (190, 160, 110))
        for _ in range(70):
            px, py = c.loose.uniform(240, 1040), c.loose.uniform(806, 900)
            c.ellipse(px, py, 5, 2, (150, 122, 80))
        plate(c, 1110, 560, "渣坑干燥", "PIT DRY", fill=GREEN, ink=WHITE, size=36)
        return
    c.ellipse(640, 852, 500, 74, (74, 128, 160))
    c.ellipse(x, 850, 190, 30, (255, 170, 80, 120))
    for rx in (440, 330, 220):
        c.ellipse(600, 852, rx, rx * 0.13, None, edge=(176, 212, 228, 150), width=4)
    crack = [(x + 40, 440), (x + 70, 500), (x + 30, 560), (x + 80, 620), (x + 56, 686)]
    c.line(crack, (255, 120, 30), 20)
    c.line(crack, (255, 230, 130), 8)
    for i in range(5):
        c.ellipse(x + 58 + c.loose.uniform(-8, 8), 710 + i * 30, 9, 13, (255, 170, 60))
    smoke(c, x + 60, 810, 90, (230, 234, 238), rise=0.8, strength=50)


def dust_beams(c: Canvas) -> None:
    hall(c, horizon=720)
    steel = c.tint((84, 104, 126), (100, 110, 100), (120, 92, 76))
    dust: Colour = (206, 178, 128)
    c.poly([(-20, 300), (1300, 190), (1300, 290), (-20, 410)], steel)
    for top, tone in ((0, 1.3), (84, 1.15)):
        c.poly([(-20, 300 + top), (1300, 190 + top), (1300, 206 + top), (-20, 320 + top)], shade(steel, tone))
    for x in (180, 620, 1060):
        c.rect(x, 0, x + 56, 720, shade(steel, 0.8))
        c.rect(x + 20, 0, x + 36, 720, shade(steel, 1.1))
    c.rect(-20, 500, 1300, 566, shade(STEEL, 0.8))
    c.rect(-20, 500, 1300, 518, shade(STEEL, 1.15))
    c.rect(300, 640, 980, 900, shade(steel, 0.7), r=12)
    c.rect(300, 640, 980, 676, shade(steel, 1.0), r=10)
    if c.after:
        for x in range(20, 1280, 160):
            c.line([(x, 330 - x * 0.083), (x + 70, 324 - x * 0.083)], (255, 255, 255, 110), 6)
            c.line([(x, 508), (x + 90, 508)], (255, 255, 255, 120), 5)
        plate(c, 640, 780, "每班清扫", "CLEAN EACH SHIFT", fill=GREEN, ink=WHITE, size=46)
        return
    for x in range(-10, 1300, 34):
        c.blob(x, 298 - x * 0.083, 46, c.loose.uniform(20, 50), shade(dust, c.loose.uniform(0.9, 1.1)))
    for x in range(-10, 1300, 36):
        c.blob(x, 500, 48, c.loose.uniform(18, 48), shade(dust, c.loose.uniform(0.86, 1.08)))
    for x in range(310, 980, 36):
        c.blob(x, 640, 44, c.loose.uniform(22, 56), shade(dust, c.loose.uniform(0.9, 1.12)))
    for x in (240, 700, 1130):
        c.poly([(x, 330), (x + 30, 330), (x + 70, 900), (x - 40, 900)], (*dust[:3], 60))
    for x in (200, 560, 900, 1200):
        c.blob(x, 920, 220, 46, (*shade(dust, 0.9)[:3], 210))
    for _ in range(120):
        c.ellipse(c.loose.uniform(0, 1280), c.loose.uniform(120, 940), 5, 5, (*dust[:3], 130))


def gas_cylinder(c: Canvas) -> None:
    room(c, horizon=640)
    blue: Colour = c.tint((60, 130, 190), (70, 140, 180))
    if c.after:
        c.rect(330, 200, 990, 226, shade(YELLOW, 0.9))
        c.rect(330, 830, 990, 870, shade(YELLOW, 0.8))
        for x in (330, 964):
            c.rect(x, 200, x + 26, 860, YELLOW)
    upright = ((480, blue), (800, WHITE)) if not c.after else ((450, blue), (660, blue), (870, WHITE))
    for x, tone in upright:
        c.shadow(x, 850, 100, 20)
        c.rect(x - 76, 330, x + 76, 850, tone, r=66)
        c.rect(x - 56, 380, x - 30, 830, (*WHITE[:3], 110), r=10)
        c.rect(x + 36, 380, x + 76, 830, (0, 0, 0, 40), r=20)
        c.rect(x - 26, 280, x + 26, 340, shade(STEEL, 0.7))
        c.rect(x - 40, 250, x + 40, 288, (196, 160, 70), r=8)
        c.text(
            x,
            590,
            "氧" if tone is not WHITE else "乙炔",
            56,
            INK if tone is not WHITE else RED,
            latin="O2" if tone is not WHITE else "C2H2",
        )
    if c.after:
        for y in (460, 700):
            for i in range(24):
                c.ellipse(
                    346 + i * 27, y + 14 * math.sin(i / 23 * math.pi), 17, 10, None, edge=shade(STEEL, 0.6), width=6
                )
        plate(c, 640, 120, "气瓶固定 分区存放", "CHAINED UPRIGHT", fill=WHITE, size=36)
        return
    c.shadow(640, 900, 470, 32)
    c.rect(240, 780, 900, 920, blue, r=66)
    c.rect(300, 800, 860, 824, (*WHITE[:3], 120), r=10)
    c.rect(896, 826, 950, 876, shade(STEEL, 0.7))
    c.rect(944, 808, 988, 894, (196, 160, 70), r=8)
    c.text(560, 866, "氧", 60, INK, latin="O2")
    c.curve((990, 850), (1160, 960), (1230, 800), (190, 50, 44), 14)
    c.curve((150, 640), (200, 830), (120, 900), shade(STEEL, 0.6), 10)


def ammonia_leak(c: Canvas) -> None:
    room(c, horizon=780, wall=c.tint((196, 206, 210), (204, 206, 196)))
    pipe = c.tint((214, 176, 56), (206, 168, 60))
    for y, thick in ((210, 60), (470, 110)):
        c.rect(0, y, 1280, y + thick, pipe)
        c.rect(0, y + thick * 0.12, 1280, y + thick * 0.3, shade(pipe, 1.2))
        c.rect(0, y + thick * 0.75, 1280, y + thick, shade(pipe, 0.72))
    for x in (190, 1040):
        c.rect(x, 270, x + 70, 470, pipe)
        c.rect(x + 8, 270, x + 24, 470, shade(pipe, 1.2))
    for x in (560, 640):
        c.rect(x, 410, x + 66, 640, shade(STEEL, 0.85), edge=shade(STEEL, 0.55), width=5, r=6)
        for y in (430, 500, 570, 614):
            c.rect(x + 8, y, x + 58, y + 18, INK, r=5)
    c.rect(840, 380, 900, 470, shade(STEEL, 0.6))
    c.ellipse(870, 370, 92, 26, RED)
    c.ellipse(870, 370, 56, 13, shade(RED, 0.6))
    c.text(330, 526, "液氨 →", 62, INK, latin="NH3 →")
    if c.after:
        c.rect(548, 640, 722, 664, (70, 130, 190))
        plate(c, 640, 730, "气密试验合格", "TIGHT", fill=GREEN, ink=WHITE, size=38)
        return
    for x in range(500, 790, 26):
        c.blob(x, 620 + 20 * math.sin(x), 36, 50, (240, 248, 252))
        c.blob(x, 430, 30, 30, (240, 248, 252, 220))
    for x in range(520, 780, 44):
        c.poly([(x - 13, 640), (x + 13, 640), (x, 720 + c.loose.uniform(0, 70))], (226, 242, 250))
    smoke(c, 690, 470, 150, (250, 252, 253), rise=1.2, strength=64)
    smoke(c, 820, 660, 120, (250, 252, 253), rise=-0.4, strength=56)


def hook_latch(c: Canvas) -> None:
    hall(c, horizon=820)
    block = c.tint((230, 176, 36), (214, 110, 40))
    for dx in (-90, -40, 40, 90):
        c.line([(640 + dx, 0), (640 + dx, 190)], shade(INK, 1.3), 9)
    c.rect(500, 150, 780, 330, block, edge=shade(block, 0.65), width=8, r=26)
    for i in range(4):
        c.poly([(520 + i * 70, 322), (550 + i * 70, 322), (590 + i * 70, 250), (560 + i * 70, 250)], INK)
    c.ellipse(640, 220, 56, 56, shade(STEEL, 0.8), edge=INK, width=6)
    c.text(640, 220, f"{c.rng.choice([5, 10, 16, 20, 32])}t", 40, INK)
    steel: Colour = (128, 134, 144)
    c.rect(608, 330, 672, 440, steel, edge=INK, width=3)
    outline = []
    for step in range(31):
        angle = -1.45 + step * 0.155
        radius = 172 + 10 * math.sin(step / 5)
        outline.append((650 + radius * math.cos(angle), 590 + radius * math.sin(angle)))
    c.line([(640, 420), (664, 424), *outline], steel, 76)
    for x, y in (outline[0], outline[-1]):
        c.ellipse(x, y, 36, 36, steel)
    c.line(
        [(650, 440), *[(650 + (x - 650) * 1.07, 590 + (y - 590) * 1.07) for x, y in outline[3:24]]],
        shade(steel, 1.5),
        9,
    )
    rope: Colour = (216, 170, 70)
    if c.after:
        tip = outline[-1]
        c.line([(650, 440), (tip[0] + 6, tip[1] - 4)], RED, 26)
        c.ellipse(650, 440, 20, 20, INK)
        for dx in (-150, 150):
            c.line([(640, 716), (640 + dx, 960)], rope, 24)
        c.ellipse(640, 726, 50, 34, None, edge=rope, width=22)
        plate(c, 1030, 420, "防脱装置完好", "LATCH FITTED", fill=GREEN, ink=WHITE, size=36)
        return
    tip = outline[-1]
    c.curve((tip[0] - 6, tip[1] - 26), (tip[0] - 120, tip[1] + 40), (330, 960), rope, 24)
    c.curve((tip[0] + 6, tip[1] - 26), (tip[0] + 10, tip[1] + 300), (690, 960), rope, 24)
    c.ellipse(650, 440, 17, 17, WHITE, edge=INK, width=5)
    for y in (640, 690):
        c.line([(790, y), (836, y + 20)], (150, 90, 50, 200), 9)


def mine_roof(c: Canvas) -> None:
    rock = c.tint((74, 68, 64), (66, 68, 72), (84, 74, 62))
    c.gradient(0, 960, shade(rock, 0.5), shade(rock, 0.8))
    for _ in range(90):
        x, y = c.rng.uniform(0, 1280), c.rng.uniform(0, 900)
        c.poly(
            [
                (x, y),
                (x + c.rng.uniform(30, 110), y + c.rng.uniform(-30, 30)),
                (x + c.rng.uniform(10, 70), y + c.rng.uniform(30, 80)),
            ],
            (*shade(rock, c.rng.uniform(0.5, 1.2))[:3], 150),
        )
    for index, size in enumerate((1.0, 0.72, 0.52, 0.36, 0.24)):
        w, h = 540 * size, 640 * size
        base = 560 + 330 * size
        tone = shade(rock, 0.95 - index * 0.14)
        c.poly(
            [
                (640 - w, base),
                (640 - w, base - h * 0.5),
                (640 - w * 0.66, base - h * 0.9),
                (640, base - h * 1.04),
                (640 + w * 0.66, base - h * 0.9),
                (640 + w, base - h * 0.5),
                (640 + w, base),
            ],
            tone,
        )
        c.line(
            [
                (640 - w, base),
                (640 - w, base - h * 0.5),
                (640 - w * 0.66, base - h * 0.9),
                (640, base - h * 1.04),
                (640 + w * 0.66, base - h * 0.9),
                (640 + w, base - h * 0.5),
                (640 + w, base),
            ],
            shade(STEEL, 0.5 + 0.5 * size),
            26 * size,
        )
    c.poly([(100, 960), (1180, 960), (720, 640), (560, 640)], shade(rock, 1.15))
    for dx in (-220, 60):
        c.line([(640 + dx, 960), (626 + dx * 0.12, 646)], STEEL, 11)
    for i in range(5):
        y = 690 + i * i * 16
        c.line([(560 - i * 46, y), (690 + i * 22, y)], (92, 66, 44), 12)
    c.ellipse(640, 430, 26, 26, (255, 240, 190))
    c.ellipse(640, 430, 120, 120, (255, 236, 180, 40))
    if c.after:
        for x, y in ((420, 320), (540, 268), (660, 250), (780, 268), (880, 320), (300, 420), (990, 420)):
            c.rect(x - 24, y - 24, x + 24, y + 24, (206, 212, 216), edge=INK, r=4)
            c.ellipse(x, y, 11, 11, INK)
        for i in range(14):
            c.line(
                [(250 + i * 60, 440 - abs(6.5 - i) * -14), (330 + i * 48, 236 + abs(6.5 - i) * 16)],
                (180, 188, 192, 150),
                3,
            )
        plate(c, 1080, 640, "支护合格", "SUPPORTED", fill=GREEN, ink=WHITE, size=34)
        return
    c.poly([(520, 226), (820, 226), (800, 380), (690, 450), (570, 400)], shade(rock, 1.7))
    c.poly([(520, 226), (640, 226), (640, 420), (570, 400)], shade(rock, 2.1))
    c.line([(500, 230), (560, 410), (690, 464), (820, 380), (840, 230)], (20, 18, 16), 10)
    for i in range(8):
        c.curve(
            (480 + i * 52, 250), (460 + i * 60, 330), (470 + i * 58, 400 + c.loose.uniform(0, 90)), (176, 182, 186), 4
        )
    for x, y, size in ((560, 840, 74), (690, 880, 56), (800, 830, 40), (460, 880, 36)):
        c.blob(x, y, size, size * 0.7, shade(rock, 1.7))
        c.blob(x - size * 0.2, y - size * 0.24, size * 0.5, size * 0.3, shade(rock, 2.1))
