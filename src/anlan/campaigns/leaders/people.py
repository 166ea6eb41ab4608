"""Who leads: posts of leaders, and whom the chain of responsibility names as director of a committee or leader of a sector."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from anlan.campaigns.leaders.duties import Period
from anlan.chain.models import Duty
from anlan.chain.queries import holder_words, title_words
from anlan.identity import roles
from anlan.identity.acting import in_office
from anlan.identity.models import Post

DIRECTORS = {"director_party": "party", "director_government": "government"}
CHIEF_WORDS = ("书记", "市长", "区长", "县长", "旗长", "主任", "乡长", "镇长")
"""Offices of those who lead a territory; with 副, 常务 or 助理 in front they are others. Only asked where the chain names no director. [K]"""
OTHERS = ("副", "常务", "助理", "委员")


@dataclass(frozen=True, kw_only=True)
class Leader:
    """`key` names the person for good: the account, or where there is none the name in its territory. `side`: party, government, or unknown."""

    key: str
    name: str
    title: str
    region: int
    chief: bool
    side: str = ""
    person: UUID | None = None
    post: UUID | None = None
    unit: UUID | None = None
    """The body in which the post is held."""

    @property
    def by_name(self) -> str:
        """The key before there was an account: what was written down by then is still theirs."""
        return named_key(self.region, self.name)


def leaders(low: int, high: int, day: date) -> list[Leader]:
    """The leaders of a range of regions on a day, by region, chiefs first. Call where all rows of it are seen."""
    found: dict[tuple[int, str], Leader] = {}
    rows = Duty.objects.filter(in_office(day), region__gte=low, region__lt=high).select_related("post__person")
    named = rows.filter(kind="committee", part__in=DIRECTORS) | rows.filter(part="leader")
    directed = set()
    for one in named.order_by("region", "part", "id"):
        name = holder_words(one)
        if not name:
            continue
        chief = one.part in DIRECTORS
        if chief:
            directed.add(one.region)
        known = found.get((one.region, name))
        if known is None or (chief and not known.chief):
            found[one.region, name] = _leader(
                name, title_words(one), one.region, one.post, chief=chief, side=DIRECTORS.get(one.part, "")
            )
    posts = Post.objects.filter(in_office(day), role=roles.LEADER, region__gte=low, region__lt=high)
    for post in posts.filter(person__is_active=True).select_related("person").order_by("region", "valid_from", "id"):
        if (post.region, post.person.name) not in found:
            chief = post.region not in directed and chief_by(post.title)
            found[post.region, post.person.name] = _leader(post.person.name, post.title, post.region, post, chief=chief)
    return sorted(found.values(), key=lambda one: (one.region, not one.chief, one.name))


def bound(low: int, high: int, period: Period, today: date) -> list[Leader]:
    """
    Who owes a period's duties: who led from its middle to its end. Whoever came into office later could not have known of them
    in time, and whoever left before is not asked any more; what either did while in office counts all the same. [K]
    """
    ends, middle = min(period.ends, today), period.begins + (period.ends - period.begins) / 2
    held = leaders(low, high, ends)
    if today <= middle:
        return held
    before = {key for one in leaders(low, high, middle + timedelta(days=1)) for key in (one.key, one.by_name)}
    return [one for one in held if one.key in before or one.by_name in before]


def named_key(region: int, name: str) -> str:
    return f"{region}:{name}"[:80]


def chief_by(title: str) -> bool:
    return any(word in title for word in CHIEF_WORDS) and not any(word in title for word in OTHERS)


def _leader(name: str, title: str, region: int, post: Post | None, *, chief: bool, side: str = "") -> Leader:
    return Leader(
        key=str(post.person_id) if post else named_key(region, name),
        name=name,
        title=title,
        region=region,
        chief=chief,
        side=side,
        person=post.person_id if post else None,
        post=post.pk if post else None,
        unit=post.organisation_id if post else None,
    )
