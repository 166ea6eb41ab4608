"""Citizens' sign-in and their own account, for the web app and the mini-program."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Query, Router, Status

from anlan.channels import templates
from anlan.identity import citizens, floods
from anlan.identity.citizen_sessions import enter, leave
from anlan.identity.citizens import Known, accounts
from anlan.identity.citizens.wechat import lend_token
from anlan.identity.needs_citizens import (
    CodeAsked,
    GuestSignIn,
    MyFacts,
    PhoneSignIn,
    RealName,
    Subscription,
    WechatSignIn,
)
from anlan.identity.roles import CITIZEN
from anlan.identity.schemas_citizens import (
    AccountClosed,
    CitizenEntered,
    CitizenMe,
    CitizenTemplates,
    CitizenToken,
    ClosingCode,
    CodeSent,
    GuestQuestion,
    citizen_me,
)
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.errors import Forbidden, SignInNeeded

router = Router(tags=["citizens"])


def citizen_of(request: HttpRequest) -> Actor:
    """The citizen who asks. An official's session is none: they would report under their post."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.role != CITIZEN or actor.person is None:
        raise SignInNeeded
    return actor


@router.post(
    "citizen/codes", response={202: CodeSent}, auth=None, operation_id="citizen_code", summary="Send a code to a phone"
)
def send_code(request: HttpRequest, data: CodeAsked) -> Status[CodeSent]:
    """The answer is the same whether the number is known or not."""
    floods.check("code", request, phone=data.phone, proof=data.proof)
    asked = citizens.ask_code(data=data, language=_language(request))
    return Status(202, CodeSent(wait_seconds=asked.wait_seconds, valid_seconds=asked.valid_seconds))


@router.post(
    "citizen/sign-in",
    response=CitizenEntered,
    auth=None,
    operation_id="citizen_sign_in",
    summary="Sign in by phone and code",
)
def sign_in(request: HttpRequest, data: PhoneSignIn) -> CitizenEntered:
    _from_our_pages(request)
    floods.check("sign_in", request, phone=data.phone)
    post = citizens.sign_in_by_phone(data=data, guest=_guest(request))
    enter(request, post)
    return CitizenEntered(person=_me(post.person_id), csrf=get_token(request))


@router.post(
    "citizen/wechat",
    response=CitizenToken,
    auth=None,
    operation_id="citizen_wechat",
    summary="Sign in from the mini-program",
)
def wechat(request: HttpRequest, data: WechatSignIn) -> CitizenToken:
    """`code` is wx.login's, `phone_code` the phone button's. The token acts for 30 days."""
    floods.check("wechat", request)
    post, secret = citizens.sign_in_by_wechat(data=data, guest=_guest(request))
    return CitizenToken(token=secret, person=_me(post.person_id))


@router.post(
    "citizen/guest",
    response=CitizenEntered | CitizenToken,
    auth=None,
    operation_id="citizen_guest",
    summary="Begin without a name",
)
def guest(request: HttpRequest, data: GuestSignIn, asked: Query[GuestQuestion]) -> Any:
    """Costs a proof of work. With `token=1` a token is given instead of a session."""
    if not asked.token:
        _from_our_pages(request)
        if _present(request) is not None:
            return CitizenEntered(person=_me(citizen_of(request).person), csrf=get_token(request))
    floods.check("guest", request, proof=data.proof)
    post = citizens.open_guest()
    if asked.token:
        with scope.acting(SYSTEM):
            return CitizenToken(token=lend_token(post), person=_me(post.person_id))
    enter(request, post)
    return CitizenEntered(person=_me(post.person_id), csrf=get_token(request))


@router.get("citizen/me", response=CitizenMe, operation_id="citizen_me", summary="My account")
def me(request: HttpRequest) -> CitizenMe:
    actor = citizen_of(request)
    accounts.seen(actor.person)  # type: ignore[arg-type]
    return _me(actor.person)


@router.patch("citizen/me", response=CitizenMe, operation_id="edit_citizen_me", summary="Change my account")
def edit_me(request: HttpRequest, data: MyFacts) -> CitizenMe:
    return citizen_me(citizens.edit_me(actor=citizen_of(request), data=data))


@router.delete(
    "citizen/me",
    response={200: AccountClosed, 204: None},
    operation_id="close_citizen_account",
    summary="Close my account",
)
def close(request: HttpRequest) -> Status[AccountClosed] | Status[None]:
    """
    Name, phone, WeChat, sessions and tokens are removed at once. Reports stay, without anybody. Where something is still owed,
    the answer is 200 with the codes that open it from now on; it is given once.
    """
    actor = citizen_of(request)
    request.keeps_own_answer = True  # type: ignore[attr-defined] # the codes are kept by nobody but their owner
    codes = citizens.close_account(actor=actor)
    if not getattr(request, "by_token", False):
        leave(request)
    if not codes:
        return Status(204, None)
    return Status(200, AccountClosed(codes=[ClosingCode(number=one.number, code=one.code) for one in codes]))


@router.post("citizen/me/real-name", response=CitizenMe, operation_id="citizen_real_name", summary="Give my real name")
def real_name(request: HttpRequest, data: RealName) -> CitizenMe:
    """The number is compared and forgotten; a keyed digest and its last four characters stay."""
    actor = citizen_of(request)
    floods.check("real_name", request)
    return citizen_me(citizens.check_real_name(actor=actor, data=data))


@router.post("citizen/sign-out", response={204: None}, operation_id="citizen_sign_out", summary="Sign out")
def sign_out(request: HttpRequest) -> Status[None]:
    actor = citizen_of(request)
    if getattr(request, "by_token", False):
        accounts.give_up_token(actor, request.headers.get("Authorization", ""))
    else:
        leave(request)
    return Status(204, None)


@router.get(
    "citizen/me/wechat-subscriptions",
    response=CitizenTemplates,
    operation_id="citizen_templates",
    summary="Messages that can be accepted",
)
def subscriptions(request: HttpRequest) -> CitizenTemplates:
    citizen_of(request)
    return CitizenTemplates(templates=templates.offered())


@router.post(
    "citizen/me/wechat-subscriptions",
    response={204: None},
    operation_id="citizen_subscribe",
    summary="Accept one more message of a kind",
)
def subscribe(request: HttpRequest, data: Subscription) -> Status[None]:
    citizens.subscribe(actor=citizen_of(request), data=data)
    return Status(204, None)


def _me(person: UUID | None) -> CitizenMe:
    found: Known | None = citizens.known(person) if person else None
    if found is None:
        raise SignInNeeded
    return citizen_me(found)


def _present(request: HttpRequest) -> Actor | None:
    actor: Actor | None = getattr(request, "actor", None)
    return actor if actor is not None and actor.role == CITIZEN else None


def _guest(request: HttpRequest) -> UUID | None:
    """Whoever asks now, by session or token, when they are only a guest; the verb looks again."""
    actor = _present(request)
    return actor.person if actor else None


def _language(request: HttpRequest) -> str:
    return "en" if str(getattr(request, "LANGUAGE_CODE", "")).startswith("en") else ""


def _from_our_pages(request: HttpRequest) -> None:
    """
    What opens a session is only taken from our own pages: another site could else sign a visitor in to an account of its own
    and read what they report there.
    """
    origin = request.headers.get("Origin", "")
    strange = origin and urlsplit(origin).netloc != request.get_host()
    if strange or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden(code="csrf")
