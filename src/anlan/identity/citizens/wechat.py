"""Signing in from the mini-program: WeChat says who it is, the phone button which number; the answer is a token."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from anlan.channels import wechat
from anlan.channels.wechat import Opened
from anlan.identity import tokens
from anlan.identity.citizens import accounts
from anlan.identity.models import ApiToken, Citizen, Person, Post, WechatAccount
from anlan.identity.needs_citizens import WechatSignIn
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.codes import CodeError, parse_mobile
from anlan.kernel.ids import new_id
from anlan.kernel.wording import parsed

TOKEN_DAYS, TOKEN_NAME, MOST_TOKENS = 30, "miniprogram", 5


def sign_in_by_wechat(*, data: WechatSignIn | dict[str, Any], guest: UUID | None = None) -> tuple[Post, str]:
    """The citizen's post and a token for it. WeChat is asked before anything is locked."""
    facts = parsed(WechatSignIn, data)
    opened = wechat.open_session(facts.code)
    phone = _mobile(wechat.phone_number(facts.phone_code)) if facts.phone_code else ""
    with scope.acting(SYSTEM):
        post = _find(opened, phone)
        if guest is not None and Citizen.objects.filter(pk=guest, guest=True).exists():
            accounts.merge(kept=post.person_id, gone=guest)
        secret = lend_token(post)
    accounts.seen(post.person_id)
    return post, secret


def lend_token(post: Post) -> str:
    """A token for a device; the oldest beyond a handful is given up."""
    held = ApiToken.objects.filter(post_id=post.pk, name=TOKEN_NAME).order_by("-created_at")
    ApiToken.objects.filter(pk__in=list(held.values_list("pk", flat=True)[MOST_TOKENS - 1 :])).delete()
    return tokens.issue_token(post=post, name=TOKEN_NAME, expires_at=clock.now() + timedelta(days=TOKEN_DAYS))


def _find(opened: Opened, phone: str) -> Post:
    account = WechatAccount.objects.select_for_update().filter(openid=opened.openid).first()
    if account is None:
        post = accounts.with_phone(phone) if phone else accounts.make()
        return _bind(post, opened)
    if phone:
        _take_phone(account, phone)
    return Post.objects.select_related("person").get(person_id=account.person_id)


def _bind(post: Post, opened: Opened) -> Post:
    """Two calls that bring the same new account at once find each other at its unique number."""
    try:
        with transaction.atomic():
            WechatAccount.objects.bulk_create(
                [
                    WechatAccount(
                        id=new_id(),
                        person_id=post.person_id,
                        openid=opened.openid,
                        unionid=opened.unionid,
                        at=clock.now(),
                    )
                ]
            )
    except IntegrityError:
        first = Post.objects.select_related("person").get(
            person_id=WechatAccount.objects.values_list("person_id", flat=True).get(openid=opened.openid)
        )
        if not Citizen.objects.filter(pk=post.person_id).exclude(phone="").exists():
            accounts.remove(post.person_id)  # made a moment ago, for nobody
        return first
    return post


def _take_phone(account: WechatAccount, phone: str) -> None:
    """A number nobody has is written down; one that has an account of its own makes the two accounts one."""
    mine = Citizen.objects.select_for_update().get(pk=account.person_id)
    if mine.phone == phone:
        return
    other = Citizen.objects.select_for_update().filter(phone=phone).first()
    if other is None:
        mine.phone = phone
        mine.save(update_fields=["phone"])
        Person.objects.filter(pk=mine.pk).update(phone=phone)
    elif not mine.phone:
        accounts.merge(kept=other.pk, gone=mine.pk)
        account.person_id = other.pk


def _mobile(text: str) -> str:
    """Only numbers that text messages reach; a foreign one is no reason to refuse the sign-in."""
    try:
        return parse_mobile(text)
    except CodeError:
        return ""
