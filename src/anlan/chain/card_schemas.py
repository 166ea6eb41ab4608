"""The JSON shapes of duty cards."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from anlan.chain.models import DutyCard
from anlan.chain.needs import CardInput, Level
from anlan.chain.queries import Coverage
from anlan.kernel.api import Output, Question, example, partial
from anlan.registry.inputs import RegionCode


class CardFacts(Output):
    """One post's list of duties in an enterprise."""

    id: UUID
    enterprise: UUID
    level: Level
    title: str
    holder: UUID | None = Field(description="The account of whoever holds it, when there is one.")
    holder_name: str
    duties: list[str]
    risks: list[UUID] = Field(description="Risk points it looks after.")
    emergency: str
    state: Literal["vacant", "waiting", "acknowledged", "ended"] = Field(
        description="`vacant`: nobody holds it; `waiting`: its holder has not acknowledged it; `ended`: set aside."
    )
    signed_on: date | None = Field(description="The day on which its holder acknowledged it as it is now.")
    changed_at: datetime


class CardList(Output):
    items: list[CardFacts]


class CardsQuestion(Question):
    ended: bool = Field(default=False, description="Those set aside too.")


class NewCard(CardInput):
    """Duties are one a line. A holder with an account is named by `holder`, another by `holder_name`."""

    model_config = example(
        level="team_leader", title="熔炼班组长", holder_name="李某", duties=["班前会讲清当班风险", "每班检查炉前挡板"],
        emergency="先停炉断电，再报车间主任",
    )  # fmt: skip


CardPatch: Any = partial(CardInput, "CardPatch", "What changes of a card; fields that are absent stay as they are.")


class CoverageQuestion(Question):
    region: RegionCode | None = Field(
        default=None, description="With all below it; the post's own territory otherwise."
    )


class CoverageFacts(Output):
    region: int
    enterprises: int
    begun: int = Field(description="Enterprises whose principal has a card.")
    complete: int = Field(description="Enterprises of which every card is acknowledged.")


class CoverageList(Output):
    items: list[CoverageFacts]


def card_facts(one: DutyCard) -> CardFacts:
    same = ("level", "title", "holder_name", "duties", "emergency", "signed_on", "changed_at")
    state = (
        "ended"
        if not one.active
        else "vacant"
        if not one.holder_name
        else "acknowledged"
        if one.signed_on
        else "waiting"
    )
    return CardFacts(
        id=one.pk, enterprise=one.enterprise_id, holder=one.holder_id, risks=[UUID(risk) for risk in one.risks],
        state=state, **{name: getattr(one, name) for name in same},
    )  # fmt: skip


def coverage_facts(one: Coverage) -> CoverageFacts:
    same = ("region", "enterprises", "begun", "complete")
    return CoverageFacts(**{name: getattr(one, name) for name in same})
