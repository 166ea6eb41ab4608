"""The demo city's enterprises, registered by registry's verbs, and the people who answer for them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from anlan.demo import geography
from anlan.demo.city.people import Personnel
from anlan.demo.words import EnterpriseWords, WordBank
from anlan.identity import roles
from anlan.identity.models import Organisation
from anlan.kernel.actor import SYSTEM
from anlan.kernel.codes import make_uscc
from anlan.registry.actions import add_site, register_enterprise
from anlan.registry.models import Enterprise, Site

SHARES = {
    "gongmao": 62, "construction": 44, "fire": 34, "commerce": 28, "coal": 24, "gas": 22, "hazchem": 20, "road": 20,
    "education": 18, "mine": 14, "special_equipment": 12, "tourism": 12, "agriculture": 12, "power": 9, "water": 8,
    "fireworks": 7, "explosives": 4, "waterborne": 4, "rail_air": 4,
}  # fmt: skip
"""How many of each field there are among a few hundred."""

COUNTY_SHARES = {141002: 5.0, 141024: 3.2, 141081: 2.4, 141082: 2.2, 141021: 2.0, 141023: 2.4, 141022: 1.6, 141029: 1.4}
"""The larger counties; the others count as one."""

SCALES = (("micro", (3, 18)), ("small", (12, 90)), ("small", (20, 180)), ("medium", (180, 700)), ("large", (700, 2600)))
MOST_MANAGERS = 60
"""Safety managers with an account."""
NAMES_MANAGER = 0.9


@dataclass(frozen=True)
class Firm:
    """An enterprise with the words that fit it."""

    id: UUID
    name: str
    region: int
    county: int
    industry: str
    bit: int
    trade: str | None
    sites: tuple[UUID, ...]
    point: tuple[float, float]
    principal: str
    manager: str


def plan_fields(count: int) -> list[str]:
    """Which field each of `count` enterprises has: every field occurs, the frequent ones in proportion."""
    total = sum(SHARES.values())
    fields = [field for field, share in SHARES.items() for _ in range(max(1, round(share * count / total)))]
    return fields[: max(count, len(SHARES))]


class Registrar:
    """Registers enterprises. Call inside `scope.acting(SYSTEM)`."""

    def __init__(self, bank: WordBank, rng: random.Random) -> None:
        self.bank = bank
        self.rng = rng
        self._number = 0

    def register(self, industry: str, county: geography.Region, *, trade: str | None = None) -> Firm:
        words = self._words(industry, county.zh, trade)
        township = self.rng.choice(geography.townships(county.code))
        lon, lat = geography.point_near(township.code, self.rng)
        scale, (fewest, most) = self.rng.choice(SCALES)
        principal = self.bank.person()
        manager = self.bank.person() if self._number < MOST_MANAGERS or self.rng.random() < NAMES_MANAGER else ""
        self._number += 1
        made = register_enterprise(
            actor=SYSTEM,
            data={
                "name": words.name,
                "uscc": make_uscc(14_100_000 + self._number * 37, region=county.code),
                "region": str(township.code),
                "industry": industry,
                "address": self.bank.address(township.zh),
                "scale": scale,
                "employees": self.rng.randint(fewest, most),
                "principal_name": principal,
                "safety_manager_name": manager,
                "lon": Decimal(str(lon)),
                "lat": Decimal(str(lat)),
            },
        )
        sites = self._sites(made, (lon, lat)) if self.rng.random() < 0.4 else ()
        return Firm(
            id=made.pk, name=made.name, region=made.region, county=county.code, industry=industry,
            bit=made.industry_bit, trade=words.trade, sites=sites, point=(lon, lat), principal=principal, manager=manager,
        )  # fmt: skip

    def _words(self, industry: str, place: str, trade: str | None) -> EnterpriseWords:
        for _ in range(200):
            words = self.bank.enterprise(industry, place)
            if trade is None or words.trade == trade:
                return words
        raise LookupError(f"no enterprise of {trade}")

    def _sites(self, enterprise: Enterprise, point: tuple[float, float]) -> tuple[UUID, ...]:
        sites: list[Site] = []
        for name in self.rng.sample(["一厂区", "二厂区", "仓储区", "办公区", "项目部"], self.rng.randint(1, 2)):
            lon, lat = (round(one + self.rng.uniform(-0.003, 0.003), 6) for one in point)
            data: dict[str, Any] = {"name": name, "lon": Decimal(str(lon)), "lat": Decimal(str(lat))}
            sites.append(add_site(actor=SYSTEM, enterprise=enterprise.pk, data=data))
        return tuple(site.pk for site in sites)


def spread(registrar: Registrar, rng: random.Random, *, count: int, counties: Sequence[geography.Region]) -> list[Firm]:
    """Enterprises over all fields and counties; the first one is the one that visitors may act for."""
    weights = [COUNTY_SHARES.get(one.code // 1_000_000, 1.0) for one in counties]
    home = counties[0]
    firms = [registrar.register("gongmao", home, trade="machinery"), registrar.register("construction", home)]
    fields = plan_fields(count - len(firms))
    rng.shuffle(fields)
    # Every county has some, then by weight.
    places = [*counties, *rng.choices(counties, weights, k=len(fields))][: len(fields)]
    firms.extend(registrar.register(field, place) for field, place in zip(fields, places, strict=True))
    return firms


def staff_firms(personnel: Personnel, bank: WordBank, firms: Sequence[Firm]) -> None:
    """An account for each principal, and for the safety managers of the first ones."""
    for number, firm in enumerate(firms):
        body = Organisation.objects.get(pk=firm.id)
        personnel.staff.principals[firm.id] = personnel.hire(
            "principal" if number == 0 else f"principal{number}", roles.PRINCIPAL, firm.region, body,
            name=firm.principal, title=_title(bank, firm),
        )  # fmt: skip
        if firm.manager and number < MOST_MANAGERS:
            personnel.staff.managers[firm.id] = personnel.hire(
                "manager" if number == 0 else f"manager{number}", roles.SAFETY_MANAGER, firm.region, body,
                name=firm.manager, title=bank.post("safety_manager"),
            )  # fmt: skip


def _title(bank: WordBank, firm: Firm) -> str:
    for _ in range(50):
        title = bank.post("principal")
        if title != "矿长" or firm.industry in {"coal", "mine"}:
            return title
    return "总经理"
