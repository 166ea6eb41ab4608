"""Leaders' duties of a campaign for programs: who heard, studied and visited, and what is still owed."""

from datetime import date
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Query, Router
from ninja.responses import Status
from pydantic import Field

from anlan.campaigns import actions, needs
from anlan.campaigns.api.setup import READERS
from anlan.campaigns.models import LeaderAct
from anlan.campaigns.queries import leaders, setup
from anlan.identity.asking import reader_of
from anlan.kernel import clock
from anlan.kernel.api import Output, Question, known_region
from anlan.kernel.errors import NotFound
from anlan.kernel.inputs import Day, NewId, RegionCode, without_id

router = Router(tags=["campaigns"])


class ActInput(needs.RecordAct):
    """What leaders did."""

    id: NewId


class MarkFacts(Output):
    duty: str
    begins: date
    ends: date
    done: int
    least: int
    standing: Literal["done", "open", "soon", "missed"]


class LeaderFacts(Output):
    key: str
    name: str
    title: str
    region: int
    chief: bool
    missed: int
    duties: list[MarkFacts]


class LeadersFacts(Output):
    items: list[LeaderFacts]


class LeaderActFacts(Output):
    id: UUID
    kind: Literal["hear", "study", "visit"]
    on: date
    topic: str
    place: str
    document: str
    people: list[dict[str, str]]
    withdrawn: bool


class LeadersQuestion(Question):
    region: RegionCode | None = Field(default=None, description="With all below it; the campaign's territory without.")
    day: Day | None = Field(default=None, description="Of the periods; today without.")


@router.get(
    "campaigns/{uuid:campaign_id}/leaders",
    response=LeadersFacts,
    operation_id="campaign_leaders",
    summary="Leaders with what they did of their duties",
)
def list_leaders(request: HttpRequest, campaign_id: UUID, asked: Query[LeadersQuestion]) -> LeadersFacts:
    actor = reader_of(request, READERS)
    row = setup.campaign(actor, campaign_id)
    region = known_region(asked.region) or (row.region if actor.covers(row.region) else actor.region)
    if region is None or not actor.covers(region):
        raise NotFound
    found = leaders.lines(row, region, asked.day or clock.today())
    return LeadersFacts(
        items=[
            LeaderFacts(
                key=one.leader.key,
                name=one.leader.name,
                title=one.leader.title,
                region=one.leader.region,
                chief=one.leader.chief,
                missed=one.missed,
                duties=[
                    MarkFacts(
                        duty=code,
                        begins=mark.period.begins,
                        ends=mark.period.ends,
                        done=mark.done,
                        least=mark.duty.least,
                        standing=mark.standing,
                    )
                    for code, mark in one.marks.items()
                    if mark
                ],
            )
            for one in found
        ]
    )


@router.post(
    "campaigns/{uuid:campaign_id}/leaders/acts",
    response={201: LeaderActFacts},
    operation_id="record_leader_act",
    summary="Write down what leaders did",
)
def post_act(request: HttpRequest, campaign_id: UUID, data: Body[ActInput]) -> Status[LeaderActFacts]:
    actor = reader_of(request, READERS)
    row = setup.campaign(actor, campaign_id)
    made = actions.record_act(actor=actor, campaign=row.pk, data=without_id(needs.RecordAct, data), id=data.id)
    return Status(201, _act(made))


@router.post(
    "leader-acts/{uuid:act_id}/withdraw",
    response=LeaderActFacts,
    operation_id="withdraw_leader_act",
    summary="Withdraw what was written down by mistake",
)
def withdraw_act(request: HttpRequest, act_id: UUID, data: Body[needs.WithdrawAct]) -> LeaderActFacts:
    actor = reader_of(request, READERS)
    return _act(actions.withdraw_act(actor=actor, act=leaders.act(actor, act_id).pk, data=data))


def _act(row: LeaderAct) -> LeaderActFacts:
    names = ("kind", "on", "topic", "place", "document", "people")
    return LeaderActFacts(
        id=row.pk, withdrawn=row.withdrawn_at is not None, **{name: getattr(row, name) for name in names}
    )
