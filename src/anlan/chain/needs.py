"""What the verbs ask for: forms, API schemas and validation are these."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BeforeValidator, Field, model_validator

from anlan.kernel.inputs import Input, asks
from anlan.kernel.text import clean_line
from anlan.registry.inputs import PersonName, Phone, RegionCode


def _empty_is_none(value: Any) -> Any:
    return None if value == "" else value


FIRST, LAST = date(1949, 10, 1), date(2199, 12, 31)
Day = Annotated[date, Field(ge=FIRST, le=LAST)]
MaybeDay = Annotated[Day | None, BeforeValidator(_empty_is_none)]
MaybeId = Annotated[UUID | None, BeforeValidator(_empty_is_none)]
Short = Annotated[str, Field(max_length=60)]
Kind = Literal["territorial", "sector", "committee"]
Part = Literal["lead", "cooperate", "leader", "director_party", "director_government", "officer"]
Level = Literal["principal", "safety_director", "safety_officer", "manager", "team_leader", "worker"]


class Lines(Input):
    """Every text of one line is tidied first."""

    @model_validator(mode="before")
    @classmethod
    def tidied(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {
            name: clean_line(value) if isinstance(value, str) and name not in ("duties", "emergency") else value
            for name, value in data.items()
        }


class Holder(Lines):
    """Who has a duty: a body, and a post or a name."""

    organisation: MaybeId = asks(_("Organisation"), widget="organisation", default=None)
    post: MaybeId = asks(_("Person with an account"), widget="post", default=None)
    person_name: PersonName = asks(
        _("Name of the person"),
        help=_("For somebody without an account; left empty when a post is chosen."),
        default="",
    )
    title: Short = asks(_("Office held"), help=_("As people call it, such as deputy mayor."), default="")
    phone: Phone = asks(_("Phone"), default="")


class DutyInput(Holder):
    """A duty as the committee office gives it. Days are included; no last day means it runs on."""

    kind: Kind = asks(_("Kind of duty"))
    part: Part = asks(_("Part"))
    region: RegionCode = asks(_("Region"))
    industry: Annotated[str, Field(max_length=30)] = asks(_("Industry"), default="")
    matter: Annotated[str, Field(max_length=200)] = asks(
        _("Part of the sector"),
        help=_(
            "Only when departments divide the sector: what this one leads. Whoever leads without a part leads all the rest."
        ),
        default="",
    )
    basis: Annotated[str, Field(max_length=300)] = asks(
        _("Basis"), help=_("The document that says so, with its number."), default=""
    )
    valid_from: MaybeDay = asks(_("From"), widget="day", help=_("Empty means today."), default=None)
    valid_to: MaybeDay = asks(_("Until"), widget="day", help=_("Empty means without end."), default=None)

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(_("The last day lies before the first."))
        return self


class DutyChange(Holder):
    """Another holder, part or basis. With `since` the old duty ends the day before and a new one begins."""

    matter: Annotated[str, Field(max_length=200)] = asks(_("Part of the sector"), default="")
    basis: Annotated[str, Field(max_length=300)] = asks(_("Basis"), default="")
    since: MaybeDay = asks(
        _("Changes on"),
        widget="day",
        help=_("The first day of the new state; what was before is kept. Empty corrects what was entered wrongly."),
        default=None,
    )


class DutyEnd(Lines):
    last_day: MaybeDay = asks(
        _("Last day"), widget="day", help=_("Empty means yesterday: it no longer runs today."), default=None
    )
    reason: Annotated[str, Field(min_length=2, max_length=200)] = asks(_("Reason"))


class HandOver(Lines):
    """All duties of one person go to another from a day."""

    from_post: MaybeId = asks(_("Who leaves"), widget="leaving", default=None)
    from_name: PersonName = asks(_("Or the name of somebody without an account"), default="")
    to_post: MaybeId = asks(_("Who takes over"), widget="post", default=None)
    to_name: PersonName = asks(_("Or a name without an account"), default="")
    title: Short = asks(_("Office held"), help=_("Empty keeps what each duty says."), default="")
    phone: Phone = asks(_("Phone"), default="")
    since: MaybeDay = asks(
        _("From"), widget="day", help=_("The first day of the successor; empty means today."), default=None
    )
    reason: Annotated[str, Field(max_length=200)] = asks(_("Reason"), default="")


class CardInput(Lines):
    """One post's list of duties. Duties are one a line."""

    level: Level = asks(_("Level"))
    title: Annotated[str, Field(min_length=1, max_length=60)] = asks(_("Post"), help=_("Such as head of workshop one."))
    holder_name: PersonName = asks(_("Who holds it"), default="")
    holder: MaybeId = asks(_("Account of the holder"), widget="hidden", default=None)
    duties: Annotated[list[Annotated[str, Field(min_length=1, max_length=300)]], Field(min_length=1, max_length=30)] = (
        asks(_("Duties"), widget="lines", help=_("One a line."))
    )
    risks: Annotated[list[UUID], Field(max_length=200)] = asks(
        _("Risk points"), widget="risk_points", help=_("Those this post looks after."), default=[]
    )
    emergency: Annotated[str, Field(max_length=1000)] = asks(
        _("In an emergency"), widget="prose", help=_("What to do first, whom to call."), default=""
    )


class Acknowledgement(Lines):
    signed_on: MaybeDay = asks(_("Acknowledged on"), widget="day", help=_("Empty means today."), default=None)
