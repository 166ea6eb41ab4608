"""What each step asks for: the form, the API schema and the validation."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field, ValidationInfo, field_validator, model_validator

from anlan.kernel.inputs import Code, Day, Input, Line, Prose, RegionCode, asks

Reason = Annotated[Prose, Field(min_length=2, max_length=500)]
Way = Literal["direct", "left", "post", "electronic", "announcement"]
Outcome = Literal["received", "refused", "failed"]
Fen = Annotated[int, Field(ge=0, le=10_000_000_000_00)]


class Draft(Input):
    """An instrument of a kind to one addressee. `fields` by the kind's field codes; what is still missing is said at the review."""

    kind: Code = asks(_("Kind"))
    enterprise: UUID | None = asks(_("Enterprise"), default=None)
    unit: UUID | None = asks(_("Addressee"), default=None)
    organ: UUID | None = asks(_("Issuing organ"), help=_("Empty: that of your post, or the nearest."), default=None)
    region: RegionCode | None = asks(_("Issuing territory"), default=None)
    source_type: Code = asks(_("Source"), default="")
    source_id: UUID | None = asks(_("Source record"), default=None)
    source_number: Annotated[Line, Field(max_length=60)] = asks(_("Number of the source"), default="")
    rung: Annotated[int, Field(ge=0, le=100)] = asks(_("Rung of escalation"), default=0)
    after: UUID | None = asks(_("After which instrument"), default=None)
    withdraws: UUID | None = asks(_("Instrument it withdraws"), default=None)
    case: UUID | None = asks(_("Case"), default=None)
    fields: dict[str, Any] = asks(_("Fields"), default_factory=dict)

    @model_validator(mode="after")
    def _one_addressee(self) -> "Draft":
        if (self.enterprise is None) == (self.unit is None):
            raise ValueError(gettext_lazy("Name one addressee: an enterprise or a unit."))
        return self


class Amend(Input):
    """All fields as they are to be; what is left out is empty from then on."""

    fields: dict[str, Any] = asks(_("Fields"), widget="hidden")
    remark: Annotated[Prose, Field(max_length=500)] = asks(_("Remark"), widget="prose", default="")


class Review(Input):
    remark: Annotated[Prose, Field(max_length=500)] = asks(_("Opinion"), widget="prose", default="")


class Approve(Input):
    remark: Annotated[Prose, Field(max_length=500)] = asks(_("Opinion"), widget="prose", default="")


class SendBack(Input):
    reason: Reason = asks(_("What is to be mended"), widget="prose", help=_("The drafter reads it."))


class Discard(Input):
    reason: Reason = asks(_("Reason"), widget="prose")


class Number(Input):
    """The number is the next of the organ, kind and year; nobody chooses it."""

    sealed: bool = asks(
        _("Seal it"),
        widget="yesno",
        help=_("With the organ's seal kept here. No: it is sealed on paper."),
        default=True,
    )


class Serve(Input):
    """One attempt to serve it. The proof asked for follows from the way."""

    way: Way = asks(_("Way of service"))
    outcome: Outcome = asks(_("How it ended"))
    on: Day = asks(_("Date"), widget="day")
    place: Line = asks(_("Place"), default="")
    receiver: Annotated[Line, Field(max_length=60)] = asks(
        _("Who received or refused it"), default="", validate_default=True
    )
    receiver_title: Annotated[Line, Field(max_length=60)] = asks(
        _("Position, or relation to the addressee"), default=""
    )
    post_number: Annotated[Line, Field(max_length=60)] = asks(
        _("Number of the parcel, or where it was announced"), default="", validate_default=True
    )
    witnesses: Line = asks(
        _("Witnesses"),
        help=_("Needed where it was refused and left: names and units."),
        default="",
        validate_default=True,
    )
    consent: bool = asks(
        _("The addressee consented in writing to electronic service"),
        widget="yesno",
        default=False,
        validate_default=True,
    )
    signature: Annotated[str, Field(max_length=300_000)] = asks(
        _("Signature of the receiver"), widget="signature", default=""
    )
    files: list[UUID] = asks(_("Photos or scan of the receipt"), widget="documents", default=[], validate_default=True)
    remark: Annotated[Prose, Field(max_length=500)] = asks(_("Remark"), widget="prose", default="")

    @field_validator("outcome")
    @classmethod
    def _fits(cls, outcome: str, info: ValidationInfo) -> str:
        way = info.data.get("way")
        if outcome == "refused" and way not in ("direct", "left"):
            raise ValueError(gettext_lazy("Only what is handed over can be refused."))
        if way == "left" and outcome == "received":
            raise ValueError(gettext_lazy("What is received is handed over; it is left where it is refused."))
        return outcome

    @field_validator("receiver")
    @classmethod
    def _somebody(cls, receiver: str, info: ValidationInfo) -> str:
        if not receiver and info.data.get("way") in ("direct", "left") and info.data.get("outcome") != "failed":
            raise ValueError(gettext_lazy("Say who received or refused it."))
        return receiver

    @field_validator("post_number")
    @classmethod
    def _sent(cls, number: str, info: ValidationInfo) -> str:
        if not number and info.data.get("way") in ("post", "announcement"):
            raise ValueError(gettext_lazy("Give the number of the parcel, or where it was announced."))
        return number

    @field_validator("witnesses")
    @classmethod
    def _seen(cls, witnesses: str, info: ValidationInfo) -> str:
        if not witnesses and info.data.get("outcome") == "refused":
            raise ValueError(gettext_lazy("A refusal needs its witnesses."))
        return witnesses

    @field_validator("consent")
    @classmethod
    def _agreed(cls, consent: bool, info: ValidationInfo) -> bool:
        if not consent and info.data.get("way") == "electronic" and info.data.get("outcome") == "received":
            raise ValueError(gettext_lazy("Electronic service needs the addressee's signed consent."))
        return consent

    @field_validator("files")
    @classmethod
    def _proven(cls, files: list[UUID], info: ValidationInfo) -> list[UUID]:
        data = info.data
        if data.get("outcome") == "failed" or files:
            return files
        if data.get("outcome") == "refused":
            raise ValueError(gettext_lazy("A refusal is shown by a photo."))
        if data.get("way") == "direct" and not data.get("signature"):
            raise ValueError(gettext_lazy("Add the receiver's signature or a photo of the signed receipt."))
        if data.get("way") in ("post", "announcement"):
            raise ValueError(gettext_lazy("Add a photo or scan of the receipt or the announcement."))
        return files


class Confirm(Input):
    """The addressee confirms that it has it."""

    signature: Annotated[str, Field(max_length=300_000)] = asks(_("Signature"), widget="signature", default="")


class Reply(Input):
    """What the addressee says to it."""

    words: Annotated[Prose, Field(min_length=2)] = asks(_("What you answer"), widget="prose")
    waives: bool = asks(_("Waives the days for a statement or a hearing"), widget="yesno", default=False)
    hearing: bool = asks(_("Asks for a hearing"), widget="yesno", default=False)
    files: list[UUID] = asks(_("Attachments"), widget="documents", default=[])

    @field_validator("hearing")
    @classmethod
    def _one_of_both(cls, hearing: bool, info: ValidationInfo) -> bool:
        if hearing and info.data.get("waives"):
            raise ValueError(gettext_lazy("Who asks for a hearing does not waive it."))
        return hearing


class PutToFile(Input):
    remark: Annotated[Prose, Field(max_length=500)] = asks(_("Remark"), widget="prose", default="")


class Publish(Input):
    """What everybody may read. Numbers of telephones and identity cards and the names of people are blanked besides."""

    words: Annotated[Prose, Field(min_length=10)] = asks(
        _("What everybody reads"), widget="prose", help=_("No names of people, no numbers: facts, basis, demands.")
    )


class Retract(Input):
    reason: Annotated[Prose, Field(min_length=2, max_length=300)] = asks(
        _("Why it is taken back"), widget="prose", help=_("Everybody who opens its address reads it.")
    )


class Withdraw(Input):
    """The platform's own: a later instrument that names this one was served."""

    by: UUID


class OrganFacts(Input):
    """What an organisation needs to issue instruments."""

    name: Annotated[Line, Field(min_length=2, max_length=120)] = asks(_("Name in the head"))
    word: Annotated[str, Field(min_length=1, max_length=12, pattern=r"^\w+$")] = asks(
        _("Word in document numbers"), help=_("Such as 临应急; the kind's own word follows it.")
    )
    review_body: Annotated[Line, Field(max_length=120)] = asks(_("Body for review"), default="")
    court: Annotated[Line, Field(max_length=120)] = asks(_("Court"), default="")
    seal: UUID | None = asks(
        _("Picture of the seal"), widget="photos", help=_("PNG, transparent where there is no ink."), default=None
    )
    seal_mm: Annotated[int, Field(ge=10, le=60)] = asks(_("Width of the seal (mm)"), default=42)
    keepers: list[UUID] = asks(_("Who may use the seal"), default=[])
