"""Duty lists of an enterprise's posts: written, changed, set aside, acknowledged."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from anlan.chain import rules
from anlan.chain.models import DutyCard
from anlan.chain.needs import Acknowledgement, CardInput
from anlan.chain.wording import card_default
from anlan.identity import roles
from anlan.identity.models import Post
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.text import clean_text
from anlan.kernel.wording import parsed
from anlan.registry.events import STEP
from anlan.registry.models import Enterprise
from anlan.registry.points import points_named

SUBJECT = "duty_card"
FACTS = ("level", "title", "holder_id", "holder_name", "duties", "risks", "emergency", "signed_on", "active")


def _enterprise(actor: Actor, enterprise: UUID) -> Enterprise:
    """Locked, so that two who write its lists wait for each other."""
    found = Enterprise.objects.select_for_update(of=("self",)).filter(pk=enterprise).first()
    if found is None:
        raise NotFound
    if not rules.keeps_cards(actor, found):
        raise Forbidden(_("An enterprise writes its own duty lists."))
    return found


def held_card(actor: Actor, card: UUID) -> DutyCard:
    """For whoever changes a part of it and keeps the rest."""
    return _card(actor, card)[0]


def _card(actor: Actor, card: UUID) -> tuple[DutyCard, Enterprise]:
    owner = DutyCard.objects.filter(pk=card).values_list("enterprise_id", flat=True).first()
    if owner is None:
        raise NotFound
    enterprise = _enterprise(actor, owner)
    return DutyCard.objects.select_for_update(of=("self",)).get(pk=card), enterprise


def add_card(*, actor: Actor, enterprise: UUID, data: CardInput | dict[str, Any]) -> DutyCard:
    """A card for one post and holder; one that was set aside before is taken up again."""
    given = parsed(CardInput, data)
    firm = _enterprise(actor, enterprise)
    old = DutyCard.objects.filter(enterprise=firm, title=given.title, holder_name=given.holder_name).first()
    if old is not None and old.active:
        raise Invalid(fields={"title": [_("This post and person have a card already.")]})
    card = old or DutyCard(id=new_id(), enterprise=firm)
    card.active, card.signed_on = True, None
    _fill(card, firm, given)
    _save(card)
    _note(actor, card, "add_card", data=_facts(card))
    return card


def change_card(*, actor: Actor, card: UUID, data: CardInput | dict[str, Any]) -> DutyCard:
    """What the holder acknowledged must be what the card says: a change asks for a new acknowledgement."""
    given = parsed(CardInput, data)
    found, firm = _card(actor, card)
    before = _facts(found)
    _fill(found, firm, given)
    changes = {name: [before[name], value] for name, value in _facts(found).items() if before[name] != value}
    if not changes:
        return found
    found.signed_on = None
    if before["signed_on"]:
        changes["signed_on"] = [before["signed_on"], None]
    _save(found)
    _note(actor, found, "change_card", changes=changes)
    return found


def end_card(*, actor: Actor, card: UUID) -> DutyCard:
    """The post is no more, or somebody else holds it."""
    found, _firm = _card(actor, card)
    if not found.active:
        raise Conflict(_("This card is set aside already."))
    found.active, found.changed_at = False, clock.now()
    found.save(update_fields=["active", "changed_at"])
    _note(actor, found, "end_card", changes={"active": [True, False]})
    return found


def move_card(*, actor: Actor, card: DutyCard, firm: Enterprise) -> None:
    """The card's enterprise moved: what it says, and that it was acknowledged, stay as they are. The card is locked."""
    was = {"region": card.region, "industry_bit": card.industry_bit}
    card.region, card.industry_bit = firm.region, firm.industry_bit
    changes = {name: [old, new] for name, old in was.items() if old != (new := getattr(card, name))}
    if changes:
        card.save(update_fields=list(changes))
        _note(actor, card, STEP, changes=changes)


def acknowledge(*, actor: Actor, card: UUID, data: Acknowledgement | dict[str, Any] | None = None) -> DutyCard:
    """By the holder, or, for a holder without an account, noted by the safety manager who has the signed paper."""
    given = parsed(Acknowledgement, data or {})
    found, _firm = _card(actor, card)
    signed = given.signed_on or clock.today()
    if not found.active:
        raise Conflict(_("This card is set aside already."))
    if not found.holder_name:
        raise Invalid(_("Nobody holds this card yet."))
    if found.holder_id is not None and found.holder_id != actor.person and not actor.is_system:
        raise Forbidden(_("Whoever has an account acknowledges the card personally."))
    if found.holder_id is None and actor.role == roles.PRINCIPAL:
        raise Forbidden(_("The safety manager notes who signed on paper."))
    if not _sensible(found, signed):
        raise Invalid(fields={"signed_on": [_("A card is acknowledged between the day it was written and today.")]})
    if found.signed_on == signed:
        return found
    before, found.signed_on = found.signed_on, signed
    found.save(update_fields=["signed_on"])
    by = "holder" if found.holder_id else "safety_manager"
    _note(actor, found, "acknowledge", changes={"signed_on": [before, signed]}, data={"by": by})
    return found


def draw_up(*, actor: Actor, enterprise: UUID) -> list[DutyCard]:
    """The first cards of an enterprise from what is known: its principal and its safety managers, with the usual duties."""
    firm = _enterprise(actor, enterprise)
    present = {card.level for card in DutyCard.objects.filter(enterprise=firm, active=True)}
    made = []
    for level, role, name in (
        ("principal", roles.PRINCIPAL, firm.principal_name),
        ("safety_officer", roles.SAFETY_MANAGER, firm.safety_manager_name),
    ):
        if level in present:
            continue
        usual = card_default(level)
        for holder, person in _holders(firm, role) or ([(name, None)] if name else []):
            data = CardInput(
                level=level,
                title=usual.title,
                holder_name=holder,
                holder=person,
                duties=list(usual.duties),
                emergency=usual.emergency,
            )
            made.append(add_card(actor=actor, enterprise=firm.pk, data=data))
    return made


def _holders(firm: Enterprise, role: str) -> list[tuple[str, UUID | None]]:
    from anlan.identity.acting import in_office

    posts = Post.objects.filter(in_office(clock.today()), organisation_id=firm.pk, role=role, person__is_active=True)
    return [(name, person) for name, person in posts.order_by("id").values_list("person__name", "person_id")]


def _sensible(card: DutyCard, signed: date) -> bool:
    return clock.day_of(card.changed_at) <= signed <= clock.today()


def _fill(card: DutyCard, firm: Enterprise, given: CardInput) -> None:
    if given.holder is not None:
        posts = Post.objects.filter(organisation_id=firm.pk, person_id=given.holder)
        name = posts.values_list("person__name", flat=True).first()
        if name is None:
            raise Invalid(fields={"holder": [_("This account holds no post in the enterprise.")]})
        if given.holder_name and given.holder_name != name:
            raise Invalid(fields={"holder_name": [_("The account belongs to %(name)s.") % {"name": name}]})
        given = given.model_copy(update={"holder_name": name})
    card.level, card.title = given.level, given.title
    card.holder_id, card.holder_name = given.holder, given.holder_name
    card.duties = [line for line in (clean_text(one).strip() for one in given.duties) if line]
    card.risks, card.emergency = _own_points(card, firm, given), clean_text(given.emergency)
    card.region, card.industry_bit, card.changed_at = firm.region, firm.industry_bit, clock.now()


def _own_points(card: DutyCard, firm: Enterprise, given: CardInput) -> list[str]:
    """Points in use of the enterprise itself; one that went out of use may stay where it stood."""
    wanted, before = list(dict.fromkeys(given.risks)), set(card.risks)
    known = {one.id for one in points_named(firm.pk, wanted) if one.active or str(one.id) in before}
    if any(one not in known for one in wanted):
        raise Invalid(fields={"risks": [_("The enterprise has no such risk point.")]})
    return [str(one) for one in wanted]


def _save(card: DutyCard) -> None:
    try:
        with transaction.atomic():
            card.save()
    except IntegrityError:
        raise Invalid(fields={"title": [_("This post and person have a card already.")]}) from None


def _facts(card: DutyCard) -> dict[str, Any]:
    return {name: getattr(card, name) for name in FACTS}


def _note(
    actor: Actor,
    card: DutyCard,
    step: str,
    *,
    changes: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    write_note(
        actor=actor,
        subject_type=SUBJECT,
        subject_id=card.pk,
        step=step,
        changes=changes,
        data=data,
        region=card.region,
        industry_bit=card.industry_bit,
        enterprise_id=card.enterprise_id,
    )
