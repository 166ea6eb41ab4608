"""Duty cards of enterprises for programs: the same verbs as the pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Query, Router, Status

from anlan.chain import actions, queries, rules
from anlan.chain.card_schemas import (
    CardFacts,
    CardList,
    CardPatch,
    CardsQuestion,
    CoverageList,
    CoverageQuestion,
    NewCard,
    card_facts,
    coverage_facts,
)
from anlan.chain.needs import Acknowledgement
from anlan.identity.asking import reader_of
from anlan.kernel.errors import Forbidden
from anlan.registry.queries import enterprise as enterprise_of

router = Router(tags=["chain"])
TODAY: Any = Body(default_factory=Acknowledgement)


@router.get(
    "enterprises/{enterprise_id}/duty-cards",
    response=CardList,
    operation_id="duty_cards",
    summary="The duty cards of an enterprise",
)
def list_cards(request: HttpRequest, enterprise_id: UUID, asked: Query[CardsQuestion]) -> CardList:
    """From the principal down; those set aside only when asked for, after those in use."""
    reader_of(request)
    found = queries.cards(enterprise_of(enterprise_id).pk, ended=asked.ended)
    return CardList(items=[card_facts(one) for one in found])


@router.post(
    "enterprises/{enterprise_id}/duty-cards",
    response={201: CardFacts},
    operation_id="duty_card_add",
    summary="Write a duty card",
)
def add_card(request: HttpRequest, enterprise_id: UUID, data: NewCard) -> Status[CardFacts]:
    """By the enterprise's own people. One post and holder has one card; one that was set aside before is taken up again."""
    made = actions.add_card(actor=reader_of(request), enterprise=enterprise_id, data=data)
    return Status(201, card_facts(made))


@router.post(
    "enterprises/{enterprise_id}/duty-cards/draw-up",
    response=CardList,
    operation_id="duty_cards_draw_up",
    summary="Draw up the first cards",
)
def draw_up(request: HttpRequest, enterprise_id: UUID) -> CardList:
    """For the principal and the safety managers that are known, with the usual duties; what there is already stays."""
    made = actions.draw_up(actor=reader_of(request), enterprise=enterprise_id)
    return CardList(items=[card_facts(one) for one in made])


@router.get("duty-cards/{uuid:card_id}", response=CardFacts, operation_id="duty_card", summary="One duty card")
def get_card(request: HttpRequest, card_id: UUID) -> CardFacts:
    reader_of(request)
    return card_facts(queries.card(card_id))


@router.patch(
    "duty-cards/{uuid:card_id}", response=CardFacts, operation_id="duty_card_change", summary="Change a duty card"
)
def change_card(request: HttpRequest, card_id: UUID, data: CardPatch) -> CardFacts:
    """Fields that are absent stay as they are. Whoever acknowledged it must acknowledge the changed card again."""
    actor = reader_of(request)
    known = actions.held_card(actor, card_id)
    sent = data.model_dump(exclude_unset=True)
    plain = ("level", "title", "holder_name", "duties", "risks", "emergency")
    whole = {name: getattr(known, name) for name in plain} | {"holder": known.holder_id}
    if "holder_name" in sent and sent["holder_name"] != known.holder_name:
        whole["holder"] = None  # another name is another person
    if "holder" in sent and sent["holder"] != known.holder_id:
        whole["holder_name"] = ""  # the account's own name
    return card_facts(actions.change_card(actor=actor, card=card_id, data=whole | sent))


@router.post(
    "duty-cards/{uuid:card_id}/acknowledge",
    response=CardFacts,
    operation_id="duty_card_acknowledge",
    summary="Acknowledge a duty card",
)
def acknowledge(request: HttpRequest, card_id: UUID, data: Acknowledgement = TODAY) -> CardFacts:
    """By the holder; for a holder without an account by the safety manager, who has the signed paper."""
    return card_facts(actions.acknowledge(actor=reader_of(request), card=card_id, data=data))


@router.post(
    "duty-cards/{uuid:card_id}/end", response=CardFacts, operation_id="duty_card_end", summary="Set a duty card aside"
)
def end_card(request: HttpRequest, card_id: UUID) -> CardFacts:
    """The post is no more, or somebody else holds it. The record stays."""
    return card_facts(actions.end_card(actor=reader_of(request), card=card_id))


@router.get(
    "chain/coverage",
    response=CoverageList,
    operation_id="duty_cards_coverage",
    summary="How far enterprises have come with their duty cards",
)
def coverage(request: HttpRequest, asked: Query[CoverageQuestion]) -> CoverageList:
    """County by county, of the post's own territory and fields."""
    actor = reader_of(request)
    if not rules.reads_chain(actor):
        raise Forbidden
    return CoverageList(items=[coverage_facts(one) for one in queries.coverage(actor, region=asked.region)])
