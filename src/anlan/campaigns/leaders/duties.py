"""The duties as data, and the periods in which they are counted."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from anlan.campaigns.returns.template import Data, Sourced, Worded

DATA = Path(__file__).parent.parent / "data" / "leaders.toml"
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


class LeadersDuty(Worded, Sourced):
    """One duty: whose, how often in which period."""

    code: Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
    who: Literal["chief", "other", "all"]
    period: Literal["month", "quarter", "half_year", "year"]
    least: Annotated[int, Field(ge=1, le=50)]

    def binds(self, *, chief: bool) -> bool:
        return self.who == "all" or (self.who == "chief") is chief

    @property
    def kinds(self) -> frozenset[str]:
        """Which deeds count towards it: who hears the campaign has studied it too."""
        return frozenset({"study", "hear"} if self.code == "study" else {self.code})


class _Duties(Data):
    duty: tuple[LeadersDuty, ...]


@cache
def duties() -> tuple[LeadersDuty, ...]:
    return _Duties.model_validate(tomllib.loads(DATA.read_text(encoding="utf-8"))).duty


@dataclass(frozen=True, kw_only=True)
class Period:
    """From–to, both days counted."""

    begins: date
    ends: date

    @property
    def label(self) -> str:
        """As in 2026-07–2026-12; a single month as 2026-07."""
        first, last = f"{self.begins:%Y-%m}", f"{self.ends:%Y-%m}"
        return first if first == last else f"{first}–{last}"

    def holds(self, day: date) -> bool:
        return self.begins <= day <= self.ends


def period_of(kind: str, day: date) -> Period:
    """The period of a kind in which a day lies: quarters and half-years of the calendar."""
    size = MONTHS[kind]
    first = (day.month - 1) // size * size + 1
    begins = day.replace(month=first, day=1)
    month = begins
    for _turn in range(size):
        month = (month + timedelta(days=31)).replace(day=1)
    return Period(begins=begins, ends=month - timedelta(days=1))


def period_before(kind: str, day: date) -> Period:
    """The one before that of the day."""
    return period_of(kind, period_of(kind, day).begins - timedelta(days=1))


def periods_in(kind: str, year: int) -> list[Period]:
    """Those of a calendar year, first to last."""
    size = MONTHS[kind]
    return [period_of(kind, date(year, month, 1)) for month in range(1, 13, size)]
