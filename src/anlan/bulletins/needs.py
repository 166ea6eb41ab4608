"""What each verb and step asks for: the form, the API schema and the validation."""

from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_noop as _
from pydantic import Field

from anlan.bulletins.figures.declared import Name
from anlan.kernel.inputs import Day, Input, Line, Prose, asks

Reason = Annotated[Prose, Field(min_length=2, max_length=300)]


class Draft(Input):
    """A bulletin over whole months of a campaign."""

    campaign: UUID = asks(_("Campaign"), widget="campaign")
    first_month: Day = asks(_("From the month"), widget="month", help=_("Any day of it."))
    last_month: Day = asks(_("To the month"), widget="month", help=_("The month itself counts."))
    withdraws: UUID | None = asks(
        _("Withdraws the bulletin"),
        widget="withdraws",
        help=_("It is withdrawn when the new one is issued."),
        default=None,
    )


class Write(Input):
    """One section as lines: `## ` begins a heading, `{figure}` names a figure, `[[table]]` a table."""

    section: Name = asks(_("Section"), widget="hidden")
    title: Annotated[Line, Field(min_length=1, max_length=60)] = asks(_("Heading of the section"))
    text: Annotated[str, Field(max_length=40_000)] = asks(_("Text"), widget="prose")
    seen: Annotated[int, Field(ge=0, lt=2**31)] | None = asks(
        _("Version of the section that was seen"), widget="hidden", default=None
    )


class Retitle(Input):
    title: Annotated[Line, Field(min_length=4, max_length=120)] = asks(_("Title of the bulletin"))
    addressees: Annotated[Line, Field(min_length=2, max_length=300)] = asks(_("Addressees"))


class StateFigure(Input):
    """What a person writes in the place of a computed figure; without text what was computed stands again."""

    figure: Name = asks(_("Figure"), widget="hidden")
    text: Annotated[Line, Field(max_length=200)] = asks(
        _("What the text shall say"), help=_("With its unit, as in 3284家. Empty: what was computed."), default=""
    )
    reason: Annotated[Prose, Field(max_length=300)] = asks(
        _("Reason"), widget="prose", help=_("It is kept, and shown beside the figure."), default=""
    )


class Refresh(Input):
    """Compute all figures anew."""


class Remark(Input):
    section: Name = asks(_("Section"), widget="section")
    text: Annotated[Prose, Field(min_length=2, max_length=1000)] = asks(_("What is to be looked at"), widget="prose")
    settles: UUID | None = asks(_("Answers"), widget="hidden", default=None)


class Review(Input):
    signer: UUID | None = asks(
        _("Who approves it"),
        widget="signer",
        help=_("A leader or somebody of the office; empty: anybody of the office who had no hand in it."),
        default=None,
    )
    remark: Prose = asks(_("Remark"), widget="prose", default="")


class SendBack(Input):
    reason: Reason = asks(_("Reason"), widget="prose")


class Approve(Input):
    remark: Prose = asks(_("Remark"), widget="prose", default="")


class Issue(Input):
    day: Day | None = asks(_("Date of the bulletin"), help=_("Empty: today."), default=None)


class Discard(Input):
    reason: Reason = asks(_("Reason"), widget="prose")
