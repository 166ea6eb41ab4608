"""What each verb and step asks for: the form, the API schema and the validation."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, Field

from anlan.kernel.flow.given import Reason
from anlan.kernel.inputs import Day, Input, Line, Prose, RegionCode, asks
from anlan.kernel.text import clean_text

Text = Annotated[str, Field(max_length=200_000)]


def _several(text: str) -> str:
    return clean_text(text)


Long = Annotated[str, AfterValidator(_several), Field(max_length=20_000)]
What = Annotated[Line, Field(min_length=2, max_length=500)]
Every = Literal["day", "workday", "week", "tenday", "halfmonth", "month", "quarter", "halfyear", "year"]


class Rhythm(Input):
    """How often, as the reader gives it or a person says it."""

    every: Every
    interval: Annotated[int, Field(ge=1, le=12)] = 1
    times: Annotated[int, Field(ge=0, le=99)] = 0
    at_least: bool = False
    day: Annotated[int, Field(ge=0, le=31)] = 0
    weekday: Annotated[int, Field(ge=0, le=7)] = 0
    text: Annotated[Line, Field(max_length=60)] = ""


class Head(Input):
    """What stands at the head of a document. What is left empty is taken from what the reader finds."""

    title: Line = asks(_("Title of the document"), default="")
    reference: Annotated[Line, Field(max_length=60)] = asks(_("Number of the document"), default="")
    issuer: Annotated[Line, Field(max_length=120)] = asks(_("Issuing body"), default="")
    dated: Day | None = asks(_("Dated"), widget="day", default=None)
    received_on: Day | None = asks(_("Received on"), widget="day", help=_("Empty: today."), default=None)
    limit: Day | None = asks(
        _("Due by"),
        widget="day",
        help=_("The last day the document names; it holds for tasks that name none."),
        default=None,
    )
    another: bool = asks(
        _("It is another document"),
        widget="tick",
        help=_("Only where one of the same number and issuer is registered already."),
        default=False,
    )


class Register(Head):
    """A document that came in, as text or as a file."""

    region: RegionCode = asks(_("Region"), widget="region")
    text: Text = asks(_("Text"), widget="prose", help=_("Or choose the file."), default="")
    file: UUID | None = asks(_("File"), widget="document", default=None)


class Accept(Input):
    """A proposal becomes a task of each unit, as the reader found it."""

    units: Annotated[list[UUID], Field(min_length=1, max_length=80)] = asks(_("Responsible units"), widget="units")


class Mend(Accept):
    """The same with a person's words in place of the reader's."""

    what: What = asks(_("What is to be done"), widget="prose")
    due: Day | None = asks(_("Due by"), widget="day", default=None)
    rhythm: Rhythm | None = asks(_("How often"), widget="rhythm", default=None)
    until: Day | None = asks(_("Comes again until"), widget="day", default=None)
    partners: Line = asks(_("Cooperating units"), default="")
    evidence: Annotated[list[Line], Field(max_length=20)] = asks(_("To be shown"), widget="lines", default=[])


class Add(Mend):
    """A task the reader did not see, from a stretch of the normalised text."""

    start: Annotated[int, Field(ge=0, le=200_000)] = asks(_("Begins at"), widget="hidden")
    end: Annotated[int, Field(ge=1, le=200_000)] = asks(_("Ends at"), widget="hidden")


class Refuse(Input):
    reason: Reason = asks(_("Reason"), widget="prose")


class Assign(Input):
    """The opening step of a task: its facts stand in the record already."""

    facts: dict[str, Any] = {}


class Progress(Input):
    words: Annotated[Prose, Field(min_length=2, max_length=2000)] = asks(_("Progress"), widget="prose")


class Count(Input):
    on: Day = asks(_("Done on"), widget="day")
    words: Annotated[Prose, Field(min_length=2, max_length=500)] = asks(_("How it was carried out"), widget="prose")
    files: Annotated[list[UUID], Field(max_length=20)] = asks(_("Documents and photos"), widget="documents", default=[])


class Comb(Input):
    words: Annotated[Prose, Field(min_length=2, max_length=500)] = asks(
        _("Note"), widget="prose", help=_("What was asked or agreed; the unit reads it too.")
    )


class DigestPart(Input):
    """One section of a digest; each line of `text` is a paragraph."""

    heading: Annotated[Line, Field(min_length=1, max_length=60)]
    text: Long = ""


class EditDigest(Input):
    """The draft as a person left it; `version` is the one that was seen."""

    title: Annotated[Line, Field(min_length=2, max_length=120)] = asks(_("Title"))
    reference: Annotated[Line, Field(max_length=60)] = asks(_("Number of the document"), default="")
    sections: Annotated[list[DigestPart], Field(min_length=1, max_length=20)]
    version: Annotated[int, Field(ge=0)] = 0
