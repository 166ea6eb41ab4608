"""What a draw asks for."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_noop as _
from pydantic import Field

from anlan.kernel.inputs import Input, Line, asks
from anlan.registry.inputs import RegionCode


class DrawFacts(Input):
    """Who may be drawn, and how many. The result follows from these, the candidates and the seed alone."""

    title: Annotated[Line, Field(min_length=2, max_length=120)] = asks(_("Title of the draw"))
    region: RegionCode = asks(_("Enterprises of"), widget="region")
    industry: Annotated[Line, Field(max_length=30)] = asks(_("Supervision field"), widget="industry")
    grades: Annotated[list[Literal["A", "B", "C", "D"]], Field(max_length=4)] = asks(
        _("Grades"), widget="grades", default_factory=list, help=_("None means all.")
    )
    facility: Annotated[Line, Field(max_length=30)] = asks(_("Kind of facility"), widget="facility", default="")
    not_visited_days: Annotated[int, Field(ge=0, le=1095)] = asks(
        _("Not visited for (days)"), default=90, help=_("Enterprises visited since are left out.")
    )
    enterprises: Annotated[int, Field(ge=1, le=500)] = asks(_("Enterprises to draw"))
    officers_each: Annotated[int, Field(ge=2, le=6)] = asks(_("Officers to each"), default=2)
    most_each_officer: Annotated[int, Field(ge=1, le=100)] = asks(_("Visits an officer at most"), default=5)
    other_region: bool = asks(
        _("Officers from other counties only"), widget="yesno", default=False, help=_("For cross-region visits.")
    )
    last_visitor_days: Annotated[int, Field(ge=0, le=1095)] = asks(
        _("Not the last visitors for (days)"),
        default=365,
        help=_("Whoever visited the enterprise since then is kept away."),
    )
    planned_on: date = asks(_("Visits planned for"), widget="day")
    organisation: UUID | None = asks(
        _("The body that visits"), widget="organisation", default=None, help=_("Left empty: your own.")
    )
    purpose: Annotated[Line, Field(min_length=2, max_length=300)] = asks(_("What it is for"))


class DrawnFacts(Input):
    """How the enterprises of a draw are visited."""

    check: Literal["county", "group"] = asks(_("Counts as"), widget="choice", help=_("Which of the four checks."))
    style: Literal["notified", "unannounced", "covert", "cross_region"] = asks(
        _("Style"), widget="choice", default="unannounced"
    )
    planned_on: date = asks(_("Day of the visit"), widget="day")
    planned_to: date | None = asks(_("At the latest on"), widget="day", default=None)
    organisation: UUID | None = asks(
        _("The body that visits"), widget="organisation", default=None, help=_("Left empty: your own.")
    )
    basis: Annotated[Line, Field(max_length=300)] = asks(
        _("Formal basis"), default="", help=_("A cross-region visit needs one: document and number.")
    )
    campaign: Annotated[Line, Field(max_length=60)] = asks(_("Special campaign"), default="")
    leave_out: bool = asks(
        _("Leave out those that cannot be visited"), widget="yesno", default=False,
        help=_("No: nothing is planned until all can be."),
    )  # fmt: skip
