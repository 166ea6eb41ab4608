"""The demo city's campaign: five months of returns of its districts and departments in all states, and what its leaders did."""

import random
from collections.abc import Iterator
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
from anlan.demo.city.stage import Stage
from anlan.demo.geography import CITY_CODE
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor

MONTHS = 5
SYSTEMS, SMALL = 8, 3
"""Departments that hand in, in the whole city and in a small one: each return is acted out in some twenty steps."""
TOPICS = ("燃气安全专项整治资金安排", "城中村电动自行车充电设施建设", "老旧小区消防设施升级改造", "重大事故隐患判定标准学用", "汛期地质灾害防范责任", "岁末年初重点行业检查")  # fmt: skip
PLACES = ("城东客运站", "城西化工园", "中心集贸市场", "在建地铁站工地", "沿街商铺", "第二人民医院", "开发区铸造企业")
REASON = "部分记录在本单位台账，正在补录到平台。"
SAID = {"hear": "听取三年行动进展情况汇报", "visit": "督导重点场所隐患整改"}
Moments = Iterator[datetime]
FATES = (("good", 16), ("late", 2), ("bounced", 2), ("returned", 2), ("missing", 1))


@dataclass(kw_only=True)
class _Play:
    campaign: Campaign
    office: Actor
    rng: random.Random
    now: datetime
    writers: dict[Any, Actor]

    def age(self, month: date) -> int:
        """Months since then."""
        return (self.now.date().year - month.year) * 12 + self.now.date().month - month.month


def returns_of_the_year(staff: Staff, rng: random.Random, *, now: datetime, begins: datetime) -> Stage:
    """Months of the running campaign, acted out by the rooms' own verbs in the order of time; the stage they were played on."""
    first = _back(now.date().replace(day=1), MONTHS)
    start = max(begins, datetime.combine(first, time(8), clock.SHANGHAI))
    office = staff.offices[CITY_CODE]
    with clock.at(start), scope.acting(office):
        campaign = _campaign(office, now)
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
    stage = Stage(begins=start)
    month = first
    while month <= now.date():
        stage.enter(_upto(now, _month(play, stage, month)))
        month = _back(month, -1)
    for life in (*_leaders(play), _watched(start)):
        stage.enter(_upto(now, life))
    stage.play(until=now, told=lambda: None)
    with clock.at(now):
        actions.watch_leaders()
    return stage


def _campaign(office: Actor, now: datetime) -> Campaign:
    """The one whose plan the city carries out; its own where no part of the demo has opened it."""
    with scope.acting(office):
        running = Campaign.objects.filter(region=CITY_CODE, to_day__gte=now.date()).order_by("from_day").first()
    return running or actions.open_campaign(
        actor=office,
        data={
            "code": "sannian",
            "zh": "安全生产治本攻坚三年行动",
            "en": "Three-year work-safety campaign",
            "from_day": date(2024, 1, 1),
            "to_day": date(max(2026, now.year), 12, 31),
            "basis": "市安委会三年行动实施方案（演示）",
        },
    )


def _upto(now: datetime, life: Moments) -> Moments:
    """What would come after the present has not happened."""
    for moment in life:
        if moment > now:
            return
        yield moment


def _back(month: date, count: int) -> date:
    whole = month.year * 12 + month.month - 1 - count
    return date(whole // 12, whole % 12 + 1, 1)


def _watched(start: datetime) -> Moments:
    """The platform looks after leaders' duties every week."""
    moment = datetime.combine(start.date() + timedelta(days=1), time(6), clock.SHANGHAI)
    while True:
        yield moment
        actions.watch_leaders()
        moment += timedelta(days=7)


def _month(play: _Play, stage: Stage, month: date) -> Moments:
    """Opened when it begins; written in the first days of the next; looked at and locked after that, as far as time has gone."""
    yield datetime.combine(month, time(8, 30), clock.SHANGHAI)
    with scope.acting(play.office):
        actions.open_month(actor=play.office, campaign=play.campaign.pk, month=month)
    with scope.acting(SYSTEM):
        records = list(Return.objects.filter(campaign=play.campaign, month=month).order_by("region", "id"))
    fates = [one for one, weight in FATES for _ in range(weight)]
    for record in records:
        fate = play.rng.choice(fates)
        if record.unit_id in play.writers and fate != "missing":
            stage.enter(_upto(play.now, _life(play, record, fate)))


def _life(play: _Play, record: Return, fate: str) -> Moments:
    writer, age = play.writers[record.unit_id], play.age(record.month)
    early = -play.rng.randrange(2, 46)
    yield record.hand_in_by + timedelta(hours=24 + play.rng.randrange(2, 40) if fate == "late" else early)
    if fate == "bounced":
        with scope.acting(writer):
            cells = {"checks.units": "三十余家", "contact.phone": "办公室"}
            actions.save(actor=writer, record=record.pk, data={"cells": cells})
            actions.hand_in(actor=writer, record=record.pk)
    yield clock.now() + timedelta(minutes=50)
    with scope.acting(writer):
        handed = _written(play, record, writer)
        if age <= 1 and play.rng.random() < 0.25:
            return  # a draft
        handed = actions.hand_in(actor=writer, record=record.pk)
    if handed.state == "passed":
        yield from _reviewed(play, record, fate, age)


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


def _reviewed(play: _Play, record: Return, fate: str, age: int) -> Moments:
    """By the city's office, panel by panel; the youngest wait, the oldest are locked, one is amended."""
    office = play.office
    if age <= 1 and play.rng.random() < 0.4:
        return
    yield clock.now() + timedelta(hours=3)
    if fate == "returned":
        with scope.acting(office):
            panels = {"reason": "帮扶家次与台账不一致，请核对后再报。", "panels": ["help"]}
            actions.take_step(actor=office, record=record.pk, step="send_back", data=panels)
        if age <= 1:
            return
        yield clock.now() + timedelta(hours=20)
        writer = play.writers[record.unit_id]
        with scope.acting(writer):
            again = actions.hand_in(actor=writer, record=record.pk)
        if again.state != "passed":
            return
    yield clock.now() + timedelta(hours=2)
    with scope.acting(office):
        for panel in checker_for(record.template_id).template.asked_of(record.filler):
            seen = digest(Return.objects.values_list("values", flat=True).get(pk=record.pk), panel.code)
            actions.take_step(actor=office, record=record.pk, step="confirm", data={"panel": panel.code, "seen": seen})
        actions.take_step(actor=office, record=record.pk, step="accept")
    if age <= 1 or (age == 2 and play.rng.random() < 0.5):
        return
    yield clock.now() + timedelta(days=1)
    with scope.acting(office):
        actions.take_step(actor=office, record=record.pk, step="lock")
        if age >= MONTHS and play.rng.random() < 0.2:
            told = {"cell": "training.managers", "typed": 88, "reason": "来函更正：漏报一期安全管理人员培训。"}
            actions.take_step(actor=office, record=record.pk, step="amend", data=told)


def _leaders(play: _Play) -> Iterator[Moments]:
    """Some leaders did what is asked, some have not yet."""
    first = _back(play.now.date().replace(day=1), MONTHS - 1)
    with scope.acting(play.office):
        people = leaders_of(play.office, play.campaign, play.now.date())
    for leader in people:
        for kind, share in (("hear" if leader.chief else "study", 0.7), ("visit", 0.6)):
            on = first + timedelta(days=play.rng.randrange(max((play.now.date() - first).days, 1)))
            if play.rng.random() <= share:
                yield _deed(play, leader.key, kind, on)


def _deed(play: _Play, leader: str, kind: str, on: date) -> Moments:
    topic = f"研究{play.rng.choice(TOPICS)}" if kind == "study" else SAID[kind]
    place = play.rng.choice(PLACES)
    yield datetime.combine(on, time(17), clock.SHANGHAI)
    with scope.acting(play.office):
        data = {"kind": kind, "on": on, "people": [leader], "topic": topic, "place": place}
        actions.record_act(actor=play.office, campaign=play.campaign.pk, data=data)
