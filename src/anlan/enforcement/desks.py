"""
Whose desks an instrument lies on until it is served: other departments of the territory do not read what is only being written.

They are those of its writers, of the organ and of the bodies above both, and those whose regulators have its supervision field by
name. The platform's own drafts wait for whoever reviews first, so they lie open.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from anlan.enforcement.models import Instrument
from anlan.enforcement.rules import APPROVERS, REVIEWERS
from anlan.identity import roles
from anlan.identity.holders import Whom, holders
from anlan.identity.models import Organisation, Post
from anlan.kernel import scope
from anlan.kernel.actor import Actor

DECIDERS = 2
"""Reviewer and approver are two people, and neither wrote on it."""
HIGHEST = 6
"""Bodies above one another."""


def lay_on(record: Instrument, actor: Actor) -> None:
    """Add the desks of whoever writes on it now, and of its organ; earlier writers keep theirs."""
    if actor.is_system and not record.drafter_ids:
        return
    bodies = {one for one in (actor.organisation, record.organ.organisation_id if record.organ else None) if one}
    with scope.elevated("which departments write and decide an instrument"):
        bodies |= _above(bodies) | {UUID(one) for one in record.desks}
        posts = holders(Whom(roles=sorted(APPROVERS), region=record.issuer, industry_bit=record.industry_bit))
    if not bodies:
        return
    if record.industry_bit is not None:
        bodies |= {one.organisation_id for one in posts if one.organisation_id and one.industries != -1}
    if not _decidable(record, posts, bodies):
        bodies |= {one.organisation_id for one in posts if one.organisation_id}
    record.desks = sorted(map(str, bodies))


def _above(bodies: Iterable[UUID]) -> set[UUID]:
    """Such as the government, in which a leader has the post that approves."""
    found: set[UUID] = set()
    here = set(bodies)
    for _height in range(HIGHEST):
        here = set(Organisation.objects.filter(pk__in=here, parent__isnull=False).values_list("parent_id", flat=True))
        found |= here
    return found


def _decidable(record: Instrument, posts: Sequence[Post], bodies: set[UUID]) -> bool:
    """Whether two others of these desks can review and approve it: a draft that nobody may decide would lie for ever."""
    found = [one for one in posts if _reads(one, bodies) and str(one.person_id) not in record.drafter_ids]
    reviewers = {one.person_id for one in found if one.role in REVIEWERS}
    return bool(reviewers) and len({one.person_id for one in found}) >= DECIDERS


def _reads(post: Post, bodies: set[UUID]) -> bool:
    return post.role == roles.OFFICE or post.organisation_id is None or post.organisation_id in bodies


def blind(record: Instrument, codes: list[str]) -> set[UUID]:
    """Of those who hold such a post for its territory, the people who do not read it yet."""
    if not record.desks or record.served_at is not None:
        return set()
    bodies = {UUID(one) for one in record.desks}
    with scope.elevated("who of those that could decide an instrument reads it"):
        posts = holders(Whom(roles=codes, region=record.issuer, industry_bit=record.industry_bit))
    return {one.person_id for one in posts} - {one.person_id for one in posts if _reads(one, bodies)}
