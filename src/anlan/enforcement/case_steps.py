"""What each step does to a case of penalty; the table in `case_flow.py` says who, when and whether."""

from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop as _
from pydantic import Field

from anlan.enforcement import rulings
from anlan.enforcement.models import Case, Instrument
from anlan.enforcement.rulings import kind_of
from anlan.kernel import clock
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import value
from anlan.kernel.errors import Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.inputs import Code, Day, Input, Line, Prose, asks

Reason = Annotated[Prose, Field(min_length=2, max_length=300)]
Fen = Annotated[int, Field(ge=0, le=10_000_000_000_00)]


class Handler(Input):
    name: Annotated[Line, Field(min_length=1, max_length=60)]
    certificate: Annotated[Line, Field(min_length=1, max_length=40)]


class OpenCase(Input):
    """立案: one matter against one enterprise, handled by at least two officers."""

    enterprise: UUID = asks(_("Enterprise"))
    matter: Annotated[Line, Field(min_length=2, max_length=300)] = asks(_("What the case is about"))
    filed_on: Day | None = asks(_("Filed on"), widget="day", help=_("Empty: today."), default=None)
    handlers: Annotated[list[Handler], Field(min_length=2, max_length=10)] = asks(_("Officers"))
    source_type: Code = asks(_("Source"), default="")
    source_id: UUID | None = asks(_("Source record"), default=None)
    source_number: Annotated[Line, Field(max_length=60)] = asks(_("Number of the source"), default="")


class Heard(Input):
    """The platform's own: an instrument of the case was served or answered."""

    by: UUID


class Hearing(Input):
    noticed_on: Day = asks(_("Notice of the hearing given on"), widget="day")
    held_on: Day = asks(_("Hearing held on"), widget="day")
    opinion: Annotated[Prose, Field(min_length=5)] = asks(_("Opinion of the hearing"), widget="prose")


class Extend(Input):
    until: Day = asks(_("To be decided by"), widget="day")
    reason: Reason = asks(_("Who approved it, and why"), widget="prose")


class Perform(Input):
    paid_fen: Fen = asks(_("Fine paid (yuan)"), widget="money", default=0)
    paid_on: Day = asks(_("Paid or performed on"), widget="day")
    receipt: Annotated[Line, Field(min_length=2, max_length=60)] = asks(_("Number of the receipt"))


class End(Input):
    reason: Reason = asks(_("Conclusion"), widget="prose")


def open_case(taking: Taking) -> None:
    """The record comes with its enterprise and officers (`actions.cases`)."""


def served(taking: Taking) -> str:
    """A notice opens the addressee's days; a decision sets what is owed until when."""
    record: Case = taking.record
    instrument = Instrument.objects.get(pk=taking.data.by)
    kind = kind_of(instrument)
    if kind.needs_hearing:
        return "notified" if record.state == "investigated" else record.state
    if kind.family != "decision" or not kind.penalty or instrument.served_on is None:
        return str(record.state)
    record.decided_on = instrument.served_on
    record.fine_fen = instrument.fields.get("fine")
    record.pay_by = rulings.pay_by(instrument.served_on, record.region)
    return "decided"


def ask_hearing(taking: Taking) -> None:
    taking.record.hearing_asked_on = clock.day_of(taking.at)


def hear(taking: Taking) -> None:
    record: Case = taking.record
    data: Hearing = taking.data
    if data.held_on > clock.today():
        raise Invalid(fields={"held_on": [_lazy("This day has not come yet.")]})
    least = value(rulings.HEARING_NOTICE.key, record.region)
    if working_days().between(clock.end_of(data.noticed_on), clock.end_of(data.held_on)) < least:
        raise Invalid(
            fields={"held_on": [_lazy("A hearing is held at least %(days)s days after its notice.") % {"days": least}]}
        )
    record.hearing_on, record.heard = data.held_on, data.opinion


def extend(taking: Taking) -> None:
    record: Case = taking.record
    if taking.data.until <= record.decide_by:
        raise Invalid(fields={"until": [_lazy("Later than %(day)s.") % {"day": record.decide_by.isoformat()}]})
    record.decide_by, record.extended = taking.data.until, taking.data.reason


def perform(taking: Taking) -> None:
    """What is owed is the fine and, when late, a surcharge a day; both must be in."""
    record: Case = taking.record
    data: Perform = taking.data
    if data.paid_on > clock.today():
        raise Invalid(fields={"paid_on": [_lazy("This day has not come yet.")]})
    fine = record.fine_fen or 0
    extra = rulings.surcharge_fen(fine, record.pay_by, data.paid_on, record.region) if record.pay_by and fine else 0
    if data.paid_fen != fine + extra:
        owed = f"{(fine + extra) / 100:.2f}"
        raise Invalid(
            fields={
                "paid_fen": [
                    _lazy("Owed are %(owed)s yuan: a fine of %(fine)s and a surcharge of %(extra)s.")
                    % {"owed": owed, "fine": f"{fine / 100:.2f}", "extra": f"{extra / 100:.2f}"}
                ]
            }
        )
    record.paid_fen, record.surcharge_fen, record.paid_on, record.receipt = (
        data.paid_fen,
        extra,
        data.paid_on,
        data.receipt,
    )


def end(taking: Taking) -> None:
    taking.record.reason = taking.data.reason
