"""What each step of the report flow asks for: one declaration for the form, the API and the checks."""

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field, model_validator

from anlan.kernel.inputs import Code, Day, Input, Line, Moment, Prose, RegionCode, asks

MOST_PHOTOS = 9
MOST_SIGNATORIES = 9
"""Beside the sender, who stands first."""
Words = Annotated[Prose, Field(max_length=2000)]
Reason = Annotated[Prose, Field(min_length=4, max_length=300)]
Short = Annotated[Line, Field(max_length=60)]
Photos = Annotated[list[UUID], Field(max_length=MOST_PHOTOS)]
SomePhotos = Annotated[list[UUID], Field(min_length=1, max_length=MOST_PHOTOS)]


class Signatory(Input):
    """Somebody who reports together with the sender. A name alone may stand for the whole."""

    name: Short
    phone: Annotated[Line, Field(max_length=20)] = ""

    @model_validator(mode="before")
    @classmethod
    def _a_name_alone(cls, given: Any) -> Any:
        return {"name": given} if isinstance(given, str) else given


class Submit(Input):
    """A report as it is sent in: a photo or words, and a place; nothing else is required."""

    words: Words = asks(_("What is wrong"), widget="prose", default="")
    photos: Photos = asks(_("Photos or one short video"), widget="photos", default_factory=list)
    lon: Decimal | None = asks(_("Longitude"), widget="hidden", default=None, ge=-180, le=180)
    lat: Decimal | None = asks(_("Latitude"), widget="hidden", default=None, ge=-90, le=90)
    crs: Literal["wgs84", "gcj02", "bd09"] = asks(_("Coordinate system"), widget="hidden", default="wgs84")
    accuracy_m: int | None = asks(_("Accuracy"), widget="hidden", default=None, ge=0, le=100_000)
    address: Line = asks(_("Where"), default="")
    region: RegionCode | None = asks(_("Region"), widget="region", default=None)
    category: Code = asks(_("Kind of report"), widget="report_category", default="")
    wished_unit: UUID | None = asks(_("Receiving unit"), widget="unit", default=None)
    anonymous: bool = asks(_("Without a name"), widget="switch", default=False)
    client_at: Moment | None = asks(_("Seen at"), widget="hidden", default=None)
    channel: Literal["web", "miniprogram", "open311", "desk"] = asks(_("Channel"), widget="hidden", default="web")
    employee_of: UUID | None = asks(_("I work for"), widget="enterprise", default=None)
    joint: Annotated[list[Signatory], Field(max_length=MOST_SIGNATORIES)] = asks(
        _("Who reports together with me"), widget="hidden", default_factory=list
    )
    name: Short = asks(_("The caller's name"), default="", help=_("Sealed apart from the report."))
    phone: Annotated[Line, Field(max_length=20)] = asks(_("The caller's phone"), default="")

    @model_validator(mode="after")
    def _something_and_somewhere(self) -> "Submit":
        if not self.photos and len(self.words) < 2:
            raise ValueError(gettext_lazy("Say what is wrong, or add a photo."))
        if (self.lon is None) != (self.lat is None):
            raise ValueError(gettext_lazy("Give both coordinates or none."))
        if self.lon is None and not self.address and self.region is None:
            raise ValueError(gettext_lazy("Say where it is: by position, on the map or in words."))
        return self


class PublicVersion(Input):
    """What the plaza shows of a report."""

    public_words: Words = asks(_("Words the public reads"), widget="prose", default="")
    public_place: Line = asks(_("Place the public reads"), default="", help=_("No house number, no name."))
    public: bool = asks(_("Show it on the plaza"), widget="switch", default=True)
    shown: Annotated[list[UUID], Field(max_length=30)] = asks(
        _("Photos the public sees"), widget="report_photos", default_factory=list
    )


class Screen(PublicVersion):
    category: Annotated[Code, Field(min_length=1)] = asks(_("Kind of report"), widget="report_category")
    industry: Code = asks(_("Supervision field"), widget="industry", default="")
    region: RegionCode | None = asks(_("Region"), widget="region", default=None)


class EditPublic(PublicVersion):
    pass


class Dispatch(Input):
    unit: UUID = asks(_("Unit"), widget="unit")
    category: Code = asks(_("Kind of report"), widget="report_category", default="")
    industry: Code = asks(_("Supervision field"), widget="industry", default="")
    way: Literal["hand", "suggested", "rule"] = asks(_("How it was chosen"), widget="hidden", default="hand")
    rule: UUID | None = asks(_("Rule"), widget="hidden", default=None)
    confidence: Annotated[Decimal, Field(ge=0, le=1)] | None = asks(_("Confidence"), widget="hidden", default=None)
    remark: Annotated[Prose, Field(max_length=300)] = asks(_("Remark"), widget="prose", default="")


class SendBack(Input):
    reason: Reason = asks(_("Why it is not for this unit"), widget="prose")


class Verify(Input):
    words: Annotated[Prose, Field(min_length=4, max_length=2000)] = asks(_("Result of the check"), widget="prose")
    on: Day = asks(_("Day of the check"))
    photos: Photos = asks(_("Photos"), widget="photos", default_factory=list)
    place: Annotated[Line, Field(min_length=2)] = asks(
        _("Place"), help=_("Where exactly, so that a stranger finds it.")
    )
    enterprise: UUID | None = asks(_("Enterprise"), widget="enterprise", default=None)
    industry: Annotated[Code, Field(min_length=1)] = asks(_("Supervision field"), widget="industry")
    hazard_category: Annotated[Code, Field(min_length=1)] = asks(_("Category"), widget="category")


class Unfounded(Input):
    reason: Reason = asks(_("Why, in words the reporter reads"), widget="prose")
    words: Annotated[Prose, Field(min_length=4, max_length=2000)] = asks(_("Result of the check"), widget="prose")
    photos: SomePhotos = asks(_("Photos"), widget="photos")


class Duplicate(Input):
    of: UUID = asks(_("Report it is the same as"), widget="report")


class Decline(Input):
    reason: Reason = asks(_("Why, in words the reporter reads"), widget="prose")


class Handle(Input):
    stands: bool = True
    """Whether the hazard was one in the end."""
    words: Annotated[Prose, Field(max_length=2000)] = asks(_("What has been done"), widget="prose", default="")


class Tie(Input):
    hazard: UUID
    number: Annotated[Line, Field(max_length=24)]


class Hear(Input):
    words: Annotated[Prose, Field(min_length=1, max_length=500)]


class SendAgain(Input):
    reason: Reason = asks(_("Why it is not settled"), widget="prose")


class Review(Input):
    answer: Annotated[Prose, Field(min_length=4, max_length=2000)] = asks(
        _("What the reporter is told"), widget="prose"
    )


class Contest(Input):
    words: Annotated[Prose, Field(min_length=4, max_length=500)] = asks(_("What is not right"), widget="prose")
    photos: Photos = asks(_("Photos"), widget="photos", default_factory=list)


class Rate(Input):
    satisfied: bool = asks(_("Satisfied"), widget="switch")
    words: Annotated[Prose, Field(max_length=500)] = asks(_("Remark"), widget="prose", default="")


class Join(Input):
    words: Annotated[Prose, Field(max_length=500)] = asks(_("What I saw"), widget="prose", default="")
    photos: Photos = asks(_("Photos"), widget="photos", default_factory=list)


class OpenSeal(Input):
    reason: Reason = asks(_("Why the reporter's identity is needed"), widget="prose")
