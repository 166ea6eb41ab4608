import random
import re
from collections.abc import Callable

from anlan.demo.words.records import (
    EnterpriseWords,
    HazardRow,
    HazardWords,
    PlanWords,
    hazard_rows,
    table,
)

FEN_PER_YUAN = 100
COMMON_SHARE = 0.12  # of the general hazards: duties that every enterprise has
UNSPECIFIC = "其他伤害"  # says nothing when named as a risk
SLOT = re.compile(r"\{([a-z]+)\}")
CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
REGION_SUFFIX = re.compile(r"(?<=..)[省市县区乡镇]$")


class WordBank:
    """
    Draws words from one random source: the same seed gives the same city.

    Names of enterprises and people are invented and not repeated by one bank; hazards are filled from
    templates whose slots (numbers, sides, machines) are drawn afresh, each kept alike within one hazard.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._taken: set[str] = set()
        self._decks: dict[tuple[str, ...], list[HazardRow]] = {}

    def enterprise(self, industry: str, region_name: str) -> EnterpriseWords:
        """An invented enterprise; `region_name` is the county's or city's Chinese name."""
        names = table("names")
        trade: str | None = None
        if industry == "gongmao":
            trade = self.rng.choice(list(names["gongmao"]))
            forms = names["gongmao"][trade]
        else:
            forms = names["enterprise"][industry]
        short = REGION_SUFFIX.sub("", region_name)
        name = self._fresh(
            lambda: self.rng.choice(forms).format(
                r=short,
                b=self.rng.choice(names["brand_first"]) + self.rng.choice(names["brand_second"]),
            ),
        )
        return EnterpriseWords(name=name, industry=industry, trade=trade)

    def person(self) -> str:
        names = table("names")
        return self._fresh(lambda: self._name(names["surnames"], names["given_first"], names["given_second"]))

    def post(self, role: str) -> str:
        """A post's title; roles as in the table `posts` of names.toml."""
        return self.rng.choice(table("names")["posts"][role])

    def address(self, township_name: str) -> str:
        names = table("names")["address"]
        first, second = self.rng.sample(names["roads"], 2)
        return self.rng.choice(names["forms"]).format(
            t=township_name,
            g=first,
            h=second,
            n=self.rng.randint(1, 299),
            k=self.rng.randint(1, 18),
            m=self.rng.randrange(50, 900, 50),
            side=self.rng.choice(["东南角", "西北角", "东侧", "北侧"]),
        )

    def hazard(self, industry: str, *, trade: str | None = None, grade: str | None = None) -> HazardWords:
        """
        A hazard as found in this industry.

        With a trade only rows that fit it are drawn. `grade` narrows to general or major; major exists only
        where a loaded clause truly says so (gongmao, construction), elsewhere it raises LookupError.
        """
        rows = [row for row in hazard_rows(industry) if not row.trades or trade is None or trade in row.trades]
        if grade is not None:
            rows = [row for row in rows if (row.clause is not None) == (grade == "major")]
        if not rows:
            raise LookupError(f"no {grade} hazard words for {industry} {trade or ''}")
        if grade != "major" and self.rng.random() < COMMON_SHARE:
            return self._fill(self._deal(("common",), list(hazard_rows("common"))), industry)
        return self._fill(self._deal((industry, trade or "", grade or ""), rows), industry)

    def measure(self, hazard: HazardWords) -> str:
        """What a rectification order asks for, in a sentence."""
        return f"{hazard.measure}。{self.rng.choice(table('phrases')['dispatch'])}"

    def finish(self, hazard: HazardWords) -> str:
        """What the enterprise writes when it applies for a recheck."""
        return (
            f"{hazard.finish}。实际支出{hazard.cost_fen // FEN_PER_YUAN}元。"
            if hazard.cost_fen
            else f"{hazard.finish}。"
        )

    def plan(self, hazard: HazardWords, *, responsible: str | None = None) -> PlanWords:
        """The five settled items and six parts; `responsible` is the one in charge, else somebody invented."""
        quick = self.rng.randint(1, 3)
        slots = {
            "p": responsible or self.person(),
            "q": self.person(),
            "post": self.post("safety_manager"),
            "m": hazard.measure + "。",
            "yuan": hazard.cost_fen // FEN_PER_YUAN,
            "k": quick,
            "k2": quick + self.rng.randint(3, 20),
            "place": hazard.place,
            "c": hazard.accident,
            "cause": hazard.accident,
        }
        plan = table("phrases")["plan"]
        return PlanWords(
            settled={key: self.rng.choice(forms).format(**slots) for key, forms in plan["settled"].items()},
            parts={key: self.rng.choice(forms).format(**slots) for key, forms in plan["parts"].items()},
        )

    def say(self, kind: str, hazard: HazardWords | None = None) -> str:
        """
        A sentence written into a step; kinds are the lists of phrases.toml.

        recheck_pass, recheck_fail, dismiss, refuse, extend, extend_granted, extend_denied, arbitrate_uphold,
        arbitrate_dismiss, arbitrate_redirect, listing, stop_use, transfer, look_back_ok, look_back_bad, sign,
        dispatch, close.
        """
        phrases = table("phrases")
        tries = self.rng.randint(3, 8)
        on_paper = hazard is not None and hazard.picture == "record_book"
        form = self.rng.choice(phrases.get(f"{kind}_paper", phrases[kind]) if on_paper else phrases[kind])
        return form.format(
            place=hazard.place if hazard else "该部位",
            p=self.person() if "{p}" in form else "",
            part=self.rng.choice(phrases["parts_wanted"]),
            days=self.rng.randint(7, 30),
            k=tries,
            j=self.rng.randint(1, tries - 1),
        )

    def _fill(self, row: HazardRow, industry: str) -> HazardWords:
        phrases = table("phrases")
        slots = self._slots()
        low, high = row.cost_yuan
        risk = self.rng.choice(phrases["risks"] if row.accident != UNSPECIFIC else [""])
        risk = risk.format(a=row.accident, team=slots["team"])
        opener, note = self.rng.choice(phrases["openers"]), self.rng.choice(phrases["unit_notes"])
        description = self._render(row.description, slots)
        return HazardWords(
            industry=industry,
            category=row.category,
            picture=row.picture,
            accident=row.accident,
            place=self._render(row.place, slots),
            description=f"{opener}{description}{risk}。{note}",
            measure=self._render(row.measure, slots),
            finish=self._render(row.finish, slots),
            cost_fen=self._cost_yuan(low, high) * FEN_PER_YUAN,
            grade="major" if row.clause else "general",
            clause=row.clause,
        )

    def _slots(self) -> dict[str, str]:
        rng = self.rng
        return {
            "n": str(rng.randint(1, 6)),
            "k": str(rng.randint(2, 9)),
            "pos": rng.choice(["东侧", "西侧", "南侧", "北侧", "东北角", "西南角", "中部"]),
            "m": str(rng.randrange(4, 60, 2)),
            "cm": str(rng.randrange(10, 60, 5)),
            "mm": str(rng.randint(3, 12)),
            "days": str(rng.randint(8, 90)),
            "floor": str(rng.randint(2, 17)),
            "pct": str(rng.randrange(15, 60, 5)),
            "team": rng.choice(["甲班", "乙班", "丙班", "早班", "夜班"]),
        }

    def _render(self, template: str, slots: dict[str, str]) -> str:
        filled = SLOT.sub(lambda found: slots[found.group(1)], template)
        return CHOICE.sub(lambda found: self.rng.choice(found.group(1).split("|")), filled)

    def _cost_yuan(self, low: int, high: int) -> int:
        """Mostly near the lower end, rounded as people round."""
        yuan = round(low + (high - low) * self.rng.random() ** 2)
        step = 10 if yuan < 1_000 else 100 if yuan < 20_000 else 1_000
        return yuan // step * step

    def _deal(self, key: tuple[str, ...], rows: list[HazardRow]) -> HazardRow:
        """Like a shuffled deck: every row comes once before any comes again."""
        deck = self._decks.get(key)
        if not deck:
            deck = self._decks[key] = self.rng.sample(rows, len(rows))
        return deck.pop()

    def _name(self, surnames: str, first: str, second: str) -> str:
        given = self.rng.choice(second) if self.rng.random() < 0.2 else self.rng.choice(first) + self.rng.choice(second)
        return self.rng.choice(surnames) + given

    def _fresh(self, draw: Callable[[], str]) -> str:
        for _ in range(500):
            name = draw()
            if name not in self._taken:
                self._taken.add(name)
                return name
        raise LookupError("no unused name left")
