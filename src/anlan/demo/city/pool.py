"""The expert pool, officers' certificates and a few avoidances, kept by the verbs of `experts`."""

import random
from datetime import date, timedelta
from uuid import UUID

from anlan.demo import geography
from anlan.demo.city.enterprises import SHARES, Firm
from anlan.demo.city.people import Staff
from anlan.demo.words import WordBank
from anlan.experts import actions
from anlan.kernel.actor import SYSTEM
from anlan.registry.models import Industry

PROVINCIAL, CITY, RETIRED = 84, 122, 24
"""The documents speak of more than 80 provincial and more than 140 city experts, retired technicians among them."""

SPECIALTIES = {
    "gongmao": ["dust", "molten_metal", "furnace", "confined_space", "ammonia", "paint", "lifting"],
    "construction": ["scaffold", "deep_excavation", "tower_crane", "formwork", "work_at_height"],
    "hazchem": ["hazchem_process", "tank_farm", "loading", "major_hazard_source", "hot_work"],
    "fire": ["crowd", "three_in_one", "ebike_charging", "high_voltage"],
    "gas": ["gas_use", "gas_station", "lpg_cylinder"],
    "coal": ["underground", "high_voltage", "blasting"],
    "mine": ["underground", "tailings", "blasting"],
    "special_equipment": ["boiler", "pressure_vessel", "elevator", "lifting"],
}
EMPLOYERS = (
    "市安全生产技术中心",
    "省安全科学研究院",
    "某大学安全工程系",
    "退休",
    "某化工设计院",
    "市特种设备检验所",
    "某矿业集团",
)
TITLES = ("高级工程师", "正高级工程师", "注册安全工程师", "工程师", "副教授")


def keep_pool(staff: Staff, bank: WordBank, rng: random.Random, *, since: date) -> int:
    """Experts of every level and a group for each of the larger fields; the counties' experts with accounts are among them."""
    bits = dict(Industry.objects.values_list("code", "bit"))
    levels = ["province"] * PROVINCIAL + ["city"] * CITY + ["retired"] * RETIRED
    fields = list(SHARES)
    made: dict[str, list[UUID]] = {}
    for number, level in enumerate(levels):
        field = fields[number % len(fields)]
        known = SPECIALTIES.get(field, [])
        expert = actions.add_expert(
            actor=SYSTEM,
            data={
                "name": bank.person(),
                "level": level,
                "region": f"{geography.CITY_CODE:012d}",
                "fields": [bits[field]],
                "specialties": rng.sample(known, min(len(known), rng.randint(1, 3))),
                "title": rng.choice(TITLES),
                "employer": "退休" if level == "retired" else rng.choice(EMPLOYERS),
                "since": since,
            },
        )
        made.setdefault(field, []).append(expert.pk)
    for county, actor in staff.experts.items():
        actions.add_expert(
            actor=SYSTEM,
            data={
                "name": actor.name, "level": "county", "region": f"{county:012d}", "title": rng.choice(TITLES),
                "employer": rng.choice(EMPLOYERS), "person": actor.person, "since": since,
            },
        )  # fmt: skip
    for field in SPECIALTIES:
        members = made[field][:5]
        name = f"{Industry.objects.get(pk=field).zh}专家组"
        data = {"name": name, "region": f"{geography.CITY_CODE:012d}", "members": members, "leader": members[0]}
        actions.keep_group(actor=SYSTEM, data=data)
    return len(levels) + len(staff.experts)


def certify(staff: Staff, rng: random.Random, firms: list[Firm], *, since: date) -> None:
    """Every officer has a certificate but one a county, whose own has run out; here and there somebody must stay away."""
    number = 0
    for county, officers in [*staff.inspectors.items(), *((one, [actor]) for one, actor in staff.group.items())]:
        for place, officer in enumerate(officers):
            number += 1
            over = since + timedelta(days=200) if len(officers) > 2 and place == len(officers) - 1 else None
            actions.add_certificate(
                actor=SYSTEM,
                data={
                    "person": officer.person, "number": f"晋L{county // 1_000_000}{number:04d}", "since": since,
                    "until": over, "issuer": f"{geography.CITY_NAME}司法局",
                },
            )  # fmt: skip
    for firm in rng.sample(firms, min(12, len(firms))):
        officer = rng.choice(staff.inspectors[firm.county])
        data = {
            "person": officer.person,
            "enterprise": firm.id,
            "kind": "kin",
            "reason": "近亲属在该单位任职",
            "since": since,
        }
        actions.declare_avoidance(actor=SYSTEM, data=data)
