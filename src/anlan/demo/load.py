"""Building the demo city: reference data, people, enterprises, then a year of hazards acted out by the rooms' own verbs."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count

from anlan.demo import geography
from anlan.demo.city import accounts
from anlan.demo.city.acts import Life
from anlan.demo.city.enterprises import Firm, Registrar, spread, staff_firms
from anlan.demo.city.evidence import Studio
from anlan.demo.city.hours import Hours
from anlan.demo.city.life import World
from anlan.demo.city.people import Personnel, Staff
from anlan.demo.city.stage import Stage
from anlan.demo.city.stories import Teller
from anlan.demo.words import WordBank
from anlan.hazards.models import Hazard
from anlan.hazards.tallying import fold_tallies
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Person, Post
from anlan.identity.regions import load_regions
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger.evidence import seal_all
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import Entry
from anlan.notify.actions import mark_read
from anlan.notify.models import Message
from anlan.site import reference
from anlan.standards.actions import load_checklists
from anlan.standards.models import Clause

DEMO = UUID("6f1c2f0e-0141-4c1e-9d0c-0000000000de")
"""The ledger's subject of the demo itself: its entries tell whether a load began and whether it ended."""

HOME = 141002000000
"""The county of the visitors' own loop."""

HISTORY_DAYS = 365
FEW_COUNTIES = (HOME, 141024000000, 141081000000)
UNREAD_DAYS = 7

Progress = Callable[[str, int, int], None]


class HalfLoadedError(RuntimeError):
    """The database holds something that a demo city cannot be built on."""


def main(
    *, progress: Progress | None = None, hazards: int = 1200, seed: int = 141, today: date | None = None
) -> dict[str, Any]:
    """
    Build the demo city unless it is there; returns counts and where the accounts are written.

    `progress(what, done, total)`. `hazards` counts stories; recurrences and split parts come on top. Raises HalfLoadedError over an
    interrupted load or a real city: neither is mended here.
    """
    if not settings.RELAXED:
        raise HalfLoadedError("The demo city is never built in production mode.")
    if _is_loaded():
        return _summary()
    now = clock.now() if today is None else datetime.combine(today, time(16, 30), clock.SHANGHAI)
    Building(progress or (lambda what, done, total: None), hazards, seed, now).build()
    return _summary()


def accounts_file() -> Path:
    return Path(settings.ANLAN_VAR) / "demo" / "accounts.json"


def _is_loaded() -> bool:
    with scope.acting(SYSTEM):
        steps = set(Entry.objects.filter(subject_id=DEMO).values_list("step", flat=True))
        inhabited = Person.objects.exists()
    if "finish_demo" in steps:
        return True
    if steps:
        raise HalfLoadedError("A load of the demo city was interrupted. Build it anew: script/demo --fresh")
    if inhabited:
        raise HalfLoadedError("This database already holds people who are not of the demo city.")
    return False


def _summary() -> dict[str, Any]:
    with scope.acting(SYSTEM):
        states = dict(Hazard.objects.values_list("state").annotate(count=Count("id")).order_by("state"))
        return {
            "hazards": sum(states.values()),
            "states": states,
            "late": Hazard.objects.filter(late=True).count(),
            "major": Hazard.objects.filter(grade="major").count(),
            "entries": Entry.objects.count(),
            "accounts": str(accounts_file()),
        }


class Building:
    def __init__(self, progress: Progress, hazards: int, seed: int, now: datetime) -> None:
        self.progress = progress
        self.hazards = hazards
        self.rng = random.Random(seed)
        self.bank = WordBank(random.Random(seed))
        self.now = now
        self.begins = now - timedelta(days=HISTORY_DAYS + 21)
        self.staff = Staff()
        self.firms: list[Firm] = []

    def build(self) -> None:
        with clock.at(self.now):
            reference.load(provisional=True)
        self._commit_wait(on=False)
        try:
            with clock.at(self.begins):
                self._note("begin_demo")
                self._people()
                load_checklists(region=geography.CITY_CODE)
            self._lives()
            self._accounts()
        finally:
            self._commit_wait(on=True)
        while fold_tallies():
            pass
        self._note("finish_demo")
        seal_all()

    def _commit_wait(self, *, on: bool) -> None:
        """Nothing is promised to anybody before the end, so no commit waits for the disk; the last one flushes them all."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('synchronous_commit', %s, false)", ["on" if on else "off"])

    def _note(self, step: str) -> None:
        with scope.acting(SYSTEM):
            write_note(
                actor=SYSTEM, subject_type="demo", subject_id=DEMO, step=step, region=geography.CITY_CODE,
                data={"hazards": self.hazards},
            )  # fmt: skip

    def _people(self) -> None:
        small = self.hazards < 400
        counties = [one for one in geography.counties() if not small or one.code in FEW_COUNTIES]
        steps = len(counties) + 3
        what = "People and enterprises"
        with scope.acting(SYSTEM):
            load_regions(_region_rows(), actor=SYSTEM)
            personnel = Personnel(self.bank, since=self.begins.date())
            self.staff = personnel.staff
            personnel.city()
            self.progress(what, 1, steps)
            self.firms = spread(
                Registrar(self.bank, self.rng), self.rng, count=max(self.hazards // 4, 40), counties=counties
            )
            self.progress(what, 2, steps)
        for number, county in enumerate(counties, start=1):
            fields = {firm.industry for firm in self.firms if firm.county == county.code}
            with scope.acting(SYSTEM):
                personnel.county(county, number, industries=fields, names=_names(county.code))
            self.progress(what, number + 2, steps)
        with scope.acting(SYSTEM):
            staff_firms(personnel, self.bank, self.firms)
            self._two_posts(personnel, counties)
        self.progress(what, steps, steps)

    def _two_posts(self, personnel: Personnel, counties: list[geography.Region]) -> None:
        """A citizen, and a regulator who also serves in another county's inspection group."""
        staff = self.staff
        staff.others["citizen"] = personnel.hire("citizen", roles.CITIZEN, HOME)
        actor = staff.regulators[HOME, self.firms[1].bit]
        elsewhere = counties[-1]
        body = staff.post(staff.group_leaders[elsewhere.code]).organisation
        person = staff.post(actor).person
        personnel.appoint(person, roles.GROUP_LEADER, elsewhere.code, body, title="副组长")
        staff.others["two_posts"] = actor

    def _lives(self) -> None:
        hours = Hours(self.rng, now=self.now, first=self.begins.date())
        first = hours.index(self.now - timedelta(days=HISTORY_DAYS))
        teller = Teller(self.rng, self.bank, hours, self.firms, first)
        stage = Stage(begins=self.begins)
        with Studio() as studio:
            world = World(self.rng, self.bank, hours, self.staff, studio, _clauses(), stage.enter)
            for story in teller.tell(self.hazards):
                stage.enter(Life(world, story).run())

            def told() -> None:
                done = min(len(world.registered), self.hazards - 1)
                self.progress("A year of hazards", done, self.hazards)

            stage.play(until=self.now, told=told)
        self.progress("A year of hazards", self.hazards, self.hazards)

    def _accounts(self) -> None:
        firm = self.firms[0]
        chosen = accounts.listed(self.staff, city=geography.CITY_CODE, county=HOME, firm=firm.id, bit=firm.bit)
        names = {one.code: one.zh for one in geography.regions()}
        with clock.at(self.now):
            # The shared password counts as set today, or every demo would begin by asking for another.
            Person.objects.update(password_changed_at=self.now)
            rows = [accounts.account(actor, self.staff, regions=names) for actor in chosen]
            for actor in self.staff.posts.values():
                _read_old(actor, self.now)
        accounts.write(accounts_file(), rows)


def _read_old(post: Post, now: datetime) -> None:
    """People have read what is more than a week old."""
    actor = actor_for(post)
    with scope.acting(actor):
        old = Message.objects.filter(person_id=post.person_id, at__lt=now - timedelta(days=UNREAD_DAYS))
        ids = list(old.values_list("pk", flat=True))
        if ids:
            mark_read(actor=actor, ids=ids)


def _names(county: int) -> dict[str, str]:
    """The usernames visitors type are short."""
    if county != HOME:
        return {}
    return {
        "county-office": "countyoffice", "leader": "leader", "group-leader": "groupleader", "expert": "expert",
        "inspector1": "inspector", "regulator:gongmao": "regulator", "regulator:construction": "twoposts",
    }  # fmt: skip


def _region_rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for region in geography.regions():
        lon, lat, _radius = geography.COUNTY_CENTRES.get(region.code, (None, None, None))
        rows.append({"code": str(region.code), "name": region.zh, "lon": lon or "", "lat": lat or ""})
    return rows


def _clauses() -> dict[tuple[str, str, int], UUID]:
    rows = Clause.objects.filter(superseded_in=None).values_list("criteria_id", "article", "item", "pk")
    return {(document, article, item): pk for document, article, item, pk in rows}
