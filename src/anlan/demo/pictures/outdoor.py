"""Sites and yards: scaffolds, pits, slopes, water, vehicles."""

import math

from anlan.demo.pictures.canvas import BROWN, GREEN, INK, RED, STEEL, WHITE, YELLOW, Canvas, Colour, shade
from anlan.demo.pictures.scenes import plate, rail, triangle_sign, yard


def scaffold_ties(c: Canvas) -> None:
    yard(c, horizon=760)
    wall = c.tint((204, 196, 182), (196, 188, 178), (210, 204, 196))
    c.rect(40, 0, 700, 860, wall)
    c.poly([(700, 0), (760, 20), (760, 880), (700, 860)], shade(wall, 0.75))
    for row in range(4):
        for col in range(3):
            x, y = 100 + col * 200, 40 + row * 210
            c.rect(x, y, x + 110, y + 130, (80, 96, 110), edge=shade(wall, 0.7), width=6)
    tube: Colour = (216, 150, 40)
    lean = 0.0 if c.after else 0.15

    def at(x: float, y: float) -> tuple[float, float]:
        return x + (880 - y) * lean, y

    posts = (800, 930, 1060)
    for y in (180, 400, 620):
        if c.after:
            for x in (760,):
                c.line([(x, y + 30), (posts[0], y + 30)], RED, 22)
                c.rect(x - 14, y + 8, x + 10, y + 52, INK)
        c.line([at(posts[0] - 20, y), at(posts[2] + 20, y)], tube, 13)
        c.line([at(posts[0] - 20, y - 70), at(posts[2] + 20, y - 70)], tube, 10)
        if c.after or y != 400:
            c.line([at(posts[0] - 20, y + 14), at(posts[2] + 20, y + 14)], shade(BROWN, 0.9), 22)
        else:
            c.line([at(posts[0] - 10, y + 14), at(posts[0] + 150, y + 100)], shade(BROWN, 0.9), 22)
    for x in posts:
        c.line([at(x, 40), at(x, 880)], tube, 17)
        c.line([at(x, 40), at(x, 880)], shade(tube, 1.25), 5)
    if c.after:
        c.line([at(posts[0], 880), at(posts[2], 620), at(posts[0], 400), at(posts[2], 180)], tube, 11)
        c.poly([(786, 40), (1080, 40), (1080, 600), (786, 600)], (40, 140, 90, 96))
        for y in range(40, 600, 26):
            c.line([(786, y), (1080, y)], (40, 140, 90, 120), 2)
        plate(c, 936, 720, "验收合格", "ACCEPTED", fill=GREEN, ink=WHITE, size=38)
        for x in posts:
            c.rect(x - 42, 874, x + 42, 892, shade(BROWN, 0.7))
        return
    for y in (280, 500):
        c.line([(690, y), (724, y)], RED, 18)
    c.curve((1130, 300), (1200, 360), (1180, 460), (255, 255, 255, 150), 6)
    for x in posts:
        c.blob(x, 884, 44, 13, shade(BROWN, 0.5))


def pit_rail(c: Canvas) -> None:
    yard(c, horizon=330)
    earth = c.tint((150, 112, 74), (140, 108, 80), (160, 124, 84))
    back, front = 470.0, 850.0
    c.poly([(260, back), (1020, back), (1240, front), (40, front)], shade(earth, 0.3))
    c.poly([(260, back), (1020, back), (940, 700), (340, 700)], shade(earth, 0.85))
    c.poly([(260, back), (340, 700), (250, front), (40, front)], shade(earth, 0.6))
    c.poly([(1020, back), (940, 700), (1030, front), (1240, front)], shade(earth, 1.05))
    c.poly([(340, 700), (940, 700), (1030, front), (250, front)], shade(earth, 0.45))
    for y in (530, 590, 650):
        c.line([(275 + (y - 470) * 0.35, y), (1005 - (y - 470) * 0.35, y)], (*shade(earth, 0.6)[:3], 200), 6)
    c.rect(0, front, 1280, 960, shade(earth, 1.25))
    c.poly([(980, 330), (1280, 380), (1280, 420), (960, 360)], shade(earth, 1.35))
    for x in range(430, 900, 90):
        c.line([(x, 700), (x, 790)], (150, 90, 60), 9)
    if c.after:
        rail(c, 270, 1010, back, 110)
        rail(c, 60, 262, front, 150, slope=378, step=100)
        rail(c, 1020, 1222, back + 2, 130, slope=-378, step=100)
        rail(c, 30, 1250, 930, 170, step=240)
        triangle_sign(c, 640, 830, 60)
        return
    for x, tilt in ((180, 40), (1080, -60)):
        c.line([(x, 900), (x + 190, 900 + tilt * 0.3)], RED, 13)
        c.line([(x + 40, 900), (x + 90, 900)], WHITE, 13)
    c.poly([(560, back), (700, back), (680, 560), (620, 700), (580, 560)], shade(earth, 1.35))
    c.blob(630, 730, 150, 54, shade(earth, 1.3))
    for dx, y in ((-60, 700), (80, 716), (10, 676)):
        c.blob(630 + dx, y, 30, 22, shade(earth, 1.5))


def manhole(c: Canvas) -> None:
    yard(c, horizon=300, ground=c.tint((150, 150, 146), (160, 156, 148)))
    c.ellipse(640, 690, 330, 130, shade(STEEL, 0.72))
    c.ellipse(640, 684, 300, 112, shade(STEEL, 0.5))
    if c.after:
        c.ellipse(640, 682, 286, 104, shade(STEEL, 0.85))
        for i in range(-4, 5):
            half = 104 * math.sqrt(max(0, 1 - (i * 60 / 286) ** 2))
            c.line([(640 + i * 60, 682 - half + 8), (640 + i * 60, 682 + half - 8)], shade(STEEL, 0.6), 7)
        rail(c, 230, 1050, 560, 150, step=210)
        rail(c, 150, 1130, 880, 190, step=330)
        plate(c, 640, 780, "有限空间 未经许可禁止进入", "CONFINED SPACE", size=34)
        triangle_sign(c, 640, 430, 76)
        return
    c.ellipse(640, 682, 286, 104, (14, 14, 16))
    c.ellipse(640, 716, 240, 66, (30, 32, 30))
    for i in range(3):
        y = 630 + i * 36
        c.line([(590, y), (690, y)], shade(STEEL, 0.9 - i * 0.2), 11)
    for x in (590, 690):
        c.line([(x, 600), (x, 740)], shade(STEEL, 0.7), 9)
    c.ellipse(1060, 830, 190, 54, shade(STEEL, 0.4))
    c.ellipse(1060, 816, 190, 54, shade(STEEL, 0.9))
    c.ellipse(1060, 816, 150, 40, None, edge=shade(STEEL, 0.65), width=6)
    for dx in range(-90, 100, 45):
        c.line([(1060 + dx, 790), (1060 + dx, 842)], shade(STEEL, 0.65), 5)
    c.curve((480, 640), (300, 560), (120, 700), (60, 90, 130), 16)


def mine_slope(c: Canvas) -> None:
    yard(c, horizon=300)
    rock = c.tint((164, 142, 116), (150, 144, 136), (172, 140, 104))
    if c.after:
        for i, y in enumerate((160, 370, 580)):
            left = 80 + i * -60
            c.poly([(left + 60, y), (1280, y - 60), (1280, y + 160), (left, y + 200)], shade(rock, 1.0 - i * 0.06))
            c.poly([(left, y + 200), (1280, y + 150), (1280, y + 184), (left - 40, y + 222)], shade(rock, 1.25))
            for k in range(15):
                x = left + 60 + k * 90
                c.line([(x, y + 6), (x - 24, y + 194)], (*shade(rock, 0.7)[:3], 170), 4)
        for i in range(22):
            c.line([(560 + i * 34, 330), (520 + i * 34, 560)], (80, 90, 96, 120), 3)
        rail(c, 120, 1180, 900, 130, step=260)
        return
    c.poly(
        [(0, 420), (160, 250), (330, 170), (520, 210), (700, 80), (960, 120), (1280, 60), (1280, 860), (0, 860)], rock
    )
    for _ in range(46):
        px, py = c.loose.uniform(40, 1240), c.loose.uniform(300, 820)
        s = c.loose.uniform(30, 90)
        c.poly(
            [(px, py), (px + s, py - s * 0.3), (px + s * 1.3, py + s * 0.5), (px + s * 0.3, py + s * 0.7)],
            shade(rock, c.loose.uniform(0.72, 1.18)),
        )
    c.poly([(560, 230), (840, 170), (900, 300), (800, 430), (620, 410)], shade(rock, 1.3))
    c.poly([(620, 410), (800, 430), (900, 300), (930, 330), (820, 480), (640, 460)], shade(rock, 0.45))
    c.line([(500, 200), (560, 300), (600, 430), (580, 560), (640, 700)], INK, 12)
    c.line([(560, 300), (470, 380)], INK, 8)
    for x, y, s in ((420, 880, 100), (640, 850, 70), (800, 900, 120), (1010, 860, 60), (240, 880, 60)):
        c.shadow(x, y + s * 0.5, s * 1.1, s * 0.25)
        c.blob(x, y, s, s * 0.68, shade(rock, 0.95))
        c.blob(x - s * 0.2, y - s * 0.25, s * 0.5, s * 0.3, shade(rock, 1.25))


def tyre(c: Canvas) -> None:
    yard(c, horizon=620, ground=c.tint((116, 118, 120), (126, 122, 116)))
    body = c.tint((50, 110, 170), (180, 70, 54), (210, 214, 216), (60, 130, 100))
    c.rect(0, 0, 1280, 330, body)
    c.rect(0, 60, 1280, 84, shade(body, 1.25))
    c.rect(0, 290, 1280, 350, shade(body, 0.55))
    c.ellipse(640, 530, 440, 420, (22, 24, 26))
    c.rect(0, 345, 190, 520, shade(body, 0.75))
    c.rect(1090, 345, 1280, 520, shade(body, 0.75))
    c.shadow(640, 880, 420, 44, 110)
    rubber: Colour = (50, 51, 54) if c.after else (94, 92, 90)
    c.rect(380, 190, 900, 890, rubber, r=150)
    c.rect(380, 230, 440, 850, (0, 0, 0, 70), r=30)
    c.rect(840, 230, 900, 850, (0, 0, 0, 70), r=30)
    if c.after:
        for x in (490, 640, 790):
            c.rect(x - 13, 200, x + 13, 884, (16, 17, 18))
        for y in range(220, 870, 56):
            for x0, x1, tilt in ((392, 474, 20), (506, 624, -18), (656, 774, 18), (806, 890, -20)):
                c.line([(x0, y), (x1, y + tilt)], (16, 17, 18), 13)
        return
    for x in (500, 640, 780):
        c.rect(x - 3, 210, x + 3, 876, (76, 74, 72))
    c.blob(690, 520, 120, 170, (126, 118, 108))
    for i in range(13):
        y = 390 + i * 22
        c.line([(610 + c.loose.uniform(-12, 12), y), (774 + c.loose.uniform(-12, 12), y + 8)], (206, 196, 176), 5)
    for x, y in ((450, 340), (470, 700), (840, 640)):
        c.line([(x, y), (x + 20, y + 40), (x - 6, y + 80)], INK, 7)


def warning_sign(c: Canvas) -> None:
    yard(c, horizon=560)
    mesh = c.tint((96, 130, 110), (120, 128, 134))
    for x in range(-20, 1300, 40):
        c.line([(x, 250), (x + 200, 690)], (*mesh[:3], 150), 3)
        c.line([(x + 200, 250), (x, 690)], (*mesh[:3], 150), 3)
    for y in (250, 690):
        c.line([(0, y), (1280, y)], mesh, 14)
    for x in (60, 440, 840, 1220):
        c.line([(x, 230), (x, 740)], shade(mesh, 0.8), 20)
    if c.after:
        c.rect(330, 280, 950, 650, YELLOW, edge=INK, width=12, r=16)
        triangle_sign(c, 480, 460, 110)
        c.text(760, 400, "当心危险", 72, INK, latin="CAUTION")
        c.text(760, 520, "禁止入内", 72, RED, latin="KEEP OUT")
        c.rect(330, 600, 950, 640, INK)
        for i in range(9):
            c.poly([(340 + i * 70, 638), (372 + i * 70, 638), (392 + i * 70, 602), (360 + i * 70, 602)], YELLOW)
        return
    board: Colour = (206, 200, 180)
    c.poly([(380, 320), (920, 260), (960, 560), (420, 640)], (0, 0, 0, 60))
    c.poly([(360, 300), (900, 240), (940, 540), (400, 620)], board)
    c.poly([(470, 470), (540, 340), (620, 452)], (224, 208, 150))
    for y in (340, 420, 500):
        c.line([(660, y), (850 - (y - 340) * 0.6, y - 20)], (186, 178, 156), 13)
    for x, y, s in ((400, 580, 60), (880, 300, 70), (640, 560, 44), (520, 300, 40)):
        c.blob(x, y, s, s * 0.7, (164, 104, 60, 190))
    c.poly([(900, 240), (940, 540), (860, 550), (880, 400)], shade(board, 0.7))


def life_buoy(c: Canvas) -> None:
    sky = c.tint((170, 206, 228), (190, 210, 222))
    c.gradient(0, 330, sky, shade(sky, 1.14))
    c.poly([(0, 330), (260, 240), (520, 320), (860, 230), (1280, 330)], (110, 140, 120))
    water = c.tint((58, 120, 150), (64, 126, 132))
    c.gradient(330, 760, shade(water, 1.2), shade(water, 0.8))
    for _ in range(46):
        x, y = c.rng.uniform(0, 1280), c.rng.uniform(350, 740)
        c.line([(x, y), (x + 30 + y * 0.12, y)], (220, 238, 244, 110), 4)
    deck = c.tint((168, 132, 94), (160, 140, 116))
    c.gradient(740, 960, shade(deck, 1.1), shade(deck, 0.8))
    for x in range(-200, 1500, 120):
        c.line([(640 + (x - 640) * 0.8, 740), (x, 960)], shade(deck, 0.6), 5)
    gap = (0, 1280) if c.after else (760, 1280)
    for y in (520, 620):
        if c.after:
            c.line([(0, y), (1280, y)], WHITE, 17)
        else:
            c.line([(0, y), (700, y)], shade(BROWN, 0.8), 15)
    for x in (40, 360, 700, 980, 1240):
        if not c.after and x > gap[0]:
            continue
        c.line([(x, 500), (x, 770)], WHITE if c.after else shade(BROWN, 0.75), 22)
    if not c.after:
        c.line([(700, 620), (860, 780)], shade(BROWN, 0.8), 15)
        c.rect(470, 350, 590, 480, WHITE, edge=STEEL, width=5)
        c.text(530, 414, "救生圈", 34, RED, latin="BUOY")
        c.line([(530, 480), (530, 760)], STEEL, 13)
        c.curve((500, 520), (530, 560), (560, 520), STEEL, 10)
        return
    c.line([(530, 300), (530, 770)], STEEL, 15)
    for i in range(8):
        angle = i * math.tau / 8
        points = []
        for step in range(7):
            a = angle + step * math.tau / 48
            points.append((530 + 150 * math.cos(a), 470 + 150 * math.sin(a)))
        for step in range(6, -1, -1):
            a = angle + step * math.tau / 48
            points.append((530 + 86 * math.cos(a), 470 + 86 * math.sin(a)))
        c.poly(points, (234, 92, 40) if i % 2 else WHITE)
    c.ellipse(530, 470, 164, 164, None, edge=(240, 220, 160), width=7)
    plate(c, 530, 260, "水深危险", "DEEP WATER", size=36)
