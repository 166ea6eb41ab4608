"""The JSON shapes of identity."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from anlan.identity.acting import post_label
from anlan.identity.models import ApiToken, Organisation, Person, Post
from anlan.identity.needs import Region
from anlan.kernel.api import CursorText, Limit, Output, Question
from anlan.kernel.codes import mask_phone


class PostFacts(Output):
    """`industries` is a bit mask, -1 means all; the days are included."""

    id: UUID
    person: UUID
    role: str
    label: str
    title: str
    region: int
    industries: int
    organisation: UUID | None
    valid_from: date
    valid_to: date | None


class Me(Output):
    """Who asks, as which post, and what else they could act as."""

    person: UUID
    name: str
    username: str
    acting: PostFacts
    posts: list[PostFacts]


class PersonFacts(Output):
    id: UUID
    name: str
    username: str
    phone: str = Field(description="With the middle hidden.")
    certificate: str
    active: bool
    must_change_password: bool
    last_sign_in: datetime | None
    posts: list[PostFacts] = Field(description="In office today.")


class PersonOpened(Output):
    id: UUID
    password: str = Field(description="One-time password: given this once, works for seven days.")


class OneTimePassword(Output):
    password: str = Field(description="Given this once, works for seven days.")


class PeoplePage(Output):
    items: list[PersonFacts]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


class OrganisationOut(Output):
    id: UUID
    name: str
    kind: str
    region: int
    parent: UUID | None
    industries: int
    phone: str
    active: bool


class OrganisationPage(Output):
    items: list[OrganisationOut]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


class RegionFacts(Output):
    code: int
    name: str
    level: str
    parent: int | None
    lon: float | None
    lat: float | None


class RegionList(Output):
    items: list[RegionFacts]


class TokenFacts(Output):
    id: UUID
    name: str
    post: UUID
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenList(Output):
    items: list[TokenFacts]


class TokenMade(Output):
    id: UUID
    token: str = Field(description="Given this once.")
    expires_at: datetime | None


class PeopleQuestion(Question):
    q: Annotated[str, Field(max_length=60, description="Part of a name or username, or how a phone begins.")] = ""
    role: Annotated[str, Field(max_length=20)] = ""
    region: Region | None = None
    organisation: UUID | None = None
    state: Literal["", "open", "closed"] = ""
    limit: Limit = 50
    cursor: CursorText = ""


class OrganisationsQuestion(Question):
    q: Annotated[str, Field(max_length=120)] = ""
    kind: Annotated[str, Field(max_length=12)] = ""
    region: Region | None = None
    cursor: CursorText = ""


class RegionsQuestion(Question):
    parent: Region | None = Field(default=None, description="The region above; left out: the topmost.")


def post_facts(post: Post) -> PostFacts:
    return PostFacts(
        id=post.pk,
        person=post.person_id,
        role=post.role,
        label=post_label(post),
        title=post.title,
        region=post.region,
        industries=post.industries,
        organisation=post.organisation_id,
        valid_from=post.valid_from,
        valid_to=post.valid_to,
    )


def person_facts(person: Person, posts: list[Post]) -> PersonFacts:
    return PersonFacts(
        id=person.pk,
        name=person.name,
        username=person.username,
        phone=mask_phone(person.phone),
        certificate=person.certificate,
        active=person.is_active,
        must_change_password=person.must_change_password,
        last_sign_in=person.last_login,
        posts=[post_facts(post) for post in posts],
    )


def organisation_out(one: Organisation) -> OrganisationOut:
    return OrganisationOut(
        id=one.pk,
        name=one.name,
        kind=one.kind,
        region=one.region,
        parent=one.parent_id,
        industries=one.industries,
        phone=one.phone,
        active=one.active,
    )


def token_facts(one: ApiToken) -> TokenFacts:
    return TokenFacts(
        id=one.pk,
        name=one.name,
        post=one.post_id,
        created_at=one.created_at,
        expires_at=one.expires_at,
        last_used_at=one.last_used_at,
        revoked_at=one.revoked_at,
    )
