"""Who leads: posts of leaders, and whom the chain of responsibility names as director of a committee or leader of a sector."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

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


def chief_by(title: str) -> bool:
    return any(word in title for word in CHIEF_WORDS) and not any(word in title for word in OTHERS)


def _leader(name: str, title: str, region: int, post: Post | None, *, chief: bool, side: str = "") -> Leader:
    return Leader(
        key=str(post.person_id) if post else f"{region}:{name}"[:80],
        name=name,
        title=title,
        region=region,
        chief=chief,
        side=side,
        person=post.person_id if post else None,
        post=post.pk if post else None,
    )
