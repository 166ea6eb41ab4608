"""What each verb and step asks for: the form, the API schema and the validation."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_noop as _
from pydantic import Field

from anlan.kernel.flow.given import Reason, Reassign, Report
from anlan.kernel.inputs import Day, Input, Line, Prose, RegionCode, asks

Ordinal = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[1-9]\d{0,2}(\.[1-9]\d{0,2}){0,3}$")]
Handle = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9-]+$")]
Amount = Annotated[Decimal, Field(ge=0, lt=10**13, max_digits=15, decimal_places=2)]
Year = Annotated[int, Field(ge=2000, le=2199)]


class OpenPlan(Input):
    """The tree of a campaign begins empty."""

    campaign: UUID = asks(_("Campaign"))


class PutLine(Input):
    """A line of any level; the ordinal says which: `1` an action, `1.1` a task, `1.1.1` a work, `1.1.1.1` an item of a year."""

    code: Ordinal = asks(_("Ordinal"))
    name: Annotated[Line, Field(min_length=2, max_length=300)] = asks(_("What is to be done"))
    sub_plan: Annotated[str, Field(max_length=20)] = asks(_("Sub-plan"), default="")
    year: Year | None = asks(_("Year"), default=None)
    unit_name: Annotated[Line, Field(max_length=120)] = asks(_("Responsible unit"), default="")
    partners: Annotated[Line, Field(max_length=400)] = asks(_("Cooperating units"), default="")
    method: Prose = asks(_("Way of working"), default="")
    requirement: Prose = asks(_("Requirement"), default="")
    target: Amount | None = asks(_("Target"), default=None)
    target_unit: Annotated[Line, Field(max_length=20)] = asks(_("Unit of the target"), default="")
    target_text: Annotated[Line, Field(max_length=300)] = asks(_("Document or result"), default="")
    starts_on: Day | None = asks(_("Begins on"), default=None)
    due: Day | None = asks(_("Due by"), default=None)
    evidence: Annotated[Line, Field(max_length=300)] = asks(_("To be shown"), default="")
    key: bool = asks(_("Key task"), default=False)


class Rewrite(PutLine):
    """A line written anew into an item that is there: with the unit that bears its name, if one does."""

    unit: UUID | None = None


class PutSubPlan(Input):
    """What a district or a department's industry system makes of the plan in a year."""

    code: Handle = asks(_("Number of the sub-plan"))
    kind: Literal["district", "system", "own"] = asks(_("Kind"))
    name: Annotated[Line, Field(min_length=2, max_length=120)] = asks(_("Name"))
    year: Year = asks(_("Year"))
    unit_name: Annotated[Line, Field(max_length=120)] = asks(_("Unit that made it"), default="")
    region: RegionCode | None = asks(_("Region"), default=None)
    document: Annotated[Line, Field(max_length=120)] = asks(_("Approved document"), default="")
    approved_on: Day | None = asks(_("Approved on"), default=None)


class AttachDocuments(Input):
    """The sub-plan as it was approved, or what changed it."""

    files: Annotated[list[UUID], Field(min_length=1, max_length=20)] = asks(
        _("Documents and photos"), widget="documents"
    )


class Plan(Input):
    """The opening step of an item: its facts stand in the record already."""


class Transfer(Reassign):
    """Whoever had it is dissolved, or the duty moved."""

    reason: Reason = asks(_("Reason"), widget="prose")


class Progress(Input):
    """How far it is: a figure where the item has a target, else a share."""

    words: Annotated[Prose, Field(min_length=2, max_length=2000)] = asks(_("Progress"), widget="prose")
    achieved: Amount | None = asks(
        _("Reached so far"), help=_("In the unit of the target, since the beginning."), default=None
    )
    percent: Annotated[int, Field(ge=0, le=100)] | None = asks(
        _("Done (per cent)"), help=_("Where the target is no number."), default=None
    )
    corrects: bool = asks(_("Corrects an earlier figure that was too high"), widget="tick", default=False)


class ReportDone(Report):
    achieved: Amount | None = asks(
        _("Reached"), help=_("In the unit of the target; needed where there is one."), default=None
    )
    corrects: bool = asks(_("Corrects an earlier figure that was too high"), widget="tick", default=False)


class Match(Input):
    """A unit that stood by its name is one that the platform knows."""

    unit: UUID = asks(_("Responsible unit"), widget="unit")
    reason: Reason | None = asks(_("Reason"), widget="prose", default=None)
