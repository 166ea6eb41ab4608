"""Places under a roof: corridors, workshops' walls, stores."""

import math

from anlan.demo.pictures.canvas import BROWN, GREEN, INK, RED, STEEL, WHITE, YELLOW, Canvas, Colour, on_curve, shade
from anlan.demo.pictures.scenes import carton, plate, room, smoke, triangle_sign


def blocked_exit(c: Canvas) -> None:
    room(c, horizon=700)
    leaf = c.tint((120, 150, 140), (150, 160, 168), (168, 140, 104))
    shift = c.rng.uniform(-90, 90)
    left, right = 430 + shift, 850 + shift
    c.rect(left - 26, 214, right + 26, 706, shade(leaf, 0.55))
    for x0 in (left, 644 + shift):
        c.rect(x0, 240, x0 + 206, 704, leaf, edge=shade(leaf, 0.7), width=5)
        c.rect(x0 + 50, 290, x0 + 156, 420, (190, 214, 222), edge=shade(leaf, 0.6), width=6)
        c.rect(x0 + 14, 500, x0 + 192, 524, STEEL, r=10)
    c.rect(520 + shift, 100, 760 + shift, 190, GREEN, edge=WHITE, width=5, r=8)
    c.text(640 + shift, 145, "安全出口", 46, WHITE, latin="EXIT")
    c.poly(
        [(left - 40, 930), (right + 40, 930), (right + 10, 712), (left - 10, 712)],
        (*YELLOW[:3], 235 if c.after else 150),
    )
    c.poly([(left - 14, 908), (right + 14, 908), (right - 8, 726), (left + 8, 726)], (150, 148, 142))
    if c.after:
        for i in range(6):
            x = left + 30 + i * 66
            c.line([(x, 900), (x + 60, 732)], (*YELLOW[:3], 220), 10)
        plate(c, 640 + shift, 818, "禁止堵塞", "KEEP CLEAR", fill=WHITE, ink=RED)
        return
    c.shadow(640 + shift, 880, 330, 46)
    for x, y, w, h in (
        (400, 870, 200, 170),
        (620, 880, 230, 200),
        (440, 700, 180, 150),
        (640, 680, 190, 180),
        (470, 550, 150, 120),
        (850, 900, 150, 120),
    ):
        carton(c, x + shift, y, w + c.loose.uniform(-14, 14), h)
    c.line([(600 + shift, 520), (620 + shift, 556), (664 + shift, 556), (690 + shift, 520)], INK, 12)
    c.rect(622 + shift, 540, 664 + shift, 586, YELLOW, edge=INK, width=4, r=6)


def bare_wiring(c: Canvas) -> None:
    room(c, horizon=760)
    body = c.tint((176, 182, 186), (190, 186, 172), (160, 174, 180))
    x = 440 + c.rng.uniform(-60, 60)
    c.rect(x, 150, x + 400, 640, shade(body, 0.8), edge=shade(body, 0.5), width=8, r=10)
    if c.after:
        c.rect(x + 12, 162, x + 388, 628, body, edge=shade(body, 0.75), width=4, r=8)
        triangle_sign(c, x + 200, 330, 100, "!")
        plate(c, x + 200, 490, "有电危险", "DANGER", size=36)
        c.rect(x + 340, 380, x + 362, 450, INK, r=8)
        for i in range(3):
            c.rect(x + 80 + i * 90, 640, x + 104 + i * 90, 764, STEEL, edge=shade(STEEL, 0.7))
        return
    c.rect(x + 20, 170, x + 380, 620, (70, 74, 78))
    c.poly([(x, 150), (x - 190, 110), (x - 190, 690), (x, 640)], shade(body, 0.94))
    c.line([(x - 190, 110), (x - 190, 690)], shade(body, 0.6), 8)
    for row in range(2):
        for i in range(5):
            c.rect(x + 48 + i * 62, 220 + row * 130, x + 96 + i * 62, 300 + row * 130, (226, 226, 220), edge=INK)
            c.rect(x + 64 + i * 62, 240 + row * 130, x + 80 + i * 62, 268 + row * 130, INK)
    wires: tuple[Colour, ...] = ((210, 60, 50), (60, 110, 190), (230, 190, 50), (60, 150, 90), (40, 40, 44))
    for i in range(13):
        start = (x + 60 + c.loose.uniform(0, 280), 300 + c.loose.uniform(0, 150))
        end = (x + c.loose.uniform(-120, 460), 700 + c.loose.uniform(-60, 190))
        c.curve(start, (start[0] + c.loose.uniform(-160, 160), 720), end, wires[i % 5], 11)
        c.line([end, (end[0] + c.loose.uniform(-14, 14), end[1] + 30)], (216, 130, 60), 7)
    for dx, dy in ((120, 660), (330, 700)):
        points = []
        for i in range(16):
            radius = 46 if i % 2 else 16
            points.append((x + dx + radius * math.cos(i * math.tau / 16), dy + radius * math.sin(i * math.tau / 16)))
        c.poly(points, (255, 232, 120))
        c.ellipse(x + dx, dy, 12, 12, WHITE)


def drums(c: Canvas) -> None:
    room(c, horizon=520)
    tones: tuple[Colour, ...] = ((38, 92, 150), (46, 120, 110), (60, 84, 120))
    tone = c.tint(*tones)
    if c.after:
        c.poly([(150, 860), (1130, 860), (1080, 790), (200, 790)], (230, 180, 40))
        c.rect(150, 860, 1130, 900, (190, 146, 30))
    spots = (
        (330, 640, 0.8),
        (530, 640, 0.8),
        (730, 640, 0.8),
        (930, 640, 0.8),
        (270, 820, 1.0),
        (520, 820, 1.0),
        (1000, 820, 1.0),
        (770, 820, 1.0),
    )
    for index, (x, y, size) in enumerate(spots):
        if index == len(spots) - 1 and not c.after:
            break
        _drum(c, x, y, size, shade(tone, 0.86 if size < 1 else 1), labelled=c.after)
    if c.after:
        plate(c, 640, 200, "危险化学品", "CHEMICALS", fill=YELLOW, size=46)
        return
    c.blob(800, 880, 270, 54, (96, 120, 40, 190))
    c.blob(760, 874, 150, 26, (150, 176, 70, 150))
    c.ellipse(900, 800, 44, 86, shade(tone, 0.7))
    c.poly([(670, 714), (900, 714), (900, 886), (670, 886)], tone)
    for x in (740, 820):
        c.rect(x, 714, x + 12, 886, shade(tone, 0.75))
    c.ellipse(670, 800, 44, 86, shade(tone, 1.25))
    c.ellipse(652, 846, 12, 14, INK)
    c.curve((652, 850), (640, 880), (690, 890), (150, 176, 70), 14)


def _drum(c: Canvas, x: float, y: float, size: float, tone: Colour, *, labelled: bool) -> None:
    w, h = 92 * size, 250 * size
    c.shadow(x, y, w * 1.2, 26 * size)
    c.rect(x - w, y - h, x + w, y, tone)
    c.ellipse(x, y, w, 24 * size, tone)
    c.rect(x - w, y - h, x - w * 0.6, y, (*shade(tone, 1.4)[:3], 90))
    c.rect(x + w * 0.6, y - h, x + w, y, (0, 0, 0, 60))
    for part in (0.33, 0.66):
        c.rect(x - w - 3, y - h * part - 6, x + w + 3, y - h * part + 6, shade(tone, 0.72))
    c.ellipse(x, y - h, w, 24 * size, shade(tone, 1.3))
    c.ellipse(x + w * 0.4, y - h, 16 * size, 7 * size, shade(tone, 0.5))
    if labelled:
        s = 62 * size
        mid = y - h * 0.5
        c.poly([(x, mid - s), (x + s, mid), (x, mid + s), (x - s, mid)], RED)
        c.poly([(x, mid - s * 0.84), (x + s * 0.84, mid), (x, mid + s * 0.84), (x - s * 0.84, mid)], WHITE)
        c.poly(
            [(x, mid - s * 0.5), (x + s * 0.28, mid + s * 0.1), (x, mid + s * 0.36), (x - s * 0.28, mid + s * 0.1)],
            (226, 96, 30),
        )
    else:
        c.blob(x + 10, y - h * 0.5, w * 0.4, h * 0.1, (*shade(BROWN, 0.6)[:3], 150))


def extinguisher(c: Canvas) -> None:
    room(c, horizon=800)
    x = 640 + c.rng.uniform(-140, 140)
    c.rect(x - 190, 250, x + 190, 770, (*RED[:3], 40), edge=RED, width=8, r=12)
    c.rect(x - 150, 90, x + 150, 210, RED, r=10)
    c.text(x, 150, "灭火器", 62, WHITE, latin="FIRE EXT.")
    c.rect(x - 60, 390, x + 60, 420, shade(STEEL, 0.7), r=6)
    for side in (-60, 44):
        c.rect(x + side, 390, x + side + 16, 480, shade(STEEL, 0.7), r=5)
    if not c.after:
        c.ellipse(x, 560, 92, 150, None, edge=(*shade(RED, 0.9)[:3], 120), width=4)
        for i in range(3):
            c.line([(x - 70 + i * 40, 470), (x - 30 + i * 40, 500 - i * 20)], (*STEEL[:3], 150), 3)
        c.line([(x + 120, 240), (x + 130, 420)], (*INK[:3], 110), 3)
        carton(c, x - 150, 780, 150, 110)
        return
    c.shadow(x + 26, 760, 120, 22)
    body = shade(RED, 1.06)
    c.rect(x - 84, 400, x + 84, 740, body, r=60)
    c.rect(x - 60, 430, x - 34, 700, (*WHITE[:3], 90), r=12)
    c.rect(x - 84, 500, x + 84, 620, WHITE)
    c.text(x, 560, "合格", 58, GREEN, latin="OK")
    c.rect(x - 26, 350, x + 26, 410, INK)
    c.poly([(x - 30, 350), (x + 100, 318), (x + 104, 338), (x - 26, 366)], INK)
    c.ellipse(x - 46, 376, 24, 24, WHITE, edge=INK, width=4)
    c.line([(x - 46, 376), (x - 46, 358)], GREEN, 6)
    c.curve((x + 30, 372), (x + 180, 400), (x + 116, 600), INK, 14)
    c.poly([(x + 104, 590), (x + 130, 590), (x + 142, 660), (x + 94, 660)], INK)


def overloaded_socket(c: Canvas) -> None:
    room(c, horizon=640)
    strip = c.tint((236, 236, 230), (226, 228, 232))
    if c.after:
        for i in range(3):
            x = 330 + i * 230
            c.rect(x, 300, x + 170, 470, strip, edge=shade(strip, 0.75), width=5, r=14)
            for dx, tilt in ((48, 8), (122, -8)):
                c.line([(x + dx, 360), (x + dx + tilt, 400)], INK, 9)
            c.line([(x + 85, 420), (x + 85, 448)], INK, 9)
        c.rect(386, 384, 466, 474, WHITE, edge=shade(WHITE, 0.7), r=10)
        c.curve((426, 474), (430, 700), (300, 900), WHITE, 15)
        c.rect(320, 560, 980, 590, (230, 232, 232), edge=(180, 184, 186))
        return
    c.ellipse(560, 700, 330, 60, (30, 26, 22, 120))
    smoke(c, 610, 560, 110, (110, 108, 106), rise=1.6, strength=38)
    c.poly([(200, 690), (1030, 690), (1090, 800), (140, 800)], strip)
    c.poly([(140, 800), (1090, 800), (1090, 836), (140, 836)], shade(strip, 0.7))
    c.blob(600, 742, 160, 44, (66, 46, 32, 230))
    tones: tuple[Colour, ...] = (INK, WHITE, (90, 90, 96), (70, 110, 160), INK, WHITE)
    for i in range(6):
        x = 240 + i * 146
        tone = tones[i]
        c.rect(x, 640, x + 96, 752, tone, edge=shade(tone, 0.7), width=4, r=14)
        c.curve(
            (x + 48, 650),
            (x + c.loose.uniform(-130, 130), 420),
            (x + c.loose.uniform(-220, 220), 120 + 60 * (i % 3)),
            tone,
            16,
        )
    c.blob(620, 690, 54, 46, (50, 34, 26, 220))
    for dx in (-20, 16, 44):
        c.poly([(606 + dx, 660), (628 + dx, 590 + abs(dx)), (650 + dx, 660)], (244, 140, 40))
        c.poly([(616 + dx, 660), (628 + dx, 616 + abs(dx)), (640 + dx, 660)], (255, 220, 100))


def ebike(c: Canvas) -> None:
    room(c, horizon=700)
    stair = c.tint((170, 168, 160), (160, 164, 168))
    for i in range(9):
        c.rect(700 + i * 66, 700 - (i + 1) * 62, 1280, 700 - i * 62, shade(stair, 1.1 - i * 0.045))
        c.rect(700 + i * 66, 700 - (i + 1) * 62, 1280, 712 - (i + 1) * 62, shade(stair, 1.25))
    c.line([(690, 520), (1280, -30)], shade(BROWN, 0.7), 18)
    for i in range(6):
        c.line([(720 + i * 90, 690 - i * 84), (720 + i * 90, 492 - i * 84)], shade(STEEL, 0.7), 8)
    if c.after:
        plate(c, 330, 280, "禁止停放充电", "NO E-BIKES", fill=WHITE, ink=RED, size=44)
        c.ellipse(330, 450, 92, 92, WHITE, edge=RED, width=18)
        c.ellipse(296, 470, 26, 26, None, edge=INK, width=6)
        c.ellipse(364, 470, 26, 26, None, edge=INK, width=6)
        c.line([(296, 470), (330, 430), (364, 470), (350, 410)], INK, 6)
        c.line([(268, 388), (392, 512)], RED, 16)
        return
    tone = c.loose.choice([(196, 60, 60), (50, 100, 170), (50, 130, 110)])
    c.shadow(500, 864, 380, 34)
    for x in (280, 720):
        c.ellipse(x, 770, 96, 96, INK)
        c.ellipse(x, 770, 66, 66, STEEL)
        c.ellipse(x, 770, 20, 20, INK)
    c.poly(
        [(250, 660), (430, 650), (470, 760), (600, 760), (660, 560), (700, 560), (650, 800), (400, 810), (330, 720)],
        tone,
    )
    c.poly([(640, 560), (700, 480), (740, 500), (730, 660), (680, 640)], shade(tone, 1.15))
    c.line([(690, 500), (660, 420), (590, 410)], INK, 16)
    c.rect(250, 620, 450, 662, INK, r=18)
    c.rect(440, 690, 590, 756, (60, 64, 70), r=8)
    c.line([(690, 680), (720, 770)], shade(STEEL, 0.8), 20)
    c.ellipse(744, 560, 22, 28, (255, 240, 180))
    c.curve((520, 700), (420, 430), (170, 380), INK, 12)
    c.rect(110, 330, 190, 420, WHITE, edge=STEEL, width=4, r=8)
    c.curve((150, 330), (120, 120), (300, 0), WHITE, 10)


def gas_hose(c: Canvas) -> None:
    room(c, horizon=520, wall=c.tint((220, 226, 226), (226, 220, 206)))
    tile = (120, 130, 134, 70)
    for x in range(0, 1280, 110):
        c.line([(x, 0), (x, 500)], tile, 2)
    for y in range(0, 500, 110):
        c.line([(0, y), (1280, y)], tile, 2)
    steel = c.tint((176, 182, 188), (190, 190, 186))
    c.rect(90, 500, 1190, 960, shade(steel, 0.62))
    c.rect(60, 470, 1220, 530, steel)
    for x in (470, 850):
        c.rect(x - 150, 420, x + 150, 474, (54, 58, 62), r=10)
        c.ellipse(x, 420, 110, 22, INK)
        for i in range(7):
            fx = x - 72 + i * 24
            c.poly([(fx - 10, 414), (fx, 366), (fx + 10, 414)], (74, 140, 226))
        c.ellipse(x, 450, 20, 20, RED)
    c.rect(150, 600, 210, 960, (232, 190, 50))
    c.rect(140, 640, 330, 690, (232, 190, 50))
    c.rect(210, 620, 250, 710, shade(YELLOW, 0.7))
    c.line([(230, 600), (300, 570)], RED, 18)
    hose = ((330.0, 665.0), (620.0, 980.0), (860.0, 560.0))
    if c.after:
        c.curve(*hose, (206, 212, 216), 44)
        for step in range(1, 44):
            along, down = on_curve(*hose, step / 44)
            c.ellipse(along, down, 9, 24, (120, 128, 134))
            c.ellipse(along, down, 4, 20, (232, 236, 238))
        plate(c, 1010, 700, "已检漏", "CHECKED", fill=GREEN, ink=WHITE, size=40)
        return
    c.curve(*hose, (196, 96, 40), 40)
    for step in range(3, 22):
        along, down = on_curve(*hose, step / 23)
        lean = c.loose.uniform(-12, 12)
        crack = [(along - lean, down - 20), (along - 6, down - 4), (along + 6, down + 4), (along + lean, down + 20)]
        c.line(crack, (70, 34, 18), 6)
    smoke(c, 640, 790, 64, (214, 232, 244), rise=0.9, strength=60)


def record_book(c: Canvas) -> None:
    desk = c.tint((168, 124, 82), (146, 112, 84), (176, 140, 98))
    c.gradient(0, 960, shade(desk, 0.9), shade(desk, 1.1))
    for _ in range(26):
        y = c.rng.uniform(0, 960)
        c.line([(0, y), (1280, y + c.rng.uniform(-24, 24))], (*shade(desk, 0.78)[:3], 120), 3)
    c.poly([(300, 90), (1020, 70), (1050, 930), (270, 940)], (0, 0, 0, 80))
    c.rect(280, 60, 1010, 920, shade(BROWN, 0.66), r=18)
    c.rect(316, 110, 974, 886, (250, 249, 243))
    c.rect(540, 40, 750, 120, STEEL, edge=shade(STEEL, 0.6), width=5, r=16)
    title, latin = c.rng.choice(
        [("安全检查记录", "SAFETY CHECK LOG"), ("培训考核记录", "TRAINING RECORD"), ("设备点检记录", "INSPECTION LOG")]
    )
    c.text(645, 172, title, 50, INK, latin=latin)
    rows = 9
    for i in range(rows + 1):
        c.line([(350, 230 + i * 62), (940, 230 + i * 62)], (150, 156, 160), 3)
    for x in (350, 430, 700, 820, 940):
        c.line([(x, 230), (x, 230 + rows * 62)], (150, 156, 160), 3)
    lengths = [c.rng.uniform(120, 230) for _ in range(rows)]
    for i, length in enumerate(lengths):
        y = 262 + i * 62
        c.rect(374, y - 9, 406, y + 9, (110, 116, 122))
        if c.after or i < 2:
            c.rect(450, y - 8, 450 + length, y + 8, (96, 104, 120))
            c.line([(744, y), (758, y + 15), (784, y - 18)], GREEN, 9)
            c.curve((840, y + 8), (870, y - 30), (920, y + 6), (40, 70, 150), 5)
    if c.after:
        c.ellipse(840, 740, 104, 104, None, edge=(206, 50, 46, 210), width=9)
        c.text(840, 740, "已核验", 46, (206, 50, 46, 220), latin="CHECKED")
    else:
        c.blob(560, 640, 92, 80, (150, 96, 50, 60))
        c.ellipse(560, 640, 92, 86, None, edge=(126, 78, 36, 110), width=9)
        c.text(760, 560, "?", 150, (*RED[:3], 200))
    c.line([(1080, 300), (1170, 800)], (40, 60, 110), 26)
    c.poly([(1157, 800), (1184, 796), (1180, 850)], INK)


def gas_meter(c: Canvas) -> None:
    room(c, horizon=830)
    body = c.tint((226, 178, 50), (214, 220, 224), (222, 120, 50))
    x = 640 + c.rng.uniform(-120, 120)
    c.rect(x - 24, 0, x + 24, 200, STEEL, edge=shade(STEEL, 0.7))
    c.shadow(x + 20, 440, 240, 260, 50)
    c.rect(x - 220, 180, x + 220, 620, body, edge=shade(body, 0.7), width=8, r=46)
    c.rect(x - 150, 240, x + 150, 400, (18, 30, 28), edge=INK, width=6, r=10)
    c.ellipse(x, 500, 84, 84, shade(STEEL, 0.75), edge=INK, width=6)
    for dx in range(-48, 49, 24):
        for dy in range(-48, 49, 24):
            if dx * dx + dy * dy < 60 * 60:
                c.ellipse(x + dx, 500 + dy, 7, 7, INK)
    plate(c, x, 720, "可燃气体 一氧化碳", "GAS ALARM", fill=WHITE, size=34)
    if c.after:
        c.text(x, 318, "0.00", 108, (90, 240, 150))
        c.ellipse(x + 180, 225, 16, 16, (90, 240, 120))
        c.rect(x - 16, 600, x + 16, 640, STEEL)
        return
    c.text(x, 318, "E-02", 108, (150, 44, 38))
    c.ellipse(x + 180, 225, 16, 16, (80, 30, 28))
    c.curve((x - 24, 150), (x - 330, 180), (x - 270, 560), INK, 16)
    for dx in (-20, 0, 20):
        c.line([(x - 270, 560), (x - 270 + dx, 610)], (214, 130, 60), 6)
    c.blob(x + 60, 520, 110, 60, (120, 100, 70, 190))
    c.blob(x - 80, 250, 80, 30, (150, 126, 90, 170))
    for i in range(4):
        c.line([(x + 220, 180), (x + 220 + 70, 60 + i * 56)], (240, 240, 240, 120), 2)
