"""Reports that end without a hazard, or have not got that far: unfounded, the same as another, no matter of work safety."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from anlan.demo.city.citizens import Public, Reporting, say
from anlan.demo.city.enterprises import Firm
from anlan.demo.city.life import NotYet, World
from anlan.demo.words.records import table
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.reports.actions import join
from anlan.reports.models import Category, Report

ENDS = {"unfounded": 45, "duplicate": 22, "declined": 14, "returned": 6, "joined": 8, "contested": 5}
"""How they end, by weight."""
WAITING = {"submitted": 0, "screened": 1, "dispatched": 2, "sent_back": 4, "handled": 8}
"""Where those of the last days stand, and before how many working days the oldest of them came in."""
JOINERS = 4


class Errand(Reporting):
    """One report from sending to answer."""

    def __init__(self, world: World, public: Public, firm: Firm, *, end: str, at: datetime) -> None:
        super().__init__(world, public, firm)
        self.end, self.at = end, at
        kinds = [code for code, words in table("reports").items() if isinstance(words, dict)]
        self.category = self.rng.choice(kinds)
        self._to_its_field()

    def _to_its_field(self) -> None:
        """The department of the county that supervises such things, where there is one."""
        kind = Category.objects.select_related("industry").filter(pk=self.category).first()
        if kind is None or kind.industry is None:
            return
        person = self.staff.regulators.get((self.firm.county, kind.industry.bit))
        if person is not None:
            self.unit_person, self.field = person, kind.industry.code

    def run(self) -> Iterator[datetime]:
        try:
            yield from self._course()
        except NotYet:
            return

    def _course(self) -> Iterator[datetime]:
        words = table("reports")[self.category]
        shot = self.world.studio.forwarded(words["picture"], after=False, variant=self.rng.randrange(3))
        yield self.at
        declined = self.end == "declined"
        place = self.rng.choice(words["places"])
        text = say(self.rng, "declined_words") if declined else self.rng.choice(words["words"])
        text = text.format(place=place)
        self.send(words=text, category="other" if declined else self.category, shot=shot, address=place)
        if self.end == "submitted":
            return
        yield self.wait(self.rng.choice((0, 0, 0, 1)))
        if declined:
            self.do(self.dispatcher, "decline", reason=say(self.rng, "declined"))
            yield from answered(self, say(self.rng, "declined"))
            return
        self.screen(self.category)
        if self.end == "screened":
            return
        if self.end == "duplicate" and (other := self._same()):
            yield self.wait(0)
            self.do(self.dispatcher, "duplicate", of=other)
            yield from answered(self, "您反映的问题此前已有人反映，正在办理中，两件一并跟进。", rated=False)
            return
        yield self.wait(0)
        self.dispatch()
        if self.end == "joined":
            yield from self._others()
        if self.end == "dispatched":
            return
        if self.end in ("returned", "sent_back"):
            yield self.wait(self.rng.randint(0, 1))
            self.do(self.unit_person, "send_back", reason=say(self.rng, "returned"))
            if self.end == "sent_back":
                return
            yield self.wait(self.rng.choice((0, 0, 1, 3)))
            self.unit_person = self._another()
            self.dispatch()
        yield from self._looked(words)

    def _looked(self, words: dict[str, list[str]], *, again: bool = False) -> Iterator[datetime]:
        at = self.wait(self.rng.randint(0, 3))
        picture = table("reports")[self.category]["picture"]
        shot = self.world.studio.forwarded(picture, after=True, variant=2 if again else 1)
        yield at
        reason = self.rng.choice(words["unfounded"])
        self.do(self.unit_person, "unfounded", shot, reason=reason, words=f"{clock.today():%m月%d日}到场核查。{reason}")
        if self.end == "handled":
            return
        yield from answered(self, f"您反映的情况已核查。{reason}感谢您的关注。")
        if (
            self.end == "contested"
            and not again
            and self.named()
            and self.reporter is not None
            and self.state() == "answered"
        ):
            yield self.wait(self.rng.randint(1, 3))
            self.do(self.reporter, "contest", words=say(self.rng, "contest"))
            yield self.wait(self.rng.randint(0, 1))
            self.dispatch()
            yield from self._looked(words, again=True)

    def _same(self) -> UUID | None:
        """An earlier one of the same kind in the county."""
        with scope.acting(self.dispatcher):
            rows = Report.objects.filter(county=self.firm.county, category_id=self.category).exclude(pk=self.id)
            found = rows.exclude(outcome="duplicate").order_by("-reported_at").first()
        return found.pk if found else None

    def _others(self) -> Iterator[datetime]:
        """More people see the same and follow it."""
        for _one in range(self.rng.randint(1, JOINERS)):
            yield self.wait(0)
            somebody = self.public.somebody(clock.now())
            if somebody is not self.reporter:
                with scope.acting(somebody):
                    join(actor=somebody, report=self.id, data={"words": "我也看到了"})

    def _another(self) -> Actor:
        """A regulator of another department of the county."""
        own = self.unit_person.organisation
        others = [
            one for (county, _bit), one in self.staff.regulators.items()
            if county == self.firm.county and one.organisation != own
        ]  # fmt: skip
        return self.rng.choice(others) if others else self.unit_person


def answered(report: Reporting, answer: str, *, rated: bool = True) -> Iterator[datetime]:
    """The office reviews, the clock answers, some reporters say what they think of it; what follows another is judged there."""
    rng = report.rng
    yield report.wait(rng.randint(0, 2))
    if report.state() != "handled":
        return
    report.do(report.office, "review", answer=answer)
    yield report.wait(1)
    if (
        rated
        and rng.random() < 0.55
        and report.named()
        and report.reporter is not None
        and report.state() == "answered"
    ):
        satisfied = rng.random() < 0.9
        report.do(report.reporter, "rate", satisfied=satisfied, words=say(rng, "thanks" if satisfied else "unhappy"))


def errands(world: World, public: Public, firms: list[Firm], first: int, count: int) -> Iterator[Iterator[datetime]]:
    """As many reports as asked for: most of them ended over the year, the rest in the last days and under way."""
    rng, hours = world.rng, world.hours
    recent = max(round(count * 0.06), len(WAITING))
    for number in range(count):
        firm = rng.choice(firms)
        if number < recent:
            end = list(WAITING)[number % len(WAITING)]
            at = hours.on(hours.last - WAITING[end])
        else:
            at = hours.on(rng.randint(first, max(hours.last - 3, first)))
            end = rng.choices(list(ENDS), list(ENDS.values()))[0]
        if at is not None:
            yield Errand(world, public, firm, end=end, at=at).run()
