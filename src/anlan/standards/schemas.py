"""The JSON shapes of the criteria."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from anlan.kernel.api import Output, Question
from anlan.standards.models import Clause
from anlan.standards.queries import Listed
from anlan.standards.rules import citation

Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
Code = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_.-]*$")]


class ListFacts(Output):
    """A list of criteria. Only one in force with its clauses loaded can be cited for a grade."""

    code: str
    zh: str
    en: str
    number: str
    issuer: str
    in_force_from: date | None = Field(description="Absent: the date is unproven, and the list cannot be cited.")
    in_force_to: date | None
    standing: Literal["in_force", "not_yet", "ended", "undated"]
    citable: bool
    item_count: int | None
    clauses_loaded: bool
    evidence: str = Field(description="V verified, B+ or B clause base, W secondary page, K own knowledge.")
    industries: list[str]
    source: str


class ListList(Output):
    items: list[ListFacts]


class ClauseFacts(Output):
    """One item in our own short paraphrase; open the document itself before a decision is served."""

    id: UUID
    article: str
    item: int = Field(description="0: the whole article is one criterion.")
    zh: str
    en: str
    keywords: list[str]
    industries: list[str]
    evidence: str
    citation: str


class ClauseList(Output):
    items: list[ClauseFacts]


class ListQuestion(Question):
    on: Day | None = Field(default=None, description="Judged on this day; today when absent.")
    industry: Code = ""


class ClauseQuestion(Question):
    q: Annotated[str, Field(max_length=100)] = ""
    industry: Code = ""


def list_facts(one: Listed) -> ListFacts:
    row = one.criteria
    return ListFacts(
        code=row.code,
        zh=row.zh,
        en=row.en,
        number=row.number,
        issuer=row.issuer,
        in_force_from=row.in_force_from,
        in_force_to=row.in_force_to,
        standing=one.standing,
        citable=one.citable,
        item_count=row.item_count,
        clauses_loaded=row.clauses_loaded,
        evidence=row.evidence,
        industries=row.industries,
        source=row.source,
    )


def clause_facts(row: Clause) -> ClauseFacts:
    return ClauseFacts(
        id=row.pk,
        article=row.article,
        item=row.item,
        zh=row.zh,
        en=row.en,
        keywords=row.keywords,
        industries=row.scope.get("industry", []),
        evidence=row.evidence,
        citation=citation(row),
    )
