"""The ground the demo city stands on: what each firm has and can go wrong there, who answers for it, and its own checks."""

import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from tomllib import loads
from typing import Any

import xlsxwriter

from anlan.chain.actions.cards import acknowledge, draw_up
from anlan.demo.city.enterprises import Firm
from anlan.demo.city.life import World
from anlan.demo.city.people import Staff
from anlan.demo.city.pool import SPECIALTIES
from anlan.inspections.actions.self_check import begin_plan, do_check
from anlan.inspections.queries.self_check import items_of
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.registry.actions import edit_enterprise
from anlan.registry.actions.imports import import_file
from anlan.registry.models import Enterprise

POINTS = 8_224
"""The documents tell of 8,224 risk points on one map."""
GRADES = ("A", "B", "B", "C", "C", "C", "D", "")
COMMON = ("high_voltage", "crowd", "kitchen", "forklift", "gas_use", "hot_work", "work_at_height")
KEEPERS, MOST_ANSWERS, FRIDAY = 14, 60, 4
HAVE_CARDS, ACKNOWLEDGED = 0.88, 0.85
HEAD = (
    "uscc", "unit", "name", "place", "lon", "lat", "source", "accidents", "method", "L", "S", "direct_reason",
    "assessed_on", "engineering", "management", "training", "protection", "emergency", "tier", "holder", "cycle",
    "emergency_phone",
)  # fmt: skip


@cache
def _templates() -> dict[str, list[list[Any]]]:
    return loads((files("anlan.demo.words") / "data" / "risks.toml").read_text(encoding="utf-8"))


def equip(firms: Sequence[Firm], rng: random.Random) -> None:
    """What each firm has decides which items of a checklist apply; the grade is set as a city's present one."""
    for firm in firms:
        own = SPECIALTIES.get(firm.industry, [])
        kinds = sorted({*rng.sample(own, min(len(own), rng.randint(1, 4))), *rng.sample(COMMON, rng.randint(1, 3))})
        data = {"facilities": kinds, "grade": rng.choice(GRADES)}
        edit_enterprise(actor=SYSTEM, enterprise=firm.id, data=data)


def survey(firms: Sequence[Firm], rng: random.Random, *, today: date, count: int) -> int:
    """Risk points by a department's workbook, as they come in life: some hundred a county, sources assessed, controls named."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        path = Path(file.name)
        _write(path, _rows(firms, rng, today=today, count=count))
        outcome = import_file(actor=SYSTEM, kind="risk_points", path=path, write=True)
    if not outcome.report.ok:
        raise RuntimeError(f"the demo's risk points have faults: {outcome.report.faults[:3]}")
    return outcome.counts["points"]


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("risk_points")
        sheet.write_row(0, 0, HEAD)
        for line, row in enumerate(rows, 1):
            for place, key in enumerate(HEAD):
                if row.get(key) is not None:
                    sheet.write(line, place, row[key])


def _rows(firms: Sequence[Firm], rng: random.Random, *, today: date, count: int) -> Iterator[dict[str, Any]]:
    with scope.acting(SYSTEM):
        codes = dict(Enterprise.objects.values_list("pk", "uscc"))
    shares = list(accumulate(rng.uniform(0.5, 2.0) for _ in firms))
    done = 0
    for firm, share in zip(firms, shares, strict=True):
        upto = round(count * share / shares[-1])
        templates = _templates()[firm.industry]
        for number in range(upto - done):
            yield _row(
                firm, codes[firm.id], templates[number % len(templates)], number // len(templates) + 1, rng, today
            )
        done = upto


def _row(firm: Firm, uscc: str, template: list[Any], number: int, rng: random.Random, today: date) -> dict[str, Any]:
    name, source, accidents, likely, severe, engineering, management = template
    called = name.format(n=number) if "{n}" in name else f"{name}{number}"
    likelihood = max(1, min(5, likely + rng.choice((-2, -1, -1, 0, 0, 0, 1))))
    lon, lat = (round(one + rng.gauss(0, 0.0018), 6) for one in firm.point)
    return {
        "uscc": uscc,
        "unit": f"{rng.choice('一二三四')}区",
        "name": called,
        "place": f"{called}及周边",
        "lon": lon,
        "lat": lat,
        "source": source,
        "accidents": accidents,
        "method": "LS",
        "L": likelihood,
        "S": severe,
        "direct_reason": "曾发生致人死亡事故，采取措施后仍有发生可能" if rng.random() < 0.004 else None,
        "assessed_on": today - timedelta(days=rng.randint(3, 420)),
        "engineering": engineering,
        "management": management,
        "training": "上岗前三级教育，每年再培训",
        "protection": "按岗位配发并正确佩戴劳动防护用品",
        "emergency": "现场处置方案，每半年演练一次",
        "tier": rng.choice(("班组", "部门（车间）", "公司（厂）")),
        "holder": firm.manager or firm.principal,
        "cycle": rng.choice(("每日", "每日", "每周", "每月")),
        "emergency_phone": None,
    }


def hand_out_cards(firms: Sequence[Firm], staff: Staff, rng: random.Random) -> None:
    """Most firms have drawn up their duty cards, and most who have an account have acknowledged theirs; the first has one to sign."""
    for place, firm in enumerate(firms):
        if rng.random() > HAVE_CARDS and place:
            continue
        principal = staff.principals[firm.id]
        with scope.acting(principal):
            cards = draw_up(actor=principal, enterprise=firm.id)
        holders = {one.person: one for one in (principal, staff.managers.get(firm.id)) if one is not None}
        for card in cards:
            holder = holders.get(card.holder_id)
            signs = card.level != "principal" if place == 0 else rng.random() < ACKNOWLEDGED
            if holder is not None and signs:
                with scope.acting(holder):
                    acknowledge(actor=holder, card=card.pk)


def own_checks(world: World, firms: Sequence[Firm], *, days: int) -> Iterator[Iterator[datetime]]:
    """Those with a safety manager keep the three cycles for the last weeks; how well differs from firm to firm."""
    first = world.hours.last - days
    keepers = [firm for firm in firms if firm.id in world.staff.managers][:KEEPERS]
    for place, firm in enumerate(keepers):
        yield _keeping(world, firm, first=first, care=1.0 if place == 0 else world.rng.uniform(0.55, 1.0))


def _keeping(world: World, firm: Firm, *, first: int, care: float) -> Iterator[datetime]:
    """Begun, then done day by day; a day without a check is written down as missed by the clock. Today's is still to do."""
    manager = world.staff.managers[firm.id]
    begins = world.hours.on(first)
    if begins is None:
        return
    yield begins.replace(hour=8, minute=5)
    with scope.acting(manager):
        for cycle in ("daily", "weekly", "monthly"):
            facts = {"enterprise": firm.id, "cycle": cycle, "begins_on": clock.today(), "holder_name": firm.manager}
            begin_plan(actor=manager, data=facts)
        enterprise = Enterprise.objects.get(pk=firm.id)
    for index in range(first, world.hours.last):
        at = world.hours.on(index)
        if at is None or world.rng.random() > care:
            continue
        yield max(at, begins + timedelta(minutes=30))
        today = clock.today()
        cycles = [("daily", today)]
        if today.weekday() == FRIDAY:
            cycles.append(("weekly", today - timedelta(days=FRIDAY)))
        with scope.acting(manager):
            shown = items_of(enterprise, cycles)
            for cycle, period in cycles:
                answers = [
                    {"control": item.control, "item": item.item, "text": item.text[:500], "value": "yes"}
                    for item in shown[cycle, period][:MOST_ANSWERS]
                ]
                data: dict[str, Any] = {
                    "enterprise": firm.id,
                    "cycle": cycle,
                    "period": period,
                    "answers": answers,
                    "nothing_found": True,
                }
                do_check(actor=manager, id=new_id(), data=data)
