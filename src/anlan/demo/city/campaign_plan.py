"""The three-year campaign's plan of the demo city: written and published by the city's office, carried out by districts and systems."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from anlan.campaigns.actions import open_campaign
from anlan.campaigns.models import Campaign
from anlan.demo.city.hours import Hours
from anlan.demo.city.people import Personnel, Staff
from anlan.demo.geography import CITY_CODE, CITY_NAME
from anlan.demo.words.records import table
from anlan.identity import roles
from anlan.identity.models import Organisation
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.plans import needs
from anlan.plans.actions import open_plan, publish, put_sub_plan, take_step
from anlan.plans.actions.writing import Writer
from anlan.plans.models import Plan, PlanItem

DISTRICTS, A_DISTRICT, A_SYSTEM, OWN, KEYS = 5, 24, 8, 16, 66
"""Sub-plans of districts, items of each, of each system's and of the city's own; key tasks. With 34 systems: 408 items."""
UNEVEN = ("3.2.1", "7.2.1")
"""Works whose items do not make their sum: the self-check has something to say."""
LEFT_OUT = ("2.3.4", "8.3.4", "9.2.4")
"""Works that nobody's sub-plan of the year covers."""
DUES = ((3, 31), (5, 31), (6, 30), (8, 31), (9, 30), (10, 31), (11, 30), (12, 20))
ROADS = ("done",) * 13 + ("verified",) * 2 + ("reported",) * 2 + ("returned", "slow", "slow")
"""
What becomes of an item whose day has come: most are done, one in ten is not. Some are sent back once, some wait longer for the
office to verify or to close them.
"""
STARTED = 0.4
"""Of the units that say when they begin; the others report at the end."""
REPORTS = ("已按计划完成，台账齐全。", "全部任务已落实，问题均已整改到位。", "已组织完成并形成工作总结。")
SAYS = ("已动员部署，明确到人。", "正按计划推进。", "已完成阶段任务，正在复核。", "与协同单位对接后继续推进。")
LACKS = ("台账缺少乡镇部分，请补充。", "佐证材料与完成数不一致，请核对。", "未附签到记录。")


@dataclass(frozen=True, kw_only=True)
class Doer:
    """A unit with its sub-plan and who acts for it."""

    code: str
    kind: str
    name: str
    unit: Organisation
    actor: Actor


@dataclass(frozen=True, kw_only=True)
class Work:
    code: str
    name: str
    share: int
    measured: str


def hire_systems(personnel: Personnel, *, count: int) -> list[Doer]:
    """The departments of the city's industry systems; those that are there already keep their people."""
    there = {one.name: one for one in Organisation.objects.filter(region=CITY_CODE, kind="department")}
    acting = {personnel.staff.post(one).organisation_id: one for one in personnel.staff.regulators.values()}
    found = []
    for number, short in enumerate(table("plan")["systems"][:count], start=1):
        name = f"{CITY_NAME}{short}"
        unit = there.get(name) or personnel.organisation(name, "department", CITY_CODE)
        actor = acting.get(unit.pk) or personnel.hire(
            f"system{number}", roles.REGULATOR, CITY_CODE, unit, title="安全监管科科长"
        )
        found.append(Doer(code=f"X{number:02d}", kind="system", name=f"{short}系统实施方案", unit=unit, actor=actor))
    return found


def districts(staff: Staff, names: dict[int, str]) -> list[Doer]:
    codes = [code for code in sorted(staff.offices) if code != CITY_CODE][:DISTRICTS]
    return [
        Doer(
            code=f"Q{number:02d}",
            kind="district",
            name=f"{names[code]}实施方案",
            unit=_unit_of(staff, staff.offices[code]),
            actor=staff.offices[code],
        )
        for number, code in enumerate(codes, start=1)
    ]


def _unit_of(staff: Staff, actor: Actor) -> Organisation:
    unit = staff.post(actor).organisation
    if unit is None:
        raise LookupError(actor.name)
    return unit


def plan(
    staff: Staff, doers: list[Doer], rng: random.Random, hours: Hours, *, begins: datetime, now: datetime
) -> Iterator[Iterator[datetime]]:
    """
    Writes the plan of the present year and publishes it; then the lives of its items, to be entered on the stage.

    Every year since the campaign began would have its items; the demo's history holds but one.
    """
    office = staff.offices[CITY_CODE]
    year = now.astimezone(clock.SHANGHAI).year
    opened = min(
        max(datetime(year, 1, 12, 9, tzinfo=clock.SHANGHAI), begins + timedelta(days=1)), now - timedelta(days=3)
    )
    with clock.at(opened), scope.acting(office):
        made = open_plan(actor=office, data={"campaign": _campaign(office, year).pk})
        _write(office, made, doers, rng, year)
        publish(actor=office, plan=made.pk)
    with scope.acting(office):
        items = list(PlanItem.objects.filter(plan=made).order_by("order", "id"))
    actors = {one.unit.pk: one.actor for one in doers}
    for item in items:
        if item.unit_id and (actor := actors.get(item.unit_id)):
            yield Life(item, actor, office, rng, hours, opened).run()


def _campaign(office: Actor, year: int) -> Campaign:
    """The running one, if another part of the demo has opened it."""
    running = Campaign.objects.filter(region=CITY_CODE, from_day__year__lte=year, to_day__year__gte=year, plan=None)
    if found := running.order_by("from_day").first():
        return found
    first = min(2024, year - 2) if year <= 2026 else year - 2
    facts = {
        "code": "sannian",
        "zh": "安全生产治本攻坚三年行动",
        "en": "Three-year work-safety campaign",
        "from_day": date(first, 1, 1),
        "to_day": date(first + 2, 12, 31),
        "basis": "市安委会三年行动实施方案（演示）",
    }
    return open_campaign(actor=office, data=facts)


def _write(office: Actor, made: Plan, doers: list[Doer], rng: random.Random, year: int) -> None:
    for one in doers:
        facts = {
            "code": one.code, "kind": one.kind, "name": one.name, "year": year, "unit_name": one.unit.name,
            "region": one.unit.region, "document": f"{'区' if one.kind == 'district' else '市'}安〔{year}〕{int(one.code[1:])}号",
            "approved_on": date(year, 1, 8),
        }  # fmt: skip
        put_sub_plan(actor=office, plan=made.pk, data=facts)
    writer = Writer(office, made)
    works = list(_nodes(writer, doers, year))
    lines = _items(works, doers, rng, year)
    keys = set(rng.sample(range(len(lines)), min(KEYS, len(lines))))
    sums: dict[str, Decimal] = {}
    for number, facts in enumerate(lines):
        data = needs.PutLine.model_validate(facts | {"key": number in keys})
        writer.put(data)
        if data.target is not None:
            above = data.code.rpartition(".")[0]
            sums[above] = sums.get(above, Decimal()) + data.target
    for work in works:
        if work.code in sums:
            target = sums[work.code] + (7 if work.code in UNEVEN else 0)
            _put(writer, work.code, work.name, doers, year, target=target, target_unit=work.measured)


def _nodes(writer: Writer, doers: list[Doer], year: int) -> Iterator[Work]:
    for a, action in enumerate(table("plan")["actions"], start=1):
        _put(writer, f"{a}", action["name"], doers, year)
        for t, task in enumerate(action["tasks"], start=1):
            _put(writer, f"{a}.{t}", task["name"], doers, year)
            for w, text in enumerate(task["works"], start=1):
                name, _bar, rest = text.partition("|")
                share, _bar, measured = rest.partition("|")
                _put(writer, f"{a}.{t}.{w}", name, doers, year)
                yield Work(code=f"{a}.{t}.{w}", name=name, share=int(share or 0), measured=measured)


def _upper(doers: list[Doer], code: str) -> dict[str, Any]:
    """Who leads and who helps: a system of the action's own."""
    systems = [one for one in doers if one.kind == "system"] or doers
    first = int(code.split(".", maxsplit=1)[0])
    lead, other = systems[(first * 7) % len(systems)], systems[(first * 7 + 3) % len(systems)]
    return {"unit_name": lead.unit.name, "partners": other.unit.name if other is not lead else ""}


def _put(writer: Writer, code: str, name: str, doers: list[Doer], year: int, **target: Any) -> None:
    facts: dict[str, Any] = {"code": code, "name": name, "due": date(year, 12, 31), **_upper(doers, code), **target}
    if code.count(".") == 2:
        facts |= {"method": "部门牵头、属地落实，按月调度。", "requirement": "建立台账，结果可核查。"}
    writer.put(needs.PutLine.model_validate(facts))


def _items(works: list[Work], doers: list[Doer], rng: random.Random, year: int) -> list[dict[str, Any]]:
    """Round and round the works, so that all but a few are covered; each doer has its number of items."""
    covered = [one for one in works if one.code not in LEFT_OUT]
    rng.shuffle(covered)
    whose: list[Doer | None] = [None] * OWN
    for one in doers:
        whose += [one] * (A_DISTRICT if one.kind == "district" else A_SYSTEM)
    used: dict[tuple[str, str], int] = {}
    found = []
    for number, doer in enumerate(whose):
        work = covered[number % len(covered)]
        key = (doer.code if doer else "", work.code)
        used[key] = used.get(key, 0) + 1
        found.append(_item(work, doer, doers[-1 - number % len(doers)] if doer is None else doer, used[key], rng, year))
    return found


def _item(work: Work, doer: Doer | None, lead: Doer, number: int, rng: random.Random, year: int) -> dict[str, Any]:
    month, day = rng.choice(DUES)
    start = date(year, max(1, month - rng.randint(2, 7)), 15) if month > 3 else date(year, 1, 15)
    place = "市本级" if doer is None else doer.unit.name.removeprefix(CITY_NAME).removesuffix("安委会办公室")
    facts: dict[str, Any] = {
        "code": f"{work.code}.{number}", "name": f"{place}{work.name}", "year": year, "starts_on": start,
        "due": date(year, month, day), "sub_plan": doer.code if doer else "",
        "unit_name": lead.unit.name,
        "method": "明确责任科室和时间节点，逐项销号。", "requirement": "完成情况按月上报，佐证材料随附。",
    }  # fmt: skip
    if work.share:
        facts |= {"target": max(1, work.share // rng.choice((2, 3, 4))), "target_unit": work.measured}
    elif rng.random() < 0.4:
        facts["target_text"] = rng.choice(("工作方案", "工作总结", "问题清单和整改台账"))
    return facts


@dataclass
class Life:
    """What a unit and the office do with one item, until the present day."""

    item: PlanItem
    actor: Actor
    office: Actor
    rng: random.Random
    hours: Hours
    opened: datetime

    def run(self) -> Iterator[datetime]:
        rng, due = self.rng, self.item.due or date(self.item.year, 12, 20)
        end = rng.choice(ROADS)
        at = self.hours.after(self.opened, rng.randint(1, 6) if rng.random() < 0.96 else 400)
        for step in ("sign", "start") if end == "slow" or rng.random() < STARTED else ("sign",):  # some never sign
            if at is None:
                return
            yield at
            self._do(step)
            at = self.hours.after(at, rng.randint(1, 12))
        span = max(8, self.hours.index(datetime.combine(due, self.opened.timetz())) - self.hours.index(self.opened))
        pace = 0.55 if end == "slow" else 1.0
        said = (rng.uniform(0.25, 0.45), 0.8) if end == "slow" or due > clock.day_of(self.hours.now) else ()
        for part in said:  # of what is finished, the report says all
            at = self._moment(part, span)
            if at is None:
                return
            yield at
            self._progress(part * pace)
        at = self._moment(rng.uniform(0.88, 1.04), span)
        if at is None or end == "slow":
            return
        yield at
        self._report()
        if end == "returned":
            for act, most in ((self._return, 7), (self._report, 15)):
                at = self.hours.after(at, rng.randint(1, most))
                if at is None:
                    return
                yield at
                act()
        for step, left in (("verify", "reported"), ("close", "verified")):
            at = self.hours.after(at, rng.randint(10, 25) if end == left else rng.randint(1, 7))
            if at is None:
                return
            yield at
            self._office(step)

    def _moment(self, part: float, span: int) -> datetime | None:
        return self.hours.on(self.hours.index(self.opened) + 8 + round(part * (span - 8)))

    def _progress(self, part: float) -> None:
        if self.item.target is not None:
            achieved = (self.item.target * round(part * 100) / 100).quantize(Decimal(1))
            self._do("progress", words=self.rng.choice(SAYS), achieved=achieved)
        else:
            self._do("progress", words=self.rng.choice(SAYS), percent=round(part * 20) * 5)

    def _reached(self) -> dict[str, Any]:
        return {} if self.item.target is None else {"achieved": self.item.target}

    def _report(self) -> None:
        self._do("report", words=self.rng.choice(REPORTS), finished_on=clock.today(), **self._reached())

    def _return(self) -> None:
        self._office("return", reason=self.rng.choice(LACKS))

    def _do(self, step: str, **data: Any) -> None:
        with scope.acting(self.actor):
            take_step(actor=self.actor, item=self.item.pk, step=step, data=data)

    def _office(self, step: str, **data: Any) -> None:
        with scope.acting(self.office):
            take_step(actor=self.office, item=self.item.pk, step=step, data=data)
