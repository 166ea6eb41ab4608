"""The criteria for programs."""

from django.http import HttpRequest
from ninja import Path, Query, Router

from anlan.identity.asking import actor_of
from anlan.kernel import clock
from anlan.standards import edition_api, law_api, queries
from anlan.standards.queries.suggestions import suggestions
from anlan.standards.schemas import (
    ClauseList,
    ClauseQuestion,
    Code,
    ListList,
    ListQuestion,
    clause_facts,
    list_facts,
)
from anlan.standards.suggest_schemas import SuggestionList, SuggestQuestion, suggestion_list

router = Router(tags=["criteria"])
router.add_router("", edition_api.router)
router.add_router("", law_api.router)


@router.get("criteria", response=ListList, operation_id="criteria", summary="Lists of major-hazard criteria")
def list_criteria(request: HttpRequest, asked: Query[ListQuestion]) -> ListList:
    """Every list known, those in force first."""
    actor_of(request)
    found = queries.lists(asked.on or clock.today(), industry=asked.industry or None)
    return ListList(items=[list_facts(one) for one in found])


@router.get("criteria/{code}/clauses", response=ClauseList, operation_id="clauses", summary="The clauses of one list")
def list_clauses(request: HttpRequest, code: Path[Code], asked: Query[ClauseQuestion]) -> ClauseList:
    """In the order of the document; empty when its clauses are not loaded."""
    actor_of(request)
    queries.criteria_list(code)
    found = queries.clauses_of(code, industry=asked.industry or None, words=asked.q)
    return ClauseList(items=[clause_facts(row) for row in found])


@router.get("criteria/suggest", response=SuggestionList, operation_id="suggest", summary="Clauses that may apply")
def suggest(request: HttpRequest, asked: Query[SuggestQuestion]) -> SuggestionList:
    """The clauses in force that may apply to what was seen, best first. It never decides a grade."""
    actor_of(request)
    found = suggestions(
        asked.q, asked.on or clock.today(), industry=asked.industry, facilities=asked.facility, limit=asked.n
    )
    return suggestion_list(found)
