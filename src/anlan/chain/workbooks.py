"""Duties as a workbook: the same columns in and out."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.chain.models import Duty
from anlan.chain.queries import holder_words, title_words
from anlan.kernel.actor import Actor
from anlan.kernel.exchange import Choices, Column, SheetSpec, WorkbookSpec
from anlan.registry.inputs import phone_fault
from anlan.registry.workbooks import both, column


def duties_book() -> WorkbookSpec:
    title = pgettext_lazy("responsibility", "Duties")
    columns = [
        column("kind", _("Kind of duty"), kind="choice", choices_from="duty_kinds", required=True, width=14),
        column("part", _("Part"), kind="choice", choices_from="duty_parts", required=True, width=16),
        column("region", _("Region"), kind="choice", choices_from="regions", required=True, width=24),
        column(
            "industry",
            _("Industry"),
            kind="choice",
            choices_from="industries",
            width=20,
            help=_("For sector duties; empty for the others."),
        ),
        column(
            "matter",
            _("Part of the sector"),
            max_length=200,
            width=24,
            help=_("Only when departments divide the sector; empty leads the whole, or all the rest."),
        ),
        column("organisation", _("Organisation"), max_length=120, width=28, help=_("Its name as registered.")),
        column("username", _("Account name"), max_length=60, help=_("Of the person, when there is an account.")),
        column("person_name", _("Name of the person"), max_length=60, width=12, example="张三"),
        column("title", _("Office held"), max_length=60, width=16),
        column("phone", _("Phone"), kind="code", max_length=20, validate=phone_fault, width=16),
        column("basis", _("Basis"), max_length=300, width=32, help=_("The document that says so, with its number.")),
        column("valid_from", _("From"), kind="date", help=_("Empty means today.")),
        column("valid_to", _("Until"), kind="date", help=_("Empty means without end.")),
    ]
    return WorkbookSpec(
        title=_("Duties of departments and leaders"),
        sheets=[SheetSpec(name="duties", title=title, columns=columns, aliases=both(title))],
        notes=[
            _("A row that is there already with the same holder on the same days is left as it is."),
            _("Overlaps and gaps do not stop the file: the checker shows them afterwards."),
        ],
    )


def template_choices(_actor: Actor) -> Choices:
    return {
        "duty_kinds": {str(label): code for code, label in Duty.KINDS},
        "duty_parts": {str(label): code for code, label in Duty.PARTS},
    }


def reading_choices() -> Choices:
    return {
        "duty_kinds": {word: code for code, label in Duty.KINDS for word in (*both(label), code)},
        "duty_parts": {word: code for code, label in Duty.PARTS for word in (*both(label), code)},
    }


def export_columns() -> list[Column]:
    return list(duties_book().sheets[0].columns)


def export_row(one: Duty, places: dict[int, str], fields: dict[str, str]) -> list[Any]:
    return [
        str(dict(Duty.KINDS)[one.kind]),
        str(dict(Duty.PARTS)[one.part]),
        places.get(one.region, str(one.region)),
        fields.get(one.industry_id or "", ""),
        one.matter,
        one.organisation.name if one.organisation else "",
        one.post.person.username if one.post else "",
        holder_words(one),
        title_words(one),
        one.phone,
        one.basis,
        one.valid_from,
        one.valid_to,
    ]
