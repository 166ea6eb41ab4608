"""Accounts of citizens: made, found, merged. They lie in region 0, so that no official's territory takes them in."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from anlan.channels import outgoing, templates
from anlan.identity import tokens
from anlan.identity.events import CitizensMerged
from anlan.identity.history import NOWHERE
from anlan.identity.models import ApiToken, Citizen, Person, Post, WechatAccount
from anlan.identity.needs_citizens import MyFacts, Subscription
from anlan.identity.roles import CITIZEN
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import mask_phone
from anlan.kernel.errors import Forbidden, Invalid
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import IdempotencyKey
from anlan.kernel.wording import parsed


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the platform knows of a citizen. `phone` in full: for sealing and telling, never for showing."""

    person: UUID
    name: str
    phone: str
    guest: bool
    named: bool
    """They gave their real name; `verified` when somebody vouched for it."""
    verified: bool
    large_type: bool
    language: str
    openid: str

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)


def known(person: UUID) -> Known | None:
    """A citizen's account; None when it is no citizen's, or gone."""
    with scope.acting(SYSTEM):
        row = Citizen.objects.select_related("person").filter(pk=person).first()
        wechat = WechatAccount.objects.filter(person_id=person).order_by("-at").first() if row else None
    if row is None:
        return None
    return Known(
        person=row.pk,
        name=row.person.name,
        phone=row.phone,
        guest=row.guest,
        named=bool(row.id_digest),
        verified=row.verified_at is not None,
        large_type=row.large_type,
        language=row.person.language,
        openid=wechat.openid if wechat else "",
    )


def open_guest() -> Post:
    """An account of which nothing is known: for whoever reports without a name."""
    with scope.acting(SYSTEM):
        return make(guest=True)


def with_phone(phone: str) -> Post:
    """The post of the account with this number, made when there is none. Two at once get the same."""
    found = _post(Citizen.objects.filter(phone=phone))
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return make(phone=phone)
    except IntegrityError:
        return Post.objects.select_related("person").get(person__citizen__phone=phone)


def _post(citizens: Any) -> Post | None:
    return Post.objects.select_related("person").filter(person__citizen__in=citizens).first()


def make(*, phone: str = "", guest: bool = False) -> Post:
    """A new account with its one post."""
    now = clock.now()
    person = Person(id=new_id(), name="", phone=phone, region=NOWHERE, created_at=now)
    person.username = f"c-{person.pk.hex}"
    person.set_unusable_password()
    person.save(force_insert=True)
    Citizen.objects.bulk_create(
        [Citizen(person=person, phone=phone, guest=guest, seen_on=clock.today(), created_at=now)]
    )
    post = Post(
        id=new_id(), person=person, role=CITIZEN, region=NOWHERE, valid_from=clock.today(), created_at=now, industries=0
    )
    post.save(force_insert=True)
    note(person.pk, "open_account")
    return post


def seen(person: UUID) -> None:
    """They were here today: an account in use is not forgotten."""
    with scope.acting(SYSTEM):
        Citizen.objects.filter(pk=person).exclude(seen_on=clock.today()).update(seen_on=clock.today())


def merge(*, kept: UUID, gone: UUID) -> None:
    """One citizen's two accounts become one. The rooms move what is theirs in the same transaction."""
    if kept == gone:
        return
    CitizensMerged(kept=kept, gone=gone).emit()
    WechatAccount.objects.filter(person_id=gone).update(person_id=kept)
    remove(gone)
    note(kept, "merge_accounts")


def remove(person: UUID) -> None:
    """Take an account away with all that hangs on it here."""
    IdempotencyKey.objects.filter(person_id=person).delete()
    ApiToken.objects.filter(person_id=person).delete()
    Post.objects.filter(person_id=person).delete()
    Person.objects.filter(pk=person).delete()


def edit_me(*, actor: Actor, data: MyFacts | dict[str, Any]) -> Known:
    """What citizens set for themselves; a name that was given with an identity number stays."""
    person = own(actor)
    facts = parsed(MyFacts, data)
    with scope.acting(SYSTEM):
        row = held(person)
        if facts.name is not None and facts.name != row.person.name:
            if row.id_digest:
                raise Invalid(
                    fields={
                        "name": [
                            _("Your name was given together with your identity number; it cannot be changed here.")
                        ]
                    }
                )
            row.person.name = facts.name
        if facts.language is not None:
            row.person.language = facts.language
        if facts.large_type is not None:
            row.large_type = facts.large_type
        row.person.save(update_fields=["name", "language"])
        row.save(update_fields=["large_type"])
    return _certainly(person)


def subscribe(*, actor: Actor, data: Subscription | dict[str, Any]) -> None:
    """They accepted, or refused, one more message of a kind in the mini-program."""
    person = own(actor)
    facts = parsed(Subscription, data)
    kind = templates.of_wechat_id(facts.template) or templates.template(facts.template)
    if kind is None or not kind.wechat:
        raise Invalid(fields={"template": [_("There is no such message.")]})
    with scope.acting(SYSTEM):
        account = WechatAccount.objects.filter(person_id=person).order_by("-at").first()
        if account is None:
            raise Forbidden(_("Sign in with WeChat first."), code="citizen.no_wechat")
        if facts.accepted:
            outgoing.accept(openid=account.openid, template=kind.name, long_term=facts.long_term)
        else:
            outgoing.refuse(openid=account.openid, template=kind.name)


def give_up_token(actor: Actor, header: str) -> None:
    """Sign a device out: its token is worth nothing from now on."""
    person = own(actor)
    digest = tokens.digest(header.removeprefix("Bearer ").strip())
    ApiToken.objects.filter(person_id=person, digest=digest).delete()


def held(person: UUID) -> Citizen:
    """The account, locked. One that an administrator opened as somebody's post is not kept here."""
    row = Citizen.objects.select_for_update(of=("self",)).select_related("person").filter(pk=person).first()
    if row is None:
        raise Forbidden
    return row


def own(actor: Actor) -> UUID:
    """The citizen who acts; nobody else has an account of this kind."""
    if actor.role != CITIZEN or actor.person is None:
        raise Forbidden
    return actor.person


def _certainly(person: UUID) -> Known:
    found = known(person)
    if found is None:
        raise Forbidden
    return found


def note(person: UUID, step: str, **data: Any) -> None:
    """The ledger's entry: that it happened to an account, not whose. It lies nowhere, so no official reads it."""
    write_note(actor=Actor(role=CITIZEN), subject_type="citizen", subject_id=person, step=step, data=data)
