"""Who acts: one person as one post, with what that post may see."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

EVERYWHERE = ((0, 1_000_000_000_000),)
ALL_INDUSTRIES = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One person acting as one post.

    `regions` are half-open ranges of 12-digit region codes; `industries` is a bit mask (-1: all); `enterprises` are
    the ids an enterprise post answers for. A citizen has none of them and sees what carries their person id.
    """

    person: UUID | None = None
    name: str = ""
    post: UUID | None = None
    post_label: str = ""
    role: str = ""
    region: int | None = None
    regions: tuple[tuple[int, int], ...] = ()
    industries: int = 0
    enterprises: tuple[UUID, ...] = ()
    audits: bool = False
    """Reads entries of its regions that belong to no industry: accounts, posts, settings."""
    organisation: UUID | None = None
    organisation_name: str = ""
    desk: str = ""
    """Which of its territory's citizens' reports it sees whatever their field: "all", those found true ("verified"), none."""
    fieldless: bool = False
    """Serves a territory but no supervision field: the database shows it no record of one."""
    ip: str | None = None
    client_at: datetime | None = None

    def covers(self, region: int, industry_bit: int | None = None) -> bool:
        """Whether this post's territory and industries take in a record of that region and industry."""
        inside = any(low <= region < high for low, high in self.regions)
        return inside and (industry_bit is None or bool((self.industries >> industry_bit) & 1))

    @property
    def is_system(self) -> bool:
        return self.role == "system"

    @property
    def veiled(self) -> bool:
        """Whose acts are kept without their person: a citizen who reports is known by the sealed record alone."""
        return self.role == "citizen"

    def from_ip(self, ip: str | None) -> "Actor":
        return replace(self, ip=ip)


CLOCK = Actor(
    role="system",
    name="clock",
    post_label="clock",
    regions=EVERYWHERE,
    industries=ALL_INDUSTRIES,
    audits=True,
    desk="all",
)
SYSTEM = Actor(
    role="system",
    name="system",
    post_label="system",
    regions=EVERYWHERE,
    industries=ALL_INDUSTRIES,
    audits=True,
    desk="all",
)
