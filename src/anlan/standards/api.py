"""The criteria for programs."""

from django.http import HttpRequest
from ninja import Path, Query, Router

from anlan.kernel import clock
from anlan.kernel.errors import SignInNeeded
from anlan.standards import checklist_api, queries
from anlan.standards.schemas import (
    ClauseList,
    ClauseQuestion,
    Code,
    ListList,
    ListQuestion,
    clause_facts,
    list_facts,
)

router = Router(tags=["criteria"])
router.add_router("", checklist_api.router)


def _signed_in(request: HttpRequest) -> None:
    if getattr(request, "actor", None) is None:
        raise SignInNeeded


@router.get("criteria", response=ListList, operation_id="criteria", summary="Lists of major-hazard criteria")
def list_criteria(request: HttpRequest, asked: Query[ListQuestion]) -> ListList:
    """Every list known, those in force first."""
    _signed_in(request)
    found = queries.lists(asked.on or clock.today(), industry=asked.industry or None)
    return ListList(items=[list_facts(one) for one in found])


@router.get("criteria/{code}/clauses", response=ClauseList, operation_id="clauses", summary="The clauses of one list")
def list_clauses(request: HttpRequest, code: Path[Code], asked: Query[ClauseQuestion]) -> ClauseList:
    """In the order of the document; empty when its clauses are not loaded."""
    _signed_in(request)
    queries.criteria_list(code)
    found = queries.clauses_of(code, industry=asked.industry or None, words=asked.q)
    return ClauseList(items=[clause_facts(row) for row in found])
