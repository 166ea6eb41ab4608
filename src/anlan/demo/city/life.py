"""One hazard's life, act by act, through the room's verbs and as the people whose turn it is."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from anlan.demo.city.evidence import Shot, Studio
from anlan.demo.city.hours import Hours
from anlan.demo.city.people import Staff
from anlan.demo.city.stories import Story
from anlan.demo.words import WordBank
from anlan.hazards.actions import register_hazard, take_step
from anlan.hazards.models import Hazard
from anlan.hazards.sheet import sheet
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor

if TYPE_CHECKING:
    from anlan.demo.city.citizens import Public


class NotYet(Exception):
    """The next act lies in the future: here the story stands today."""


@dataclass
class World:
    """What all lives share."""

    rng: random.Random
    bank: WordBank
    hours: Hours
    staff: Staff
    studio: Studio
    clauses: dict[tuple[str, str, int], UUID]
    public: "Public"
    enter: Callable[[Iterator[datetime]], None]
    registered: set[UUID] = field(default_factory=set)


class Body:
    """A hazard and how its people get at it; the story itself is told by `Life`."""

    def __init__(self, world: World, story: Story) -> None:
        self.world = world
        self.story = story
        self.rng, self.bank, self.hours, self.staff = world.rng, world.bank, world.hours, world.staff
        self._seen: Hazard | None = None
        self.finder = self._finder()
        firm = story.firm
        self.regulator = self.staff.regulators[firm.county, firm.bit]
        self.office = self.staff.offices[firm.county]
        self.principal = self.staff.principals[firm.id]
        self.enterprise_actor = self.staff.managers.get(firm.id, self.principal)
        self.inspectors = self.rng.sample(self.staff.inspectors[firm.county], 2)

    @property
    def hazard(self) -> Hazard:
        """As the last act left it; what the clock or another finder adds to it decides nothing here."""
        if self._seen is None:
            raise LookupError("not registered yet")
        return self._seen

    def follow(self, hazard: Hazard) -> None:
        self._seen = hazard
        self.world.registered.add(hazard.pk)

    def _finder(self) -> Actor:
        firm, staff = self.story.firm, self.staff
        match self.story.source:
            case "self":
                return staff.managers.get(firm.id, staff.principals[firm.id])
            case "county" | "citizen":  # what a citizen reports is found by the officer who verifies it
                return self.rng.choice(staff.inspectors[firm.county])
            case "group":
                return self.rng.choice([staff.group[firm.county], staff.group_leaders[firm.county]])
            case "expert":
                return staff.experts[firm.county]
            case "document":
                return staff.offices[firm.county]
        return SYSTEM

    def wait(self, days: int) -> datetime:
        """The moment some working days from now; raises NotYet when it is still to come."""
        return self._past(self.hours.after(clock.now(), days))

    def day(self, index: int) -> datetime:
        """A moment on that working day, or soon when it is today or gone."""
        today = self.hours.index(clock.now())
        return self._past(self.hours.on(index) if index > today else self.hours.after(clock.now(), 0))

    def _past(self, moment: datetime | None) -> datetime:
        if moment is None or moment >= self.hours.now:
            raise NotYet
        return moment

    def shoot(self, at: datetime, *, after: bool, fresh: bool | None = None) -> Shot:
        story = self.story
        if story.fresh if fresh is None else fresh:
            lon, lat = (round(one + self.rng.uniform(-0.0008, 0.0008), 6) for one in story.firm.point)
            return self.world.studio.taken(
                story.words.picture, after=after, variant=story.variant, at=at, lonlat=(lon, lat)
            )
        return self.world.studio.forwarded(story.words.picture, after=after, variant=story.variant)

    def do(self, actor: Actor, step: str, shot: Shot | None = None, **data: Any) -> Hazard:
        with scope.acting(actor):
            if shot is not None:
                data["photos"] = [shot.upload(actor)]
            self._seen = take_step(actor=actor, hazard=self.hazard.pk, step=step, data=data)
        return self._seen

    def register(self, finder: Actor, shot: Shot | None, source: str) -> Hazard:
        story, words = self.story, self.story.words
        with scope.acting(finder):
            return register_hazard(
                actor=finder,
                data={
                    "source": source,
                    "industry": story.firm.industry,
                    "region": story.firm.region,
                    "enterprise": story.firm.id,
                    "site": story.firm.sites[0] if story.site else None,
                    "place": words.place,
                    "category": words.category,
                    "description": words.description,
                    "photos": [shot.upload(finder)] if shot else [],
                    "style": story.style if source == story.source else "",
                    "source_record": self._record() if source == "document" else "",
                    "found_at": clock.now() - timedelta(minutes=self.rng.randint(3, 25)),
                },
            )

    def _record(self) -> str:
        return f"安委办函〔{clock.today().year}〕{self.rng.randint(3, 96)}号"

    def signer(self, kind: str) -> Actor:
        firm, staff = self.story.firm, self.staff
        match kind:
            case "county_leader":
                return staff.leaders[firm.county]
            case "group_leader":
                return staff.group_leaders[firm.county]
            case "inspector":
                return self.inspectors[0]
        return self.principal

    def sign(self, kind: str) -> Hazard:
        actor = self.signer(kind)
        with self.world.studio.signature(actor.name) as drawing, scope.acting(actor):
            data = {"digest": sheet(self.hazard).digest, "drawing": drawing}
            self._seen = take_step(actor=actor, hazard=self.hazard.pk, step="sign", data=data)
        return self._seen

    def say(self, kind: str) -> str:
        return self.bank.say(kind, self.story.words)

    def officers(self) -> tuple[Actor, UUID]:
        """Who goes to look, and the post of the second officer."""
        first, second = self.inspectors
        if second.post is None:
            raise LookupError(second.name)
        return first, second.post

    def cost(self) -> Decimal:
        return Decimal(self.story.words.cost_fen) / 100
