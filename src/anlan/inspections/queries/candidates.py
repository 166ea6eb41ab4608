"""Who may be drawn: enterprises and officers, and those left out with the reason."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from anlan.experts.queries import certified
from anlan.identity import roles
from anlan.identity.acting import in_office, post_label
from anlan.identity.models import Post
from anlan.inspections.cap import inspections_of
from anlan.inspections.models import Member, Visit
from anlan.inspections.needs_draw import DrawFacts
from anlan.inspections.rulings import cap_of
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import ancestors, subtree
from anlan.kernel.scope import A_COUNTY, within
from anlan.registry.models import Enterprise, Industry


@dataclass(kw_only=True)
class Candidates:
    """`inside` may be drawn; `outside` carry the reason why not."""

    inside: list[dict[str, Any]] = field(default_factory=list)
    outside: list[dict[str, Any]] = field(default_factory=list)

    def add(self, facts: dict[str, Any], reason: str) -> None:
        if reason:
            self.outside.append({**facts, "reason": reason})
        else:
            self.inside.append(facts)


def enterprise_candidates(actor: Actor, facts: DrawFacts, industry: Industry, today: date) -> Candidates:
    low, high = subtree(facts.region)
    rows = Enterprise.objects.filter(within(actor), region__gte=low, region__lt=high, industry=industry)
    if facts.grades:
        rows = rows.filter(grade__in=facts.grades)
    if facts.facility:
        rows = rows.filter(facilities__contains=[facts.facility])
    since = today - timedelta(days=facts.not_visited_days)
    with scope.elevated("an enterprise that moved was visited elsewhere too; the cap counts all departments' visits"):
        seen = dict(
            Visit.objects.filter(enterprise__in=rows, industry_bit=industry.bit)
            .exclude(state="cancelled")
            .values_list("enterprise_id")
            .annotate(last=Max("planned_on"))
        )
        used = dict(
            inspections_of(facts.planned_on.year)
            .filter(enterprise__in=rows, cap_exception="")
            .values_list("enterprise_id")
            .annotate(n=Count("id"))
        )
    found = Candidates()
    for row in rows.order_by("id"):
        last = seen.get(row.pk)
        reason = row.status if row.status != "active" else ""
        if not reason and used.get(row.pk, 0) >= cap_of(row.grade, row.region):
            reason = "cap"
        if not reason and facts.not_visited_days and last is not None and last >= since:
            reason = "planned" if last > today else "visited"
        one = {"id": str(row.pk), "name": row.name, "uscc": row.uscc, "county": _county(row.region)}
        found.add(one, reason)
    return found


def officer_candidates(actor: Actor, facts: DrawFacts, industry: Industry, day: date) -> Candidates:
    """Those who inspect in the field that day; for a cross-region draw all officers below the drawer's post."""
    low, high = subtree(facts.region)
    held = Post.objects.filter(in_office(day), role=roles.INSPECTOR, person__is_active=True)
    with scope.elevated("officers of the whole territory may be drawn, whatever their own field"):
        if facts.other_region:
            held = held.filter(within(actor, industry=None))
        else:
            held = held.filter(region__lt=high, region__gte=low) | held.filter(region__in=ancestors(facts.region))
        posts: dict[UUID, Post] = {}
        for post in held.select_related("person", "organisation").order_by("person_id", "-region", "id"):
            posts.setdefault(post.person_id, post)
        numbers = certified(posts, day, industry.bit)
    found = Candidates()
    for person, post in sorted(posts.items(), key=lambda pair: str(pair[0])):
        reason = "" if person in numbers else "no_certificate"
        if not reason and not (post.industries >> industry.bit) & 1:
            reason = "other_field"
        one = {"id": str(person), "name": post.person.name, "post": str(post.pk), "county": _county(post.region)}
        found.add(one | {"body": post_label(post), "certificate": numbers.get(person, "")}, reason)
    return found


def last_visitors(enterprises: Collection[UUID], people: Collection[UUID], since: date) -> set[tuple[UUID, UUID]]:
    """(person, enterprise) of visits since a day. Call it elevated."""
    rows = Member.objects.filter(
        person_id__in=people, visit__enterprise_id__in=enterprises, visit__planned_on__gte=since
    )
    return set(rows.exclude(visit__state="cancelled").values_list("person_id", "visit__enterprise_id"))


def _county(region: int) -> str:
    return f"{region - region % A_COUNTY:012d}"
