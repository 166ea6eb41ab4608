"""What the platform counts for a return from its own records. The regions and fields are those of the unit that hands in."""

from datetime import date
from typing import Any

from django.db.models import Q

from anlan.campaigns.models import LeaderAct, Return
from anlan.campaigns.principals import count, firms
from anlan.campaigns.returns.counting import Asked, counter, fact
from anlan.campaigns.states import COUNTED
from anlan.hazards.models import Hazard
from anlan.identity import roles
from anlan.identity.models import Post
from anlan.inspections.models import Member, Visit
from anlan.kernel import clock

LISTED = 20
"""Visits of leaders that are named; a return that lacks more lacks enough."""


def _place(asked: Asked, *, bit: str = "industry_bit") -> Q:
    low, high = asked.places
    here = Q(region__gte=low, region__lt=high)
    return here if asked.bits is None else here & Q(**{f"{bit}__in": asked.bits})


def visits(asked: Asked) -> Any:
    """Administrative inspections that somebody arrived for in the month."""
    begins, ends = asked.moments
    rows = Visit.objects.filter(_place(asked), kind="administrative").exclude(state="cancelled")
    return rows.filter(arrived_at__gte=begins, arrived_at__lt=ends)


@counter("inspections")
def inspections(asked: Asked) -> int:
    count: int = visits(asked).count()
    return count


@counter("inspected_enterprises")
def inspected_enterprises(asked: Asked) -> int:
    count: int = visits(asked).values("enterprise_id").distinct().count()
    return count


def found(asked: Asked) -> Any:
    begins, ends = asked.moments
    rows = Hazard.objects.filter(_place(asked), grade="major", found_at__gte=begins, found_at__lt=ends)
    return rows.exclude(state="dismissed")


@counter("major_found")
def major_found(asked: Asked) -> int:
    count: int = found(asked).count()
    return count


def fixed(asked: Asked) -> Any:
    """Closed off in the month and not reopened since."""
    begins, ends = asked.moments
    return Hazard.objects.filter(
        _place(asked), grade="major", state="closed", closed_at__gte=begins, closed_at__lt=ends
    )


@counter("major_fixed")
def major_fixed(asked: Asked) -> int:
    count: int = fixed(asked).count()
    return count


@fact("enterprises")
def enterprises(asked: Asked) -> int:
    count: int = firms(asked).count()
    return count


@fact("principals")
def principals(asked: Asked) -> int | None:
    """People, not enterprises; None where the register names nobody yet, for then it is no roster to check against."""
    return count(asked) or None


def leaders(asked: Asked) -> Any:
    """Arrived visits in which a leader of the territory took part, each once."""
    begins, ends = asked.moments
    low, high = asked.places
    who = Post.objects.filter(role=roles.LEADER, region__gte=low, region__lt=high).values("person_id")
    seen = Member.objects.filter(person_id__in=who, visit__arrived_at__gte=begins, visit__arrived_at__lt=ends)
    return seen.filter(visit__region__gte=low, visit__region__lt=high).exclude(visit__state="cancelled")


def by_hand(asked: Asked) -> list[LeaderAct]:
    """What was recorded of leaders on site, but for what a visit of the platform by one of them on the same day tells already."""
    low, high = asked.places
    known = {
        (str(person), clock.day_of(at)) for person, at in leaders(asked).values_list("person_id", "visit__arrived_at")
    }
    rows = LeaderAct.objects.filter(
        campaign_id=asked.campaign, kind="visit", withdrawn_at=None, region__gte=low, region__lt=high,
        on__gte=asked.month, on__lt=asked.next_month,
    )  # fmt: skip
    return [row for row in rows.order_by("on", "id") if not any((one["key"], row.on) in known for one in row.people)]


@fact("leader_visits")
def leader_visits(asked: Asked) -> int:
    """Visits of the platform in which a leader took part, and what was recorded by hand."""
    count: int = leaders(asked).values("visit_id").distinct().count()
    return count + len(by_hand(asked))


@fact("leader_visits_list")
def leader_visits_list(asked: Asked) -> str:
    rows = leaders(asked).order_by("visit__arrived_at", "id")
    told = rows.values_list("visit__arrived_at", "name", "visit__enterprise__name")[:LISTED]
    lines = [f"{clock.day_of(at):%Y-%m-%d} {name} {place}" for at, name, place in told]
    lines += [f"{row.on:%Y-%m-%d} {'、'.join(one['name'] for one in row.people)} {row.place}" for row in by_hand(asked)]
    return "；".join(sorted(lines)[:LISTED])


@fact("months_since_chief_heard")
def months_since_chief_heard(asked: Asked) -> int | None:
    """
    Whole months from the last month whose return says that the chief leader presided; None without an earlier return. Where none
    says so, they are counted from the month before the first that is looked at.
    """
    rows = Return.objects.filter(campaign_id=asked.campaign, unit_id=asked.unit, month__lt=asked.month)
    known = list(rows.filter(state__in=COUNTED).order_by("-month").values_list("month", "values")[:12])
    if not known:
        return None
    heard = next((month for month, values in known if _chief_presided(values)), None)
    return _months(heard, asked.month) if heard else _months(known[-1][0], asked.month) + 1


def _chief_presided(values: dict[str, Any]) -> bool:
    rows = values["rows"].get("studies", ())
    return any(row.get("rank", {}).get("value") == "chief" for row in rows)


def _months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month
