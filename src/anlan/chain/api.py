"""Responsibility chain for programs: the same verbs as the pages."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from anlan.chain import actions, card_api, queries, rules
from anlan.chain.needs import DutyChange, DutyEnd
from anlan.chain.schemas import (
    ChainList,
    CheckQuestion,
    CheckResult,
    DutiesQuestion,
    DutyFacts,
    DutyPage,
    HandedOver,
    NewDuty,
    NewHandOver,
    facts_of,
    fault_of,
    link_of,
)
from anlan.identity import roles
from anlan.identity.asking import actor_of
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.api import cursor, read_cursor
from anlan.kernel.errors import Forbidden
from anlan.registry.queries import enterprise as enterprise_of

router = Router(tags=["chain"])
router.add_router("", card_api.router)


def reader_of(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not rules.reads_chain(actor):
        raise Forbidden
    return actor


@router.get("duties", response=DutyPage, operation_id="duties", summary="List duties")
def list_duties(request: HttpRequest, asked: Query[DutiesQuestion]) -> DutyPage:
    """By place; of the whole territory and of the fields this post supervises."""
    after = read_cursor(asked.cursor, int, UUID) if asked.cursor else None
    page = queries.duties(
        reader_of(request), asked.filters, after=(after[0], after[1]) if after else None, limit=asked.limit
    )
    return DutyPage(items=[facts_of(one) for one in page.rows], next=cursor(*page.after) if page.after else None)


@router.post("duties", response={201: DutyFacts}, operation_id="give_duty", summary="Give a duty")
def give_duty(request: HttpRequest, data: NewDuty) -> Status[DutyFacts]:
    """By the committee office of the territory. Overlaps are not refused: the check tells of them."""
    given = data.model_dump(exclude={"id"})
    return Status(201, facts_of(actions.give_duty(actor=actor_of(request), data=given, id=data.id)))


@router.get("duties/{uuid:duty_id}", response=DutyFacts, operation_id="duty", summary="One duty")
def get_duty(request: HttpRequest, duty_id: UUID) -> DutyFacts:
    reader_of(request)
    return facts_of(queries.duty(duty_id))


@router.post(
    "duties/{uuid:duty_id}/change", response=DutyFacts, operation_id="change_duty", summary="Change who has a duty"
)
def change_duty(request: HttpRequest, duty_id: UUID, data: DutyChange) -> DutyFacts:
    """With `since` the old duty ends the day before and a new one is answered; without it the entry is corrected."""
    return facts_of(actions.change_duty(actor=actor_of(request), duty=duty_id, data=data))


@router.post("duties/{uuid:duty_id}/end", response=DutyFacts, operation_id="end_duty", summary="End a duty")
def end_duty(request: HttpRequest, duty_id: UUID, data: DutyEnd) -> DutyFacts:
    """The record stays with its days."""
    return facts_of(actions.end_duty(actor=actor_of(request), duty=duty_id, data=data))


@router.post(
    "duties/hand-over", response=HandedOver, operation_id="hand_over_duties", summary="Hand a person's duties over"
)
def hand_over(request: HttpRequest, data: NewHandOver) -> HandedOver:
    """Everything one person has in the office's territory goes to another from a day; the old duties end the day before."""
    return HandedOver(items=[facts_of(one) for one in actions.hand_over(actor=actor_of(request), data=data)])


@router.get(
    "chain/check", response=CheckResult, operation_id="check_chain", summary="Overlaps, omissions and blind spots"
)
def check_chain(request: HttpRequest, asked: Query[CheckQuestion]) -> CheckResult:
    """Computed as asked, with the rows that cause each finding."""
    found = queries.check(reader_of(request), region=asked.region)
    return CheckResult(
        counts=queries.tallied(found), total=len(found), items=[fault_of(one) for one in found[: asked.limit]]
    )


@router.get(
    "enterprises/{enterprise_id}/chain",
    response=ChainList,
    operation_id="enterprise_chain",
    summary="Who answers for an enterprise",
)
def enterprise_chain(request: HttpRequest, enterprise_id: UUID) -> ChainList:
    """Today, from the committee down to the principal; a link nobody holds is told as missing."""
    actor = actor_of(request)
    firm = enterprise_of(enterprise_id)
    links = queries.chain_for(firm.region, firm.industry_bit, firm.pk, clock.today())
    return ChainList(items=[link_of(one, official=actor.role in roles.OFFICIALS) for one in links])
