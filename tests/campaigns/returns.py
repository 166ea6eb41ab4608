"""Returns in the shape of a check's examples, for the tests of the room."""

from anlan.campaigns.returns.checking import Checker
from anlan.campaigns.returns.rulebook import Case
from anlan.campaigns.returns.trying import filled_case as filled

__all__ = ["broken", "filled"]


def broken(checker: Checker, case: Case) -> set[str]:
    """Ids of the checks that a case breaks; a check that could not be computed is a fault of the test."""
    verdict = checker.check(filled(case))
    assert verdict.faults == ()
    return {one.check for one in verdict.troubles}
