"""Who holds a post somewhere: asked by rooms that must tell somebody, and by pages that name who is waited for."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import F

from anlan.identity.acting import in_office
from anlan.identity.models import Post
from anlan.kernel import clock
from anlan.kernel.codes import ancestors

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Whom:
    """
    Posts in office whose territory and industries take in a record at `region`; with `enterprise`, that enterprise's.

    `nearest` keeps only the closest level that has anybody, the people of `besides` not counted.
    """

    roles: Sequence[str]
    region: int
    industry_bit: int | None = None
    enterprise: UUID | None = None
    nearest: bool = False
    besides: Collection[UUID | None] = ()

    def pick(self, found: Sequence[tuple[int, UUID, T]]) -> list[T]:
        """Of (region, person, post) ordered from the closest territory up, those that are meant."""
        rows = [row for row in found if row[1] not in self.besides]
        if self.nearest and self.enterprise is None:
            # A code ends in more zeros the higher it stands, so among ancestors the greater code is the closer one.
            rows = [row for row in rows if row[0] == rows[0][0]]
        return [post for _region, _person, post in rows]


def holders(whom: Whom) -> list[Post]:
    """
    The posts with their people, for naming them. Recipients mostly lie beyond the actor's own scope: call inside
    `scope.elevated(reason)`.
    """
    found = Post.objects.filter(in_office(clock.today()), role__in=whom.roles, person__is_active=True)
    if whom.enterprise is not None:
        found = found.filter(organisation_id=whom.enterprise)
    else:
        found = found.filter(region__in=[whom.region, *ancestors(whom.region)])
        if whom.industry_bit is not None:
            found = found.annotate(fits=F("industries").bitand(1 << whom.industry_bit)).exclude(fits=0)
    posts = found.select_related("person", "organisation").order_by("-region", "valid_from", "id")
    return whom.pick([(post.region, post.person_id, post) for post in posts])


def reach(whom: Whom) -> list[tuple[UUID, UUID]]:
    """(person, post) of the same posts, for telling them: numbers only, and so without elevation."""
    parameters: list[Any] = [
        list(whom.roles),
        [whom.region, *ancestors(whom.region)],
        whom.industry_bit,
        whom.enterprise,
        clock.today(),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT region, person, post FROM anlan_holders(%s::text[], %s::bigint[], %s::int, %s::uuid, %s::date)",
            parameters,
        )
        rows = cursor.fetchall()
    return whom.pick([(region, person, (person, post)) for region, person, post in rows])


_FUNCTION = """
CREATE OR REPLACE FUNCTION anlan_holders(
  wanted text[], regions bigint[], field int, enterprise uuid, day date
) RETURNS TABLE (region bigint, person uuid, post uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
BEGIN
  IF enterprise IS NOT NULL THEN
    RETURN QUERY SELECT p.region, p.person_id, p.id FROM identity_post p JOIN identity_person a ON a.id = p.person_id
      WHERE p.organisation_id = enterprise AND p.role = ANY (wanted) AND a.is_active
        AND p.valid_from <= day AND (p.valid_to IS NULL OR p.valid_to >= day)
      ORDER BY p.region DESC, p.valid_from, p.id;
  ELSE
    RETURN QUERY SELECT p.region, p.person_id, p.id FROM identity_post p JOIN identity_person a ON a.id = p.person_id
      WHERE p.role = ANY (wanted) AND p.region = ANY (regions) AND a.is_active
        AND (field IS NULL OR p.industries & (1::bigint << field) <> 0)
        AND p.valid_from <= day AND (p.valid_to IS NULL OR p.valid_to >= day)
      ORDER BY p.region DESC, p.valid_from, p.id;
  END IF;
END $body$
"""


def guards() -> Iterator[str]:
    """The function, for `kernel.guards`: it tells numbers of posts and people beyond the asker's scope, and nothing else."""
    yield _FUNCTION
    yield "REVOKE ALL ON FUNCTION anlan_holders(text[], bigint[], int, uuid, date) FROM PUBLIC"
    yield "GRANT EXECUTE ON FUNCTION anlan_holders(text[], bigint[], int, uuid, date) TO anlan_app"
