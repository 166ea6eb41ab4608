"""What each step of a visit asks for: one declaration for the form, the API, the phone and the checks."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, Field, model_validator

from anlan.kernel.inputs import Input, Line, Moment, Prose, asks

Reason = Annotated[Prose, Field(min_length=4, max_length=300)]
Short = Annotated[Line, Field(max_length=60)]
Named = Annotated[Line, Field(min_length=2, max_length=60)]
People = Annotated[list[UUID], Field(max_length=12)]
Photos = Annotated[list[UUID], Field(max_length=20)]
SomePhotos = Annotated[list[UUID], Field(min_length=1, max_length=20)]
Degrees = Decimal | None
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
System = Literal["wgs84", "gcj02", "bd09"]


def _drawing(text: str) -> str:
    if text and not text.startswith("data:image/png;base64,"):
        raise ValueError(gettext_lazy("Please sign in the box."))
    return text


Drawing = Annotated[str, Field(max_length=400_000), AfterValidator(_drawing)]


class Plan(Input):
    """One visit of one enterprise."""

    enterprise: UUID = asks(_("Enterprise"), widget="enterprise")
    site: UUID | None = asks(_("Site"), widget="site", default=None)
    kind: Literal["administrative", "supervision", "expert_help"] = asks(_("Kind of visit"), widget="choice")
    check: Literal["county", "group", "expert"] = asks(
        _("Counts as"), widget="choice", help=_("Which of the four checks.")
    )
    style: Literal["notified", "unannounced", "covert", "cross_region"] = asks(
        _("Style"), widget="choice", default="notified"
    )
    reason: Literal["plan", "draw", "campaign", "complaint", "accident", "follow_up", "request"] = asks(
        _("Occasion"), widget="choice", default="plan"
    )
    reason_words: Annotated[Line, Field(max_length=300)] = asks(_("Occasion in words"), default="")
    planned_on: date = asks(_("Day of the visit"), widget="day")
    planned_to: date | None = asks(
        _("At the latest on"), widget="day", default=None, help=_("Left empty: on that very day.")
    )
    organisation: UUID | None = asks(
        _("The body that visits"), widget="organisation", default=None, help=_("Left empty: your own.")
    )
    basis: Annotated[Line, Field(max_length=300)] = asks(
        _("Formal basis"), default="", help=_("A cross-region visit needs one: document and number.")
    )
    campaign: Short = asks(_("Special campaign"), default="")
    cap_exception: Annotated[Prose, Field(max_length=300)] = asks(
        _("Why beyond the yearly cap"),
        default="",
        help=_("Only when the enterprise's visits are used up."),
    )
    apart: Annotated[Prose, Field(max_length=300)] = asks(
        _("Why apart from another department's visit"),
        default="",
        help=_("Only when another department plans a visit near that day; joining it is the rule."),
    )

    @model_validator(mode="after")
    def _days_in_order(self) -> "Plan":
        if self.planned_to is not None and self.planned_to < self.planned_on:
            raise ValueError(gettext_lazy("The last day lies before the first."))
        return self


class Assign(Input):
    """Who goes, by their posts. The certificates of officers are noted as they are on the day."""

    leader: UUID = asks(_("Leader"), widget="leader")
    officers: People = asks(_("Officers"), widget="officers", default_factory=list)
    experts: People = asks(_("Experts who come along"), widget="experts", default_factory=list)
    observers: People = asks(_("Observers"), widget="observers", default_factory=list)

    @property
    def posts(self) -> list[UUID]:
        return [self.leader, *self.officers, *self.experts, *self.observers]


class Reassign(Assign):
    reason: Annotated[Line, Field(max_length=300)] = asks(
        _("Reason"), default="", help=_("Needed for whoever was drawn: the draw's page shows it.")
    )


class Join(Input):
    """Another department comes along."""

    organisation: UUID | None = asks(
        _("The department that comes along"), widget="organisation", default=None, help=_("Left empty: your own.")
    )
    officers: People = asks(_("Officers"), widget="officers", default_factory=list)


class Notify(Input):
    words: Annotated[Prose, Field(max_length=500)] = asks(
        _("Words to the enterprise"), widget="prose", default="", help=_("What to prepare, who should be there.")
    )


class HoldBack(Input):
    remark: Annotated[Prose, Field(max_length=300)] = asks(_("Remark"), widget="prose", default="")


class Arrive(Input):
    arrived_at: Moment | None = asks(
        _("Arrived at"),
        widget="hidden",
        default=None,
        help=_("As the phone shows it on the sheet; it counts when it lies within some minutes of the arrival."),
    )
    lon: Degrees = asks(_("Longitude"), widget="hidden", default=None, ge=-180, le=180)
    lat: Degrees = asks(_("Latitude"), widget="hidden", default=None, ge=-90, le=90)
    system: System = asks(_("Coordinate system"), widget="hidden", default="wgs84")
    accuracy_m: Annotated[int, Field(ge=0, le=1_000_000)] | None = asks(
        _("Accuracy in metres"), widget="hidden", default=None
    )
    code: Annotated[Line, Field(max_length=300)] = asks(
        _("Code at the gate"), default="", help=_("What the QR code at the gate says, when there is one.")
    )


class Answer(Input):
    item: UUID
    value: Literal["yes", "no", "na", "unseen"]
    remark: Annotated[Prose, Field(max_length=500)] = ""
    photos: Photos = Field(default_factory=list)


class AddFinding(Input):
    """Something found wrong; it becomes a hazard with the record."""

    id: UUID | None = asks(_("Id"), widget="hidden", default=None)
    item: UUID | None = asks(_("Item"), widget="item", default=None)
    risk_point: UUID | None = asks(_("Risk point"), widget="risk_point", default=None)
    place: Annotated[Line, Field(min_length=2)] = asks(
        _("Place"), help=_("Where exactly, so that a stranger finds it.")
    )
    category: Annotated[Line, Field(max_length=30)] = asks(_("Category"), widget="category")
    description: Annotated[Prose, Field(min_length=6)] = asks(_("What is wrong"), widget="prose")
    photos: SomePhotos = asks(_("Photos"), widget="photos")
    clause: UUID | None = asks(
        _("Clause"), widget="clause", default=None, help=_("Of the criteria for major hazards, in force on that day.")
    )
    major: bool = asks(_("Propose as major"), widget="yesno", default=False)
    lon: Degrees = asks(_("Longitude"), widget="hidden", default=None, ge=-180, le=180)
    lat: Degrees = asks(_("Latitude"), widget="hidden", default=None, ge=-90, le=90)
    system: System = asks(_("Coordinate system"), widget="hidden", default="wgs84")
    found_at: Moment | None = asks(_("Found at"), widget="hidden", default=None)

    @model_validator(mode="after")
    def _clause_belongs_to_major(self) -> "AddFinding":
        if self.major and self.clause is None and self.item is None:
            raise ValueError(gettext_lazy("A major hazard needs a cited clause in force on the day of finding."))
        return self


class WithdrawFinding(Input):
    finding: UUID = asks(_("Finding"), widget="finding")
    reason: Reason = asks(_("Reason"), widget="prose")


class OnSite(Input):
    id: UUID | None = asks(_("Id"), widget="hidden", default=None)
    kind: Literal["evacuate", "stop_use", "stop_work", "training", "other"] = asks(_("What was done"), widget="choice")
    words: Annotated[Prose, Field(min_length=4)] = asks(_("In words"), widget="prose")
    people: Annotated[int, Field(ge=0, le=1_000_000)] | None = asks(
        _("How many people"), default=None, help=_("Trained or withdrawn.")
    )
    until: date | None = asks(_("Until"), widget="day", default=None)
    finding: UUID | None = asks(_("Because of the finding"), widget="finding", default=None)


class Record(Input):
    """The site record; `digest` is that of the sheet as it was shown."""

    summary: Annotated[Prose, Field(min_length=4)] = asks(_("What was seen"), widget="prose")
    met_name: Named = asks(_("Received by"))
    met_title: Short = asks(_("Title"), default="")
    met_phone: Annotated[Line, Field(max_length=20)] = asks(_("Phone"), default="")
    left_at: Moment = asks(_("Left at"), widget="moment", help=_("It is on the sheet that both sides sign."))
    digest: Digest = asks(_("Digest of what was shown"), widget="hidden")


class Sign(Input):
    """A signature under the record as it stands, or a refusal noted by the officers."""

    party: Literal["officer", "enterprise", "expert", "witness"] = asks(_("Who signs"), widget="choice")
    name: Named = asks(_("Name of the signer"))
    member: UUID | None = asks(
        _("Member"), widget="hidden", default=None, help=_("The person's id; needed where two who go bear one name.")
    )
    title: Short = asks(_("Title"), default="")
    digest: Digest = asks(_("Digest of what was shown"), widget="hidden")
    drawing: Drawing = asks(_("Signature"), widget="signature", default="")
    photos: Annotated[list[UUID], Field(max_length=1)] = asks(_("Drawing"), widget="hidden", default_factory=list)
    refused: bool = asks(_("Refuses to sign"), widget="yesno", default=False)
    reason: Annotated[Prose, Field(max_length=300)] = asks(_("Reason of the refusal"), widget="prose", default="")
    witnesses: Annotated[Line, Field(max_length=200)] = asks(_("Witnesses of the refusal"), default="")

    @model_validator(mode="after")
    def _signed_or_refused(self) -> "Sign":
        if self.refused and not self.reason:
            raise ValueError(gettext_lazy("A refusal is noted with its reason."))
        if not self.refused and not self.drawing and not self.photos:
            raise ValueError(gettext_lazy("Please sign in the box."))
        return self


class Reopen(Input):
    reason: Reason = asks(_("Reason"), widget="prose")


class Follow(Input):
    """Where what is visited lies now."""

    region: int


class Cancel(Input):
    reason: Reason = asks(_("Reason"), widget="prose")


class Reschedule(Input):
    planned_on: date = asks(_("New day"), widget="day")
    planned_to: date | None = asks(
        _("At the latest on"), widget="day", default=None, help=_("Left empty: on that very day.")
    )
    reason: Reason = asks(_("Reason"), widget="prose")
    apart: Annotated[Prose, Field(max_length=300)] = asks(
        _("Why apart from another department's visit"),
        default="",
        help=_("Only when another department plans a visit near that day; joining it is the rule."),
    )

    @model_validator(mode="after")
    def _days_in_order(self) -> "Reschedule":
        if self.planned_to is not None and self.planned_to < self.planned_on:
            raise ValueError(gettext_lazy("The last day lies before the first."))
        return self
