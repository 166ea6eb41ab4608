"""
What every task that an office gives to a unit has in common: signed for or handed back, worked on, reported, verified or returned.

A room brings its record, its words and its predicates; the record has `due` (a day), `remark`, `report`, `reported_by`, `finished_on`
and `returns`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel, Field

from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid
from anlan.kernel.flow.declare import Check, Predicate, State, Step, Taking
from anlan.kernel.inputs import Day, Input, Prose, asks

WORKING = ("signed_for", "under_way", "returned")
"""The unit has it in hand."""
OPEN = ("assigned", "handed_back", *WORKING, "reported", "verified")
"""It is somebody's to do something about it."""
STATES = (
    State(
        code="assigned", label=_("to be signed for"), shape="dot", tone="new", waits_for=_("the unit to sign for it")
    ),
    State(
        code="handed_back",
        label=_("handed back"),
        shape="dash",
        tone="new",
        waits_for=_("the office to assign it anew"),
    ),
    State(code="signed_for", label=_("signed for"), shape="ring", tone="moving", waits_for=_("the unit to do it")),
    State(code="under_way", label=_("under way"), shape="half", tone="moving", waits_for=_("the unit to do it")),
    State(
        code="reported", label=_("reported done"), shape="ring", tone="moving", waits_for=_("the office to verify it")
    ),
    State(
        code="returned", label=_("returned to be mended"), shape="cross", tone="new", waits_for=_("the unit to mend it")
    ),
    State(
        code="verified", label=_("found in order"), shape="tick", tone="moving", waits_for=_("the office to close it")
    ),
    State(code="done", label=_("carried out"), shape="full", tone="done", final=True),
    State(code="withdrawn", label=_("called off"), shape="dash", tone="quiet", final=True),
)
Reason = Annotated[Prose, Field(min_length=2, max_length=300)]


class Remark(Input):
    remark: Annotated[Prose, Field(max_length=500)] = asks(gettext_noop("Remark"), widget="prose", default="")


class HandBack(Input):
    reason: Reason = asks(gettext_noop("Why it is not yours"), widget="prose")


class Reassign(Input):
    unit: UUID = asks(gettext_noop("Responsible unit"), widget="unit")
    due: Day | None = asks(gettext_noop("Due by"), widget="day", default=None)


class Report(Input):
    words: Annotated[Prose, Field(min_length=5, max_length=4000)] = asks(
        gettext_noop("What has been done"), widget="prose"
    )
    finished_on: Day = asks(gettext_noop("Finished on"), widget="day")
    files: Annotated[list[UUID], Field(max_length=20)] = asks(
        gettext_noop("Documents and photos"), widget="documents", default=[]
    )


class Return(Input):
    reason: Reason = asks(gettext_noop("What must be mended"), widget="prose")


class ChangeDue(Input):
    due: Day = asks(gettext_noop("Due by"), widget="day")
    reason: Reason = asks(gettext_noop("Reason"), widget="prose")


class Withdraw(Input):
    reason: Reason = asks(gettext_noop("Reason"), widget="prose")


class NotReporter(Check):
    """Separation of duties: whoever reported it done does not verify it."""

    message = _("You reported it done, so somebody else must verify it.")

    def holds(self, record: Any, actor: Actor, data: Any) -> bool:
        return record.reported_by is None or record.reported_by != actor.person


class NotAhead(Check):
    message = _("The day on which it was finished lies ahead.")

    def holds(self, record: Any, actor: Actor, data: Any) -> bool:
        return data is None or data.finished_on <= clock.today()


def nothing(taking: Taking) -> None:
    """The state alone moves."""


def keep_reason(taking: Taking) -> None:
    taking.record.remark = taking.data.reason


def keep_remark(taking: Taking) -> None:
    taking.record.remark = taking.data.remark


def give_back(taking: Taking) -> None:
    taking.record.remark, taking.record.returns = taking.data.reason, taking.record.returns + 1


def settle_day(record: Any, day: date) -> None:
    if day < clock.today():
        raise Invalid(fields={"due": [_("This day has passed.")]})
    record.due = day


def change_due(taking: Taking) -> None:
    settle_day(taking.record, taking.data.due)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a room says of its own: who is who, what a report asks for and does, who is told of every move."""

    is_office: Predicate
    is_unit: Predicate
    office: Any
    unit: Any
    report: Callable[[Taking], None]
    moved: Callable[[Taking], None]
    open: tuple[str, ...]
    report_needs: type[BaseModel] = Report
    report_guards: tuple[Check, ...]
    do_reassign: Callable[[Taking], None]
    do_change_due: Callable[[Taking], None] = change_due
    close_words: Any
    heard: Callable[[Taking], None] = nothing
    """What follows from every word of the unit's."""

    def steps(self) -> tuple[Step, ...]:
        return (*self._by_unit(), *self._by_office())

    def _by_unit(self) -> tuple[Step, ...]:
        mine: dict[str, Any] = {"by": self.is_unit, "who": self.unit, "then": self.moved}

        def hand_back(taking: Taking) -> None:
            keep_reason(taking)
            self.heard(taking)

        return (
            Step(
                name="sign", label=_("Sign for it"), source=("assigned",), target=("signed_for",), needs=Remark,
                do=self.heard, consequence=_("From now on the unit answers for it and for its day."), **mine,
            ),
            Step(
                name="hand_back", label=_("Hand back"), source=("assigned",), target=("handed_back",), needs=HandBack,
                do=hand_back, listed=False, **mine,
            ),
            Step(
                name="start", label=_("Begin work"), source=("signed_for", "returned"), target=("under_way",),
                needs=Remark, do=self.heard, **mine,
            ),
            Step(
                name="report", label=_("Report it done"), source=WORKING, target=("reported",),
                needs=self.report_needs, guards=self.report_guards, do=self.report, **mine,
            ),
        )  # fmt: skip

    def _by_office(self) -> tuple[Step, ...]:
        ours: dict[str, Any] = {"by": self.is_office, "who": self.office, "then": self.moved}
        return (
            Step(
                name="reassign", label=_("Assign anew"), source=("handed_back",), target=("assigned",),
                needs=Reassign, do=self.do_reassign, **ours,
            ),
            Step(
                name="verify", label=_("Find it in order"), source=("reported",), target=("verified",), needs=Remark,
                guards=(NotReporter(),), do=keep_remark, **ours,
            ),
            Step(
                name="return", label=_("Return it to be mended"), source=("reported",), target=("returned",),
                needs=Return, do=give_back, consequence=_("The unit must mend it and report again; its day stays."),
                **ours,
            ),
            Step(
                name="close", label=_("Close the task"), source=("verified",), target=("done",), needs=Remark,
                do=keep_remark, consequence=self.close_words, **ours,
            ),
            Step(
                name="change_due", label=_("Change the day"), source=("assigned", *WORKING), needs=ChangeDue,
                do=self.do_change_due, listed=False, **ours,
            ),
            Step(
                name="withdraw", label=_("Call off"), source=self.open, target=("withdrawn",), needs=Withdraw,
                do=keep_reason, listed=False, consequence=_("Nobody need do it any more. This is final."), **ours,
            ),
        )  # fmt: skip
