"""Last year's assessment of the districts, published, and this year's, just opened: acted out by the offices themselves."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from anlan.assessments import actions
from anlan.assessments.cards import shipped
from anlan.assessments.models import Assessment, Round
from anlan.assessments.scoring.card import Card
from anlan.demo import geography
from anlan.demo.city.people import PASSWORD, Staff
from anlan.demo.words import WordBank
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.actions import give_post, open_account
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor

PUBLISHED_BY = 59
"""Days after New Year by which a year's results are out."""
DONE = {
    "site_visits": "县级领导带队督导{n}次，发现问题{m}个，均已建账整改。",
    "engineering": "公路生命防护工程完成{n}公里，老旧场所消防设施改造{m}处。",
    "training": "培训主要负责人{n}场次，从业人员{m}场次，均有签到和考核记录。",
}
WHY = "有{n}次没有问题清单或整改记录，按评分表扣减。"
SUMMARY = "一年来坚持党政同责，扎实推进治本攻坚三年行动，重大事故隐患动态清零；不足是个别乡镇月报质量不高，下步将加强审核把关。"


@dataclass
class Assessing:
    """The city's office, its checking clerk, and the districts that are assessed."""

    rng: random.Random
    office: Actor
    checker: Actor
    districts: list[Actor]

    def step(self, actor: Actor, record: Assessment, name: str, **data: Any) -> Assessment:
        with scope.acting(actor):
            return actions.take_step(actor=actor, record=record.pk, step=name, data=data)

    def score(self, unit: Actor, record: Assessment, card: Card, *, items: int | None = None) -> None:
        """The unit scores the first so many of its items by hand, all by default."""
        for item in [one for one in card.items.values() if one.way == "hand"][:items]:
            less = Decimal(self.rng.choice((0, 5, 10, 15))) / 10
            words = DONE[item.code].format(n=self.rng.randint(12, 40), m=self.rng.randint(30, 220))
            self.step(unit, record, "score", item=item.code, points=item.weight - less, words=words)

    def check(self, record: Assessment, card: Card, *, criticised: int, commended: bool) -> None:
        with scope.acting(SYSTEM):
            own = {one.item: one.self_points for one in record.scores.all()}
        for item in [one for one in card.items.values() if one.way == "hand"]:
            given = own.get(item.code) or Decimal(0)
            less = min(given, Decimal(self.rng.choice((0, 0, 5, 10, 20))) / 10)
            words = WHY.format(n=self.rng.randint(2, 5)) if less else ""
            self.step(self.checker, record, "examine", item=item.code, points=given - less, words=words)
        for number in range(criticised):
            self.step(
                self.checker, record, "mark", code="criticised", words="因重大事故隐患整改不力被市安委会通报批评。",
                document=f"临安委办〔{record.year}〕{21 + number}号", on=date(record.year, 9, 3 + number),
            )  # fmt: skip
        if commended:
            self.step(
                self.checker, record, "mark", code="commended", words="“隐患随手拍”工作做法被省安委会办公室推广。",
                document=f"晋安办〔{record.year}〕9号", on=date(record.year, 11, 6),
            )  # fmt: skip


def assess_years(staff: Staff, bank: WordBank, *, now: datetime, begins: datetime) -> None:
    """Call it when the city's records of the time are there: the figures are counted from them."""
    office = staff.offices[geography.CITY_CODE]
    with clock.at(begins):
        checker = _checker(staff, bank, begins.date())
    districts = [one for code, one in sorted(staff.offices.items()) if code != geography.CITY_CODE]
    acting = Assessing(random.Random(2026), office, checker, districts)
    year = (now - timedelta(days=PUBLISHED_BY)).year - 1
    _published(acting, year, begins)
    _opened(acting, staff, year + 1, now)


def _checker(staff: Staff, bank: WordBank, since: date) -> Actor:
    """A clerk who checks: whoever decides on an appeal must be another person."""
    city = geography.CITY_CODE
    with scope.acting(SYSTEM):
        body = staff.post(staff.offices[city]).organisation
        account = open_account(
            actor=SYSTEM, data={"username": "checker", "name": bank.person()}, region=city, password=PASSWORD
        )
        post = give_post(
            actor=SYSTEM,
            person=account.person.pk,
            data={
                "role": roles.OFFICE, "region": city, "organisation": body.pk if body else None,
                "valid_from": since, "title": "安委办考核组成员",
            },
        )  # fmt: skip
        post.person, post.organisation = account.person, body
    staff.posts[post.pk] = post
    staff.others["checker"] = actor_for(post)
    return staff.others["checker"]


def _at(day: date, hour: int = 10) -> Any:
    return clock.at(datetime.combine(day, time(hour), clock.SHANGHAI))


def _open(acting: Assessing, code: str, year: int, units: list[Actor], self_by: date) -> tuple[Round, Card]:
    card = shipped(code).model_copy(update={"year": year})
    with scope.acting(acting.office):
        version = actions.publish_card(actor=acting.office, data={"card": card.stored()})
        row = actions.open_round(
            actor=acting.office,
            data={
                "card": version.pk,
                "units": list(dict.fromkeys(one.organisation for one in units)),
                "self_by": self_by,
                "basis": f"{year}年度安全生产考核办法",
            },
        )
    return row, card


def _records(row: Round) -> dict[Any, Assessment]:
    with scope.acting(SYSTEM):
        return {one.unit_id: one for one in Assessment.objects.filter(round=row)}


def _published(acting: Assessing, year: int, begins: datetime) -> None:
    first = max(date(year, 12, 1), clock.day_of(begins) + timedelta(days=1))
    with _at(first):
        row, card = _open(acting, "district", year, acting.districts, date(year, 12, 31))
    records = _records(row)
    for number, unit in enumerate(acting.districts):
        record = records[unit.organisation]
        with _at(date(year, 12, 22), 9 + number % 8):
            acting.score(unit, record, card)
            acting.step(unit, record, "hand_in", words=SUMMARY)
        with _at(date(year + 1, 1, 8), 9 + number % 8):
            acting.check(record, card, criticised=(0, 0, 1, 0, 2)[number % 5], commended=number % 6 == 1)
            acting.step(acting.checker, record, "check")
        with _at(date(year + 1, 1, 12)):
            acting.step(acting.checker, record, "notify")
        _settle(acting, unit, record, year, appeals=number % 7 == 3)
    with _at(date(year + 1, 2, 6)), scope.acting(acting.office):
        actions.publish_round(actor=acting.office, round=row.pk, data={"document": f"临安委办〔{year + 1}〕5号"})


def _settle(acting: Assessing, unit: Actor, record: Assessment, year: int, *, appeals: bool) -> None:
    with _at(date(year + 1, 1, 14)):
        if not appeals:
            acting.step(unit, record, "agree")
        else:
            acting.step(
                unit,
                record,
                "appeal",
                items=["site_visits"],
                words="部分督导的问题清单在整改台账中，现已补交，请予复核。",
            )
    with _at(date(year + 1, 1, 26)):
        if not appeals:
            acting.step(acting.office, record, "decide", reason="被考核单位无异议，维持核查结果。")
            return
        with scope.acting(SYSTEM):
            lines = Assessment.objects.values_list("lines", flat=True).get(pk=record.pk)
        line = next(one for one in lines if one["code"] == "site_visits")
        better = min(Decimal(line["most"]), Decimal(line["points"]) + Decimal("0.5"))
        change = {"item": "site_visits", "points": better, "reason": "补交的一次问题清单属实。"}
        acting.step(acting.office, record, "decide", changes=[change], reason="经复核，部分采纳申诉意见。")


def _opened(acting: Assessing, staff: Staff, year: int, now: datetime) -> None:
    """A few units were quick, one is half way, the others have not begun."""
    self_by = max(date(year, 12, 31), clock.day_of(now) + timedelta(days=20))
    with clock.at(now - timedelta(days=4)):
        row, card = _open(acting, "district", year, acting.districts, self_by)
        departments = [one for (code, _bit), one in sorted(staff.regulators.items()) if code == geography.CITY_CODE]
        _open(acting, "department", year, departments, self_by)
    records = _records(row)
    for number, unit in enumerate(acting.districts[:3]):
        with clock.at(now - timedelta(days=1, hours=number)):
            acting.score(unit, records[unit.organisation], card, items=1 if number == 0 else None)
            if number:
                acting.step(unit, records[unit.organisation], "hand_in", words=SUMMARY)
