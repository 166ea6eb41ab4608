"""The plaza and the knowledge for the citizens' apps: open to everybody, the same to everybody."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router
from pydantic import Field

from anlan.kernel import api, clock, scope
from anlan.kernel.api import Question
from anlan.reports.knowledge import queries as knowledge_queries
from anlan.reports.knowledge.pages import article_view, clause_view
from anlan.reports.models import ReportPhoto
from anlan.reports.plaza import figures as counted
from anlan.reports.plaza import queries
from anlan.reports.plaza.keeping import PLAZA
from anlan.reports.plaza.queries import Asked
from anlan.reports.plaza.serving import FRESH_SECONDS
from anlan.reports.plaza.wording import Card, cards, outcome_of, progress_of, stages
from anlan.reports.plaza_schemas import (
    HelpTopic,
    Knowledge,
    MonthFigures,
    Named,
    PlazaCard,
    PlazaFigures,
    PlazaPage,
    PlazaPhoto,
    PlazaReport,
    Progress,
    Rule,
    Stage,
)  # fmt: skip

router = Router(tags=["plaza"], auth=None)
Words = Annotated[str, Field(max_length=60)]
Code = Annotated[str, Field(max_length=30)]


class PlazaQuestion(Question):
    cursor: api.CursorText | None = None
    limit: Annotated[int, Field(ge=1, le=50, description="Rows a page.")] = queries.PAGE
    category: Code = ""
    region: Annotated[int | None, Field(description="A region's code, with all below it.")] = None
    status: Literal["", "open", "handled", "closed"] = ""
    q: Words = ""


class KnowledgeQuestion(Question):
    q: Words = ""
    industry: Code = ""
    category: Code = ""


@router.get("citizen/plaza", response=PlazaPage, operation_id="plaza", summary="Public reports, newest first")
def plaza(request: HttpRequest, response: HttpResponse, question: Query[PlazaQuestion]) -> PlazaPage:
    """Reports that somebody has looked at and that are public, without any personal data."""
    _may_be_kept(response)
    after = api.read_cursor(question.cursor, api.as_moment, UUID) if question.cursor else None
    asked = Asked(
        category=question.category,
        region=api.known_region(question.region),
        status=question.status,
        words=question.q.strip(),
    )
    with scope.acting(PLAZA):
        page = queries.reports(asked, after=after, limit=question.limit)
        return PlazaPage(
            items=[PlazaCard(**card_facts(card)) for card in cards(page.rows)],
            next=api.cursor(page.after[0].isoformat(), page.after[1]) if page.after else None,
        )


@router.get(
    "citizen/plaza/figures", response=PlazaFigures, operation_id="plaza_figures", summary="The service in figures"
)
def figures(request: HttpRequest, response: HttpResponse) -> PlazaFigures:
    """Kept by day and added up; counted anew every ten minutes."""
    _may_be_kept(response)
    with scope.acting(PLAZA):
        found = counted.totals()
        return PlazaFigures(
            **{name: getattr(found, name) for name in (*counted.SUMMED, "median_days", "until")},
            months=[
                MonthFigures(month=f"{one.first:%Y-%m}", reports=one.reports, answered=one.answered)
                for one in counted.months()
            ],
        )


@router.get("citizen/plaza/{number}", response=PlazaReport, operation_id="plaza_report", summary="One public report")
def report(request: HttpRequest, response: HttpResponse, number: str) -> PlazaReport:
    """Its pictures without metadata, how far it has come, and the answer."""
    _may_be_kept(response)
    with scope.acting(PLAZA):
        row = queries.report(number)
        phases = dict(ReportPhoto.PHASES)
        return PlazaReport(
            **card_facts(cards([row])[0]),
            unit=row.unit,
            outcome_words=outcome_of(row),
            answer=row.answer,
            photos=[
                PlazaPhoto(
                    thumb=reverse("plaza:thumb", args=[one.pk]),
                    display=reverse("plaza:picture", args=[one.pk]),
                    phase=one.phase,
                    phase_label=str(phases.get(one.phase, one.phase)),
                )
                for one in queries.photos(row.pk)
            ],
            stages=[
                Stage(label=one["label"], status=one["status"], on=one["at"] or None, unit=one["who"])
                for one in stages(row)
            ],
            progress=[Progress(label=one["label"], words=one["words"], on=one["on"]) for one in progress_of(row)],
        )


@router.get("citizen/knowledge", response=Knowledge, operation_id="knowledge", summary="What everybody should know")
def knowledge(request: HttpRequest, response: HttpResponse, question: Query[KnowledgeQuestion]) -> Knowledge:
    """What to do in an emergency, major hazards, law, and cases of this city that hold all the words."""
    _may_be_kept(response)
    with scope.acting(PLAZA):
        found = knowledge_queries.search(question.q.strip(), industry=question.industry, category=question.category)
        return Knowledge(
            topics=[
                HelpTopic(
                    code=one.code, name=one.name, icon=one.icon, call=list(one.call), do=list(one.do),
                    never=list(one.never), source=one.source, evidence=one.evidence,
                )
                for one in found.topics
            ],
            criteria=[Rule(**clause_view(one)) for one in found.clauses],
            laws=[Rule(**article_view(one)) for one in found.laws],
            cases=[PlazaCard(**card_facts(card)) for card in cards(found.cases)],
        )  # fmt: skip


def card_facts(card: Card) -> dict[str, Any]:
    row = card.report
    return {
        "number": row.number,
        "words": row.words,
        "place": row.place,
        "county": row.county,
        "county_name": card.county,
        "category": Named(code=row.category_id, name=card.category) if row.category_id else None,
        "state": row.state,
        "state_label": str(card.state["label"]),
        "outcome": row.outcome if row.state == "answered" else "",
        "lon": float(row.lon) if row.lon is not None else None,
        "lat": float(row.lat) if row.lat is not None else None,
        "photo": reverse("plaza:thumb", args=[row.cover]) if row.cover else None,
        "joined": row.joined,
        "reported_on": clock.day_of(row.reported_at),
        "answered_on": clock.day_of(row.answered_at) if row.answered_at else None,
    }


def _may_be_kept(response: HttpResponse) -> None:
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response["Vary"] = "Accept-Language, Cookie"
