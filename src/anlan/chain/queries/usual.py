"""Who would usually have what nobody has yet: what organisations and posts already say of themselves. Reads, writes nothing."""

from dataclasses import dataclass
from uuid import UUID

from anlan.chain.queries.checker import Fault, check
from anlan.identity import roles
from anlan.identity.acting import in_office
from anlan.identity.models import Organisation, Post
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import NotFound
from anlan.registry.models import Industry

FILLED = frozenset({"no_lead", "no_leader", "no_territorial", "one_director_missing"})
PARTY = ("书记",)
GOVERNMENT = ("市长", "县长", "区长", "镇长", "乡长", "主任")
DEPUTY = ("副",)


@dataclass(frozen=True, kw_only=True)
class Usual:
    """An empty slot and who usually has it: a body, or a post."""

    kind: str
    part: str
    region: int
    industry: str = ""
    organisation: UUID | None = None
    post: UUID | None = None
    holder: str
    title: str = ""

    @property
    def key(self) -> str:
        """Slot and holder: what was looked at, so that nobody else is given what was agreed for this one."""
        return f"{self.kind}.{self.part}.{self.region}.{self.industry}.{self.organisation or self.post}"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    usual: list[Usual]
    left: list[Fault]
    """Empty slots for which nobody is registered."""


def propose(actor: Actor, region: int) -> Proposal:
    """For a region and all below it, place by place. Raises NotFound for a place outside the actor's territory."""
    if not actor.covers(region):
        raise NotFound
    known = _Known(region)
    found = Proposal(usual=[], left=[])
    for fault in check(actor, region=region, enterprises=False):
        if fault.name not in FILLED:
            continue
        usual = known.usual(fault)
        if usual is None:
            found.left.append(fault)
        else:
            found.usual.append(usual)
    found.usual.sort(key=lambda one: (one.region, one.kind, one.industry, one.part))
    return found


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
            held = held.filter(person__is_active=True).select_related("person")
            for post in held.order_by("valid_from", "id"):
                self.leaders.setdefault(post.region, []).append(post)

    def usual(self, fault: Fault) -> Usual | None:
        body = post = None
        if (fault.slot, fault.part) == ("sector", "lead"):
            body = self._department(fault)
        elif fault.slot == "territorial":
            body = next((one for one in self.bodies.get(fault.region, []) if one.kind == "government"), None)
        else:
            post = self._leader(fault)
        if body is None and post is None:
            return None
        return Usual(
            kind=fault.slot,
            part=fault.part,
            region=fault.region,
            industry=self.industries[fault.industry_bit].pk if fault.industry_bit is not None else "",
            organisation=body.pk if body else None,
            post=post.pk if post else None,
            holder=body.name if body else post.person.name if post else "",
            title=post.title if post else "",
        )

    def _department(self, fault: Fault) -> Organisation | None:
        """Named after the industry's default department, and of several the shortest name: the bureau, not its brigade."""
        industry = self.industries[fault.industry_bit or 0]
        here = [one for one in self.bodies.get(fault.region, []) if one.kind == "department" and industry.department]
        named = sorted((one for one in here if one.name.endswith(industry.department)), key=lambda one: len(one.name))
        if not named:
            named = [one for one in here if one.industries > 0 and (one.industries >> industry.bit) & 1]
        return named[0] if named else None

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
