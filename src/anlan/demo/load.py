"""Building the demo city: reference data, people, enterprises, then a year of hazards acted out by the rooms' own verbs."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Count, F

from anlan.chain.actions import seed_duties
from anlan.channels.models import Outgoing
from anlan.demo import geography
from anlan.demo.city import accounts
from anlan.demo.city.acts import Life
from anlan.demo.city.assessment import assess_years
from anlan.demo.city.bulletins import bulletins_of_the_year
from anlan.demo.city.campaign_plan import Doer, districts, hire_systems, plan
from anlan.demo.city.citizens import FULL_NUMBER, Public, keep_rules
from anlan.demo.city.directives import directives_from_above
from anlan.demo.city.draws import draw_lots
from anlan.demo.city.enterprises import Firm, Registrar, spread, staff_firms
from anlan.demo.city.errands import WAITING, errands
from anlan.demo.city.evidence import Studio
from anlan.demo.city.ground import POINTS, equip, hand_out_cards, own_checks, survey
from anlan.demo.city.hours import Hours
from anlan.demo.city.instruments import keep_organs, paper_trails
from anlan.demo.city.life import World
from anlan.demo.city.people import PASSWORD, Personnel, Staff
from anlan.demo.city.pool import certify, keep_pool
from anlan.demo.city.returns import returns_of_the_year
from anlan.demo.city.rewarding import FULL_NUMBER as PAID
from anlan.demo.city.rewarding import transfers_set_up
from anlan.demo.city.rounds import quiet, visits_besides
from anlan.demo.city.stage import Stage
from anlan.demo.city.stories import REPORTED, Teller
from anlan.demo.words import WordBank
from anlan.hazards.models import Hazard
from anlan.hazards.tallying import fold_tallies
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Person, Post
from anlan.identity.regions import load_regions
from anlan.inspections.self_check_duty import settle
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ledger.evidence import seal_all
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import Entry
from anlan.notify.actions import mark_read
from anlan.notify.models import Message
from anlan.rewards.actions.budgets import set_budget
from anlan.risks.cells import keep_map
from anlan.site import reference
from anlan.standards.actions import load_checklists
from anlan.standards.models import Clause

DEMO = UUID("6f1c2f0e-0141-4c1e-9d0c-0000000000de")
"""The ledger's subject of the demo itself: its entries tell whether a load began and whether it ended."""

HOME = 141002000000
"""The county of the visitors' own loop."""

HISTORY_DAYS = 365
FULL_SIZE = 1200
BUDGET_FEN = 50_000_000
REPORTS = 1202
"""Of citizens, in the whole city."""
OWN_CHECK_DAYS = 24
"""Working days for which some enterprises keep their own checks."""
FEW_COUNTIES = (HOME, 141024000000, 141081000000)
UNREAD_DAYS = 7
SYSTEMS, FEW_SYSTEMS = 34, 3
"""Departments with a sub-plan of the campaign."""

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
        self.public = Public(self.rng)
        self.firms: list[Firm] = []
        self.systems: list[Doer] = []

    def build(self) -> None:
        with clock.at(self.now):
            reference.load(provisional=True)
        self._commit_wait(on=False)
        try:
            with clock.at(self.begins):
                self._note("begin_demo")
                self._people()
                load_checklists(region=geography.CITY_CODE)
            self._ground()
            self._citizens()
            with clock.at(self.begins):
                keep_rules(self.staff)
            keep_organs(self.staff, since=self.begins)
            self._lives()
            _sent_then(self.now)
            with clock.at(self.now):
                draw_lots(self.staff, self.firms[0], today=self.now.date())
            self.progress("Monthly returns", 0, 1)
            self._left_out(returns_of_the_year(self.staff, self.rng, now=self.now, begins=self.begins))
            self.progress("Monthly returns", 1, 1)
            assess_years(self.staff, self.bank, now=self.now, begins=self.begins)
            directives_from_above(self.staff, now=self.now)
            self._accounts()
            bulletins_of_the_year(self.staff, self.bank, now=self.now, begins=self.begins)
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

    @property
    def _share(self) -> float:
        """How much of the whole city is built."""
        return min(1, self.hazards / FULL_SIZE)

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
            keep_pool(self.staff, self.bank, self.rng, since=self.begins.date())
            certify(self.staff, self.rng, self.firms, since=self.begins.date())
            dice = self.rng.getstate()  # the lives that follow are dealt as they were without these departments
            self.systems = hire_systems(personnel, count=SYSTEMS if not small else FEW_SYSTEMS)
            self.rng.setstate(dice)
        self.progress(what, steps, steps)

    def _ground(self) -> None:
        """What each firm has, its risk points, and who answers for what."""
        what = "Risk points and duties"
        with clock.at(self.begins), scope.acting(SYSTEM):
            equip(self.firms, self.rng)
            seed_duties(actor=SYSTEM, region=geography.CITY_CODE)
            hand_out_cards(self.firms, self.staff, self.rng)
        self.progress(what, 1, 2)
        count = round(POINTS * self._share)
        with clock.at(self.now):
            survey(self.firms, self.rng, today=self.now.date(), count=count)
            keep_map()
        self.progress(what, 2, 2)

    def _citizens(self) -> None:
        """Accounts over the whole time. The one that visitors know has a password too: no phone rings in a demo."""
        count = round(FULL_NUMBER * self._share)
        self.progress("Citizens", 0, count)
        self.public.unpaid = round(PAID * self._share)
        for region, office in self.staff.offices.items():
            for year in {self.begins.year, self.now.year}:
                with clock.at(self.begins), scope.acting(office):
                    set_budget(
                        actor=office, region=region, data={"year": year, "fen": BUDGET_FEN, "basis": "年度预算批复"}
                    )
        self.public.enrol(count, first=self.begins, last=self.now)
        post = self.public.first
        if post is None:
            raise LookupError("a city without citizens")
        with scope.acting(SYSTEM):
            Person.objects.filter(pk=post.person_id).update(
                username="citizen", name=self.bank.person(), password=make_password(PASSWORD)
            )
            post = Post.objects.select_related("person", "organisation").get(pk=post.pk)
        self.staff.posts[post.pk] = post
        self.staff.others["citizen"] = self.public.actors[0] = actor_for(post)
        self.progress("Citizens", count, count)

    def _two_posts(self, personnel: Personnel, counties: list[geography.Region]) -> None:
        """A regulator who also serves in another county's inspection group."""
        staff = self.staff
        actor = staff.regulators[HOME, self.firms[1].bit]
        elsewhere = counties[-1]
        body = staff.post(staff.group_leaders[elsewhere.code]).organisation
        person = staff.post(actor).person
        personnel.appoint(person, roles.GROUP_LEADER, elsewhere.code, body, title="副组长")
        staff.others["two_posts"] = actor

    def _left_out(self, stage: Stage) -> None:
        if stage.left_out:
            self.progress("Stories left out", len(stage.left_out), len(stage.left_out))

    def _lives(self) -> None:
        hours = Hours(self.rng, now=self.now, first=self.begins.date())
        first = hours.index(self.now - timedelta(days=HISTORY_DAYS))
        teller = Teller(self.rng, self.bank, hours, self.firms, first)
        stage = Stage(begins=self.begins)
        with Studio() as studio:
            world = World(self.rng, self.bank, hours, self.staff, studio, _clauses(), self.public, stage.enter)
            for story in teller.tell(self.hazards):
                stage.enter(Life(world, story).run())
            for firm, check, at, style in visits_besides(self.rng, hours, self.firms, first, self.hazards // 15):
                stage.enter(quiet(world, firm, check, at, style=style))
            reports = round(REPORTS * self._share) - round(self.hazards * REPORTED)
            for errand in errands(world, self.public, self.firms, first, max(reports, len(WAITING))):
                stage.enter(errand)
            doers = [*districts(self.staff, {one.code: one.zh for one in geography.regions()}), *self.systems]
            for life in plan(self.staff, doers, random.Random(len(doers)), hours, begins=self.begins, now=self.now):
                stage.enter(life)
            for keeping in own_checks(world, self.firms, days=OWN_CHECK_DAYS):
                stage.enter(keeping)
            for trail in paper_trails(world, sorted(self.staff.inspectors), share=self._share):
                stage.enter(trail)

            def told() -> None:
                done = min(len(world.registered), self.hazards - 1)
                self.progress("A year of hazards", done, self.hazards)

            with transfers_set_up():
                stage.play(until=self.now, told=told)
        self._left_out(stage)
        with clock.at(self.now):
            settle()
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


def _sent_then(now: datetime) -> None:
    """Messages of the past went out in the past: no gateway stood there while it was acted out."""
    with scope.acting(SYSTEM):
        past = Outgoing.objects.filter(state="waiting", at__lt=now - timedelta(hours=1))
        past.update(state="sent", sent_at=F("at"), tries=1)


def _names(county: int) -> dict[str, str]:
    """The usernames visitors type are short."""
    if county != HOME:
        return {}
    return {
        "county-office": "countyoffice", "leader": "leader", "group-leader": "groupleader", "expert": "expert",
        "inspector1": "inspector", "dispatcher": "dispatcher", "finance": "finance", "regulator:gongmao": "regulator", "regulator:construction": "twoposts",
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
