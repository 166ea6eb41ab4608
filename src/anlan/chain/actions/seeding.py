"""A new city's first chain: what its organisations and posts already say, given where nobody has it yet."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from anlan.chain.actions.duties import give_duty, keeper
from anlan.chain.queries.checker import Fault, check
from anlan.identity import roles
from anlan.identity.acting import in_office
from anlan.identity.models import Organisation, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import NotFound
from anlan.registry.models import Industry

BASIS = "行业划分默认牵头部门，待本级文件确认"
FILLED = frozenset({"no_lead", "no_leader", "no_territorial", "one_director_missing"})
PARTY = ("书记",)
GOVERNMENT = ("市长", "县长", "区长", "镇长", "乡长", "主任")
DEPUTY = ("副",)


def seed_duties(*, actor: Actor, region: int, valid_from: date | None = None) -> dict[str, int]:
    """
    Fill the empty slots of a region and all below it from what is registered: departments by the industries' default
    department, governments by their kind, leaders by their posts. Marked K; nothing that was given is touched.
    """
    keeper(actor)
    if not actor.covers(region):
        raise NotFound
    known = _Known(region)
    counts: dict[str, int] = {}
    for fault in _empty(actor, region):
        holder = known.holder(fault)
        if holder is None:
            counts["left"] = counts.get("left", 0) + 1
            continue
        data: dict[str, Any] = {
            "kind": fault.slot, "part": fault.part, "region": fault.region, "basis": BASIS,
            "industry": known.industries[fault.industry_bit].pk if fault.industry_bit is not None else "",
            "valid_from": valid_from or clock.today(), **holder,
        }  # fmt: skip
        give_duty(actor=actor, data=data, evidence="K")
        counts[fault.slot] = counts.get(fault.slot, 0) + 1
    return counts


def _empty(actor: Actor, region: int) -> Iterable[Fault]:
    return [one for one in check(actor, region=region, enterprises=False) if one.name in FILLED]


class _Known:
    """The organisations and leaders of a region, read once."""

    def __init__(self, region: int) -> None:
        low, high = subtree(region)
        self.industries = {one.bit: one for one in Industry.objects.filter(active=True)}
        with scope.elevated("a territory's own bodies and leaders"):
            self.bodies: dict[int, list[Organisation]] = {}
            rows = Organisation.objects.filter(region__gte=low, region__lt=high, active=True)
            for body in rows.exclude(kind="enterprise").order_by("id"):
                self.bodies.setdefault(body.region, []).append(body)
            self.leaders: dict[int, list[Post]] = {}
            held = Post.objects.filter(in_office(clock.today()), role=roles.LEADER, region__gte=low, region__lt=high)
            for post in held.filter(person__is_active=True).order_by("valid_from", "id"):
                self.leaders.setdefault(post.region, []).append(post)

    def holder(self, fault: Fault) -> dict[str, UUID] | None:
        if (fault.slot, fault.part) == ("sector", "lead"):
            return self._department(fault)
        if fault.slot == "territorial":
            found = next((one for one in self.bodies.get(fault.region, []) if one.kind == "government"), None)
            return {"organisation": found.pk} if found else None
        post = self._leader(fault)
        return {"post": post.pk} if post else None

    def _department(self, fault: Fault) -> dict[str, UUID] | None:
        """Named after the industry's default department, and of several the shortest name: the bureau, not its brigade."""
        industry = self.industries[fault.industry_bit or 0]
        here = [one for one in self.bodies.get(fault.region, []) if one.kind == "department" and industry.department]
        named = sorted((one for one in here if one.name.endswith(industry.department)), key=lambda one: len(one.name))
        if not named:
            named = [one for one in here if one.industries > 0 and (one.industries >> industry.bit) & 1]
        return {"organisation": named[0].pk} if named else None

    def _leader(self, fault: Fault) -> Post | None:
        posts = self.leaders.get(fault.region, [])
        if fault.slot == "sector":
            fits = [one for one in posts if (one.industries >> (fault.industry_bit or 0)) & 1]
            # Whoever has few fields was given them; a head of government has all.
            return min(fits, key=lambda one: one.industries.bit_count() if one.industries >= 0 else 64, default=None)
        words = PARTY if fault.part == "director_party" else GOVERNMENT
        heads = [
            one
            for one in posts
            if any(word in one.title for word in words) and not any(word in one.title for word in DEPUTY)
        ]
        return heads[0] if heads else None
