"""What each verb and step asks for: the form, the API schema and the validation."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_noop as _
from pydantic import Field

from anlan.assessments.scoring.card import Code
from anlan.kernel.inputs import Day, Input, Line, Prose, asks

Why = Annotated[Prose, Field(min_length=4, max_length=1000)]
Points = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
Year = Annotated[int, Field(ge=2000, le=2199)]
Files = Annotated[list[UUID], Field(max_length=20)]


class Publish(Input):
    """A score card as its parts (see `scoring.card`)."""

    card: dict[str, Any] = asks(_("Score card"))


class OpenRound(Input):
    card: UUID = asks(_("Score card"))
    units: Annotated[list[UUID], Field(min_length=1, max_length=300)] = asks(
        _("Units that are assessed"), widget="units"
    )
    counts_until: Day | None = asks(
        _("Last day that counts"),
        widget="day",
        help=_("Empty: the year's last. Nothing is checked before it is over."),
        default=None,
    )
    self_by: Day = asks(_("Self-score until"), widget="day")
    basis: Line = asks(_("Document"), help=_("That calls for the assessment."), default="")


class Announce(Input):
    document: Annotated[Line, Field(min_length=1, max_length=60)] = asks(
        _("Number of the announcement"), help=_("Such as 临安委办〔2026〕3号.")
    )


class Open(Input):
    """The office's own, for each unit of a round."""


class Score(Input):
    """What the unit says of one item; a computed item and one with deductions take words and evidence alone."""

    item: Code = asks(_("Item"), widget="hidden")
    points: Points | None = asks(_("Self-score"), default=None)
    words: Annotated[Prose, Field(max_length=2000)] = asks(_("How it was done"), widget="prose", default="")
    files: Files = asks(_("Evidence"), widget="documents", default=[])


class HandIn(Input):
    words: Annotated[Prose, Field(max_length=4000)] = asks(
        _("Summary of the year"),
        widget="prose",
        help=_("What was done, what is still weak, what comes next."),
        default="",
    )


class GoOn(Input):
    reason: Why = asks(_("Reason"), widget="prose")


class Examine(Input):
    """The check-score of one item by hand."""

    item: Code = asks(_("Item"), widget="hidden")
    points: Points = asks(_("Check-score"))
    words: Annotated[Prose, Field(max_length=2000)] = asks(
        _("Why it differs"), widget="prose", help=_("Needed where it is not the self-score."), default=""
    )
    files: Files = asks(_("Evidence"), widget="documents", default=[])


class Mark(Input):
    """One case of a deduction, a bonus or a veto."""

    code: Code = asks(_("What it is a case of"))
    words: Why = asks(_("What happened"), widget="prose")
    document: Annotated[Line, Field(max_length=120)] = asks(
        _("Document"), help=_("Its number: the notice, the verdict, the commendation."), default=""
    )
    on: Day | None = asks(_("When"), widget="day", default=None)
    files: Files = asks(_("Evidence"), widget="documents", default=[])


class Strike(Input):
    case: UUID = asks(_("Case"), widget="hidden")
    reason: Why = asks(_("Why it does not count"), widget="prose")


class Check(Input):
    remark: Annotated[Prose, Field(max_length=1000)] = asks(_("Remark"), widget="prose", default="")


class Reopen(Input):
    reason: Why = asks(_("What must be checked again"), widget="prose")


class Notify(Input):
    remark: Annotated[Prose, Field(max_length=1000)] = asks(_("Remark"), widget="prose", default="")


class Agree(Input):
    remark: Annotated[Prose, Field(max_length=1000)] = asks(_("Remark"), widget="prose", default="")


class Appeal(Input):
    items: Annotated[list[Code], Field(max_length=60)] = asks(
        _("Against which lines"), widget="items", help=_("None ticked: against the result as a whole."), default=[]
    )
    words: Why = asks(_("Why it is wrong"), widget="prose")
    files: Files = asks(_("Evidence"), widget="documents", default=[])


class Change(Input):
    """Points that a decision puts in the place of others."""

    item: Code
    points: Points
    reason: Why


class Decide(Input):
    changes: Annotated[list[Change], Field(max_length=60)] = asks(_("Changed points"), widget="changes", default=[])
    reason: Why = asks(_("Decision and its reason"), widget="prose")


class LeaveOut(Input):
    reason: Why = asks(_("Reason"), widget="prose")


class Release(Input):
    """The platform's own, as part of the publication of all."""

    rank: Annotated[int, Field(ge=1, le=1000)]
