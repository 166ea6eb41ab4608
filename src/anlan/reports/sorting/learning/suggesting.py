"""What the city's own past suggests for a report: only where it is sure enough, and was right often enough when it was that sure."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from anlan.identity.models import Organisation
from anlan.kernel import scope
from anlan.kernel.codes import ancestors, is_region
from anlan.reports.models import Learnt, Report
from anlan.reports.sorting import rulings
from anlan.reports.sorting.learning.grams import Told, features
from anlan.reports.sorting.learning.measuring import trusted
from anlan.reports.sorting.learning.model import Guess, Model, unpack
from anlan.reports.sorting.routing import sent_back_by

CHOICES = 3
FAINTEST = 0.1


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One label with its confidence; `sure` when it may be offered as the suggestion."""

    label: str
    confidence: float
    sure: bool
    why: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What was learnt last of a target for a territory."""

    id: UUID
    model: Model
    figures: dict[str, Any]


def lesson(target: str, region: int) -> Lesson | None:
    """The newest of the nearest territory that learnt: the county's own before the city's."""
    places = [region, *(ancestors(region) if is_region(region) else [])]
    with scope.elevated("a report is sorted by what its city learnt, whoever reads it"):
        rows = Learnt.objects.filter(target=target, region__in=places).order_by("region", "-at")
        newest = {place: row for row, place in reversed(list(rows.values_list("pk", "region")))}
        nearest = next((newest[place] for place in places if place in newest), None)
        return _kept(nearest) if nearest else None


@lru_cache(maxsize=32)
def _kept(row: UUID) -> Lesson:
    found = Learnt.objects.get(pk=row)
    return Lesson(id=row, model=unpack(found.labels, bytes(found.weights)), figures=found.figures)


def advice(target: str, told: Told, region: int, *, without: Collection[str] = ()) -> list[Advice]:
    """The likeliest labels, best first; only the first may be sure."""
    known = lesson(target, region)
    if known is None:
        return []
    given = features(told)
    guess: Guess = known.model.guess(given)
    bar = rulings.threshold(region)
    heard = trusted(known.figures, bar)
    found: list[Advice] = []
    for label, confidence in guess.ranked:
        if label in without:
            continue
        if confidence < FAINTEST or len(found) == CHOICES:
            break
        sure = heard and not found and confidence >= bar
        found.append(
            Advice(
                label=label,
                confidence=round(confidence, 3),
                sure=sure,
                why=tuple(known.model.spoke(given, label, told.words)) if not found else (),
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class Advised:
    """What is known of both targets, the likeliest first."""

    kinds: list[Advice]
    units: list[Advice]

    @property
    def kind(self) -> Advice | None:
        return next((one for one in self.kinds if one.sure), None)

    @property
    def unit(self) -> Advice | None:
        return next((one for one in self.units if one.sure), None)

    @property
    def why(self) -> list[str]:
        """The words that spoke, each once."""
        found = list(dict.fromkeys(word for one in (self.kind, self.unit) if one for word in one.why))
        return [word for word in found if not any(word != other and word in other for other in found)][:6]


def advise_words(words: str, region: int, *, address: str = "", category: str = "") -> Advised:
    """For words that are no report yet."""
    return _advised(Told(words=words, address=address, region=region), category, frozenset())


def advise(report: Report) -> Advised:
    """The likeliest categories and units of a report, each with its confidence, for a person to choose among."""
    back: Collection[UUID] = ()
    if not report._state.adding:
        with scope.elevated("who sent a report back is not asked again"):
            back = sent_back_by([report.pk]).get(report.pk, ())
    told = Told(words=report.words, address=report.address, region=report.region)
    return _advised(told, report.category_id or "", back)


def suggest(report: Report) -> dict[str, Any]:
    """
    `{category, unit, confidence, why}`: what may be offered; None where nothing is sure enough. As the ledger writes it: a confidence is
    text with three places.
    """
    found = advise(report)
    spoke = found.unit or found.kind
    return {
        "category": found.kind.label if found.kind else None,
        "unit": found.unit.label if found.unit else None,
        "confidence": f"{spoke.confidence:.3f}" if spoke else None,
        "why": found.why,
    }


def _advised(told: Told, category: str, back: Collection[UUID]) -> Advised:
    kinds = advice("category", told, told.region)
    # The unit follows the kind that a person chose; where none did, the one that is sure.
    given = category or next((one.label for one in kinds if one.sure), "")
    whole = Told(words=told.words, address=told.address, region=told.region, category=given)
    return Advised(
        kinds=kinds, units=advice("unit", whole, told.region, without={str(one) for one in back} | closed_units())
    )


def closed_units() -> set[str]:
    with scope.elevated("a unit that is closed is suggested to nobody"):
        rows = Organisation.objects.filter(active=False).exclude(kind="enterprise")
        return {str(one) for one in rows.values_list("pk", flat=True)}
