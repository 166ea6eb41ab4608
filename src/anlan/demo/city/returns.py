"""The demo city's campaign: five months of returns of its districts and departments in all states, and what its leaders did."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from anlan.campaigns import actions
from anlan.campaigns.beside import beside
from anlan.campaigns.models import Campaign, Return
from anlan.campaigns.queries.leaders import leaders_of
from anlan.campaigns.queries.setup import proposals
from anlan.campaigns.returns.kept import digest
from anlan.campaigns.returns.shipped import texts
from anlan.campaigns.versions import checker_for
from anlan.demo.city.people import Staff
from anlan.demo.geography import CITY_CODE
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.flow.clockwork import tick

MONTHS = 5
SYSTEMS, SMALL = 8, 3
"""Departments that hand in, in the whole city and in a small one: each return is acted out in some twenty steps."""
TOPICS = ("燃气安全专项整治资金安排", "城中村电动自行车充电设施建设", "老旧小区消防设施升级改造", "重大事故隐患判定标准学用", "汛期地质灾害防范责任", "岁末年初重点行业检查")  # fmt: skip
PLACES = ("城东客运站", "城西化工园", "中心集贸市场", "在建地铁站工地", "沿街商铺", "第二人民医院", "开发区铸造企业")
REASON = "部分记录在本单位台账，正在补录到平台。"
FATES = (("good", 16), ("late", 2), ("bounced", 2), ("returned", 2), ("missing", 1))


@dataclass(kw_only=True)
class _Play:
    campaign: Campaign
    office: Actor
    rng: random.Random
    now: datetime
    writers: dict[Any, Actor]


def returns_of_the_year(staff: Staff, rng: random.Random, *, now: datetime, begins: datetime) -> None:
    """A campaign with its months, acted out by the rooms' own verbs."""
    first = _back(now.date().replace(day=1), MONTHS)
    start = max(begins, datetime.combine(first, time(9), clock.SHANGHAI))
    office = staff.offices[CITY_CODE]
    with _at(start), scope.acting(office):
        campaign = actions.open_campaign(
            actor=office,
            data={
                "code": "three-year-2024",
                "zh": "安全生产治本攻坚三年行动",
                "en": "Three-year campaign for work safety",
                "from_day": date(2024, 1, 1),
                "to_day": date(2026, 12, 31) if now.year <= 2026 else None,
                "basis": "市安委会治本攻坚三年行动工作方案（演示）",
            },
        )
        template, checks = texts("2024-campaign")
        actions.publish_template(actor=office, campaign=campaign.pk, data={"template": template, "checks": checks})
        proposed = proposals(campaign)
        systems = proposed["system"][: SYSTEMS if len(proposed["district"]) > SMALL else SMALL]
        units = [one.unit.pk for one in [*proposed["district"], *systems]]
        actions.enrol_many(actor=office, campaign=campaign.pk, data={"units": units, "from_month": date(2024, 1, 1)})
    writers = {
        post.organisation_id: actor_for(post)
        for post in staff.posts.values()
        if post.role in (roles.OFFICE, roles.REGULATOR) and post.organisation_id
    }
    play = _Play(campaign=campaign, office=office, rng=rng, now=now, writers=writers)
    month = first
    while month <= now.date():
        _month(play, month)
        month = _back(month, -1)
    _leaders(play)
    with _at(now):
        actions.watch_leaders()


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    with clock.at(moment):
        yield


def _back(month: date, count: int) -> date:
    whole = month.year * 12 + month.month - 1 - count
    return date(whole // 12, whole % 12 + 1, 1)


def _month(play: _Play, month: date) -> None:
    """Opened when it begins; written in the first days of the next; looked at and locked after that, as far as time has gone."""
    opens = datetime.combine(month, time(8, 30), clock.SHANGHAI)
    with _at(max(opens, play.campaign.created_at)), scope.acting(play.office):
        actions.open_month(actor=play.office, campaign=play.campaign.pk, month=month)
    with scope.acting(SYSTEM):
        records = list(Return.objects.filter(campaign=play.campaign, month=month).order_by("region", "id"))
    due = records[0].hand_in_by if records else play.now
    age = (play.now.date().year - month.year) * 12 + play.now.date().month - month.month
    fates = [one for one, weight in FATES for _ in range(weight)]
    for record in records:
        fate = play.rng.choice(fates)
        if record.unit_id in play.writers and due - timedelta(days=2) < play.now:
            _life(play, record, fate, due, age)
    for days in (0.01, 3, 8, 16):
        if due + timedelta(days=days) < play.now:
            with _at(due + timedelta(days=days)):
                while tick():
                    pass


def _life(play: _Play, record: Return, fate: str, due: datetime, age: int) -> None:
    writer = play.writers[record.unit_id]
    when = due - timedelta(hours=play.rng.randrange(2, 46))
    if fate == "missing":
        return
    if fate == "late":
        when = due + timedelta(days=1, hours=play.rng.randrange(2, 40))
        with _at(min(due + timedelta(minutes=5), play.now)):
            while tick():
                pass
    if when > play.now:
        return
    with _at(when), scope.acting(writer):
        if fate == "bounced":
            actions.save(
                actor=writer, record=record.pk, data={"cells": {"checks.units": "三十余家", "contact.phone": "办公室"}}
            )
            actions.hand_in(actor=writer, record=record.pk)
    with _at(min(when + timedelta(minutes=50), play.now)), scope.acting(writer):
        handed = _written(play, record, writer)
        if age <= 1 and play.rng.random() < 0.25:
            return  # a draft
        handed = actions.hand_in(actor=writer, record=record.pk)
    if handed.state == "passed":
        _reviewed(play, record, fate, when + timedelta(hours=4), age)


def _written(play: _Play, record: Return, writer: Actor) -> Return:
    rng, known = play.rng, beside(record)
    found = known.counted
    checker = checker_for(record.template_id)
    last = known.last
    major, fixed = found.get("hazards.found", 0), found.get("hazards.fixed", 0)
    carried = max(last.get("hazards.open", 0), fixed - major, 0)
    visits = found.get("checks.visits", 0)
    day = f"{record.month:%Y-%m}"
    trained, workers, drills, led = (
        rng.randrange(5, 60),
        rng.randrange(60, 900),
        rng.randrange(1, 12),
        rng.randrange(4, 40),
    )
    cells: dict[str, Any] = {
        "checks.units": found.get("checks.units", visits), "checks.visits": visits,
        "hazards.carried": carried, "hazards.found": major, "hazards.fixed": fixed, "hazards.open": carried + major - fixed,
        "hazards.found_total": last.get("hazards.found_total", 0) + major,
        "training.officers_times": 1, "training.principals_times": 1, "training.principals": trained, "training.managers": trained * 2,
        "training.workers_times": 2, "training.workers": workers, "training.criteria_times": 1, "training.criteria_people": workers // 2,
        "drills.enterprises": drills, "drills.drills": drills + 1,
        "enterprise.invested": f"{rng.randrange(20, 400)}万元", "enterprise.led_units": led, "enterprise.led": led + 3,
        "publicity.events": rng.randrange(1, 6), "contact.name": writer.name, "contact.phone": "0357-2091234",
        "help.units": led // 2, "help.visits": led, "penalties.cases": 1, "penalties.fine": f"{rng.randrange(1, 6)}万元",
        "pressure.exposed": 1, "pressure.interviewed": 2, "pressure.joint": 0, "pressure.enterprises": 3, "pressure.letters": 1,
        "engineering.roads": rng.randrange(9), "engineering.reservoirs": None, "engineering.lifts": rng.randrange(30),
        "engineering.crossings": None, "engineering.houses": rng.randrange(20), "engineering.fire": rng.randrange(6),
    }  # fmt: skip
    asked = {panel.code for panel in checker.template.asked_of(record.filler)}
    listed = [
        {"enterprise": f"登记企业第{n + 1}号", "what": "使用淘汰的危及生产安全的设备", "found_on": f"{day}-05", "state": "fixed",
         "measure": "拆除淘汰设备，更换合格产品并经验收", "fixed_on": f"{day}-20"} if n < fixed else
        {"enterprise": f"登记企业第{n + 1}号", "what": "安全出口锁闭、数量不足", "found_on": f"{day}-08", "state": "open", "due": f"{day}-28"}
        for n in range(max(major, fixed))
    ]  # fmt: skip
    rank = "chief" if record.month.month % 3 == 0 else "other"
    visited = max(int(known.known.get("leader_visits", 0)), 1)
    rows = {
        "studies": [{"date": f"{day}-{rng.randrange(3, 27):02d}", "body": "government", "rank": rank, "topic": f"研究{rng.choice(TOPICS)}", "decision": "明确牵头单位和完成时限"}],
        "visits": [{"date": f"{day}-{rng.randrange(3, 27):02d}", "leader": "分管负责同志", "place": rng.choice(PLACES), "problems": rng.randrange(5)} for _ in range(min(visited, 60))],
        "major": listed,
    }  # fmt: skip
    data: dict[str, Any] = {
        "cells": {name: one for name, one in cells.items() if name.split(".")[0] in asked},
        "rows": {name: one for name, one in rows.items() if name in asked and one},
        "nothing": {name: True for name, one in rows.items() if name in asked and not one},
        "way": rng.choice(["page", "page", "sheet"]),
    }
    saved = actions.save(actor=writer, record=record.pk, data=data)
    reasons = {}
    for one in saved.troubles:
        if one["severity"] == "reason":
            reasons[f"{one['check']}#{one['row']}" if one["row"] else one["check"]] = REASON
    return actions.save(actor=writer, record=record.pk, data={"reasons": reasons}) if reasons else saved


def _reviewed(play: _Play, record: Return, fate: str, when: datetime, age: int) -> None:
    """By the city's office, panel by panel; the youngest wait, the oldest are locked, one is amended."""
    office = play.office
    if when > play.now or (age <= 1 and play.rng.random() < 0.4):
        return
    with _at(when), scope.acting(office):
        if fate == "returned":
            panels = {"reason": "帮扶家次与台账不一致，请核对后再报。", "panels": ["help"]}
            actions.take_step(actor=office, record=record.pk, step="send_back", data=panels)
    if fate == "returned":
        writer = play.writers[record.unit_id]
        when += timedelta(hours=20)
        if when > play.now or age <= 1:
            return
        with _at(when), scope.acting(writer):
            again = actions.hand_in(actor=writer, record=record.pk)
        if again.state != "passed":
            return
    with _at(min(when + timedelta(hours=2), play.now)), scope.acting(office):
        for panel in checker_for(record.template_id).template.asked_of(record.filler):
            seen = digest(Return.objects.values_list("values", flat=True).get(pk=record.pk), panel.code)
            actions.take_step(actor=office, record=record.pk, step="confirm", data={"panel": panel.code, "seen": seen})
        actions.take_step(actor=office, record=record.pk, step="accept")
    if age <= 1 or (age == 2 and play.rng.random() < 0.5):
        return
    with _at(min(when + timedelta(days=1), play.now)), scope.acting(office):
        actions.take_step(actor=office, record=record.pk, step="lock")
        if age >= MONTHS and play.rng.random() < 0.2:
            told = {"cell": "training.managers", "typed": 88, "reason": "来函更正：漏报一期安全管理人员培训。"}
            actions.take_step(actor=office, record=record.pk, step="amend", data=told)


def _leaders(play: _Play) -> None:
    """Some leaders did what is asked, some have not yet."""
    first = _back(play.now.date().replace(day=1), MONTHS - 1)
    with scope.acting(play.office):
        people = leaders_of(play.office, play.campaign, play.now.date())
    for leader in people:
        for kind, share in (("hear" if leader.chief else "study", 0.7), ("visit", 0.6)):
            on = first + timedelta(days=play.rng.randrange(max((play.now.date() - first).days, 1)))
            if play.rng.random() > share:
                continue
            topic = (
                "听取三年行动进展情况汇报"
                if kind == "hear"
                else f"研究{play.rng.choice(TOPICS)}"
                if kind == "study"
                else "督导重点场所隐患整改"
            )
            at = datetime.combine(on, time(17), clock.SHANGHAI)
            with _at(min(at, play.now)), scope.acting(play.office):
                data = {
                    "kind": kind,
                    "on": min(on, clock.today()),
                    "people": [leader.key],
                    "topic": topic,
                    "place": play.rng.choice(PLACES),
                }
                actions.record_act(actor=play.office, campaign=play.campaign.pk, data=data)
