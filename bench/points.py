"""Ground and workbook of `import --kind risk_points`: enterprises to own the points, and one row a point and source."""

import random
from datetime import UTC, datetime
from pathlib import Path

OWNERS = 5_000
EACH = 2
"""Sources of one point."""
NAMES = ("熔炼炉", "行车", "配电室", "液氨储罐", "抛丸机", "喷漆房", "锅炉", "受限空间", "叉车", "电焊作业点")
SOURCES = ("高温金属液喷溅", "传动部位外露")
FACTORS = {"L": (1, 3, 6), "E": (1, 2, 3, 6), "C": (1, 3, 7, 15)}


def ground() -> None:
    """Enterprises of the whole city."""
    from anlan.identity.models import Region
    from anlan.kernel import scope
    from anlan.kernel.actor import SYSTEM
    from anlan.kernel.codes import make_uscc
    from anlan.kernel.ids import new_id
    from anlan.registry.models import Enterprise, Industry

    now = datetime.now(UTC)
    with scope.acting(SYSTEM):
        places = list(Region.objects.filter(level="township").order_by("code").values_list("code", flat=True))
        field = Industry.objects.order_by("bit")[0]
        Enterprise.objects.bulk_create((
            Enterprise(
                id=new_id(), uscc=make_uscc(number, region=141002000000), name=f"铸造{number}厂", region=places[number % len(places)],
                industry=field, industry_bit=field.bit, created_at=now, changed_at=now,
            )
            for number in range(1, OWNERS + 1)
        ), batch_size=1000)  # fmt: skip


def workbook(path: Path, rows: int) -> None:
    import xlsxwriter
    from django.utils.translation import override

    from anlan.kernel.codes import make_uscc
    from anlan.risks.workbook import book

    rng = random.Random(7)
    codes = [make_uscc(number, region=141002000000) for number in range(1, OWNERS + 1)]
    with override("zh-hans"), xlsxwriter.Workbook(path, {"constant_memory": True}) as made:
        columns = book().sheets[0].columns
        at = {column.key: index for index, column in enumerate(columns)}
        sheet = made.add_worksheet("risk_points")
        for index, column in enumerate(columns):
            sheet.write_string(0, index, str(column.title))
        for row in range(rows):
            point = row // EACH
            words = {
                "uscc": codes[point % OWNERS],
                "unit": f"{point % 7}号车间",
                "name": f"{NAMES[point % len(NAMES)]}{point // OWNERS}号",
                "source": SOURCES[row % EACH],
                "accidents": "灼烫、火灾",
                "method": "LEC",
                "engineering": "设置防护挡板",
                "management": "作业前检查",
                "tier": "team",
                "holder": "王建国",
            }
            for key, text in words.items():
                sheet.write_string(row + 1, at[key], text)
            for letter, scale in FACTORS.items():
                sheet.write_number(row + 1, at[letter], rng.choice(scale))
            if not row % EACH:  # the facts of a point may be written once
                sheet.write_number(row + 1, at["lon"], round(111.5 + rng.gauss(0, 0.2), 6))
                sheet.write_number(row + 1, at["lat"], round(36.1 + rng.gauss(0, 0.2), 6))
