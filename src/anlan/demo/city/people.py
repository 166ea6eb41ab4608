"""Who works in the demo city: organisations, accounts and posts, made by identity's verbs."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from anlan.demo import geography
from anlan.demo.words import WordBank
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.actions import create_organisation, give_post, open_account
from anlan.identity.models import Organisation, Person, Post
from anlan.kernel.actor import SYSTEM, Actor
from anlan.registry.models import Industry

PASSWORD = "Anlan-Demo-141"  # noqa: S105 -- printed for everybody who starts the demo, and nowhere else in use
INSPECTORS_A_COUNTY = 3


@dataclass
class Staff:
    """Actors by what they do: county (or city) code and, for regulators, the industry's bit."""

    posts: dict[UUID, Post] = field(default_factory=dict)
    offices: dict[int, Actor] = field(default_factory=dict)
    regulators: dict[tuple[int, int], Actor] = field(default_factory=dict)
    inspectors: dict[int, list[Actor]] = field(default_factory=dict)
    group: dict[int, Actor] = field(default_factory=dict)
    group_leaders: dict[int, Actor] = field(default_factory=dict)
    leaders: dict[int, Actor] = field(default_factory=dict)
    experts: dict[int, Actor] = field(default_factory=dict)
    principals: dict[UUID, Actor] = field(default_factory=dict)
    managers: dict[UUID, Actor] = field(default_factory=dict)
    dispatchers: dict[int, Actor] = field(default_factory=dict)
    cashiers: dict[int, Actor] = field(default_factory=dict)
    others: dict[str, Actor] = field(default_factory=dict)

    def post(self, actor: Actor) -> Post:
        if actor.post is None:
            raise LookupError(actor.name)
        return self.posts[actor.post]


class Personnel:
    """Hires people: an account and a post each. Call inside `scope.acting(SYSTEM)`."""

    def __init__(self, bank: WordBank, *, since: date) -> None:
        self.bank = bank
        self.since = since
        self.staff = Staff()
        self._hashed = make_password(PASSWORD)

    def hire(
        self,
        username: str,
        role: str,
        region: int,
        organisation: Organisation | None = None,
        *,
        name: str = "",
        **facts: Any,
    ) -> Actor:
        """`facts`: title, industries (a mask). Without a name somebody is thought up."""
        person = open_account(
            actor=SYSTEM,
            data={"username": username, "name": name or self.bank.person()},
            region=region,
            password=PASSWORD,
            encoded=self._hashed,
        ).person
        return self.appoint(person, role, region, organisation, **facts)

    def appoint(
        self, person: Person, role: str, region: int, organisation: Organisation | None = None, **facts: Any
    ) -> Actor:
        post = give_post(
            actor=SYSTEM,
            person=person.pk,
            data={
                "role": role,
                "region": region,
                "organisation": organisation.pk if organisation else None,
                "valid_from": self.since,
                **facts,
            },
        )
        post.person, post.organisation = person, organisation
        self.staff.posts[post.pk] = post
        return actor_for(post)

    def organisation(
        self, name: str, kind: str, region: int, *, parent: Organisation | None = None, industries: int = 0
    ) -> Organisation:
        facts = {"name": name, "kind": kind, "region": region, "industries": industries}
        return create_organisation(actor=SYSTEM, data=facts | {"parent": parent.pk if parent else None})

    def city(self) -> None:
        """The city's own office, departments, auditor and the three administrators."""
        code, name = geography.CITY_CODE, geography.CITY_NAME
        government = self.organisation(f"{name}人民政府", "government", code)
        committee = self.organisation(f"{name}安全生产委员会办公室", "committee", code, parent=government)
        self.staff.offices[code] = self.hire("office", roles.OFFICE, code, committee, title="安委办综合科科长")
        self._regulators(code, name, government, None)
        self._service(code, "", committee, names={"dispatcher": "citydispatcher", "finance": "cityfinance"})
        others = self.staff.others
        audit = self.organisation(f"{name}审计局", "department", code, parent=government)
        others["auditor"] = self.hire("auditor", roles.AUDITOR, code, audit, title=self.bank.post("auditor"))
        bureau = self.organisation(f"{name}大数据应用局", "department", code, parent=government)
        others["system_admin"] = self.hire("sysadmin", roles.SYSTEM_ADMIN, code, bureau, title="系统管理员")
        others["security_admin"] = self.hire("secadmin", roles.SECURITY_ADMIN, code, bureau, title="安全保密管理员")
        others["audit_admin"] = self.hire("auditadmin", roles.AUDIT_ADMIN, code, bureau, title="安全审计员")

    def county(self, region: geography.Region, number: int, *, industries: set[str], names: dict[str, str]) -> None:
        """A county's people; `names` gives those whom visitors may be their username."""
        code, bank, staff = region.code, self.bank, self.staff
        short = str(code)[2:6]
        government = self.organisation(f"{region.zh}人民政府", "government", code)
        committee = self.organisation(f"{region.zh}安委会办公室", "committee", code, parent=government)
        group = self.organisation(f"市安委会督导检查第{number}组（{region.zh}）", "group", code)
        team = self.organisation(f"{region.zh}应急管理综合行政执法大队", "department", code, parent=government)

        def hire(role: str, key: str, body: Organisation, title: str) -> Actor:
            return self.hire(names.get(key, f"{key}-{short}"), role, code, body, title=title)

        staff.offices[code] = hire(roles.OFFICE, "county-office", committee, bank.post("office"))
        staff.leaders[code] = hire(roles.LEADER, "leader", government, bank.post("county_leader"))
        staff.group_leaders[code] = hire(roles.GROUP_LEADER, "group-leader", group, "组长")
        staff.group[code] = hire(roles.INSPECTOR, "group-inspector", group, "组员")
        staff.experts[code] = hire(roles.EXPERT, "expert", group, bank.post("expert"))
        staff.inspectors[code] = [
            hire(roles.INSPECTOR, f"inspector{place}", team, bank.post("inspector"))
            for place in range(1, INSPECTORS_A_COUNTY + 1)
        ]
        self._regulators(code, region.zh, government, industries, names=names)
        self._service(code, f"-{short}", committee, names=names)

    def _service(self, code: int, short: str, committee: Organisation, *, names: dict[str, str]) -> None:
        """Those who receive citizens' reports and pay their rewards."""
        for role, title, kept in (
            (roles.DISPATCHER, "随手拍受理专员", self.staff.dispatchers),
            (roles.FINANCE, "财务专员", self.staff.cashiers),
        ):
            kept[code] = self.hire(names.get(role, f"{role}{short}"), role, code, committee, title=title)

    def _regulators(
        self,
        code: int,
        place: str,
        government: Organisation,
        industries: set[str] | None,
        *,
        names: dict[str, str] | None = None,
    ) -> None:
        """One regulator a department, for all its industries that occur here (None: all)."""
        departments: dict[str, list[Industry]] = {}
        for industry in Industry.objects.filter(active=True).order_by("bit"):
            if industries is None or industry.pk in industries:
                departments.setdefault(industry.department, []).append(industry)
        for number, (department, fields) in enumerate(departments.items(), start=1):
            mask = sum(1 << one.bit for one in fields)
            body = self.organisation(f"{place}{department}", "department", code, parent=government, industries=mask)
            own = next((name for one in fields if (name := (names or {}).get(f"regulator:{one.pk}"))), None)
            actor = self.hire(
                own or f"regulator{number}-{str(code)[2:6]}",
                roles.REGULATOR,
                code,
                body,
                title=self.bank.post("regulator"),
                industries=mask,
            )
            for one in fields:
                self.staff.regulators[code, one.bit] = actor
