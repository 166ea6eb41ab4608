"""What a bulletin may count, by which criteria units are ranked, and what it looks for: data, read once and frozen."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from anlan.kernel.phrases import chinese

DATA = Path(__file__).parent.parent / "data"
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Mark = Literal["V", "B+", "B", "W", "K"]
PERCENT, WAN = "%", "万元"
FEN_OF_WAN = 1_000_000


class Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Worded(Data):
    code: Name
    zh: str
    en: str
    basis: str = ""
    evidence: Mark = "K"

    @property
    def label(self) -> str:
        return self.zh if chinese() else self.en


class Figure(Worded):
    """
    One number of a bulletin. `source` names who counts it, `asks` what of. `how` says how months are put together: `sum` adds
    them, `last` takes the latest of each unit. A `share` is `of` in `among`; `names` lists units by name.
    """

    unit: str
    source: Name
    asks: tuple[str, ...] = ()
    how: Literal["sum", "last"] = "sum"
    shape: Literal["count", "money", "share", "names"] = "count"
    of: str = ""
    among: str = ""
    least: int = 0
    """For what is looked for: from how much on a unit is named."""
    most: int = 5
    """How many are named in the text; the rows name all."""
    compared: bool = True
    """Whether earlier periods can be counted alike."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.shape == "share") != bool(self.of and self.among):
            raise ValueError(f"{self.code}: a share is of one figure in another")
        return self


class Criterion(Data):
    """Points of a hundred: a share gives its own percentage, any other figure its part of the best unit's."""

    figure: Name
    weight: Annotated[int, Field(ge=1, le=100)]
    better: Literal["high", "low"] = "high"


class Ranking(Worded):
    filler: Literal["district", "system"]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]


class Catalogue(Data):
    figure: tuple[Figure, ...]
    ranking: tuple[Ranking, ...]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        known = [one.code for one in self.figure]
        if len(set(known)) != len(known):
            raise ValueError("a figure stands twice")
        named = [one for figure in self.figure for one in (figure.of, figure.among) if one]
        named += [one.figure for ranking in self.ranking for one in ranking.criteria]
        if lost := set(named) - set(known):
            raise ValueError(f"no such figure: {', '.join(sorted(lost))}")
        for ranking in self.ranking:
            if sum(one.weight for one in ranking.criteria) != 100:
                raise ValueError(f"{ranking.code}: the weights do not add up to 100")
        return self

    @property
    def by_code(self) -> dict[str, Figure]:
        return {one.code: one for one in self.figure}

    def of(self, *sources: str) -> list[Figure]:
        return [one for one in self.figure if one.source in sources]


class Paragraph(Data):
    """Sentences; one that names a figure which is not known, lists nobody, or is nought where it stands as `{code!}`, falls away."""

    heading: str = ""
    text: tuple[str, ...] = ()
    table: str = ""
    needs_table: bool = False
    """Falls away where there is no ranking to speak of."""


class Section(Data):
    code: Name
    title: str
    attached: bool = False
    block: tuple[Paragraph, ...]


class Text(Data):
    """The text that a draft begins with; `{period}` and the like stand for facts of the bulletin itself."""

    title: str
    addressees: str
    section: Annotated[tuple[Section, ...], Field(min_length=1)]


@cache
def catalogue() -> Catalogue:
    return Catalogue.model_validate(tomllib.loads((DATA / "figures.toml").read_text(encoding="utf-8")))


@cache
def text() -> Text:
    return Text.model_validate(tomllib.loads((DATA / "text.toml").read_text(encoding="utf-8")))
