"""What a list of hazards is narrowed to: the same words in the address, the saved view, the export and the board's links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q

from anlan.hazards.states import OPEN
from anlan.kernel.actor import EVERYWHERE, Actor
from anlan.kernel.clock import SHANGHAI
from anlan.kernel.codes import level
from anlan.kernel.reading import reach_of, read_code, read_day, read_id
from anlan.kernel.scope import is_county, within

STATES = (*OPEN, "closed", "dismissed", "transferred")
LISTED = {
    "yes": ~Q(listing_level="") & Q(delisted_at=None),
    "no": Q(listing_level=""),
    "unpublished": ~Q(listing_level="") & Q(delisted_at=None, published_at=None),
}
"""Under listed supervision; never listed; listed, but not made public."""
_SEARCHED = {"yes": "listed", "no": "unlisted", "unpublished": "unpublished"}
_YES = ("1", "true", "on")
_BELOW = {"province": 10**8, "city": 10**6, "county": 10**3, "township": 1, "village": 1}


@dataclass(frozen=True, kw_only=True)
class HazardFilters:
    """`states` may hold "open"; `own` means filed under the region itself, not below; `listed` is of `LISTED`; days are days of the city."""

    words: str = ""
    states: tuple[str, ...] = ()
    grade: str = ""
    source: str = ""
    industry: str = ""
    region: int | None = None
    own: bool = False
    category: str = ""
    late: bool = False
    listed: str = ""
    found_from: date | None = None
    found_to: date | None = None
    enterprise: UUID | None = None
    mine: bool = False

    @property
    def wanted_states(self) -> list[str]:
        found = set(self.states)
        if "open" in found:
            found = (found - {"open"}) | set(OPEN)
        return [state for state in STATES if state in found]

    @property
    def range(self) -> tuple[int, int] | None:
        """The region with all below it as codes, half-open; nothing for what is no region."""
        reach = reach_of(self.region)
        if not self.own or not reach or not self.region:
            return reach
        low, high = reach
        return (low, low + _BELOW[level(low)]) if high else reach

    @property
    def moments(self) -> tuple[datetime | None, datetime | None]:
        return (
            datetime.combine(self.found_from, time(), SHANGHAI) if self.found_from else None,
            datetime.combine(self.found_to + timedelta(days=1), time(), SHANGHAI) if self.found_to else None,
        )

    def narrowed(self, actor: Actor) -> dict[str, Any]:
        """As the search function takes it; of the actor's scope the plain range, which alone chooses an index."""
        own = actor.regions[0] if len(actor.regions) == 1 and actor.regions != EVERYWHERE else None
        low, high = self.range or own or (None, None)
        begin, end = self.moments
        found = {
            "county": next((span[0] for span in (self.range, own) if span and is_county(*span)), None),
            "low": low,
            "high": high,
            "states": self.wanted_states or None,
            "grade": self.grade or None,
            "source": self.source or None,
            "industry": self.industry or None,
            "category": self.category or None,
            "enterprise": str(self.enterprise) if self.enterprise else None,
            "late": self.late or None,
            **({_SEARCHED[self.listed]: True} if self.listed else {}),
            "from": begin.isoformat() if begin else None,
            "until": end.isoformat() if end else None,
        }
        return {key: value for key, value in found.items() if value is not None}

    def q(self) -> Q:
        """Everything but the words, as plain comparisons."""
        found = Q()
        if self.range:
            low, high = self.range
            found &= Q(county=low) if is_county(*self.range) else Q(region__gte=low, region__lt=high)
        if self.states:
            found &= Q(state__in=self.wanted_states)
        for name in ("grade", "source", "category"):
            if wanted := getattr(self, name):
                found &= Q(**{name: wanted})
        if self.industry:
            found &= Q(industry_id=self.industry)
        if self.enterprise:
            found &= Q(responsible_id=self.enterprise) | Q(enterprise_id=self.enterprise)
        if self.late:
            found &= Q(late=True)
        if self.listed:
            found &= LISTED[self.listed]
        begin, end = self.moments
        if begin:
            found &= Q(found_at__gte=begin)
        if end:
            found &= Q(found_at__lt=end)
        return found

    def query(self) -> str:
        """The list's query string."""
        found: list[tuple[str, Any]] = [("state", state) for state in self.states]
        pairs: Mapping[str, Any] = {
            "q": self.words, "grade": self.grade, "source": self.source, "industry": self.industry, "region": self.region,
            "own": self.own, "category": self.category, "late": self.late, "listed": self.listed,
            "from": self.found_from, "to": self.found_to, "enterprise": self.enterprise, "mine": self.mine,
        }  # fmt: skip
        found += [(key, "1" if value is True else value) for key, value in pairs.items() if value]
        return urlencode(found)


def read_filters(params: Any) -> HazardFilters:
    """From a QueryDict; what cannot be read is left out, so that an old link still opens a list."""
    get = params.get
    return HazardFilters(
        words=str(get("q", "")).strip()[:100],
        states=_known(params.getlist("state"), (*STATES, "open")),
        grade=next(iter(_known([get("grade", "")], ("general", "major"))), ""),
        source=str(get("source", ""))[:10],
        industry=str(get("industry", ""))[:30],
        region=read_code(get("region")),
        own=get("own") == "1",
        category=str(get("category", ""))[:30],
        late=bool(get("late")),
        listed=read_listed(get("listed")),
        found_from=read_day(get("from")),
        found_to=read_day(get("to")),
        enterprise=read_id(get("enterprise")),
        mine=bool(get("mine")),
    )


def read_listed(value: Any) -> str:
    """Old links and saved views said only that it is listed."""
    text = str(value or "").lower()
    return "yes" if text in _YES else text if text in LISTED else ""


def _known(values: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in values if value in known)


def seen(actor: Actor) -> Q:
    """The actor's scope as plain comparisons, for the index; the policy stands behind it."""
    return Q(responsible_id__in=actor.enterprises) if actor.enterprises else within(actor, county="county")
