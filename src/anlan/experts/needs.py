"""What the verbs ask for: forms, API and validation are these."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from anlan.kernel.inputs import Input, Line, Prose, asks
from anlan.registry.facilities import facilities
from anlan.registry.inputs import PersonName, Phone, RegionCode


def _known(codes: list[str]) -> list[str]:
    if unknown := [code for code in codes if code not in facilities()]:
        raise ValueError(gettext_lazy("There is no such kind of facility: %(code)s.") % {"code": unknown[0]})
    return list(dict.fromkeys(codes))


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Specialties = Annotated[list[str], Field(max_length=20), AfterValidator(_known)]
Fields = Annotated[list[Annotated[int, Field(ge=0, le=62)]], Field(max_length=63), BeforeValidator(_listed)]
"""Bits of supervision fields; none means all of them."""
Reason = Annotated[Line, Field(min_length=2, max_length=200)]


class Days(Input):
    """A span of days, both included."""

    @model_validator(mode="after")
    def _in_order(self) -> "Days":
        names = [name for name in type(self).model_fields if name in ("since", "until", "first", "last")]
        first, last = (getattr(self, name) for name in names)
        if first and last and last < first:
            raise ValueError(gettext_lazy("The last day lies before the first."))
        return self


class ExpertFacts(Days):
    name: Annotated[PersonName, Field(min_length=2)] = asks(_("Full name"))
    level: Literal["province", "city", "county", "retired"] = asks(_("Level"), widget="choice")
    region: RegionCode = asks(_("Kept by the office of"), widget="region")
    fields: Fields = asks(_("Supervision fields"), widget="fields", default_factory=list, help=_("None means all."))
    specialties: Specialties = asks(_("Specialties"), widget="specialties", default_factory=list)
    title: Annotated[Line, Field(max_length=60)] = asks(_("Professional title"), default="")
    employer: Annotated[Line, Field(max_length=120)] = asks(_("Employer"), default="")
    phone: Phone = asks(_("Phone"), default="")
    person: UUID | None = asks(
        _("Account"), widget="expert_account", default=None, help=_("Needed to check and sign on a phone.")
    )
    since: date = asks(_("In the pool since"), widget="day")
    until: date | None = asks(_("In the pool until"), widget="day", default=None)
    remark: Prose = asks(_("Remark"), widget="prose", default="")


class GroupFacts(Input):
    name: Annotated[Line, Field(min_length=2, max_length=120)] = asks(_("Name of the group"))
    region: RegionCode = asks(_("Kept by the office of"), widget="region")
    members: Annotated[list[UUID], Field(min_length=1, max_length=40)] = asks(_("Members"), widget="experts")
    leader: UUID | None = asks(_("Leader"), widget="expert", default=None)
    active: bool = asks(_("In use"), widget="yesno", default=True)

    @model_validator(mode="after")
    def _leader_is_member(self) -> "GroupFacts":
        if self.leader and self.leader not in self.members:
            raise ValueError(gettext_lazy("The leader must be one of the members."))
        return self


class AbsenceFacts(Days):
    first: date = asks(_("First day"), widget="day")
    last: date = asks(_("Last day"), widget="day")
    reason: Annotated[Line, Field(max_length=200)] = asks(_("Reason"), default="")


class CertificateFacts(Days):
    person: UUID = asks(_("Officer"), widget="officer")
    number: Annotated[Line, Field(min_length=3, max_length=40)] = asks(_("Certificate number"))
    issuer: Annotated[Line, Field(max_length=120)] = asks(_("Issued by"), default="")
    fields: Fields = asks(_("Supervision fields"), widget="fields", default_factory=list, help=_("None means all."))
    since: date = asks(_("Valid from"), widget="day")
    until: date | None = asks(_("Valid until"), widget="day", default=None)


class Why(Input):
    reason: Reason = asks(_("Reason"))


class AvoidanceFacts(Days):
    person: UUID = asks(_("Person"), widget="officer")
    enterprise: UUID = asks(_("Enterprise"), widget="enterprise")
    kind: Literal["kin", "employed", "holding", "declared", "other"] = asks(_("Kind of avoidance"), widget="choice")
    reason: Reason = asks(_("Reason"))
    since: date = asks(_("From"), widget="day")
    until: date | None = asks(_("Until"), widget="day", default=None)
