"""What is to happen to each hazard of the demo city: where it stands today, how long it took, what was special about it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from anlan.demo.city.enterprises import Firm
from anlan.demo.city.hours import Hours
from anlan.demo.words import HazardWords, WordBank
from anlan.hazards.steps.finding import place_key

SHARES = {
    "closed": 0.660, "rectifying": 0.095, "dispatched": 0.038, "rectified": 0.044, "found": 0.030, "claimed": 0.026,
    "accepted": 0.024, "disputed": 0.015, "dismissed": 0.024, "merged": 0.014, "transferred": 0.022,
}  # fmt: skip
"""Where the stories end; merged ones are dismissed too."""

LIMITS = {"found": 1, "dispatched": 2, "disputed": 3, "claimed": 1, "rectified": 10, "accepted": 3}
LATE_DAYS = (1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 9, 11, 14, 18, 21)
SOURCES = {"self": 40, "county": 29, "group": 17, "expert": 9, "document": 3}
REPORTED = 0.31
"""The share of hazards that citizens reported; most of them are old and ended, their rewards claimed."""
REPORTED_STOPS = {"closed": 88, "rectifying": 5, "dispatched": 2, "rectified": 3, "claimed": 2}
STYLES = ("notified", "notified", "unannounced", "unannounced", "covert", "cross_region")
MONTHS = {1: 0.9, 2: 0.5, 3: 1.1, 4: 1.0, 5: 1.1, 6: 1.8, 7: 1.1, 8: 1.0, 9: 1.2, 10: 1.2, 11: 1.3, 12: 1.2}
"""How much is found in each month: the Safety Month in June stands out, the Spring Festival too."""

SLOW_COUNTY, GOOD_COUNTY, SLOW_FIELD = 141024000000, 141081000000, "gas"
MAJOR_FIELDS = frozenset({"gongmao", "construction"})
MAJOR_SHARE = 0.17
"""Of the findings in those fields; others have no loaded clause to cite."""

SHOWCASE = (
    ("found", "county", 0), ("found", "self", 2), ("dispatched", "group", 0), ("dispatched", "group", 1),
    ("dispatched", "group", 4), ("dispatched", "group", 1), ("dispatched", "county", 0), ("dispatched", "expert", 1),
    ("disputed", "county", 1), ("disputed", "group", 5), ("claimed", "group", 0), ("claimed", "county", 1),
    ("claimed", "self", 3), ("rectifying", "group", 0), ("rectifying", "county", 4), ("rectifying", "self", 0),
    ("rectifying", "expert", 9), ("rectifying", "county", 0), ("rectified", "group", 2), ("rectified", "county", 5),
    ("rectified", "self", 12), ("accepted", "group", 1), ("accepted", "county", 4),
)  # fmt: skip
"""The visitors' own enterprise: state, source, working days waited (rectifying: days late)."""


@dataclass(kw_only=True)
class Story:
    """Gaps are working days. `slow` stretches one of them beyond its limit."""

    firm: Firm
    stop: str
    source: str
    words: HazardWords
    start: datetime
    gaps: dict[str, int]
    span: int
    fresh: bool = False
    style: str = ""
    site: bool = False
    graded_by_finder: bool = False
    signatures: int = 0
    fails: int = 0
    refused: str = ""
    extension: str = ""
    listed: bool = False
    stops_use: bool = False
    joined: bool = False
    again: bool = False
    splits: bool = False
    amended: bool = False
    noted: bool = False
    look_back: str = ""
    variant: int = 0

    @property
    def major(self) -> bool:
        return self.words.grade == "major"


@dataclass
class Teller:
    rng: random.Random
    bank: WordBank
    hours: Hours
    firms: Sequence[Firm]
    first: int
    """Place of the first working day of the history."""
    _places: set[tuple[object, str, str]] = field(default_factory=set)
    _pace: dict[int, float] = field(default_factory=dict)

    def tell(self, count: int) -> Iterator[Story]:
        shown = SHOWCASE[: max(count // 2, 1)]
        for stop, source, wait in shown:
            yield self._story(self.firms[0], stop, source=source, wait=wait)
        reported = round(count * REPORTED)
        for stop in self.rng.choices(list(REPORTED_STOPS), list(REPORTED_STOPS.values()), k=reported):
            yield self._story(self._firm(), stop, source="citizen")
        rest = count - len(shown) - reported
        others = [
            stop for stop, share in SHARES.items() if stop != "closed" for _ in range(max(1, round(share * rest)))
        ]
        stops = (others + ["closed"] * rest)[:rest]
        self.rng.shuffle(stops)
        for stop in stops:
            firm = self._firm()
            yield self._story(firm, self._worse(firm, stop))

    def _firm(self) -> Firm:
        firm = self.rng.choice(self.firms)
        return self.rng.choice(self.firms) if firm.industry != SLOW_FIELD and self.rng.random() < 0.25 else firm

    def _worse(self, firm: Firm, stop: str) -> str:
        """The slow county and the slow field leave open what others have closed."""
        slow = 0.24 if firm.county == SLOW_COUNTY else 0.12 if firm.industry == SLOW_FIELD else 0.0
        if stop == "closed" and self.rng.random() < slow:
            return self.rng.choice(("rectifying", "rectifying", "dispatched", "claimed", "rectified"))
        return stop

    def late_chance(self, firm: Firm) -> float:
        if firm.county == SLOW_COUNTY:
            return 0.52
        if firm.industry == SLOW_FIELD:
            return 0.45
        if firm.county == GOOD_COUNTY:
            return 0.02
        return self._pace.setdefault(firm.county, random.Random(firm.county).uniform(0.06, 0.24))

    def _story(self, firm: Firm, stop: str, *, source: str = "", wait: int | None = None) -> Story:
        rng = self.rng
        source = source or rng.choices(list(SOURCES), list(SOURCES.values()))[0]
        words = self._words(firm, major=None if wait is None else False)
        major = words.grade == "major"
        late = rng.random() < self.late_chance(firm)
        gaps = {
            "dispatch": rng.choice((0, 0, 0, 1, 1)),
            "sign": rng.choice((0, 1, 1, 2)),
            "arbitrate": rng.randint(1, 3),
            "plan": rng.randint(2, 5) if major else rng.choice((0, 0, 1, 1)),
            "recheck": rng.randint(1, 8),
            "close": rng.choice((0, 0, 1, 1, 2, 3)),
        }
        span = rng.randint(26, 45) if major else rng.randint(5, 26)
        gaps["rectify"] = max(1, round(span * rng.uniform(0.35, 0.97)))
        if late and stop in {"closed", "rectified", "accepted"}:
            slow = rng.choice(("rectify", "rectify", "rectify", "recheck", "sign", "plan"))
            gaps[slow] = (span if slow == "rectify" else LIMITS.get(slow, 5)) + rng.choice(LATE_DAYS)
        story = Story(
            firm=firm, stop=stop, source=source, words=words, start=self.hours.now, gaps=gaps, span=span,
            style=rng.choice(STYLES) if source in {"county", "group"} else "", variant=rng.randrange(3),
        )  # fmt: skip
        self._peculiarities(story)
        story.start = self._start(story, late=late, wait=wait)
        recent = (self.hours.now - story.start).days < 40
        story.fresh = recent or wait is not None or (stop in {*LIMITS, "rectifying"} and rng.random() < 0.5)
        return story

    def _words(self, firm: Firm, *, major: bool | None) -> HazardWords:
        """Words of a place and category this enterprise has not had yet: only what is meant to recur does."""
        if major is None:
            major = firm.industry in MAJOR_FIELDS and self.rng.random() < MAJOR_SHARE
        for tries in range(40):
            grade = "major" if major and tries < 20 else "general"
            words = self._draw(firm, grade)
            key = firm.id, place_key(words.place), words.category
            if key not in self._places:
                self._places.add(key)
                return words
        raise LookupError(f"{firm.name}: every place has been used")

    def _draw(self, firm: Firm, grade: str) -> HazardWords:
        try:
            return self.bank.hazard(firm.industry, trade=firm.trade, grade=grade)
        except LookupError:
            return self.bank.hazard(firm.industry, trade=firm.trade, grade="general")

    def _peculiarities(self, story: Story) -> None:
        rng, stop = self.rng, story.stop
        reached = {"closed": 9, "accepted": 8, "rectified": 7, "rectifying": 6, "claimed": 5}.get(stop, 0)
        story.graded_by_finder = rng.random() < 0.3 and story.source not in {"citizen", "self"}
        story.signatures = rng.choice((0, 0, 1, 1, 2))
        story.site = rng.random() < 0.5 and bool(story.firm.sites)
        story.amended = rng.random() < 0.02
        story.noted = reached >= 6 and rng.random() < 0.04
        story.splits = reached >= 6 and not story.major and rng.random() < 0.015
        story.stops_use = rng.random() < (0.35 if story.major else 0.012)
        if stop == "disputed":
            story.refused = "open"
        elif reached >= 5 and rng.random() < 0.03:
            story.refused = rng.choice(("uphold", "uphold", "resend"))
        elif stop == "dismissed" and rng.random() < 0.3:
            story.refused = "dismiss"
        if reached >= 6:
            story.listed = story.major and rng.random() < 0.55
            story.joined = rng.random() < 0.035
            if not story.listed and rng.random() < 0.10:
                story.extension = rng.choice(("granted", "granted", "granted", "denied"))
            if stop == "rectifying" and not story.listed and rng.random() < 0.09:
                story.extension = "asked"
        if reached >= 7:
            story.fails = rng.choices((0, 1, 2), (88, 10, 2))[0]
        elif stop == "rectifying" and rng.random() < 0.08:
            story.fails = 1
        if stop == "closed":
            story.look_back = rng.choices(("", "holds", "closed", "rectifying"), (89, 7.5, 2, 1.5))[0]
            # What was opened again is still open: a new finding there would join it.
            story.again = rng.random() < 0.03 and story.look_back != "rectifying"

    def _start(self, story: Story, *, late: bool, wait: int | None) -> datetime:
        """Backwards from today for what is open, anywhere in the year for what has ended."""
        gaps, rng, stop = story.gaps, self.rng, story.stop
        upto = {
            "found": (), "dispatched": ("dispatch",), "disputed": ("dispatch",), "claimed": ("dispatch", "sign"),
            "rectifying": ("dispatch", "sign", "plan"), "rectified": ("dispatch", "sign", "plan", "rectify"),
            "accepted": ("dispatch", "sign", "plan", "rectify", "recheck"),
        }.get(stop)  # fmt: skip
        if upto is None:
            return self._ended(story)
        if stop == "rectifying":
            overdue = rng.choice(LATE_DAYS) if late else 0
            waited = story.span + (overdue if wait is None else wait)
            if not (overdue or wait):
                waited = rng.randint(0, story.span - 1)
        elif wait is not None:
            waited = wait
        else:
            limit = 5 if story.major and stop == "claimed" else LIMITS[stop]
            waited = limit + rng.choice(LATE_DAYS) if late else rng.randint(0, limit)
        before = sum(gaps[name] for name in upto)
        if story.refused and stop != "disputed":
            before += gaps["arbitrate"]
        if story.fails and stop in {"rectifying", "rectified", "accepted"}:
            before += story.fails * (gaps["recheck"] + 4) if stop != "rectifying" else 0
        if stop == "disputed":
            gaps["sign"] = 0
        return self._on(self.hours.last - before - waited)

    def _ended(self, story: Story) -> datetime:
        gaps = story.gaps
        whole = 2
        if story.stop == "closed":
            whole = sum(gaps.values()) + story.fails * (gaps["recheck"] + 6) + (22 if story.look_back else 0)
        latest = max(self.hours.last - whole, self.first)
        if story.look_back == "rectifying":  # seen lately, or it would be overdue for months
            return self._on(latest - self.rng.randint(0, 3))
        days = self.hours.days[self.first : latest + 1]
        weights = [MONTHS[day.month] for day in days]
        return self._on(self.first + self.rng.choices(range(len(days)), weights)[0])

    def _on(self, index: int) -> datetime:
        found = self.hours.on(max(index, 0))
        if found is None:
            raise LookupError("a story cannot begin tomorrow")
        return found
