"""What the verbs of self-checks ask for."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_noop as _
from pydantic import Field

from anlan.kernel.inputs import Input, Line, Prose, asks

Cycle = Literal["daily", "weekly", "monthly"]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Excuse = Annotated[Line, Field(min_length=2, max_length=300)]


class CheckAnswer(Input):
    """One thing looked at, with the words that were shown."""

    control: UUID | None = None
    item: UUID | None = None
    text: Annotated[str, Field(max_length=500)] = ""
    value: Literal["yes", "no", "na", "unseen"]
    remark: Annotated[Line, Field(max_length=500)] = ""


class _Finding(Input):
    """`control` or `item` names the answer it belongs to; without them its risk point does."""

    id: UUID
    control: UUID | None = None
    item: UUID | None = None
    risk_point: UUID | None = None
    place: Annotated[Line, Field(min_length=2)] = asks(_("Place"))
    category: Annotated[Line, Field(min_length=1, max_length=30)] = asks(_("Category"))
    description: Annotated[Prose, Field(min_length=6)] = asks(_("What is wrong"))


class CheckFinding(_Finding):
    photos: Annotated[list[UUID], Field(min_length=1, max_length=20)]


class SentFinding(_Finding):
    """As a phone sends it: photos by their SHA-256."""

    photos: Annotated[list[Sha256], Field(min_length=1, max_length=20)]


class _Check(Input):
    enterprise: UUID
    cycle: Cycle
    period: Day
    answers: Annotated[list[CheckAnswer], Field(max_length=500)] = []
    nothing_found: bool
    words: Prose = asks(_("Minutes"), default="")
    excuse: Annotated[Line, Field(max_length=300)] = asks(_("Why it is late"), default="")


class DoCheck(_Check):
    findings: Annotated[list[CheckFinding], Field(max_length=50)] = []
    photos: Annotated[list[UUID], Field(max_length=50)] = []


class SentCheck(_Check):
    findings: Annotated[list[SentFinding], Field(max_length=50)] = []


class BeginPlan(Input):
    enterprise: UUID
    cycle: Cycle = asks(_("Cycle"), widget="choice")
    begins_on: Day = asks(_("Begins on"), widget="day")
    holder_name: Annotated[Line, Field(max_length=60)] = asks(_("Who does it"), default="")
    on_rest_days: bool = asks(_("On rest days too"), widget="yesno", default=False)


class EndPlan(Input):
    ends_on: Day = asks(_("Last day"), widget="day")
    reason: Excuse = asks(_("Reason"), widget="prose")


class AddExcuse(Input):
    excuse: Excuse = asks(_("Why it was missed or late"), widget="prose")
