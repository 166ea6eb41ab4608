"""A return as programs read it: shapes of answers, and how they are made."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from anlan.campaigns.flow import RETURN
from anlan.campaigns.models import Return
from anlan.campaigns.queries import filling, standing
from anlan.campaigns.queries.filling import Box, Section, Told
from anlan.campaigns.returns.kept import digest
from anlan.campaigns.returns.template import Element, Panel, Template
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.flow.operations import step_offers
from anlan.kernel.timeline import state_words


class ReturnRow(Output):
    """A return in a list."""

    id: UUID
    campaign: UUID
    unit: UUID
    unit_name: str
    filler: str = Field(description="As what the unit hands in: district, system or unit.")
    reviewer: UUID | None = Field(description="The unit that looks first; null is the committee office.")
    region: int
    month: date = Field(description="Its first day.")
    state: str
    state_label: str
    version: int
    hand_in_by: datetime
    due_at: datetime | None
    late: bool
    missing: bool = Field(description="Due, and never handed in.")
    was_late: bool
    round: int = Field(description="How often it was handed in.")
    bounced: int
    sent_back: int
    amended: int
    handed_in_at: datetime | None
    accepted_at: datetime | None
    locked_at: datetime | None


class ReturnPage(Output):
    items: list[ReturnRow]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    count: int = Field(description="How many there are, counted up to a bound.")
    count_is_exact: bool


class TroubleFacts(Output):
    """Something wrong: where, what, and what to write instead."""

    key: str = Field(description="A reason is given under this key.")
    check: str
    severity: str = Field(
        description="`error` must be mended, `reason` may stand once a reason is given, `warning` is only said."
    )
    stops: bool = Field(description="It stops the return from being handed in as it stands.")
    panel: str
    cells: list[str] = Field(description="Where it shows: cells, or a panel.")
    row: int = Field(description="Row of the panel counted from one; 0 is none.")
    message: str
    instead: str
    reason: str
    source: str


class BoxFacts(Output):
    """A box. `typed` is what somebody wrote, `value` what it was read as: money in whole fen, null “none / not applicable” or blank."""

    cell: str
    answered: bool
    typed: str
    value: int | str | None
    wrong: bool = Field(description="It could not be read; a trouble says why.")
    by: str
    at: str
    way: str
    counted: int | None = Field(description="What the platform counts itself; null where it does not.")
    last: int | None = Field(description="Last month's figure.")


class RowFacts(Output):
    id: str = Field(description="By which `patches` name the row.")
    boxes: list[BoxFacts]


class PanelFacts(Output):
    panel: str
    nothing: bool = Field(description="The whole panel was answered “none / not applicable”.")
    mark: str = Field(description="todo, part, wrong or done.")
    digest: str = Field(description="Of what stands in it; `confirm` may send it as `seen`.")
    confirmed_by: str
    confirmed_at: datetime | None
    boxes: list[BoxFacts]
    rows: list[RowFacts]


class AmendmentFacts(Output):
    cell: str
    row: int
    old: dict[str, Any] | None
    new: dict[str, Any]
    reason: str
    by: str
    at: datetime


class ReturnStep(Output):
    name: str
    label: str
    allowed: bool
    reason: str
    who: str
    consequence: str
    needs: dict[str, Any]


class ReturnFacts(ReturnRow):
    panels: list[PanelFacts]
    troubles: list[TroubleFacts]
    known: dict[str, int | str] = Field(description="What the platform knows beside the return.")
    reason: str = Field(description="Why it was sent back last.")
    amendments: list[AmendmentFacts]
    steps: list[ReturnStep]


class OptionFacts(Output):
    code: str
    label: str


class ElementFacts(Output):
    cell: str
    code: str
    label: str
    help: str
    type: str = Field(description="count, money (yuan as typed, fen as value), date, text, choice or document.")
    unit: str
    person: str
    over: str = Field(description="month, or cumulative since the campaign began.")
    needed: bool
    none: bool = Field(description="Whether “none / not applicable” is an answer.")
    counted: str = Field(description="Name of the platform's counter; empty when it is only typed.")
    options: list[OptionFacts]
    parts: list[OptionFacts] = Field(
        description="What the figure is broken down by; the cell of a part is `cell.code`."
    )


class TemplatePanel(Output):
    code: str
    label: str
    repeats: bool
    most_rows: int
    none: bool
    needed: bool
    source: str
    evidence: str
    elements: list[ElementFacts]


class TemplateFacts(Output):
    """What is asked of the unit of a return, in the reader's language."""

    code: str
    version: int
    label: str
    due: int = Field(description="Working day of the following month by which it is handed in.")
    panels: list[TemplatePanel]


def row_of(record: Return) -> dict[str, Any]:
    same = (
        "filler", "region", "month", "state", "version", "hand_in_by", "due_at", "late", "missing", "was_late", "round",
        "bounced", "sent_back", "amended", "handed_in_at", "accepted_at", "locked_at",
    )  # fmt: skip
    return {name: getattr(record, name) for name in same} | {
        "id": record.pk,
        "campaign": record.campaign_id,
        "unit": record.unit_id,
        "unit_name": record.unit.name,
        "reviewer": record.reviewer_id,
        "state_label": state_words(RETURN, record.state),
    }


def facts_of(actor: Actor, record: Return) -> ReturnFacts:
    sheet = filling.sheet(record)
    confirmed = standing.confirmations(record)
    return ReturnFacts(
        **row_of(record),
        panels=[_panel(record, one, confirmed.get(one.code)) for one in sheet.sections],
        troubles=[_trouble(one) for one in sheet.troubles],
        known=dict(sheet.beside.known),
        reason=record.reason,
        amendments=[
            AmendmentFacts(
                cell=one.cell, row=one.row, old=one.old, new=one.new, reason=one.reason, by=one.name, at=one.at
            )
            for one in standing.amendments(record)
        ],
        steps=[ReturnStep(**one) for one in step_offers(RETURN, record, actor)],
    )


def _panel(record: Return, found: Section, confirmed: Any) -> PanelFacts:
    return PanelFacts(
        panel=found.code,
        nothing=found.nothing,
        mark=found.mark,
        digest=digest(record.values, found.code),
        confirmed_by=confirmed.name if confirmed else "",
        confirmed_at=confirmed.at if confirmed else None,
        boxes=[_box(one) for whole in found.boxes for one in (whole, *whole.members)],
        rows=[RowFacts(id=row.id, boxes=[_box(one) for one in row.boxes]) for row in found.rows],
    )


def _box(box: Box) -> BoxFacts:
    return BoxFacts(
        cell=box.name,
        answered=box.answered,
        typed=box.words,
        value=box.value,
        wrong=box.wrong,
        by=box.by,
        at=box.at,
        way=box.way,
        counted=box.counted,
        last=box.last,
    )


def _trouble(one: Told) -> TroubleFacts:
    return TroubleFacts(
        key=one.key,
        check=one.check,
        severity=one.severity,
        stops=one.stops,
        panel=one.panel,
        cells=list(one.cells),
        row=one.row,
        message=one.message,
        instead=one.instead,
        reason=one.reason,
        source=one.source,
    )


def template_facts(template: Template, filler: str) -> TemplateFacts:
    return TemplateFacts(
        code=template.code,
        version=template.version,
        label=template.label,
        due=template.due,
        panels=[_template_panel(template, one) for one in template.asked_of(filler)],
    )


def _template_panel(template: Template, panel: Panel) -> TemplatePanel:
    return TemplatePanel(
        code=panel.code,
        label=panel.label,
        repeats=panel.repeats,
        most_rows=panel.most_rows,
        none=panel.none,
        needed=panel.needed,
        source=panel.source,
        evidence=panel.evidence,
        elements=[_element(template, panel, one) for one in panel.elements],
    )


def _element(template: Template, panel: Panel, one: Element) -> ElementFacts:
    parts = next((dimension.members for dimension in template.dimensions if dimension.code == one.by), ())
    return ElementFacts(
        cell=f"{panel.code}.{one.code}",
        code=one.code,
        label=one.label,
        help=one.help,
        type=one.type,
        unit=one.unit,
        person=one.person,
        over=one.over,
        needed=one.needed,
        none=one.none,
        counted=one.counted,
        options=[OptionFacts(code=option.code, label=option.label) for option in one.options],
        parts=[OptionFacts(code=part.code, label=part.label) for part in parts],
    )
