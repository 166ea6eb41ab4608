"""A bulletin as programs read it: shapes of answers, and how they are made from rows."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from anlan.bulletins import queries, rules, writing
from anlan.bulletins.flow import BULLETIN
from anlan.bulletins.models import Bulletin, FigureRow
from anlan.kernel.actor import Actor
from anlan.kernel.api import Output
from anlan.kernel.flow.operations import step_offers
from anlan.kernel.timeline import state_words


class BulletinRow(Output):
    """A bulletin in a list."""

    id: UUID
    number: str = Field(description="Empty until it is issued.")
    title: str
    state: str
    state_label: str
    version: int
    campaign: UUID
    region: int
    first_month: date
    last_month: date
    issued_on: date | None
    created_at: datetime


class BulletinPage(Output):
    items: list[BulletinRow]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")
    count: int = Field(description="How many there are, counted up to a bound.")
    count_is_exact: bool


class BulletinSection(Output):
    code: str
    title: str
    attached: bool
    version: int
    text: str = Field(
        description="As it is written: figures in braces, `## ` before a heading, `[[table]]` for a table."
    )
    printed: str = Field(description="As it reads, with the figures in place.")


class BulletinFigure(Output):
    """`before` and `year_ago` are differences in the figure's own unit, with their sign; empty where not known."""

    code: str
    label: str
    unit: str
    value: int = Field(description="Money in fen, shares in permille, of names how many.")
    words: str
    computed: str
    before: str
    year_ago: str
    typed_reason: str | None


class BulletinRemarkFacts(Output):
    id: UUID
    section: str
    text: str
    name: str
    at: datetime
    answer: str | None


class BulletinStep(Output):
    name: str
    label: str
    allowed: bool
    reason: str
    who: str
    consequence: str
    needs: dict[str, Any]


class BulletinFacts(BulletinRow):
    organ: str
    addressees: str
    counted_at: datetime
    digest: str = Field(description="SHA-256 over text, figures and the rows behind them; empty until it is issued.")
    withdraws: UUID | None
    sections: list[BulletinSection]
    figures: list[BulletinFigure]
    rankings: dict[str, Any]
    remarks: list[BulletinRemarkFacts]
    steps: list[BulletinStep]


class FigureRowFacts(Output):
    kind: str = Field(description="What the row is: return, hazard, task, item, instrument, unit, place.")
    record: UUID | None
    label: str
    note: str
    month: date | None
    value: int


class FigureRows(Output):
    figure: BulletinFigure
    items: list[FigureRowFacts]
    next: int | None = Field(description="The `after` of the next page; null on the last one.")


def row_of(bulletin: Bulletin) -> dict[str, Any]:
    return {
        "id": bulletin.pk,
        "number": bulletin.number,
        "title": bulletin.title,
        "state": bulletin.state,
        "state_label": state_words(BULLETIN, bulletin.state),
        "version": bulletin.version,
        "campaign": bulletin.campaign_id,
        "region": bulletin.region,
        "first_month": bulletin.first_month,
        "last_month": bulletin.last_month,
        "issued_on": bulletin.issued_on,
        "created_at": bulletin.created_at,
    }


def figure_of(view: queries.FigureView) -> BulletinFigure:
    return BulletinFigure(
        code=view.figure.code,
        label=view.figure.label,
        unit=view.figure.unit,
        value=view.value,
        words=view.words,
        computed=view.computed,
        before=view.before,
        year_ago=view.year_ago,
        typed_reason=view.typed["reason"] if view.typed else None,
    )


def facts_of(actor: Actor, bulletin: Bulletin) -> BulletinFacts:
    """Remarks are the writers' and reviewers' own."""
    inside = bool(rules.sends_back(actor, bulletin))
    printed = writing.printed(bulletin.content, bulletin.figures, bulletin.typed)
    return BulletinFacts(
        **row_of(bulletin),
        organ=bulletin.organ,
        addressees=bulletin.addressees,
        counted_at=bulletin.counted_at,
        digest=bulletin.digest,
        withdraws=bulletin.withdraws_id,
        sections=[
            BulletinSection(
                code=section["code"],
                title=section["title"],
                attached=section["attached"],
                version=section["version"],
                text=writing.lines_of(section),
                printed=writing.lines_of(said),
            )
            for section, said in zip(bulletin.content, printed, strict=True)
        ],
        figures=[figure_of(one) for one in queries.figure_views(bulletin)],
        rankings=bulletin.tables,
        remarks=[_remark(one) for one in queries.remarks(bulletin)] if inside else [],
        steps=[BulletinStep(**one) for one in step_offers(BULLETIN, bulletin, actor)] if inside else [],
    )


def _remark(one: Any) -> BulletinRemarkFacts:
    answer = getattr(one, "settled_by", None)
    return BulletinRemarkFacts(
        id=one.pk, section=one.section, text=one.text, name=one.name, at=one.at, answer=answer.text if answer else None
    )


def figure_row_of(row: FigureRow) -> FigureRowFacts:
    return FigureRowFacts(
        kind=row.kind, record=row.key, label=row.label, note=row.note, month=row.month, value=row.value
    )
