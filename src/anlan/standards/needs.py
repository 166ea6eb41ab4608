"""What is asked of a checklist, its items and the steps of an edition: one declaration for verbs, forms, API and import."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, BeforeValidator, Field

from anlan.kernel.inputs import Input, Line, Prose, asks
from anlan.registry.inputs import Facilities, RegionCode
from anlan.standards.rules import KINDS

ITEM_CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
LIST_CODE = r"^[a-z0-9][a-z0-9_-]*$"
Code = Annotated[str, Field(max_length=20, pattern=ITEM_CODE)]
Kind = Literal["self_check", "administrative", "supervision", "expert_help"]
Evidence = Literal["none", "photo", "document", "number", "interview"]
Grades = Annotated[list[Literal["A", "B", "C", "D"]], Field(max_length=4)]
Scales = Annotated[list[Literal["micro", "small", "medium", "large"]], Field(max_length=4)]
Industries = Annotated[list[Annotated[str, Field(max_length=30)]], Field(max_length=40)]
Remark = Annotated[Prose, Field(max_length=1000)]
Reason = Annotated[Prose, Field(min_length=4, max_length=1000)]


def _sensible(day: date | None) -> date | None:
    if day is not None and not date(2000, 1, 1) <= day <= date(2199, 12, 31):
        raise ValueError(gettext_lazy("Write a date."))
    return day


Day = Annotated[date, AfterValidator(_sensible)]


def _given(value: object) -> object:
    return None if value == "" else value


class ChecklistInput(Input):
    """A checklist of one department for one purpose; its items are in its editions."""

    zh: Annotated[Line, Field(min_length=2, max_length=120)] = asks(_("Name of the checklist"))
    en: Annotated[Line, Field(max_length=160)] = asks(_("Name in English"), default="")
    region: Annotated[RegionCode | None, BeforeValidator(_given)] = asks(
        _("Territory"), widget="region", default=None, help=_("It holds there and in everything below.")
    )
    industry: Annotated[str, Field(max_length=30)] = asks(
        _("Industry"), widget="industry", default="", help=_("Left open, it is common to all industries.")
    )
    campaign: Annotated[Line, Field(max_length=60)] = asks(
        _("Special campaign"), default="", help=_("With a campaign, it is used on visits of that campaign alone.")
    )
    kinds: Annotated[list[Kind], Field(max_length=len(KINDS))] = asks(
        _("Kinds of visit"),
        widget="kinds",
        default_factory=list,
        help=_("None chosen: visits of every kind and self-checks."),
    )
    code: Annotated[str, Field(max_length=40, pattern=r"^([a-z0-9][a-z0-9_-]*)?$")] = asks(
        _("Checklist code"), default="", help=_("Small letters and digits; left open, one is made.")
    )


class ChecklistChange(Input):
    """What may change of a checklist that has editions already."""

    zh: Annotated[Line, Field(min_length=2, max_length=120)] = asks(_("Name of the checklist"))
    en: Annotated[Line, Field(max_length=160)] = asks(_("Name in English"), default="")
    campaign: Annotated[Line, Field(max_length=60)] = asks(
        _("Special campaign"), default="", help=_("With a campaign, it is used on visits of that campaign alone.")
    )
    kinds: Annotated[list[Kind], Field(max_length=len(KINDS))] = asks(
        _("Kinds of visit"),
        widget="kinds",
        default_factory=list,
        help=_("None chosen: visits of every kind and self-checks."),
    )
    active: bool = asks(
        _("In use"), widget="yesno", default=True, help=_("Out of use, no visit asks from it any more.")
    )


class ItemInput(Input):
    """One thing to look at."""

    code: Code = asks(_("Item code"), help=_("Stays the same over editions."))
    group: Annotated[Line, Field(max_length=80)] = asks(
        _("Group"), default="", help=_("Items of a group stand together.")
    )
    zh: Annotated[Prose, Field(min_length=4, max_length=400)] = asks(
        _("What is asked"), widget="prose", help=_("A statement that is true when all is well.")
    )
    en: Annotated[Prose, Field(max_length=500)] = asks(_("In English"), widget="prose", default="")
    method: Annotated[Prose, Field(max_length=300)] = asks(_("How to check"), widget="prose", default="")
    evidence_asked: Evidence = asks(_("Evidence asked"), widget="choice", default="none")
    weight: Annotated[int, Field(ge=1, le=10)] = asks(_("Weight"), default=1, help=_("1 to 10."))
    law_clause: Annotated[UUID | None, BeforeValidator(_given)] = asks(
        _("Clause of law"), widget="law_clause", default=None
    )
    basis: Annotated[Line, Field(max_length=300)] = asks(
        _("Basis in words"), default="", help=_("When the clause is not loaded.")
    )
    major_clause: Annotated[UUID | None, BeforeValidator(_given)] = asks(
        _("A “no” may be major by"), widget="major_clause", default=None
    )
    category: Annotated[str, Field(max_length=30)] = asks(_("Category of hazard"), widget="category", default="")
    industries: Industries = asks(_("Only in the industries"), widget="industries", default_factory=list)
    grades: Grades = asks(_("Only at the grades"), widget="grades", default_factory=list)
    scales: Scales = asks(_("Only at the scales"), widget="scales", default_factory=list)
    facilities: Facilities = asks(
        _("Only where there is"),
        widget="facilities",
        default_factory=list,
        help=_("Any of those chosen; all conditions together must hold."),
    )


class Draft(Input):
    """A new edition: empty, or with the items of the last one."""

    note: Remark = asks(_("What changes and why"), widget="prose", default="")


class AddItem(ItemInput):
    id: UUID | None = None


class ChangeItem(ItemInput):
    item: UUID


class OneItem(Input):
    item: UUID


class MoveItem(OneItem):
    up: bool


class Fill(Input):
    """All items at once, in place of those there are."""

    items: Annotated[list[ItemInput], Field(min_length=1, max_length=1000)]


class Review(Input):
    note: Remark = asks(_("Remark"), widget="prose", default="")


class SendBack(Input):
    reason: Reason = asks(_("Reason"), widget="prose")


class Publish(Input):
    in_force_from: Annotated[Day | None, BeforeValidator(_given)] = asks(
        _("In force from"), widget="day", default=None, help=_("Left open, from today.")
    )
    note: Remark = asks(_("What changed and why"), widget="prose", default="")


class Replace(Input):
    until: Day


class Restore(Input):
    pass


class Withdraw(Input):
    reason: Reason = asks(_("Reason"), widget="prose")
