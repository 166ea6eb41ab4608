"""What is asked of points, sources, assessments and controls: one declaration for forms, API and verbs."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from anlan.kernel.inputs import Input, Line, Prose, asks
from anlan.registry.inputs import phone
from anlan.risks.grading import accidents

Name = Annotated[Line, Field(min_length=2, max_length=120)]
Reason = Annotated[Prose, Field(min_length=2, max_length=300)]
Phone = Annotated[Line, Field(max_length=20), AfterValidator(phone)]
Tier = Literal["company", "department", "team", "post"]
Method = Literal["ls", "lec", "mes", "direct"]
Colour = Literal["red", "orange", "yellow", "blue"]


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _kinds(codes: list[str]) -> list[str]:
    """In the order of the standard, each once."""
    known = list(accidents())
    if set(codes) - set(known):
        raise ValueError(gettext_lazy("Choose from the list of accident kinds."))
    return [code for code in known if code in codes]


class PointFacts(Input):
    """A place or an activity with risks."""

    name: Name = asks(_("Name of the risk point"), help=_("Such as the melting furnace, or hot work in the tank farm."))
    kind: Literal["place", "activity"] = asks(_("Kind"), widget="choice", default="place")
    unit: Annotated[Line, Field(max_length=120)] = asks(
        _("Risk unit"),
        widget="unit",
        default="",
        help=_("The workshop or area it belongs to, such as No. 1 melting shop."),
    )
    site: Annotated[UUID | None, BeforeValidator(_empty_is_none)] = asks(_("Site"), widget="site", default=None)
    place: Line = asks(_("Place"), default="", help=_("Where exactly, so that a stranger finds it."))
    region: Annotated[int | None, BeforeValidator(_empty_is_none)] = asks(
        _("Region"), widget="region", default=None, help=_("Left empty: where the site or the enterprise lies.")
    )
    industry: Annotated[Line, Field(max_length=30)] = asks(
        _("Supervision field"), widget="industry", default="", help=_("Left empty: that of the enterprise.")
    )
    lon: Annotated[Annotated[Decimal, Field(ge=-180, le=180)] | None, BeforeValidator(_empty_is_none)] = asks(
        _("Longitude"), widget="number", default=None
    )
    lat: Annotated[Annotated[Decimal, Field(ge=-90, le=90)] | None, BeforeValidator(_empty_is_none)] = asks(
        _("Latitude"), widget="number", default=None
    )
    system: Literal["wgs84", "gcj02", "bd09"] = asks(
        _("Coordinate system"),
        widget="choice",
        default="wgs84",
        help=_("Gaode, Tencent and WeChat show GCJ-02, Baidu BD-09."),
    )
    emergency_phone: Phone = asks(_("Emergency phone"), default="", help=_("Shown on the notice."))
    emergency_measures: Annotated[Prose, Field(max_length=2000)] = asks(
        _("Emergency measures"),
        widget="prose",
        default="",
        help=_("What to do first when it happens; shown on the notice."),
    )

    @model_validator(mode="after")
    def both_or_none(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise ValueError(gettext_lazy("A point needs both longitude and latitude."))
        return self


class Point(PointFacts):
    enterprise: UUID = asks(_("Enterprise"), widget="enterprise")


class Source(Input):
    """What may cause harm at a point."""

    name: Name = asks(_("Name of the source"), help=_("What may cause harm, such as splashing molten metal."))
    description: Annotated[Prose, Field(max_length=2000)] = asks(_("How it comes about"), widget="prose", default="")
    accidents: Annotated[list[str], Field(min_length=1, max_length=20), AfterValidator(_kinds)] = asks(
        _("Accidents it may cause"), widget="accidents"
    )


class Assess(Input):
    """One assessment: the factors of its method, or the reason to determine it directly."""

    method: Method = asks(_("Method"), widget="hidden")
    factors: dict[str, Annotated[str, Field(max_length=8)]] = Field(default_factory=dict)
    direct_reason: Annotated[Prose, Field(max_length=300)] = asks(
        _("Determined as major directly because"),
        widget="prose",
        default="",
        help=_(
            "A major hazard installation, a fatal accident in the past, a mandatory rule broken. Red whatever the score."
        ),
    )
    assessed_on: Annotated[date | None, BeforeValidator(_empty_is_none)] = asks(
        _("Assessed on"), widget="day", default=None, help=_("Left empty: today.")
    )
    next_by: Annotated[date | None, BeforeValidator(_empty_is_none)] = asks(
        _("Assess again by"),
        widget="day",
        default=None,
        help=_("Left empty: after the period of its colour; never later."),
    )
    remark: Annotated[Prose, Field(max_length=1000)] = asks(_("Remark"), widget="prose", default="")


class Control(Input):
    """One measure that holds a source."""

    kind: Literal["engineering", "management", "training", "protection", "emergency"] = asks(
        _("Kind of measure"), widget="choice"
    )
    words: Annotated[Prose, Field(min_length=2, max_length=400)] = asks(_("Control measure"), widget="prose")
    tier: Tier = asks(_("Tier that answers for it"), widget="choice")
    holder: Annotated[UUID | None, BeforeValidator(_empty_is_none)] = asks(_("Person"), widget="holder", default=None)
    holder_name: Annotated[Line, Field(max_length=60)] = asks(_("Name, when the person has no account"), default="")
    cycle: Literal["shift", "daily", "weekly", "monthly", "quarterly", "yearly"] = asks(
        _("Checked"), widget="choice", default="monthly"
    )


class Unit(Input):
    name: Name = asks(_("Risk unit"))


class Retire(Input):
    reason: Reason = asks(_("Reason"), widget="prose")


class Report(Input):
    """What somebody writes after scanning the notice."""

    words: Annotated[Prose, Field(min_length=4, max_length=1000)] = asks(
        _("What is wrong here?"), widget="prose", help=_("A few words are enough.")
    )
    name: Annotated[Line, Field(max_length=60)] = asks(_("Your name"), default="", help=_("If you like."))
    phone: Phone = asks(_("Your phone"), default="", help=_("If you want to be asked back."))


class Answer(Input):
    answer: Annotated[Prose, Field(min_length=4, max_length=1000)] = asks(
        _("Reply"), widget="prose", help=_("Why it is no hazard, or what was done at once. Whoever wrote can read it.")
    )
