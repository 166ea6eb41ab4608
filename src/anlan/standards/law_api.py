"""Laws and their clauses for programs: what an item of a checklist may rest on."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import Field

from anlan.kernel import clock
from anlan.kernel.api import Output, Question
from anlan.standards.checklist_api import reader_of
from anlan.standards.models import Law
from anlan.standards.queries import laws as queries
from anlan.standards.rules import law_citation
from anlan.standards.schemas import Code

router = Router(tags=["criteria"])


class LawFacts(Output):
    code: str
    kind: Literal["law", "regulation", "rule", "local", "standard", "document"]
    zh: str
    en: str
    number: str
    issuer: str
    in_force_from: date | None = Field(description="Absent: the date is unproven.")
    in_force_to: date | None
    standing: Literal["in_force", "not_yet", "ended", "undated"]
    evidence: str = Field(description="V verified, B+ or B clause base, W secondary page, K own knowledge.")
    source: str


class LawList(Output):
    items: list[LawFacts]


class LawClauseFacts(Output):
    """One article in our own short paraphrase; open the document itself before a decision is served."""

    id: UUID
    law: str
    article: str
    zh: str
    en: str
    keywords: list[str]
    evidence: str
    citation: str


class LawClauseList(Output):
    items: list[LawClauseFacts]


class LawClauseQuestion(Question):
    q: Annotated[str, Field(max_length=100)] = Field(default="", description="All of these words.")


def _facts(row: Law) -> LawFacts:
    same = ("code", "kind", "zh", "en", "number", "issuer", "in_force_from", "in_force_to", "evidence", "source")
    standing = queries.law_standing(row, clock.today())
    return LawFacts(standing=standing, **{name: getattr(row, name) for name in same})


@router.get("laws", response=LawList, operation_id="laws", summary="Laws, regulations, rules and standards")
def list_laws(request: HttpRequest) -> LawList:
    reader_of(request)
    return LawList(items=[_facts(row) for row in queries.laws()])


@router.get("laws/{code}/clauses", response=LawClauseList, operation_id="law_clauses", summary="The clauses of one law")
def list_law_clauses(request: HttpRequest, code: Path[Code], asked: Query[LawClauseQuestion]) -> LawClauseList:
    """The present wording, in the order of the document. Their ids are what an item of a checklist names."""
    reader_of(request)
    queries.law(code)
    same = ("article", "zh", "en", "keywords", "evidence")
    return LawClauseList(
        items=[
            LawClauseFacts(
                id=row.pk, law=row.law_id, citation=law_citation(row), **{name: getattr(row, name) for name in same}
            )
            for row in queries.law_clauses(words=asked.q, code=code)
        ]
    )
