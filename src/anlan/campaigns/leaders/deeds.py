"""What counts towards a duty: what was recorded by hand, what monthly returns say, and visits that the platform knows of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from anlan.campaigns.leaders.duties import LeadersDuty, Period
from anlan.campaigns.leaders.people import Leader
from anlan.campaigns.models import Campaign, LeaderAct, Return
from anlan.inspections.models import Member
from anlan.kernel import clock
from anlan.kernel.clock import SHANGHAI


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing a leader did. `source`: `act`, `return` or `visit`, with its id; `leader` empty where a return names nobody."""

    leader: str
    kind: str
    on: date
    what: str
    where: str
    region: int
    source: str
    id: UUID


def deeds(campaign: Campaign, people: Sequence[Leader], period: Period) -> list[Deed]:
    """All of a period, of leaders and of nobody; call where all rows of the territory are seen."""
    if not people:
        return []
    low, high = min(one.region for one in people), max(one.region for one in people) + 1
    found = [*_acts(campaign, people, low, high, period), *_visits(people, period)]
    by_region: dict[int, list[Leader]] = defaultdict(list)
    for one in people:
        by_region[one.region].append(one)
    found += _returns(campaign, by_region, period)
    return sorted(found, key=lambda one: (one.on, one.source, one.id), reverse=True)


def _acts(campaign: Campaign, people: Sequence[Leader], low: int, high: int, period: Period) -> Iterator[Deed]:
    now = {one.by_name: one.key for one in people}
    rows = LeaderAct.objects.filter(campaign=campaign, region__gte=low, region__lt=high, withdrawn_at=None)
    for row in rows.filter(on__gte=period.begins, on__lte=period.ends):
        for one in row.people:
            yield Deed(
                leader=now.get(one["key"], one["key"]), kind=row.kind, on=row.on, what=row.topic, where=row.place,
                region=row.region, source="act", id=row.pk,
            )  # fmt: skip


def _visits(people: Sequence[Leader], period: Period) -> Iterator[Deed]:
    """Visits that somebody arrived for and in which a leader took part."""
    keys = {one.person: one for one in people if one.person}
    begins = datetime.combine(period.begins, time.min, SHANGHAI)
    ends = datetime.combine(period.ends + timedelta(days=1), time.min, SHANGHAI)
    rows = Member.objects.filter(person_id__in=keys, visit__arrived_at__gte=begins, visit__arrived_at__lt=ends)
    told = rows.exclude(visit__state="cancelled").values_list(
        "person_id", "visit_id", "visit__arrived_at", "visit__number", "visit__enterprise__name"
    )
    for person, visit, at, number, place in told:
        if at is None:
            continue
        leader = keys[person]
        yield Deed(
            leader=leader.key, kind="visit", on=clock.day_of(at), what=number or "", where=place or "", region=leader.region,
            source="visit", id=visit,
        )  # fmt: skip


def _returns(campaign: Campaign, by_region: dict[int, list[Leader]], period: Period) -> Iterator[Deed]:
    """Rows of the panels “studies” and “visits” of what districts handed in; a row of the wrong month counts on its own day."""
    rows = Return.objects.filter(
        campaign=campaign, region__in=by_region, filler="district", round__gt=0,
        month__gte=period.begins.replace(day=1), month__lte=period.ends,
    )  # fmt: skip
    for key, region, values in rows.values_list("id", "region", "values"):
        people = by_region[region]
        for row in values["rows"].get("studies", ()):
            on = _day(row)
            if on and period.holds(on):
                kind = "hear" if _said(row, "rank") == "chief" else "study"
                yield Deed(
                    leader=_chair(people, row), kind=kind, on=on, what=_said(row, "topic"), where="", region=region,
                    source="return", id=key,
                )  # fmt: skip
        for row in values["rows"].get("visits", ()):
            on = _day(row)
            if on and period.holds(on):
                for leader in _named(people, _said(row, "leader")) or [""]:
                    yield Deed(
                        leader=leader, kind="visit", on=on, what=_said(row, "leader"), where=_said(row, "place"),
                        region=region, source="return", id=key,
                    )  # fmt: skip


def _said(row: dict[str, dict[str, str | None]], name: str) -> str:
    return str(row.get(name, {}).get("value") or "")


def _day(row: dict[str, dict[str, str | None]]) -> date | None:
    try:
        return date.fromisoformat(_said(row, "date"))
    except ValueError:
        return None


def _named(people: Iterable[Leader], text: str) -> list[str]:
    return [one.key for one in people if one.name and one.name in text]


def _chair(people: Sequence[Leader], row: dict[str, dict[str, str | None]]) -> str:
    """A return names the chair's rank and the body alone: where only one leader fits, it was that one."""
    chief, body = _said(row, "rank") == "chief", _said(row, "body")
    fitting = [one for one in people if one.chief is chief]
    if chief and len(fitting) > 1:
        fitting = [one for one in fitting if one.side == body]
    return fitting[0].key if len(fitting) == 1 else ""


def counted(found: Iterable[Deed], leader: Leader, duty: LeadersDuty, period: Period) -> int:
    """How often: a day counts once, however many sources tell of it."""
    return len(
        {one.on for one in found if one.leader == leader.key and one.kind in duty.kinds and period.holds(one.on)}
    )
