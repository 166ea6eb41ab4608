import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """A clause of the major-hazard criteria; item 0 stands for the whole article."""

    document: str
    article: int
    item: int

    @classmethod
    def parse(cls, text: str) -> "ClauseRef":
        """Read `document/article/item`."""
        document, article, item = text.split("/")
        return cls(document=document, article=int(article), item=int(item))


@dataclass(frozen=True, slots=True)
class EnterpriseWords:
    name: str
    industry: str
    trade: str | None  # within industry and trade (gongmao): which clauses may fit


@dataclass(frozen=True, slots=True)
class HazardWords:
    industry: str
    category: str  # code in hazards/data/categories.toml
    picture: str  # kind drawn by anlan.demo.pictures
    accident: str  # the kind of accident it may lead to
    place: str
    description: str
    measure: str
    finish: str  # what was done, as written when applying for recheck
    cost_fen: int
    grade: str  # general, major
    clause: ClauseRef | None  # always there for a major one


@dataclass(frozen=True, slots=True)
class PlanWords:
    """The five settled items (duty, measure, funds, time, contingency) and the six parts of a plan."""

    settled: dict[str, str]
    parts: dict[str, str]


@dataclass(frozen=True, slots=True)
class HazardRow:
    """A hazard before its slots are filled, as it stands in the table of its industry."""

    industry: str
    category: str
    picture: str
    accident: str
    cost_yuan: tuple[int, int]
    place: str
    description: str
    measure: str
    finish: str
    clause: ClauseRef | None
    trades: frozenset[str]  # empty: fits every trade


@cache
def table(name: str) -> dict[str, Any]:
    text = (files("anlan.demo.words") / "data" / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def hazard_rows(industry: str) -> tuple[HazardRow, ...]:
    """The rows of one industry, or of `common` for the duties every enterprise has."""
    return tuple(
        HazardRow(
            industry=industry,
            category=row["c"],
            picture=row["p"],
            accident=row["a"],
            cost_yuan=(row["y"][0], row["y"][1]),
            place=row["at"],
            description=row["d"],
            measure=row["m"],
            finish=row["f"],
            clause=ClauseRef.parse(row["r"]) if "r" in row else None,
            trades=frozenset(row.get("t", ())),
        )
        for row in table(f"hazards/{industry}")["hazard"]
    )


@cache
def industries() -> tuple[str, ...]:
    """Codes of the industries that have words."""
    return (*table("names")["enterprise"], "gongmao")
