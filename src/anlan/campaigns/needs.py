"""What each step asks for: the form, the API schema and the validation."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, Field

from anlan.kernel.inputs import Day, Input, Line, Prose, asks

Cell = Annotated[str, Field(max_length=130, pattern=r"^[a-z][a-z0-9_.]*$")]
Panel = Annotated[str, Field(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
RowId = Annotated[str, Field(pattern=r"^[a-z0-9]{1,36}$")]
Typed = Annotated[str, Field(max_length=4000)] | Annotated[int, Field(strict=True, ge=-(10**15), le=10**15)] | None
"""As typed; null says “none / not applicable”, an empty text leaves the box blank. An amount is in yuan."""
Why = Annotated[Prose, Field(min_length=4, max_length=500)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


def _month(day: date) -> date:
    if day.day != 1:
        raise ValueError(gettext_lazy("A month is written as its first day."))
    return day


Month = Annotated[Day, AfterValidator(_month)]


class OpenCampaign(Input):
    code: Code = asks(_("Code"), help=_("Small letters, digits and - alone, for example three-year-2024."))
    zh: Line = asks(_("Name in Chinese"), min_length=2)
    en: Line = asks(_("Name in English"), min_length=2)
    from_day: Day = asks(_("From"), widget="day")
    to_day: Day | None = asks(_("To"), widget="day", default=None)
    basis: Line = asks(_("Document"), default="")


class Publish(Input):
    """A template and its checks, as texts of TOML."""

    template: Annotated[str, Field(max_length=500_000)] = asks(_("Template"), widget="prose")
    checks: Annotated[str, Field(max_length=500_000)] = asks(_("Checks"), widget="prose", default="")


class Enrol(Input):
    unit: UUID = asks(_("Filling unit"))
    filler: Literal["district", "system", "unit"] = asks(_("Hands in as"))
    reviewer: UUID | None = asks(_("Looked at first by"), help=_("Empty: the committee office itself."), default=None)
    from_month: Month = asks(_("From the month"))
    to_month: Month | None = asks(_("To the month"), default=None)


class EnrolMany(Input):
    """Several units at once, each as it is proposed."""

    units: Annotated[list[UUID], Field(min_length=1, max_length=1_000)] = asks(_("Units"))
    from_month: Month = asks(_("From the month"))


class OpenMonth(Input):
    month: Month = asks(_("Month"))


class RecordAct(Input):
    """A leader heard the campaign, studied a matter or went on site."""

    kind: Literal["hear", "study", "visit"] = asks(_("What the leader did"))
    on: Day = asks(_("Day"), widget="day")
    people: Annotated[list[Annotated[str, Field(max_length=80)]], Field(min_length=1, max_length=50)] = asks(
        _("Leaders that took part"), widget="leaders"
    )
    topic: Annotated[Line, Field(min_length=4, max_length=200)] = asks(
        _("Topic"), help=_("What was heard, studied or looked at; not what the meeting is called.")
    )
    place: Line = asks(_("Place"), default="", help=_("Needed for a visit."))
    document: Line = asks(_("Minutes or document"), default="", help=_("Its number or title."))
    photos: Annotated[list[UUID], Field(max_length=20)] = asks(_("Photos"), widget="photos", default_factory=list)


class WithdrawAct(Input):
    reason: Annotated[Prose, Field(min_length=4, max_length=300)] = asks(_("Why it does not stand"), widget="prose")


class Expect(Input):
    """The platform's own: a month begins for a unit."""


class Save(Input):
    """Some boxes as they were typed. A draft is never refused for what is typed in it."""

    cells: dict[Cell, Typed] = asks(_("Boxes"), default={})
    rows: dict[Panel, Annotated[list[dict[Panel, Typed]], Field(max_length=500)]] = asks(_("Rows"), default={})
    patches: dict[Panel, dict[RowId, dict[Panel, Typed] | None]] = asks(
        _("Boxes of rows"),
        help=_("By the id of the row: a new id is a new row at the end, null takes the row away, the other rows stay."),
        default={},
    )
    nothing: dict[Panel, bool] = asks(_("None / not applicable"), default={})
    reasons: dict[Annotated[str, Field(max_length=120)], Annotated[str, Field(max_length=500)]] = asks(
        _("Reasons"), default={}
    )
    way: Literal["page", "sheet", "api"] = asks(_("Typed in"), default="api")


class HandIn(Input):
    remark: Prose = asks(_("Remark"), widget="prose", default="")


class Confirm(Input):
    panel: Panel = asks(_("Panel"))
    seen: Annotated[str, Field(min_length=64, max_length=64)] = asks(
        _("What you saw"),
        help=_("The panel's `digest` as it was shown: refused when something else stands there now."),
        widget="hidden",
    )
    remark: Annotated[Prose, Field(max_length=300)] = asks(_("What you looked at"), widget="prose", default="")


class Accept(Input):
    remark: Prose = asks(_("Remark"), widget="prose", default="")


class SendBack(Input):
    reason: Why = asks(_("What is wrong and must be mended"), widget="prose")
    panels: list[Panel] = asks(_("In which panels"), default=[])


class Lock(Input):
    remark: Prose = asks(_("Remark"), widget="prose", default="")


class Amend(Input):
    cell: Cell = asks(_("Box"))
    row: Annotated[int, Field(ge=0, le=500)] = asks(
        _("Row"), help=_("Counted from one; 0 for a box without rows."), default=0
    )
    typed: Typed = asks(_("Correct value"))
    reason: Why = asks(_("Reason"), widget="prose")
    reasons: dict[Annotated[str, Field(max_length=120)], Annotated[str, Field(max_length=500)]] = asks(
        _("Reasons for what the checks ask"), default={}
    )
