"""JSON of the open pages."""

from datetime import date

from pydantic import Field

from anlan.kernel.api import Output


class Named(Output):
    code: str
    name: str


class PlazaCard(Output):
    """A public report. Its place is rounded to about 100 m; it says nothing of who reported it."""

    number: str
    words: str
    place: str
    county: int
    county_name: str
    category: Named | None
    state: str
    state_label: str
    outcome: str
    lon: float | None
    lat: float | None
    photo: str | None = Field(description="Address of the small picture.")
    joined: int = Field(description="How many others reported the same.")
    reported_on: date
    answered_on: date | None


class PlazaPage(Output):
    items: list[PlazaCard]
    next: str | None = Field(description="Give it as `cursor` for the page after this one.")


class PlazaPhoto(Output):
    thumb: str
    display: str
    phase: str
    phase_label: str


class Stage(Output):
    label: str
    status: str = Field(description="done, current or waiting.")
    on: date | None
    unit: str


class Progress(Output):
    """A place on the road of the hazard that was made of the report: no names, no enterprise, no reasons."""

    label: str
    words: str
    on: date


class PlazaReport(PlazaCard):
    unit: str
    outcome_words: str
    answer: str
    photos: list[PlazaPhoto]
    stages: list[Stage]
    progress: list[Progress] = Field(description="How its hazard goes on, oldest first; empty when it became none.")


class MonthFigures(Output):
    month: str = Field(description="2026-11")
    reports: int
    answered: int


class PlazaFigures(Output):
    """The service in figures, those of reports that are not public included. Money is integer fen."""

    users: int
    reports: int
    answered: int
    verified: int
    rewards: int
    rewards_fen: int
    median_days: int | None = Field(description="Calendar days until the answer, median of the last 365 days.")
    until: date | None
    months: list[MonthFigures]


class HelpTopic(Output):
    code: str
    name: str
    icon: str
    call: list[str]
    do: list[str]
    never: list[str]
    source: str
    evidence: str = Field(description="V, B+, B, W, or K: own knowledge, to be confirmed.")


class Rule(Output):
    text: str
    where: str
    code: str
    evidence: str


class Knowledge(Output):
    topics: list[HelpTopic]
    criteria: list[Rule]
    laws: list[Rule]
    cases: list[PlazaCard]
