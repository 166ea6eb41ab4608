"""Citizens of the demo city: their accounts, and what one report goes through by the rooms' own verbs."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from anlan.demo import geography
from anlan.demo.city.enterprises import Firm
from anlan.demo.city.evidence import Shot
from anlan.demo.city.life import NotYet, World
from anlan.demo.city.people import Staff
from anlan.demo.words import HazardWords
from anlan.demo.words.records import table
from anlan.identity.acting import actor_for
from anlan.identity.citizens.accounts import make
from anlan.identity.models import Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.reports.actions import submit, take_step
from anlan.reports.models import Category, Report, ReportPhoto
from anlan.reports.sorter import route
from anlan.reports.sorting.table import add_rule

FULL_NUMBER = 4956
"""Accounts of the whole city; a smaller city has fewer."""
ANONYMOUS = 0.07
PREFIXES = ("139", "138", "150", "187", "133", "177")


@dataclass
class Public:
    """The people who report, in the order in which they came."""

    rng: random.Random
    actors: list[Actor] = field(default_factory=list)
    since: list[datetime] = field(default_factory=list)
    first: Post | None = None
    unpaid: int = 0
    """How many rewards are still to be paid."""

    def enrol(self, count: int, *, first: datetime, last: datetime) -> None:
        """Open accounts over the year; phone numbers are invented and none is given twice."""
        span = (last - first).total_seconds()
        moments = sorted(first + timedelta(seconds=span * self.rng.random() ** 1.2) for _ in range(count))
        for number, moment in enumerate(moments):
            phone = f"{self.rng.choice(PREFIXES)}0000{number:04d}"
            with clock.at(moment), scope.acting(SYSTEM):
                post = make(phone=phone)
                self.actors.append(actor_for(post))
                self.first = self.first or post
            self.since.append(moment)

    def somebody(self, at: datetime) -> Actor:
        """Who has an account by then."""
        there = sum(1 for moment in self.since if moment <= at)
        return self.actors[self.rng.randrange(max(there, 1))]


class Reporting:
    """One report and how its people get at it."""

    def __init__(self, world: World, public: Public, firm: Firm) -> None:
        self.world, self.public, self.firm = world, public, firm
        self.rng, self.staff = world.rng, world.staff
        self.dispatcher = self.staff.dispatchers[firm.county]
        self.office = self.staff.offices[firm.county]
        self.unit_person = self.staff.regulators[firm.county, firm.bit]
        self.field = firm.industry
        self.reporter: Actor | None = None
        self._id: UUID | None = None

    @property
    def id(self) -> UUID:
        if self._id is None:
            raise LookupError("not sent yet")
        return self._id

    def wait(self, days: int) -> datetime:
        """The moment some working days from now; raises NotYet when it is still to come."""
        moment = self.world.hours.after(clock.now(), days)
        if moment is None or moment >= self.world.hours.now:
            raise NotYet
        return moment

    @property
    def unit(self) -> UUID:
        """The body its people belong to."""
        found = self.unit_person.organisation
        if found is None:
            raise LookupError(self.unit_person.post_label)
        return found

    def send(self, *, words: str, category: str, shot: Shot | None, address: str = "") -> Report:
        """By a citizen, from where they stand; a few without their name."""
        self.reporter = self.public.somebody(clock.now())
        lon, lat = (round(one + self.rng.uniform(-0.004, 0.004), 6) for one in self.firm.point)
        with scope.acting(self.reporter):
            photos = [shot.upload(self.reporter)] if shot else []
            made = submit(
                actor=self.reporter,
                data={
                    "words": words, "photos": photos, "lon": lon, "lat": lat, "crs": "wgs84", "address": address,
                    "region": self.firm.region, "category": category, "accuracy_m": self.rng.randint(4, 40),
                    "anonymous": self.rng.random() < ANONYMOUS,
                    "channel": self.rng.choice(("web", "miniprogram", "miniprogram")),
                },
            )  # fmt: skip
        self._id = made.pk
        return made

    def do(self, actor: Actor, step: str, shot: Shot | None = None, **data: Any) -> Report:
        with scope.acting(actor):
            if shot is not None:
                data["photos"] = [shot.upload(actor)]
            return take_step(actor=actor, report=self.id, step=step, data=data)

    def screen(self, category: str, *, industry: str = "") -> Report:
        """The desk looks, and lets the public see the photos."""
        with scope.acting(self.dispatcher):
            photos = list(ReportPhoto.objects.filter(report_id=self.id).values_list("pk", flat=True))
        data: dict[str, Any] = {"category": category, "industry": industry, "public": True, "shown": photos}
        return self.do(self.dispatcher, "screen", **data)

    def dispatch(self, unit: UUID | None = None) -> Report:
        """By the desk's own rule where one names the unit."""
        chosen = unit or self.unit
        with scope.acting(self.dispatcher):
            rule = route(Report.objects.get(pk=self.id))
        way = {"way": "rule", "rule": rule.pk} if rule is not None and rule.unit_id == chosen else {}
        return self.do(self.dispatcher, "dispatch", unit=chosen, industry=self.field, **way)

    def state(self) -> str:
        with scope.acting(SYSTEM):
            return str(Report.objects.values_list("state", flat=True).get(pk=self.id))

    def named(self) -> bool:
        with scope.acting(SYSTEM):
            return not Report.objects.values_list("anonymous", flat=True).get(pk=self.id)


def keep_rules(staff: Staff) -> None:
    """Each county's desk says once which department gets which kind of report."""
    kinds = Category.objects.filter(active=True, industry__isnull=False).select_related("industry")
    for county, dispatcher in staff.dispatchers.items():
        if county == geography.CITY_CODE:
            continue
        with scope.acting(dispatcher):
            for kind in kinds.order_by("place", "code"):
                person = staff.regulators.get((county, kind.industry.bit)) if kind.industry else None
                if person is not None and person.organisation is not None:
                    data = {"category": kind.pk, "region": county, "unit": person.organisation}
                    add_rule(actor=dispatcher, data=data)


def say(rng: random.Random, kind: str) -> str:
    return str(rng.choice(table("reports")[kind]))


def category_for(words: HazardWords, industry: str) -> str:
    """The kind under which citizens would file such a hazard."""
    rows = list(Category.objects.filter(active=True).order_by("place", "code"))
    same = [one for one in rows if one.hazard_category == words.category]
    field_of = [one for one in rows if one.industry_id == industry]
    for found in ([one for one in same if one.industry_id == industry], field_of, same, rows):
        if found:
            return str(found[0].pk)
    raise LookupError("no kinds of report are loaded")
