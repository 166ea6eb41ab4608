"""A small town whose verified reports earn rewards: finance officers of two counties, a budget, a twin to pay through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

import pytest

from anlan.channels import pay
from anlan.channels.pay import Notice, NotTheirs, Order, Paid, Refused, Told, told
from anlan.channels.sandbox.pay_machine import Fault, Machine
from anlan.identity import roles
from anlan.kernel import citysettings, clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.flow.take import take
from anlan.kernel.models import CitySetting
from anlan.reports.flow import REPORT
from anlan.reports.models import Report
from anlan.rewards import actions
from anlan.rewards.actions import load_rules, set_budget
from anlan.rewards.models import Bill, Reward
from tests.factories import COUNTY, NEIGHBOUR, _post, make_city
from tests.reports.conftest import Town, make_town
from tests.sessions import SignedIn, signed_in

__all__ = ["SignedIn", "signed_in"]
BUDGET = 10_000_000
OPENID = "o-reporter-1"


class Direct:
    """The twin without a network: what `pay.Service` promises, straight from the machine."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def create(self, order: Order) -> Told:
        asked = {
            "out_bill_no": order.number,
            "openid": order.openid,
            "transfer_amount": order.fen,
            "transfer_remark": order.remark,
            "transfer_scene_id": pay.SCENE,
            "user_recv_perception": pay.PERCEPTION,
            "user_name": order.name,
            "transfer_scene_report_infos": [{"info_type": pay.KIND, "info_content": order.content}],
            "notify_url": "https://platform.test/notices",
        }
        return self._said(lambda: self.machine.create(asked))

    def query(self, number: str) -> Told | None:
        try:
            return self._said(lambda: self.machine.query(number))
        except Refused as no:
            if no.code == "NOT_FOUND":
                return None
            raise

    def cancel(self, number: str) -> None:
        self._said(lambda: self.machine.cancel(number))

    def paid_on(self, day: date) -> list[Paid]:
        return [Paid(number=number, fen=fen, at=at) for at, number, fen in self.machine.statement(day)]

    def read(self, headers: Mapping[str, str], body: bytes) -> Notice:
        raise NotTheirs("there is no network here")

    def _said(self, call: Any) -> Told:
        try:
            return told(call())
        except Fault as fault:
            if fault.status >= 500:
                raise pay.Unclear(fault.code) from None
            raise Refused(fault.code, fault.words) from None


@dataclass
class Purse:
    """The town with its money."""

    town: Town
    machine: Machine
    service: Direct
    finance: Actor
    finance2: Actor
    n_finance: Actor
    places: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["town"].city, name)

    def verified(self, **over: Any) -> Report:
        """Found true, handled and reviewed, not answered yet."""
        place = over.pop("place", "")
        report = self.town.do(
            self.town.inspector, self.town.dispatched(**over), "verify", words="现场查看，安全出口确实上锁。",
            on=clock.today(), place=place or self.elsewhere(), industry="gongmao", hazard_category="fire_escape",
        )  # fmt: skip
        return self.settle(report)

    def settle(self, report: Report) -> Report:
        """Handled and reviewed."""
        if self.town.fresh(report).state == "verified":
            with scope.acting(SYSTEM):
                take(REPORT, report.pk, "handle", actor=SYSTEM, data={"words": "已整改。"})
        return self.town.do(self.town.city.office, report, "review", answer="经核查属实，已整改，感谢您的监督。")

    def elsewhere(self) -> str:
        """Each report its own place: a second one of the same place is the same hazard and earns nothing."""
        self.places += 1
        return f"幸福小区{self.places}号楼"

    def answered(self, **over: Any) -> Report:
        report = self.verified(**over)
        tick()
        return self.town.fresh(report)

    def proposed(self, **over: Any) -> Reward:
        return self.of(self.answered(**over))

    def of(self, report: Report) -> Reward:
        with scope.acting(SYSTEM):
            return Reward.objects.get(report=report)

    def do(self, actor: Actor, reward: Reward | UUID, step: str, **data: Any) -> Reward:
        with scope.acting(actor):
            return actions.take_step(actor=actor, reward=getattr(reward, "pk", reward), step=step, data=data)

    def claimable(self, **over: Any) -> Reward:
        return self.do(self.finance, self.proposed(**over), "approve")

    def claim(self, reward: Reward, actor: Actor | None = None, **data: Any) -> Reward:
        who = actor or self.town.reporter
        sent = {"way": "wechat", "openid": OPENID} | data
        with scope.acting(who):
            return actions.claim(actor=who, reward=reward.pk, data=sent)

    def paying(self, way: str = "wechat", **over: Any) -> Reward:
        return self.claim(self.claimable(**over), way=way)

    def paid(self, **over: Any) -> Reward:
        reward = self.paying(way="voucher", **over)
        self.pay_out(reward)
        return self.do(self.finance2, reward, "confirm", correct=True)

    def pay_out(self, reward: Reward) -> Reward:
        from anlan.rewards import vouchers

        code = vouchers.code_of(self.bill(reward).pk)
        return self.do(self.finance, reward, "pay_out", code=code, means="cash", receipt="收据2026-001")

    def lapsed(self, **over: Any) -> Reward:
        reward = self.claimable(**over)
        with clock.at(clock.now() + timedelta(days=62)):
            tick()
        return self.fresh(reward)

    def refused(self, **over: Any) -> Reward:
        return self.do(self.finance, self.proposed(**over), "refuse", reason="预算用于重大隐患。")

    def excluded(self, **over: Any) -> Reward:
        reward = self.proposed(**over)
        return self.do(self.town.city.office, reward, "recompute", excludes=["malicious"], reason="查实为恶意举报。")

    def fresh(self, reward: Reward) -> Reward:
        with scope.acting(SYSTEM):
            return Reward.objects.get(pk=reward.pk)

    def bill(self, reward: Reward) -> Bill:
        with scope.acting(SYSTEM):
            return Bill.objects.filter(reward=reward).order_by("-created_at", "-id")[0]

    def bills(self, reward: Reward) -> list[Bill]:
        with scope.acting(SYSTEM):
            return list(Bill.objects.filter(reward=reward).order_by("created_at", "id"))

    def tend(self, reward: Reward) -> Bill:
        """As the job does."""
        actions.tend_bill(self.bill(reward).out_bill_no, self.service)
        return self.bill(reward)


def make_purse(*, fen: int = BUDGET) -> Purse:
    city = make_city()
    town = make_town(city)
    load_rules()
    with scope.acting(SYSTEM):
        for name, region in (("finance", COUNTY), ("finance2", COUNTY), ("n_finance", NEIGHBOUR)):
            if name not in city.posts:
                _post(city, name, roles.FINANCE, region, None)
    machine = Machine(now=lambda: clock.now().astimezone(UTC))
    purse = Purse(
        town=town, machine=machine, service=Direct(machine),
        finance=city.actors["finance"], finance2=city.actors["finance2"], n_finance=city.actors["n_finance"],
    )  # fmt: skip
    for office in (city.office, city.n_office):
        with scope.acting(office):
            set_budget(actor=office, region=office.region or 0, data={"year": clock.today().year, "fen": fen})
    return purse


@pytest.fixture
def paying_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account exists; who is spoken to is given by each test."""
    monkeypatch.setattr("anlan.rewards.steps.configured", lambda: True)


@pytest.fixture
def purse(db: Any, paying_service: None) -> Purse:
    return make_purse()


def no_caps() -> None:
    """So that one person's many rewards are not in each other's way."""
    with scope.acting(SYSTEM):
        CitySetting.objects.update_or_create(
            region=COUNTY, key="rewards.cap.month_fen", defaults={"value": 0, "changed_at": clock.now()}
        )
    citysettings.forget()
