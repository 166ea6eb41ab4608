"""
The step by which the platform puts a report aside for a person: a row of the report's flow. A person lets it go again by looking, with the
public version that they keep (`edit_public`, `screen`). Nothing is deleted, and it is sent on and handled all the same.
"""

from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from anlan.kernel.flow import Step, Taking
from anlan.kernel.ids import new_id
from anlan.kernel.inputs import Input, Line
from anlan.reports.models import Hold, ReportPhoto
from anlan.reports.rules import is_system
from anlan.reports.states import ALL

ASKED, WAITING, RELEASED = "asked", "waiting", "released"


class HoldBack(Input):
    """What is put aside, by which check, and why."""

    engine: Literal["words", "wechat"] = "words"
    what: Literal["words", "photo"] = "words"
    photo: UUID | None = None
    label: Annotated[Line, Field(max_length=60)] = ""
    hold: UUID | None = None
    """The row of a check that was asked and answers now."""


def _hold_back(taking: Taking) -> None:
    data, report = taking.data, taking.record
    report.held = True

    def hang() -> None:
        asked = Hold.objects.filter(report=report, pk=data.hold, state=ASKED).first() if data.hold else None
        photo = ReportPhoto.objects.filter(report=report, pk=data.photo).first() if data.photo else None
        row = asked or Hold(id=new_id(), report=report, engine=data.engine, what=data.what, photo=photo)
        row.label, row.state, row.at = data.label, WAITING, taking.at
        row.save()
        if row.photo_id:
            ReportPhoto.objects.filter(pk=row.photo_id).update(shown=False)

    taking.later.append(hang)


HOLD_BACK = Step(
    name="hold_back",
    label=_("Put aside"),
    source=ALL,
    by=is_system,
    who=_("the platform"),
    needs=HoldBack,
    do=_hold_back,
    quiet=True,
    consequence=_("It waits for a person before anybody but the desk sees it. It is handled all the same."),
)
