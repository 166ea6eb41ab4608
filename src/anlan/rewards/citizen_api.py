"""What citizens ask of their rewards, by account or by claim code."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Router
from pydantic import Field

from anlan.identity import floods
from anlan.identity.citizen_api import citizen_of
from anlan.kernel import scope
from anlan.kernel.errors import NotFound
from anlan.kernel.inputs import Input
from anlan.rewards import needs, queries
from anlan.rewards.actions import claim, claim_by_code
from anlan.rewards.actions.claiming import BY_CODE
from anlan.rewards.schemas import CitizenReward, CitizenRewards, Claimed, citizen_reward, claimed

router = Router(tags=["citizens"])
Code = Annotated[str, Field(min_length=8, max_length=40, description="The claim code that the report gave.")]


class ByCode(Input):
    code: Code


class ClaimByCode(needs.Claim):
    code: Code
    reward: UUID


@router.get("citizen/rewards", response=CitizenRewards, operation_id="citizen_rewards", summary="My rewards")
def my_rewards(request: HttpRequest) -> CitizenRewards:
    """What was approved: a proposal promises nothing. Newest first."""
    return CitizenRewards(items=[citizen_reward(one) for one in queries.of_reporter(citizen_of(request))])


@router.get(
    "citizen/rewards/{uuid:reward_id}", response=CitizenReward, operation_id="citizen_reward", summary="One of mine"
)
def my_reward(request: HttpRequest, reward_id: UUID) -> CitizenReward:
    """Ask again while the transfer has no `package` yet: it is ordered after the answer to the claim."""
    for one in queries.of_reporter(citizen_of(request)):
        if one.reward.pk == reward_id:
            return citizen_reward(one)
    raise NotFound


@router.post(
    "citizen/rewards/{uuid:reward_id}/claim", response=Claimed, operation_id="claim_reward", summary="Claim my reward"
)
def claim_mine(request: HttpRequest, reward_id: UUID, data: Body[needs.Claim]) -> Claimed:
    """Asked again it answers the same and pays nothing twice. The openid is the account's own where one is known."""
    actor = citizen_of(request)
    request.keeps_own_answer = True  # type: ignore[attr-defined] # nobody but the seal ties the reporter to the reward
    return claimed(queries.story_of(claim(actor=actor, reward=reward_id, data=data)))


@router.post(
    "citizen/claims/rewards",
    response=CitizenRewards,
    auth=None,
    operation_id="rewards_by_claim_code",
    summary="The reward of a claim code",
)
def by_code(request: HttpRequest, data: Body[ByCode]) -> CitizenRewards:
    floods.check("claim", request)
    with scope.acting(BY_CODE):
        return CitizenRewards(items=[citizen_reward(one) for one in queries.of_claim(data.code)])


@router.post(
    "citizen/claims/rewards/claim",
    response=Claimed,
    auth=None,
    operation_id="claim_reward_by_code",
    summary="Claim by claim code",
)
def claim_with_code(request: HttpRequest, data: Body[ClaimByCode]) -> Claimed:
    floods.check("claim", request)
    sent = needs.Claim.model_construct(way=data.way, openid=data.openid, name=data.name)
    with scope.acting(BY_CODE):
        made = claim_by_code(code=data.code, reward=data.reward, data=sent)
        with scope.elevated("a claim code proves whoever shows it"):
            return claimed(queries.story_of(made))
