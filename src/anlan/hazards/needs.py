"""What each step of the hazard flow asks for: one declaration for the form, the API and the checks."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, Field, model_validator

from anlan.kernel.flow.clock_steps import Level
from anlan.kernel.inputs import Input, Line, Moment, Prose, asks

Reason = Annotated[Prose, Field(min_length=4)]
Photos = Annotated[list[UUID], Field(max_length=20)]
SomePhotos = Annotated[list[UUID], Field(min_length=1, max_length=20)]
Cost = Annotated[Decimal, Field(ge=0, le=Decimal(10_000_000_000), decimal_places=2)]


def _drawing(text: str) -> str:
    if text and not text.startswith("data:image/png;base64,"):
        raise ValueError(gettext_lazy("Please sign in the box."))
    return text


Drawing = Annotated[str, Field(max_length=400_000), AfterValidator(_drawing)]


class Register(Input):
    """A finding as it is registered."""

    source: Literal["self", "county", "group", "expert", "citizen", "system", "document"] = asks(
        _("Source"), widget="choice"
    )
    industry: Line = asks(_("Supervision field"), widget="industry")
    region: int = asks(_("Region"), widget="region", ge=110_000_000_000, lt=1_000_000_000_000)
    enterprise: UUID | None = asks(_("Enterprise"), widget="enterprise", default=None)
    site: UUID | None = asks(_("Site"), widget="site", default=None)
    risk_point: UUID | None = asks(_("Risk point"), widget="risk_point", default=None)
    place: Annotated[Line, Field(min_length=2)] = asks(
        _("Place"), help=_("Where exactly, so that a stranger finds it.")
    )
    category: Line = asks(_("Category"), widget="category")
    description: Annotated[Prose, Field(min_length=6)] = asks(_("What is wrong"), widget="prose")
    photos: Photos = asks(_("Photos"), widget="photos", default_factory=list)
    source_record: Annotated[Line, Field(max_length=120)] = asks(
        _("Source record"), default="", help=_("Number of the document or visit.")
    )
    style: Literal["", "notified", "unannounced", "covert", "cross_region"] = asks(
        _("Style"), widget="choice", default=""
    )
    found_at: Moment | None = asks(_("Found at"), widget="moment", default=None)
    report: UUID | None = asks(_("Report at the risk point"), widget="hidden", default=None)
    lon: Decimal | None = asks(_("Longitude"), widget="hidden", default=None, ge=-180, le=180)
    lat: Decimal | None = asks(_("Latitude"), widget="hidden", default=None, ge=-90, le=90)
    system: Literal["wgs84", "gcj02", "bd09"] = asks(_("Coordinate system"), widget="hidden", default="wgs84")


class Amend(Input):
    place: Annotated[Line, Field(min_length=2)] = asks(_("Place"))
    category: Line = asks(_("Category"), widget="category")
    description: Annotated[Prose, Field(min_length=6)] = asks(_("What is wrong"), widget="prose")
    reason: Reason = asks(_("Why it is corrected"))


class Grade(Input):
    grade: Literal["general", "major"] = asks(_("Grade"), widget="choice")
    clause: UUID | None = asks(
        _("Clause"),
        widget="clause",
        default=None,
        help=_("A major hazard cites a clause in force on the day of finding."),
    )
    clause_text: Annotated[Prose, Field(max_length=1000)] = asks(
        _("Wording of the clause"),
        widget="prose",
        default="",
        help=_(
            "Only for a clause of which no more than the topic is loaded: its condition, as the document itself says it."
        ),
    )
    remark: Prose = asks(_("Remark"), widget="prose", default="")

    @model_validator(mode="after")
    def _clause_belongs_to_major(self) -> "Grade":
        if self.grade == "major" and self.clause is None:
            raise ValueError(gettext_lazy("A major hazard needs a cited clause in force on the day of finding."))
        return self


class Dismiss(Input):
    reason: Reason = asks(_("Reason"), widget="prose")


class Merge(Input):
    survivor: UUID = asks(_("Surviving hazard"), widget="hazard")
    reason: Reason = asks(_("Reason"), widget="prose")


class Split(Input):
    place: Annotated[Line, Field(min_length=2)] = asks(_("Place"))
    category: Line = asks(_("Category"), widget="category")
    description: Annotated[Prose, Field(min_length=6)] = asks(_("What is wrong"), widget="prose")
    reason: Reason = asks(_("Reason"), widget="prose")
    photos: Photos = asks(_("Photos"), widget="photos", default_factory=list)


class Dispatch(Input):
    responsible: UUID = asks(_("Responsible enterprise"), widget="enterprise")
    due: date = asks(_("Rectify by"), widget="day")
    demands: Prose = asks(_("Demands"), widget="prose", default="")


class Sign(Input):
    """Drawn, or confirmed by the second factor; `digest` is that of the sheet that was shown."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = asks(_("Digest of what was shown"), widget="hidden")
    drawing: Drawing = asks(_("Signature"), widget="signature", default="")
    code: Annotated[str, Field(max_length=20)] = asks(
        _("Second-factor code"), default="", help=_("Instead of drawing: the six digits of your authenticator.")
    )

    @model_validator(mode="after")
    def _one_way(self) -> "Sign":
        if not self.drawing and not self.code:
            raise ValueError(gettext_lazy("Sign in the box, or give your second-factor code."))
        return self


class Refuse(Input):
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = asks(_("Digest of what was shown"), widget="hidden")
    reason: Reason = asks(_("Why you do not sign"), widget="prose")


class Arbitrate(Input):
    decision: Literal["uphold", "dismiss", "resend"] = asks(_("Decision"), widget="choice")
    reason: Reason = asks(_("Reasons"), widget="prose")
    due: date | None = asks(_("Rectify by (when sent again)"), widget="day", default=None)


class Plan(Input):
    """General: the measure and the date. Major: the five settled items and the six parts of the plan (令16号)."""

    measure: Annotated[Prose, Field(min_length=4)] = asks(_("Measure"), widget="prose")
    due: date = asks(_("Finish by"), widget="day")
    duty: Line = asks(_("Duty: who answers for it"), default="")
    funds_fen: int | None = asks(_("Funds (yuan)"), widget="money", default=None, ge=0, le=1_000_000_000_000)
    contingency: Prose = asks(_("Contingency plan"), widget="prose", default="")
    goal: Prose = asks(_("Goal and tasks"), widget="prose", default="")
    method: Prose = asks(_("Methods and measures"), widget="prose", default="")
    resources: Prose = asks(_("Funds and materials"), widget="prose", default="")
    organisation: Prose = asks(_("Bodies and people"), widget="prose", default="")
    schedule: Prose = asks(_("Time limit and stages"), widget="prose", default="")
    safety: Prose = asks(_("Safety measures and emergency plan"), widget="prose", default="")


class List(Input):
    level: Literal["county", "city", "province"] = asks(_("Level"), widget="choice")
    reason: Prose = asks(_("Remark"), widget="prose", default="")


class Publish(Input):
    where: Annotated[Line, Field(min_length=2)] = asks(_("Where it was published"))


class AskExtension(Input):
    due: date = asks(_("New date"), widget="day")
    reason: Reason = asks(_("Reason"), widget="prose")


class DecideExtension(Input):
    granted: bool = asks(_("Granted"), widget="yesno")
    until: date | None = asks(_("Granted until"), widget="day", default=None, help=_("Left empty: the date asked for."))
    reason: Reason = asks(_("Reason"), widget="prose")


class Submit(Input):
    measure_done: Annotated[Prose, Field(min_length=4)] = asks(_("What was done"), widget="prose")
    finished_on: date = asks(_("Finished on"), widget="day")
    cost: Cost = asks(_("Cost (yuan)"), widget="yuan", default=Decimal(0))
    photos: SomePhotos = asks(_("Photos of the same spot now"), widget="photos")


class Recheck(Input):
    passed: bool = asks(_("Result"), widget="passed")
    remark: Annotated[Prose, Field(min_length=4)] = asks(_("What you saw"), widget="prose")
    photos: Photos = asks(_("Photos"), widget="photos", default_factory=list)
    on_site: bool = asks(_("On site"), widget="yesno", default=True)
    officers: Annotated[list[UUID], Field(max_length=5)] = asks(
        _("Second officer"),
        widget="officers",
        default_factory=list,
        help=_("A major hazard is rechecked by two officers."),
    )
    new_due: date | None = asks(_("New date when it failed"), widget="day", default=None)


class Close(Input):
    remark: Prose = asks(_("Remark"), widget="prose", default="")


class Delist(Input):
    remark: Annotated[Prose, Field(min_length=4)] = asks(_("Remark"), widget="prose")


class LookBack(Input):
    holds: bool = asks(_("The closing holds"), widget="yesno")
    remark: Reason = asks(_("What you saw"), widget="prose")
    photos: Photos = asks(_("Photos"), widget="photos", default_factory=list)
    new_due: date | None = asks(_("New date when it is reopened"), widget="day", default=None)


class StopUse(Input):
    measure: Annotated[Line, Field(min_length=4)] = asks(_("Measure"), help=_("Evacuate, stop work, stop use of what."))
    officers: Annotated[list[UUID], Field(min_length=1, max_length=5)] = asks(_("Second officer"), widget="officers")


class Transfer(Input):
    authority: Annotated[Line, Field(min_length=2)] = asks(_("Receiving authority"))
    accepted_ref: Annotated[Line, Field(min_length=2)] = asks(_("Its acceptance (number and date)"))
    reason: Reason = asks(_("Reason"), widget="prose")


class AddEvidence(Input):
    remark: Annotated[Prose, Field(min_length=2)] = asks(_("Remark"), widget="prose")
    photos: Photos = asks(_("Photos"), widget="photos", default_factory=list)


class Join(Input):
    """A further finding of the same hazard."""

    source: Annotated[str, Field(max_length=10)]
    description: Prose
    photos: Photos = Field(default_factory=list)
    found_at: Moment | None = None


class Absorb(Input):
    merged: UUID
    number: Line


class Press(Level):
    """The clock's input when something owed beside the state is late."""

    wait: Literal["extension", "listing", "publication"]
