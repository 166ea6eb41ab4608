"""People, posts, organisations and regions for programs: the same verbs as the pages."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from anlan.identity import actions, queries
from anlan.identity.models import ApiToken, Region
from anlan.identity.needs import AccountFacts, NewAccount, NewPost, NewToken, OrganisationFacts, PostEnd, Reason
from anlan.identity.schemas import (
    Me,
    OneTimePassword,
    OrganisationOut,
    OrganisationPage,
    OrganisationsQuestion,
    PeoplePage,
    PeopleQuestion,
    PersonFacts,
    PersonOpened,
    PostFacts,
    RegionFacts,
    RegionList,
    RegionsQuestion,
    TokenFacts,
    TokenList,
    TokenMade,
    organisation_out,
    person_facts,
    post_facts,
    token_facts,
)
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Forbidden, SignInNeeded

router = Router(tags=["people"])


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.person is None:
        raise SignInNeeded
    return actor


def once(request: HttpRequest) -> None:
    """The answer holds a secret: it is not kept for a second sending of the same request."""
    request.secret_answer = True  # type: ignore[attr-defined]


@router.get("me", response=Me, operation_id="me", summary="Who I am, as which post")
def me(request: HttpRequest) -> Me:
    actor = actor_of(request)
    posts = queries.posts_held([actor.person])  # type: ignore[list-item]
    acting = next(post for post in posts if post.pk == actor.post)
    return Me(
        person=acting.person_id,
        name=actor.name,
        username=acting.person.username,
        acting=post_facts(acting),
        posts=[post_facts(post) for post in posts],
    )


@router.get("me/tokens", response=TokenList, operation_id="my_tokens", summary="My API tokens, without their secrets")
def my_tokens(request: HttpRequest) -> TokenList:
    found = ApiToken.objects.filter(person=actor_of(request).person).order_by("-created_at")[:100]
    return TokenList(items=[token_facts(one) for one in found])


@router.post(
    "me/tokens", response={201: TokenMade}, operation_id="make_token", summary="Make a token of my present post"
)
def make_token(request: HttpRequest, data: NewToken) -> Status[TokenMade]:
    """Only from a signed-in browser: a token cannot prolong itself."""
    if getattr(request, "by_token", False):
        raise Forbidden(code="identity.token_makes_token")
    once(request)
    made, secret = actions.issue_token(actor=actor_of(request), data=data)
    return Status(201, TokenMade(id=made.pk, token=secret, expires_at=made.expires_at))


@router.post(
    "me/tokens/{uuid:token}/revoke", response=TokenFacts, operation_id="revoke_token", summary="Revoke a token of mine"
)
def revoke_token(request: HttpRequest, token: UUID) -> TokenFacts:
    return token_facts(actions.revoke_token(actor=actor_of(request), token=token))


@router.get("people", response=PeoplePage, operation_id="people", summary="Accounts of my territory, by name")
def people(request: HttpRequest, asked: Query[PeopleQuestion]) -> PeoplePage:
    filters = queries.PeopleFilter(
        q=asked.q, role=asked.role, region=asked.region, organisation=asked.organisation, state=asked.state
    )
    page = queries.people(actor_of(request), filters, after=asked.cursor, size=asked.limit)
    return PeoplePage(
        items=[person_facts(one, one.posts_now) for one in page.rows],  # type: ignore[attr-defined]
        next=page.next,
    )


@router.post("people", response={201: PersonOpened}, operation_id="open_account", summary="Open an account")
def open_account(request: HttpRequest, data: NewAccount) -> Status[PersonOpened]:
    once(request)
    opened = actions.open_account(actor=actor_of(request), data=data)
    return Status(201, PersonOpened(id=opened.person.pk, password=opened.secret))


@router.get("people/{uuid:person}", response=PersonFacts, operation_id="person", summary="One account")
def person(request: HttpRequest, person: UUID) -> PersonFacts:
    found = queries.person(actor_of(request), person)
    return person_facts(found, queries.posts_held([found.pk]))


@router.put("people/{uuid:person}", response=PersonFacts, operation_id="edit_account", summary="Correct an account")
def edit_account(request: HttpRequest, person: UUID, data: AccountFacts) -> PersonFacts:
    found = actions.edit_account(actor=actor_of(request), person=person, data=data)
    return person_facts(found, queries.posts_held([found.pk]))


@router.post(
    "people/{uuid:person}/reset-password",
    response=OneTimePassword,
    operation_id="reset_password",
    summary="Reset a password",
)
def reset_password(request: HttpRequest, person: UUID) -> OneTimePassword:
    once(request)
    return OneTimePassword(password=actions.reset_password(actor=actor_of(request), person=person))


@router.post("people/{uuid:person}/unlock", response=PersonFacts, operation_id="unlock", summary="Lift a lock")
def unlock(request: HttpRequest, person: UUID) -> PersonFacts:
    found = actions.unlock(actor=actor_of(request), person=person)
    return person_facts(found, queries.posts_held([found.pk]))


@router.post(
    "people/{uuid:person}/deactivate", response=PersonFacts, operation_id="deactivate", summary="Close an account"
)
def deactivate(request: HttpRequest, person: UUID, data: Reason) -> PersonFacts:
    found = actions.deactivate(actor=actor_of(request), person=person, data=data)
    return person_facts(found, queries.posts_held([found.pk]))


@router.post(
    "people/{uuid:person}/reactivate",
    response=OneTimePassword,
    operation_id="reactivate",
    summary="Open a closed account again",
)
def reactivate(request: HttpRequest, person: UUID, data: Reason) -> OneTimePassword:
    once(request)
    return OneTimePassword(password=actions.reactivate(actor=actor_of(request), person=person, data=data))


@router.post(
    "people/{uuid:person}/posts",
    response={201: PostFacts},
    operation_id="give_post",
    summary="Put somebody into office",
)
def give_post(request: HttpRequest, person: UUID, data: NewPost) -> Status[PostFacts]:
    return Status(201, post_facts(actions.give_post(actor=actor_of(request), person=person, data=data)))


@router.post("posts/{uuid:post}/end", response=PostFacts, operation_id="end_post", summary="End a post")
def end_post(request: HttpRequest, post: UUID, data: PostEnd) -> PostFacts:
    return post_facts(actions.end_post(actor=actor_of(request), post=post, data=data))


@router.get("organisations", response=OrganisationPage, operation_id="organisations", summary="Organisations, by name")
def organisations(request: HttpRequest, asked: Query[OrganisationsQuestion]) -> OrganisationPage:
    page = queries.organisations(actor_of(request), q=asked.q, kind=asked.kind, region=asked.region, after=asked.cursor)
    return OrganisationPage(items=[organisation_out(one) for one in page.rows], next=page.next)


@router.post(
    "organisations", response={201: OrganisationOut}, operation_id="create_organisation", summary="Add an organisation"
)
def create_organisation(request: HttpRequest, data: OrganisationFacts) -> Status[OrganisationOut]:
    return Status(201, organisation_out(actions.create_organisation(actor=actor_of(request), data=data)))


@router.put(
    "organisations/{uuid:organisation}",
    response=OrganisationOut,
    operation_id="edit_organisation",
    summary="Change an organisation",
)
def edit_organisation(request: HttpRequest, organisation: UUID, data: OrganisationFacts) -> OrganisationOut:
    return organisation_out(actions.edit_organisation(actor=actor_of(request), organisation=organisation, data=data))


@router.get("regions", response=RegionList, operation_id="regions", summary="Administrative divisions below one")
def regions(request: HttpRequest, asked: Query[RegionsQuestion]) -> RegionList:
    actor_of(request)
    found = Region.objects.filter(parent_id=asked.parent).order_by("code")[:1000]
    return RegionList(
        items=[
            RegionFacts(code=one.code, name=one.name, level=one.level, parent=one.parent_id, lon=one.lon, lat=one.lat)
            for one in found
        ]
    )
