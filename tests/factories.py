"""A small city for tests: two counties, an enterprise in each, every post, and a hazard in any state.

The neighbour county always holds rows that could leak.
"""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction
from PIL import Image

from anlan.files.actions import take_photo
from anlan.hazards.actions import register_hazard, take_step
from anlan.hazards.models import Hazard
from anlan.hazards.sheet import sheet
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Organisation, Person, Post, Region
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import level, make_uscc, parent
from anlan.kernel.ids import new_id
from anlan.kernel.models import CalendarDay, CalendarYear
from anlan.registry.models import Enterprise, Industry, Site
from anlan.standards.actions import load_criteria
from anlan.standards.models import Clause, CriteriaList

CITY, COUNTY, TOWN = 141000000000, 141002000000, 141002001000
NEIGHBOUR, NEIGHBOUR_TOWN = 141021000000, 141021100000


def make_calendar(first: int = 2004, last: int = 2027) -> None:
    """Plain Monday-to-Friday years, except one make-up Saturday and one holiday that tests may rely on."""
    from anlan.kernel import calendar

    CalendarYear.objects.bulk_create(
        CalendarYear(year=year, source="test", status="official") for year in range(first, last + 1)
    )
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(day=date(2026, 10, 1), works=False, name="国庆节"),
            CalendarDay(day=date(2026, 10, 10), works=True, name="国庆节调休"),
        ]
    )
    calendar.forget()


def picture(seed: int = 0) -> bytes:
    """A small JPEG, different for each seed."""
    buffer = BytesIO()
    rng = Random(seed)
    image = Image.new("RGB", (64, 48), tuple(rng.randrange(256) for _ in range(3)))  # type: ignore[arg-type]
    image.save(buffer, "JPEG")
    return buffer.getvalue()


def drawing() -> str:
    """A signature as the pad sends it."""
    buffer = BytesIO()
    image = Image.new("RGB", (120, 60), "white")
    image.putpixel((60, 30), (0, 0, 0))
    image.save(buffer, "PNG")
    return "data:image/png;base64," + b64encode(buffer.getvalue()).decode()


DRAWING = drawing()


@dataclass
class City:
    """Actors by name, and what they act on. Counties: `county` and its neighbour with prefix `n_`."""

    actors: dict[str, Actor] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    enterprise: Enterprise = None  # type: ignore[assignment]
    site: Site = None  # type: ignore[assignment]
    n_enterprise: Enterprise = None  # type: ignore[assignment]
    clause: Clause = None  # type: ignore[assignment]
    seed: int = 0

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None

    def photo(self, actor: Actor) -> UUID:
        self.seed += 1
        return take_photo(actor=actor, source=picture(self.seed), name=f"p{self.seed}.jpg", media_type="image/jpeg").pk

    def found(self, actor: Actor | None = None, *, grade: str = "", **over: Any) -> Hazard:
        """A registered hazard in the county, graded when asked."""
        finder = actor or self.inspector
        self.seed += 1
        with scope.acting(finder):
            data: dict[str, Any] = {
                "source": "county",
                "industry": "gongmao",
                "region": TOWN,
                "enterprise": self.enterprise.pk,
                "place": f"{self.seed}号车间东侧",
                "category": "equipment",
                "description": "传动部位缺少防护罩，人员可触及。",
            } | over
            if "photos" not in data:
                data["photos"] = [self.photo(finder)]
            hazard = register_hazard(actor=finder, data=data)
        if grade:
            hazard = self.do(
                self.regulator, hazard, "grade", grade=grade, clause=self.clause.pk if grade == "major" else None
            )
        return hazard

    def do(self, actor: Actor, hazard: Hazard | UUID, step: str, **data: Any) -> Hazard:
        with scope.acting(actor):
            return take_step(actor=actor, hazard=getattr(hazard, "pk", hazard), step=step, data=data)

    def day(self, days: int) -> date:
        return clock.today() + timedelta(days=days)

    def dispatched(self, *, grade: str = "general", **over: Any) -> Hazard:
        hazard = self.found(grade=grade, **over)
        return self.do(self.regulator, hazard, "dispatch", responsible=self.enterprise.pk, due=self.day(30))

    def sign(self, actor: Actor, hazard: Hazard) -> Hazard:
        with scope.acting(actor):
            fresh = Hazard.objects.get(pk=hazard.pk)
            return take_step(
                actor=actor, hazard=hazard.pk, step="sign", data={"digest": sheet(fresh).digest, "drawing": DRAWING}
            )

    SIGNERS = {
        "principal": "principal",
        "inspector": "inspector",
        "group_leader": "group_leader",
        "county_leader": "leader",
    }

    def claimed(self, **over: Any) -> Hazard:
        hazard = self.dispatched(**over)
        for kind in hazard.required_signers:
            hazard = self.sign(self.actors[self.SIGNERS[kind]], hazard)
        return hazard

    def rectifying(self, **over: Any) -> Hazard:
        hazard = self.claimed(**over)
        return self.do(self.safety_manager, hazard, "plan", **self.plan(hazard))

    def plan(self, hazard: Hazard) -> dict[str, Any]:
        plan: dict[str, Any] = {"measure": "加装固定式防护罩并联锁停机。", "due": self.day(20)}
        if hazard.major:
            plan |= {
                "duty": "厂长 王某",
                "funds_fen": 500_000,
                "contingency": "停机断电，设警戒区，专人看守。",
                "goal": "消除挤压伤害风险。",
                "method": "更换护罩，加联锁。",
                "resources": "五万元，备件到位。",
                "organisation": "设备科负责。",
                "schedule": "二十日内分两段完成。",
                "safety": "作业票、挂牌上锁、应急预案。",
            }
        return plan

    def rectified(self, **over: Any) -> Hazard:
        hazard = self.rectifying(**over)
        with scope.acting(self.safety_manager):
            photo = self.photo(self.safety_manager)
        return self.do(
            self.safety_manager,
            hazard,
            "submit",
            measure_done="护罩已装好并试机。",
            finished_on=clock.today(),
            cost="1200.50",
            photos=[photo],
        )

    def accepted(self, **over: Any) -> Hazard:
        hazard = self.rectified(**over)
        data: dict[str, Any] = {"passed": True, "remark": "现场查看，护罩牢固有效。"}
        if hazard.major:
            with scope.acting(self.inspector2):
                data["photos"] = [self.photo(self.inspector2)]
            data["officers"] = [self.posts["inspector"].pk]
        return self.do(self.inspector2, hazard, "recheck", **data)

    def closed(self, **over: Any) -> Hazard:
        return self.do(self.regulator, self.accepted(**over), "close")

    def disputed(self, **over: Any) -> Hazard:
        hazard = self.dispatched(**over)
        with scope.acting(self.principal):
            digest = sheet(Hazard.objects.get(pk=hazard.pk)).digest
        return self.do(self.principal, hazard, "refuse", digest=digest, reason="设备已停用，不属隐患。")

    def dismissed(self, **over: Any) -> Hazard:
        return self.do(self.regulator, self.found(**over), "dismiss", reason="现场核实不构成隐患。")

    def transferred(self, **over: Any) -> Hazard:
        return self.do(
            self.regulator,
            self.found(**over),
            "transfer",
            authority="市场监督管理局",
            accepted_ref="收文2026-1号",
            reason="属特种设备职责。",
        )

    def in_state(self, state: str, **over: Any) -> Hazard:
        made: Hazard = getattr(self, state)(**over)
        assert made.state == state
        return made


def make_city() -> City:
    """Build the small city. Call inside a test database; leaves no scope set."""
    city = City()
    make_calendar()
    with scope.acting(SYSTEM):
        _regions()
        for bit, code in enumerate(("gongmao", "hazchem", "construction")):
            Industry.objects.get_or_create(code=code, defaults={"zh": code, "en": code, "bit": bit})
        city.enterprise = _enterprise(1, "翠岭铸造有限公司", TOWN)
        city.n_enterprise = _enterprise(2, "苍溪铸造有限公司", NEIGHBOUR_TOWN)
        city.site = Site.objects.create(enterprise=city.enterprise, name="一厂", region=TOWN, industry_bit=0)
        city.clause = _clause()
        for prefix, county, enterprise in (("", COUNTY, city.enterprise), ("n_", NEIGHBOUR, city.n_enterprise)):
            _posts(city, prefix, county, enterprise)
        for name, role in (("city_office", roles.OFFICE), ("city_regulator", roles.REGULATOR)):
            _post(city, name, role, CITY, None)
        _post(city, "other_field", roles.REGULATOR, COUNTY, None, industries=0b010)
    return city


def _regions() -> None:
    for code in (140000000000, CITY, COUNTY, TOWN, NEIGHBOUR, NEIGHBOUR_TOWN):
        above = parent(code)
        Region.objects.get_or_create(
            code=code,
            defaults={
                "name": str(code),
                "level": level(code),
                "parent_id": above if above and above >= 140000000000 else None,
            },
        )


def _enterprise(number: int, name: str, region: int) -> Enterprise:
    now = datetime.now(UTC)
    return Enterprise.objects.create(
        id=new_id(),
        uscc=make_uscc(number, region=region // 1_000_000),
        name=name,
        region=region,
        industry_id="gongmao",
        industry_bit=0,
        address="测试路1号",
        created_at=now,
        changed_at=now,
    )


def _clause() -> Clause:
    """The shipped criteria: loaded as a server loads them once a process, then put in as the rows that this made."""
    if not _library:
        with transaction.atomic():
            load_criteria()
            _library.extend([list(CriteriaList.objects.all()), list(Clause.objects.all())])
            transaction.set_rollback(True)
    for rows in _library:
        type(rows[0])._default_manager.bulk_create(rows, ignore_conflicts=True)
    return Clause.objects.filter(criteria_id="gongmao-2023").order_by("id")[0]


_library: list[list[Any]] = []


def _posts(city: City, prefix: str, county: int, enterprise: Enterprise) -> None:
    for name, role in (
        ("inspector", roles.INSPECTOR),
        ("inspector2", roles.INSPECTOR),
        ("regulator", roles.REGULATOR),
        ("regulator2", roles.REGULATOR),
        ("office", roles.OFFICE),
        ("group_leader", roles.GROUP_LEADER),
        ("leader", roles.LEADER),
        ("expert", roles.EXPERT),
        ("auditor", roles.AUDITOR),
        ("dispatcher", roles.DISPATCHER),
        ("finance", roles.FINANCE),
        ("citizen", roles.CITIZEN),
        ("system_admin", roles.SYSTEM_ADMIN),
        ("security_admin", roles.SECURITY_ADMIN),
        ("audit_admin", roles.AUDIT_ADMIN),
    ):
        _post(city, prefix + name, role, county, None)
    for name, role in (("principal", roles.PRINCIPAL), ("safety_manager", roles.SAFETY_MANAGER)):
        _post(city, prefix + name, role, county, enterprise)


def _post(
    city: City, name: str, role: str, region: int, enterprise: Enterprise | None, *, industries: int = -1
) -> None:
    organisation = None
    if enterprise is not None:
        organisation, _made = Organisation.objects.get_or_create(
            id=enterprise.pk, defaults={"name": enterprise.name, "kind": "enterprise", "region": enterprise.region}
        )
    person = Person(id=new_id(), username=name, name=f"{name} 某", created_at=datetime.now(UTC))
    person.set_password("Correct-Horse-9")
    person.save()
    post = Post.objects.create(
        id=new_id(),
        person=person,
        role=role,
        region=region,
        industries=industries,
        organisation=organisation,
        valid_from=date(2020, 1, 1),
        created_at=datetime.now(UTC),
    )
    city.posts[name] = post
    city.actors[name] = actor_for(post)
